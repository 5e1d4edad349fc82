/* read.c -- articles out of the store */
#include <common/store/private.h>
#include <common/store/read.h>

#include <stdlib.h>

enum { READ_ARTICLE, READ_FILES, READ_REMOVED, READ_ENTITY, READ_QUOTES, READ_STATEMENTS };

static const char *const statements[READ_STATEMENTS] = {
    "SELECT p.page, a.ordinal, p.id, a.source_id, s.host, a.day, p.kind, p.url, p.fetched,"
    " p.encoding, p.feed, p.model, p.repairs, p.extra, p.size, p.n_articles, a.title, a.site,"
    " a.url, a.published, a.modified, a.section, a.lang, a.agency, a.authors, a.image, a.caption,"
    " a.credit, a.description, a.keywords, a.origins, a.extra, a.quality, a.is_copy, t.paras,"
    " t.text, t.entities, t.dates FROM articles a JOIN pages p ON p.id = a.page_id"
    " JOIN sources s ON s.id = a.source_id LEFT JOIN texts t ON t.article_id = a.id"
    " WHERE a.id = ?",
    "SELECT path, record, offset FROM sightings WHERE page_id = ? ORDER BY path, record",
    "SELECT blocks FROM removals WHERE page_id = ?",
    "SELECT key, type, wikidata, coalesce(label, name) FROM entities WHERE id = ?",
    "SELECT q.n, q.start, q.\"end\", q.kind, q.speaker, q.speaker_start, q.speaker_end, q.cue,"
    " q.confidence, q.words, q.extra, e.key FROM quotes q"
    " LEFT JOIN entities e ON e.id = q.speaker_id WHERE q.article_id = ? ORDER BY q.n",
};

struct wr_reader {
    sqlite3_stmt *stmts[READ_STATEMENTS];
};

wr_status wr_reader_open(sqlite3 *db, wr_reader **out) {
    wr_reader *r = calloc(1, sizeof *r);
    if (!r) return WR_MEMORY;
    for (int i = 0; i < READ_STATEMENTS; i++) {
        int rc = sqlite3_prepare_v3(db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &r->stmts[i],
                                    NULL);
        if (rc == SQLITE_OK) continue;
        wr_reader_close(&r);
        return wr_store_status(rc);
    }
    *out = r;
    return WR_OK;
}

void wr_reader_close(wr_reader **reader) {
    if (!*reader) return;
    for (int i = 0; i < READ_STATEMENTS; i++)
        sqlite3_finalize((*reader)->stmts[i]);
    free(*reader);
    *reader = NULL;
}

static wr_status copy(wr_arena *arena, sqlite3_stmt *stmt, int at, wr_str *out) {
    return wr_arena_copy(arena, store_column(stmt, at), out);
}

static uint64_t column_uint(sqlite3_stmt *stmt, int at) {
    int64_t v = sqlite3_column_int64(stmt, at);
    return v < 0 ? 0 : (uint64_t)v;
}

/* The array a column holds, as parsed; NULL when it holds none. */
static wr_status parse(wr_arena *arena, wr_str text, const wr_json **out) {
    wr_json *root = NULL;
    *out = NULL;
    if (text.len == 0) return WR_OK;
    WR_TRY(wr_json_parse(arena, text, &root));
    if (root->type != WR_JSON_ARRAY) return WR_MALFORMED;
    *out = root;
    return WR_OK;
}

/* Element i of an array, or NULL. */
static const wr_json *at(const wr_json *list, size_t i) {
    const wr_json *item = list && list->type == WR_JSON_ARRAY ? list->items : NULL;
    while (item && i--)
        item = item->next;
    return item;
}

static wr_str text_of(const wr_json *value) {
    return value && value->type == WR_JSON_STRING ? value->string : (wr_str){0};
}

/* ---- parts ---- */

static wr_status read_paras(wr_arena *arena, wr_str json, wr_stored *a) {
    const wr_json *list;
    WR_TRY(parse(arena, json, &list));
    if (!list) return WR_OK;
    a->paras = wr_arena_array(arena, list->n, sizeof *a->paras);
    if (!a->paras) return WR_MEMORY;
    for (const wr_json *p = list->items; p; p = p->next) {
        wr_str kind = text_of(at(p, 4));
        uint64_t start = wr_json_as_uint(at(p, 0)), length = wr_json_as_uint(at(p, 1));
        uint64_t source = wr_json_as_uint(at(p, 2));
        const wr_json *other = at(p, 3); /* none: as long in the source as in the text */
        uint64_t source_length = other ? wr_json_as_uint(other) : p->n > 2 ? length : 0;
        a->paras[a->n_paras++] = (wr_stored_span){.start = start,
                                                  .end = start + length,
                                                  .source_start = source,
                                                  .source_end = source + source_length,
                                                  .kind = kind.len ? kind : WR_STR("paragraph")};
    }
    return WR_OK;
}

