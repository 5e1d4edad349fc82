/* tally.c -- counts of a transaction, summed in memory and written in key order at its end */
#include <common/store/private.h>

#include <stdlib.h>

static wr_status day_index(wr_store *s, wr_str day, uint32_t *out) {
    store_days *days = &s->days;
    for (size_t i = days->n; i-- > 0;) /* the newest is the likeliest */
        if (wr_str_eq(wr_str_c(days->names[i]), day)) {
            *out = (uint32_t)i;
            return WR_OK;
        }
    if (days->n == days->cap) {
        size_t cap = days->cap ? days->cap * 2 : 64;
        char(*names)[11] = realloc(days->names, cap * sizeof *names);
        if (!names) return WR_AGAIN;
        days->names = names;
        days->cap = cap;
    }
    memset(days->names[days->n], 0, sizeof *days->names);
    memcpy(days->names[days->n], day.ptr ? day.ptr : "", day.len < 10 ? day.len : 10);
    *out = (uint32_t)days->n++;
    return WR_OK;
}

static store_count *slot_of(store_tally *t, int64_t owner, uint32_t day) {
    uint64_t hash = ((uint64_t)owner * 0x9e3779b97f4a7c15u) ^ ((uint64_t)day * 0xc2b2ae3d27d4eb4fu);
    size_t i = (size_t)(hash >> 20) & (t->cap - 1);
    while (t->slots[i].used && (t->slots[i].owner != owner || t->slots[i].day != day))
        i = (i + 1) & (t->cap - 1);
    return &t->slots[i];
}

static wr_status grow(store_tally *t) {
    store_tally bigger = {.cap = t->cap ? t->cap * 2 : 4096, .n = t->n};
    bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
    if (!bigger.slots) return WR_AGAIN;
    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i].used) *slot_of(&bigger, t->slots[i].owner, t->slots[i].day) = t->slots[i];
    free(t->slots);
    *t = bigger;
    return WR_OK;
}

void store_tally_clear(store_tally *t) {
    if (t->cap > 1u << 17) {
        free(t->slots);
        *t = (store_tally){0};
    }
    if (t->n) memset(t->slots, 0, t->cap * sizeof *t->slots);
    t->n = 0;
}

wr_status store_tally_add(wr_store *s, store_tally *t, wr_str day, const store_count *delta) {
    uint32_t index;
    WR_TRY(day_index(s, day, &index));
    if (t->n >= t->cap / 4 * 3) WR_TRY(grow(t));
    store_count *c = slot_of(t, delta->owner, index);
    if (!c->used) {
        *c = (store_count){.owner = delta->owner, .day = index, .used = true};
        t->n++;
    }
    c->articles += delta->articles;
    c->unique += delta->unique;
    c->amount += delta->amount;
    c->paragraphs += delta->paragraphs;
    return WR_OK;
}

static int by_key(const void *a, const void *b, void *to) {
    const store_count *x = a, *y = b;
    const store_days *days = to;
    int c = strcmp(days->names[x->day], days->names[y->day]);
    return c ? c : (x->owner > y->owner) - (x->owner < y->owner);
}

static wr_status write_count(wr_store *s, const store_count *c, store_stmt add, store_stmt empty) {
    sqlite3_stmt *stmt = s->stmts[add];
    store_bind_text(stmt, 1, wr_str_c(s->days.names[c->day]));
    sqlite3_bind_int64(stmt, 2, c->owner);
    sqlite3_bind_int64(stmt, 3, c->articles);
    sqlite3_bind_int64(stmt, 4, c->unique);
    sqlite3_bind_int64(stmt, 5, c->amount);
    sqlite3_bind_int64(stmt, 6, c->paragraphs);
    WR_TRY(store_run(s, add, "counting"));
    if (c->articles > 0) return WR_OK;
    stmt = s->stmts[empty];
    store_bind_text(stmt, 1, wr_str_c(s->days.names[c->day]));
    sqlite3_bind_int64(stmt, 2, c->owner);
    return store_run(s, empty, "counting");
}

static wr_status flush(wr_store *s, store_tally *t, store_stmt add, store_stmt empty) {
    size_t n = 0;
    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i].used) t->slots[n++] = t->slots[i];
    if (n) qsort_r(t->slots, n, sizeof *t->slots, by_key, &s->days);
    for (size_t i = 0; i < n; i++) {
        const store_count *c = &t->slots[i];
        if (c->articles || c->unique || c->amount || c->paragraphs)
            WR_TRY(write_count(s, c, add, empty));
    }
    store_tally_clear(t);
    return WR_OK;
}

wr_status store_tally_flush(wr_store *s) {
    WR_TRY(flush(s, &s->entity_days, STMT_ENTITY_DAY, STMT_ENTITY_DAY_EMPTY));
    WR_TRY(flush(s, &s->source_days, STMT_SOURCE_DAY, STMT_SOURCE_DAY_EMPTY));
    s->days.n = 0;
    return WR_OK;
}
