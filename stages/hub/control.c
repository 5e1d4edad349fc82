/* control.c -- questions and orders, and copies for who looks on */
#include "state.h"

#include <stdio.h>

#define WORDS 8

typedef struct call {
    hub *h;
    uint64_t now_us;
    wr_str words[WORDS];
    size_t n;
    wr_buf *body;
} call;

static wr_status say(call *c, wr_status status, const char *text) {
    wr_buf_clear(c->body);
    wr_write_map(c->body, 1);
    wr_write_kv_str(c->body, "text", wr_str_c(text));
    return status;
}

/* ---- orders ---- */

static wr_status order_status(call *c) {
    hub_report(c->h, c->now_us, c->body);
    return c->body->status;
}

/* "tag.0" names one worker, "tag" all of the stage. */
static bool is_meant(const hub *h, const worker *w, wr_str name) {
    char full[2 * NAME_MAX_BYTES + 4];
    int len = snprintf(full, sizeof full, "%s.%s", h->stages[w->stage].name, w->slot);
    return wr_str_eq(name, wr_str_of(full, (size_t)len)) ||
           wr_str_eq(name, wr_str_c(h->stages[w->stage].name));
}

static wr_status order_drain(call *c) {
    bool restart = wr_str_eq(c->words[0], WR_STR("restart"));
    size_t n = 0;
    if (c->n < 2) return say(c, WR_USAGE, "which worker? (tag.0, or tag for all of the stage)");
    for (size_t k = 0; k < c->h->n_workers; k++) {
        worker *w = &c->h->workers[k];
        if (!w->session || !is_meant(c->h, w, c->words[1])) continue;
        worker_drain(c->h, w, restart);
        n++;
    }
    if (n == 0) return say(c, WR_NOTFOUND, "no worker has that name");
    wr_write_map(c->body, 1);
    wr_write_kv_uint(c->body, "workers", n);
    return WR_OK;
}

static wr_status order_pause(call *c) {
    bool pause = wr_str_eq(c->words[0], WR_STR("pause"));
    if (c->n < 2) return say(c, WR_USAGE, "which stage?");
    for (size_t at = 0; at < c->h->config.n_stages; at++) {
        if (!wr_str_eq(wr_str_c(c->h->stages[at].name), c->words[1])) continue;
        c->h->stages[at].paused = pause;
        wr_write_map(c->body, 1);
        wr_write_kv_uint(c->body, "paused", pause);
        return WR_OK;
    }
    return say(c, WR_NOTFOUND, "no stage has that name");
}

static wr_status obey(call *c) {
    static const struct {
        const char *verb;
        wr_status (*obey)(call *);
    } rows[] = {{"status", order_status},
                {"drain", order_drain},
                {"restart", order_drain},
                {"pause", order_pause},
                {"resume", order_pause}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (wr_str_eq(c->words[0], wr_str_c(rows[k].verb))) return rows[k].obey(c);
    hub_port *port = &c->h->port;
    wr_status status = port->order(port->ctx, c->words, c->n, c->now_us, c->body);
    if (status == WR_OK && c->body->len == 0) wr_write_map(c->body, 0);
    if (status != WR_OK && c->body->len == 0) say(c, status, wr_status_text(status));
    return status;
}

static void answer(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m) {
    wr_buf body = WR_BUF_INIT((size_t)64 << 20);
    call c = {.h = h, .now_us = now_us, .body = &body};
    wr_cursor at = wr_cursor_of(m->words);
    c.n = wr_read_array(&at);
    wr_status status = WR_OK;
    if (at.bad || c.n == 0 || c.n > WORDS) status = say(&c, WR_USAGE, "1 to 8 words, please");
    for (size_t k = 0; status == WR_OK && k < c.n; k++)
        c.words[k] = wr_read_str(&at);
    if (status == WR_OK && at.bad) status = say(&c, WR_USAGE, "words are strings");
    if (status == WR_OK) status = obey(&c);
    if (body.status != WR_OK) status = say(&c, body.status, "the answer is too large");
    wr_line reply = {.kind = WR_LINE_REPLY,
                     .request = m->request,
                     .status = wr_str_c(wr_status_label(status)),
                     .body = wr_buf_str(&body)};
    h->port.send(h->port.ctx, true, from, &reply, (hub_payload){0});
    wr_buf_free(&body);
}

/* ---- watchers ---- */

static void tap(hub *h, const hub_route *from, const wr_line *m) {
    size_t point = 0;
    watcher *place = NULL;
    while (point < h->config.n_stages && !wr_str_eq(wr_str_c(h->stages[point].name), m->point))
        point++;
    bool known = point < h->config.n_stages || wr_str_eq(m->point, WR_STR("in"));
    for (size_t k = 0; k < h->n_watchers; k++) {
        watcher *w = &h->watchers[k];
        if (known && route_eq(&w->route, from) && w->point == point) w->route.len = 0;
        if (w->route.len == 0 && !place) place = w;
    }
    if (m->every == 0) return;
    if (!place && h->n_watchers < HUB_WATCHERS) place = &h->watchers[h->n_watchers++];
    if (!known || !place) {
        wr_status status = known ? WR_AGAIN : WR_NOTFOUND;
        wr_line error = {.kind = WR_LINE_ERROR,
                         .status = wr_str_c(wr_status_label(status)),
                         .text = known ? WR_STR("too many watchers") : WR_STR("no such point")};
        h->port.send(h->port.ctx, true, from, &error, (hub_payload){0});
        return;
    }
    *place = (watcher){.route = *from, .point = point, .every = m->every, .left = m->every};
}

void watch_copy(hub *h, size_t point, const item *i, wr_str status, bool payload) {
    for (size_t k = 0; k < h->n_watchers; k++) {
        watcher *w = &h->watchers[k];
        if (w->route.len == 0 || w->point != point || --w->left) continue;
        w->left = w->every;
        wr_line m = {.kind = WR_LINE_COPY,
                     .seq = ++w->seq,
                     .point = point < h->config.n_stages ? wr_str_c(h->stages[point].name)
                                                         : WR_STR("in"),
                     .id = wr_str_of(i->id, i->id_len),
                     .status = status};
        if (h->port.send(h->port.ctx, true, &w->route, &m, payload ? i->payload : (hub_payload){0}))
            h->copies++;
        else h->copies_lost++;
    }
}

void control_message(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m) {
    if (m->kind == WR_LINE_CALL) answer(h, now_us, from, m);
    else if (m->kind == WR_LINE_TAP) tap(h, from, m);
    else {
        wr_line error = {.kind = WR_LINE_ERROR,
                         .status = WR_STR("unsupported"),
                         .text = WR_STR("CALL or TAP, please")};
        h->port.send(h->port.ctx, true, from, &error, (hub_payload){0});
    }
}
