/* peers.c -- workers and sources: joining, being lost, whose fault it was, windows */
#include "state.h"

#include <stdio.h>

#define LEASE_GRACE_US                                                                             \
    2000000u /* a worker ends a hung page itself; the hub's own lease is the net */

/* Sessions hold the place in their low bits: workers 0 .., sources HUB_WORKERS .. */
static uint64_t session_new(hub *h, size_t place) {
    return (random_next(h) >> 12 << 10 | place) | (uint64_t)1 << 60;
}

worker *worker_of(hub *h, uint64_t session) {
    size_t place = session & 1023;
    if (place >= HUB_WORKERS || session == 0) return NULL;
    return h->workers[place].session == session ? &h->workers[place] : NULL;
}

source *source_of(hub *h, uint64_t session) {
    size_t place = session & 1023;
    if (place < HUB_WORKERS || place >= HUB_WORKERS + HUB_SOURCES) return NULL;
    source *s = &h->sources[place - HUB_WORKERS];
    return s->session == session ? s : NULL;
}

/* ---- loss ---- */

static void note_worker(hub *h, wr_log_level level, wr_status status, const char *event,
                        const worker *w) {
    char text[200];
    snprintf(text, sizeof text, "%s.%s pid %llu, %zu pages held, %llu done",
             h->stages[w->stage].name, w->slot, (unsigned long long)w->pid, w->held.n,
             (unsigned long long)w->done);
    h->port.note(h->port.ctx, level, status, event, text);
}

/* The page is to blame, as far as one can tell: one attempt more, and when it is sure (it was
 * alone, or the worker said so) and there were enough, the end. */
static void charge(hub *h, item *i, uint64_t now_us, wr_str slot, wr_str status, wr_str text,
                   bool sure) {
    item_take(h, i, now_us);
    i->attempts++;
    h->stages[i->stage].crashed++;
    item_trouble(h, i, slot, status, text);
    if (sure && i->attempts >= h->config.attempts) item_bury(h, i, now_us, status, text);
    else item_queue(h, i, now_us, true);
}

void worker_lost(hub *h, worker *w, uint64_t now_us, wr_status why, bool blame) {
    note_worker(h, blame ? WR_LOG_WARN : WR_LOG_INFO, why, blame ? "worker-lost" : "worker-left",
                w);
    size_t n = w->held.n;
    bool suspect = blame && !w->blamed;
    while (w->held.n > (suspect ? 1 : 0)) {
        item *i = w->held.tail;
        item_take(h, i, now_us);
        /* Next time in smaller company: so the page that kills is found in a few steps, and a page
         * that only stood beside it is never buried. */
        if (suspect) i->together = (uint16_t)(n / 4 ? n / 4 : 1);
        h->stages[i->stage].retried++;
        item_queue(h, i, now_us, true);
    }
    if (w->held.n) {
        item *i = w->held.head;
        i->together = (uint16_t)(n / 4 ? n / 4 : 1);
        charge(h, i, now_us, wr_str_c(w->slot), wr_str_c(wr_status_label(why)),
               wr_str_c(why == WR_TIMEOUT
                            ? "no sign of life, or the page took longer than its lease"
                            : "the worker's connection ended"),
               n == 1);
    }
    w->session = 0;
    wr_buf_clear(&w->figures);
}

void source_lost(hub *h, source *s) {
    h->port.note(h->port.ctx, WR_LOG_INFO, WR_OK, "source-left", s->name);
    s->session = 0;
    wr_buf_clear(&s->outcomes);
    s->n_outcomes = 0;
    windows_update(h);
}

/* ---- windows ---- */

void windows_update(hub *h) {
    size_t n = 0;
    for (size_t k = 0; k < h->n_sources; k++)
        n += h->sources[k].session != 0;
    for (size_t k = 0; k < h->n_sources; k++) {
        source *s = &h->sources[k];
        if (!s->session) continue;
        uint64_t share = h->config.max_items / n ? h->config.max_items / n : 1;
        uint64_t window = h->closed ? 0 : s->wish < share ? s->wish : share;
        uint64_t bytes = h->config.max_bytes / n;
        if (window == s->window && bytes == s->bytes) continue;
        s->window = window;
        s->bytes = bytes;
        wr_line m = {
            .kind = WR_LINE_WINDOW, .session = s->session, .credit = window, .bytes = bytes};
        h->port.send(h->port.ctx, false, &s->route, &m, (hub_payload){0});
    }
}

