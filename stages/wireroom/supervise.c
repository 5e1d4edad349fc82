/* supervise.c -- the loop: signals, children, orders, the way to the end */
#include "supervise.h"

#include "command.h"
#include "line.h"
#include "notify.h"

#include <common/wire.h>
#include <wireroom/log.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASK_MS 20u /* how often the hub is asked who has joined, while somebody waits */
#define HUB_LOOK_MS                                                                                \
    2u /* how often it is looked whether the hub's socket is there, at the start                   \
        */
#define GIVE_UP_AFTER    8u /* failed starts of one child, with --once */
#define SUCCESSOR_STARTS 3u /* of one that is to replace a running one */

/* ---- children ---- */

static bool idle(const line *l, int from, int to) {
    for (size_t i = 0; i < l->n_children; i++) {
        const child *c = &l->children[i];
        if (c->stage >= from && c->stage <= to && c->state != CHILD_IDLE) return false;
    }
    return true;
}

static void stop(line *l, int from, int to, uint64_t grace_ms) {
    for (size_t i = 0; i < l->n_children; i++) {
        child *c = &l->children[i];
        if (c->stage >= from && c->stage <= to) child_stop(c, grace_ms);
    }
}

void line_end(line *l, int exit_code) {
    if (l->phase != PHASE_RUNNING) return;
    l->phase = PHASE_SOURCES;
    l->exit_code = exit_code;
    notify_system("STOPPING=1");
    stop(l, LINE_SOURCE, LINE_SOURCE, l->plan->set.drain + 1000);
}

/* Sources, then stages, then the hub: each waits until the one before has ended. */
static void advance(line *l) {
    int last = (int)l->plan->n_stages - 1;
    uint64_t grace = l->plan->set.drain;
    if (l->phase == PHASE_SOURCES && idle(l, LINE_SOURCE, LINE_SOURCE)) {
        l->phase = PHASE_STAGES;
        stop(l, 0, last, grace);
    }
    if (l->phase == PHASE_STAGES && idle(l, 0, last)) {
        l->phase = PHASE_HUB;
        stop(l, LINE_HUB, LINE_HUB, grace);
    }
    if (l->phase == PHASE_HUB && idle(l, LINE_HUB, last)) l->phase = PHASE_OVER;
}

static void kill_all(line *l) {
    for (size_t i = 0; i < l->n_children; i++) {
        child *c = &l->children[i];
        c->wanted = false;
        if (c->pid) kill(c->pid, SIGKILL);
    }
}

/* A successor that cannot be started is given up; its predecessor works on. */
static void give_up(child *c, int wait_status) {
    bool permanent = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == EXIT_PERMANENT;
    if (c->replaces < 0 || (!permanent && c->restarts + 1 < SUCCESSOR_STARTS)) return;
    c->wanted = false;
    c->replaces = -1;
    c->gave_up = wr_now_ms();
    wr_log(WR_LOG_ERROR, WR_CRASHED, "given-up",
           "%s.%u, to replace a running one, does not start; that one goes on", c->name, c->slot);
}

static void has_ended(line *l, child *c, int wait_status) {
    bool once_done = l->plan->set.once && c->stage == LINE_SOURCE && wait_status == 0;
    if (once_done) c->wanted = false;
    give_up(c, wait_status);
    child_ended(c, wait_status);
    if (c->stage == LINE_HUB) l->hub_up = false;
    if (l->phase != PHASE_RUNNING) return;
    if (once_done) line_end(l, EXIT_GOOD);
    else if (c->wanted && c->exit_code == EXIT_PERMANENT && !c->worked) line_end(l, EXIT_PERMANENT);
    else if (l->plan->set.once && !c->worked && c->restarts >= GIVE_UP_AFTER) {
        command_complain("run", "%s cannot be started", c->name);
        line_end(l, EXIT_TEMPORARY);
    }
}

static void reap(line *l) {
    int wait_status;
    for (pid_t pid; (pid = waitpid(-1, &wait_status, WNOHANG)) > 0;)
        for (size_t i = 0; i < l->n_children; i++)
            if (l->children[i].pid == pid) {
                has_ended(l, &l->children[i], wait_status);
                break;
            }
}

/* The hub's socket is there: others would find nobody and wait for their next try. */
static bool hub_is_up(line *l) {
    if (l->hub_up || l->children[0].state != CHILD_UP) return l->hub_up;
    char path[4096];
    snprintf(path, sizeof path, "%s/work.ipc", l->dir ? l->dir : "");
    l->hub_up = !l->dir || access(path, F_OK) == 0;
    return l->hub_up;
}

