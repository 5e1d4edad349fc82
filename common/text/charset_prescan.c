/* charset_prescan.c -- the encoding an HTML page declares at its beginning
 *
 * "Prescan a byte stream to determine its encoding", HTML Standard 13.2.3.2, over 16 KiB in place
 * of 1,024 bytes: a browser that meets a declaration later starts again with it, and one page in
 * sixteen has it later. */
#include "common/text/charset.h"
#include "common/text/charset_table.h"

enum { PRESCAN = 16384, MOST_ATTRIBUTES = 64 };

typedef struct {
    wr_str s;
    size_t at;
} scan;

static bool more(const scan *in) {
    return in->at < in->s.len;
}

static char here(const scan *in) {
    return in->s.ptr[in->at];
}

static bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static void skip_blanks(scan *in) {
    while (more(in) && blank(here(in)))
        in->at++;
}

static bool starts(const scan *in, wr_str prefix) {
    return wr_str_eq_nocase(wr_str_slice(in->s, in->at, in->at + prefix.len), prefix);
}

/* Moves past the next `c`, or to the end. */
static void skip_past(scan *in, char c) {
    in->at = wr_str_find_char(in->s, in->at, c);
    if (more(in)) in->at++;
}

/* The attribute at the scan's place; false when the tag ends or the bytes do. */
static bool next_attribute(scan *in, wr_str *name, wr_str *value) {
    while (more(in) && (blank(here(in)) || here(in) == '/'))
        in->at++;
    if (!more(in) || here(in) == '>') return false;
    size_t from = in->at;
    *value = wr_str_of("", 0);
    while (more(in) && !blank(here(in)) && here(in) != '/' && here(in) != '>' &&
           (here(in) != '=' || in->at == from))
        in->at++;
    *name = wr_str_slice(in->s, from, in->at);
    skip_blanks(in);
    if (!more(in)) return false;
    if (here(in) != '=') return true;
    in->at++;
    skip_blanks(in);
    if (!more(in)) return false;
    if (here(in) == '"' || here(in) == '\'') {
        size_t end = wr_str_find_char(in->s, in->at + 1, here(in));
        if (end == in->s.len) {
            in->at = end;
            return false;
        }
        *value = wr_str_slice(in->s, in->at + 1, end);
        in->at = end + 1;
        return true;
    }
    from = in->at;
    while (more(in) && !blank(here(in)) && here(in) != '>')
        in->at++;
    *value = wr_str_slice(in->s, from, in->at);
    return more(in);
}

/* "text/html; charset=x" -> x */
static wr_str charset_of_content(wr_str content) {
    scan in = {content, 0};
    while (more(&in)) {
        if (!starts(&in, WR_STR("charset"))) {
            in.at++;
            continue;
        }
        in.at += 7;
        skip_blanks(&in);
        if (!more(&in)) break;
        if (here(&in) != '=') continue;
        in.at++;
        skip_blanks(&in);
        if (!more(&in)) break;
        size_t from = in.at, end;
        if (here(&in) == '"' || here(&in) == '\'') {
            end = wr_str_find_char(content, from + 1, here(&in));
            return end == content.len ? wr_str_of("", 0) : wr_str_slice(content, from + 1, end);
        }
        for (end = from; end < content.len && !blank(content.ptr[end]) && content.ptr[end] != ';';)
            end++;
        return wr_str_slice(content, from, end);
    }
    return wr_str_of("", 0);
}

static wr_str accept(wr_str label) {
    const wr_encoding *encoding = wr_encoding_find(label);
    if (!encoding) return wr_str_of("", 0);
    if (encoding->kind == WR_KIND_UTF16BE || encoding->kind == WR_KIND_UTF16LE)
        return WR_STR("UTF-8");
    if (wr_str_eq(encoding->name, WR_STR("x-user-defined"))) return WR_STR("windows-1252");
    return label;
}

