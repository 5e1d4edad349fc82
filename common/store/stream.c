/* stream.c -- the outbox as messages */
#include <common/store/private.h>
#include <common/store/stream.h>

#include <stdlib.h>

#define ROWS_MAX 2000 /* of one reading: a rare topic does not hold up the reader */

struct wr_stream {
    wr_reader *reader;
    sqlite3_stmt *rows, *range;
    char store[16];
    wr_buf json, body;
};

/* One row of the outbox: a run of messages. */
typedef struct run {
    uint64_t seq, span, n, n_entity, n_quote;
    int64_t article; /* 0 = none */
    wr_str kind, at, topic, body;
} run;

typedef struct reading {
    wr_stream *stream;
    wr_arena *arena;
    uint64_t from;
    size_t left;
    wr_stream_wants *wants;
    wr_stream_take *take;
    void *to;
    uint64_t next;
} reading;

static wr_status read_store_name(sqlite3 *db, wr_stream *s) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE key = 'store'", -1, &stmt, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        snprintf(s->store, sizeof s->store, "%s", (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return wr_store_status(rc);
}

wr_status wr_stream_open(sqlite3 *db, wr_stream **out) {
    wr_stream *s = calloc(1, sizeof *s);
    if (!s) return WR_MEMORY;
    s->json = s->body = (wr_buf)WR_BUF_INIT(STORE_MAX_JSON);
    wr_status status = read_store_name(db, s);
    if (status == WR_OK) status = wr_reader_open(db, &s->reader);
    if (status == WR_OK)
        status = wr_store_status(sqlite3_prepare_v2(
            db,
            "SELECT seq, span, kind, ref, n, n_entity, n_quote, at, topic, body FROM events"
            " WHERE seq >= coalesce((SELECT max(seq) FROM events WHERE seq <= ?1), 0)"
            " ORDER BY seq",
            -1, &s->rows, NULL));
    if (status == WR_OK)
        status = wr_store_status(sqlite3_prepare_v2(
            db,
            "SELECT coalesce(min(seq), 0), coalesce((SELECT seq + span - 1 FROM events"
            " ORDER BY seq DESC LIMIT 1), 0) FROM events",
            -1, &s->range, NULL));
    if (status != WR_OK) wr_stream_close(&s);
    else *out = s;
    return status;
}

void wr_stream_close(wr_stream **stream) {
    wr_stream *s = *stream;
    if (!s) return;
    wr_reader_close(&s->reader);
    sqlite3_finalize(s->rows);
    sqlite3_finalize(s->range);
    wr_buf_free(&s->json);
    wr_buf_free(&s->body);
    free(s);
    *stream = NULL;
}

wr_status wr_stream_range(wr_stream *s, uint64_t *first, uint64_t *last) {
    int rc = sqlite3_step(s->range);
    if (rc == SQLITE_ROW) {
        *first = (uint64_t)sqlite3_column_int64(s->range, 0);
        *last = (uint64_t)sqlite3_column_int64(s->range, 1);
    }
    sqlite3_reset(s->range);
    return wr_store_status(rc);
}

/* ---- bodies: {v, type, seq, n, store, at} and the members of an object ---- */

static void begin(wr_stream *s, const char *type, uint64_t seq, uint64_t n, wr_str at) {
    wr_buf_clear(&s->json);
    wr_buf_printf(&s->json, "{\"v\":%d,\"type\":\"%s\"", WR_STREAM_VERSION, type);
    if (seq) wr_buf_printf(&s->json, ",\"seq\":%llu", (unsigned long long)seq);
    if (n) wr_buf_printf(&s->json, ",\"n\":%llu", (unsigned long long)n);
    wr_json_key(&s->json, "store");
    wr_json_str(&s->json, wr_str_c(s->store));
    if (at.len) {
        wr_json_key(&s->json, "at");
        wr_json_str(&s->json, at);
    }
}

/* An object that was added behind the head by a renderer: its brace becomes the comma. */
static wr_status end(wr_stream *s, wr_arena *arena, size_t object, wr_message *out) {
    if (s->json.status != WR_OK) return s->json.status;
    if (s->json.len - object > 2) s->json.ptr[object] = ',';
    else {
        s->json.len = object;
        wr_buf_add_char(&s->json, '}');
    }
    wr_json *root;
    WR_TRY(wr_json_parse(arena, wr_buf_str(&s->json), &root));
    wr_buf_clear(&s->body);
    WR_TRY(wr_json_pack(&s->body, root));
    out->body = wr_buf_str(&s->body);
    return WR_OK;
}

