/* main.c -- wireroom-hub: the process every other one connects to */
#include "dead.h"
#include "sockets.h"

#include <wireroom/option.h>
#include <wireroom/transport.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

typedef struct settings {
    const char *line, *listen, *key, *allow, *dead_dir, *log_level;
    wr_list stages;
    int64_t max_items, attempts, retries, dead_max;
    uint64_t max_bytes, dead_bytes, lease, beat;
} settings;

static const wr_option rows[] = {
    WR_LIST(settings, stages, "stages", "A,B,...", "cleanup,boilerplate,tag,aggregate",
            "The stages of the line, in order."),
    WR_STRING(settings, line, "line", "ADDRESS", NULL,
              "Where to be found: ipc://DIR or tcp://HOST:PORT."),
    WR_STRING(settings, listen, "listen", "ADDRESS", NULL,
              "Where to be found by other machines as well, tcp://HOST:PORT; * = every address of "
              "this one. The port after it is taken too."),
    WR_PATH(settings, key, "key", "FILE", NULL,
            "The hub's pair of keys, from `wireroom keygen`; asked for by every TCP address that "
            "is not the loopback's."),
    WR_PATH(settings, allow, "allow", "FILE", NULL,
            "The public keys that may join over TCP, one a line; read anew for each connection."),
    WR_INT(settings, max_items, "max-items", "N", "4096", 16, 1 << 20,
           "Pages under way at most; sources wait above it."),
    WR_SIZE(settings, max_bytes, "max-bytes", "SIZE", "64M", 1 << 20, (int64_t)1 << 40,
            "Bytes of pages under way at most; sources wait above it."),
    WR_DURATION(settings, lease, "lease", "TIME", "60s", 100, 86400000,
                "How long a worker may take for a page unless it says otherwise."),
    WR_DURATION(settings, beat, "beat", "TIME", "250ms", 10, 60000,
                "How often peers give a sign of life; ten times that in silence = lost."),
    WR_INT(settings, attempts, "attempts", "N", "3", 1, 100,
           "Workers a page may crash or hang before it goes to the dead letters."),
    WR_INT(settings, retries, "retries", "N", "100", 0, 10000,
           "Times a stage may give a page back before it goes to the dead letters."),
    WR_PATH(settings, dead_dir, "dead-dir", "DIR", NULL,
            "Where dead letters are kept; without it they are only counted."),
    WR_INT(settings, dead_max, "dead-max", "N", "10000", 0, 100000, "Dead letters kept at most."),
    WR_SIZE(settings, dead_bytes, "dead-bytes", "SIZE", "1G", 0, (int64_t)1 << 40,
            "Bytes of dead letters kept at most."),
    WR_STRING(settings, log_level, "log-level", "LEVEL", "info", "error, warn, info or debug."),
    WR_OPTIONS_END,
};

static const wr_program program = {
    "wireroom-hub", "queues between the stages, pages leased to workers",
    "wireroom-hub --stages cleanup,boilerplate,tag,aggregate --dead-dir ./dead", NULL,
    "The hub holds one queue for each stage, in memory, and leases pages to workers by credit. A "
    "worker that dies, hangs or disconnects gives its pages back; a page that does this to three "
    "workers goes to the dead letters.\n\nNothing is written to disk but dead letters: who hands "
    "pages in keeps them until the hub reports them completed, and hands them in again to a hub "
    "that was started anew."};

typedef struct place {
    settings set;
    wr_curve_pair pair;
    sockets *sockets;
    dead_store dead;
    hub *hub;
    bool stop;
} place;

/* ---- the hub's port ---- */

static bool port_send(void *ctx, bool control, const hub_route *to, const wr_line *m,
                      hub_payload payload) {
    return sockets_send(((place *)ctx)->sockets, control, to, m, payload);
}

static void port_release(void *ctx, hub_payload payload) {
    (void)ctx;
    sockets_release(payload);
}

static wr_status port_bury(void *ctx, const hub_dead *letter) {
    place *p = ctx;
    return dead_write(&p->dead, letter, sockets_payload_bytes(letter->payload));
}

static void port_note(void *ctx, wr_log_level level, wr_status status, const char *event,
                      const char *text) {
    (void)ctx;
    wr_log(level, status, event, "%s", text);
}

