/* article.c -- one article into the open transaction: its row, its text, what was removed */
#include <common/store/private.h>

static bool is_date(wr_str s) {
    if (s.len < 10) return false;
    for (size_t i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? s.ptr[i] != '-' : !wr_is_digit(s.ptr[i])) return false;
    return true;
}

wr_str store_day(const wr_page *page, const wr_article *a) {
    if (is_date(a->published)) return wr_str_slice(a->published, 0, 10);
    if (a->published.len == 0 && is_date(page->fetched)) return wr_str_slice(page->fetched, 0, 10);
    return WR_STR("");
}

/* ---- source ---- */

static wr_status add_source(wr_store *s, wr_str key, wr_str host, wr_str name, int64_t *id) {
    sqlite3_stmt *stmt = s->stmts[STMT_SOURCE_FIND];
    bool row, better = false;
    store_bind_text(stmt, 1, key);
    WR_TRY(store_row(s, STMT_SOURCE_FIND, &row, "looking for a source"));
    if (row) {
        *id = sqlite3_column_int64(stmt, 0);
        better = store_name_better(name, store_column(stmt, 1));
    }
    sqlite3_reset(stmt);
    if (row && !better) return WR_OK;
    stmt = s->stmts[row ? STMT_SOURCE_NAME : STMT_SOURCE_PUT];
    if (row) {
        store_bind_str(stmt, 1, name);
        sqlite3_bind_int64(stmt, 2, *id);
        return store_run(s, STMT_SOURCE_NAME, "naming a source");
    }
    store_bind_text(stmt, 1, key);
    store_bind_str(stmt, 2, host);
    store_bind_str(stmt, 3, name);
    WR_TRY(store_run(s, STMT_SOURCE_PUT, "adding a source"));
    *id = sqlite3_last_insert_rowid(s->db);
    return WR_OK;
}

wr_status store_source(wr_store *s, const wr_page *page, const wr_article *a, int64_t *id) {
    char buf[256];
    wr_str host = wr_store_host(a->url.len ? a->url : page->url, buf, sizeof buf), key = host;
    if (host.len == 0 && a->site.len) {
        wr_str slug;
        WR_TRY(wr_store_slug(s->arena, a->site, &slug));
        WR_TRY(wr_arena_printf(s->arena, &key, "site:%.*s", (int)slug.len, slug.ptr));
    }
    /* both key and name, so that a name not seen yet is looked at */
    uint64_t seen = store_map_key(&s->sources, key, store_map_key(&s->sources, a->site, 0));
    if (store_map_get(&s->sources, seen, id)) return WR_OK;
    WR_TRY(add_source(s, key, host, a->site, id));
    store_map_put(&s->sources, seen, *id);
    return WR_OK;
}

/* ---- JSON columns ---- */

static void add_facts(wr_buf *out, const wr_fact *facts, size_t n) {
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        wr_json_comma(out);
        wr_json_str(out, facts[i].value.len ? facts[i].value : facts[i].name);
    }
    wr_buf_add_char(out, ']');
}

static void add_authors(wr_buf *out, const wr_article *a) {
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < a->n_authors; i++) {
        wr_json_comma(out);
        wr_json_str(out, a->authors[i].name);
    }
    wr_buf_add_char(out, ']');
}

static void add_origin(wr_buf *out, const char *key, wr_str origin) {
    if (origin.len == 0) return;
    wr_json_key(out, key);
    wr_json_str(out, origin);
}

static void add_origins(wr_buf *out, const wr_article *a) {
    wr_buf_add_char(out, '{');
    add_origin(out, "title", a->title_origin);
    add_origin(out, "site", a->site_origin);
    add_origin(out, "url", a->url_origin);
    add_origin(out, "published", a->published_origin);
    add_origin(out, "published_precision", a->published_precision);
    if (a->n_authors) add_origin(out, "authors", a->authors[0].origin);
    wr_buf_add_char(out, '}');
}