/* The label a meta element declares, "" = none. */
static wr_str read_meta(scan *in) {
    wr_str name, value, label = wr_str_of("", 0);
    wr_str seen[MOST_ATTRIBUTES];
    size_t n_seen = 0;
    bool pragma = false, charset = false, by_content = false;
    while (next_attribute(in, &name, &value)) {
        bool again = false;
        for (size_t i = 0; i < n_seen; i++)
            again = again || wr_str_eq_nocase(seen[i], name);
        if (again) continue;
        if (n_seen < MOST_ATTRIBUTES) seen[n_seen++] = name;
        if (wr_str_eq_nocase(name, WR_STR("http-equiv"))) {
            pragma = wr_str_eq_nocase(value, WR_STR("content-type"));
        } else if (wr_str_eq_nocase(name, WR_STR("content")) && !charset) {
            wr_str found = charset_of_content(value);
            if (found.len && wr_encoding_find(found)) label = found, charset = by_content = true;
        } else if (wr_str_eq_nocase(name, WR_STR("charset"))) {
            label = value, charset = true, by_content = false;
        }
    }
    if (!more(in) || !charset || (by_content && !pragma)) return wr_str_of("", 0);
    return accept(label);
}

static wr_str read_xml(wr_str html) {
    if (!wr_str_starts(html, WR_STR("<?xml"))) return wr_str_of("", 0);
    wr_str head = wr_str_slice(html, 0, wr_str_find_char(html, 0, '>'));
    for (size_t i = 5; i + 8 < head.len; i++) {
        if (!wr_str_starts(wr_str_slice(head, i, head.len), WR_STR("encoding"))) continue;
        scan in = {head, i + 8};
        while (more(&in) && (unsigned char)here(&in) <= 0x20)
            in.at++;
        if (!more(&in) || here(&in) != '=') return wr_str_of("", 0);
        in.at++;
        while (more(&in) && (unsigned char)here(&in) <= 0x20)
            in.at++;
        if (!more(&in) || (here(&in) != '"' && here(&in) != '\'')) return wr_str_of("", 0);
        size_t end = wr_str_find_char(head, in.at + 1, here(&in));
        return end == head.len ? wr_str_of("", 0) : accept(wr_str_slice(head, in.at + 1, end));
    }
    return wr_str_of("", 0);
}

wr_str wr_charset_prescan(wr_str html) {
    scan in = {wr_str_slice(html, 0, PRESCAN), 0};
    if (wr_str_starts(html, WR_STR("\xEF\xBB\xBF"))) return WR_STR("UTF-8");
    wr_str label = read_xml(in.s), name, value;
    if (label.len) return label;
    while (more(&in)) {
        in.at = wr_str_find_char(in.s, in.at, '<');
        if (starts(&in, WR_STR("<!--"))) {
            in.at += 2;
            while (more(&in) && !wr_str_starts(wr_str_slice(in.s, in.at, in.s.len), WR_STR("-->")))
                in.at++;
            in.at += 3;
        } else if (starts(&in, WR_STR("<meta")) && in.at + 5 < in.s.len &&
                   (blank(in.s.ptr[in.at + 5]) || in.s.ptr[in.at + 5] == '/')) {
            in.at += 5;
            label = read_meta(&in);
            if (label.len) return label;
        } else if (in.at + 1 < in.s.len && in.s.ptr[in.at] == '<') {
            size_t first = in.at + 1 + (in.s.ptr[in.at + 1] == '/');
            char c = in.s.ptr[in.at + 1];
            if (first < in.s.len && wr_is_alpha(in.s.ptr[first])) {
                in.at = first;
                while (more(&in) && !blank(here(&in)) && here(&in) != '>')
                    in.at++;
                while (next_attribute(&in, &name, &value))
                    continue;
            } else if (c == '!' || c == '/' || c == '?') skip_past(&in, '>');
            else in.at++;
        } else in.at++;
    }
    return wr_str_of("", 0);
}
