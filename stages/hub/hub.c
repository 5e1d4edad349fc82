/* hub.c -- messages in, leases out */
#include "state.h"

#include <stdio.h>

/* ---- small things ---- */

bool hub_name_ok(wr_str name) {
    if (name.len == 0 || name.len > NAME_MAX_BYTES || *name.ptr == '.') return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!wr_is_alpha(c) && !wr_is_digit(c) && c != '.' && c != '_' && c != '-') return false;
    }
    return true;
}

void text_copy(char *to, size_t size, wr_str from) {
    size_t n = from.len < size - 1 ? from.len : size - 1;
    for (size_t i = 0; i < n; i++)
        to[i] = from.ptr[i] >= ' ' && from.ptr[i] <= '~' ? from.ptr[i] : '?';
    to[n] = 0;
}

bool route_eq(const hub_route *a, const hub_route *b) {
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

void histogram_add(histogram *g, uint64_t us) {
    size_t bit = 0;
    while (us >>= 1)
        bit++;
    g->n[bit < 39 ? bit : 39]++;
}

/* splitmix64: sessions must not repeat or be guessed by accident; they are no secret. */
uint64_t random_next(hub *h) {
    uint64_t v = h->salt += 0x9e3779b97f4a7c15u;
    v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9u;
    v = (v ^ v >> 27) * 0x94d049bb133111ebu;
    return v ^ v >> 31;
}

/* ---- life ---- */

static bool config_ok(const hub_config *c) {
    if (c->n_stages == 0 || c->n_stages > HUB_STAGES || c->epoch == 0) return false;
    if (c->max_items < 16 || c->max_items > (size_t)1 << 20 || c->beat_ms == 0) return false;
    for (size_t k = 0; k < c->n_stages; k++) {
        if (!hub_name_ok(wr_str_c(c->stages[k])) || strcmp(c->stages[k], "in") == 0) return false;
        for (size_t j = 0; j < k; j++)
            if (strcmp(c->stages[k], c->stages[j]) == 0) return false;
    }
    return true;
}

wr_status hub_new(wr_arena *arena, const hub_config *config, const hub_port *port, hub **out) {
    if (!config_ok(config)) return WR_USAGE;
    hub *h = wr_arena_take(arena, sizeof *h);
    if (!h) return WR_MEMORY;
    h->config = *config;
    h->port = *port;
    h->salt = config->epoch;
    h->n_buckets = 64;
    while (h->n_buckets < config->max_items)
        h->n_buckets *= 2;
    h->buckets = wr_arena_array(arena, h->n_buckets, sizeof *h->buckets);
    h->items = wr_arena_array(arena, config->max_items, sizeof *h->items);
    if (!h->buckets || !h->items) return WR_MEMORY;
    for (size_t k = 0; k < config->n_stages; k++)
        h->stages[k].name = config->stages[k];
    for (size_t k = 0; k < config->max_items; k++) {
        h->items[k].generation = (uint32_t)random_next(h); /* no ticket of another run fits */
        list_push(&h->free, &h->items[k]);
    }
    h->scratch.limit = (size_t)16 << 20;
    *out = h;
    return WR_OK;
}

void hub_close(hub *h) {
    for (size_t k = 0; k < h->config.max_items; k++)
        if (h->items[k].payload.handle) h->port.release(h->port.ctx, h->items[k].payload);
    for (size_t k = 0; k < h->n_workers; k++)
        wr_buf_free(&h->workers[k].figures);
    for (size_t k = 0; k < h->n_sources; k++)
        wr_buf_free(&h->sources[k].outcomes);
    wr_buf_free(&h->scratch);
}

/* ---- messages ---- */

/* `session` is the one the peer used in vain. */
static void answer_who(hub *h, const hub_route *to, uint64_t session) {
    wr_line m = {.kind = WR_LINE_WHO, .epoch = h->config.epoch, .session = session};
    h->port.send(h->port.ctx, false, to, &m, (hub_payload){0});
}

static void refuse(hub *h, bool control, const hub_route *to, wr_status status, const char *why) {
    wr_line m = {
        .kind = WR_LINE_ERROR, .status = wr_str_c(wr_status_label(status)), .text = wr_str_c(why)};
    h->refused++;
    h->port.send(h->port.ctx, control, to, &m, (hub_payload){0});
}

static bool waits_already(const item *i, uint64_t session, uint64_t ref) {
    for (size_t k = 0; k < i->n_waiters; k++)
        if (i->waiters[k].session == session && i->waiters[k].ref == ref) return true;
    return false;
}

/* One more who waits for a page that is under way. Places of sources that have gone are used again.
 */
static bool add_waiter(hub *h, item *i, uint64_t session, uint64_t ref) {
    for (size_t k = 0; k < i->n_waiters; k++)
        if (!source_of(h, i->waiters[k].session)) {
            i->waiters[k] = (waiter){session, ref};
            return true;
        }
    if (i->n_waiters == WAITERS) return false;
    i->waiters[i->n_waiters++] = (waiter){session, ref};
    return true;
}

/* Gives false when the payload was not taken over. */
static bool submit(hub *h, source *s, uint64_t now_us, const wr_line *m, hub_payload payload) {
    s->seen_us = now_us;
    if (!hub_name_ok(m->id) || !payload.handle) {
        source_tell(s, m->ref, WR_VERDICT_REJECT, WR_STR("malformed"), WR_STR("in"),
                    WR_STR("not a page id, or no payload"), false);
        return false;
    }
    item *i = item_find(h, m->id);
    if (i) {
        if (waits_already(i, s->session, m->ref)) return false;
        if (add_waiter(h, i, s->session, m->ref)) s->open++;
        else
            source_tell(s, m->ref, WR_VERDICT_DROP, WR_STR("duplicate"), WR_STR("in"),
                        WR_STR("under way already"), false);
        return false;
    }
    i = item_new(h, m->id, payload, now_us);
    if (!i) {
        source_tell(s, m->ref, WR_VERDICT_RETRY, WR_STR("again"), WR_STR("in"),
                    WR_STR("the line is full"), false);
        return false;
    }
    add_waiter(h, i, s->session, m->ref);
    s->open++;
    h->submitted++;
    h->stages[0].in++;
    h->stages[0].bytes_in += payload.size;
    item_queue(h, i, now_us, false);
    if (h->n_watchers) watch_copy(h, h->config.n_stages, i, WR_STR("ok"), true);
    return true;
}

static void ping(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m) {
    worker *w = worker_of(h, m->session);
    source *s = source_of(h, m->session);
    if (!w && !s) {
        answer_who(h, from, m->session);
        return;
    }
    if (s) s->seen_us = now_us;
    else {
        w->seen_us = now_us;
        w->busy_ticket = m->ticket;
        w->busy_ms = m->busy_ms;
        wr_buf_clear(&w->figures);
        if (m->figures.len <= w->figures.limit) wr_buf_add_str(&w->figures, m->figures);
    }
    wr_line pong = {.kind = WR_LINE_PONG, .epoch = h->config.epoch};
    h->port.send(h->port.ctx, false, from, &pong, (hub_payload){0});
}

/* What a worker says about its pages. A ticket that is void (the page went elsewhere) is no error.
 */
static bool worker_message(hub *h, worker *w, uint64_t now_us, const wr_line *m,
                           hub_payload payload) {
    item *i = item_of_ticket(h, m->ticket, w);
    w->seen_us = now_us;
    switch (m->kind) {
    case WR_LINE_DONE:
        if (!i) return false;
        w->done++;
        item_done(h, i, now_us, payload);
        return payload.handle != NULL;
    case WR_LINE_FAIL:
        if (i) worker_failed(h, w, i, now_us, m);
        return false;
    case WR_LINE_EXTEND:
        if (i) w->head_since_us = now_us;
        return false;
    case WR_LINE_DRAIN: worker_drain(h, w, false); return false;
    default: worker_lost(h, w, now_us, WR_OK, false); return false; /* BYE */
    }
}

/* Handles what needs a session; true when the payload was taken over. */
static bool member_message(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m,
                           hub_payload payload) {
    worker *w = worker_of(h, m->session);
    source *s = source_of(h, m->session);
    if (m->kind == WR_LINE_SUBMIT && s) return submit(h, s, now_us, m, payload);
    if (m->kind == WR_LINE_BYE && s) {
        source_lost(h, s);
        return false;
    }
    if (m->kind != WR_LINE_SUBMIT && w) return worker_message(h, w, now_us, m, payload);
    if (w || s) refuse(h, false, from, WR_USAGE, "not for this role");
    else answer_who(h, from, m->session);
    return false;
}

static bool work_message(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m,
                         hub_payload payload) {
    switch (m->kind) {
    case WR_LINE_HELLO: peer_hello(h, now_us, from, m); return false;
    case WR_LINE_PING: ping(h, now_us, from, m); return false;
    case WR_LINE_DONE:
    case WR_LINE_FAIL:
    case WR_LINE_EXTEND:
    case WR_LINE_DRAIN:
    case WR_LINE_BYE:
    case WR_LINE_SUBMIT: return member_message(h, now_us, from, m, payload);
    default: refuse(h, false, from, WR_UNSUPPORTED, "not a message for the hub"); return false;
    }
}

void hub_message(hub *h, uint64_t now_us, bool control, const hub_route *from, wr_str header,
                 hub_payload payload) {
    bool taken = false;
    wr_line m;
    if (header.len == 0) {
        if (!control) answer_who(h, from, 0);
    } else {
        wr_status status = wr_line_decode(header, &m);
        if (status != WR_OK) refuse(h, control, from, status, "not a message of this protocol");
        else if (control) control_message(h, now_us, from, &m);
        else taken = work_message(h, now_us, from, &m, payload);
    }
    if (!taken && payload.handle) h->port.release(h->port.ctx, payload);
}

void hub_gone(hub *h, uint64_t now_us, bool control, const hub_route *route) {
    for (size_t k = 0; !control && k < h->n_workers; k++)
        if (h->workers[k].session && route_eq(&h->workers[k].route, route))
            worker_lost(h, &h->workers[k], now_us, WR_CRASHED, true);
    for (size_t k = 0; !control && k < h->n_sources; k++)
        if (h->sources[k].session && route_eq(&h->sources[k].route, route))
            source_lost(h, &h->sources[k]);
    for (size_t k = 0; control && k < h->n_watchers; k++)
        if (route_eq(&h->watchers[k].route, route)) h->watchers[k].route.len = 0;
}

void hub_drain_all(hub *h) {
    for (size_t k = 0; k < h->n_workers; k++)
        if (h->workers[k].session) worker_drain(h, &h->workers[k], false);
}

/* ---- leasing ---- */

static bool may_take(const worker *w, const item *i) {
    if (w->draining || w->held.n >= w->credit) return false;
    if (w->together && w->held.n >= w->together) return false;
    return !i->together || w->held.n < i->together;
}

static worker *freest(hub *h, size_t stage_at, const item *i) {
    worker *best = NULL;
    for (size_t k = 0; k < h->n_workers; k++) {
        worker *w = &h->workers[k];
        if (!w->session || w->stage != stage_at || !may_take(w, i)) continue;
        if (!best || w->credit - w->held.n > best->credit - best->held.n) best = w;
    }
    return best;
}

static void lease(hub *h, item *i, worker *w, uint64_t now_us) {
    stage *s = &h->stages[i->stage];
    item_take(h, i, now_us);
    i->state = LEASED;
    i->worker = (uint16_t)(w - h->workers);
    i->generation++;
    i->leased_us = now_us;
    histogram_add(&s->waited, now_us - i->entered_us);
    if (w->held.n == 0) w->head_since_us = now_us;
    list_push(&w->held, i);
    s->leased++;
    if (i->together && (!w->together || i->together < w->together)) w->together = i->together;
    wr_line m = {.kind = WR_LINE_WORK,
                 .ticket = item_ticket(h, i),
                 .id = wr_str_of(i->id, i->id_len),
                 .attempt = i->attempts + 1u};
    if (!h->port.send(h->port.ctx, false, &w->route, &m, i->payload))
        worker_lost(h, w, now_us, WR_CLOSED,
                    false); /* it never had this page; the rest goes back */
}

static void lease_stage(hub *h, size_t at, uint64_t now_us) {
    stage *s = &h->stages[at];
    while (!s->paused && s->queue.head) {
        worker *w = freest(h, at, s->queue.head);
        if (!w) return;
        lease(h, s->queue.head, w, now_us);
    }
}

static void tell_sources(hub *h) {
    for (size_t k = 0; k < h->n_sources; k++) {
        source *s = &h->sources[k];
        if (!s->session || s->n_outcomes == 0) continue;
        wr_buf_clear(&h->scratch);
        wr_write_array(&h->scratch, s->n_outcomes);
        wr_buf_add_str(&h->scratch, wr_buf_str(&s->outcomes));
        wr_line m = {
            .kind = WR_LINE_COMPLETED, .session = s->session, .outcomes = wr_buf_str(&h->scratch)};
        bool full = s->outcomes.status != WR_OK || h->scratch.status != WR_OK;
        wr_buf_clear(&s->outcomes);
        s->n_outcomes = 0;
        /* Who cannot be told joins again and hands in again what it has heard nothing of. */
        if (full || !h->port.send(h->port.ctx, false, &s->route, &m, (hub_payload){0}))
            source_lost(h, s);
    }
}

static void close_or_open(hub *h) {
    size_t places = h->free.n, all = h->config.max_items;
    bool was = h->closed;
    if (h->bytes > h->config.max_bytes) h->closed = true;
    else if (h->closed && h->bytes <= h->config.max_bytes / 4 * 3 && places > all / 8)
        h->closed = false;
    if (was != h->closed) windows_update(h);
}

void hub_flush(hub *h, uint64_t now_us) {
    for (size_t at = h->config.n_stages; at-- > 0;)
        lease_stage(h, at, now_us);
    close_or_open(h);
    tell_sources(h);
}

void hub_tick(hub *h, uint64_t now_us) {
    if (!h->started_us) h->started_us = now_us;
    peers_tick(h, now_us);
    for (size_t at = 0; at < h->config.n_stages; at++)
        for (item *i = h->stages[at].delayed.head, *next; i; i = next) {
            next = i->next;
            if (i->due_us > now_us) continue;
            item_take(h, i, now_us);
            item_queue(h, i, now_us, true);
        }
    hub_flush(h, now_us);
}

wr_status hub_insert(hub *h, uint64_t now_us, wr_str name, wr_str id, hub_payload payload) {
    size_t at = 0;
    while (at < h->config.n_stages && !wr_str_eq(wr_str_c(h->stages[at].name), name))
        at++;
    if (at == h->config.n_stages || !hub_name_ok(id)) return WR_NOTFOUND;
    if (item_find(h, id)) return WR_DUPLICATE;
    item *i = item_new(h, id, payload, now_us);
    if (!i) return WR_AGAIN;
    i->stage = (uint16_t)at;
    h->stages[at].in++;
    h->stages[at].bytes_in += payload.size;
    item_queue(h, i, now_us, false);
    return WR_OK;
}

/* ---- for tests ---- */

size_t hub_items(const hub *h) {
    return h->config.max_items - h->free.n;
}

static bool list_ok(const hub *h, const list *l, item_state state, size_t at, uint64_t *bytes) {
    size_t n = 0;
    const item *prev = NULL;
    for (const item *i = l->head; i; prev = i, i = i->next, n++) {
        if (i->state != state || i->prev != prev || n > l->n) return false;
        if (state != FREE && i->stage != at) return false;
        if (state == LEASED && &h->workers[i->worker].held != l) return false;
        *bytes += i->payload.size;
    }
    return n == l->n && l->tail == prev;
}

bool hub_consistent(const hub *h) {
    uint64_t bytes = 0;
    size_t n = h->free.n, leased[HUB_STAGES] = {0};
    if (!list_ok(h, &h->free, FREE, 0, &bytes)) return false;
    for (size_t k = 0; k < h->n_workers; k++) {
        const worker *w = &h->workers[k];
        if (!w->session && w->held.n) return false;
        if (!list_ok(h, &w->held, LEASED, w->stage, &bytes)) return false;
        leased[w->stage] += w->held.n;
        n += w->held.n;
    }
    for (size_t at = 0; at < h->config.n_stages; at++) {
        const stage *s = &h->stages[at];
        if (!list_ok(h, &s->queue, QUEUED, at, &bytes)) return false;
        if (!list_ok(h, &s->delayed, DELAYED, at, &bytes)) return false;
        if (s->leased != leased[at]) return false;
        n += s->queue.n + s->delayed.n;
    }
    return n == h->config.max_items && bytes == h->bytes;
}