/* The parts of the article's text that are in order and inside it. */
static bool para_ok(const wr_article *a, size_t i, uint64_t from) {
    const wr_para *p = &a->paras[i];
    return p->start >= from && p->start < p->end && p->end <= a->text.len;
}

/* [start, length, source start, source length when it is another, kind unless "paragraph"] */
static void add_para(wr_buf *out, const wr_para *p, const wr_block *b) {
    uint64_t length = p->end - p->start, source = b && b->end > b->start ? b->end - b->start : 0;
    bool has_kind = p->kind.len && !wr_str_eq(p->kind, WR_STR("paragraph"));
    uint64_t numbers[4] = {p->start, length, source ? b->start : 0, source};
    size_t n = has_kind || (source && source != length) ? 4 : source ? 3 : 2;
    wr_buf_add_char(out, '[');
    for (size_t k = 0; k < n; k++) {
        wr_json_comma(out);
        wr_json_uint(out, numbers[k]);
    }
    if (has_kind) {
        wr_buf_add_char(out, ',');
        wr_json_str(out, p->kind);
    }
    wr_buf_add_char(out, ']');
}

static size_t add_paras(wr_buf *out, const wr_page *page, const wr_article *a) {
    uint64_t from = 0;
    size_t n = 0;
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < a->n_paras; i++) {
        const wr_para *p = &a->paras[i];
        if (!para_ok(a, i, from)) continue;
        const wr_block *b =
            p->block > 0 && p->block <= page->n_blocks ? &page->blocks[p->block - 1] : NULL;
        wr_json_comma(out);
        add_para(out, p, b);
        from = p->end;
        n++;
    }
    wr_buf_add_char(out, ']');
    return n;
}

/* ---- rows ---- */

static wr_status put_text(wr_store *s, const wr_article *a, int64_t id) {
    sqlite3_stmt *stmt = s->stmts[STMT_TEXT_PUT];
    sqlite3_bind_int64(stmt, 1, id);
    store_bind_text(stmt, 2, wr_buf_str(&s->paras));
    store_bind_json(stmt, 3, &s->json);
    store_bind_json(stmt, 4, &s->slug);
    if (s->offsets_only) sqlite3_bind_null(stmt, 5);
    else store_bind_text(stmt, 5, a->text);
    WR_TRY(store_run(s, STMT_TEXT_PUT, "writing a text"));
    stmt = s->stmts[STMT_FTS_PUT];
    sqlite3_bind_int64(stmt, 1, id);
    store_bind_text(stmt, 2, a->title);
    store_bind_text(stmt, 3, s->offsets_only ? WR_STR("") : a->text);
    return store_run(s, STMT_FTS_PUT, "indexing a text");
}

/* Four JSON columns from one buffer: where each begins. */
static wr_status fill_json(wr_store *s, const wr_article *a, wr_str out[4]) {
    size_t at[5] = {0};
    wr_buf *json = &s->json;
    wr_buf_clear(json);
    add_authors(json, a);
    at[1] = json->len;
    add_facts(json, a->keywords, a->n_keywords);
    at[2] = json->len;
    add_origins(json, a);
    at[3] = json->len;
    WR_TRY(wr_json_extra(json, a->extra, a->n_extra));
    at[4] = json->len;
    if (json->status != WR_OK) return json->status;
    for (size_t i = 0; i < 4; i++) {
        out[i] = wr_str_slice(wr_buf_str(json), at[i], at[i + 1]);
        if (out[i].len <= 2) out[i].len = 0;
    }
    return WR_OK;
}