static wr_status topic_of(wr_arena *arena, wr_str *out, const char *level, wr_str a, wr_str b) {
    if (b.len)
        return wr_arena_printf(arena, out, "%s/%.*s/%.*s/", level, (int)a.len, a.ptr, (int)b.len,
                               b.ptr);
    return wr_arena_printf(arena, out, "%s/%.*s/", level, (int)a.len, a.ptr);
}

static wr_status lower(wr_arena *arena, wr_str text, wr_str *out) {
    char buf[32];
    if (text.len > sizeof buf) text.len = sizeof buf;
    for (size_t i = 0; i < text.len; i++)
        buf[i] = text.ptr[i] == '/' ? '-' : wr_lower(text.ptr[i]);
    return wr_arena_copy(arena, wr_str_of(buf, text.len), out);
}

static wr_status article_topic(wr_arena *arena, const wr_stored *a, wr_str *out) {
    wr_str lang;
    WR_TRY(lower(arena, a->lang.len ? a->lang : WR_STR("und"), &lang));
    return topic_of(arena, out, "article", lang, a->host.len ? a->host : WR_STR("-"));
}

static wr_status entity_topic(wr_arena *arena, const wr_stored_entity *e, wr_str *out) {
    wr_str type, slug;
    WR_TRY(lower(arena, e->type.len ? e->type : WR_STR("-"), &type));
    WR_TRY(wr_store_slug(arena, e->name, &slug));
    return topic_of(arena, out, "entity", type, slug);
}

static wr_status quote_topic(wr_arena *arena, const wr_stored_quote *q, wr_str *out) {
    wr_str slug = WR_STR("-");
    if (q->speaker.len) WR_TRY(wr_store_slug(arena, q->speaker, &slug));
    return topic_of(arena, out, "quote", slug, (wr_str){0});
}

/* ---- reading ---- */

static bool is_next(const reading *r, uint64_t seq) {
    return seq >= r->from && r->left > 0;
}

static wr_status give(reading *r, wr_message *m) {
    r->left--;
    return r->take(r->to, m);
}

static bool wanted(reading *r, wr_str topic) {
    return !r->wants || r->wants(r->to, topic);
}

/* Message k of an article's run: 0 = the article, then its entities, then its quotes. */
static wr_status give_part(reading *r, const run *row, const wr_stored *a, uint64_t k) {
    wr_stream *s = r->stream;
    wr_message m = {.seq = row->seq + k};
    uint64_t i = k ? k - 1 : 0, q = i >= a->n_entities ? i - a->n_entities : 0;
    bool entity = k && i < a->n_entities, quote = k && !entity;
    wr_status status = entity  ? entity_topic(r->arena, &a->entities[i], &m.topic)
                       : quote ? quote_topic(r->arena, &a->quotes[q], &m.topic)
                               : article_topic(r->arena, a, &m.topic);
    if (status != WR_OK || !wanted(r, m.topic)) return status;
    if (entity) begin(s, "entity", m.seq, row->n_entity - a->n_entities + i + 1, row->at);
    else if (quote) begin(s, "quote", m.seq, row->n_quote - a->n_quotes + q + 1, row->at);
    else begin(s, "article", m.seq, row->n, row->at);
    size_t object = s->json.len;
    WR_TRY(entity  ? wr_render_entity(&s->json, a, i)
           : quote ? wr_render_quote(&s->json, a, q)
                   : wr_render_article(&s->json, a));
    WR_TRY(end(s, r->arena, object, &m));
    return give(r, &m);
}

static wr_status give_gone(reading *r, const run *row) {
    wr_stream *s = r->stream;
    wr_message m = {.seq = row->seq, .topic = WR_STR("sys/gone/")};
    r->next = row->seq + row->span;
    if (!wanted(r, m.topic)) return WR_OK;
    begin(s, "gone", row->seq, 0, row->at);
    size_t object = s->json.len;
    wr_buf_printf(&s->json, "{\"span\":%llu}", (unsigned long long)row->span);
    WR_TRY(end(s, r->arena, object, &m));
    return give(r, &m);
}

