/* main.c -- wireroom-aggregate: pages into the store, exactly once, and out as streams */
#include "background.h"
#include "batch.h"
#include "publish.h"

#include <common/address.h>
#include <wireroom/log.h>
#include <wireroom/stage.h>
#include <wireroom/transport.h>

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEEP_PAUSE_S 600 /* between two looks for what is too old */
#define KEEP_AT_ONCE 200
#define QUIET_S      5 /* after which no page is waited for */

struct options {
    const char *store, *publish, *replay;
    bool offsets_only, stream, take_over;
    uint64_t keep, keep_text, cache, duplicates, trends, stories;
};

struct state {
    struct options set;
    wr_arena *arena;
    wr_store *store;
    group *group;
    story_feed *stories;
    batch batch;
    publisher *publisher;
    background *background;
    time_t looked;    /* for what is too old */
    uint64_t page_ms; /* when the last page came */
    int waiting;      /* shows the store's writer that a successor waits; -1 = none does */
};

static const wr_option rows[] = {
    WR_PATH(struct options, store, "store", "FILE", "wireroom.db", "The database."),
    WR_FLAG(struct options, offsets_only, "offsets-only",
            "Keep no text of articles: ranges, names and counts only."),
    WR_DURATION(struct options, keep, "keep", "TIME", "0s", 0, 0,
                "Forget articles older than this (400d); 0 = never."),
    WR_DURATION(struct options, keep_text, "keep-text", "TIME", "0s", 0, 0,
                "Forget the text of articles older than this, not the rest; 0 = never."),
    WR_SIZE(struct options, cache, "cache", "SIZE", "24M", 1 << 20, (int64_t)1 << 36,
            "Memory for pages of the database."),
    WR_SIZE(
        struct options, duplicates, "duplicates", "SIZE", "1G", 0, (int64_t)1 << 40,
        "Memory for finding copies of articles, at most (about 800 bytes an article); 0 = do not "
        "look for them."),
    WR_DURATION(struct options, trends, "trends", "TIME", "60s", 0, 0,
                "Look so often for what is named more than before and who with whom; 0 = never (a "
                "query works it out when it is asked)."),
    WR_SIZE(struct options, stories, "stories", "SIZE", "128M", 0, (int64_t)1 << 36,
            "Memory for articles whose story may still change (about 1,100 bytes an article); 0 = "
            "find no stories."),
    {"stream", WR_OPTION_FLAG, NULL, "yes", 0, 0, WR_OPTION_AT(struct options, stream, bool),
     "Publish what is stored."},
    WR_STRING(struct options, publish, "publish", "ADDRESS", NULL,
              "Where subscribers connect to; default: publish.ipc in the line's directory."),
    WR_STRING(struct options, replay, "replay", "ADDRESS", NULL,
              "Where they ask for what they missed; default: replay.ipc beside it."),
    WR_FLAG(struct options, take_over, "take-over",
            "Join the line although another process writes to the store, and go on when it ends."),
    WR_OPTIONS_END,
};

/* The address of a socket in the line's directory, which is made when it is not there. */
static wr_status beside_line(const char *line, const char *name, char *out, size_t size) {
    char path[4096];
    WR_TRY(wr_address_beside(line, name, out, size));
    int len = snprintf(path, sizeof path, "%s", out + sizeof "ipc://" - 1);
    if (len < 0 || (size_t)len >= sizeof path) return WR_LIMIT;
    *strrchr(path, '/') = 0;
    return mkdir(path, 0700) == 0 || access(path, W_OK) == 0 ? WR_OK : WR_DENIED;
}

static wr_status start_publisher(struct state *s) {
    static char publish[4200], replay[4200];
    const char *line = wr_line_default();
    if (!s->set.publish) WR_TRY(beside_line(line, "publish.ipc", publish, sizeof publish));
    if (!s->set.replay) WR_TRY(beside_line(line, "replay.ipc", replay, sizeof replay));
    publish_options o = {.store = s->set.store,
                         .publish = s->set.publish ? s->set.publish : publish,
                         .replay = s->set.replay ? s->set.replay : replay,
                         .beat_ms = 1000};
    wr_status status = publisher_start(&o, &s->publisher);
    if (status == WR_OK)
        wr_log(WR_LOG_INFO, WR_OK, "publish", "at %s, replays at %s", o.publish, o.replay);
    return status;
}

