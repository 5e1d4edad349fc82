/* json.c -- lenient JSON */
#include "json.h"

#include "entity.h"

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

static json *new_value(scan *c, json_type type) {
    json *v = c->values++ < VALUES_MAX ? wr_arena_take(c->arena, sizeof *v) : NULL;
    if (!v && c->values <= VALUES_MAX) c->failed = true;
    if (v) v->type = type;
    return v;
}

static json *read_scalar(scan *c) {
    size_t from = c->at;
    while (c->at < c->s.len && !strchr(",]}:\" \n\r\t", c->s.ptr[c->at]))
        c->at++;
    wr_str text = wr_str_slice(c->s, from, c->at);
    if (text.len == 0) return NULL;
    json_type type = text.ptr[0] == 'n'                         ? JSON_NULL
                     : text.ptr[0] == 't' || text.ptr[0] == 'f' ? JSON_BOOL
                                                                : JSON_NUMBER;
    json *v = new_value(c, type);
    if (v) v->text = text;
    return v;
}

/* Iterative: `path` holds the open containers, so that depth costs no stack. */
wr_status json_read(wr_arena *arena, wr_str s, json **root) {
    scan c = {.arena = arena, .s = s};
    json *path[NEST_MAX], *last[NEST_MAX];
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
        json *v = NULL;
        bool open = ch == '{' || ch == '[';
        if (open) {
            c.at++;
            if (beyond || depth == NEST_MAX) {
                beyond++;
                continue;
            }
            v = new_value(&c, ch == '{' ? JSON_OBJECT : JSON_ARRAY);
        } else if (ch == '"') {
            bool escaped;
            wr_str text = read_string(&c, &escaped);
            size_t back = c.at;
            while (c.at < s.len && wr_is_space(s.ptr[c.at]))
                c.at++;
            bool is_key = depth && path[depth - 1]->type == JSON_OBJECT && !key.ptr &&
                          c.at < s.len && s.ptr[c.at] == ':';
            if (is_key) {
                key = text;
                c.at++;
                continue;
            }
            c.at = back;
            v = beyond ? NULL : new_value(&c, JSON_STRING);
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
    *n += entity_utf8((uint32_t)code, to + *n);
    return took;
}

wr_status json_text(wr_arena *arena, const json *value, wr_str *out) {
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

const json *json_member(const json *object, wr_str key) {
    if (!object || object->type != JSON_OBJECT) return NULL;
    for (const json *m = object->first; m; m = m->next)
        if (wr_str_eq_nocase(m->key, key)) return m;
    return NULL;
}
