/* pairs.c -- who is named with whom */
#include <common/store/pair_count.h>
#include <common/store/pairs.h>
#include <common/store/private.h>

#include <math.h>
#include <stdlib.h>

typedef struct counter {
    wr_arena *arena, *scratch;
    wr_pairs *out;
    uint32_t *node_of; /* of an entity's number: its node + 1, 0 = none */
    size_t n_entities;
    uint32_t only; /* node, UINT32_MAX = all */
    pair_table table;
} counter;

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

static wr_status index_nodes(counter *c, int64_t entity) {
    const wr_pair_node *nodes = c->out->nodes;
    for (size_t i = 0; i < c->out->n_nodes; i++) {
        if (nodes[i].entity > UINT32_MAX) return WR_LIMIT;
        if ((size_t)nodes[i].entity >= c->n_entities) c->n_entities = (size_t)nodes[i].entity + 1;
    }
    c->node_of = wr_arena_array(c->arena, c->n_entities + 1, sizeof *c->node_of);
    if (!c->node_of) return WR_MEMORY;
    memset(c->node_of, 0, (c->n_entities + 1) * sizeof *c->node_of);
    for (size_t i = 0; i < c->out->n_nodes; i++) {
        c->node_of[nodes[i].entity] = (uint32_t)i + 1;
        if (entity && nodes[i].entity == entity) c->only = (uint32_t)i;
    }
    return WR_OK;
}

static uint32_t node_of(const counter *c, uint32_t entity) {
    return entity < c->n_entities ? c->node_of[entity] : 0;
}

/* ---- counting ---- */

static wr_status take_pair(void *to, uint32_t a, uint32_t b, uint32_t n) {
    counter *c = to;
    if (!node_of(c, a) || !node_of(c, b)) return WR_OK;
    return pair_table_add(&c->table, a, b, n);
}

/* Of a statement's rows: entities, paragraphs. */
static wr_status count_articles(counter *c, sqlite3_stmt *stmt, int64_t only) {
    wr_status status = WR_OK;
    int rc = SQLITE_DONE;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        status = pair_article(c->scratch, store_column(stmt, 0), store_column(stmt, 1), only,
                              take_pair, c);
    sqlite3_reset(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

/* The articles of one entity. */
static wr_status count_one(sqlite3 *db, counter *c, const wr_pairs_options *o) {
    sqlite3_stmt *stmt = NULL;
    char term[32];
    snprintf(term, sizeof term, "e%lld", (long long)o->entity);
    int rc = sqlite3_prepare_v2(db,
                                "SELECT t.entities, t.paras FROM facets f"
                                " JOIN articles a ON a.id = f.rowid"
                                " JOIN texts t ON t.article_id = a.id"
                                " WHERE a.day >= ?1 AND a.day < ?2 AND facets MATCH ?3",
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    bind_range(stmt, o);
    sqlite3_bind_text(stmt, 3, term, -1, SQLITE_STATIC);
    wr_status status = count_articles(c, stmt, o->entity);
    sqlite3_finalize(stmt);
    return status;
}

typedef struct chunks {
    sqlite3_stmt *kept, *articles;
    int64_t next; /* the first article that is not counted yet */
} chunks;

/* Articles from the first uncounted one up to `until`, one by one. */
static wr_status count_to(counter *c, chunks *k, int64_t until) {
    if (k->next >= until) return WR_OK;
    sqlite3_bind_int64(k->articles, 3, k->next);
    sqlite3_bind_int64(k->articles, 4, until);
    k->next = until;
    return count_articles(c, k->articles, 0);
}

static bool outside(const wr_pairs_options *o, wr_str first, wr_str last) {
    return wr_str_cmp(last, o->since) < 0 || (o->until.len && wr_str_cmp(first, o->until) >= 0);
}

static bool inside(const wr_pairs_options *o, wr_str first, wr_str last) {
    return wr_str_cmp(first, o->since) >= 0 && (!o->until.len || wr_str_cmp(last, o->until) < 0);
}

/* What is kept of a chunk serves when all of its days are in the range, or none is. */
static wr_status count_chunks(counter *c, chunks *k, const wr_pairs_options *o) {
    wr_status status = WR_OK;
    int rc = SQLITE_DONE;
    while (status == WR_OK && (rc = sqlite3_step(k->kept)) == SQLITE_ROW) {
        int64_t from = sqlite3_column_int64(k->kept, 0) * PAIR_CHUNK;
        wr_str first = store_column(k->kept, 1), last = store_column(k->kept, 2);
        bool in = inside(o, first, last);
        status = count_to(c, k, from);
        if (status != WR_OK || (!in && !outside(o, first, last))) continue;
        k->next = from + PAIR_CHUNK;
        if (in) status = pair_unpack(store_column_blob(k->kept, 3), take_pair, c);
    }
    sqlite3_reset(k->kept);
    if (status == WR_OK) status = wr_store_status(rc);
    return status == WR_OK ? count_to(c, k, INT64_MAX) : status;
}

static wr_status count_all(sqlite3 *db, counter *c, const wr_pairs_options *o) {
    chunks k = {0};
    int rc = sqlite3_prepare_v2(
        db, "SELECT chunk, first_day, last_day, pairs FROM pair_chunks ORDER BY chunk", -1, &k.kept,
        NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db,
                                "SELECT t.entities, t.paras FROM texts t"
                                " JOIN articles a ON a.id = t.article_id"
                                " WHERE a.day >= ?1 AND a.day < ?2 AND t.article_id >= ?3"
                                " AND t.article_id < ?4 AND t.entities IS NOT NULL",
                                -1, &k.articles, NULL);
    wr_status status = wr_store_status(rc);
    if (status == WR_OK) {
        bind_range(k.articles, o);
        status = count_chunks(c, &k, o);
    }
    sqlite3_finalize(k.kept);
    sqlite3_finalize(k.articles);
    return status;
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
        const pair_slot *s = &c->table.slots[i];
        if (!s->key || s->n < min) continue;
        uint32_t a = node_of(c, (uint32_t)(s->key >> 32)) - 1;
        uint32_t b = node_of(c, (uint32_t)s->key) - 1;
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
    WR_TRY(o->entity ? count_one(db, c, o) : count_all(db, c, o));
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
    pair_table_free(&c.table);
    wr_arena_free(&c.scratch);
    return status;
}
