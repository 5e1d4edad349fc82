/* docx.c -- a word processor's document as markup: headings by style, paragraphs, lists, tables,
 * links; what was deleted, hidden or drawn is left out */
#include "records.h"
#include "unpack.h"
#include "xml.h"

#define PAIRS_MAX 2000u

typedef struct pair {
    wr_str id, value;
} pair;

typedef struct docx {
    unpack *package;
    size_t most; /* bytes of a part */
    wr_arena *arena;
    pair *links;  /* relation -> address */
    pair *levels; /* style -> "1".."6" */
    size_t n_links, cap_links, n_levels, cap_levels;
    xml_out out;
} docx;

typedef struct docx_state {
    bool read;
    unpack *package;
} docx_state;

static void docx_close(void *state) {
    unpack_close(&((docx_state *)state)->package);
}

static wr_str find_pair(const pair *pairs, size_t n, wr_str id) {
    for (size_t i = 0; i < n && id.len; i++)
        if (wr_str_eq(pairs[i].id, id)) return pairs[i].value;
    return wr_str_of(NULL, 0);
}

/* A part's text; empty when the package has none of that name. */
static wr_status read_part(docx *d, wr_str name, wr_str *out, wr_str *why) {
    *out = wr_str_of(NULL, 0);
    wr_status status = unpack_find(d->package, d->arena, name, why);
    if (status == WR_NOTFOUND) return WR_OK;
    WR_TRY(status);
    WR_TRY(unpack_all(d->package, d->arena, d->most, out, why));
    return xml_utf8(d->arena, *out, out);
}

/* ---- relations and styles ---- */

/* The main part's name, from the package's relations. */
static wr_status find_main(docx *d, wr_str relations, wr_str *name) {
    xml_reader r;
    xml_open(&r, relations);
    *name = wr_str_of(NULL, 0);
    for (xml_token token; (token = xml_next(&r)) != XML_END;) {
        wr_str type;
        if (token != XML_OPEN || !xml_is(&r, "Relationship")) continue;
        WR_TRY(xml_attribute(d->arena, &r, "Type", &type));
        if (!wr_str_ends(type, WR_STR("/officeDocument"))) continue;
        WR_TRY(xml_attribute(d->arena, &r, "Target", name));
        if (wr_str_starts(*name, WR_STR("/"))) *name = wr_str_slice(*name, 1, name->len);
        return WR_OK;
    }
    return WR_OK;
}

static wr_status read_links(docx *d, wr_str relations) {
    xml_reader r;
    xml_open(&r, relations);
    for (xml_token token; (token = xml_next(&r)) != XML_END;) {
        wr_str type;
        if (token != XML_OPEN || !xml_is(&r, "Relationship")) continue;
        WR_TRY(xml_attribute(d->arena, &r, "Type", &type));
        if (!wr_str_ends(type, WR_STR("/hyperlink")) || d->n_links == PAIRS_MAX) continue;
        pair *link = WR_PUSH(d->arena, d->links, d->n_links, d->cap_links);
        if (!link) return WR_MEMORY;
        WR_TRY(xml_attribute(d->arena, &r, "Id", &link->id));
        WR_TRY(xml_attribute(d->arena, &r, "Target", &link->value));
    }
    return WR_OK;
}

/* "heading 2" -> "2", "Title" -> "1": names of styles are English in every translation. */
static wr_str level_of(wr_str name) {
    static const wr_str digits[] = {{"1", 1}, {"2", 1}, {"3", 1}, {"4", 1}, {"5", 1}, {"6", 1}};
    if (wr_str_eq_nocase(name, WR_STR("title"))) return digits[0];
    bool heading = name.len > 8 && wr_str_eq_nocase(wr_str_slice(name, 0, 7), WR_STR("heading"));
    int level = heading ? name.ptr[8] - '1' : -1;
    return level >= 0 && level < 6 ? digits[level] : wr_str_of(NULL, 0);
}

