/* group.c -- duplicate groups kept up to date */
#include "group.h"

#include "dup.h"
#include "statement.h"

#include <common/store/json.h>
#include <wireroom/log.h>

#include <stdlib.h>

#define ARENA_BYTES ((size_t)64 << 20)
#define EDGES_MAX   16 /* pairs written for one article; its group has the rest */

typedef enum group_stmt {
    NEW_TEXTS,
    PUT_EDGE,
    MOVE_MEMBERS,
    EARLIER,
    PUT_MEMBER,
    EARLIEST_OF,
    IS_THERE,
    FACTS,
    STMTS
} group_stmt;

static const char *const sql[STMTS] = {
    [NEW_TEXTS] = "SELECT article_id, text FROM texts WHERE article_id > ?1 AND article_id <= ?2"
                  " ORDER BY article_id",
    [PUT_EDGE] = "INSERT OR REPLACE INTO dup_edges(a, b, kind, score) VALUES(?1, ?2, ?3, ?4)",
    [MOVE_MEMBERS] = "UPDATE dup_members SET earliest_id = ?2 WHERE earliest_id = ?1",
    [EARLIER] =
        "SELECT a.id FROM articles a JOIN pages p ON p.id = a.page_id WHERE a.id IN (?1, ?2)"
        " ORDER BY a.day = '', a.day, coalesce(a.published, ''), p.page, a.ordinal LIMIT 1",
    [PUT_MEMBER] = "INSERT OR REPLACE INTO dup_members(article_id, earliest_id) VALUES(?1, ?2)",
    [EARLIEST_OF] = "SELECT earliest_id FROM dup_members WHERE article_id = ?1",
    [IS_THERE] = "SELECT 1 FROM articles WHERE id = ?1",
    [FACTS] = "SELECT p.page || '-' || a.ordinal, a.title, a.url, coalesce(a.site, s.host, ''),"
              " a.day FROM articles a JOIN pages p ON p.id = a.page_id JOIN sources s"
              " ON s.id = a.source_id WHERE a.id = ?1",
};

struct group {
    group_options options;
    wr_store *store;
    wr_arena *arena;
    dup_index *index;
    int64_t seen;  /* the article looked at last */
    int64_t known; /* articles up to here were grouped by an earlier process */
    bool ready;
    bool moved; /* another process may have grouped articles since */
    sqlite3_stmt *stmts[STMTS];
};

static wr_status prepare(group *g) {
    for (size_t i = 0; i < STMTS; i++) {
        int rc = sqlite3_prepare_v3(wr_store_db(g->store), sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                    &g->stmts[i], NULL);
        if (rc != SQLITE_OK) return wr_store_status(rc);
    }
    return WR_OK;
}

static void finalize(group *g) {
    for (size_t i = 0; i < STMTS; i++) {
        sqlite3_finalize(g->stmts[i]);
        g->stmts[i] = NULL;
    }
}

wr_status group_open(const group_options *options, wr_store *store, group **out) {
    group *g = calloc(1, sizeof *g);
    if (!g) return WR_MEMORY;
    g->options = *options;
    g->store = store;
    *out = g;
    WR_TRY(prepare(g));
    return wr_arena_new("groups", ARENA_BYTES, &g->arena);
}

wr_status group_move(group *g, wr_store *store) {
    finalize(g);
    g->store = store;
    g->moved = true;
    return store ? prepare(g) : WR_OK;
}

void group_close(group **out) {
    group *g = *out;
    if (!g) return;
    finalize(g);
    dup_index_free(&g->index);
    wr_arena_free(&g->arena);
    free(g);
    *out = NULL;
}

void group_rolled_back(group *g) {
    dup_index_free(&g->index);
    g->ready = false;
}

