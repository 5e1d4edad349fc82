/* jvalue.c -- JSON: lenient tree, strict check */
#include "common/text/jvalue.h"

#define VALUES_MAX 50000
#define NEST_MAX   32

typedef struct scan {
    wr_arena *arena;
    wr_str s;
    size_t at, values;
    bool failed;
} scan;

static void skip_space(scan *c) {
    while (c->at < c->s.len && (wr_is_space(c->s.ptr[c->at]) || c->s.ptr[c->at] == ','))
        c->at++;
}

/* At the quote: the string's inside. */
static wr_str read_string(scan *c, bool *escaped) {
    size_t from = ++c->at;
    *escaped = false;
    for (; c->at < c->s.len; c->at++) {
        char ch = c->s.ptr[c->at];
        if (ch == '"') return wr_str_slice(c->s, from, c->at++);
        if (ch == '\\') {
            *escaped = true;
            c->at++;
        }
    }
    c->at = c->s.len;
    return wr_str_slice(c->s, from, c->s.len);
}

static wr_jvalue *new_value(scan *c, wr_jvalue_type type) {
    wr_jvalue *v = c->values++ < VALUES_MAX ? wr_arena_take(c->arena, sizeof *v) : NULL;
    if (!v && c->values <= VALUES_MAX) c->failed = true;
    if (v) v->type = type;
    return v;
}

static wr_jvalue *read_scalar(scan *c) {
    size_t from = c->at;
    while (c->at < c->s.len && !strchr(",]}:\" \n\r\t", c->s.ptr[c->at]))
        c->at++;
    wr_str text = wr_str_slice(c->s, from, c->at);
    if (text.len == 0) return NULL;
    wr_jvalue_type type = text.ptr[0] == 'n'                         ? WR_JVALUE_NULL
                          : text.ptr[0] == 't' || text.ptr[0] == 'f' ? WR_JVALUE_BOOL
                                                                     : WR_JVALUE_NUMBER;
    wr_jvalue *v = new_value(c, type);
    if (v) v->text = text;
    return v;
}

/* Iterative: `path` holds the open containers, so that depth costs no stack. */
wr_status wr_jvalue_read(wr_arena *arena, wr_str s, wr_jvalue **root) {
    scan c = {.arena = arena, .s = s};
    wr_jvalue *path[NEST_MAX], *last[NEST_MAX];
    size_t depth = 0, beyond = 0;
    wr_str key = {0};
    *root = NULL;
    for (;;) {
        skip_space(&c);
        if (c.at >= s.len || c.failed || c.values > VALUES_MAX) break;
        char ch = s.ptr[c.at];
        if (ch == '}' || ch == ']') {
            c.at++;
            if (beyond) beyond--;
            else if (depth) depth--;
            key = wr_str_of(NULL, 0);
            if (depth == 0) break;
            continue;
        }
        wr_jvalue *v = NULL;
        bool open = ch == '{' || ch == '[';
        if (open) {
            c.at++;
            if (beyond || depth == NEST_MAX) {
                beyond++;
                continue;
            }
            v = new_value(&c, ch == '{' ? WR_JVALUE_OBJECT : WR_JVALUE_ARRAY);
        } else if (ch == '"') {
            bool escaped;
            wr_str text = read_string(&c, &escaped);
            size_t back = c.at;
            while (c.at < s.len && wr_is_space(s.ptr[c.at]))
                c.at++;
            bool is_key = depth && path[depth - 1]->type == WR_JVALUE_OBJECT && !key.ptr &&
                          c.at < s.len && s.ptr[c.at] == ':';
            if (is_key) {
                key = text;
                c.at++;
                continue;
            }
            c.at = back;
            v = beyond ? NULL : new_value(&c, WR_JVALUE_STRING);
            if (v) {
                v->text = text;
                v->escaped = escaped;
            }
        } else {
            size_t before = c.at;
            v = read_scalar(&c);
            if (c.at == before) c.at++; /* a stray byte */
            if (beyond) continue;
        }
        if (!v) continue;
        v->key = key;
        key = wr_str_of(NULL, 0);
        if (depth == 0) *root = v;
        else if (last[depth - 1]) last[depth - 1]->next = v;
        else path[depth - 1]->first = v;
        if (depth) last[depth - 1] = v;
        if (open) {
            path[depth] = v;
            last[depth++] = NULL;
        } else if (depth == 0) break;
    }
    return c.failed ? WR_MEMORY : WR_OK;
}

