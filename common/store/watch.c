/* watch.c -- saved queries that are asked of every article that comes */
#include <common/store/private.h>
#include <common/store/watch.h>

#define MEANT       16   /* entities that a name may stand for */
#define MATCHES_MAX 4096 /* of one watch in one commit */

/* ---- the table ---- */

static bool name_ok(wr_str name) {
    for (size_t i = 0; i < name.len; i++)
        if (!wr_is_alpha(name.ptr[i]) && !wr_is_digit(name.ptr[i]) && name.ptr[i] != '-')
            return false;
    return name.len > 0 && name.len <= 64;
}

static wr_status refuse(wr_store *s, const char *why) {
    snprintf(s->why, sizeof s->why, "%s", why);
    return WR_USAGE;
}

/* Steps a statement that gives no rows, in its own transaction. */
static wr_status write(wr_store *s, sqlite3_stmt *stmt, int rc) {
    if (rc == SQLITE_OK) rc = sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE ? WR_OK : store_fail(s, rc, "writing a watch");
}

wr_status wr_watch_add(wr_store *s, const wr_watch *w) {
    int64_t *ids;
    size_t n;
    sqlite3_stmt *stmt = NULL;
    char now[32];
    if (!name_ok(w->name)) return refuse(s, "a name is made of letters, digits and '-'");
    if (!w->words.len && !w->entity.len && !w->source.len && !w->speaker.len)
        return refuse(s, "a watch needs a condition");
    wr_arena_reset(s->arena);
    wr_status status = wr_watch_match(s->db, s->arena, w, 0, 1, &ids, &n);
    if (status == WR_USAGE) return refuse(s, "the words are no query");
    WR_TRY(status);
    store_now(s, now);
    int rc = sqlite3_prepare_v2(
        s->db,
        "INSERT OR REPLACE INTO watches(name, words, entity, source, speaker, action, created,"
        " since, delivered) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT coalesce(max(id), 0) FROM"
        " articles), (SELECT coalesce(max(seq), 0) FROM events))",
        -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        const wr_str texts[] = {w->words, w->entity, w->source, w->speaker, w->action};
        store_bind_text(stmt, 1, w->name);
        for (int i = 0; i < 5; i++)
            store_bind_str(stmt, i + 2, texts[i]);
        sqlite3_bind_text(stmt, 7, now, -1, SQLITE_STATIC);
    }
    return write(s, stmt, rc);
}

wr_status wr_watch_remove(wr_store *s, wr_str name) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db, "DELETE FROM watches WHERE name = ?1", -1, &stmt, NULL);
    if (rc == SQLITE_OK) store_bind_text(stmt, 1, name);
    WR_TRY(write(s, stmt, rc));
    return sqlite3_changes(s->db) ? WR_OK : WR_NOTFOUND;
}

wr_status wr_watch_done(wr_store *s, wr_str name, int64_t seq, int exit_code) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db,
                                "UPDATE watches SET delivered = ?2, runs = runs + 1, failed ="
                                " failed + (?3 <> 0), last_exit = ?3 WHERE name = ?1",
                                -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        store_bind_text(stmt, 1, name);
        sqlite3_bind_int64(stmt, 2, seq);
        sqlite3_bind_int(stmt, 3, exit_code);
    }
    return write(s, stmt, rc);
}

static wr_status read_watch(wr_arena *arena, sqlite3_stmt *stmt, wr_watch *w) {
    wr_str *const to[] = {&w->name,    &w->words,  &w->entity, &w->source,
                          &w->speaker, &w->action, &w->created};
    *w = (wr_watch){.since = sqlite3_column_int64(stmt, 7),
                    .delivered = sqlite3_column_int64(stmt, 8),
                    .runs = sqlite3_column_int64(stmt, 9),
                    .failed = sqlite3_column_int64(stmt, 10),
                    .last_exit = sqlite3_column_type(stmt, 11) == SQLITE_NULL
                                     ? -1
                                     : sqlite3_column_int(stmt, 11)};
    for (int i = 0; i < 7; i++)
        WR_TRY(wr_arena_copy(arena, store_column(stmt, i), to[i]));
    return WR_OK;
}