static void start_due(line *l, uint64_t now) {
    bool up = hub_is_up(l);
    for (size_t i = 0; i < l->n_children; i++) {
        child *c = &l->children[i];
        if (c->pid && now >= c->kill_at) {
            bool asked = c->wanted; /* a restart that does not wait */
            wr_log(asked ? WR_LOG_DEBUG : WR_LOG_WARN, WR_TIMEOUT, "killed",
                   "%s.%u did not finish in time", c->name, c->slot);
            kill(c->pid, SIGKILL);
            c->kill_at = UINT64_MAX;
        }
        bool may = c->stage == LINE_HUB || up || c->restarts;
        if (c->state == CHILD_RESTING && now >= c->due && may) line_start(l, c);
    }
}

/* ---- who has joined ---- */

static void mark_joined(line *l, wr_str stage, wr_str slot, uint64_t pid) {
    for (size_t i = 0; i < l->n_children; i++) {
        child *c = &l->children[i];
        char number[16];
        int len = snprintf(number, sizeof number, "%u", c->slot);
        if (c->stage < 0 || !wr_str_eq(stage, wr_str_c(c->name))) continue;
        if (c->pid == (pid_t)pid || wr_str_eq(slot, wr_str_of(number, (size_t)len)))
            c->joined = true;
    }
}

static void read_worker(line *l, wr_cursor *at) {
    wr_str stage = {NULL, 0}, slot = {NULL, 0};
    uint64_t pid = 0;
    for (size_t n = wr_read_map(at); n-- && !at->bad;) {
        wr_str key = wr_read_str(at);
        if (wr_str_eq(key, WR_STR("stage"))) stage = wr_read_str(at);
        else if (wr_str_eq(key, WR_STR("slot"))) slot = wr_read_str(at);
        else if (wr_str_eq(key, WR_STR("pid"))) pid = wr_read_uint(at);
        else wr_read_any(at);
    }
    if (!at->bad) mark_joined(l, stage, slot, pid);
}

static bool somebody_waits(const line *l) {
    for (size_t i = 0; i < LINE_CLIENTS; i++)
        if (l->clients[i].fd >= 0 && l->clients[i].waits != CLIENT_READING) return true;
    for (size_t i = 0; i < l->n_children; i++)
        if (l->children[i].replaces >= 0) return true;
    return false;
}

static void ask_who_joined(line *l, uint64_t now) {
    static const char *const words[] = {"status"};
    if (now < l->asked + ASK_MS || !somebody_waits(l)) return;
    l->asked = now;
    wr_arena *arena = NULL;
    wr_str reply;
    if (!l->control && wr_control_open(l->address, &l->control) != WR_OK) return;
    if (wr_arena_new("status", (size_t)16 << 20, &arena) != WR_OK) return;
    if (wr_control_call(l->control, words, 1, 200, arena, &reply) == WR_OK) {
        wr_cursor at = wr_cursor_of(reply);
        for (size_t n = wr_read_map(&at); n-- && !at.bad;) {
            bool workers = wr_str_eq(wr_read_str(&at), WR_STR("workers"));
            if (!workers) wr_read_any(&at);
            for (size_t k = workers ? wr_read_array(&at) : 0; k-- && !at.bad;)
                read_worker(l, &at);
        }
    }
    wr_arena_free(&arena);
}

/* A successor has joined: its predecessor finishes what it holds. */
static void replace(line *l) {
    for (size_t i = 0; i < l->n_children; i++) {
        child *c = &l->children[i];
        if (c->replaces < 0 || !c->joined) continue;
        child_stop(&l->children[c->replaces], l->plan->set.drain);
        c->replaces = -1;
        c->takes_over = false;
    }
}

/* ---- ingest's report ---- */

static uint64_t number_of(wr_str text, const char *key) {
    char quoted[32];
    int len = snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *at = memmem(text.ptr, text.len, quoted, (size_t)len);
    uint64_t n = 0;
    for (at = at ? at + len : NULL; at && at < text.ptr + text.len && wr_is_digit(*at); at++)
        n = n * 10 + (uint64_t)(*at - '0');
    return n;
}

static void take_report(line *l, wr_str text) {
    bool end = wr_str_starts(text, WR_STR("{\"event\":\"end\""));
    if (!end && !wr_str_starts(text, WR_STR("{\"event\":\"progress\""))) {
        if (l->hooks->failed) l->hooks->failed(l->hooks->ctx, text);
        return;
    }
    progress *p = &l->progress;
    p->files = number_of(text, "files");
    p->failed = number_of(text, "failed");
    p->refused = number_of(text, "refused");
    p->pages = number_of(text, "pages");
    p->passed = number_of(text, "passed");
    p->dropped = number_of(text, "dropped");
    p->rejected = number_of(text, "rejected");
    p->open = number_of(text, "open");
    p->ended = p->ended || end;
    if (l->hooks->progressed) l->hooks->progressed(l->hooks->ctx, p);
}

