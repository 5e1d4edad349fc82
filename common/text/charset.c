/* charset.c -- which encoding, and the decoding with marks on the way */
#include "common/text/charset.h"

#include "common/text/charset_step.h"
#include "common/text/charset_table.h"

enum { MARK_EVERY = 256 }; /* bytes of text between two marks */

typedef struct wr_charset_mark {
    size_t source, text;
    unsigned state;
} mark;

/* The names below are rows of the generated table; a miss would be a programming error. */
static const wr_encoding *named(const char *label) {
    return wr_encoding_find(wr_str_c(label));
}

wr_str wr_encoding_name(const wr_encoding *encoding) {
    return encoding->name;
}

const wr_encoding *wr_encoding_find(wr_str label) {
    char lower[32];
    label = wr_str_trim(label);
    if (label.len == 0 || label.len > sizeof lower) return NULL;
    for (size_t i = 0; i < label.len; i++)
        lower[i] = wr_lower(label.ptr[i]);
    wr_str key = wr_str_of(lower, label.len);
    size_t low = 0, high = wr_charset_n_labels;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = wr_str_cmp(wr_charset_labels[mid].label, key);
        if (c == 0) return &wr_charset_encodings[wr_charset_labels[mid].encoding];
        if (c < 0) low = mid + 1;
        else high = mid;
    }
    return NULL;
}

/* How far the bytes are from being UTF-8. */
typedef struct {
    size_t n_multi, n_bad;
    bool cut; /* the only fault is a character cut off by the end */
} utf8_fit;

static utf8_fit fit_utf8(wr_str s) {
    utf8_fit fit = {0, 0, false};
    for (size_t i = 0, n; i < s.len; i += n) {
        if ((unsigned char)s.ptr[i] < 0x80) {
            n = wr_utf8_ascii(s.ptr + i, s.len - i);
            continue;
        }
        uint32_t cp = wr_utf8_next_slow(s.ptr + i, s.len - i, &n);
        if (cp != WR_REPLACEMENT || n == 3) fit.n_multi++;
        else fit.n_bad++, fit.cut = fit.n_bad == 1 && i + n == s.len;
    }
    return fit;
}

/* UTF-16 without a mark: zero bytes at one parity, hardly any at the other. */
static const wr_encoding *find_utf16(wr_str s) {
    size_t zeros[2] = {0, 0}, len = s.len < 4096 ? s.len : 4096;
    for (size_t i = 0; i < len; i++)
        zeros[i & 1] += s.ptr[i] == 0;
    size_t half = len / 2;
    if (half < 4) return NULL;
    if (zeros[1] > half / 2 && zeros[0] < half / 32 + 1) return named("utf-16le");
    if (zeros[0] > half / 2 && zeros[1] < half / 32 + 1) return named("utf-16be");
    return NULL;
}

static bool has_escapes(wr_str s) {
    for (size_t i = wr_str_find_char(s, 0, 0x1B); i + 2 < s.len;
         i = wr_str_find_char(s, i + 1, 0x1B)) {
        if (s.ptr[i + 1] == '$' && (s.ptr[i + 2] == 'B' || s.ptr[i + 2] == '@')) return true;
        if (s.ptr[i + 1] == '(' && (s.ptr[i + 2] == 'J' || s.ptr[i + 2] == 'I')) return true;
    }
    return false;
}

static const wr_encoding *by_mark(wr_str s, size_t *skip) {
    *skip = 3;
    if (wr_str_starts(s, WR_STR("\xEF\xBB\xBF"))) return named("utf-8");
    *skip = 2;
    if (wr_str_starts(s, WR_STR("\xFE\xFF"))) return named("utf-16be");
    if (wr_str_starts(s, WR_STR("\xFF\xFE"))) return named("utf-16le");
    *skip = 0;
    return NULL;
}

/* A label counts when it is known and the bytes do not contradict it: one that leaves more than one
 * replacement in 200 bytes of the first 64 KiB is no label. */
static bool label_fits(const wr_encoding *encoding, wr_str s, utf8_fit fit) {
    if (encoding->kind == WR_KIND_UTF8) return fit.n_multi >= fit.n_bad;
    if (encoding->kind == WR_KIND_UTF16LE || encoding->kind == WR_KIND_UTF16BE) return false;
    if (encoding->kind == WR_KIND_SINGLE) return true;
    if (s.len > 65536) s.len = 65536;
    return wr_charset_count_bad(encoding, s) <= s.len / 200;
}

