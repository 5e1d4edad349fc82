/* watch_deliver.c -- runs the actions of what the watches have found */
#include "watch.h"

#include <common/store/json.h>
#include <common/store/read.h>
#include <wireroom/log.h>
#include <wireroom/option.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MAX    128
#define LOOK_MS      1000 /* between two looks into the outbox */
#define TIMED_OUT    124  /* exit code that is noted, as of timeout(1) */
#define NOT_RUN      127
#define AT_ONCE      64 /* messages read at a time */
#define WAIT_STEP_MS 5

extern char **environ;
static volatile sig_atomic_t ending;

static void end(int signal_number) {
    (void)signal_number;
    ending = 1;
}

typedef struct delivery {
    const watch_options *set;
    wr_store *store;
    wr_arena *arena, *scratch;
    wr_reader *reader;
} delivery;

typedef struct message {
    int64_t seq;
    wr_str article; /* "<page>-<ordinal>" */
} message;

static uint64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void sleep_ms(uint64_t ms) {
    struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

/* ---- one program ---- */

/* What the program does not take within the time it does not get. */
static void feed(int fd, wr_str text, uint64_t until) {
    fcntl(fd, F_SETFL, O_NONBLOCK);
    for (size_t at = 0; at < text.len && now_ms() < until;) {
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        if (poll(&p, 1, 100) <= 0) continue;
        ssize_t n = write(fd, text.ptr + at, text.len - at);
        if (n > 0) at += (size_t)n;
        else if (errno != EAGAIN && errno != EINTR) break;
    }
    close(fd);
}

static int await(pid_t pid, uint64_t until) {
    int status;
    for (;;) {
        pid_t got = waitpid(pid, &status, WNOHANG);
        if (got == pid) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (got < 0 && errno != EINTR) return NOT_RUN;
        if (now_ms() >= until) break;
        sleep_ms(WAIT_STEP_MS);
    }
    kill(-pid, SIGKILL); /* with all it has started: it is a group of its own */
    waitpid(pid, &status, 0);
    return TIMED_OUT;
}

/* Runs the words as a program, without a shell; its exit code. */
static int run_program(char *const words[], wr_str input, uint64_t limit_ms) {
    int ends[2];
    pid_t pid = 0;
    posix_spawnattr_t how;
    posix_spawn_file_actions_t files;
    sigset_t usual;
    uint64_t until = now_ms() + limit_ms;
    if (pipe2(ends, O_CLOEXEC) != 0) return NOT_RUN;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigdefault(&how, &usual);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[0], STDIN_FILENO);
    int error = posix_spawnp(&pid, words[0], &files, &how, words, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    close(ends[0]);
    if (error) {
        close(ends[1]);
        return NOT_RUN;
    }
    feed(ends[1], input, until);
    return await(pid, until);
}

/* ---- one message ---- */

static wr_status read_words(wr_arena *arena, wr_str action, char **words) {
    wr_json *list;
    size_t n = 0;
    WR_TRY(wr_json_parse(arena, action, &list));
    for (const wr_json *w = list->items; w && n + 1 < WORDS_MAX; w = w->next) {
        words[n] = wr_arena_take(arena, w->string.len + 1);
        if (!words[n]) return WR_MEMORY;
        memcpy(words[n], w->string.ptr ? w->string.ptr : "", w->string.len);
        words[n++][w->string.len] = 0;
    }
    words[n] = NULL;
    return n ? WR_OK : WR_MALFORMED;
}

static int64_t number_of(delivery *d, wr_str article) {
    sqlite3_stmt *stmt = NULL;
    int64_t number = 0, ordinal = 0;
    size_t dash = wr_str_find_char(article, 0, '-');
    if (dash >= article.len ||
        wr_parse_int(wr_str_slice(article, dash + 1, article.len), &ordinal) != WR_OK)
        return 0;
    int rc = sqlite3_prepare_v2(wr_store_db(d->store),
                                "SELECT a.id FROM pages p JOIN articles a ON a.page_id = p.id"
                                " WHERE p.page = ?1 AND a.ordinal = ?2",
                                -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, article.ptr, (int)dash, SQLITE_STATIC);
        sqlite3_bind_int64(stmt, 2, ordinal);
        if (sqlite3_step(stmt) == SQLITE_ROW) number = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return number;
}

static wr_status try_often(delivery *d, char *const words[], wr_str input, int *code) {
    uint64_t pause = d->set->pause;
    for (int64_t i = 0; !ending; i++) {
        *code = run_program(words, input, d->set->time_limit);
        if (*code == 0 || i >= d->set->retries) return WR_OK;
        for (uint64_t until = now_ms() + pause; !ending && now_ms() < until;)
            sleep_ms(20);
        pause *= 2;
    }
    return WR_TIMEOUT; /* told to end: after the next start */
}

static wr_status deliver(delivery *d, const wr_watch *w, const message *m) {
    wr_stored a;
    wr_buf json = WR_BUF_INIT((size_t)256 << 20);
    char *words[WORDS_MAX], seq[32], name[80];
    int code = 0;
    int64_t number = number_of(d, m->article);
    if (number == 0) return wr_watch_done(d->store, w->name, m->seq, 0); /* forgotten since */
    wr_status status = wr_reader_article(d->reader, d->scratch, number, &a);
    if (status == WR_OK) status = wr_render_article(&json, &a);
    if (status == WR_OK) status = read_words(d->scratch, w->action, words);
    snprintf(seq, sizeof seq, "%lld", (long long)m->seq);
    snprintf(name, sizeof name, "%.*s", (int)w->name.len, w->name.ptr);
    setenv("WIREROOM_WATCH", name, 1);
    setenv("WIREROOM_SEQ", seq, 1);
    if (status == WR_OK) status = try_often(d, words, wr_buf_str(&json), &code);
    wr_buf_free(&json);
    WR_TRY(status);
    if (code)
        wr_log(WR_LOG_WARN, WR_OK, "watch", "%s: message %s: exit code %d, given up", name, seq,
               code);
    return wr_watch_done(d->store, w->name, m->seq, code);
}

/* ---- the outbox ---- */

static wr_status read_messages(delivery *d, const wr_watch *w, message *out, size_t *n) {
    sqlite3_stmt *stmt = NULL;
    wr_str topic;
    *n = 0;
    WR_TRY(wr_arena_printf(d->scratch, &topic, "watch/%.*s/", (int)w->name.len, w->name.ptr));
    int rc = sqlite3_prepare_v2(wr_store_db(d->store),
                                "SELECT seq, body ->> 'article' FROM events WHERE seq > ?1"
                                " AND topic = ?2 ORDER BY seq LIMIT ?3",
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_int64(stmt, 1, w->delivered);
    sqlite3_bind_text(stmt, 2, topic.ptr, (int)topic.len, SQLITE_STATIC);
    sqlite3_bind_int(stmt, 3, AT_ONCE);
    wr_status status = WR_OK;
    while (status == WR_OK && *n < AT_ONCE && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        out[*n].seq = sqlite3_column_int64(stmt, 0);
        const char *text = (const char *)sqlite3_column_text(stmt, 1);
        status = wr_arena_copy(d->scratch, wr_str_c(text ? text : ""), &out[(*n)++].article);
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

static wr_status look(delivery *d, size_t *n_done) {
    wr_watch *list;
    size_t n;
    message messages[AT_ONCE];
    wr_arena_reset(d->arena);
    WR_TRY(wr_watch_list(wr_store_db(d->store), d->arena, &list, &n));
    for (size_t i = 0; i < n && !ending; i++) {
        size_t m;
        if (!list[i].action.len) continue;
        wr_arena_reset(d->scratch);
        WR_TRY(read_messages(d, &list[i], messages, &m));
        for (size_t k = 0; k < m && !ending; k++, ++*n_done)
            WR_TRY(deliver(d, &list[i], &messages[k]));
    }
    return WR_OK;
}

static wr_status follow(delivery *d) {
    wr_status status = WR_OK;
    while (!ending) {
        size_t done = 0;
        status = look(d, &done);
        if (status == WR_TIMEOUT && ending) return WR_OK;
        if (status != WR_OK && wr_status_verdict(status) != WR_VERDICT_RETRY) return status;
        if (done) continue;
        if (d->set->once) return status;
        for (int i = 0; i < LOOK_MS / 20 && !ending; i++)
            sleep_ms(20);
    }
    return WR_OK;
}

static wr_status take_lock(const char *store, int *fd) {
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s.watch.lock", store) >= sizeof path) return WR_LIMIT;
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (*fd < 0) return WR_IO;
    return flock(*fd, LOCK_EX | LOCK_NB) == 0 ? WR_OK : WR_LOCKED;
}

wr_status watch_deliver(const watch_options *set, wr_store *store, wr_arena *arena) {
    delivery d = {.set = set, .store = store, .arena = arena};
    int lock = -1;
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    wr_status status = take_lock(set->store, &lock);
    if (status == WR_OK) status = wr_arena_new("delivery", (size_t)256 << 20, &d.scratch);
    if (status == WR_OK) status = wr_reader_open(wr_store_db(store), &d.reader);
    if (status == WR_OK) status = follow(&d);
    wr_reader_close(&d.reader);
    wr_arena_free(&d.scratch);
    if (lock >= 0) close(lock);
    return status;
}
