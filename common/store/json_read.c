/* json_read.c -- JSON text into a tree in an arena */
#include <common/store/json.h>

#include <stdlib.h>

#define MAX_DEPTH 64

typedef struct reader {
    wr_arena *arena;
    wr_str text;
    size_t at;
} reader;

static void skip_space(reader *r) {
    while (r->at < r->text.len) {
        char c = r->text.ptr[r->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
        r->at++;
    }
}

static bool next_is(reader *r, char c) {
    skip_space(r);
    if (r->at >= r->text.len || r->text.ptr[r->at] != c) return false;
    r->at++;
    return true;
}

static int hex_value(char c) {
    if (wr_is_digit(c)) return c - '0';
    c = wr_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at `at`; -1 when there are none. */
static int32_t hex4(const reader *r, size_t at) {
    int32_t v = 0;
    if (at + 4 > r->text.len) return -1;
    for (size_t i = 0; i < 4; i++) {
        int digit = hex_value(r->text.ptr[at + i]);
        if (digit < 0) return -1;
        v = v * 16 + digit;
    }
    return v;
}

static size_t put_utf8(char *out, uint32_t c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

/* \uXXXX at r->at (behind the u), pairs of surrogates joined, a lone one as U+FFFD. */
static wr_status read_unicode(reader *r, char *out, size_t *n) {
    int32_t c = hex4(r, r->at);
    if (c < 0) return WR_MALFORMED;
    r->at += 4;
    if (c >= 0xd800 && c < 0xdc00 && r->at + 6 <= r->text.len && r->text.ptr[r->at] == '\\' &&
        r->text.ptr[r->at + 1] == 'u') {
        int32_t low = hex4(r, r->at + 2);
        if (low >= 0xdc00 && low < 0xe000) {
            r->at += 6;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    if (c >= 0xd800 && c < 0xe000) c = 0xfffd;
    *n += put_utf8(out + *n, (uint32_t)c);
    return WR_OK;
}

static wr_status unescape(reader *r, size_t start, size_t end, wr_str *out) {
    char *text = wr_arena_take(r->arena, end - start + 1);
    if (!text) return WR_MEMORY;
    size_t n = 0;
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    for (r->at = start; r->at < end;) {
        char c = r->text.ptr[r->at++];
        if (c != '\\') {
            text[n++] = c;
            continue;
        }
        c = r->text.ptr[r->at++];
        const char *hit = c ? strchr(from, c) : NULL;
        if (hit) text[n++] = to[hit - from];
        else if (c == 'u') WR_TRY(read_unicode(r, text, &n));
        else return WR_MALFORMED;
    }
    *out = wr_str_of(text, n);
    return WR_OK;
}

/* The string whose opening quote has been read. */
static wr_status read_string(reader *r, wr_str *out) {
    size_t start = r->at, at = r->at;
    bool escapes = false;
    for (;; at++) {
        if (at >= r->text.len) return WR_MALFORMED;
        unsigned char c = (unsigned char)r->text.ptr[at];
        if (c == '"') break;
        if (c < 0x20) return WR_MALFORMED;
        if (c == '\\') escapes = true, at++;
    }
    if (escapes) WR_TRY(unescape(r, start, at, out));
    else *out = wr_str_of(r->text.ptr + start, at - start);
    r->at = at + 1;
    return WR_OK;
}

static bool take_digits(reader *r) {
    size_t from = r->at;
    while (r->at < r->text.len && wr_is_digit(r->text.ptr[r->at]))
        r->at++;
    return r->at > from;
}

static wr_status read_number(reader *r, wr_json *out) {
    size_t from = r->at;
    if (r->text.ptr[r->at] == '-') r->at++;
    bool zero = r->at < r->text.len && r->text.ptr[r->at] == '0';
    size_t whole = r->at;
    if (!take_digits(r) || (zero && r->at - whole > 1)) return WR_MALFORMED;
    bool plain = r->at - from <= 15;
    if (r->at < r->text.len && r->text.ptr[r->at] == '.') {
        r->at++;
        plain = false;
        if (!take_digits(r)) return WR_MALFORMED;
    }
    if (r->at < r->text.len && (r->text.ptr[r->at] | 32) == 'e') {
        r->at++;
        plain = false;
        if (r->at < r->text.len && (r->text.ptr[r->at] == '+' || r->text.ptr[r->at] == '-'))
            r->at++;
        if (!take_digits(r)) return WR_MALFORMED;
    }
    out->type = WR_JSON_NUMBER;
    out->string = wr_str_slice(r->text, from, r->at);
    if (plain) {
        for (size_t i = from; i < r->at; i++)
            if (r->text.ptr[i] != '-') out->number = out->number * 10 + (r->text.ptr[i] - '0');
        if (r->text.ptr[from] == '-') out->number = -out->number;
        return WR_OK;
    }
    char digits[64];
    if (out->string.len >= sizeof digits) return WR_LIMIT;
    memcpy(digits, out->string.ptr, out->string.len);
    digits[out->string.len] = 0;
    out->number = strtod(digits, NULL);
    return WR_OK;
}

static wr_status read_word(reader *r, wr_json *out) {
    static const struct {
        wr_str word;
        wr_json_type type;
    } words[] = {
        {{"null", 4}, WR_JSON_NULL}, {{"true", 4}, WR_JSON_TRUE}, {{"false", 5}, WR_JSON_FALSE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!wr_str_starts(wr_str_slice(r->text, r->at, r->text.len), words[i].word)) continue;
        r->at += words[i].word.len;
        out->type = words[i].type;
        return WR_OK;
    }
    return WR_MALFORMED;
}

static wr_status read_value(reader *r, wr_json *out, unsigned depth);

static wr_status read_items(reader *r, wr_json *out, unsigned depth) {
    bool object = out->type == WR_JSON_OBJECT;
    char close = object ? '}' : ']';
    wr_json **link = &out->items;
    if (depth >= MAX_DEPTH) return WR_LIMIT;
    if (next_is(r, close)) return WR_OK;
    do {
        wr_json *item = wr_arena_take(r->arena, sizeof *item);
        if (!item) return WR_MEMORY;
        if (object) {
            if (!next_is(r, '"')) return WR_MALFORMED;
            WR_TRY(read_string(r, &item->key));
            if (!next_is(r, ':')) return WR_MALFORMED;
        }
        WR_TRY(read_value(r, item, depth + 1));
        *link = item;
        link = &item->next;
        out->n++;
    } while (next_is(r, ','));
    return next_is(r, close) ? WR_OK : WR_MALFORMED;
}

static wr_status read_value(reader *r, wr_json *out, unsigned depth) {
    skip_space(r);
    if (r->at >= r->text.len) return WR_MALFORMED;
    char c = r->text.ptr[r->at];
    if (c == '[' || c == '{') {
        r->at++;
        out->type = c == '[' ? WR_JSON_ARRAY : WR_JSON_OBJECT;
        return read_items(r, out, depth);
    }
    if (c == '"') {
        r->at++;
        out->type = WR_JSON_STRING;
        return read_string(r, &out->string);
    }
    if (c == '-' || wr_is_digit(c)) return read_number(r, out);
    return read_word(r, out);
}

wr_status wr_json_parse(wr_arena *arena, wr_str text, wr_json **out) {
    reader r = {.arena = arena, .text = text};
    wr_json *root = wr_arena_take(arena, sizeof *root);
    if (!root) return WR_MEMORY;
    WR_TRY(read_value(&r, root, 0));
    skip_space(&r);
    if (r.at != text.len) return WR_MALFORMED;
    *out = root;
    return WR_OK;
}

const wr_json *wr_json_member(const wr_json *object, const char *key) {
    if (!object || object->type != WR_JSON_OBJECT) return NULL;
    for (const wr_json *item = object->items; item; item = item->next)
        if (wr_str_eq(item->key, wr_str_c(key))) return item;
    return NULL;
}

uint64_t wr_json_as_uint(const wr_json *value) {
    if (!value || value->type != WR_JSON_NUMBER || !(value->number >= 0)) return 0;
    return value->number <= 9007199254740992.0 ? (uint64_t)value->number : 0;
}