static void wake_publisher(void *to) {
    struct state *s = to;
    if (s->publisher) publisher_wake(s->publisher);
}

/* Copies are looked for among the articles there are; those are read before the first page comes.
 */
static wr_status open_group(struct state *s, wr_store *store) {
    if (!s->set.duplicates) return WR_OK;
    if (s->group) return group_move(s->group, store);
    WR_TRY(group_open(&(group_options){.index_bytes = s->set.duplicates}, store, &s->group));
    return group_read_ahead(s->group);
}

static wr_status start_background(struct state *s) {
    background_options o = {
        .store = s->set.store, .pause_ms = s->set.trends, .published = wake_publisher, .to = s};
    return s->set.trends ? background_start(&o, &s->background) : WR_OK;
}

static wr_status open_stories(struct state *s) {
    if (!s->set.stories) return WR_OK;
    story_feed_options o = {.bytes = s->set.stories};
    WR_TRY(story_feed_open(&o, s->store, &s->stories));
    WR_TRY(story_feed_ready(s->stories));
    s->batch.stories = s->stories;
    return WR_OK;
}

static wr_status open_store(struct state *s, unsigned lock_ms) {
    wr_str why = {0};
    wr_store_options o = {.path = s->set.store,
                          .offsets_only = s->set.offsets_only,
                          .busy_ms = 2000,
                          .lock_ms = lock_ms,
                          .cache_kib = (unsigned)(s->set.cache >> 10)};
    wr_arena_reset(s->arena);
    wr_status status = wr_store_open(&o, s->arena, &s->store, &why);
    if (status == WR_LOCKED && s->waiting >= 0) return status;
    if (status != WR_OK) wr_log(WR_LOG_ERROR, status, "store", "%.*s", (int)why.len, why.ptr);
    if (status == WR_OK) status = batch_open(&s->batch, s->store);
    if (status == WR_OK) status = open_group(s, s->store);
    s->batch.group = s->group;
    if (status == WR_OK) status = open_stories(s);
    if (status == WR_OK && s->set.stream) status = start_publisher(s);
    if (status == WR_OK) status = start_background(s);
    return status;
}

/* While the predecessor still writes: reads what there is. A store that cannot be read now (there
 * is none yet, or of an older form) is read when it is ours. */
static wr_status prepare(struct state *s) {
    wr_store *store = NULL;
    wr_store_options o = {.path = s->set.store, .read_only = true};
    WR_TRY(wr_store_await(s->set.store, &s->waiting));
    if (wr_store_open(&o, s->arena, &store, NULL) != WR_OK) return WR_OK;
    if (open_group(s, store) != WR_OK) group_close(&s->group);
    if (s->group) WR_TRY(group_move(s->group, NULL));
    wr_store_close(&store);
    return WR_OK;
}

static wr_status aggregate_open(const void *given, void **out) {
    static struct state s;
    s.set = *(const struct options *)given;
    s.waiting = -1;
    *out = &s;
    WR_TRY(wr_arena_new("aggregate", 1 << 20, &s.arena));
    return s.set.take_over ? prepare(&s) : open_store(&s, 10000);
}

static wr_status aggregate_begin(void *state) {
    struct state *s = state;
    if (s->store) return WR_OK;
    wr_status status = open_store(s, 1);
    if (status == WR_LOCKED) return status;
    close(s->waiting);
    s->waiting = -1;
    return status;
}

static wr_status aggregate_page(void *state, wr_arena *arena, wr_page *page, wr_str *why) {
    struct state *s = state;
    s->page_ms = wr_now_ms();
    wr_status status = batch_add(&s->batch, page);
    if (wr_status_verdict(status) == WR_VERDICT_REJECT)
        WR_TRY(wr_arena_copy(arena, wr_store_why(s->store), why));
    return status;
}