static wr_status read_styles(docx *d, wr_str styles) {
    xml_reader r;
    wr_str id = wr_str_of(NULL, 0), value;
    xml_open(&r, styles);
    for (xml_token token; (token = xml_next(&r)) != XML_END;) {
        if (token != XML_OPEN) continue;
        if (xml_is(&r, "style")) WR_TRY(xml_attribute(d->arena, &r, "styleId", &id));
        if (!xml_is(&r, "name")) continue;
        WR_TRY(xml_attribute(d->arena, &r, "val", &value));
        if (!level_of(value).len || d->n_levels == PAIRS_MAX) continue;
        pair *style = WR_PUSH(d->arena, d->levels, d->n_levels, d->cap_levels);
        if (!style) return WR_MEMORY;
        *style = (pair){id, level_of(value)};
    }
    return WR_OK;
}

/* ---- the text ---- */

typedef struct paragraph {
    const char *tag; /* "p", "li", "h1"...; NULL = none is open */
    bool begun;      /* its tag was written */
    bool link, text; /* inside <w:t> */
} paragraph;

static void put_c(docx *d, const char *markup) {
    xml_put(&d->out, wr_str_c(markup));
}

/* The tag of a paragraph is written when its first text comes: its properties stand before. */
static void begin(docx *d, paragraph *p) {
    if (p->begun) return;
    if (!p->tag) p->tag = "p";
    put_c(d, "<");
    put_c(d, p->tag);
    put_c(d, ">");
    p->begun = true;
}

static void end(docx *d, paragraph *p) {
    if (p->link) put_c(d, "</a>");
    if (p->begun) {
        put_c(d, "</");
        put_c(d, p->tag);
        put_c(d, ">\n");
    }
    *p = (paragraph){0};
}

static wr_status set_style(docx *d, paragraph *p, const xml_reader *r) {
    static const char *const tags[] = {"h1", "h2", "h3", "h4", "h5", "h6"};
    wr_str value;
    WR_TRY(xml_attribute(d->arena, r, "val", &value));
    wr_str level = find_pair(d->levels, d->n_levels, value);
    if (level.len) p->tag = tags[*level.ptr - '1'];
    return WR_OK;
}

static wr_status begin_link(docx *d, paragraph *p, const xml_reader *r) {
    wr_str id;
    WR_TRY(xml_attribute(d->arena, r, "r:id", &id));
    wr_str href = find_pair(d->links, d->n_links, id);
    if (!href.len || p->link) return WR_OK;
    begin(d, p);
    put_c(d, "<a href=\"");
    xml_put_text(&d->out, href);
    put_c(d, "\">");
    p->link = true;
    return WR_OK;
}

