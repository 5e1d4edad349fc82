/* render.c -- a stored article as JSON: the published form, with offsets in code points and bytes
 */
#include <common/store/private.h>
#include <common/store/read.h>

static void text_member(wr_buf *out, const char *key, wr_str value) {
    if (value.len == 0) return;
    wr_json_key(out, key);
    wr_json_str(out, value);
}

static void null_or_text(wr_buf *out, const char *key, wr_str value) {
    wr_json_key(out, key);
    if (value.len) wr_json_str(out, value);
    else wr_buf_add(out, "null", 4);
}

static void uint_member(wr_buf *out, const char *key, uint64_t value) {
    wr_json_key(out, key);
    wr_json_uint(out, value);
}

static void json_member(wr_buf *out, const char *key, wr_str json) {
    if (json.len == 0) return;
    wr_json_key(out, key);
    wr_buf_add_str(out, json);
}

/* ---- code points: text[start:end] works in Python with these ---- */

static bool leads(char c) {
    return ((unsigned char)c & 0xc0) != 0x80;
}

/* Code points before byte `at`. Callers go through a text mostly forwards: the cursor remembers the
 * last place. */
typedef struct cursor {
    wr_str text;
    size_t at;
    uint64_t points;
} cursor;

static uint64_t points_at(cursor *c, uint64_t at) {
    if (at > c->text.len) at = c->text.len;
    for (; c->at < at; c->at++)
        c->points += leads(c->text.ptr[c->at]);
    for (; c->at > at; c->at--)
        c->points -= leads(c->text.ptr[c->at - 1]);
    return c->points;
}

/* start, end, byte_start, byte_end of a range of the text; without a text only the bytes. */
static void span_members(wr_buf *out, const wr_stored *a, cursor *c, uint64_t start, uint64_t end) {
    if (a->has_text) {
        uint_member(out, "start", points_at(c, start));
        uint_member(out, "end", points_at(c, end));
    }
    uint_member(out, "byte_start", start);
    uint_member(out, "byte_end", end);
}

/* ---- parts ---- */

static void add_paragraphs(wr_buf *out, const wr_stored *a) {
    wr_json_key(out, "paragraphs");
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < a->n_paras; i++) {
        const wr_stored_span *p = &a->paras[i];
        if (!a->has_text || wr_str_eq(p->kind, WR_STR("title"))) continue;
        wr_json_comma(out);
        wr_json_str(out, wr_str_slice(a->text, p->start, p->end));
    }
    wr_buf_add_char(out, ']');
}

static void add_parts(wr_buf *out, const wr_stored *a, cursor *c) {
    wr_json_key(out, "parts");
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < a->n_paras; i++) {
        const wr_stored_span *p = &a->paras[i];
        wr_json_comma(out);
        wr_buf_add_char(out, '{');
        text_member(out, "kind", p->kind);
        span_members(out, a, c, p->start, p->end);
        if (p->source_end) {
            uint_member(out, "source_start", p->source_start);
            uint_member(out, "source_end", p->source_end);
        }
        wr_buf_add_char(out, '}');
    }
    wr_buf_add_char(out, ']');
}

static void add_removed(wr_buf *out, const wr_stored *a) {
    wr_json_key(out, "removed");
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < a->n_removed; i++) {
        const wr_stored_removal *r = &a->removed[i];
        wr_json_comma(out);
        wr_buf_add_char(out, '{');
        wr_json_key(out, "text");
        wr_json_str(out, r->text);
        text_member(out, "reason", r->reason);
        uint_member(out, "start", r->start);
        uint_member(out, "end", r->end);
        wr_buf_add_char(out, '}');
    }
    wr_buf_add_char(out, ']');
}

static void entity_members(wr_buf *out, const wr_stored *a, const wr_stored_entity *e, cursor *c,
                           const char *type_key) {
    text_member(out, "name", e->name);
    text_member(out, type_key, e->type);
    uint_member(out, "mentions", e->n_mentions);
    text_member(out, "id", e->wikidata);
    text_member(out, "key", e->key);
    text_member(out, "role", e->role);
    text_member(out, "country", e->country);
    text_member(out, "origin", e->origin);
    wr_json_key(out, "confidence");
    wr_json_real(out, e->confidence, 3);
    json_member(out, "candidates", e->candidates);
    json_member(out, "extra", e->extra);
    wr_json_key(out, "spans");
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < e->n_mentions; i++) {
        wr_json_comma(out);
        wr_buf_add_char(out, '{');
        span_members(out, a, c, e->mentions[i].start, e->mentions[i].end);
        wr_json_key(out, "confidence");
        wr_json_real(out, e->mentions[i].confidence, 3);
        wr_buf_add_char(out, '}');
    }
    wr_buf_add_char(out, ']');
}

static void quote_members(wr_buf *out, const wr_stored *a, const wr_stored_quote *q, cursor *c) {
    if (q->text.len) {
        wr_json_key(out, "text");
        wr_json_str(out, q->text);
    }
    null_or_text(out, "speaker", q->speaker);
    text_member(out, "kind", q->kind);
    text_member(out, "speaker_key", q->speaker_key);
    text_member(out, "cue", q->cue);
    wr_json_key(out, "confidence");
    wr_json_real(out, q->confidence, 3);
    span_members(out, a, c, q->start, q->end);
    if (q->speaker_end) {
        wr_json_key(out, "speaker_span");
        wr_buf_add_char(out, '{');
        span_members(out, a, c, q->speaker_start, q->speaker_end);
        wr_buf_add_char(out, '}');
    }
    json_member(out, "extra", q->extra);
}

