/* feed.c -- items of RSS, Atom and RDF as pages
 *
 * No XML parser stands behind this: many feeds are not well formed. Items are found by their tags,
 * and in them the first element of each name that is wanted. */
#include "records.h"

#include "common/text/charset.h"

#define PROSE_BYTES 400 /* a description of that length is the text, a shorter one points to it */

typedef struct feed_state {
    wr_str title, charset; /* of the feed; in the file's arena */
    bool head_read;
} feed_state;

/* ---- a little markup ---- */

/* Offset of "<name" or "</name" followed by what ends a name, from `at`; s.len = none. */
static size_t find_tag(wr_str s, size_t at, wr_str open, wr_str name) {
    for (at = wr_str_find_char(s, at, '<'); at < s.len; at = wr_str_find_char(s, at + 1, '<')) {
        if (wr_str_starts(wr_str_slice(s, at, s.len), WR_STR("<![CDATA["))) {
            const char *end = memmem(s.ptr + at, s.len - at, "]]>", 3);
            if (!end) return s.len;
            at = (size_t)(end - s.ptr);
            continue;
        }
        size_t after = at + open.len + name.len;
        if (after >= s.len || !wr_str_starts(wr_str_slice(s, at, s.len), open)) continue;
        if (!wr_str_eq_nocase(wr_str_slice(s, at + open.len, after), name)) continue;
        char c = s.ptr[after];
        if (wr_is_space(c) || c == '>' || c == '/') return at;
    }
    return s.len;
}

typedef struct element {
    wr_str attributes, inner;
    size_t end; /* offset behind it */
} element;

/* The first element of that name at or after `at`. */
static bool find_element(wr_str s, size_t at, wr_str name, element *out) {
    size_t start = find_tag(s, at, WR_STR("<"), name);
    size_t close = wr_str_find_char(s, start, '>');
    if (close == s.len) return false;
    out->attributes = wr_str_slice(s, start + 1 + name.len, close);
    out->inner = wr_str_of(s.ptr + close + 1, 0);
    out->end = close + 1;
    if (s.ptr[close - 1] == '/') return true;
    size_t end = find_tag(s, close, WR_STR("</"), name);
    out->inner = wr_str_slice(s, close + 1, end);
    out->end = end;
    return true;
}

/* name="value" among attributes. */
static wr_str attribute(wr_str s, wr_str name) {
    for (size_t at = 0; at + name.len + 2 < s.len; at++) {
        bool begins = at == 0 || wr_is_space(s.ptr[at - 1]);
        if (!begins || !wr_str_eq_nocase(wr_str_slice(s, at, at + name.len), name)) continue;
        size_t i = at + name.len;
        while (i < s.len && wr_is_space(s.ptr[i]))
            i++;
        if (i >= s.len || s.ptr[i] != '=') continue;
        do
            i++;
        while (i < s.len && wr_is_space(s.ptr[i]));
        if (i >= s.len || (s.ptr[i] != '"' && s.ptr[i] != '\'')) continue;
        return wr_str_slice(s, i + 1, wr_str_find_char(s, i + 1, s.ptr[i]));
    }
    return wr_str_of(NULL, 0);
}

/* A reference of XML at s[at] == '&': its character, or 0. Others are HTML's and stay. */
static char reference(wr_str s, size_t at, size_t *len) {
    static const struct {
        wr_str name;
        char c;
    } known[] = {{{"&lt;", 4}, '<'},   {{"&gt;", 4}, '>'},    {{"&amp;", 5}, '&'},
                 {{"&quot;", 6}, '"'}, {{"&apos;", 6}, '\''}, {{"&#60;", 5}, '<'},
                 {{"&#62;", 5}, '>'},  {{"&#38;", 5}, '&'},   {{"&#34;", 5}, '"'},
                 {{"&#39;", 5}, '\''}, {{"&#x3C;", 6}, '<'},  {{"&#x3E;", 6}, '>'}};
    wr_str rest = wr_str_slice(s, at, at + 6);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (wr_str_eq_nocase(wr_str_slice(rest, 0, known[i].name.len), known[i].name)) {
            *len = known[i].name.len;
            return known[i].c;
        }
    return 0;
}

