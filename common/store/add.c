/* add.c -- one page into the open transaction: identity, names it was dropped under, what it holds
 */
#include <common/store/private.h>

#include <xxhash.h>

/* What the page says apart from where it was found: equal digests are the same page. */
static wr_status digest_of(wr_store *s, const wr_page *page, int64_t *digest) {
    wr_page bare = *page;
    bare.file = bare.raw = (wr_str){0};
    bare.record = bare.offset = bare.submitted = bare.completed = 0;
    wr_buf_clear(&s->encoded);
    WR_TRY(wr_page_encode(&bare, &s->encoded));
    *digest = (int64_t)XXH3_64bits(s->encoded.ptr, s->encoded.len);
    return WR_OK;
}

static wr_status put_sighting(wr_store *s, const wr_page *page, int64_t id) {
    sqlite3_stmt *stmt = s->stmts[STMT_SIGHTING_PUT];
    sqlite3_bind_int64(stmt, 1, id);
    store_bind_text(stmt, 2, page->file);
    store_bind_uint(stmt, 3, page->record);
    store_bind_uint(stmt, 4, page->offset);
    return store_run(s, STMT_SIGHTING_PUT, "recording a file name");
}

/* Is (file, record) of this page before all names the stored one came under? */
static wr_status is_first_name(wr_store *s, const wr_page *page, int64_t id, bool *first) {
    bool row;
    sqlite3_stmt *stmt = s->stmts[STMT_SIGHTING_FIRST];
    sqlite3_bind_int64(stmt, 1, id);
    WR_TRY(store_row(s, STMT_SIGHTING_FIRST, &row, "reading a file name"));
    *first = true;
    if (row) {
        int c = wr_str_cmp(page->file, store_column(stmt, 0));
        uint64_t record = (uint64_t)sqlite3_column_int64(stmt, 1);
        *first = c < 0 || (c == 0 && page->record < record);
    }
    sqlite3_reset(stmt);
    return WR_OK;
}

static wr_status put_page_row(wr_store *s, const wr_page *page, int64_t id, int64_t digest) {
    char now[32];
    store_now(s, now);
    sqlite3_stmt *stmt = s->stmts[STMT_PAGE_PUT];
    sqlite3_bind_int64(stmt, 1, id);
    store_bind_text(stmt, 2, page->id);
    sqlite3_bind_int64(stmt, 3, s->next_article);
    store_bind_uint(stmt, 4, page->n_articles);
    store_bind_str(stmt, 5, page->kind);
    store_bind_uint(stmt, 6, page->size);
    store_bind_str(stmt, 7, page->url);
    store_bind_str(stmt, 8, page->fetched);
    store_bind_str(stmt, 9, page->content_type);
    store_bind_str(stmt, 10, page->charset);
    store_bind_str(stmt, 11, page->encoding);
    store_bind_str(stmt, 12, page->lang);
    store_bind_str(stmt, 13, page->feed);
    store_bind_str(stmt, 14, page->model);
    wr_buf *repairs = &s->json, *extra = &s->terms;
    wr_buf_clear(repairs);
    wr_buf_add_char(repairs, '{');
    for (size_t i = 0; i < page->n_repairs; i++) {
        wr_json_comma(repairs);
        wr_json_str(repairs, page->repairs[i].name);
        wr_buf_add_char(repairs, ':');
        wr_json_uint(repairs, page->repairs[i].n);
    }
    wr_buf_add_char(repairs, '}');
    wr_buf_clear(extra);
    WR_TRY(wr_json_extra(extra, page->extra, page->n_extra));
    if (repairs->status != WR_OK) return repairs->status;
    store_bind_json(stmt, 15, repairs);
    store_bind_json(stmt, 16, extra);
    sqlite3_bind_int64(stmt, 17, digest);
    store_bind_text(stmt, 18, wr_str_c(now));
    return store_run(s, STMT_PAGE_PUT, "writing a page");
}

static wr_status put_page(wr_store *s, const wr_page *page, int64_t id, int64_t digest) {
    WR_TRY(put_page_row(s, page, id, digest));
    WR_TRY(put_sighting(s, page, id));
    WR_TRY(store_put_removed(s, page, id));
    for (size_t i = 0; i < page->n_articles; i++)
        WR_TRY(store_put_article(s, page, i, id, s->next_article++));
    s->counts.articles += page->n_articles;
    return WR_OK;
}

wr_status wr_store_accepts(wr_store *s, const wr_page *page) {
    const char *why = NULL;
    if (page->id.len == 0 || page->id.len > 64) why = "the page has no id";
    for (size_t i = 0; i < page->id.len && !why; i++)
        if (!wr_is_digit(page->id.ptr[i]) && !wr_is_alpha(page->id.ptr[i]))
            why = "the page's id is not made of letters and digits";
    if (page->file.len > 4096 * 3) why = "the file's name is too long";
    wr_status status = WR_MALFORMED;
    bool many = page->n_articles > STORE_MAX_ARTICLES;
    for (size_t i = 0; i < page->n_articles && !many; i++)
        many = page->articles[i].n_entities > STORE_MAX_ENTITIES ||
               page->articles[i].n_quotes > STORE_MAX_ENTITIES;
    if (!why && many) {
        why = "the page holds more articles, entities or quotes than the store takes";
        status = WR_LIMIT;
    }
    if (!why) return WR_OK;
    snprintf(s->why, sizeof s->why, "%s", why);
    return status;
}

/* A failure in the middle of a page (a limit) has left rows behind: all go, none is acknowledged.
 */
static wr_status give_up(wr_store *s, wr_status status) {
    if (s->failed == WR_OK) {
        snprintf(s->why, sizeof s->why, "%s: writing a page: %s", s->path, wr_status_text(status));
        store_rollback(s);
        s->failed = WR_AGAIN;
    }
    return status;
}

static wr_status add_known(wr_store *s, const wr_page *page, int64_t id, int64_t stored,
                           int64_t digest, wr_store_outcome *outcome) {
    bool first = false;
    *outcome = WR_STORE_SAME;
    if (stored != digest) WR_TRY(is_first_name(s, page, id, &first));
    if (!first) {
        s->counts.same++;
        return put_sighting(s, page, id);
    }
    *outcome = WR_STORE_REVISED;
    s->counts.revised++;
    WR_TRY(store_drop_page(s, id));
    return put_page(s, page, id, digest);
}

static wr_status add(wr_store *s, const wr_page *page, wr_store_outcome *outcome) {
    bool row;
    int64_t digest;
    WR_TRY(digest_of(s, page, &digest));
    sqlite3_stmt *stmt = s->stmts[STMT_PAGE_FIND];
    store_bind_text(stmt, 1, page->id);
    WR_TRY(store_row(s, STMT_PAGE_FIND, &row, "looking for a page"));
    int64_t id = row ? sqlite3_column_int64(stmt, 0) : 0;
    int64_t stored = row ? sqlite3_column_int64(stmt, 1) : 0;
    sqlite3_reset(stmt);
    s->counts.pages++;
    if (row) return add_known(s, page, id, stored, digest, outcome);
    *outcome = WR_STORE_NEW;
    return put_page(s, page, s->next_page++, digest);
}

wr_status wr_store_add(wr_store *s, const wr_page *page, wr_store_outcome *outcome) {
    WR_TRY(wr_store_accepts(s, page));
    WR_TRY(store_begin(s));
    wr_arena_reset(s->arena);
    wr_status status = add(s, page, outcome);
    return status == WR_OK ? WR_OK : give_up(s, status);
}
