/* news.c -- NITF and NewsML: what agencies send. A page for each item, as markup: headline, byline,
 * dateline and the body's blocks; the rest of what the item says about itself as hints. */
#include "items.h"
#include "records.h"
#include "xml.h"

typedef struct news_state {
    ingest_input *in; /* the file, or its text where that is UTF-16 */
    ingest_input wide;
    ingest_memory memory;
} news_state;

typedef struct story {
    wr_str headline, byline, dateline, published, modified, site, lang, section, description;
    xml_out body;
    unsigned looks; /* ahead into elements that only hold others: few do */
} story;

#define LOOKS_MAX 16u

/* ---- facts ---- */

/* Elements whose text, or attribute, is a fact; of several rows for one the first in the file
 * counts. */
static wr_status read_fact(wr_arena *arena, story *s, xml_reader *r) {
    const struct {
        const char *name, *attribute;
        wr_str *fact;
    } rows[] = {{"headline", NULL, &s->headline},
                {"hl1", NULL, &s->headline},
                {"byline", NULL, &s->byline},
                {"by", NULL, &s->byline},
                {"dateline", NULL, &s->dateline},
                {"date.issue", "norm", &s->published},
                {"date.release", "norm", &s->published},
                {"story.date", "norm", &s->published},
                {"contentCreated", NULL, &s->published},
                {"firstCreated", NULL, &s->published},
                {"versionCreated", NULL, &s->modified},
                {"contentModified", NULL, &s->modified},
                {"ThisRevisionCreated", NULL, &s->modified},
                {"doc.copyright", "holder", &s->site},
                {"rightsInfo", NULL, NULL},
                {"provider", "literal", &s->site},
                {"language", "tag", &s->lang},
                {"tobject.subject", "tobject.subject.type", &s->section},
                {"abstract", NULL, &s->description}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_str value;
        if (!xml_is(r, rows[i].name)) continue;
        if (rows[i].attribute) WR_TRY(xml_attribute(arena, r, rows[i].attribute, &value));
        else WR_TRY(xml_text(arena, r, &value));
        if (rows[i].fact && !rows[i].fact->len) *rows[i].fact = value;
        return WR_OK;
    }
    return WR_OK;
}

/* ---- the body ---- */

