/* orders.c -- the control socket: one line in, one line out */
#include "line.h"

#include <wireroom/log.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOURCE_GRACE_MS 50u /* for an ingest that has nothing under way */

static bool socket_address(const char *dir, struct sockaddr_un *out) {
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int len = snprintf(out->sun_path, sizeof out->sun_path, "%s/run.sock", dir);
    return len > 0 && (size_t)len < sizeof out->sun_path;
}

wr_status orders_open(line *l, const char *dir) {
    struct sockaddr_un at;
    for (size_t i = 0; i < LINE_CLIENTS; i++)
        l->clients[i].fd = -1;
    l->listen = -1;
    if (!socket_address(dir, &at)) return WR_LIMIT;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlink(at.sun_path); /* a dead supervisor's: the lock says that none lives */
    if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 8) == 0) {
        l->listen = fd;
        return WR_OK;
    }
    if (fd >= 0) close(fd);
    return WR_IO;
}

void orders_close(line *l) {
    struct sockaddr_un at;
    if (l->listen < 0) return;
    orders_answer(l, true);
    close(l->listen);
    if (socket_address(l->dir, &at)) unlink(at.sun_path);
}

void orders_accept(line *l) {
    int fd = accept4(l->listen, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    for (size_t i = 0; i < LINE_CLIENTS; i++) {
        if (l->clients[i].fd >= 0) continue;
        l->clients[i] = (client){.fd = fd};
        return;
    }
    close(fd);
}

static void answer(client *c, wr_status status, const char *text) {
    wr_buf reply = WR_BUF_INIT(1 << 20);
    wr_buf_printf(&reply, "%s %s\n", wr_status_label(status), text);
    ssize_t put = send(c->fd, reply.ptr, reply.len, MSG_NOSIGNAL);
    if (put < 0) wr_log(WR_LOG_DEBUG, WR_CLOSED, "unheard", "the asker has gone");
    wr_buf_free(&reply);
    close(c->fd);
    c->fd = -1;
}

/* ---- the orders ---- */

static size_t count_workers(const line *l, int stage, bool settled) {
    size_t n = 0;
    for (size_t i = 0; i < l->n_children; i++) {
        const child *c = &l->children[i];
        if (c->stage != stage || c->state == CHILD_IDLE) continue;
        n += settled ? c->state == CHILD_UP && c->joined : c->wanted && c->replaces < 0;
    }
    return n;
}

static void order_scale(line *l, client *c, int stage, wr_str number) {
    int64_t n;
    if (wr_parse_int(number, &n) != WR_OK || n < 0 || n > 64) {
        answer(c, WR_USAGE, "a number of workers from 0 to 64, please");
        return;
    }
    if (line_is_sole(l, stage) && n != 1) {
        answer(c, WR_USAGE,
               "of this one exactly one runs; it holds the store, the files or the queues");
        return;
    }
    size_t have = count_workers(l, stage, false);
    for (; have < (size_t)n; have++)
        if (!line_add_worker(l, stage)) break;
    for (size_t i = l->n_children; i-- > 0 && have > (size_t)n;) { /* highest slots first */
        child *worker = &l->children[i];
        if (worker->stage != stage || !worker->wanted) continue;
        child_stop(worker, l->plan->set.drain);
        have--;
    }
    c->waits = CLIENT_SCALE;
    c->target = (size_t)n;
}

static bool restarts_now(const line *l, int stage) {
    for (size_t i = 0; i < l->n_children; i++)
        if (l->children[i].stage == stage && l->children[i].replaces >= 0) return true;
    return false;
}

/* The successor joins before its predecessor is told to finish; hub and ingest end first. */
static void order_restart(line *l, client *c, int stage) {
    size_t n = l->n_children;
    if (restarts_now(l, stage)) {
        answer(c, WR_AGAIN, "it is being restarted already");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        child *old = &l->children[i];
        if (old->stage != stage || !old->wanted || old->state != CHILD_UP) continue;
        if (!line_hands_over(l, stage)) {
            /* All that ingest knows is on the disk, and its pages go on without it: waiting for
             * them would only empty the line. */
            child_stop(old, stage == LINE_SOURCE ? SOURCE_GRACE_MS : l->plan->set.drain);
            old->wanted = true;
            continue;
        }
        child *fresh = line_add_worker(l, stage);
        if (!fresh) continue;
        fresh->replaces = (int)i;
        fresh->takes_over = line_is_sole(l, stage);
    }
    c->waits = CLIENT_RESTART;
    c->target = count_workers(l, stage, false);
}

static void list(line *l, client *c) {
    static const char *const states[] = {"idle", "up", "ending", "resting"};
    wr_buf text = WR_BUF_INIT(1 << 20);
    wr_buf_add_char(&text, '[');
    for (size_t i = 0; i < l->n_children; i++) {
        const child *k = &l->children[i];
        if (k->state == CHILD_IDLE && !k->wanted) continue;
        wr_buf_printf(
            &text, "%s{\"name\":\"%s\",\"slot\":%u,\"pid\":%d,\"state\":\"%s\",\"restarts\":%u}",
            text.len > 1 ? "," : "", k->name, k->slot, (int)k->pid, states[k->state], k->restarts);
    }
    wr_buf_add(&text, "]", 2);
    answer(c, WR_OK, text.ptr);
    wr_buf_free(&text);
}

static wr_str next_word(wr_str *text) {
    *text = wr_str_trim(*text);
    size_t end = wr_str_find_char(*text, 0, ' ');
    wr_str word = wr_str_slice(*text, 0, end);
    *text = wr_str_slice(*text, end, text->len);
    return word;
}

static void no_such_stage(line *l, client *c, wr_str name) {
    wr_buf text = WR_BUF_INIT(4096);
    const char *best = NULL;
    size_t distance = SIZE_MAX;
    wr_buf_printf(&text, "no such stage \"%.*s\"", (int)name.len, name.len ? name.ptr : "");
    for (int i = LINE_HUB; i < (int)l->plan->n_stages; i++)
        if (wr_nearer(name, wr_str_c(line_stage_name(l, i)), &distance))
            best = line_stage_name(l, i);
    if (best) wr_buf_printf(&text, " (did you mean \"%s\"?)", best);
    wr_buf_add_str(&text, WR_STR("; there are hub, ingest"));
    for (int i = 0; i < (int)l->plan->n_stages; i++)
        wr_buf_printf(&text, ", %s", line_stage_name(l, i));
    wr_buf_add_char(&text, 0);
    answer(c, WR_NOTFOUND, text.len ? text.ptr : "no such stage");
    wr_buf_free(&text);
}

static void obey(line *l, client *c, wr_str text) {
    wr_str verb = next_word(&text), name = next_word(&text);
    c->since = wr_now_ms();
    if (wr_str_eq(verb, WR_STR("list"))) {
        list(l, c);
        return;
    }
    if (wr_str_eq(verb, WR_STR("drain"))) {
        c->waits = CLIENT_DRAIN;
        line_end(l, 0);
        return;
    }
    bool scale = wr_str_eq(verb, WR_STR("scale"));
    if (!scale && !wr_str_eq(verb, WR_STR("restart"))) answer(c, WR_USAGE, "no such order");
    else if (!line_find_stage(l, name, &c->stage)) no_such_stage(l, c, name);
    else if (l->phase != PHASE_RUNNING) answer(c, WR_AGAIN, "the line is ending");
    else if (scale) order_scale(l, c, c->stage, next_word(&text));
    else order_restart(l, c, c->stage);
}

void orders_read(line *l, client *c) {
    ssize_t got = recv(c->fd, c->text + c->len, sizeof c->text - c->len, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) { /* gone; an order under way is carried out all the same */
        close(c->fd);
        c->fd = -1;
        return;
    }
    c->len += (size_t)got;
    size_t end = wr_str_find_char(wr_str_of(c->text, c->len), 0, '\n');
    if (end < c->len && c->waits == CLIENT_READING) obey(l, c, wr_str_of(c->text, end));
    else if (c->len == sizeof c->text) answer(c, WR_USAGE, "the order is too long");
}

static bool restarted(const line *l, const client *c) {
    size_t n = 0;
    for (size_t i = 0; i < l->n_children; i++) {
        const child *k = &l->children[i];
        if (k->stage != c->stage || (k->state == CHILD_IDLE && !k->wanted)) continue;
        if (k->state != CHILD_UP || !k->joined || k->started < c->since) return false;
        n++;
    }
    return n >= c->target;
}

static bool scaled(const line *l, const client *c) {
    for (size_t i = 0; i < l->n_children; i++)
        if (l->children[i].stage == c->stage && l->children[i].state == CHILD_ENDING) return false;
    return count_workers(l, c->stage, true) == c->target;
}

static const child *failed_successor(const line *l, const client *c) {
    for (size_t i = 0; i < l->n_children; i++)
        if (l->children[i].stage == c->stage && l->children[i].gave_up >= c->since)
            return &l->children[i];
    return NULL;
}

void orders_answer(line *l, bool over) {
    for (size_t i = 0; i < LINE_CLIENTS; i++) {
        client *c = &l->clients[i];
        if (c->fd < 0 || c->waits == CLIENT_READING) continue;
        char text[128];
        snprintf(text, sizeof text, "%s: %zu worker%s, %llu ms", line_stage_name(l, c->stage),
                 c->target, c->target == 1 ? "" : "s",
                 (unsigned long long)(wr_now_ms() - c->since));
        if (c->waits == CLIENT_DRAIN && over)
            answer(c, WR_OK, "the line has ended, nothing is left on it");
        else if (over) answer(c, WR_CLOSED, "the line ended");
        else if (c->waits == CLIENT_SCALE && scaled(l, c)) answer(c, WR_OK, text);
        else if (c->waits == CLIENT_RESTART && failed_successor(l, c)) {
            snprintf(text, sizeof text,
                     "the new %s does not start (exit code %d, see the log); the old one goes on",
                     line_stage_name(l, c->stage), failed_successor(l, c)->exit_code);
            answer(c, WR_CRASHED, text);
        } else if (c->waits == CLIENT_RESTART && restarted(l, c)) answer(c, WR_OK, text);
    }
}

/* ---- the asking side ---- */

const char *supervise_line_dir(const char *address) {
    return strncmp(address, "ipc://", 6) == 0 ? address + 6 : NULL;
}

wr_status supervise_order(const char *address, const char *order, int timeout_ms, wr_buf *reply) {
    struct sockaddr_un at;
    const char *dir = supervise_line_dir(address);
    if (!dir || !socket_address(dir, &at)) return WR_NOTFOUND;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return WR_IO;
    wr_status status = WR_OK;
    if (connect(fd, (struct sockaddr *)&at, sizeof at) < 0) status = WR_NOTFOUND;
    size_t len = strlen(order);
    if (status == WR_OK && (send(fd, order, len, MSG_NOSIGNAL) != (ssize_t)len ||
                            send(fd, "\n", 1, MSG_NOSIGNAL) != 1))
        status = WR_CLOSED;
    struct pollfd wait = {fd, POLLIN, 0};
    ssize_t got = 1;
    while (status == WR_OK && got > 0) {
        if (poll(&wait, 1, timeout_ms) <= 0) status = WR_TIMEOUT;
        else if (wr_buf_reserve(reply, 4096) &&
                 (got = recv(fd, reply->ptr + reply->len, 4096, 0)) > 0)
            reply->len += (size_t)got;
    }
    close(fd);
    if (status != WR_OK) return status;
    wr_str text = wr_str_trim(wr_buf_str(reply));
    size_t space = wr_str_find_char(text, 0, ' ');
    if (!text.len) return WR_CLOSED;
    status = wr_status_of_label(text.ptr, space);
    wr_str rest = wr_str_trim(wr_str_slice(text, space, text.len));
    if (rest.len) memmove(reply->ptr, rest.ptr, rest.len);
    reply->len = rest.len;
    return status;
}