static void read_report(line *l) {
    if (!wr_buf_reserve(&l->report_text, 65536)) wr_buf_clear(&l->report_text);
    ssize_t got = read(l->report, l->report_text.ptr + l->report_text.len, 65536);
    if (got <= 0) {
        close(l->report);
        l->report = -1;
        return;
    }
    l->report_text.len += (size_t)got;
    wr_str all = wr_buf_str(&l->report_text);
    size_t at = 0, end;
    for (; (end = wr_str_find_char(all, at, '\n')) < all.len; at = end + 1)
        take_report(l, wr_str_slice(all, at, end));
    memmove(l->report_text.ptr, l->report_text.ptr + at, all.len - at);
    l->report_text.len -= at;
}

/* ---- the loop ---- */

static void take_signals(line *l) {
    struct signalfd_siginfo info;
    while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGCHLD) continue; /* reaped in any case */
        if (l->phase == PHASE_RUNNING) line_end(l, EXIT_GOOD);
        else kill_all(l); /* told twice: at once, nothing is lost by it */
    }
}

static int wait_ms(const line *l, uint64_t now) {
    uint64_t due = now + 1000;
    if (!l->hub_up && l->children[0].state == CHILD_UP && now < l->children[0].started + 2000)
        due = now + HUB_LOOK_MS;
    if (somebody_waits(l) && l->asked + ASK_MS < due) due = l->asked + ASK_MS;
    for (size_t i = 0; i < l->n_children; i++) {
        const child *c = &l->children[i];
        if (c->state == CHILD_RESTING && c->due > now && c->due < due) due = c->due;
        if (c->pid && c->kill_at < due) due = c->kill_at;
    }
    return due > now ? (int)(due - now) : 0;
}

static void wait_for_events(line *l) {
    struct pollfd fds[3 + LINE_CLIENTS] = {
        {l->signals, POLLIN, 0}, {l->listen, POLLIN, 0}, {l->report, POLLIN, 0}};
    for (size_t i = 0; i < LINE_CLIENTS; i++)
        fds[3 + i] = (struct pollfd){l->clients[i].fd, POLLIN, 0};
    if (poll(fds, 3 + LINE_CLIENTS, wait_ms(l, wr_now_ms())) < 0) return;
    if (fds[2].revents) read_report(l);
    if (fds[0].revents) take_signals(l);
    if (fds[1].revents) orders_accept(l);
    for (size_t i = 0; i < LINE_CLIENTS; i++)
        if (fds[3 + i].revents && l->clients[i].fd == fds[3 + i].fd) orders_read(l, &l->clients[i]);
}

static void run(line *l) {
    bool told = false;
    while (l->phase != PHASE_OVER) {
        reap(l);
        advance(l);
        start_due(l, wr_now_ms());
        ask_who_joined(l, wr_now_ms());
        replace(l);
        orders_answer(l, false);
        if (!told && l->hub_up) {
            notify_system("READY=1");
            told = true;
        }
        notify_alive();
        if (l->phase != PHASE_OVER) wait_for_events(l);
    }
    while (l->report >= 0) /* what ingest said last */
        read_report(l);
}

static wr_status open_signals(line *l) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    l->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return l->signals < 0 ? WR_IO : WR_OK;
}

int supervise(const plan *p, char *const *dirs, size_t n_dirs, const char *line_dir,
              const supervise_hooks *hooks, progress *out) {
    static line l; /* half a megabyte: not for the stack */
    l = (line){.plan = p,
               .dirs = dirs,
               .n_dirs = n_dirs,
               .address = p->set.line,
               .hooks = hooks,
               .dir = line_dir,
               .report = -1,
               .signals = -1,
               .report_text = WR_BUF_INIT((size_t)1 << 22)};
    wr_status status = open_signals(&l);
    if (status == WR_OK) status = orders_open(&l, line_dir ? line_dir : p->set.state);
    if (status != WR_OK) {
        command_complain("run", "%s: the control socket cannot be made: %s",
                         line_dir ? line_dir : p->set.state, wr_status_text(status));
        return EXIT_TEMPORARY;
    }
    line_plan(&l);
    run(&l);
    orders_close(&l);
    if (l.control) wr_control_close(&l.control);
    wr_buf_free(&l.report_text);
    close(l.signals);
    *out = l.progress;
    return l.exit_code;
}