static wr_status read_number(group *g, const char *key, int64_t *out) {
    sqlite3_stmt *s;
    int rc = sqlite3_prepare_v2(wr_store_db(g->store), "SELECT value FROM meta WHERE key = ?1", -1,
                                &s, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
    wr_status status = statement_numbers(s, out, NULL);
    sqlite3_finalize(s);
    return status;
}

static wr_status write_number(group *g, const char *key, int64_t value) {
    sqlite3_stmt *s;
    int rc = sqlite3_prepare_v2(wr_store_db(g->store), "INSERT OR REPLACE INTO meta VALUES(?1, ?2)",
                                -1, &s, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 2, value);
    wr_status status = statement_run(s);
    sqlite3_finalize(s);
    return status;
}

static wr_status add_to_index(group *g, int64_t id, const dup_sketch *sketch) {
    wr_status status = dup_index_add(g->index, (uint64_t)id, sketch);
    if (status != WR_LIMIT) return status;
    size_t keep = dup_index_count(g->index) / 2;
    wr_log(WR_LOG_WARN, WR_LIMIT, "duplicates",
           "the index is full: copies of articles older than the last %zu are not found any more",
           keep);
    WR_TRY(dup_index_forget(g->index, keep));
    return dup_index_add(g->index, (uint64_t)id, sketch);
}

/* ---- groups: each known by its earliest article ---- */

/* The earliest article of the group `id` is in; 0 = it is in none. */
static wr_status group_of(group *g, int64_t id, int64_t *out) {
    sqlite3_bind_int64(g->stmts[EARLIEST_OF], 1, id);
    return statement_numbers(g->stmts[EARLIEST_OF], out, NULL);
}

/* The same: itself, when it is in none. */
static wr_status earliest_of(group *g, int64_t id, int64_t *out) {
    WR_TRY(group_of(g, id, out));
    if (!*out) *out = id;
    return WR_OK;
}

static wr_status earlier(group *g, int64_t a, int64_t b, int64_t *out) {
    sqlite3_bind_int64(g->stmts[EARLIER], 1, a);
    sqlite3_bind_int64(g->stmts[EARLIER], 2, b);
    return statement_numbers(g->stmts[EARLIER], out, NULL);
}

static wr_status put_member(group *g, int64_t id, int64_t earliest) {
    sqlite3_bind_int64(g->stmts[PUT_MEMBER], 1, id);
    sqlite3_bind_int64(g->stmts[PUT_MEMBER], 2, earliest);
    return statement_run(g->stmts[PUT_MEMBER]);
}

/* Joins the groups of two articles under the earlier of their heads. */
static wr_status join(group *g, int64_t a, int64_t b) {
    int64_t head_a, head_b, head;
    WR_TRY(earliest_of(g, a, &head_a));
    WR_TRY(earliest_of(g, b, &head_b));
    if (head_a == head_b) return WR_OK;
    WR_TRY(earlier(g, head_a, head_b, &head));
    int64_t other = head == head_a ? head_b : head_a;
    sqlite3_bind_int64(g->stmts[MOVE_MEMBERS], 1, other);
    sqlite3_bind_int64(g->stmts[MOVE_MEMBERS], 2, head);
    WR_TRY(statement_run(g->stmts[MOVE_MEMBERS]));
    WR_TRY(put_member(g, head, head));
    WR_TRY(put_member(g, other, head));
    return wr_store_mark_copy(g->store, other, true);
}

static wr_status write_edge(group *g, int64_t id, const dup_match *match) {
    sqlite3_stmt *s = g->stmts[PUT_EDGE];
    sqlite3_bind_int64(s, 1, (int64_t)match->id);
    sqlite3_bind_int64(s, 2, id);
    sqlite3_bind_text(s, 3, dup_kind_name(match->kind), -1, SQLITE_STATIC);
    sqlite3_bind_double(s, 4, match->score);
    return statement_run(s);
}

/* ---- what is told about it ---- */

/* What a dup/ message says about an article. */
typedef struct facts {
    wr_str id, title, url, source, day;
} facts;

static wr_status read_facts(group *g, int64_t id, facts *out) {
    sqlite3_stmt *s = g->stmts[FACTS];
    wr_str *const to[] = {&out->id, &out->title, &out->url, &out->source, &out->day};
    bool row;
    sqlite3_bind_int64(s, 1, id);
    wr_status status = statement_step(s, &row);
    *out = (facts){0};
    for (int i = 0; status == WR_OK && row && i < 5; i++)
        status = wr_arena_copy(
            g->arena,
            wr_str_of((const char *)sqlite3_column_text(s, i), (size_t)sqlite3_column_bytes(s, i)),
            to[i]);
    sqlite3_reset(s);
    return status;
}

static void member(wr_buf *json, const char *key, wr_str value) {
    if (!value.len) return;
    wr_json_key(json, key);
    wr_json_str(json, value);
}

static void add_facts(wr_buf *json, const facts *f) {
    member(json, "title", f->title);
    member(json, "url", f->url);
    member(json, "source", f->source);
    member(json, "day", f->day);
}

/* The stronger of two matches: more of it in common; the older of two that are alike. */
static bool stronger(const dup_match *a, const dup_match *b) {
    return !b || a->score > b->score || (a->score == b->score && a->kind < b->kind);
}

static wr_status tell(group *g, int64_t id, const dup_match *match, size_t edges,
                      const int64_t *heads, size_t n_heads) {
    int64_t head;
    facts one, other, earliest;
    wr_buf json = WR_BUF_INIT(1 << 20);
    wr_str topic;
    WR_TRY(earliest_of(g, id, &head));
    WR_TRY(read_facts(g, id, &one));
    WR_TRY(read_facts(g, (int64_t)match->id, &other));
    WR_TRY(read_facts(g, head, &earliest));
    wr_buf_add_char(&json, '{');
    member(&json, "group", earliest.id);
    member(&json, "article", one.id);
    add_facts(&json, &one);
    member(&json, "kind", wr_str_c(dup_kind_name(match->kind)));
    member(&json, "of", other.id);
    wr_json_key(&json, "score");
    wr_json_real(&json, match->score, 3);
    wr_json_key(&json, "edges");
    wr_json_uint(&json, edges);
    wr_buf_add_str(&json, WR_STR(",\"earliest\":{\"id\":"));
    wr_json_str(&json, earliest.id);
    add_facts(&json, &earliest);
    wr_buf_add_str(&json, WR_STR("},\"was\":["));
    wr_status status = WR_OK;
    for (size_t i = 0; i < n_heads && status == WR_OK; i++) {
        facts was;
        if (heads[i] == head) continue;
        status = read_facts(g, heads[i], &was);
        wr_json_comma(&json);
        wr_json_str(&json, was.id);
    }
    wr_buf_add_str(&json, WR_STR("]}"));
    if (status == WR_OK) status = json.status;
    if (status == WR_OK)
        status =
            wr_arena_printf(g->arena, &topic, "dup/%.*s/", (int)earliest.id.len, earliest.id.ptr);
    if (status == WR_OK) status = wr_store_event(g->store, WR_STR("dup"), topic, wr_buf_str(&json));
    wr_buf_free(&json);
    return status;
}

/* ---- articles ---- */

static size_t add_head(int64_t *heads, size_t n, int64_t head) {
    for (size_t i = 0; i < n; i++)
        if (heads[i] == head) return n;
    if (n < EDGES_MAX) heads[n++] = head;
    return n;
}

static wr_status join_copies(group *g, int64_t id, const dup_match *found, size_t n) {
    int64_t heads[EDGES_MAX];
    size_t n_heads = 0, edges = 0;
    const dup_match *best = NULL;
    for (size_t i = 0; i < n; i++) {
        int64_t there, head;
        sqlite3_bind_int64(g->stmts[IS_THERE], 1, (int64_t)found[i].id);
        WR_TRY(statement_numbers(g->stmts[IS_THERE], &there, NULL));
        if (!there) continue; /* forgotten or replaced since */
        if (edges++ < EDGES_MAX) WR_TRY(write_edge(g, id, &found[i]));
        WR_TRY(group_of(g, (int64_t)found[i].id, &head));
        if (head) n_heads = add_head(heads, n_heads, head);
        WR_TRY(join(g, (int64_t)found[i].id, id));
        if (stronger(&found[i], best)) best = &found[i];
    }
    return best ? tell(g, id, best, edges, heads, n_heads) : WR_OK;
}

static wr_status look_at(group *g, int64_t id, wr_str text) {
    dup_sketch sketch;
    dup_match *found;
    size_t n;
    WR_TRY(dup_sketch_of(g->arena, text, &sketch));
    if (id > g->known) {
        WR_TRY(dup_index_find(g->index, g->arena, &sketch, &found, &n));
        WR_TRY(join_copies(g, id, found, n));
    }
    return add_to_index(g, id, &sketch);
}

/* Looks at the articles from the one seen last to `upto`. */
static wr_status look_up_to(group *g, int64_t upto) {
    sqlite3_stmt *s = g->stmts[NEW_TEXTS];
    sqlite3_bind_int64(s, 1, g->seen);
    sqlite3_bind_int64(s, 2, upto);
    bool row = true;
    wr_status status = WR_OK;
    while (status == WR_OK && (status = statement_step(s, &row)) == WR_OK && row) {
        int64_t id = sqlite3_column_int64(s, 0);
        wr_str text =
            wr_str_of((const char *)sqlite3_column_text(s, 1), (size_t)sqlite3_column_bytes(s, 1));
        wr_arena_reset(g->arena);
        status = look_at(g, id, text);
        g->seen = id;
    }
    sqlite3_reset(s);
    return status;
}

static wr_status get_ready(group *g) {
    if (!g->ready || g->moved) WR_TRY(read_number(g, "grouped_to", &g->known));
    g->moved = false;
    if (g->ready) return WR_OK;
    WR_TRY(dup_index_new(g->options.index_bytes, &g->index));
    g->seen = 0;
    g->ready = true;
    return WR_OK;
}

wr_status group_read_ahead(group *g) {
    WR_TRY(get_ready(g));
    wr_status status = look_up_to(g, g->known);
    if (status != WR_OK) group_rolled_back(g);
    return status;
}

wr_status group_new_articles(group *g) {
    WR_TRY(get_ready(g));
    int64_t before = g->seen > g->known ? g->seen : g->known;
    WR_TRY(look_up_to(g, INT64_MAX));
    return g->seen > before ? write_number(g, "grouped_to", g->seen) : WR_OK;
}
