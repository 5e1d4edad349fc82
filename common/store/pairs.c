/* pairs.c -- who is named with whom */
#include <common/store/pairs.h>
#include <common/store/private.h>

#include <math.h>
#include <stdlib.h>

#define IN_PARA_MAX                                                                                \
    64u /* entities of one paragraph that are paired: lists of names are no meeting */

typedef struct slot {
    uint64_t key; /* a << 32 | b, plus 1 so that 0 is free */
    uint32_t n;
} slot;

typedef struct table {
    slot *slots;
    size_t n, cap;
} table;

typedef struct place {
    uint32_t para, node;
} place;

typedef struct counter {
    wr_arena *arena, *scratch;
    wr_pairs *out;
    int64_t *ids; /* sorted entity numbers, beside the node of each */
    uint32_t *nodes;
    table table;
    uint32_t only; /* node, UINT32_MAX = all */
} counter;

/* ---- the table ---- */

static slot *slot_of(const table *t, uint64_t key) {
    size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & (t->cap - 1);
    while (t->slots[i].key && t->slots[i].key != key)
        i = (i + 1) & (t->cap - 1);
    return &t->slots[i];
}

static wr_status grow(table *t) {
    table bigger = {.cap = t->cap ? t->cap * 2 : 1u << 16, .n = t->n};
    bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
    if (!bigger.slots) return WR_AGAIN;
    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i].key) *slot_of(&bigger, t->slots[i].key) = t->slots[i];
    free(t->slots);
    *t = bigger;
    return WR_OK;
}

static wr_status add_pair(table *t, uint32_t a, uint32_t b) {
    if (t->n >= t->cap / 4 * 3) WR_TRY(grow(t));
    uint64_t key = (a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a) + 1;
    slot *s = slot_of(t, key);
    t->n += !s->key;
    s->key = key;
    s->n++;
    return WR_OK;
}

/* ---- nodes ---- */

static void bind_range(sqlite3_stmt *stmt, const wr_pairs_options *o) {
    store_bind_text(stmt, 1, o->since);
    store_bind_text(stmt, 2, o->until.len ? o->until : WR_STR("9999-99-99"));
}

static wr_status copy(wr_arena *arena, sqlite3_stmt *stmt, int at, wr_str *out) {
    return wr_arena_copy(arena, store_column(stmt, at), out);
}

static wr_status read_nodes(sqlite3 *db, counter *c, const wr_pairs_options *o) {
    static const char sql[] =
        "SELECT e.id, e.key, e.name, e.type, e.wikidata, t.articles, t.paragraphs FROM"
        " (SELECT entity_id, sum(n_articles) AS articles, sum(n_paragraphs) AS paragraphs"
        " FROM entity_days WHERE day >= ?1 AND day < ?2 GROUP BY entity_id"
        " HAVING sum(n_paragraphs) >= ?3 OR entity_id = ?4) t JOIN entities e ON e.id = t.entity_id"
        " ORDER BY e.id = ?4 DESC, t.articles DESC, e.key LIMIT ?5";
    sqlite3_stmt *stmt = NULL;
    size_t cap = 0;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    bind_range(stmt, o);
    sqlite3_bind_int64(stmt, 3, o->min);
    sqlite3_bind_int64(stmt, 4, o->entity);
    sqlite3_bind_int64(stmt, 5, o->nodes ? o->nodes : o->entity ? 200000 : 2000);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        wr_pair_node *node = WR_PUSH(c->arena, c->out->nodes, c->out->n_nodes, cap);
        if (!node) status = WR_MEMORY;
        else
            *node = (wr_pair_node){.entity = sqlite3_column_int64(stmt, 0),
                                   .n_articles = (uint64_t)sqlite3_column_int64(stmt, 5),
                                   .n_paragraphs = (uint64_t)sqlite3_column_int64(stmt, 6)};
        if (status == WR_OK) status = copy(c->arena, stmt, 1, &node->key);
        if (status == WR_OK) status = copy(c->arena, stmt, 2, &node->name);
        if (status == WR_OK) status = copy(c->arena, stmt, 3, &node->type);
        if (status == WR_OK) status = copy(c->arena, stmt, 4, &node->wikidata);
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

static int by_id(const void *a, const void *b, void *to) {
    const wr_pair_node *nodes = to;
    int64_t x = nodes[*(const uint32_t *)a].entity, y = nodes[*(const uint32_t *)b].entity;
    return (x > y) - (x < y);
}

static wr_status index_nodes(counter *c, int64_t entity) {
    size_t n = c->out->n_nodes;
    c->ids = wr_arena_array(c->arena, n, sizeof *c->ids);
    c->nodes = wr_arena_array(c->arena, n, sizeof *c->nodes);
    if (!c->ids || !c->nodes) return WR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        c->nodes[i] = (uint32_t)i;
        if (entity && c->out->nodes[i].entity == entity) c->only = (uint32_t)i;
    }
    qsort_r(c->nodes, n, sizeof *c->nodes, by_id, c->out->nodes);
    for (size_t i = 0; i < n; i++)
        c->ids[i] = c->out->nodes[c->nodes[i]].entity;
    return WR_OK;
}

