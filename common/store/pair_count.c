/* pair_count.c -- counting who stands in a paragraph with whom, and those counts as bytes */
#include <common/store/pair_count.h>
#include <common/store/private.h>

#include <stdlib.h>

#define IN_PARA_MAX 64u

typedef struct place {
    uint32_t para, entity;
} place;

/* ---- the table ---- */

static pair_slot *slot_of(const pair_table *t, uint64_t key) {
    size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & (t->cap - 1);
    while (t->slots[i].key && t->slots[i].key != key)
        i = (i + 1) & (t->cap - 1);
    return &t->slots[i];
}

static wr_status grow(pair_table *t) {
    pair_table bigger = {.cap = t->cap ? t->cap * 2 : 1u << 12, .n = t->n};
    bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
    if (!bigger.slots) return WR_AGAIN;
    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i].key) *slot_of(&bigger, t->slots[i].key) = t->slots[i];
    free(t->slots);
    *t = bigger;
    return WR_OK;
}

wr_status pair_table_add(pair_table *t, uint32_t a, uint32_t b, uint32_t n) {
    if (t->n >= t->cap / 4 * 3) WR_TRY(grow(t));
    uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    pair_slot *s = slot_of(t, key);
    t->n += !s->key;
    s->key = key;
    s->n += n;
    return WR_OK;
}

void pair_table_free(pair_table *t) {
    free(t->slots);
    *t = (pair_table){0};
}

/* ---- articles ---- */

static size_t read_ends(const wr_json *paras, uint64_t *ends) {
    size_t n = 0;
    for (const wr_json *p = paras->items; p; p = p->next)
        if (p->items && p->items->next)
            ends[n++] = wr_json_as_uint(p->items) + wr_json_as_uint(p->items->next);
    return n;
}

static uint32_t para_of(const uint64_t *ends, size_t n, uint64_t at) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (ends[mid] <= at) low = mid + 1;
        else high = mid;
    }
    return (uint32_t)low;
}

static int by_place(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->para != y->para) return x->para < y->para ? -1 : 1;
    return (x->entity > y->entity) - (x->entity < y->entity);
}

/* Pairs of the places, which are sorted and each there once. */
static wr_status pair_up(const place *places, size_t n, uint32_t only, pair_take *take, void *ctx) {
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && places[to].para == places[from].para;)
            to++;
        if (to - from > IN_PARA_MAX) continue;
        for (size_t i = from; i < to; i++)
            for (size_t k = i + 1; k < to; k++)
                if (!only || places[i].entity == only || places[k].entity == only)
                    WR_TRY(take(ctx, places[i].entity, places[k].entity, 1));
    }
    return WR_OK;
}

static wr_status read_places(wr_arena *scratch, const wr_json *list, const uint64_t *ends,
                             size_t n_ends, place **out, size_t *n) {
    size_t cap = 0;
    for (const wr_json *e = list->items; e; e = e->next) {
        uint64_t id = e->n < 4 ? 0 : wr_json_as_uint(e->items);
        if (id == 0 || id > UINT32_MAX) continue;
        for (const wr_json *m = e->items->next->next->next->items; m; m = m->next) {
            place *p = WR_PUSH(scratch, *out, *n, cap);
            if (!p) return WR_MEMORY;
            *p = (place){para_of(ends, n_ends, wr_json_as_uint(m->items)), (uint32_t)id};
        }
    }
    return WR_OK;
}

wr_status pair_article(wr_arena *scratch, wr_str entities, wr_str paras, int64_t only,
                       pair_take *take, void *to) {
    wr_json *list, *parts;
    place *places = NULL;
    size_t n = 0, kept = 0;
    wr_arena_reset(scratch);
    wr_status status = wr_json_parse(scratch, entities, &list);
    if (status == WR_OK) status = wr_json_parse(scratch, paras, &parts);
    if (status != WR_OK) return status == WR_MEMORY ? status : WR_OK;
    uint64_t *ends = wr_arena_array(scratch, parts->n + 1, sizeof *ends);
    if (!ends) return WR_MEMORY;
    size_t n_ends = read_ends(parts, ends);
    WR_TRY(read_places(scratch, list, ends, n_ends, &places, &n));
    if (n == 0) return WR_OK;
    qsort(places, n, sizeof *places, by_place);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || by_place(&places[i], &places[kept - 1]) != 0) places[kept++] = places[i];
    return pair_up(places, kept, (uint32_t)only, take, to);
}

/* ---- bytes ---- */

static int by_key(const void *a, const void *b) {
    const pair_slot *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static void put(wr_buf *out, uint64_t v) {
    for (; v >= 0x80; v >>= 7)
        wr_buf_add_char(out, (char)(v | 0x80));
    wr_buf_add_char(out, (char)v);
}

wr_status pair_table_pack(pair_table *t, wr_buf *out) {
    size_t n = 0;
    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i].key) t->slots[n++] = t->slots[i];
    if (n) qsort(t->slots, n, sizeof *t->slots, by_key);
    uint32_t last = 0;
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t a = (uint32_t)(t->slots[from].key >> 32), before = a;
        for (to = from; to < n && t->slots[to].key >> 32 == a;)
            to++;
        put(out, a - last);
        put(out, to - from);
        for (size_t i = from; i < to; i++) {
            put(out, (uint32_t)t->slots[i].key - before);
            put(out, t->slots[i].n);
            before = (uint32_t)t->slots[i].key;
        }
        last = a;
    }
    pair_table_free(t); /* no table any more, but a sorted list */
    return out->status;
}

static bool get(wr_str s, size_t *at, uint32_t *out) {
    uint64_t v = 0;
    for (unsigned shift = 0; *at < s.len && shift < 35; shift += 7) {
        unsigned char c = (unsigned char)s.ptr[(*at)++];
        v |= (uint64_t)(c & 0x7f) << shift;
        if (c < 0x80) {
            *out = (uint32_t)v;
            return v <= UINT32_MAX;
        }
    }
    return false;
}

wr_status pair_unpack(wr_str s, pair_take *take, void *to) {
    uint32_t a = 0, step, partners;
    for (size_t at = 0; at < s.len;) {
        if (!get(s, &at, &step) || !get(s, &at, &partners)) return WR_MALFORMED;
        a += step;
        for (uint32_t i = 0, b = a, n; i < partners; i++) {
            if (!get(s, &at, &step) || !get(s, &at, &n)) return WR_MALFORMED;
            b += step;
            WR_TRY(take(to, a, b, n));
        }
    }
    return WR_OK;
}