static wr_status read_mentions(wr_arena *arena, const wr_json *list, wr_stored_entity *e) {
    if (!list || list->type != WR_JSON_ARRAY) return WR_OK;
    e->mentions = wr_arena_array(arena, list->n, sizeof *e->mentions);
    if (!e->mentions) return WR_MEMORY;
    for (const wr_json *m = list->items; m; m = m->next) {
        uint64_t start = wr_json_as_uint(at(m, 0));
        const wr_json *own = at(m, 2); /* none: the entity's */
        e->mentions[e->n_mentions++] = (wr_stored_span){
            .start = start,
            .end = start + wr_json_as_uint(at(m, 1)),
            .confidence = own ? (double)wr_json_as_uint(own) / 1000 : e->confidence};
    }
    return WR_OK;
}

/* JSON text again of a parsed member that is passed on as it is. */
static wr_status json_text(wr_arena *arena, const wr_json *value, wr_str *out) {
    wr_buf buf = WR_BUF_INIT(STORE_MAX_JSON);
    *out = (wr_str){0};
    if (!value) return WR_OK;
    wr_json_value(&buf, value);
    wr_status status =
        buf.status == WR_OK ? wr_arena_copy(arena, wr_buf_str(&buf), out) : buf.status;
    wr_buf_free(&buf);
    return status;
}

static wr_status read_entity(wr_reader *r, wr_arena *arena, const wr_json *row,
                             wr_stored_entity *e) {
    sqlite3_stmt *stmt = r->stmts[READ_ENTITY];
    e->number = (int64_t)wr_json_as_uint(at(row, 0));
    e->name = text_of(at(row, 1));
    e->confidence = (double)wr_json_as_uint(at(row, 2)) / 1000;
    WR_TRY(read_mentions(arena, at(row, 3), e));
    const wr_json *rest = at(row, 4);
    e->role = text_of(wr_json_member(rest, "role"));
    e->country = text_of(wr_json_member(rest, "country"));
    e->origin = text_of(wr_json_member(rest, "origin"));
    WR_TRY(json_text(arena, wr_json_member(rest, "candidates"), &e->candidates));
    WR_TRY(json_text(arena, wr_json_member(rest, "extra"), &e->extra));
    sqlite3_bind_int64(stmt, 1, e->number);
    int rc = sqlite3_step(stmt);
    wr_status status = rc == SQLITE_ROW    ? WR_OK
                       : rc == SQLITE_DONE ? WR_MALFORMED
                                           : wr_store_status(rc);
    if (status == WR_OK) status = copy(arena, stmt, 0, &e->key);
    if (status == WR_OK) status = copy(arena, stmt, 1, &e->type);
    if (status == WR_OK) status = copy(arena, stmt, 2, &e->wikidata);
    if (status == WR_OK && e->name.len == 0) status = copy(arena, stmt, 3, &e->name);
    sqlite3_reset(stmt);
    return status;
}

static wr_status read_entities(wr_reader *r, wr_arena *arena, wr_str json, wr_stored *a) {
    const wr_json *list;
    WR_TRY(parse(arena, json, &list));
    if (!list) return WR_OK;
    a->entities = wr_arena_array(arena, list->n, sizeof *a->entities);
    if (!a->entities) return WR_MEMORY;
    for (const wr_json *row = list->items; row; row = row->next)
        WR_TRY(read_entity(r, arena, row, &a->entities[a->n_entities++]));
    return WR_OK;
}

static wr_status read_dates(wr_arena *arena, wr_str json, wr_stored *a) {
    const wr_json *list;
    WR_TRY(parse(arena, json, &list));
    if (!list) return WR_OK;
    a->dates = wr_arena_array(arena, list->n, sizeof *a->dates);
    if (!a->dates) return WR_MEMORY;
    for (const wr_json *d = list->items; d; d = d->next) {
        const wr_json *basis = at(d, 4);
        a->dates[a->n_dates++] =
            (wr_stored_date){.start = wr_json_as_uint(at(d, 0)),
                             .end = wr_json_as_uint(at(d, 1)),
                             .value = text_of(at(d, 2)),
                             .type = text_of(at(d, 3)),
                             .basis = basis ? text_of(basis) : WR_STR("explicit")};
    }
    return WR_OK;
}