static void add_dates(wr_buf *out, const wr_stored *a, cursor *c) {
    wr_json_key(out, "dates");
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < a->n_dates; i++) {
        const wr_stored_date *d = &a->dates[i];
        wr_json_comma(out);
        wr_buf_add_char(out, '{');
        if (a->has_text) {
            wr_json_key(out, "text");
            wr_json_str(out, wr_str_slice(a->text, d->start, d->end));
        }
        text_member(out, "value", d->value);
        text_member(out, "type", d->type);
        text_member(out, "basis", d->basis);
        span_members(out, a, c, d->start, d->end);
        wr_buf_add_char(out, '}');
    }
    wr_buf_add_char(out, ']');
}

static void add_files(wr_buf *out, const wr_stored *a) {
    null_or_text(out, "file", a->file);
    if (a->n_files > 1) {
        wr_json_key(out, "files");
        wr_buf_add_char(out, '[');
        for (size_t i = 0; i < a->n_files; i++) {
            wr_json_comma(out);
            wr_json_str(out, a->files[i]);
        }
        wr_buf_add_char(out, ']');
    }
    if (a->record) uint_member(out, "record", a->record);
    if (a->offset) uint_member(out, "offset", a->offset);
}

static void add_page_members(wr_buf *out, const wr_stored *a) {
    text_member(out, "page", a->page);
    text_member(out, "page_kind", a->kind);
    uint_member(out, "page_size", a->size);
    text_member(out, "page_url", a->page_url);
    text_member(out, "fetched", a->fetched);
    text_member(out, "feed", a->feed);
    text_member(out, "encoding", a->encoding);
    json_member(out, "repairs", a->repairs);
    text_member(out, "model", a->model);
    json_member(out, "page_extra", a->page_extra);
}

static void add_metadata(wr_buf *out, const wr_stored *a) {
    null_or_text(out, "title", a->title);
    json_member(out, "authors", a->authors.len ? a->authors : WR_STR("[]"));
    null_or_text(out, "date", a->published);
    null_or_text(out, "source", a->site.len ? a->site : a->host);
    null_or_text(out, "url", a->url);
    text_member(out, "host", a->host);
    text_member(out, "day", a->day);
    text_member(out, "modified", a->modified);
    text_member(out, "section", a->section);
    text_member(out, "lang", a->lang);
    text_member(out, "agency", a->agency);
    text_member(out, "image", a->image);
    text_member(out, "caption", a->caption);
    text_member(out, "credit", a->credit);
    text_member(out, "description", a->description);
    json_member(out, "keywords", a->keywords);
    json_member(out, "origins", a->origins);
    if (a->quality > 0) {
        wr_json_key(out, "quality");
        wr_json_real(out, a->quality, 3);
    }
}

wr_status wr_render_article(wr_buf *out, const wr_stored *a) {
    cursor c = {.text = a->text};
    wr_buf_add_char(out, '{');
    text_member(out, "id", a->id);
    add_files(out, a);
    uint_member(out, "ordinal", a->ordinal);
    add_metadata(out, a);
    if (a->has_text) text_member(out, "text", a->text);
    add_paragraphs(out, a);
    add_parts(out, a, &c);
    add_removed(out, a);
    wr_json_key(out, "entities");
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < a->n_entities; i++) {
        wr_json_comma(out);
        wr_buf_add_char(out, '{');
        entity_members(out, a, &a->entities[i], &c, "type");
        wr_buf_add_char(out, '}');
    }
    wr_buf_add_char(out, ']');
    wr_json_key(out, "quotes");
    wr_buf_add_char(out, '[');
    for (size_t i = 0; i < a->n_quotes; i++) {
        wr_json_comma(out);
        wr_buf_add_char(out, '{');
        quote_members(out, a, &a->quotes[i], &c);
        wr_buf_add_char(out, '}');
    }
    wr_buf_add_char(out, ']');
    add_dates(out, a, &c);
    json_member(out, "extra", a->extra);
    add_page_members(out, a);
    wr_buf_add_char(out, '}');
    return out->status;
}

/* Where an entity or quote is from. */
static void add_article_members(wr_buf *out, const wr_stored *a) {
    text_member(out, "article", a->id);
    null_or_text(out, "title", a->title);
    null_or_text(out, "date", a->published);
    null_or_text(out, "source", a->site.len ? a->site : a->host);
    null_or_text(out, "url", a->url);
    text_member(out, "lang", a->lang);
}

wr_status wr_render_entity(wr_buf *out, const wr_stored *a, size_t i) {
    cursor c = {.text = a->text};
    wr_buf_add_char(out, '{');
    entity_members(out, a, &a->entities[i], &c, "entity_type"); /* type is the message's */
    add_article_members(out, a);
    wr_buf_add_char(out, '}');
    return out->status;
}

wr_status wr_render_quote(wr_buf *out, const wr_stored *a, size_t i) {
    cursor c = {.text = a->text};
    wr_buf_add_char(out, '{');
    quote_members(out, a, &a->quotes[i], &c);
    add_article_members(out, a);
    wr_buf_add_char(out, '}');
    return out->status;
}