static int hex4(wr_str s, size_t at) {
    int code = 0;
    if (at + 4 > s.len) return -1;
    for (size_t i = at; i < at + 4; i++) {
        char c = wr_lower(s.ptr[i]);
        if (!wr_is_digit(c) && !(c >= 'a' && c <= 'f')) return -1;
        code = code * 16 + (wr_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return code;
}

/* "\uXXXX" at `at` (the backslash), with its second half when it is a pair: bytes taken. */
static size_t read_unicode(wr_str s, size_t at, char *to, size_t *n) {
    int code = hex4(s, at + 2);
    size_t took = 6;
    if (code < 0) return 0;
    if (code >= 0xD800 && code < 0xDC00 && at + 12 <= s.len && s.ptr[at + 6] == '\\' &&
        s.ptr[at + 7] == 'u') {
        int low = hex4(s, at + 8);
        if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            took = 12;
        }
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
    *n += wr_utf8_put(to + *n, (uint32_t)code);
    return took;
}

wr_status wr_jvalue_text(wr_arena *arena, const wr_jvalue *value, wr_str *out) {
    wr_str s = value->text;
    *out = s;
    if (!value->escaped) return WR_OK;
    char *to = wr_arena_take(arena, s.len + 1);
    if (!to) return WR_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < s.len;) {
        if (s.ptr[i] != '\\' || i + 1 == s.len) {
            to[n++] = s.ptr[i++];
            continue;
        }
        size_t took = 2;
        switch (s.ptr[i + 1]) {
        case 'n':
        case 'r': to[n++] = '\n'; break;
        case 't': to[n++] = '\t'; break;
        case 'b':
        case 'f': to[n++] = ' '; break;
        case 'u':
            took = read_unicode(s, i, to, &n);
            if (took) break;
            took = 2;
            to[n++] = 'u';
            break;
        default: to[n++] = s.ptr[i + 1];
        }
        i += took;
    }
    *out = wr_str_of(to, n);
    return WR_OK;
}

const wr_jvalue *wr_jvalue_member(const wr_jvalue *object, wr_str key) {
    if (!object || object->type != WR_JVALUE_OBJECT) return NULL;
    for (const wr_jvalue *m = object->first; m; m = m->next)
        if (wr_str_eq_nocase(m->key, key)) return m;
    return NULL;
}

/* ---- strict ---- */

#define STRICT_NEST 512

static bool valid_string(wr_str s, size_t *at) {
    for (size_t i = *at + 1; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < ' ') return false;
        if (c == '"') {
            *at = i + 1;
            return true;
        }
        if (c != '\\') continue;
        if (++i == s.len) return false;
        if (s.ptr[i] == 'u') {
            if (hex4(s, i + 1) < 0) return false;
            i += 4;
        } else if (!memchr("\"\\/bfnrt", s.ptr[i], 8)) return false;
    }
    return false;
}

static size_t digits(wr_str s, size_t at) {
    while (at < s.len && wr_is_digit(s.ptr[at]))
        at++;
    return at;
}

static bool valid_number(wr_str s, size_t *at) {
    size_t i = *at + (s.ptr[*at] == '-'), from = i;
    i = digits(s, i);
    if (i == from || (s.ptr[from] == '0' && i > from + 1)) return false;
    if (i < s.len && s.ptr[i] == '.') {
        from = ++i;
        i = digits(s, i);
        if (i == from) return false;
    }
    if (i < s.len && (s.ptr[i] | 32) == 'e') {
        i++;
        if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-')) i++;
        from = i;
        i = digits(s, i);
        if (i == from) return false;
    }
    *at = i;
    return true;
}

static bool valid_scalar(wr_str s, size_t *at) {
    static const wr_str words[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    char c = s.ptr[*at];
    if (c == '"') return valid_string(s, at);
    if (c == '-' || wr_is_digit(c)) return valid_number(s, at);
    for (size_t i = 0; i < 3; i++)
        if (wr_str_starts(wr_str_slice(s, *at, s.len), words[i])) {
            *at += words[i].len;
            return true;
        }
    return false;
}

static size_t next_token(wr_str s, size_t at) {
    while (at < s.len && strchr(" \t\n\r", s.ptr[at]) && s.ptr[at])
        at++;
    return at;
}

/* A member's key and colon; leaves *at at its value. */
static bool valid_key(wr_str s, size_t *at) {
    if (*at >= s.len || s.ptr[*at] != '"' || !valid_string(s, at)) return false;
    *at = next_token(s, *at);
    if (*at >= s.len || s.ptr[*at] != ':') return false;
    *at = next_token(s, *at + 1);
    return *at < s.len;
}

/* After a value: closes what ends, goes to the next value. False on an error; *done at the end. */
static bool valid_after(wr_str s, size_t *at, const char *open, size_t *depth, bool *done) {
    for (*at = next_token(s, *at); *depth; *at = next_token(s, *at)) {
        if (*at >= s.len) return false;
        char c = s.ptr[(*at)++], close = open[*depth - 1] == '{' ? '}' : ']';
        if (c == close) {
            (*depth)--;
            continue;
        }
        if (c != ',') return false;
        *at = next_token(s, *at);
        return *at < s.len && (close == ']' || valid_key(s, at));
    }
    *done = true;
    return *at == s.len;
}

bool wr_jvalue_valid(wr_str s) {
    char open[STRICT_NEST];
    size_t depth = 0, at = next_token(s, 0);
    bool done = false;
    if (!wr_utf8_valid(s)) return false;
    while (!done) {
        if (at >= s.len) return false;
        char c = s.ptr[at];
        if (c == '{' || c == '[') {
            if (depth == STRICT_NEST) return false;
            open[depth++] = c;
            at = next_token(s, at + 1);
            bool empty = at < s.len && s.ptr[at] == (c == '{' ? '}' : ']');
            if (!empty) {
                if (c == '{' && !valid_key(s, &at)) return false;
                continue;
            }
            depth--;
            at++;
        } else if (!valid_scalar(s, &at)) return false;
        if (!valid_after(s, &at, open, &depth, &done)) return false;
    }
    return true;
}