static wr_status read_quote(wr_arena *arena, sqlite3_stmt *stmt, const wr_stored *a,
                            wr_stored_quote *q) {
    *q = (wr_stored_quote){.n = column_uint(stmt, 0),
                           .start = column_uint(stmt, 1),
                           .end = column_uint(stmt, 2),
                           .speaker_start = column_uint(stmt, 5),
                           .speaker_end = column_uint(stmt, 6),
                           .confidence = sqlite3_column_double(stmt, 8)};
    WR_TRY(copy(arena, stmt, 3, &q->kind));
    WR_TRY(copy(arena, stmt, 4, &q->speaker));
    WR_TRY(copy(arena, stmt, 7, &q->cue));
    WR_TRY(copy(arena, stmt, 9, &q->text));
    WR_TRY(copy(arena, stmt, 10, &q->extra));
    WR_TRY(copy(arena, stmt, 11, &q->speaker_key));
    if (q->text.len == 0) q->text = wr_str_slice(a->text, q->start, q->end);
    return WR_OK;
}

static wr_status read_quotes(wr_reader *r, wr_arena *arena, wr_stored *a) {
    sqlite3_stmt *stmt = r->stmts[READ_QUOTES];
    size_t cap = 0;
    int rc;
    wr_status status = WR_OK;
    sqlite3_bind_int64(stmt, 1, a->number);
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        wr_stored_quote *q = WR_PUSH(arena, a->quotes, a->n_quotes, cap);
        status = q ? read_quote(arena, stmt, a, q) : WR_MEMORY;
    }
    sqlite3_reset(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

static wr_status read_files(wr_reader *r, wr_arena *arena, wr_stored *a) {
    sqlite3_stmt *stmt = r->stmts[READ_FILES];
    size_t cap = 0;
    int rc;
    wr_status status = WR_OK;
    sqlite3_bind_int64(stmt, 1, a->page_number);
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (a->n_files == 0) {
            a->record = column_uint(stmt, 1);
            a->offset = column_uint(stmt, 2);
        } else if (wr_str_eq(a->files[a->n_files - 1], store_column(stmt, 0)))
            continue; /* a page twice in one file */
        wr_str *file = WR_PUSH(arena, a->files, a->n_files, cap);
        status = file ? copy(arena, stmt, 0, file) : WR_MEMORY;
    }
    sqlite3_reset(stmt);
    if (a->n_files) a->file = a->files[0];
    return status == WR_OK ? wr_store_status(rc) : status;
}

/* What was removed belongs to the article it is marked with; else to the one whose text last began
 * before it in the source, the first article when none did. */
static bool nearest(const wr_stored *a, const wr_json *row, uint64_t owner) {
    const wr_json *marked = at(row, 4);
    return marked ? wr_json_as_uint(marked) == a->ordinal + 1 : owner == a->ordinal;
}

static wr_status add_removed(wr_arena *arena, const wr_json *list, const uint64_t *begins,
                             wr_stored *a) {
    size_t cap = 0;
    for (const wr_json *row = list ? list->items : NULL; row; row = row->next) {
        uint64_t start = wr_json_as_uint(at(row, 0)), owner = 0;
        for (uint64_t i = 0; i < a->n_articles; i++)
            if (begins[i] <= start && begins[i] >= begins[owner]) owner = i;
        if (!nearest(a, row, owner)) continue;
        wr_stored_removal *removal = WR_PUSH(arena, a->removed, a->n_removed, cap);
        if (!removal) return WR_MEMORY;
        *removal = (wr_stored_removal){.start = start,
                                       .end = wr_json_as_uint(at(row, 1)),
                                       .article = wr_json_as_uint(at(row, 4)),
                                       .reason = text_of(at(row, 2)),
                                       .text = text_of(at(row, 3))};
    }
    return WR_OK;
}

