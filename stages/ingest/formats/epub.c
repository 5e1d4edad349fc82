/* epub.c -- electronic books: a page for each document of the spine, in its order */
#include "records.h"
#include "unpack.h"
#include "xml.h"

#define PARTS_MAX 10000u

typedef struct item {
    wr_str id, href;
} item;

typedef struct epub_state {
    unpack *book;
    item *items; /* of the manifest */
    wr_str *spine;
    size_t n_items, cap_items, n_spine, cap_spine, at;
    wr_str folder; /* of the package document */
    wr_str title, author, publisher, published, lang;
} epub_state;

static void epub_close(void *state) {
    unpack_close(&((epub_state *)state)->book);
}

/* ---- names ---- */

static int hex(char c) {
    c = wr_lower(c);
    return wr_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A reference of the package document as the name of a member: below its folder, %XX decoded, "../"
 * resolved, without a fragment. */
static wr_status resolve(wr_arena *arena, wr_str folder, wr_str href, wr_str *out) {
    href = wr_str_slice(href, 0, wr_str_find_char(href, 0, '#'));
    char *to = wr_arena_take(arena, folder.len + href.len + 1);
    if (!to) return WR_MEMORY;
    size_t n = folder.len;
    if (n) memcpy(to, folder.ptr, n);
    for (size_t i = 0; i < href.len; i++) {
        wr_str rest = wr_str_slice(href, i, href.len);
        bool part = n == 0 || to[n - 1] == '/';
        if (part && wr_str_starts(rest, WR_STR("../"))) {
            if (n) n--;
            while (n && to[n - 1] != '/')
                n--;
            i += 2;
            continue;
        }
        int high = rest.len > 2 && *rest.ptr == '%' ? hex(rest.ptr[1]) : -1;
        int low = high >= 0 ? hex(rest.ptr[2]) : -1;
        to[n++] = low >= 0 ? (char)(high * 16 + low) : *rest.ptr;
        if (low >= 0) i += 2;
    }
    *out = wr_str_of(to, n);
    return WR_OK;
}

/* ---- the package document ---- */

static wr_status read_member(epub_state *s, wr_arena *arena, wr_str name, size_t most, wr_str *out,
                             wr_str *why) {
    WR_TRY(unpack_find(s->book, arena, name, why));
    WR_TRY(unpack_all(s->book, arena, most, out, why));
    return xml_utf8(arena, *out, out);
}

static wr_status find_package(wr_arena *arena, wr_str container, wr_str *path) {
    xml_reader r;
    xml_open(&r, container);
    for (xml_token token; (token = xml_next(&r)) != XML_END;)
        if (token == XML_OPEN && xml_is(&r, "rootfile"))
            return xml_attribute(arena, &r, "full-path", path);
    return WR_OK;
}

static wr_status add_item(wr_arena *arena, epub_state *s, const xml_reader *r) {
    if (s->n_items == PARTS_MAX) return WR_OK;
    item *it = WR_PUSH(arena, s->items, s->n_items, s->cap_items);
    if (!it) return WR_MEMORY;
    WR_TRY(xml_attribute(arena, r, "id", &it->id));
    return xml_attribute(arena, r, "href", &it->href);
}

static wr_status add_to_spine(wr_arena *arena, epub_state *s, const xml_reader *r) {
    wr_str id;
    WR_TRY(xml_attribute(arena, r, "idref", &id));
    for (size_t i = 0; i < s->n_items && s->n_spine < PARTS_MAX; i++) {
        if (!wr_str_eq(s->items[i].id, id)) continue;
        wr_str *name = WR_PUSH(arena, s->spine, s->n_spine, s->cap_spine);
        return name ? resolve(arena, s->folder, s->items[i].href, name) : WR_MEMORY;
    }
    return WR_OK;
}

static wr_status set_fact(wr_arena *arena, epub_state *s, xml_reader *r) {
    wr_str *fact = xml_is(r, "title")       ? &s->title
                   : xml_is(r, "creator")   ? &s->author
                   : xml_is(r, "publisher") ? &s->publisher
                   : xml_is(r, "date")      ? &s->published
                   : xml_is(r, "language")  ? &s->lang
                                            : NULL;
    return fact && !fact->len ? xml_text(arena, r, fact) : WR_OK;
}

static wr_status read_package(wr_arena *arena, epub_state *s, wr_str text) {
    xml_reader r;
    bool metadata = false;
    xml_open(&r, text);
    for (xml_token token; (token = xml_next(&r)) != XML_END;) {
        if (token == XML_TEXT) continue;
        if (xml_is(&r, "metadata")) metadata = token == XML_OPEN;
        if (token != XML_OPEN) continue;
        if (metadata) WR_TRY(set_fact(arena, s, &r));
        else if (xml_is(&r, "item")) WR_TRY(add_item(arena, s, &r));
        else if (xml_is(&r, "itemref")) WR_TRY(add_to_spine(arena, s, &r));
    }
    return WR_OK;
}

static wr_status open_book(ingest_input *in, epub_state **out, const ingest_limits *limits,
                           wr_str *why) {
    wr_arena *arena = in->arena; /* what the state refers to lives as long as the file */
    wr_str text, path = wr_str_of(NULL, 0);
    epub_state *s = wr_arena_take(arena, sizeof *s);
    if (!s) return WR_MEMORY;
    *out = s;
    WR_TRY(unpack_open(arena, in, UNPACK_ZIP_AT, limits, &s->book, why));
    *why = WR_STR("a book without a list of its parts");
    WR_TRY(read_member(s, arena, WR_STR("META-INF/container.xml"), limits->page_bytes / 4, &text,
                       why));
    WR_TRY(find_package(arena, text, &path));
    WR_TRY(read_member(s, arena, path, limits->page_bytes / 4, &text, why));
    size_t folder = path.len;
    while (folder && path.ptr[folder - 1] != '/')
        folder--;
    s->folder = wr_str_slice(path, 0, folder);
    WR_TRY(read_package(arena, s, text));
    *why = wr_str_of(NULL, 0);
    return WR_OK;
}

/* ---- pages ---- */

static wr_status set_hints(wr_arena *arena, const epub_state *s, wr_page *page) {
    page->feed = s->title;
    WR_TRY(records_hint(arena, page, "author", s->author));
    WR_TRY(records_hint(arena, page, "published", s->published));
    WR_TRY(records_hint(arena, page, "site", s->publisher));
    return records_hint(arena, page, "lang", s->lang);
}

static wr_status epub_next(ingest_input *in, void **state, const ingest_limits *limits,
                           wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    *found = INGEST_FOUND_END;
    epub_state **held = (epub_state **)state;
    if (!*held) {
        wr_status status = open_book(in, held, limits, why);
        if (status == WR_NOTFOUND) status = WR_MALFORMED;
        if (status != WR_OK) return status;
    }
    epub_state *s = *held;
    if (!s->book || s->at == s->n_spine) return WR_OK;
    wr_str name = s->spine[s->at++];
    *found = INGEST_FOUND_BAD;
    *why = WR_STR("not in the book");
    wr_status status = unpack_find(s->book, arena, name, why);
    if (status == WR_OK) status = unpack_all(s->book, arena, limits->page_bytes, &page->raw, why);
    if (status == WR_OK && !page->raw.len) status = WR_EMPTY;
    if (status != WR_OK) {
        wr_str text = status == WR_EMPTY ? wr_str_c(wr_status_text(status)) : *why;
        WR_TRY(wr_arena_printf(arena, why, "%.*s: %.*s", (int)name.len, name.ptr, (int)text.len,
                               text.ptr));
        return status;
    }
    page->kind = WR_STR("html");
    page->file = name;
    WR_TRY(records_text(arena, &page->file));
    WR_TRY(set_hints(arena, s, page));
    *found = INGEST_FOUND_PAGE;
    return WR_OK;
}

const ingest_format records_epub = {"epub", epub_next, epub_close, false};