static wr_status give_article(reading *r, const run *row) {
    wr_stored a;
    wr_status status = wr_reader_article(r->stream->reader, r->arena, row->article, &a);
    if (status == WR_NOTFOUND || (status == WR_OK && 1 + a.n_entities + a.n_quotes != row->span))
        return give_gone(r, row);
    WR_TRY(status);
    for (uint64_t k = 0; k < row->span; k++) {
        if (row->seq + k < r->from) continue;
        if (!is_next(r, row->seq + k)) return WR_OK;
        wr_arena_mark mark = wr_arena_here(r->arena);
        WR_TRY(give_part(r, row, &a, k));
        wr_arena_rewind(r->arena, mark);
        r->next = row->seq + k + 1;
    }
    return WR_OK;
}

/* A message that was stored whole: its pairs behind the head. */
static wr_status give_stored(reading *r, const run *row) {
    wr_stream *s = r->stream;
    wr_message m = {.seq = row->seq, .topic = row->topic};
    r->next = row->seq + row->span;
    if (row->seq < r->from || !wanted(r, m.topic)) return WR_OK;
    wr_buf_clear(&s->json);
    wr_buf_printf(&s->json, "{\"v\":%d,\"type\":", WR_STREAM_VERSION);
    wr_json_str(&s->json, row->kind);
    wr_buf_printf(&s->json, ",\"seq\":%llu,\"store\":\"%s\",\"at\":", (unsigned long long)row->seq,
                  s->store);
    wr_json_str(&s->json, row->at);
    size_t object = s->json.len;
    wr_buf_add_str(&s->json, row->body);
    WR_TRY(end(s, r->arena, object, &m));
    return give(r, &m);
}

static wr_status copy_run(wr_arena *arena, sqlite3_stmt *stmt, run *row) {
    *row = (run){.seq = (uint64_t)sqlite3_column_int64(stmt, 0),
                 .span = (uint64_t)sqlite3_column_int64(stmt, 1),
                 .article = sqlite3_column_int64(stmt, 3),
                 .n = (uint64_t)sqlite3_column_int64(stmt, 4),
                 .n_entity = (uint64_t)sqlite3_column_int64(stmt, 5),
                 .n_quote = (uint64_t)sqlite3_column_int64(stmt, 6)};
    WR_TRY(wr_arena_copy(arena, store_column(stmt, 2), &row->kind));
    WR_TRY(wr_arena_copy(arena, store_column(stmt, 7), &row->at));
    WR_TRY(wr_arena_copy(arena, store_column(stmt, 8), &row->topic));
    return wr_arena_copy(arena, store_column(stmt, 9), &row->body);
}

static wr_status give_run(reading *r, sqlite3_stmt *stmt) {
    run row;
    WR_TRY(copy_run(r->arena, stmt, &row));
    if (row.span == 0 || row.seq + row.span <= r->from) return WR_OK;
    return row.article ? give_article(r, &row) : give_stored(r, &row);
}

wr_status wr_stream_read(wr_stream *s, wr_arena *arena, uint64_t from, size_t limit,
                         wr_stream_wants *wants, wr_stream_take *take, void *to, uint64_t *next) {
    reading r = {.stream = s,
                 .arena = arena,
                 .from = from ? from : 1,
                 .left = limit,
                 .wants = wants,
                 .take = take,
                 .to = to,
                 .next = from ? from : 1};
    wr_arena_mark mark = wr_arena_here(arena);
    wr_status status = WR_OK;
    int rc = SQLITE_DONE;
    size_t rows = 0;
    sqlite3_bind_int64(s->rows, 1, (int64_t)r.from);
    while (status == WR_OK && r.left > 0 && rows++ < ROWS_MAX &&
           (rc = sqlite3_step(s->rows)) == SQLITE_ROW) {
        status = give_run(&r, s->rows);
        wr_arena_rewind(arena, mark);
    }
    sqlite3_reset(s->rows);
    *next = r.next;
    return status == WR_OK ? wr_store_status(rc) : status;
}

wr_status wr_stream_notice(wr_stream *s, wr_arena *arena, const char *type, wr_str json,
                           wr_message *out) {
    *out = (wr_message){0};
    WR_TRY(wr_arena_printf(arena, &out->topic, "sys/%s/", type));
    begin(s, type, 0, 0, (wr_str){0});
    size_t object = s->json.len;
    wr_buf_add_str(&s->json, json);
    return end(s, arena, object, out);
}
