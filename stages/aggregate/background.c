/* background.c -- the thread that works out trends and pairs */
#include "background.h"

#include <common/store/digest.h>
#include <wireroom/log.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define LAST_LOOK_MS 5000
#define GAP_MS       500
#define IDLE_MS      3000 /* without a commit: then the store is tidied, a little at a time */
#define TIDY_MS      50
#define REST         9 /* times as long as a look took, at least */

struct background {
    background_options set;
    wr_arena *arena;
    wr_store *store;
    wr_digest *digest;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool changed; /* since the last look */
    bool untidy;  /* since it was tidied last */
    uint64_t idle_from;
    bool last_look;
    atomic_bool stopping;
};

static uint64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static struct timespec moment(uint64_t ms) {
    return (struct timespec){.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
}

/* Nothing comes: merges the text indexes, packs days. What fails waits for the next pause. */
static void tidy(background *b) {
    bool more = true;
    pthread_mutex_unlock(&b->mutex);
    wr_status status = wr_store_tidy(b->store, TIDY_MS, &more);
    pthread_mutex_lock(&b->mutex);
    b->untidy = b->untidy && status == WR_OK && more;
}

/* Until something has changed and the pause is over, or the end. False: the end. */
static bool wait_for_work(background *b, uint64_t not_before) {
    pthread_mutex_lock(&b->mutex);
    while (!atomic_load(&b->stopping)) {
        uint64_t now = now_ms();
        if (b->changed && now >= not_before) break;
        if (b->untidy && now >= b->idle_from) {
            tidy(b);
            continue;
        }
        uint64_t next = b->changed ? not_before : UINT64_MAX;
        if (b->untidy && b->idle_from < next) next = b->idle_from;
        if (next == UINT64_MAX) {
            pthread_cond_wait(&b->wake, &b->mutex);
            continue;
        }
        struct timespec until = moment(next);
        pthread_cond_timedwait(&b->wake, &b->mutex, &until);
    }
    b->changed = false;
    pthread_mutex_unlock(&b->mutex);
    return !atomic_load(&b->stopping);
}

/* A look at the store: all that is to do, or until the time is up when the end has come. */
static void look(background *b) {
    bool more = true;
    uint64_t ending = 0;
    wr_status status = wr_digest_plan(b->digest);
    while (status == WR_OK && more) {
        status = wr_digest_step(b->digest, &more);
        if (status == WR_OK && b->set.published) b->set.published(b->set.to);
        if (!atomic_load(&b->stopping)) continue;
        if (!b->last_look) return;
        if (!ending) ending = now_ms() + LAST_LOOK_MS;
        else if (more && now_ms() > ending) {
            wr_log(WR_LOG_INFO, WR_OK, "trends",
                   "not all is worked out: the rest after the next start");
            return;
        }
    }
    if (status != WR_OK)
        wr_log(WR_LOG_WARN, status, "trends", "%s; tried again", wr_store_why(b->store).ptr);
}

static void *run(void *arg) {
    background *b = arg;
    uint64_t not_before = now_ms() + b->set.pause_ms;
    while (wait_for_work(b, not_before)) {
        uint64_t began = now_ms();
        look(b);
        uint64_t rest = (now_ms() - began) * REST;
        not_before = now_ms() + (rest > b->set.pause_ms ? rest : b->set.pause_ms);
    }
    if (b->last_look) look(b);
    return NULL;
}

static void background_free(background *b) {
    wr_digest_close(&b->digest);
    wr_store_close(&b->store);
    wr_arena_free(&b->arena);
    free(b);
}

static wr_status start_thread(background *b) {
    pthread_condattr_t clock;
    if (pthread_mutex_init(&b->mutex, NULL) != 0 || pthread_condattr_init(&clock) != 0)
        return WR_AGAIN;
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    bool good =
        pthread_cond_init(&b->wake, &clock) == 0 && pthread_create(&b->thread, NULL, run, b) == 0;
    pthread_condattr_destroy(&clock);
    return good ? WR_OK : WR_AGAIN;
}

wr_status background_start(const background_options *options, background **out) {
    background *b = calloc(1, sizeof *b);
    if (!b) return WR_AGAIN;
    b->set = *options;
    b->changed = true; /* what an earlier process has left */
    wr_store_options o = {
        .path = options->store, .beside = true, .cache_kib = 8192, .busy_ms = 10000};
    wr_status status = wr_arena_new("background", 1 << 20, &b->arena);
    if (status == WR_OK) status = wr_store_open(&o, b->arena, &b->store, NULL);
    if (status == WR_OK) status = wr_digest_open(b->store, &b->digest);
    if (status == WR_OK) status = start_thread(b);
    if (status != WR_OK) background_free(b);
    else *out = b;
    return status;
}

void background_committed(background *b) {
    pthread_mutex_lock(&b->mutex);
    b->changed = b->untidy = true;
    b->idle_from = now_ms() + IDLE_MS;
    pthread_cond_signal(&b->wake);
    pthread_mutex_unlock(&b->mutex);
    for (int ms = 0; ms < GAP_MS && wr_digest_writing(b->digest); ms++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

void background_stop(background **background_, bool last_look) {
    background *b = *background_;
    if (!b) return;
    pthread_mutex_lock(&b->mutex);
    b->last_look = last_look;
    atomic_store(&b->stopping, true);
    pthread_cond_signal(&b->wake);
    pthread_mutex_unlock(&b->mutex);
    pthread_join(b->thread, NULL);
    pthread_cond_destroy(&b->wake);
    pthread_mutex_destroy(&b->mutex);
    background_free(b);
    *background_ = NULL;
}