/* The day `age_ms` before `now`. */
static wr_str day_before(time_t now, uint64_t age_ms, char out[16]) {
    time_t then = now - (time_t)(age_ms / 1000);
    struct tm tm;
    gmtime_r(&then, &tm);
    return wr_str_of(out, strftime(out, 16, "%Y-%m-%d", &tm));
}

/* A little at a time, so that it is never in the way; at once again while there is more. */
static wr_status forget_old(struct state *s) {
    char day[16];
    size_t n = 0, n_texts = 0;
    time_t now = time(NULL);
    if ((!s->set.keep && !s->set.keep_text) || now - s->looked < KEEP_PAUSE_S) return WR_OK;
    if (s->set.keep)
        WR_TRY(
            wr_store_forget(s->store, day_before(now, s->set.keep, day), false, KEEP_AT_ONCE, &n));
    if (s->set.keep_text)
        WR_TRY(wr_store_forget(s->store, day_before(now, s->set.keep_text, day), true, KEEP_AT_ONCE,
                               &n_texts));
    if (n + n_texts == 0) s->looked = now;
    else WR_TRY(wr_store_shrink(s->store, 1000));
    return WR_OK;
}

static wr_status aggregate_commit(void *state) {
    struct state *s = state;
    wr_status status = batch_commit(&s->batch, NULL);
    if (status != WR_OK) {
        wr_str why = wr_store_why(s->store);
        wr_log(WR_LOG_ERROR, status, "commit", "%.*s; %zu pages wait", (int)why.len, why.ptr,
               s->batch.n);
        return status;
    }
    if (s->publisher) publisher_wake(s->publisher);
    if (s->background) background_committed(s->background);
    status = forget_old(s);
    if (status != WR_OK) /* tried again later; what was committed is safe */
        wr_log(WR_LOG_WARN, status, "keep", "%s", wr_store_why(s->store).ptr);
    return WR_OK;
}

static void finish_stories(struct state *s) {
    wr_status status = batch_finish_stories(&s->batch);
    if (status != WR_OK) wr_log(WR_LOG_WARN, status, "stories", "what waits is told of later");
    else if (s->publisher) publisher_wake(s->publisher);
}

static wr_status aggregate_idle(void *state) {
    struct state *s = state;
    if (s->stories && wr_now_ms() - s->page_ms >= QUIET_S * 1000) finish_stories(s);
    return WR_OK;
}

static void aggregate_close(void *state) {
    struct state *s = state;
    if (s->stories && !wr_store_awaited(s->store)) finish_stories(s);
    background_stop(&s->background, s->store && !wr_store_awaited(s->store));
    publisher_stop(&s->publisher);
    if (s->waiting >= 0) close(s->waiting);
    if (!s->store) {
        group_close(&s->group);
        wr_arena_free(&s->arena);
        return;
    }
    wr_store_counts c = wr_store_counted(s->store);
    wr_log(WR_LOG_INFO, WR_OK, "store",
           "pages %llu, articles %llu, same page again %llu, commits %llu, slowest %llu us",
           (unsigned long long)c.pages, (unsigned long long)c.articles, (unsigned long long)c.same,
           (unsigned long long)c.commits, (unsigned long long)c.worst_commit_us);
    batch_close(&s->batch);
    story_feed_close(&s->stories);
    group_close(&s->group);
    wr_store_close(&s->store);
    wr_arena_free(&s->arena);
}

int main(int argc, char **argv) {
    const wr_stage stage = {.name = "aggregate",
                            .summary = "puts articles into the store and publishes them",
                            .reads = "everything but raw and facts",
                            .options = rows,
                            .options_size = sizeof(struct options),
                            .open = aggregate_open,
                            .begin = aggregate_begin,
                            .page = aggregate_page,
                            .commit = aggregate_commit,
                            .idle = aggregate_idle,
                            .close = aggregate_close};
    return wr_stage_main(&stage, argc, argv);
}