/* Where each article of the page begins in the source. */
static wr_status find_begins(wr_reader *r, wr_arena *arena, const wr_stored *a, uint64_t *begins) {
    for (uint64_t i = 0; i < a->n_articles; i++) {
        wr_stored other = {0};
        begins[i] = UINT64_MAX;
        if (i == a->ordinal) other = *a;
        else {
            sqlite3_stmt *stmt = r->stmts[READ_ARTICLE];
            sqlite3_bind_int64(stmt, 1, a->number - (int64_t)a->ordinal + (int64_t)i);
            wr_status status = WR_OK;
            if (sqlite3_step(stmt) == SQLITE_ROW) {
                wr_str json;
                status = copy(arena, stmt, 34, &json);
                if (status == WR_OK) status = read_paras(arena, json, &other);
            }
            sqlite3_reset(stmt);
            WR_TRY(status);
        }
        for (size_t k = 0; k < other.n_paras; k++)
            if (other.paras[k].source_end && other.paras[k].source_start < begins[i])
                begins[i] = other.paras[k].source_start;
    }
    begins[0] = 0;
    return WR_OK;
}

static wr_status read_removed(wr_reader *r, wr_arena *arena, wr_stored *a) {
    sqlite3_stmt *stmt = r->stmts[READ_REMOVED];
    wr_str json = {0};
    sqlite3_bind_int64(stmt, 1, a->page_number);
    int rc = sqlite3_step(stmt);
    wr_status status = rc == SQLITE_ROW ? copy(arena, stmt, 0, &json) : wr_store_status(rc);
    sqlite3_reset(stmt);
    WR_TRY(status);
    const wr_json *list;
    WR_TRY(parse(arena, json, &list));
    if (!list) return WR_OK;
    if (a->n_articles == 0 || a->n_articles > STORE_MAX_ARTICLES || a->ordinal >= a->n_articles)
        return WR_MALFORMED;
    uint64_t *begins = wr_arena_array(arena, a->n_articles, sizeof *begins);
    if (!begins) return WR_MEMORY;
    WR_TRY(find_begins(r, arena, a, begins));
    return add_removed(arena, list, begins, a);
}

/* ---- the article ---- */

static wr_status read_row(wr_arena *arena, sqlite3_stmt *stmt, wr_stored *a, wr_str json[3]) {
    const struct {
        int at;
        wr_str *to;
    } columns[] = {
        {0, &a->page},      {4, &a->host},     {5, &a->day},         {6, &a->kind},
        {7, &a->page_url},  {8, &a->fetched},  {9, &a->encoding},    {10, &a->feed},
        {11, &a->model},    {12, &a->repairs}, {13, &a->page_extra}, {16, &a->title},
        {17, &a->site},     {18, &a->url},     {19, &a->published},  {20, &a->modified},
        {21, &a->section},  {22, &a->lang},    {23, &a->agency},     {24, &a->authors},
        {25, &a->image},    {26, &a->caption}, {27, &a->credit},     {28, &a->description},
        {29, &a->keywords}, {30, &a->origins}, {31, &a->extra},      {34, &json[0]},
        {35, &a->text},     {36, &json[1]},    {37, &json[2]},
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        WR_TRY(copy(arena, stmt, columns[i].at, columns[i].to));
    a->ordinal = column_uint(stmt, 1);
    a->page_number = sqlite3_column_int64(stmt, 2);
    a->source_number = sqlite3_column_int64(stmt, 3);
    a->size = column_uint(stmt, 14);
    a->n_articles = column_uint(stmt, 15);
    a->quality = sqlite3_column_double(stmt, 32);
    a->is_copy = sqlite3_column_int(stmt, 33);
    a->has_text = sqlite3_column_type(stmt, 35) != SQLITE_NULL;
    return WR_OK;
}

wr_status wr_reader_article(wr_reader *r, wr_arena *arena, int64_t number, wr_stored *out) {
    sqlite3_stmt *stmt = r->stmts[READ_ARTICLE];
    wr_str json[3];
    *out = (wr_stored){.number = number};
    sqlite3_bind_int64(stmt, 1, number);
    int rc = sqlite3_step(stmt);
    wr_status status = rc == SQLITE_ROW    ? read_row(arena, stmt, out, json)
                       : rc == SQLITE_DONE ? WR_NOTFOUND
                                           : wr_store_status(rc);
    sqlite3_reset(stmt);
    WR_TRY(status);
    WR_TRY(wr_arena_printf(arena, &out->id, "%.*s-%llu", (int)out->page.len, out->page.ptr,
                           (unsigned long long)out->ordinal));
    WR_TRY(read_paras(arena, json[0], out));
    WR_TRY(read_entities(r, arena, json[1], out));
    WR_TRY(read_dates(arena, json[2], out));
    WR_TRY(read_quotes(r, arena, out));
    WR_TRY(read_files(r, arena, out));
    return read_removed(r, arena, out);
}