/* ---- joining and leaving ---- */

void worker_drain(hub *h, worker *w, bool restart) {
    w->draining = true;
    wr_line m = {.kind = WR_LINE_DRAIN, .session = w->session, .restart = restart};
    h->port.send(h->port.ctx, false, &w->route, &m, (hub_payload){0});
}

static void refuse(hub *h, const hub_route *to, wr_status status, const char *why) {
    wr_line m = {
        .kind = WR_LINE_ERROR, .status = wr_str_c(wr_status_label(status)), .text = wr_str_c(why)};
    h->port.send(h->port.ctx, false, to, &m, (hub_payload){0});
}

static size_t stage_index(const hub *h, wr_str name) {
    size_t k = 0;
    while (k < h->config.n_stages && !wr_str_eq(wr_str_c(h->stages[k].name), name))
        k++;
    return k;
}

static void welcome(hub *h, const hub_route *to, uint64_t session, uint32_t lease_ms,
                    uint64_t credit, uint64_t bytes) {
    wr_line m = {.kind = WR_LINE_WELCOME,
                 .epoch = h->config.epoch,
                 .session = session,
                 .beat_ms = h->config.beat_ms,
                 .lease_ms = lease_ms,
                 .credit = credit,
                 .bytes = bytes};
    h->port.send(h->port.ctx, false, to, &m, (hub_payload){0});
}

/* A peer that says HELLO twice on one connection has not had its WELCOME yet: it is the same
 * member. */
static bool said_before(hub *h, const hub_route *from, const wr_line *m) {
    for (size_t k = 0; k < h->n_workers; k++) {
        const worker *w = &h->workers[k];
        if (!w->session || !route_eq(&w->route, from) || w->incarnation != m->incarnation) continue;
        bool same = wr_str_eq(m->role, WR_STR("worker")) && wr_str_eq(m->slot, wr_str_c(w->slot)) &&
                    wr_str_eq(m->name, wr_str_c(h->stages[w->stage].name));
        if (same) welcome(h, from, w->session, w->lease_ms, w->credit, 0);
        return same;
    }
    for (size_t k = 0; k < h->n_sources; k++) {
        const source *s = &h->sources[k];
        if (!s->session || !route_eq(&s->route, from) || s->incarnation != m->incarnation) continue;
        bool same = wr_str_eq(m->role, WR_STR("source"));
        if (same) welcome(h, from, s->session, 0, s->window, s->bytes);
        return same;
    }
    return false;
}

static worker *worker_place(hub *h, size_t stage_at, wr_str slot, uint64_t incarnation,
                            const hub_route *from, uint64_t now_us) {
    worker *place = NULL;
    for (size_t k = 0; k < h->n_workers; k++) {
        worker *w = &h->workers[k];
        if (!w->session) {
            if (!place) place = w;
            continue;
        }
        bool same_slot = w->stage == stage_at && wr_str_eq(wr_str_c(w->slot), slot);
        if (!same_slot && !route_eq(&w->route, from)) continue;
        /* The same process come back has only lost its connection: nobody's fault. Another that is
         * still there must not come back. */
        if (w->incarnation != incarnation) worker_drain(h, w, false);
        worker_lost(h, w, now_us, WR_CRASHED, w->incarnation != incarnation);
        if (!place) place = w;
    }
    if (!place && h->n_workers < HUB_WORKERS) place = &h->workers[h->n_workers++];
    return place;
}

static void worker_hello(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m) {
    size_t at = stage_index(h, m->name);
    if (at == h->config.n_stages) {
        refuse(h, from, WR_NOTFOUND, "the line has no such stage");
        return;
    }
    if (!hub_name_ok(m->slot)) {
        refuse(h, from, WR_USAGE, "slot: 1-64 of A-Z a-z 0-9 . _ -");
        return;
    }
    worker *w = worker_place(h, at, m->slot, m->incarnation, from, now_us);
    if (!w) {
        refuse(h, from, WR_AGAIN, "too many workers");
        return;
    }
    wr_buf figures = w->figures;
    *w = (worker){.session = session_new(h, (size_t)(w - h->workers)),
                  .incarnation = m->incarnation,
                  .pid = m->pid,
                  .credit = m->credit ? m->credit : 1,
                  .joined_us = now_us,
                  .seen_us = now_us,
                  .stage = (uint16_t)at,
                  .route = *from,
                  .figures = figures};
    w->figures.limit = 4096;
    w->lease_ms =
        m->lease_ms && m->lease_ms < UINT32_MAX ? (uint32_t)m->lease_ms : h->config.lease_ms;
    text_copy(w->slot, sizeof w->slot, m->slot);
    text_copy(w->build, sizeof w->build, m->build);
    note_worker(h, WR_LOG_INFO, WR_OK, "worker-joined", w);
    welcome(h, from, w->session, w->lease_ms, w->credit, 0);
}

