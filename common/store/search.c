/* search.c -- full text search with a ranking whose cost does not grow with the store */
#include <common/store/ask.h>
#include <common/store/private.h>

#include <stdlib.h>

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

/* ---- matches, from the newest articles backwards ---- */

typedef struct match {
    int64_t article;
    double score;
} match;

typedef struct searching {
    sqlite3 *db;
    wr_arena *arena;
    wr_str query, since;
    match *list;
    size_t n, cap;
} searching;

/* How far it looks: among so many newest articles, and on when fewer matches were found. Words so
 * frequent that a look at all of them would take long are found soon. */
static const struct {
    int64_t newest;
    size_t enough;
} steps[] = {{1 << 16, 100}, {1 << 18, 20}, {INT64_MAX, 0}};

static int64_t newest_article(sqlite3 *db) {
    sqlite3_stmt *stmt = NULL;
    int64_t id = 0;
    if (sqlite3_prepare_v2(db, "SELECT max(id) FROM articles", -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        id = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return id;
}

/* The matches of the articles `from` to `to`, the newest first, while there is room for them. */
static wr_status read_matches(searching *s, sqlite3_stmt *stmt, int64_t from, int64_t to, int *rc) {
    wr_status status = WR_OK;
    *rc = SQLITE_DONE;
    store_bind_text(stmt, 1, s->query);
    sqlite3_bind_int64(stmt, 2, from);
    sqlite3_bind_int64(stmt, 3, to);
    while (status == WR_OK && s->n < WR_SEARCH_RANKED && (*rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        match *m = WR_PUSH(s->arena, s->list, s->n, s->cap);
        if (!m) status = WR_MEMORY;
        else *m = (match){sqlite3_column_int64(stmt, 0), sqlite3_column_double(stmt, 1)};
    }
    sqlite3_reset(stmt);
    return status;
}

static bool has_prefix(wr_str query) {
    return query.len && memchr(query.ptr, '*', query.len) != NULL;
}

static wr_status find_matches(searching *s, size_t limit, int *rc) {
    static const char sql[] =
        "SELECT rowid, wr_rank(article_fts) FROM article_fts WHERE article_fts"
        " MATCH ?1 AND rowid >= ?2 AND rowid <= ?3 ORDER BY rowid DESC";
    sqlite3_stmt *stmt = NULL;
    int64_t newest = newest_article(s->db), to = INT64_MAX;
    wr_status status = WR_OK;
    *rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    /* a prefix is looked up as a whole each time, so it is asked for once */
    size_t i = has_prefix(s->query) || s->since.len ? 2 : 0;
    for (; *rc == SQLITE_OK && status == WR_OK && i < sizeof steps / sizeof *steps; i++) {
        int64_t from = newest > steps[i].newest ? newest - steps[i].newest : INT64_MIN;
        size_t enough = steps[i].enough > limit ? steps[i].enough : limit;
        status = read_matches(s, stmt, from, to, rc);
        if (*rc != SQLITE_DONE || s->n >= enough || from == INT64_MIN) break;
        to = from - 1;
        *rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    if (*rc == SQLITE_ROW || *rc == SQLITE_DONE) *rc = SQLITE_OK;
    return status;
}

static wr_status copy_hit(searching *s, sqlite3_stmt *stmt, wr_hit *hit) {
    wr_str *to[] = {&hit->id, &hit->title, &hit->source, &hit->url, &hit->published};
    hit->number = sqlite3_column_int64(stmt, 0);
    for (int i = 0; i < 5; i++)
        WR_TRY(wr_arena_copy(s->arena, store_column(stmt, i + 1), to[i]));
    return snippet_of(s->arena, store_column(stmt, 6), s->query, &hit->snippet);
}

static int by_score(const void *a, const void *b) {
    const match *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return x->article > y->article ? -1 : 1;
}

static wr_status read_hits(searching *s, size_t limit, wr_hit **out, size_t *n) {
    static const char sql[] =
        "SELECT a.id, p.page || '-' || a.ordinal, a.title, coalesce(a.site, s.host), a.url,"
        " a.published, t.text FROM articles a JOIN pages p ON p.id = a.page_id"
        " JOIN sources s ON s.id = a.source_id LEFT JOIN texts t ON t.article_id = a.id"
        " WHERE a.id = ?1 AND a.day >= ?2";
    sqlite3_stmt *stmt = NULL;
    size_t cap = 0;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    if (s->n) qsort(s->list, s->n, sizeof *s->list, by_score);
    wr_status status = WR_OK;
    for (size_t i = 0; status == WR_OK && i < s->n && *n < limit; i++) {
        sqlite3_bind_int64(stmt, 1, s->list[i].article);
        store_bind_text(stmt, 2, s->since);
        rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW) {
            wr_hit *hit = WR_PUSH(s->arena, *out, *n, cap);
            status = hit ? copy_hit(s, stmt, hit) : WR_MEMORY;
            if (status == WR_OK) hit->score = s->list[i].score;
        } else status = wr_store_status(rc);
        sqlite3_reset(stmt);
    }
    sqlite3_finalize(stmt);
    return status;
}

wr_status wr_search(sqlite3 *db, wr_arena *arena, wr_str query, wr_str since, size_t limit,
                    wr_hit **out, size_t *n) {
    searching s = {.db = db, .arena = arena, .since = since};
    int rc;
    *out = NULL;
    *n = 0;
    s.query = wr_str_trim(wr_str_slice(query, 0, QUERY_MAX));
    if (s.query.len == 0) return WR_OK;
    if (limit == 0) limit = 20;
    WR_TRY(add_function(db));
    WR_TRY(find_matches(&s, limit, &rc));
    if (rc == SQLITE_ERROR) { /* no FTS5 expression: take the words */
        WR_TRY(quote_words(arena, s.query, &s.query));
        if (s.query.len == 0) return WR_OK;
        WR_TRY(find_matches(&s, limit, &rc));
    }
    WR_TRY(wr_store_status(rc));
    return read_hits(&s, limit, out, n);
}
