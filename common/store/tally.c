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

/* The counts to the front of the table, in key order; how many. What comes after is not valid. */
static size_t sort_counts(wr_store *s, store_tally *t) {
    size_t n = 0;
    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i].used) t->slots[n++] = t->slots[i];
    if (n) qsort_r(t->slots, n, sizeof *t->slots, by_key, &s->days);
    return n;
}

static wr_status write_counts(wr_store *s, const store_tally *t, size_t n, store_stmt add,
                              store_stmt empty) {
    for (size_t i = 0; i < n; i++) {
        const store_count *c = &t->slots[i];
        if (c->articles || c->unique || c->amount || c->paragraphs)
            WR_TRY(write_count(s, c, add, empty));
    }
    return WR_OK;
}

static wr_status write_day(wr_store *s, const store_count *sum) {
    const char *day = s->days.names[sum->day];
    sqlite3_stmt *stmt = s->stmts[STMT_DAY];
    store_bind_text(stmt, 1, wr_str_c(day));
    sqlite3_bind_int64(stmt, 2, sum->articles);
    sqlite3_bind_int64(stmt, 3, sum->unique);
    sqlite3_bind_int64(stmt, 4, sum->amount);
    sqlite3_bind_int64(stmt, 5, sum->paragraphs);
    WR_TRY(store_run(s, STMT_DAY, "counting"));
    if (sum->articles > 0) return WR_OK;
    store_bind_text(s->stmts[STMT_DAY_EMPTY], 1, wr_str_c(day));
    return store_run(s, STMT_DAY_EMPTY, "counting");
}

/* All sources of each day together. */
static wr_status write_days(wr_store *s, const store_tally *t, size_t n) {
    for (size_t from = 0, to; from < n; from = to) {
        store_count sum = {.day = t->slots[from].day};
        for (to = from; to < n && t->slots[to].day == sum.day; to++) {
            sum.articles += t->slots[to].articles;
            sum.unique += t->slots[to].unique;
            sum.amount += t->slots[to].amount;
            sum.paragraphs += t->slots[to].paragraphs;
        }
        WR_TRY(write_day(s, &sum));
    }
    return WR_OK;
}

wr_status store_tally_flush(wr_store *s) {
    size_t n = sort_counts(s, &s->entity_days);
    WR_TRY(write_counts(s, &s->entity_days, n, STMT_ENTITY_DAY, STMT_ENTITY_DAY_EMPTY));
    store_tally_clear(&s->entity_days);
    n = sort_counts(s, &s->source_days);
    WR_TRY(write_counts(s, &s->source_days, n, STMT_SOURCE_DAY, STMT_SOURCE_DAY_EMPTY));
    WR_TRY(write_days(s, &s->source_days, n));
    store_tally_clear(&s->source_days);
    WR_TRY(store_day_lists_drop(s));
    bool made;
    WR_TRY(store_day_lists_make(s, false, &made));
    s->days.n = 0;
    return WR_OK;
}
