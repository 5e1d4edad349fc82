/* search.c -- full text search with a ranking whose cost does not grow with the store */
#include <common/store/ask.h>
#include <common/store/private.h>

#include <math.h>

#define TITLE_WEIGHT 4.0
#define TEXT_COLUMN  0
#define K1           1.2
#define B            0.75
#define QUERY_MAX    1000u

/* ---- the ranking function ---- */

static fts5_api *api_of(sqlite3 *db) {
    fts5_api *api = NULL;
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(stmt, 1, (void *)&api, "fts5_api_ptr", NULL);
        sqlite3_step(stmt);
    }
    sqlite3_finalize(stmt);
    return api;
}

static double weight_of(int column) {
    return column == TEXT_COLUMN ? 1.0 : TITLE_WEIGHT;
}

static int score_row(const Fts5ExtensionApi *api, Fts5Context *fts, double *out) {
    int n_phrases = api->xPhraseCount(fts), n = 0, tokens = 0;
    sqlite3_int64 all = 0, rows = 1;
    double score = 0, counts[32] = {0};
    int rc = api->xInstCount(fts, &n);
    if (rc == SQLITE_OK) rc = api->xColumnSize(fts, TEXT_COLUMN, &tokens);
    if (rc == SQLITE_OK) rc = api->xColumnTotalSize(fts, TEXT_COLUMN, &all);
    if (rc == SQLITE_OK) rc = api->xRowCount(fts, &rows);
    for (int i = 0; rc == SQLITE_OK && i < n; i++) {
        int phrase, column, offset;
        rc = api->xInst(fts, i, &phrase, &column, &offset);
        if (rc == SQLITE_OK && phrase < 32) counts[phrase] += weight_of(column);
    }
    double mean = rows > 0 && all > 0 ? (double)all / (double)rows : 1;
    double length = K1 * (1 - B + B * tokens / mean);
    for (int i = 0; i < n_phrases && i < 32; i++)
        score += counts[i] * (K1 + 1) / (counts[i] + length);
    *out = score;
    return rc;
}

static void rank_row(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context,
                     int n_args, sqlite3_value **args) {
    double score = 0;
    (void)n_args;
    (void)args;
    int rc = score_row(api, fts, &score);
    if (rc == SQLITE_OK) sqlite3_result_double(context, score);
    else sqlite3_result_error_code(context, rc);
}

/* Registering it again replaces it, which is harmless. */
static wr_status add_function(sqlite3 *db) {
    fts5_api *api = api_of(db);
    if (!api) return WR_UNSUPPORTED;
    return wr_store_status(api->xCreateFunction(api, "wr_rank", NULL, rank_row, NULL));
}

/* ---- the query ---- */

/* The words alone, each quoted, so that nothing in them is an operator. */
static wr_status quote_words(wr_arena *arena, wr_str query, wr_str *out) {
    wr_buf words = WR_BUF_INIT(4 * QUERY_MAX);
    for (size_t i = 0; i < query.len;) {
        size_t end = i;
        while (end < query.len && !wr_is_space(query.ptr[end]))
            end++;
        if (end > i) {
            wr_buf_add(&words, words.len ? " \"" : "\"", words.len ? 2 : 1);
            for (; i < end; i++)
                if (query.ptr[i] != '"' && query.ptr[i] != 0) wr_buf_add_char(&words, query.ptr[i]);
            wr_buf_add_char(&words, '"');
        }
        i = end + 1;
    }
    wr_status status =
        words.status == WR_OK ? wr_arena_copy(arena, wr_buf_str(&words), out) : words.status;
    wr_buf_free(&words);
    return status;
}

/* The row number from which on there are at most WR_SEARCH_RANKED matches. */
static int first_ranked(sqlite3 *db, wr_str query, int64_t *first) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT rowid FROM article_fts WHERE article_fts MATCH ?1"
                                " ORDER BY rowid DESC LIMIT 1 OFFSET ?2",
                                -1, &stmt, NULL);
    *first = 0;
    if (rc == SQLITE_OK) {
        store_bind_text(stmt, 1, query);
        sqlite3_bind_int(stmt, 2, WR_SEARCH_RANKED - 1);
        rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW) *first = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* ---- snippets: made here, because FTS5's own would look each hit up in the index again ---- */

#define SNIPPET_MAX 160u
#define BEFORE      50u

static bool word_byte(char c) {
    return wr_is_alpha(c) || wr_is_digit(c) || (unsigned char)c >= 0x80;
}

/* The next run of letters and digits of the query from *at on that is no operator; empty = none. */
static wr_str next_word(wr_str query, size_t *at) {
    for (;;) {
        while (*at < query.len && !word_byte(query.ptr[*at]))
            ++*at;
        size_t from = *at;
        while (*at < query.len && word_byte(query.ptr[*at]))
            ++*at;
        wr_str word = wr_str_slice(query, from, *at);
        bool is_operator = wr_str_eq(word, WR_STR("AND")) || wr_str_eq(word, WR_STR("OR")) ||
                           wr_str_eq(word, WR_STR("NOT")) || wr_str_eq(word, WR_STR("NEAR"));
        if (!is_operator || word.len == 0) return word;
    }
}