/* The character data of an element: CDATA marks off, references of XML decoded. */
static wr_status data_of(wr_arena *arena, wr_str inner, wr_str *out) {
    inner = wr_str_trim(inner);
    char *to = wr_arena_take(arena, inner.len + 1);
    if (!to) return WR_MEMORY;
    size_t n = 0, len;
    for (size_t i = 0; i < inner.len; i += len) {
        wr_str rest = wr_str_slice(inner, i, inner.len);
        len = 1;
        if (wr_str_starts(rest, WR_STR("<![CDATA["))) {
            const char *end = memmem(rest.ptr, rest.len, "]]>", 3);
            size_t stop = end ? (size_t)(end - rest.ptr) : rest.len;
            memcpy(to + n, rest.ptr + 9, stop - 9);
            n += stop - 9;
            len = end ? stop + 3 : stop;
            continue;
        }
        char c = *rest.ptr == '&' ? reference(rest, 0, &len) : 0;
        to[n++] = c ? c : *rest.ptr;
    }
    *out = wr_str_trim(wr_str_of(to, n));
    return WR_OK;
}

static wr_status child(wr_arena *arena, wr_str item, wr_str name, wr_str *out) {
    element e;
    *out = wr_str_of(NULL, 0);
    return find_element(item, 0, name, &e) ? data_of(arena, e.inner, out) : WR_OK;
}

/* ---- items ---- */

/* Bytes of text outside tags. */
static size_t prose_bytes(wr_str s) {
    size_t n = 0;
    bool tag = false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '<') tag = true;
        n += !tag;
        if (s.ptr[i] == '>') tag = false;
    }
    return n;
}

static wr_status set_body(wr_arena *arena, wr_str item, wr_page *page) {
    static const wr_str whole[] = {
        {"content:encoded", 15}, {"content", 7}, {"xhtml:body", 10}, {"body", 4}, {"fullitem", 8}};
    static const wr_str part[] = {{"description", 11}, {"summary", 7}};
    for (size_t i = 0; i < sizeof whole / sizeof *whole && !page->raw.len; i++)
        WR_TRY(child(arena, item, whole[i], &page->raw));
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        wr_str text;
        WR_TRY(child(arena, item, part[i], &text));
        if (!page->raw.len && prose_bytes(text) >= PROSE_BYTES) page->raw = text;
        else if (!memchr(text.ptr ? text.ptr : "", '<', text.len))
            WR_TRY(records_hint(arena, page, "description", text));
    }
    bool markup = page->raw.len && (memchr(page->raw.ptr, '<', page->raw.len) ||
                                    memchr(page->raw.ptr, '&', page->raw.len));
    page->kind = markup ? WR_STR("html") : WR_STR("text");
    return WR_OK;
}

static wr_status set_link(wr_arena *arena, wr_str item, wr_page *page) {
    element e;
    for (size_t at = 0; !page->url.len && find_element(item, at, WR_STR("link"), &e); at = e.end) {
        wr_str rel = attribute(e.attributes, WR_STR("rel"));
        wr_str href = attribute(e.attributes, WR_STR("href"));
        if (rel.len && !wr_str_eq_nocase(rel, WR_STR("alternate"))) continue;
        WR_TRY(data_of(arena, href.len ? href : e.inner, &page->url));
    }
    if (page->url.len) return WR_OK;
    wr_str guid;
    WR_TRY(child(arena, item, WR_STR("guid"), &guid));
    if (wr_str_starts(guid, WR_STR("http"))) page->url = guid;
    return WR_OK;
}