static void source_hello(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m) {
    source *s = NULL;
    for (size_t k = 0; k < h->n_sources; k++) {
        if (h->sources[k].session && route_eq(&h->sources[k].route, from))
            source_lost(h, &h->sources[k]);
        if (!h->sources[k].session && !s) s = &h->sources[k];
    }
    if (!s && h->n_sources < HUB_SOURCES) s = &h->sources[h->n_sources++];
    if (!s) {
        refuse(h, from, WR_AGAIN, "too many sources");
        return;
    }
    wr_buf outcomes = s->outcomes;
    *s = (source){.incarnation = m->incarnation,
                  .pid = m->pid,
                  .wish = m->credit ? m->credit : 1,
                  .joined_us = now_us,
                  .seen_us = now_us,
                  .route = *from,
                  .outcomes = outcomes};
    s->outcomes.limit = (size_t)8 << 20;
    text_copy(s->name, sizeof s->name, m->name);
    s->session = session_new(h, HUB_WORKERS + (size_t)(s - h->sources));
    h->port.note(h->port.ctx, WR_LOG_INFO, WR_OK, "source-joined", s->name);
    welcome(h, from, s->session, 0, 0, 0);
    windows_update(h);
}

void peer_hello(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m) {
    if (said_before(h, from, m)) return;
    if (wr_str_eq(m->role, WR_STR("worker"))) worker_hello(h, now_us, from, m);
    else if (wr_str_eq(m->role, WR_STR("source"))) source_hello(h, now_us, from, m);
    else refuse(h, from, WR_USAGE, "role: worker or source");
}

/* ---- failure told by the worker itself ---- */

void worker_failed(hub *h, worker *w, item *i, uint64_t now_us, const wr_line *m) {
    wr_status status = wr_status_of_label(m->status.ptr, m->status.len);
    bool drop = wr_str_eq(m->verdict, WR_STR("drop"));
    if (drop || !wr_str_eq(m->verdict, WR_STR("retry"))) {
        histogram_add(&h->stages[i->stage].worked, now_us - i->leased_us);
        item_take(h, i, now_us);
        item_complete(h, i, now_us, drop ? WR_VERDICT_DROP : WR_VERDICT_REJECT, m->status, m->text,
                      false);
        return;
    }
    if (status == WR_CRASHED || status == WR_TIMEOUT) {
        w->blamed = true; /* its end, which follows, is explained */
        w->draining = true;
        charge(h, i, now_us, wr_str_c(w->slot), m->status, m->text, true);
        return;
    }
    item_take(h, i, now_us);
    item_trouble(h, i, wr_str_c(w->slot), m->status, m->text);
    h->stages[i->stage].retried++;
    if (++i->retries > h->config.retries) {
        item_bury(h, i, now_us, m->status, m->text);
        return;
    }
    unsigned doubled = i->retries < 6 ? i->retries : 6;
    item_delay(h, i, now_us + ((uint64_t)50000 << doubled));
}

/* ---- time ---- */

static void tick_worker(hub *h, worker *w, uint64_t now_us) {
    bool silent = now_us - w->seen_us > (uint64_t)h->config.beat_ms * 10000;
    bool hung =
        w->held.n && now_us - w->head_since_us > (uint64_t)w->lease_ms * 1000 + LEASE_GRACE_US;
    if (silent || hung) worker_lost(h, w, now_us, WR_TIMEOUT, true);
}

void peers_tick(hub *h, uint64_t now_us) {
    for (size_t k = 0; k < h->n_workers; k++)
        if (h->workers[k].session) tick_worker(h, &h->workers[k], now_us);
    for (size_t k = 0; k < h->n_sources; k++) {
        source *s = &h->sources[k];
        if (s->session && now_us - s->seen_us > (uint64_t)h->config.beat_ms * 10000)
            source_lost(h, s);
    }
}