/* Where `word` begins as a word in `text`, whatever its case, or text.len. */
static size_t find_word(wr_str text, wr_str word) {
    for (size_t i = 0; i + word.len <= text.len; i++) {
        if (wr_lower(text.ptr[i]) != wr_lower(word.ptr[0]) || (i && word_byte(text.ptr[i - 1])))
            continue;
        if (wr_str_eq_nocase(wr_str_slice(text, i, i + word.len), word)) return i;
    }
    return text.len;
}

static bool inside_character(wr_str text, size_t at) {
    return at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80;
}

/* The text around the first of the query's words, which stands between angle quotes. */
static wr_status snippet_of(wr_arena *arena, wr_str text, wr_str query, wr_str *out) {
    size_t hit = text.len, at = 0;
    wr_str found = {0};
    for (wr_str word = next_word(query, &at); word.len; word = next_word(query, &at)) {
        size_t here = find_word(text, word);
        if (here < hit) hit = here, found = word;
    }
    if (hit == text.len) hit = 0;
    size_t from = hit > BEFORE ? hit - BEFORE : 0, to = from + SNIPPET_MAX;
    while (from > 0 && from < hit && word_byte(text.ptr[from]))
        from++;
    if (to > text.len) to = text.len;
    if (to < hit + found.len) to = hit + found.len;
    while (inside_character(text, to))
        to--;
    wr_str head = wr_str_slice(text, from, hit), tail = wr_str_slice(text, hit + found.len, to);
    const char *open = found.len ? "\xe2\x80\xb9" : "", *close = found.len ? "\xe2\x80\xba" : "";
    return wr_arena_printf(arena, out, "%s%.*s%s%.*s%s%.*s%s", from ? "\xe2\x80\xa6 " : "",
                           (int)head.len, head.ptr ? head.ptr : "", open, (int)found.len,
                           text.ptr ? text.ptr + hit : "", close, (int)tail.len,
                           tail.ptr ? tail.ptr : "", to < text.len ? " \xe2\x80\xa6" : "");
}

static wr_status copy_hit(wr_arena *arena, sqlite3_stmt *stmt, wr_str query, wr_hit *hit) {
    wr_str *to[] = {&hit->id, &hit->title, &hit->source, &hit->url, &hit->published};
    hit->number = sqlite3_column_int64(stmt, 0);
    hit->score = sqlite3_column_double(stmt, 1);
    for (int i = 0; i < 5; i++)
        WR_TRY(wr_arena_copy(arena, store_column(stmt, i + 2), to[i]));
    return snippet_of(arena, store_column(stmt, 7), query, &hit->snippet);
}

static wr_status read_hits(sqlite3 *db, wr_arena *arena, wr_str query, int64_t first, wr_str since,
                           size_t limit, wr_hit **out, size_t *n) {
    static const char sql[] =
        "SELECT a.id, h.score, p.page || '-' || a.ordinal, a.title, coalesce(a.site, s.host), "
        "a.url,"
        " a.published, t.text"
        " FROM (SELECT f.rowid AS id, wr_rank(article_fts) AS score FROM article_fts f"
        " WHERE article_fts MATCH ?1 AND f.rowid >= ?2 AND (?3 = '' OR"
        " (SELECT day FROM articles x WHERE x.id = f.rowid) >= ?3)"
        " ORDER BY score DESC, f.rowid DESC LIMIT ?4) h"
        " JOIN articles a ON a.id = h.id JOIN pages p ON p.id = a.page_id"
        " JOIN sources s ON s.id = a.source_id LEFT JOIN texts t ON t.article_id = a.id"
        " ORDER BY h.score DESC, h.id DESC";
    sqlite3_stmt *stmt = NULL;
    size_t cap = 0;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    store_bind_text(stmt, 1, query);
    sqlite3_bind_int64(stmt, 2, first);
    store_bind_text(stmt, 3, since);
    sqlite3_bind_int64(stmt, 4, (int64_t)limit);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        wr_hit *hit = WR_PUSH(arena, *out, *n, cap);
        status = hit ? copy_hit(arena, stmt, query, hit) : WR_MEMORY;
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

wr_status wr_search(sqlite3 *db, wr_arena *arena, wr_str query, wr_str since, size_t limit,
                    wr_hit **out, size_t *n) {
    int64_t first;
    *out = NULL;
    *n = 0;
    query = wr_str_trim(wr_str_slice(query, 0, QUERY_MAX));
    if (query.len == 0) return WR_OK;
    WR_TRY(add_function(db));
    int rc = first_ranked(db, query, &first);
    if (rc == SQLITE_ERROR) { /* no FTS5 expression: take the words */
        WR_TRY(quote_words(arena, query, &query));
        if (query.len == 0) return WR_OK;
        rc = first_ranked(db, query, &first);
    }
    WR_TRY(wr_store_status(rc));
    return read_hits(db, arena, query, first, since, limit ? limit : 20, out, n);
}
