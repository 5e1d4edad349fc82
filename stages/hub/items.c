/* items.c -- pages under way: places, lists, tickets, ends */
#include "state.h"

#include <stdio.h>

/* ---- lists ---- */

void list_push(list *l, item *i) {
    i->next = NULL;
    i->prev = l->tail;
    if (l->tail) l->tail->next = i;
    else l->head = i;
    l->tail = i;
    l->n++;
}

void list_push_front(list *l, item *i) {
    i->prev = NULL;
    i->next = l->head;
    if (l->head) l->head->prev = i;
    else l->tail = i;
    l->head = i;
    l->n++;
}

void list_remove(list *l, item *i) {
    if (i->prev) i->prev->next = i->next;
    else l->head = i->next;
    if (i->next) i->next->prev = i->prev;
    else l->tail = i->prev;
    i->next = i->prev = NULL;
    l->n--;
}

/* ---- places ---- */

static wr_str id_of(const item *i) {
    return wr_str_of(i->id, i->id_len);
}

/* FNV-1a, mixed with the epoch so that ids cannot be chosen to fall into one bucket. */
static item **bucket(hub *h, wr_str id) {
    uint64_t v = 0xcbf29ce484222325u ^ h->config.epoch;
    for (size_t k = 0; k < id.len; k++)
        v = (v ^ (unsigned char)id.ptr[k]) * 0x100000001b3u;
    return &h->buckets[(v ^ v >> 32) & (h->n_buckets - 1)];
}

item *item_find(hub *h, wr_str id) {
    for (item *i = *bucket(h, id); i; i = i->chain)
        if (wr_str_eq(id_of(i), id)) return i;
    return NULL;
}

item *item_new(hub *h, wr_str id, hub_payload payload, uint64_t now_us) {
    item *i = h->free.head;
    if (!i) return NULL;
    list_remove(&h->free, i);
    uint32_t generation = i->generation + 1;
    size_t kept = offsetof(item, history); /* n_history says how much of that counts */
    memset(i, 0, kept);
    i->generation = generation;
    memcpy(i->id, id.ptr, id.len);
    i->id_len = (unsigned char)id.len;
    i->payload = payload;
    i->submitted_us = now_us;
    item **b = bucket(h, id);
    i->chain = *b;
    *b = i;
    h->bytes += payload.size;
    return i;
}

static void item_forget(hub *h, item *i) {
    item **b = bucket(h, id_of(i));
    while (*b && *b != i)
        b = &(*b)->chain;
    if (*b) *b = i->chain;
    if (i->payload.handle) h->port.release(h->port.ctx, i->payload);
    h->bytes -= i->payload.size;
    i->payload = (hub_payload){0};
    i->state = FREE;
    list_push(&h->free, i);
}

/* ---- tickets ---- */

uint64_t item_ticket(const hub *h, const item *i) {
    return (uint64_t)i->generation << 24 | (uint64_t)(i - h->items);
}

item *item_of_ticket(hub *h, uint64_t ticket, const worker *w) {
    uint64_t at = ticket & 0xffffff;
    if (at >= h->config.max_items) return NULL;
    item *i = &h->items[at];
    bool held = i->state == LEASED && &h->workers[i->worker] == w;
    return held && item_ticket(h, i) == ticket ? i : NULL;
}

/* ---- moves ---- */

void item_take(hub *h, item *i, uint64_t now_us) {
    stage *s = &h->stages[i->stage];
    if (i->state == QUEUED) list_remove(&s->queue, i);
    else if (i->state == DELAYED) list_remove(&s->delayed, i);
    else if (i->state == LEASED) {
        worker *w = &h->workers[i->worker];
        bool oldest = w->held.head == i;
        list_remove(&w->held, i);
        s->leased--;
        i->generation++; /* the old ticket is void */
        if (oldest) w->head_since_us = now_us;
        if (w->held.n == 0) w->together = 0;
    }
    i->state = FREE;
}

void item_queue(hub *h, item *i, uint64_t now_us, bool front) {
    list *queue = &h->stages[i->stage].queue;
    i->state = QUEUED;
    i->entered_us = now_us;
    if (front) list_push_front(queue, i);
    else list_push(queue, i);
}

void item_delay(hub *h, item *i, uint64_t due_us) {
    i->state = DELAYED;
    i->due_us = due_us;
    list_push(&h->stages[i->stage].delayed, i);
}

void item_trouble(hub *h, item *i, wr_str slot, wr_str status, wr_str text) {
    if (i->n_history == HUB_HISTORY) { /* the first and the latest are kept */
        memmove(&i->history[1], &i->history[2], (HUB_HISTORY - 2) * sizeof *i->history);
        i->n_history--;
    }
    hub_trouble *t = &i->history[i->n_history++];
    t->stage = h->stages[i->stage].name;
    text_copy(t->slot, sizeof t->slot, slot);
    text_copy(t->status, sizeof t->status, status);
    text_copy(t->text, sizeof t->text, text);
}