static const wr_encoding *choose(wr_str s, wr_str http, wr_str meta, wr_decoded *d) {
    const wr_encoding *encoding = by_mark(s, &d->skip);
    d->origin = WR_CHARSET_BOM;
    if (encoding) return encoding;
    d->origin = WR_CHARSET_DETECTED;
    if ((encoding = find_utf16(s))) return encoding;
    size_t ascii = wr_utf8_ascii(s.ptr, s.len);
    if (ascii == s.len) {
        if (has_escapes(s)) return named("iso-2022-jp");
        d->origin = WR_CHARSET_ASCII;
        return named("utf-8");
    }
    utf8_fit fit = fit_utf8(s);
    d->origin = WR_CHARSET_UTF8;
    if (fit.n_bad == 0 || (fit.cut && fit.n_multi) || fit.n_multi > 8 * fit.n_bad)
        return named("utf-8");
    d->origin = WR_CHARSET_HTTP;
    encoding = wr_encoding_find(http);
    if (encoding && label_fits(encoding, s, fit)) return encoding;
    d->origin = WR_CHARSET_META;
    encoding = wr_encoding_find(meta);
    if (encoding && label_fits(encoding, s, fit)) return encoding;
    d->origin = WR_CHARSET_DETECTED;
    return wr_charset_detect(s);
}

typedef struct {
    wr_arena *arena;
    mark *marks;
    size_t n, cap;
    size_t next; /* length of text at which the next mark is due */
} mark_list;

static bool add_mark(mark_list *list, size_t source, size_t text, unsigned state) {
    mark *m = WR_PUSH(list->arena, list->marks, list->n, list->cap);
    if (!m) return false;
    *m = (mark){source, text, state};
    list->next = text + MARK_EVERY;
    return true;
}

/* Room the text can need at most: see the decoders of charset_step.c. */
static size_t room(const wr_encoding *encoding, wr_str s) {
    if (s.len > SIZE_MAX / 4) return SIZE_MAX;
    bool wide = encoding->kind == WR_KIND_ISO2022JP || encoding->kind == WR_KIND_UTF16BE ||
                encoding->kind == WR_KIND_UTF16LE;
    if (wide) return s.len * 3 + 3;
    size_t high = 0;
    for (size_t i = 0; i < s.len; i++)
        high += (unsigned char)s.ptr[i] >> 7;
    return s.len + high * 2;
}

static wr_status decode_all(wr_arena *arena, wr_str s, size_t from, wr_decoded *d) {
    char *p = wr_arena_take(arena, room(d->encoding, wr_str_slice(s, from, s.len))), *to = p;
    mark_list list = {arena, NULL, 0, 0, 0};
    wr_charset_stepper st = {d->encoding, 0, 0};
    if (!p) return WR_MEMORY;
    bool plain = d->encoding->kind <= WR_KIND_BIG5 || d->encoding->kind == WR_KIND_EUCJP ||
                 d->encoding->kind == WR_KIND_SJIS || d->encoding->kind == WR_KIND_EUCKR;
    for (size_t i = from; i < s.len;) {
        size_t text = (size_t)(to - p);
        if (text >= list.next && !add_mark(&list, i, text, st.state)) return WR_MEMORY;
        if (plain && (unsigned char)s.ptr[i] < 0x80) {
            size_t most = list.next - text, left = s.len - i;
            size_t n = wr_utf8_ascii(s.ptr + i, left < most ? left : most);
            memcpy(to, s.ptr + i, n);
            to += n, i += n;
            continue;
        }
        uint32_t cps[2];
        size_t n_cps;
        i += wr_charset_step(&st, s.ptr + i, s.len - i, cps, &n_cps);
        for (size_t k = 0; k < n_cps; k++)
            to += wr_utf8_put(to, cps[k]);
    }
    d->text = wr_str_of(p, (size_t)(to - p));
    d->n_replaced = st.n_bad;
    d->marks = list.marks;
    d->n_marks = list.n;
    return WR_OK;
}

wr_status wr_charset_decode(wr_arena *arena, wr_str source, wr_str http, wr_str meta,
                            wr_decoded *out) {
    memset(out, 0, sizeof *out);
    out->source = source;
    out->encoding = choose(source, http, meta, out);
    wr_str rest = wr_str_slice(source, out->skip, source.len);
    if (out->encoding->kind == WR_KIND_UTF8 && wr_utf8_valid(rest)) {
        out->text = rest;
        out->same = true;
        return WR_OK;
    }
    return decode_all(arena, source, out->skip, out);
}

size_t wr_charset_source(const wr_decoded *d, size_t at) {
    if (at >= d->text.len) return d->source.len;
    if (d->same) return d->skip + at;
    size_t low = 0, high = d->n_marks; /* the last mark with text <= at */
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        if (d->marks[mid].text <= at) low = mid;
        else high = mid;
    }
    wr_charset_stepper st = {d->encoding, d->marks[low].state, 0};
    size_t source = d->marks[low].source, text = d->marks[low].text;
    while (source < d->source.len) {
        uint32_t cps[2];
        size_t n_cps;
        size_t used =
            wr_charset_step(&st, d->source.ptr + source, d->source.len - source, cps, &n_cps);
        char bytes[4];
        for (size_t k = 0; k < n_cps; k++)
            text += wr_utf8_put(bytes, cps[k]);
        if (text > at) return source;
        source += used;
    }
    return d->source.len;
}