static uint32_t node_of(const counter *c, int64_t id) {
    size_t low = 0, high = c->out->n_nodes;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (c->ids[mid] < id) low = mid + 1;
        else high = mid;
    }
    return low < c->out->n_nodes && c->ids[low] == id ? c->nodes[low] : UINT32_MAX;
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
    return (x->node > y->node) - (x->node < y->node);
}

/* Pairs of the places, which are sorted and each there once. */
static wr_status pair_up(counter *c, const place *places, size_t n) {
    for (size_t from = 0, to; from < n; from = to) {
        bool has_only = false;
        for (to = from; to < n && places[to].para == places[from].para; to++)
            has_only |= places[to].node == c->only;
        if ((c->only != UINT32_MAX && !has_only) || to - from > IN_PARA_MAX) continue;
        for (size_t i = from; i < to; i++)
            for (size_t k = i + 1; k < to; k++)
                if (c->only == UINT32_MAX || places[i].node == c->only || places[k].node == c->only)
                    WR_TRY(add_pair(&c->table, places[i].node, places[k].node));
    }
    return WR_OK;
}

static wr_status add_article(counter *c, wr_str entities, wr_str paras) {
    wr_json *list, *parts;
    place *places = NULL;
    size_t n = 0, cap = 0, kept = 0;
    WR_TRY(wr_json_parse(c->scratch, entities, &list));
    WR_TRY(wr_json_parse(c->scratch, paras, &parts));
    uint64_t *ends = wr_arena_array(c->scratch, parts->n + 1, sizeof *ends);
    if (!ends) return WR_MEMORY;
    size_t n_ends = read_ends(parts, ends);
    for (const wr_json *e = list->items; e; e = e->next) {
        uint32_t node = node_of(c, (int64_t)wr_json_as_uint(e->items));
        if (node == UINT32_MAX || e->n < 4) continue;
        for (const wr_json *m = e->items->next->next->next->items; m; m = m->next) {
            place *p = WR_PUSH(c->scratch, places, n, cap);
            if (!p) return WR_MEMORY;
            *p = (place){para_of(ends, n_ends, wr_json_as_uint(m->items)), node};
        }
    }
    if (n == 0) return WR_OK;
    qsort(places, n, sizeof *places, by_place);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || by_place(&places[i], &places[kept - 1]) != 0) places[kept++] = places[i];
    return pair_up(c, places, kept);
}

