/* xml.c -- a tolerant XML tokenizer, and a writer of markup */
#include "xml.h"

#include "common/text/charset.h"
#include "common/text/utf8.h"

void xml_open(xml_reader *r, wr_str text) {
    if (wr_str_starts(text, WR_STR("\xef\xbb\xbf"))) text = wr_str_slice(text, 3, text.len);
    *r = (xml_reader){.all = text};
}

/* Offset behind `mark` at or after `from`, the end when it does not come. */
static size_t behind(wr_str s, size_t from, wr_str mark) {
    if (from >= s.len) return s.len;
    const char *hit = memmem(s.ptr + from, s.len - from, mark.ptr, mark.len);
    return hit ? (size_t)(hit - s.ptr) + mark.len : s.len;
}

/* Behind <!DOCTYPE ...>, with its internal subset. */
static size_t behind_doctype(wr_str s, size_t from) {
    size_t close = wr_str_find_char(s, from, '>'), subset = wr_str_find_char(s, from, '[');
    if (subset < close) return behind(s, behind(s, subset, WR_STR("]")), WR_STR(">"));
    return close < s.len ? close + 1 : s.len;
}

/* The '>' that ends a tag: not one inside a quoted value. */
static size_t tag_end(wr_str s, size_t from) {
    char quote = 0;
    for (size_t i = from; i < s.len; i++) {
        char c = s.ptr[i];
        if (quote) {
            if (c == quote) quote = 0;
        } else if (c == '>' || c == '<') {
            return i;
        } else if ((c == '"' || c == '\'') && s.ptr[i - 1] == '=') {
            quote = c;
        }
    }
    return s.len;
}

static bool is_name(char c) {
    return wr_is_alpha(c) || wr_is_digit(c) || c == '_' || c == '-' || c == '.' || c == ':' ||
           (unsigned char)c >= 0x80;
}

static wr_str without_prefix(wr_str name) {
    size_t colon = wr_str_find_char(name, 0, ':');
    return colon < name.len ? wr_str_slice(name, colon + 1, name.len) : name;
}

static xml_token read_tag(xml_reader *r, size_t at) {
    bool close = r->all.ptr[at + 1] == '/';
    size_t from = at + 1 + close, to = from, end = tag_end(r->all, from);
    while (to < end && is_name(r->all.ptr[to]))
        to++;
    r->name = without_prefix(wr_str_slice(r->all, from, to));
    r->attributes = wr_str_slice(r->all, to, end);
    r->empty = !close && r->attributes.len && r->attributes.ptr[r->attributes.len - 1] == '/';
    r->at = end < r->all.len && r->all.ptr[end] == '>' ? end + 1 : end;
    return close ? XML_CLOSE : XML_OPEN;
}

xml_token xml_next(xml_reader *r) {
    wr_str s = r->all;
    if (r->empty) {
        r->empty = false;
        return XML_CLOSE;
    }
    while (r->at < s.len) {
        size_t at = r->start = r->at;
        wr_str rest = wr_str_slice(s, at, s.len);
        if (*rest.ptr != '<') {
            r->at = wr_str_find_char(s, at, '<');
            r->text = wr_str_slice(s, at, r->at);
            r->cdata = false;
            return XML_TEXT;
        }
        if (wr_str_starts(rest, WR_STR("<!--"))) r->at = behind(s, at + 4, WR_STR("-->"));
        else if (wr_str_starts(rest, WR_STR("<?"))) r->at = behind(s, at + 2, WR_STR("?>"));
        else if (wr_str_starts(rest, WR_STR("<![CDATA["))) {
            r->at = behind(s, at + 9, WR_STR("]]>"));
            bool whole = wr_str_ends(wr_str_slice(s, at + 9, r->at), WR_STR("]]>"));
            r->text = wr_str_slice(s, at + 9, r->at - (whole ? 3 : 0));
            r->cdata = true;
            return XML_TEXT;
        } else if (wr_str_starts(rest, WR_STR("<!"))) r->at = behind_doctype(s, at + 2);
        else if (rest.len > 1 && (is_name(rest.ptr[1]) || rest.ptr[1] == '/'))
            return read_tag(r, at);
        else { /* a lone '<' */ r->at = wr_str_find_char(s, at + 1, '<');
            r->text = wr_str_slice(s, at, r->at);
            r->cdata = true;
            return XML_TEXT;
        }
    }
    return XML_END;
}

bool xml_is(const xml_reader *r, const char *name) {
    return wr_str_eq_nocase(r->name, wr_str_c(name));
}

/* ---- values ---- */