/* ---- dead letters on request ---- */

typedef struct sweep {
    place *p;
    uint64_t now_us, n;
    bool retry;
} sweep;

static wr_status retry_one(sweep *s, wr_str key) {
    wr_buf letter = WR_BUF_INIT((size_t)WR_PAYLOAD_MAX + 131072);
    wr_status status = dead_read(&s->p->dead, key, &letter);
    wr_str payload = status == WR_OK ? dead_payload(wr_buf_str(&letter)) : (wr_str){0};
    size_t slash = wr_str_find_char(key, 0, '/');
    hub_payload copy = {0};
    if (status == WR_OK && payload.len == 0) status = WR_MALFORMED;
    if (status == WR_OK && !(copy = sockets_payload(payload)).handle) status = WR_MEMORY;
    if (status == WR_OK) {
        status = hub_insert(s->p->hub, s->now_us, wr_str_slice(key, 0, slash),
                            wr_str_slice(key, slash + 1, key.len), copy);
        if (status != WR_OK) sockets_release(copy);
    }
    wr_buf_free(&letter);
    return status;
}

static wr_status sweep_one(void *ctx, wr_str key) {
    sweep *s = ctx;
    if (s->retry) WR_TRY(retry_one(s, key));
    WR_TRY(dead_drop(&s->p->dead, key));
    s->n++;
    return WR_OK;
}

static wr_status order_dead(place *p, const wr_str *words, size_t n, uint64_t at_us, wr_buf *body) {
    if (n >= 2 && wr_str_eq(words[1], WR_STR("ls")))
        return dead_list(&p->dead, n > 2 ? words[2] : (wr_str){0}, body);
    if (n < 3) return WR_USAGE;
    if (wr_str_eq(words[1], WR_STR("show"))) return dead_read(&p->dead, words[2], body);
    sweep s = {.p = p, .now_us = at_us, .retry = wr_str_eq(words[1], WR_STR("retry"))};
    if (!s.retry && !wr_str_eq(words[1], WR_STR("drop"))) return WR_USAGE;
    bool all = wr_str_eq(words[2], WR_STR("all"));
    wr_status status =
        all ? dead_each(&p->dead, (wr_str){0}, &s, sweep_one) : sweep_one(&s, words[2]);
    if (status == WR_AGAIN && s.n) status = WR_OK; /* the line is full: the rest stays for later */
    if (status != WR_OK) return status;
    wr_write_map(body, 2);
    wr_write_kv_uint(body, "letters", s.n);
    wr_write_kv_uint(body, "left", p->dead.n);
    return WR_OK;
}

/* Says what is wrong with the key. */
static wr_status explain_dead(wr_status status, const wr_str *words, size_t n, wr_buf *body) {
    char text[200];
    wr_str key = n > 2 ? wr_str_slice(words[2], 0, 100) : (wr_str){0};
    const char *what = status == WR_NOTFOUND    ? "no such dead letter"
                       : status == WR_USAGE     ? "not the key of a dead letter (STAGE/ID, or all)"
                       : status == WR_DUPLICATE ? "the page is under way already"
                                                : wr_status_text(status);
    snprintf(text, sizeof text, "%.*s: %s", (int)key.len, key.len ? key.ptr : "", what);
    wr_buf_clear(body);
    wr_write_map(body, 1);
    wr_write_kv_str(body, "text", wr_str_c(text));
    return status;
}

static wr_status port_order(void *ctx, const wr_str *words, size_t n, uint64_t at_us,
                            wr_buf *body) {
    place *p = ctx;
    if (wr_str_eq(words[0], WR_STR("dead"))) {
        wr_status status = order_dead(p, words, n, at_us, body);
        return status == WR_OK || n < 3 ? status : explain_dead(status, words, n, body);
    }
    if (!wr_str_eq(words[0], WR_STR("stop"))) return WR_NOTFOUND;
    p->stop = true;
    hub_drain_all(p->hub);
    return WR_OK;
}

/* ---- life ---- */

