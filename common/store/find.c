/* find.c -- which entity is meant by a name */
#include <common/store/ask.h>
#include <common/store/private.h>

#define CANDIDATES 200 /* of a search by words, before they are put in order */

static wr_status take(sqlite3 *db, wr_arena *arena, const char *sql, wr_str name,
                      wr_found_entity **out, size_t *n, size_t *cap) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    store_bind_text(stmt, 1, name);
    sqlite3_bind_int(stmt, 2, CANDIDATES);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        bool known = false;
        for (size_t i = 0; i < *n && !known; i++)
            known = (*out)[i].entity == sqlite3_column_int64(stmt, 0);
        if (known) continue;
        wr_found_entity *e = WR_PUSH(arena, *out, *n, *cap);
        if (!e) status = WR_MEMORY;
        else
            *e = (wr_found_entity){.entity = sqlite3_column_int64(stmt, 0),
                                   .n_articles = (uint64_t)sqlite3_column_int64(stmt, 5)};
        wr_str *to[] = {e ? &e->key : NULL, e ? &e->name : NULL, e ? &e->type : NULL,
                        e ? &e->wikidata : NULL};
        for (int i = 0; i < 4 && status == WR_OK; i++)
            status = wr_arena_copy(arena, store_column(stmt, i + 1), to[i]);
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

/* "Ada Love" -> "\"Ada\" \"Love\"*": all words, the last may go on. */
static wr_status prefix_query(wr_arena *arena, wr_str name, wr_str *out) {
    wr_buf query = WR_BUF_INIT(4096);
    bool open = false;
    for (size_t i = 0; i < name.len && i < 300; i++) {
        char c = name.ptr[i];
        bool word = !wr_is_space(c) && c != '"' && c != 0;
        if (word && !open) wr_buf_add(&query, query.len ? " \"" : "\"", query.len ? 2 : 1);
        if (!word && open) wr_buf_add_char(&query, '"');
        if (word) wr_buf_add_char(&query, c);
        open = word;
    }
    if (open) wr_buf_add_char(&query, '"');
    if (query.len) wr_buf_add_char(&query, '*');
    wr_status status = wr_arena_copy(arena, wr_buf_str(&query), out);
    wr_buf_free(&query);
    return status;
}

#define COLUMNS                                                                                    \
    "SELECT e.id, e.key, e.name, e.type, e.wikidata,"                                              \
    " coalesce((SELECT doc FROM facet_counts WHERE term = 'e' || e.id), 0) AS articles"

/* By articles, those called exactly so counted four times. */
static void put_in_order(wr_found_entity *list, size_t n, size_t n_words, wr_str name) {
    for (size_t i = 1; i < n; i++) { /* few: the alias matches come behind the sorted ones */
        for (size_t k = i; k > 0; k--) {
            uint64_t weights[2];
            for (size_t j = 0; j < 2; j++) {
                const wr_found_entity *e = &list[k - 1 + j];
                bool exact = wr_str_eq_nocase(e->name, name) || (j == 1 && i >= n_words);
                weights[j] = e->n_articles * (exact ? 4 : 1);
            }
            if (weights[0] >= weights[1]) break;
            wr_found_entity hit = list[k - 1];
            list[k - 1] = list[k];
            list[k] = hit;
        }
    }
}

wr_status wr_find_entities(sqlite3 *db, wr_arena *arena, wr_str name, size_t limit,
                           wr_found_entity **out, size_t *n) {
    static const char *const exact[] = {
        COLUMNS " FROM entities e WHERE e.key = ?1 LIMIT ?2",
        /* the first thousand: what is often named was met early */
        COLUMNS " FROM (SELECT rowid AS id FROM entity_fts WHERE entity_fts MATCH ?1 LIMIT 1000) f"
                " JOIN entities e ON e.id = f.id ORDER BY articles DESC, e.key LIMIT ?2",
        COLUMNS " FROM aliases x JOIN entities e ON e.id = x.entity_id WHERE x.alias = ?1"
                " ORDER BY articles DESC, e.key LIMIT ?2",
    };
    size_t cap = 0;
    wr_str query;
    *out = NULL;
    *n = 0;
    name = wr_str_trim(name);
    if (name.len == 0) return WR_OK;
    WR_TRY(take(db, arena, exact[0], name, out, n, &cap));
    if (*n == 0 && name.len > 1 && name.ptr[0] == 'Q' && wr_is_digit(name.ptr[1])) {
        static const char *const types[] = {"PER", "ORG", "LOC", "MISC"};
        for (size_t i = 0; i < 4; i++) {
            wr_str key;
            WR_TRY(wr_arena_printf(arena, &key, "%s/%.*s", types[i], (int)name.len, name.ptr));
            WR_TRY(take(db, arena, exact[0], key, out, n, &cap));
        }
    }
    if (*n) return WR_OK;
    WR_TRY(prefix_query(arena, name, &query));
    if (query.len) {
        WR_TRY(take(db, arena, exact[1], query, out, n, &cap));
    }
    size_t n_words = *n;
    WR_TRY(take(db, arena, exact[2], name, out, n, &cap));
    put_in_order(*out, *n, n_words, name);
    if (limit && *n > limit) *n = limit;
    return WR_OK;
}