static wr_status read_articles(sqlite3 *db, counter *c, const wr_pairs_options *o) {
    static const char all[] = "SELECT g.entities, t.paras FROM articles a"
                              " JOIN tags g ON g.article_id = a.id"
                              " JOIN texts t ON t.article_id = a.id"
                              " WHERE a.day >= ?1 AND a.day < ?2 AND g.entities IS NOT NULL";
    static const char one[] = "SELECT g.entities, t.paras FROM facets f"
                              " JOIN articles a ON a.id = f.rowid"
                              " JOIN tags g ON g.article_id = a.id"
                              " JOIN texts t ON t.article_id = a.id"
                              " WHERE a.day >= ?1 AND a.day < ?2 AND facets MATCH ?3";
    sqlite3_stmt *stmt = NULL;
    char term[32];
    snprintf(term, sizeof term, "e%lld", (long long)o->entity);
    int rc = sqlite3_prepare_v2(db, o->entity ? one : all, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    bind_range(stmt, o);
    if (o->entity) sqlite3_bind_text(stmt, 3, term, -1, SQLITE_STATIC);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        wr_arena_reset(c->scratch);
        status = add_article(c, store_column(stmt, 0), store_column(stmt, 1));
        if (status == WR_MALFORMED) status = WR_OK; /* a damaged row counts for nothing */
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

/* ---- what is given out ---- */

static wr_status total_paragraphs(sqlite3 *db, const wr_pairs_options *o, double *out) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(
        db, "SELECT sum(n_paragraphs) FROM source_days WHERE day >= ?1 AND day < ?2", -1, &stmt,
        NULL);
    if (rc == SQLITE_OK) {
        bind_range(stmt, o);
        rc = sqlite3_step(stmt);
        *out = rc == SQLITE_ROW ? sqlite3_column_double(stmt, 0) : 0;
    }
    sqlite3_finalize(stmt);
    return wr_store_status(rc);
}

static double npmi_of(const wr_pair_node *a, const wr_pair_node *b, uint32_t n, double total) {
    if (n == 0 || total <= 0) return -1;
    double both = n / total;
    if (both >= 1) return 1;
    double pmi = log(both * total * total / ((double)a->n_paragraphs * (double)b->n_paragraphs));
    double v = pmi / -log(both);
    return v < -1 ? -1 : v > 1 ? 1 : v;
}

static wr_status collect(counter *c, uint32_t min, double total) {
    size_t cap = 0;
    wr_pairs *out = c->out;
    for (size_t i = 0; i < c->table.cap; i++) {
        const slot *s = &c->table.slots[i];
        if (!s->key || s->n < min) continue;
        uint32_t a = (uint32_t)((s->key - 1) >> 32), b = (uint32_t)(s->key - 1);
        wr_pair *pair = WR_PUSH(c->arena, out->pairs, out->n_pairs, cap);
        if (!pair) return WR_MEMORY;
        bool swap = wr_str_cmp(out->nodes[a].key, out->nodes[b].key) > 0;
        *pair = (wr_pair){swap ? b : a, swap ? a : b, s->n,
                          npmi_of(&out->nodes[a], &out->nodes[b], s->n, total)};
    }
    return WR_OK;
}

static void measure(wr_pairs *out) {
    for (size_t i = 0; i < out->n_nodes; i++)
        out->nodes[i].degree = out->nodes[i].strength = 0;
    for (size_t i = 0; i < out->n_pairs; i++) {
        wr_pair_node *ends[2] = {&out->nodes[out->pairs[i].a], &out->nodes[out->pairs[i].b]};
        for (size_t k = 0; k < 2; k++) {
            ends[k]->degree++;
            ends[k]->strength += out->pairs[i].n;
        }
    }
}

/* How likely an edge of that weight is when a node's strength is spread at random over its edges.
 */
static double disparity(const wr_pair_node *node, uint32_t n) {
    if (node->degree < 2) return 1;
    return pow(1 - (double)n / (double)node->strength, (double)(node->degree - 1));
}

static void keep_backbone(wr_pairs *out, double level) {
    size_t kept = 0;
    for (size_t i = 0; i < out->n_pairs; i++) {
        wr_pair p = out->pairs[i];
        if (disparity(&out->nodes[p.a], p.n) < level || disparity(&out->nodes[p.b], p.n) < level)
            out->pairs[kept++] = p;
    }
    out->n_pairs = kept;
    measure(out);
}

static int by_count(const void *a, const void *b, void *to) {
    const wr_pair *x = a, *y = b;
    const wr_pair_node *nodes = to;
    if (x->n != y->n) return x->n > y->n ? -1 : 1;
    int c = wr_str_cmp(nodes[x->a].key, nodes[y->a].key);
    return c ? c : wr_str_cmp(nodes[x->b].key, nodes[y->b].key);
}

static wr_status read_all(sqlite3 *db, counter *c, const wr_pairs_options *o) {
    double total = 0;
    WR_TRY(read_nodes(db, c, o));
    WR_TRY(index_nodes(c, o->entity));
    if (o->entity && c->only == UINT32_MAX) return WR_OK;
    WR_TRY(grow(&c->table));
    WR_TRY(read_articles(db, c, o));
    WR_TRY(total_paragraphs(db, o, &total));
    WR_TRY(collect(c, o->min, total));
    measure(c->out);
    if (o->backbone > 0) keep_backbone(c->out, o->backbone);
    if (c->out->n_pairs)
        qsort_r(c->out->pairs, c->out->n_pairs, sizeof *c->out->pairs, by_count, c->out->nodes);
    return WR_OK;
}

wr_status wr_pairs_read(sqlite3 *db, wr_arena *arena, const wr_pairs_options *options,
                        wr_pairs *out) {
    counter c = {.arena = arena, .out = out, .only = UINT32_MAX};
    wr_pairs_options o = *options;
    if (o.min == 0) o.min = 2;
    *out = (wr_pairs){0};
    WR_TRY(wr_arena_new("pairs", STORE_MAX_JSON, &c.scratch));
    wr_status status = read_all(db, &c, &o);
    free(c.table.slots);
    wr_arena_free(&c.scratch);
    return status;
}