void item_done(hub *h, item *i, uint64_t now_us, hub_payload output) {
    stage *s = &h->stages[i->stage];
    item_take(h, i, now_us);
    s->done++;
    histogram_add(&s->worked, now_us - i->leased_us);
    if (output.handle) {
        if (i->payload.handle) h->port.release(h->port.ctx, i->payload);
        h->bytes += output.size - i->payload.size;
        i->payload = output;
    }
    s->bytes_out += i->payload.size;
    if (h->n_watchers) watch_copy(h, i->stage, i, WR_STR("ok"), true);
    if (i->stage + 1u == h->config.n_stages) {
        item_complete(h, i, now_us, WR_VERDICT_PASS, WR_STR("ok"), (wr_str){0}, false);
        return;
    }
    i->stage++;
    i->attempts = i->retries = i->together = 0;
    h->stages[i->stage].in++;
    h->stages[i->stage].bytes_in += i->payload.size;
    item_queue(h, i, now_us, false);
}

/* ---- ends ---- */

void source_tell(source *s, uint64_t ref, wr_verdict verdict, wr_str status, wr_str where,
                 wr_str text, bool dead) {
    static const char *const verdicts[] = {[WR_VERDICT_PASS] = "pass",
                                           [WR_VERDICT_DROP] = "drop",
                                           [WR_VERDICT_REJECT] = "reject",
                                           [WR_VERDICT_RETRY] = "retry",
                                           [WR_VERDICT_FATAL] = "reject"};
    wr_write_array(&s->outcomes, 6);
    wr_write_uint(&s->outcomes, ref);
    wr_write_str(&s->outcomes, wr_str_c(verdicts[verdict]));
    wr_write_str(&s->outcomes, status);
    wr_write_str(&s->outcomes, where);
    wr_write_str(&s->outcomes, wr_str_slice(text, 0, 1000));
    wr_write_uint(&s->outcomes, dead);
    s->n_outcomes++;
}

static void count_end(stage *s, wr_verdict verdict, wr_str status, bool dead) {
    if (verdict == WR_VERDICT_PASS) return;
    wr_status known = wr_status_of_label(status.ptr, status.len);
    bool other = known == WR_INTERNAL && !wr_str_eq(status, WR_STR("internal"));
    if (other) s->other++;
    else s->by_status[known]++;
    if (dead) s->dead++;
    else if (verdict == WR_VERDICT_REJECT) s->failed++;
    else if (known == WR_DUPLICATE) s->duplicate++;
    else s->filtered++;
}

void item_complete(hub *h, item *i, uint64_t now_us, wr_verdict verdict, wr_str status, wr_str text,
                   bool dead) {
    stage *s = &h->stages[i->stage];
    count_end(s, verdict, status, dead);
    if (verdict != WR_VERDICT_PASS && h->n_watchers) watch_copy(h, i->stage, i, status, false);
    wr_str where = verdict == WR_VERDICT_PASS ? (wr_str){0} : wr_str_c(s->name);
    for (size_t k = 0; k < i->n_waiters; k++) {
        source *waiting = source_of(h, i->waiters[k].session);
        if (!waiting) continue;
        waiting->open--;
        source_tell(waiting, i->waiters[k].ref, verdict, status, where, text, dead);
    }
    h->completed++;
    histogram_add(&h->journey, now_us - i->submitted_us);
    item_forget(h, i);
}

void item_bury(hub *h, item *i, uint64_t now_us, wr_str status, wr_str text) {
    stage *s = &h->stages[i->stage];
    hub_dead dead = {.stage = s->name,
                     .id = id_of(i),
                     .status = status,
                     .text = text,
                     .attempts = i->attempts,
                     .retries = i->retries,
                     .history = i->history,
                     .n_history = i->n_history,
                     .payload = i->payload};
    wr_status kept = h->port.bury(h->port.ctx, &dead);
    char note[300];
    snprintf(note, sizeof note, "%s/%.*s: %.*s%s%s", s->name, (int)i->id_len, i->id,
             (int)(text.len < 150 ? text.len : 150), text.ptr ? text.ptr : "",
             kept == WR_OK ? "" : "; not kept: ", kept == WR_OK ? "" : wr_status_text(kept));
    h->port.note(h->port.ctx, WR_LOG_ERROR, wr_status_of_label(status.ptr, status.len),
                 "dead-letter", note);
    if (kept != WR_OK) s->dead_lost++;
    item_complete(h, i, now_us, WR_VERDICT_REJECT, status, wr_str_c(note), kept == WR_OK);
}