/* A reference at s[0] == '&': its code point and length, 0 when it is none of XML's. */
static uint32_t reference(wr_str s, size_t *len) {
    static const struct {
        wr_str name;
        char c;
    } known[] = {{{"&lt;", 4}, '<'},
                 {{"&gt;", 4}, '>'},
                 {{"&amp;", 5}, '&'},
                 {{"&quot;", 6}, '"'},
                 {{"&apos;", 6}, '\''}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (wr_str_starts(s, known[i].name)) {
            *len = known[i].name.len;
            return (uint32_t)known[i].c;
        }
    if (s.len < 4 || s.ptr[1] != '#') return 0;
    bool hex = (s.ptr[2] | 32) == 'x';
    uint32_t code = 0;
    size_t i = hex ? 3 : 2;
    for (; i < s.len && i < 12 && s.ptr[i] != ';'; i++) {
        char c = wr_lower(s.ptr[i]);
        uint32_t digit = wr_is_digit(c)                ? (uint32_t)(c - '0')
                         : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                                                       : 99;
        if (digit > 15) return 0;
        code = code * (hex ? 16 : 10) + digit;
        if (code > 0x10FFFF) return 0;
    }
    if (i >= s.len || s.ptr[i] != ';' || (code >= 0xD800 && code < 0xE000)) return 0;
    *len = i + 1;
    return code;
}

wr_status xml_decode(wr_arena *arena, wr_str raw, wr_str *out) {
    *out = raw;
    if (!raw.len || !memchr(raw.ptr, '&', raw.len)) return WR_OK;
    char *to = wr_arena_take(arena, raw.len + 4);
    if (!to) return WR_MEMORY;
    size_t n = 0, len;
    for (size_t i = 0; i < raw.len; i += len) {
        len = 1;
        uint32_t c = raw.ptr[i] == '&' ? reference(wr_str_slice(raw, i, raw.len), &len) : 0;
        if (c) n += wr_utf8_put(to + n, c);
        else to[n++] = raw.ptr[i];
    }
    *out = wr_str_of(to, n);
    return WR_OK;
}

wr_status xml_attribute(wr_arena *arena, const xml_reader *r, const char *name, wr_str *out) {
    wr_str s = r->attributes, want = wr_str_c(name);
    bool whole = memchr(name, ':', want.len) != NULL;
    *out = wr_str_of(NULL, 0);
    for (size_t at = 0; at < s.len;) {
        while (at < s.len && !is_name(s.ptr[at]))
            at++;
        size_t from = at;
        while (at < s.len && is_name(s.ptr[at]))
            at++;
        wr_str have = wr_str_slice(s, from, at);
        while (at < s.len && (wr_is_space(s.ptr[at]) || s.ptr[at] == '='))
            at++;
        if (at >= s.len || (s.ptr[at] != '"' && s.ptr[at] != '\'')) continue;
        size_t end = wr_str_find_char(s, at + 1, s.ptr[at]);
        if (wr_str_eq_nocase(whole ? have : without_prefix(have), want))
            return xml_decode(arena, wr_str_slice(s, at + 1, end), out);
        at = end + 1;
    }
    return WR_OK;
}

wr_str xml_inner(xml_reader *r) {
    size_t from = r->at, to = r->at, depth = 1;
    wr_str name = r->name;
    while (depth) {
        xml_token token = xml_next(r);
        to = r->start > from ? r->start : from;
        if (token == XML_END) return wr_str_slice(r->all, from, r->all.len);
        if (token == XML_TEXT || !wr_str_eq_nocase(r->name, name)) continue;
        if (token == XML_OPEN) depth++;
        else depth--;
    }
    return wr_str_slice(r->all, from, to);
}

wr_status xml_text(wr_arena *arena, xml_reader *r, wr_str *out) {
    xml_reader inside;
    bool empty = r->empty;
    wr_str inner = xml_inner(r);
    *out = wr_str_of(NULL, 0);
    if (empty) return WR_OK;
    char *to = wr_arena_take(arena, inner.len + 1);
    if (!to) return WR_MEMORY;
    size_t n = 0;
    xml_open(&inside, inner);
    for (xml_token token; (token = xml_next(&inside)) != XML_END;) {
        wr_str text = inside.text;
        if (token != XML_TEXT) continue;
        if (!inside.cdata) WR_TRY(xml_decode(arena, text, &text));
        for (size_t i = 0; i < text.len && n < inner.len; i++) {
            bool space = wr_is_space(text.ptr[i]);
            if (space && (!n || to[n - 1] == ' ')) continue;
            to[n++] = space ? ' ' : text.ptr[i];
        }
    }
    *out = wr_str_trim(wr_str_of(to, n));
    return WR_OK;
}

wr_status xml_utf8(wr_arena *arena, wr_str bytes, wr_str *out) {
    wr_decoded decoded;
    wr_str label = wr_str_of(NULL, 0);
    if (wr_str_starts(bytes, WR_STR("<?xml"))) {
        xml_reader head = {.attributes = wr_str_slice(bytes, 5, wr_str_find_char(bytes, 0, '>'))};
        WR_TRY(xml_attribute(arena, &head, "encoding", &label));
    }
    WR_TRY(wr_charset_decode(arena, bytes, label, label, &decoded));
    *out = decoded.text;
    return WR_OK;
}

/* ---- writing ---- */

void xml_put(xml_out *out, wr_str markup) {
    if (out->status != WR_OK) return;
    if (markup.len > out->limit - out->len) {
        out->status = WR_LIMIT;
        return;
    }
    if (markup.len > out->cap - out->len) {
        size_t cap = out->cap ? out->cap : 4096;
        while (cap < out->len + markup.len)
            cap *= 2;
        char *grown = wr_arena_grow(out->arena, out->ptr, out->cap, cap, 1);
        if (!grown) {
            out->status = WR_MEMORY;
            return;
        }
        out->ptr = grown;
        out->cap = cap;
    }
    if (markup.len) memcpy(out->ptr + out->len, markup.ptr, markup.len);
    out->len += markup.len;
}

void xml_put_text(xml_out *out, wr_str text) {
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c != '&' && c != '<' && c != '"') continue;
        xml_put(out, wr_str_slice(text, from, i));
        xml_put(out, c == '&' ? WR_STR("&amp;") : c == '<' ? WR_STR("&lt;") : WR_STR("&quot;"));
        from = i + 1;
    }
    xml_put(out, wr_str_slice(text, from, text.len));
}

void xml_put_token(xml_out *out, const xml_reader *r) {
    if (r->cdata) xml_put_text(out, r->text);
    else xml_put(out, r->text);
}