static wr_status put_row(wr_store *s, const wr_page *page, const wr_article *a, size_t ordinal,
                         int64_t page_id, int64_t id, int64_t source, size_t n_paras) {
    wr_str json[4];
    WR_TRY(fill_json(s, a, json));
    sqlite3_stmt *stmt = s->stmts[STMT_ARTICLE_PUT];
    const wr_str texts[] = {
        a->title,
        a->site,
        a->url,
        a->published,
        a->modified,
        a->section,
        a->lang.len ? a->lang : page->lang,
        a->agency,
        json[0],
        a->image,
        a->caption,
        a->credit,
        a->description,
        json[1],
        json[2],
    };
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, page_id);
    store_bind_uint(stmt, 3, ordinal);
    sqlite3_bind_int64(stmt, 4, source);
    store_bind_text(stmt, 5, store_day(page, a));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        store_bind_str(stmt, 6 + (int)i, texts[i]);
    if (a->quality > 0) sqlite3_bind_double(stmt, 21, a->quality);
    else sqlite3_bind_null(stmt, 21);
    store_bind_uint(stmt, 22, a->text.len);
    store_bind_uint(stmt, 23, n_paras);
    store_bind_uint(stmt, 24, a->n_entities);
    store_bind_uint(stmt, 25, a->n_quotes);
    store_bind_str(stmt, 26, json[3]);
    return store_run(s, STMT_ARTICLE_PUT, "writing an article");
}

wr_status store_put_article(wr_store *s, const wr_page *page, size_t i, int64_t page_id,
                            int64_t id) {
    const wr_article *a = &page->articles[i];
    int64_t source;
    size_t n_quotes;
    WR_TRY(store_source(s, page, a, &source));
    wr_buf_clear(&s->paras);
    size_t n_paras = add_paras(&s->paras, page, a);
    if (s->paras.status != WR_OK) return s->paras.status;
    WR_TRY(put_row(s, page, a, i, page_id, id, source, n_paras));
    WR_TRY(store_put_tags(s, a, id, source, store_day(page, a), &n_quotes));
    WR_TRY(put_text(s, a, id));
    store_count delta = {.owner = source,
                         .articles = 1,
                         .unique = 1,
                         .amount = (int64_t)a->text.len,
                         .paragraphs = (int64_t)n_paras};
    WR_TRY(store_tally_add(s, &s->source_days, store_day(page, a), &delta));
    return store_put_event(s, 1 + a->n_entities + n_quotes, WR_STR("article"), id, WR_STR(""),
                           WR_STR(""), a->n_entities, n_quotes);
}

/* Every block that no article's text holds, with its reason. */
wr_status store_put_removed(wr_store *s, const wr_page *page, int64_t page_id) {
    bool *kept = wr_arena_take(s->arena, page->n_blocks + 1);
    if (!kept) return WR_MEMORY;
    for (size_t i = 0; i < page->n_articles; i++)
        for (size_t k = 0; k < page->articles[i].n_paras; k++)
            if (page->articles[i].paras[k].block <= page->n_blocks)
                kept[page->articles[i].paras[k].block] = true;
    wr_buf *json = &s->json;
    wr_buf_clear(json);
    wr_buf_add_char(json, '[');
    for (size_t i = 0; i < page->n_blocks; i++) {
        const wr_block *b = &page->blocks[i];
        if (kept[i + 1] && b->reason.len == 0) continue;
        wr_str reason = b->reason.len ? b->reason : b->label.len ? b->label : WR_STR("other");
        wr_json_comma(json);
        wr_buf_add_char(json, '[');
        wr_json_uint(json, b->start);
        wr_buf_add_char(json, ',');
        wr_json_uint(json, b->end);
        wr_buf_add_char(json, ',');
        wr_json_str(json, reason);
        wr_buf_add_char(json, ',');
        wr_json_str(json, b->text);
        if (b->article) {
            wr_buf_add_char(json, ',');
            wr_json_uint(json, b->article);
        }
        wr_buf_add_char(json, ']');
    }
    wr_buf_add_char(json, ']');
    if (json->status != WR_OK) return json->status;
    if (json->len == 2) return WR_OK;
    sqlite3_stmt *stmt = s->stmts[STMT_REMOVALS_PUT];
    sqlite3_bind_int64(stmt, 1, page_id);
    store_bind_text(stmt, 2, wr_buf_str(json));
    return store_run(s, STMT_REMOVALS_PUT, "writing what was removed");
}