static wr_status open_network(place *p) {
    sockets_network network = {.listen = p->set.listen, .allow = p->set.allow};
    wr_buf why = WR_BUF_INIT(4096);
    wr_status status = WR_OK;
    if (!p->set.key != !p->set.allow) {
        wr_buf_add_str(&why, WR_STR("--key and --allow go together: the hub's pair of keys, and "
                                    "the list of keys that may join"));
        status = WR_USAGE;
    } else if (p->set.key) {
        status = wr_curve_read_pair(p->set.key, &p->pair, &why);
        network.pair = &p->pair;
    }
    if (status == WR_OK && p->set.allow && access(p->set.allow, R_OK) != 0) {
        wr_buf_printf(&why, "%s: %s", p->set.allow, strerror(errno));
        status = WR_USAGE;
    }
    if (status != WR_OK)
        wr_log(WR_LOG_ERROR, status, "key", "%.*s", (int)why.len, why.len ? why.ptr : "");
    wr_buf_free(&why);
    if (status != WR_OK) return WR_USAGE;
    return sockets_open(p->set.line, &network, &p->sockets);
}

static wr_status open_place(place *p, wr_arena *arena) {
    uint64_t epoch = 0;
    while (epoch == 0)
        if (getrandom(&epoch, sizeof epoch, 0) != sizeof epoch) return WR_IO;
    hub_config config = {.stages = p->set.stages.items,
                         .n_stages = p->set.stages.n,
                         .max_items = (size_t)p->set.max_items,
                         .max_bytes = p->set.max_bytes,
                         .lease_ms = (uint32_t)p->set.lease,
                         .beat_ms = (uint32_t)p->set.beat,
                         .attempts = (unsigned)p->set.attempts,
                         .retries = (unsigned)p->set.retries,
                         .epoch = epoch};
    hub_port port = {p, port_send, port_release, port_bury, port_order, port_note};
    p->dead = (dead_store){
        .dir = p->set.dead_dir, .max_n = (size_t)p->set.dead_max, .max_bytes = p->set.dead_bytes};
    WR_TRY(hub_new(arena, &config, &port, &p->hub));
    WR_TRY(dead_open(&p->dead));
    return open_network(p);
}

static void run(place *p) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    int wake = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    uint64_t ticked = 0, stop_at = 0;
    struct signalfd_siginfo info;
    while (!stop_at || now_us() < stop_at) {
        sockets_run(p->sockets, p->hub, wake, 20);
        uint64_t now = now_us();
        if (now - ticked > 20000) {
            hub_tick(p->hub, now);
            ticked = now;
        }
        if (read(wake, &info, sizeof info) == sizeof info) break;
        if (p->stop && !stop_at) stop_at = now + 200000; /* the answer and the drains go out */
    }
    close(wake);
}

int main(int argc, char **argv) {
    place p = {0};
    const wr_option_group group = {"Options", rows, &p.set};
    wr_log_level level;
    int code = wr_options_read(&program, &group, 1, argc, argv, NULL);
    if (code >= 0) return code;
    if (!wr_log_level_of(p.set.log_level, &level)) {
        fprintf(stderr, "wireroom-hub: --log-level: error, warn, info or debug\n");
        return 100;
    }
    if (!p.set.line) p.set.line = wr_line_default();
    wr_log_open("wireroom-hub", level);
    wr_arena *arena;
    wr_status status = wr_arena_new("hub", (size_t)4 << 30, &arena);
    if (status == WR_OK) status = open_place(&p, arena);
    if (status != WR_OK) {
        wr_log(WR_LOG_ERROR, status, "start", "line %s: %s", p.set.line,
               status == WR_LOCKED ? "another hub is running there" : wr_status_text(status));
    } else {
        wr_log(WR_LOG_INFO, WR_OK, "start", "line %s%s%s, %zu stages", p.set.line,
               p.set.listen ? " and " : "", p.set.listen ? p.set.listen : "", p.set.stages.n);
        run(&p);
        wr_log(WR_LOG_INFO, WR_OK, "stop",
               "%zu pages under way are given up, their sources have them", hub_items(p.hub));
    }
    if (p.hub) hub_close(p.hub);
    sockets_close(&p.sockets);
    if (arena) wr_arena_free(&arena);
    wr_options_free(&group, 1);
    if (status == WR_OK) return 0;
    return status == WR_USAGE || status == WR_LIMIT ? 100 : 111;
}
