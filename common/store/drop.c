/* drop.c -- an article out of the store again, and all that was counted for it */
#include <common/store/pair_count.h>
#include <common/store/private.h>

/* The terms and counts of an article, worked out again from what is stored of it. */
typedef struct taken {
    wr_store *s;
    int64_t article, source, n_bytes, n_paragraphs;
    bool is_copy;
    wr_str day, title, text;
    wr_json *paras, *entities;
} taken;

static size_t para_of(const taken *t, uint64_t at) {
    size_t n = 0;
    for (const wr_json *p = t->paras ? t->paras->items : NULL; p; p = p->next, n++)
        if (p->items && p->items->next &&
            wr_json_as_uint(p->items) + wr_json_as_uint(p->items->next) > at)
            break;
    return n;
}

static wr_status uncount_entity(const taken *t, const wr_json *e, bool again) {
    store_count c = {.owner = (int64_t)wr_json_as_uint(e->items),
                     .articles = again ? 0 : -1,
                     .unique = again || t->is_copy ? 0 : -1};
    const wr_json *spans = e->n > 3 ? e->items->next->next->next : NULL;
    size_t last = SIZE_MAX;
    for (const wr_json *m = spans ? spans->items : NULL; m; m = m->next) {
        size_t para = para_of(t, wr_json_as_uint(m->items));
        c.paragraphs -= para != last;
        c.amount--;
        last = para;
    }
    return store_tally_add(t->s, &t->s->entity_days, t->day, &c);
}

static bool stands_before(const wr_json *list, const wr_json *e) {
    for (const wr_json *x = list->items; x != e; x = x->next)
        if (wr_json_as_uint(x->items) == wr_json_as_uint(e->items)) return true;
    return false;
}

static void add_term(wr_buf *terms, char kind, int64_t id) {
    if (terms->len) wr_buf_add_char(terms, ' ');
    wr_buf_add_char(terms, kind);
    wr_json_int(terms, id);
}

static wr_status unindex(const taken *t) {
    wr_store *s = t->s;
    sqlite3_stmt *stmt = s->stmts[STMT_SPEAKERS];
    bool row = true;
    sqlite3_bind_int64(stmt, 1, t->article);
    for (;;) {
        WR_TRY(store_row(s, STMT_SPEAKERS, &row, "reading speakers"));
        if (!row) break;
        add_term(&s->terms, 's', sqlite3_column_int64(stmt, 0));
    }
    sqlite3_reset(stmt);
    stmt = s->stmts[STMT_FACETS_DROP];
    sqlite3_bind_int64(stmt, 1, t->article);
    store_bind_text(stmt, 2, wr_buf_str(&s->terms));
    WR_TRY(store_run(s, STMT_FACETS_DROP, "taking entities out of the index"));
    stmt = s->stmts[STMT_FTS_DROP];
    sqlite3_bind_int64(stmt, 1, t->article);
    store_bind_text(stmt, 2, t->title);
    store_bind_text(stmt, 3, t->text);
    return store_run(s, STMT_FTS_DROP, "taking a text out of the index");
}

static wr_status uncount(const taken *t) {
    wr_store *s = t->s;
    wr_buf_clear(&s->terms);
    add_term(&s->terms, 'h', t->source);
    for (const wr_json *e = t->entities ? t->entities->items : NULL; e; e = e->next) {
        bool again = stands_before(t->entities, e);
        WR_TRY(uncount_entity(t, e, again));
        if (!again) add_term(&s->terms, 'e', (int64_t)wr_json_as_uint(e->items));
    }
    store_count c = {.owner = t->source,
                     .articles = -1,
                     .unique = t->is_copy ? 0 : -1,
                     .amount = -t->n_bytes,
                     .paragraphs = -t->n_paragraphs};
    WR_TRY(store_tally_add(s, &s->source_days, t->day, &c));
    return unindex(t);
}

static wr_status parse(wr_store *s, wr_str text, wr_json **out) {
    *out = NULL;
    if (text.len == 0) return WR_OK;
    wr_str copy;
    WR_TRY(wr_arena_copy(s->arena, text, &copy));
    if (wr_json_parse(s->arena, copy, out) != WR_OK) *out = NULL; /* damaged: nothing to uncount */
    return WR_OK;
}

static wr_status take(wr_store *s, int64_t id, taken *t, bool *found) {
    sqlite3_stmt *stmt = s->stmts[STMT_ARTICLE_OF_PAGE];
    sqlite3_bind_int64(stmt, 1, id);
    WR_TRY(store_row(s, STMT_ARTICLE_OF_PAGE, found, "reading an article"));
    wr_status status = WR_OK;
    if (*found) {
        *t = (taken){.s = s,
                     .article = id,
                     .source = sqlite3_column_int64(stmt, 1),
                     .n_bytes = sqlite3_column_int64(stmt, 4),
                     .n_paragraphs = sqlite3_column_int64(stmt, 5),
                     .is_copy = sqlite3_column_int(stmt, 6)};
        status = wr_arena_copy(s->arena, store_column(stmt, 2), &t->day);
        if (status == WR_OK) status = wr_arena_copy(s->arena, store_column(stmt, 3), &t->title);
        if (status == WR_OK) status = parse(s, store_column(stmt, 7), &t->paras);
        if (status == WR_OK) status = wr_arena_copy(s->arena, store_column(stmt, 8), &t->text);
        if (status == WR_OK) status = parse(s, store_column(stmt, 9), &t->entities);
    }
    sqlite3_reset(stmt);
    return status;
}

static wr_status delete_where(wr_store *s, const char *table, const char *column, int64_t id) {
    char sql[96];
    snprintf(sql, sizeof sql, "DELETE FROM %s WHERE %s=%lld", table, column, (long long)id);
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? WR_OK : store_fail(s, rc, "removing rows");
}