/* What an element of NITF or XHTML becomes; "" = nothing, its text stays. */
static const char *tag_of(const xml_reader *r) {
    static const struct {
        const char *name, *tag;
    } rows[] = {{"p", "p"},
                {"hl2", "h2"},
                {"hl3", "h3"},
                {"ul", "ul"},
                {"ol", "ol"},
                {"li", "li"},
                {"table", "table"},
                {"tr", "tr"},
                {"td", "td"},
                {"th", "th"},
                {"block", "div"},
                {"bq", "blockquote"},
                {"media", "figure"},
                {"media-caption", "figcaption"},
                {"blockquote", "blockquote"},
                {"h1", "h2"},
                {"h2", "h2"},
                {"h3", "h3"},
                {"h4", "h4"},
                {"div", "div"},
                {"section", "section"},
                {"pre", "pre"},
                {"figure", "figure"},
                {"figcaption", "figcaption"},
                {"dl", "dl"},
                {"dt", "dt"},
                {"dd", "dd"},
                {"em", "em"},
                {"strong", "strong"},
                {"q", "q"},
                {"hr", "hr"},
                {"credit", "p"},
                {"tagline", "p"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (xml_is(r, rows[i].name)) return rows[i].tag;
    return "";
}

static bool is_left_out(const xml_reader *r) {
    static const char *const names[] = {
        "script", "style", "head", "media-producer", "note", "media-reference", "media-metadata"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (xml_is(r, names[i])) return true;
    return false;
}

static void put_tag(xml_out *out, const char *tag, bool close) {
    if (!*tag) return;
    xml_put(out, close ? WR_STR("</") : WR_STR("<"));
    xml_put(out, wr_str_c(tag));
    xml_put(out, WR_STR(">"));
}

static wr_status write_body(wr_arena *arena, xml_out *out, wr_str inner) {
    xml_reader r;
    xml_open(&r, inner);
    for (xml_token token; (token = xml_next(&r)) != XML_END && out->status == WR_OK;) {
        if (token == XML_TEXT) xml_put_token(out, &r);
        else if (xml_is(&r, "br")) {
            if (token == XML_OPEN) put_tag(out, "br", false);
        } else if (xml_is(&r, "a")) {
            wr_str href = {NULL, 0};
            if (token == XML_OPEN) WR_TRY(xml_attribute(arena, &r, "href", &href));
            xml_put(out, token == XML_OPEN ? WR_STR("<a href=\"") : WR_STR("</a>"));
            xml_put_text(out, href);
            if (token == XML_OPEN) xml_put(out, WR_STR("\">"));
        } else if (token == XML_OPEN && is_left_out(&r)) (void)xml_inner(&r);
        else put_tag(out, tag_of(&r), token == XML_CLOSE);
    }
    xml_put(out, WR_STR("\n"));
    return out->status;
}

/* Character data that is the body: markup that was escaped, or lines of text. */
static wr_status write_data(wr_arena *arena, xml_out *out, wr_str inner) {
    xml_reader r;
    xml_out text = {.arena = arena, .limit = out->limit};
    xml_open(&r, inner);
    for (xml_token token; (token = xml_next(&r)) != XML_END;) {
        wr_str part = r.text;
        if (token != XML_TEXT) continue;
        if (!r.cdata) WR_TRY(xml_decode(arena, part, &part));
        xml_put(&text, part);
    }
    WR_TRY(text.status);
    wr_str all = wr_str_trim(wr_str_of(text.ptr, text.len));
    if (all.len && memmem(all.ptr, all.len, "</", 2)) return write_body(arena, out, all);
    for (size_t at = 0; at < all.len;) {
        const char *gap = memmem(all.ptr + at, all.len - at, "\n\n", 2);
        size_t end = gap ? (size_t)(gap - all.ptr) : all.len;
        xml_put(out, WR_STR("<p>"));
        xml_put_text(out, wr_str_slice(all, at, end));
        xml_put(out, WR_STR("</p>\n"));
        at = end + 2;
    }
    return out->status;
}

static bool holds(wr_str s, const char *tag) {
    return items_find(s, 0, false, wr_str_c(tag)) < s.len;
}

/* An element that may hold the body: writes it when it does. */
static wr_status read_content(wr_arena *arena, story *s, xml_reader *r, bool *taken) {
    bool content = xml_is(r, "body.content"), body = xml_is(r, "body");
    bool xml = xml_is(r, "inlineXML") || xml_is(r, "DataContent");
    bool data = xml_is(r, "inlineData"), end = xml_is(r, "body.end");
    *taken = false;
    if (!content && !body && !xml && !data && !end) return WR_OK;
    if ((xml || body) && s->looks++ >= LOOKS_MAX) return WR_OK;
    xml_reader ahead = *r;
    wr_str inner = xml_inner(&ahead);
    if (xml && (holds(inner, "body") || holds(inner, "body.content"))) return WR_OK;
    if (body && holds(inner, "body.content")) return WR_OK;
    *taken = true;
    *r = ahead;
    if (data || (xml && !memmem(inner.ptr ? inner.ptr : "", inner.len, "</", 2)))
        return write_data(arena, &s->body, inner);
    return write_body(arena, &s->body, inner);
}

/* ---- the item ---- */

static void put_line(xml_out *out, const char *open, wr_str text, const char *close) {
    if (!text.len) return;
    xml_put(out, wr_str_c(open));
    xml_put_text(out, text);
    xml_put(out, wr_str_c(close));
}

static wr_status set_hints(wr_arena *arena, story *s, wr_page *page) {
    wr_str by = s->byline;
    if (by.len > 3 && wr_str_eq_nocase(wr_str_slice(by, 0, 3), WR_STR("by ")))
        by = wr_str_slice(by, 3, by.len);
    if (!s->published.len) s->published = s->modified;
    WR_TRY(records_date(arena, &s->published));
    WR_TRY(records_date(arena, &s->modified));
    WR_TRY(records_hint(arena, page, "title", s->headline));
    WR_TRY(records_hint(arena, page, "author", by));
    WR_TRY(records_hint(arena, page, "published", s->published));
    WR_TRY(records_hint(arena, page, "modified", s->modified));
    WR_TRY(records_hint(arena, page, "site", s->site));
    WR_TRY(records_hint(arena, page, "lang", s->lang));
    WR_TRY(records_hint(arena, page, "section", s->section));
    WR_TRY(records_hint(arena, page, "dateline", s->dateline));
    return records_hint(arena, page, "description", s->description);
}

static wr_status read_item(wr_arena *arena, const ingest_limits *limits, wr_str bytes,
                           wr_page *page, wr_str *why) {
    xml_reader r;
    wr_str text;
    story s = {.body = {.arena = arena, .limit = limits->page_bytes}};
    WR_TRY(xml_utf8(arena, bytes, &text));
    xml_open(&r, text);
    for (xml_token token; (token = xml_next(&r)) != XML_END;) {
        bool taken;
        if (token != XML_OPEN) continue;
        WR_TRY(read_content(arena, &s, &r, &taken));
        if (!taken) WR_TRY(read_fact(arena, &s, &r));
        if (!s.lang.len && (xml_is(&r, "newsItem") || xml_is(&r, "nitf")))
            WR_TRY(xml_attribute(arena, &r, "xml:lang", &s.lang));
    }
    WR_TRY(set_hints(arena, &s, page));
    if (!wr_str_trim(wr_str_of(s.body.ptr, s.body.len)).len) {
        *why = WR_STR("an item without text");
        return WR_EMPTY;
    }
    xml_out out = {.arena = arena, .limit = limits->page_bytes};
    xml_put(&out, WR_STR("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><article>"
                         "\n"));
    put_line(&out, "<h1>", s.headline, "</h1>\n");
    put_line(&out, "<p class=\"byline\">", s.byline, "</p>\n");
    put_line(&out, "<p class=\"dateline\">", s.dateline, "</p>\n");
    xml_put(&out, wr_str_of(s.body.ptr, s.body.len));
    xml_put(&out, WR_STR("</article></body></html>\n"));
    page->raw = wr_str_of(out.ptr, out.len);
    page->kind = WR_STR("html");
    page->charset = WR_STR("utf-8");
    return out.status;
}

/* UTF-16 is read as a whole: elements are looked for in bytes. */
static wr_status open_text(ingest_input *in, news_state **out, const ingest_limits *limits,
                           wr_str *why) {
    news_state *s = wr_arena_take(in->arena, sizeof *s);
    if (!s) return WR_MEMORY;
    *out = s;
    s->in = in;
    WR_TRY(ingest_input_fill(in, 2));
    wr_str view = ingest_input_view(in), text;
    if (!view.len || (*view.ptr && (unsigned char)*view.ptr < 0xfe && view.len > 1 && view.ptr[1]))
        return WR_OK;
    WR_TRY(ingest_input_fill(in, limits->page_bytes + 1));
    view = ingest_input_view(in);
    if (view.len > limits->page_bytes) {
        *why = WR_STR("the file is larger than the limit (--page-limit)");
        return WR_LIMIT;
    }
    WR_TRY(xml_utf8(in->arena, view, &text));
    ingest_input_take(in, view.len);
    ingest_input_open(&s->wide, in->arena, ingest_memory_open(&s->memory, text), in->limit);
    s->in = &s->wide;
    return WR_OK;
}

static wr_status news_next(ingest_input *in, void **state, const ingest_limits *limits,
                           wr_arena *arena, wr_page *page, const wr_str *name, ingest_found *found,
                           wr_str *why) {
    wr_str item;
    news_state **held = (news_state **)state;
    *found = INGEST_FOUND_END;
    if (!*held) WR_TRY(open_text(in, held, limits, why));
    in = (*held)->in;
    WR_TRY(items_next(in, limits, name, 1, &item, found, why));
    if (*found == INGEST_FOUND_END) return WR_OK;
    *found = INGEST_FOUND_BAD;
    page->offset = in->offset;
    size_t taken = item.len;
    wr_status status = read_item(arena, limits, item, page, why);
    ingest_input_take(in, taken);
    if (status == WR_OK) *found = INGEST_FOUND_PAGE;
    return status;
}

static wr_status nitf_next(ingest_input *in, void **state, const ingest_limits *limits,
                           wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    static const wr_str name = {"nitf", 4};
    return news_next(in, state, limits, arena, page, &name, found, why);
}

static wr_status newsml_next(ingest_input *in, void **state, const ingest_limits *limits,
                             wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    static const wr_str name = {"newsItem", 8};
    return news_next(in, state, limits, arena, page, &name, found, why);
}

const ingest_format records_nitf = {"nitf", nitf_next, NULL, false};
const ingest_format records_newsml = {"newsml", newsml_next, NULL, false};