/* Elements whose text is not the document's. */
static bool is_left_out(const xml_reader *r) {
    static const char *const names[] = {"del",    "moveFrom", "Fallback", "instrText", "delText",
                                        "sectPr", "drawing",  "object",   "pict"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (xml_is(r, names[i])) return true;
    return false;
}

static wr_status open_element(docx *d, paragraph *p, xml_reader *r) {
    if (xml_is(r, "p")) end(d, p);
    else if (xml_is(r, "pStyle")) return set_style(d, p, r);
    else if (xml_is(r, "numPr")) p->tag = p->tag ? p->tag : "li";
    else if (xml_is(r, "hyperlink")) return begin_link(d, p, r);
    else if (xml_is(r, "t")) p->text = true;
    else if (xml_is(r, "tab") || xml_is(r, "noBreakHyphen")) {
        if (p->begun) put_c(d, xml_is(r, "tab") ? " " : "-");
    } else if (xml_is(r, "br") || xml_is(r, "cr")) {
        if (p->begun) put_c(d, "<br>");
    } else if (xml_is(r, "tbl")) put_c(d, "<table>");
    else if (xml_is(r, "tr")) put_c(d, "<tr>");
    else if (xml_is(r, "tc")) put_c(d, "<td>");
    else if (is_left_out(r)) (void)xml_inner(r);
    return WR_OK;
}

static void close_element(docx *d, paragraph *p, const xml_reader *r) {
    if (xml_is(r, "p")) end(d, p);
    else if (xml_is(r, "t")) p->text = false;
    else if (xml_is(r, "hyperlink") && p->link) {
        put_c(d, "</a>");
        p->link = false;
    } else if (xml_is(r, "tbl")) put_c(d, "</table>\n");
    else if (xml_is(r, "tr")) put_c(d, "</tr>");
    else if (xml_is(r, "tc")) put_c(d, "</td>");
}

static wr_status write_body(docx *d, wr_str text) {
    xml_reader r;
    paragraph p = {0};
    xml_open(&r, text);
    for (xml_token token; (token = xml_next(&r)) != XML_END && d->out.status == WR_OK;) {
        if (token == XML_OPEN) WR_TRY(open_element(d, &p, &r));
        else if (token == XML_CLOSE) close_element(d, &p, &r);
        else if (p.text) {
            begin(d, &p);
            xml_put_token(&d->out, &r);
        }
    }
    end(d, &p);
    return d->out.status;
}

/* ---- the document ---- */

static wr_status read_core(docx *d, wr_page *page, wr_str *why) {
    static const struct {
        const char *name, *hint;
    } facts[] = {{"creator", "author"}, {"modified", "modified"}, {"language", "lang"}};
    xml_reader r;
    wr_str text;
    WR_TRY(read_part(d, WR_STR("docProps/core.xml"), &text, why));
    xml_open(&r, text);
    put_c(d, "<!DOCTYPE html><html><head><meta charset=\"utf-8\">");
    for (xml_token token; (token = xml_next(&r)) != XML_END;) {
        wr_str value;
        if (token != XML_OPEN) continue;
        if (xml_is(&r, "title")) {
            WR_TRY(xml_text(d->arena, &r, &value));
            put_c(d, "<title>");
            xml_put_text(&d->out, value);
            put_c(d, "</title>");
            continue;
        }
        for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
            if (!xml_is(&r, facts[i].name)) continue;
            WR_TRY(xml_text(d->arena, &r, &value));
            WR_TRY(records_hint(d->arena, page, facts[i].hint, value));
            break;
        }
    }
    put_c(d, "</head><body>\n");
    return WR_OK;
}

static wr_status read_document(docx *d, wr_page *page, wr_str *why) {
    wr_str text, name, base, part;
    WR_TRY(read_part(d, WR_STR("_rels/.rels"), &text, why));
    WR_TRY(find_main(d, text, &name));
    if (!wr_str_starts(name, WR_STR("word/"))) {
        *why = WR_STR("an Office file that is no text document");
        return WR_UNSUPPORTED;
    }
    base = wr_str_slice(name, 5, name.len);
    WR_TRY(wr_arena_printf(d->arena, &part, "word/_rels/%.*s.rels", (int)base.len, base.ptr));
    WR_TRY(read_part(d, part, &text, why));
    WR_TRY(read_links(d, text));
    WR_TRY(read_part(d, WR_STR("word/styles.xml"), &text, why));
    WR_TRY(read_styles(d, text));
    WR_TRY(read_core(d, page, why));
    WR_TRY(read_part(d, name, &text, why));
    wr_status status = write_body(d, text);
    put_c(d, "</body></html>\n");
    if (status == WR_LIMIT) *why = WR_STR("a document larger than the limit (--page-limit)");
    WR_TRY(status);
    page->raw = wr_str_of(d->out.ptr, d->out.len);
    page->kind = WR_STR("html");
    page->charset = WR_STR("utf-8");
    return d->out.status;
}

static wr_status docx_next(ingest_input *in, void **state, const ingest_limits *limits,
                           wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    *found = INGEST_FOUND_END;
    docx_state *s = *state ? *state : wr_arena_take(in->arena, sizeof *s);
    if (!s) return WR_MEMORY;
    *state = s;
    if (s->read) return WR_OK;
    s->read = true;
    WR_TRY(unpack_open(in->arena, in, UNPACK_ZIP_AT, limits, &s->package, why));
    docx d = {.package = s->package,
              .most = limits->page_bytes,
              .arena = arena,
              .out = {.arena = arena, .limit = limits->page_bytes}};
    WR_TRY(read_document(&d, page, why));
    *found = INGEST_FOUND_PAGE;
    return WR_OK;
}

const ingest_format records_docx = {"docx", docx_next, docx_close, false};