/* Out of its story, which goes with its last article. */
static wr_status leave_story(wr_store *s, int64_t id) {
    char sql[400];
    snprintf(sql, sizeof sql,
             "UPDATE stories SET n_articles = n_articles - 1 WHERE id = (SELECT story_id FROM"
             " story_articles WHERE article_id = %lld);"
             "DELETE FROM stories WHERE n_articles <= 0 AND merged_into IS NULL AND id = (SELECT"
             " story_id FROM story_articles WHERE article_id = %lld)",
             (long long)id, (long long)id);
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK) return store_fail(s, rc, "taking an article out of its story");
    WR_TRY(delete_where(s, "story_terms", "article_id", id));
    if (sqlite3_changes(s->db)) s->counts.story_terms_dropped++;
    return delete_where(s, "story_window", "article_id", id);
}

static wr_status delete_rows(wr_store *s, int64_t id) {
    static const char *const tables[] = {"quotes", "texts", "dup_members", "story_articles"};
    WR_TRY(leave_story(s, id));
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        WR_TRY(delete_where(s, tables[i], "article_id", id));
    WR_TRY(delete_where(s, "pair_chunks", "chunk", id / PAIR_CHUNK));
    return delete_where(s, "articles", "id", id);
}

static wr_status count_copy(const taken *t, bool is_copy) {
    wr_store *s = t->s;
    int64_t step = is_copy ? -1 : 1;
    for (const wr_json *e = t->entities ? t->entities->items : NULL; e; e = e->next) {
        if (stands_before(t->entities, e)) continue;
        store_count c = {.owner = (int64_t)wr_json_as_uint(e->items), .unique = step};
        WR_TRY(store_tally_add(s, &s->entity_days, t->day, &c));
    }
    store_count c = {.owner = t->source, .unique = step};
    WR_TRY(store_tally_add(s, &s->source_days, t->day, &c));
    char sql[96];
    snprintf(sql, sizeof sql, "UPDATE articles SET is_copy=%d WHERE id=%lld", is_copy,
             (long long)t->article);
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? WR_OK : store_fail(s, rc, "marking a copy");
}

wr_status wr_store_mark_copy(wr_store *s, int64_t article, bool is_copy) {
    taken t;
    bool found;
    wr_arena_mark mark = wr_arena_here(s->arena);
    WR_TRY(store_begin(s));
    WR_TRY(take(s, article, &t, &found));
    wr_status status = found && t.is_copy != is_copy ? count_copy(&t, is_copy) : WR_OK;
    wr_arena_rewind(s->arena, mark);
    return status;
}

/* ---- the group of copies it was in ---- */

static wr_status one_id(wr_store *s, const char *sql, int64_t id, int64_t *out) {
    sqlite3_stmt *stmt = NULL;
    *out = 0;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(stmt, 1, id);
        rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW) *out = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return wr_store_status(rc) == WR_OK ? WR_OK : store_fail(s, rc, "reading a group");
}

/* The earliest of those that are left stands for the group now, and is no copy any more. */
static wr_status leave_group(wr_store *s, int64_t id) {
    static const char heads[] = "SELECT earliest_id FROM dup_members WHERE article_id = ?1";
    static const char next_one[] =
        "SELECT a.id FROM dup_members d JOIN articles a ON a.id = d.article_id JOIN pages p"
        " ON p.id = a.page_id WHERE d.earliest_id = ?1 AND a.id <> ?1 ORDER BY a.day = '', a.day,"
        " coalesce(a.published, ''), p.page, a.ordinal LIMIT 1";
    int64_t head, next;
    char sql[256];
    WR_TRY(one_id(s, heads, id, &head));
    if (!head) return WR_OK;
    snprintf(sql, sizeof sql,
             "DELETE FROM dup_edges WHERE a = %lld; DELETE FROM dup_edges WHERE b = %lld AND a IN"
             " (SELECT article_id FROM dup_members WHERE earliest_id = %lld)",
             (long long)id, (long long)id, (long long)head);
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK) return store_fail(s, rc, "removing edges");
    if (head != id) return WR_OK;
    WR_TRY(one_id(s, next_one, id, &next));
    if (!next) return WR_OK;
    snprintf(sql, sizeof sql, "UPDATE dup_members SET earliest_id = %lld WHERE earliest_id = %lld",
             (long long)next, (long long)id);
    rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK) return store_fail(s, rc, "moving a group");
    return wr_store_mark_copy(s, next, false);
}

wr_status store_drop_article(wr_store *s, int64_t id) {
    taken t;
    bool found;
    wr_arena_mark mark = wr_arena_here(s->arena);
    WR_TRY(take(s, id, &t, &found));
    wr_status status = WR_OK;
    if (found) {
        status = leave_group(s, id);
        if (status == WR_OK) status = uncount(&t);
        if (status == WR_OK) status = delete_rows(s, id);
    }
    wr_arena_rewind(s->arena, mark);
    return status;
}

wr_status store_drop_page(wr_store *s, int64_t page_id) {
    int64_t first = 0, n = 0;
    sqlite3_stmt *stmt = s->stmts[STMT_PAGE_ARTICLES];
    bool row;
    sqlite3_bind_int64(stmt, 1, page_id);
    WR_TRY(store_row(s, STMT_PAGE_ARTICLES, &row, "reading a page"));
    if (row) {
        first = sqlite3_column_int64(stmt, 0);
        n = sqlite3_column_int64(stmt, 1);
    }
    sqlite3_reset(stmt);
    for (int64_t i = 0; i < n; i++)
        WR_TRY(store_drop_article(s, first + i));
    WR_TRY(delete_where(s, "removals", "page_id", page_id));
    return delete_where(s, "pages", "id", page_id);
}