static wr_status set_hints(wr_arena *arena, wr_str item, wr_page *page) {
    static const struct {
        wr_str name;
        const char *hint;
    } kinds[] = {{{"title", 5}, "title"},         {{"pubdate", 7}, "published"},
                 {{"published", 9}, "published"}, {{"dc:date", 7}, "published"},
                 {{"issued", 6}, "published"},    {{"updated", 7}, "modified"},
                 {{"dc:creator", 10}, "author"},  {{"author", 6}, "author"},
                 {{"category", 8}, "section"},    {{"dc:source", 9}, "site"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        wr_str value, name;
        WR_TRY(child(arena, item, kinds[i].name, &value));
        WR_TRY(child(arena, value, WR_STR("name"), &name)); /* Atom's author */
        if (!name.len && memchr(value.ptr ? value.ptr : "", '<', value.len)) continue;
        WR_TRY(records_hint(arena, page, kinds[i].hint, name.len ? name : value));
    }
    return WR_OK;
}

static wr_status read_item(wr_arena *arena, const feed_state *feed, wr_str item, wr_page *page,
                           wr_str *why) {
    wr_decoded text;
    WR_TRY(wr_charset_decode(arena, item, feed->charset, feed->charset, &text));
    WR_TRY(set_body(arena, text.text, page));
    WR_TRY(set_link(arena, text.text, page));
    WR_TRY(set_hints(arena, text.text, page));
    page->charset = WR_STR("utf-8");
    page->feed = feed->title;
    if (page->raw.len) return WR_OK;
    return records_reference(arena, page, records_hint_of(page, "title"), why);
}

/* ---- the file ---- */

/* What stands before the first item: charset and title. */
static wr_status read_head(ingest_input *in, feed_state *feed, wr_str head) {
    wr_decoded text;
    feed->charset =
        attribute(wr_str_slice(head, 0, wr_str_find_char(head, 0, '>')), WR_STR("encoding"));
    WR_TRY(wr_arena_copy(in->arena, feed->charset, &feed->charset));
    WR_TRY(wr_charset_decode(in->arena, head, feed->charset, feed->charset, &text));
    wr_str title;
    WR_TRY(child(in->arena, text.text, WR_STR("title"), &title));
    feed->head_read = true;
    return wr_arena_copy(in->arena, title, &feed->title);
}

/* The next item's range in the view; *end = 0 when its end is not there yet. */
static void find_item(wr_str view, size_t *start, size_t *end) {
    size_t item = find_tag(view, 0, WR_STR("<"), WR_STR("item"));
    wr_str before = wr_str_slice(view, 0, item);
    size_t entry = find_tag(before, 0, WR_STR("<"), WR_STR("entry"));
    wr_str name = entry < before.len ? WR_STR("entry") : WR_STR("item");
    *start = entry < before.len ? entry : item;
    *end = 0;
    if (*start == view.len) return;
    size_t close = find_tag(view, *start, WR_STR("</"), name);
    if (close == view.len) return;
    *end = wr_str_find_char(view, close, '>') + 1;
}

static wr_status feed_next(ingest_input *in, void **state, const ingest_limits *limits,
                           wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    size_t start = 0, end = 0;
    *found = INGEST_FOUND_END;
    if (!*state && !(*state = wr_arena_take(in->arena, sizeof(feed_state)))) return WR_MEMORY;
    feed_state *feed = *state;
    for (size_t want = (size_t)64 << 10; !end; want *= 2) {
        if (want > in->limit) want = in->limit;
        wr_status status = ingest_input_fill(in, want);
        if (status != WR_OK) {
            *why = in->why;
            return status;
        }
        find_item(ingest_input_view(in), &start, &end);
        if (end || (in->ended && in->len < want)) break;
        if (want == in->limit) break;
    }
    wr_str view = ingest_input_view(in);
    if (!feed->head_read) WR_TRY(read_head(in, feed, wr_str_slice(view, 0, start)));
    if (!end && start == view.len) return WR_OK;
    page->offset = in->offset + start;
    *found = INGEST_FOUND_BAD;
    if (!end || end - start > limits->page_bytes) {
        bool cut = !end && in->ended;
        ingest_input_take(in, end ? end : view.len);
        *why = cut ? WR_STR("the file ends inside an item")
                   : WR_STR("an item larger than the limit (--page-limit)");
        return cut ? WR_TRUNCATED : WR_LIMIT;
    }
    wr_status status = read_item(arena, feed, wr_str_slice(view, start, end), page, why);
    if (status == WR_OK) *found = INGEST_FOUND_PAGE;
    ingest_input_take(in, end);
    return status;
}

const ingest_format records_feed = {"feed", feed_next, NULL, false};
