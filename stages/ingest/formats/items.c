/* items.c -- finds repeated elements in a sliding window */
#include "items.h"

/* Behind a CDATA section or comment that begins at `at`, 0 when none does. */
static size_t skip_quoted(wr_str s, size_t at) {
    wr_str rest = wr_str_slice(s, at, at + 9);
    bool cdata = wr_str_starts(rest, WR_STR("<![CDATA["));
    if (!cdata && !wr_str_starts(rest, WR_STR("<!--"))) return 0;
    const char *end = memmem(s.ptr + at, s.len - at, cdata ? "]]>" : "-->", 3);
    return end ? (size_t)(end - s.ptr) + 3 : s.len;
}

static bool ends_name(char c) {
    return wr_is_space(c) || c == '>' || c == '/';
}

/* True when a tag at s[at] == '<' has that name, with or without a prefix. */
static bool is_tag(wr_str s, size_t at, bool close, wr_str name) {
    size_t from = at + 1, to;
    if (from >= s.len || (s.ptr[from] == '/') != close) return false;
    from += close;
    for (to = from; to < s.len && to < from + 64 && !ends_name(s.ptr[to]); to++)
        if (s.ptr[to] == ':') from = to + 1;
    return to < s.len && ends_name(s.ptr[to]) && wr_str_eq_nocase(wr_str_slice(s, from, to), name);
}

size_t items_find(wr_str s, size_t at, bool close, wr_str name) {
    for (at = wr_str_find_char(s, at, '<'); at < s.len; at = wr_str_find_char(s, at, '<')) {
        char c = at + 1 < s.len ? s.ptr[at + 1] : 0;
        if (c != '!' && c != '/' && !wr_is_alpha(c) && c != '_') {
            at++;
            continue;
        }
        size_t behind = c == '!' ? skip_quoted(s, at) : 0;
        if (!behind && is_tag(s, at, close, name)) return at;
        at = behind ? behind : at + 1;
    }
    return s.len;
}

/* The first element of one of the names; *end = 0 when its end is not in the view. */
static void find_item(wr_str s, const wr_str *names, size_t n_names, size_t *start, size_t *end) {
    wr_str name = names[0];
    *start = s.len;
    for (size_t i = 0; i < n_names; i++) {
        size_t at = items_find(wr_str_slice(s, 0, *start), 0, false, names[i]);
        if (at >= *start) continue;
        *start = at;
        name = names[i];
    }
    *end = 0;
    size_t tag = wr_str_find_char(s, *start, '>');
    if (tag == s.len) return;
    if (s.ptr[tag - 1] == '/') {
        *end = tag + 1;
        return;
    }
    size_t close = wr_str_find_char(s, items_find(s, tag, true, name), '>');
    if (close < s.len) *end = close + 1;
}

/* Bytes at the end of a view that may be the begin of a tag. */
#define TAG_MAX 64u

wr_status items_next(ingest_input *in, const ingest_limits *limits, const wr_str *names,
                     size_t n_names, wr_str *item, ingest_found *found, wr_str *why) {
    size_t start = 0, end = 0, want = (size_t)4 << 10;
    uint64_t from = in->offset;
    for (*found = INGEST_FOUND_END;; want *= 2) {
        if (want > in->limit) want = in->limit;
        wr_status status = ingest_input_fill(in, want);
        if (status != WR_OK) {
            *why = in->why;
            return status;
        }
        wr_str view = ingest_input_view(in);
        bool all = in->ended && view.len < want;
        find_item(view, names, n_names, &start, &end);
        size_t junk =
            start < view.len || all ? start : view.len - (view.len > TAG_MAX ? TAG_MAX : 0);
        ingest_input_take(in, junk);
        if (end || all || in->len == in->limit) {
            end -= end ? junk : 0;
            break;
        }
        if (in->offset - from > limits->page_bytes) break;
        if (junk) want = (size_t)2 << 10;
    }
    wr_str view = ingest_input_view(in);
    *item = wr_str_slice(view, 0, end);
    if (!view.len) return WR_OK;
    *found = INGEST_FOUND_BAD;
    if (end && end <= limits->page_bytes) {
        *found = INGEST_FOUND_PAGE;
        return WR_OK;
    }
    bool cut = !end && in->ended, lost = !end && in->offset - from > limits->page_bytes;
    ingest_input_take(in, end ? end : view.len);
    *why = lost  ? WR_STR("bytes without an item")
           : cut ? WR_STR("the file ends inside an item")
                 : WR_STR("an item larger than the limit (--page-limit)");
    return lost ? WR_MALFORMED : cut ? WR_TRUNCATED : WR_LIMIT;
}