wr_status wr_watch_list(sqlite3 *db, wr_arena *arena, wr_watch **out, size_t *n) {
    sqlite3_stmt *stmt = NULL;
    size_t cap = 0;
    *out = NULL;
    *n = 0;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT name, words, entity, source, speaker, action, created,"
                                " since, delivered, runs, failed, last_exit FROM watches"
                                " ORDER BY name",
                                -1, &stmt, NULL);
    wr_status status = wr_store_status(rc);
    while (status == WR_OK && *n < WR_WATCHES_MAX && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        wr_watch *w = WR_PUSH(arena, *out, *n, cap);
        status = w ? read_watch(arena, stmt, w) : WR_MEMORY;
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

/* ---- matching ---- */

/* Adds "(e12 OR e13)": what the name may stand for. *none: it stands for nothing here. */
static wr_status add_terms(sqlite3 *db, wr_buf *query, const char *sql, char kind, wr_str name,
                           bool *none) {
    sqlite3_stmt *stmt = NULL;
    size_t n = 0;
    if (!name.len) return WR_OK;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    store_bind_text(stmt, 1, name);
    wr_buf_add_str(query, query->len ? WR_STR(" AND (") : WR_STR("("));
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
        wr_buf_printf(query, "%s%c%lld", n++ ? " OR " : "", kind,
                      (long long)sqlite3_column_int64(stmt, 0));
    wr_buf_add_char(query, ')');
    sqlite3_finalize(stmt);
    if (n == 0) *none = true;
    return wr_store_status(rc);
}

static wr_status facet_query(sqlite3 *db, const wr_watch *w, wr_buf *query, bool *none) {
    static const char entities[] =
        "SELECT id FROM (SELECT id FROM entities WHERE key = ?1 UNION SELECT entity_id FROM aliases"
        " WHERE alias = ?1 UNION SELECT e.id FROM entity_fts f JOIN entities e ON e.id = f.rowid"
        " WHERE entity_fts MATCH '\"' || replace(?1, '\"', ' ') || '\"' AND e.name = ?1) LIMIT 16";
    static const char sources[] =
        "SELECT id FROM sources WHERE key = ?1 OR host = ?1 OR name = ?1 LIMIT 16";
    WR_TRY(add_terms(db, query, entities, 'e', w->entity, none));
    WR_TRY(add_terms(db, query, entities, 's', w->speaker, none));
    return add_terms(db, query, sources, 'h', w->source, none);
}

static wr_status ask(sqlite3 *db, wr_arena *arena, const wr_watch *w, wr_str facets, int64_t after,
                     size_t limit, int64_t **out, size_t *n) {
    static const char words[] = "SELECT rowid FROM article_fts WHERE article_fts MATCH ?1"
                                " AND rowid > ?2 ORDER BY rowid LIMIT ?4";
    static const char named[] = "SELECT rowid FROM facets WHERE facets MATCH ?3 AND rowid > ?2"
                                " ORDER BY rowid LIMIT ?4";
    static const char both[] = "SELECT rowid FROM article_fts WHERE article_fts MATCH ?1"
                               " AND rowid > ?2 AND rowid IN (SELECT rowid FROM facets WHERE"
                               " facets MATCH ?3 AND rowid > ?2) ORDER BY rowid LIMIT ?4";
    sqlite3_stmt *stmt = NULL;
    size_t cap = 0;
    int rc = sqlite3_prepare_v2(db,
                                !facets.len     ? words
                                : !w->words.len ? named
                                                : both,
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    store_bind_text(stmt, 1, w->words);
    sqlite3_bind_int64(stmt, 2, after);
    store_bind_text(stmt, 3, facets);
    sqlite3_bind_int64(stmt, 4, (int64_t)limit);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        int64_t *id = WR_PUSH(arena, *out, *n, cap);
        if (id) *id = sqlite3_column_int64(stmt, 0);
        else status = WR_MEMORY;
    }
    sqlite3_finalize(stmt);
    if (rc == SQLITE_ERROR) return WR_USAGE; /* the index could not read the query */
    return status == WR_OK ? wr_store_status(rc) : status;
}

wr_status wr_watch_match(sqlite3 *db, wr_arena *arena, const wr_watch *w, int64_t after,
                         size_t limit, int64_t **out, size_t *n) {
    wr_buf facets = WR_BUF_INIT(1 << 16);
    bool none = false;
    *out = NULL;
    *n = 0;
    wr_status status = facet_query(db, w, &facets, &none);
    if (status == WR_OK && none && w->words.len)
        limit = 0; /* the words are looked at all the same */
    if (status == WR_OK && facets.status != WR_OK) status = facets.status;
    if (status == WR_OK && (!none || w->words.len))
        status = ask(db, arena, w, none ? (wr_str){0} : wr_buf_str(&facets), after, limit, out, n);
    wr_buf_free(&facets);
    return status;
}

/* ---- messages ---- */

static int64_t one_number(wr_store *s, const char *sql) {
    sqlite3_stmt *stmt = NULL;
    int64_t n = 0;
    if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return n;
}

static wr_status make_body(wr_store *s, const wr_watch *w, int64_t article, wr_buf *json) {
    static const char *const keys[] = {"article", "title", "url", "source", "day"};
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db,
                                "SELECT p.page || '-' || a.ordinal, a.title, a.url,"
                                " coalesce(a.site, s.host), a.day FROM articles a JOIN pages p"
                                " ON p.id = a.page_id JOIN sources s ON s.id = a.source_id"
                                " WHERE a.id = ?1",
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return store_fail(s, rc, "reading an article");
    sqlite3_bind_int64(stmt, 1, article);
    rc = sqlite3_step(stmt);
    wr_buf_clear(json);
    wr_buf_add_str(json, WR_STR("{\"watch\":"));
    wr_json_str(json, w->name);
    for (int i = 0; rc == SQLITE_ROW && i < 5; i++) {
        wr_str value = store_column(stmt, i);
        if (!value.len) continue;
        wr_json_key(json, keys[i]);
        wr_json_str(json, value);
    }
    wr_buf_add_char(json, '}');
    sqlite3_finalize(stmt);
    return json->status;
}

static wr_status tell(wr_store *s, const wr_watch *w, int64_t article) {
    wr_str topic;
    WR_TRY(make_body(s, w, article, &s->json));
    WR_TRY(wr_arena_printf(s->arena, &topic, "watch/%.*s/", (int)w->name.len, w->name.ptr));
    return wr_store_event(s, WR_STR("watch"), topic, wr_buf_str(&s->json));
}

static wr_status ask_one(wr_store *s, const wr_watch *w, int64_t after) {
    int64_t *ids;
    size_t n;
    wr_arena_mark mark = wr_arena_here(s->arena);
    wr_status status = wr_watch_match(s->db, s->arena, w, after > w->since ? after : w->since,
                                      MATCHES_MAX, &ids, &n);
    if (status == WR_USAGE) status = WR_OK, n = 0;
    for (size_t i = 0; status == WR_OK && i < n; i++)
        status = tell(s, w, ids[i]);
    wr_arena_rewind(s->arena, mark);
    return status;
}

wr_status wr_watch_new_articles(wr_store *s) {
    wr_watch *list;
    size_t n;
    char sql[96];
    WR_TRY(store_begin(s));
    if (!one_number(s, "SELECT 1 FROM watches LIMIT 1")) return WR_OK;
    wr_arena_reset(s->arena);
    WR_TRY(wr_watch_list(s->db, s->arena, &list, &n));
    int64_t after = one_number(s, "SELECT value FROM meta WHERE key = 'watched_to'");
    for (size_t i = 0; i < n; i++)
        WR_TRY(ask_one(s, &list[i], after));
    snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO meta VALUES('watched_to', %lld)",
             (long long)s->next_article - 1);
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? WR_OK : store_fail(s, rc, "asking watches");
}
