/* entity.c -- character references */
#include "entity.h"

#include "entity_table.h"

#define NAME_MAX_LEN   31 /* CounterClockwiseContourIntegral */
#define LEGACY_MAX_LEN 6

/* Code points that numeric references 128-159 stand for: windows-1252. 0 = itself. */
static const unsigned short c1_text[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

unsigned entity_utf8(uint32_t code, char out[4]) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 63));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 63));
        out[2] = (char)(0x80 | (code & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 63));
    out[2] = (char)(0x80 | (code >> 6 & 63));
    out[3] = (char)(0x80 | (code & 63));
    return 4;
}

static bool is_alnum(char c) {
    return wr_is_alpha(c) || wr_is_digit(c);
}

static int digit_value(char c, bool hex) {
    if (wr_is_digit(c)) return c - '0';
    char low = wr_lower(c);
    if (hex && low >= 'a' && low <= 'f') return low - 'a' + 10;
    return -1;
}

static size_t read_number(wr_str s, entity_text *out) {
    size_t i = 2;
    bool hex = i < s.len && (s.ptr[i] == 'x' || s.ptr[i] == 'X');
    if (hex) i++;
    size_t first = i;
    uint32_t code = 0;
    for (; i < s.len; i++) {
        int d = digit_value(s.ptr[i], hex);
        if (d < 0) break;
        code = code * (hex ? 16 : 10) + (uint32_t)d;
        if (code > 0x110000) code = 0x110000; /* stays out of range, cannot overflow */
    }
    if (i == first) return 0;
    if (i < s.len && s.ptr[i] == ';') i++;
    if (code >= 0x80 && code < 0xA0 && c1_text[code - 0x80]) code = c1_text[code - 0x80];
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
    out->len = entity_utf8(code, out->bytes);
    return i;
}

static const struct entity *find_name(const char *name, size_t len) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)name[i]) * 16777619u;
    h ^= h >> 15;
    for (uint32_t at = h & (ENTITY_SLOTS - 1); entity_slots[at];
         at = (at + 1) & (ENTITY_SLOTS - 1)) {
        const struct entity *e = &entity_list[entity_slots[at] - 1];
        if (e->len == len && memcmp(entity_names + e->name, name, len) == 0) return e;
    }
    return NULL;
}

static void set_text(const struct entity *e, entity_text *out) {
    memcpy(out->bytes, e->text, sizeof e->text);
    out->len = e->bytes;
}

size_t entity_read(wr_str s, int where, entity_text *out) {
    if (s.len < 3) return 0;
    if (s.ptr[1] == '#') return read_number(s, out);
    size_t len = 0;
    while (len <= NAME_MAX_LEN && 1 + len < s.len && is_alnum(s.ptr[1 + len]))
        len++;
    if (len < 2) return 0;
    const char *name = s.ptr + 1;
    if (1 + len < s.len && name[len] == ';') {
        const struct entity *e = find_name(name, len);
        if (e) {
            set_text(e, out);
            return len + 2;
        }
    }
    for (size_t n = len < LEGACY_MAX_LEN ? len : LEGACY_MAX_LEN; n >= 2; n--) {
        const struct entity *e = find_name(name, n);
        if (!e || !e->legacy) continue;
        if (where == ENTITY_IN_ATTRIBUTE && 1 + n < s.len && (is_alnum(name[n]) || name[n] == '='))
            return 0;
        set_text(e, out);
        return n + 1;
    }
    return 0;
}

wr_status entity_decode(wr_arena *arena, wr_str s, int where, wr_str *out) {
    bool plain = !memchr(s.ptr ? s.ptr : "", '\r', s.len) && !memchr(s.ptr ? s.ptr : "", 0, s.len);
    if (plain && (where < 0 || !memchr(s.ptr ? s.ptr : "", '&', s.len))) {
        *out = s;
        return WR_OK;
    }
    /* The longest growth is NUL: 1 byte to 3. */
    size_t nuls = 0;
    for (size_t i = 0; i < s.len; i++)
        nuls += s.ptr[i] == 0;
    char *to = wr_arena_take(arena, s.len + s.len / 5 + 2 * nuls + 8);
    if (!to) return WR_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < s.len;) {
        char c = s.ptr[i];
        entity_text e;
        size_t took = 0;
        if (c == '&' && where >= 0 && (took = entity_read(wr_str_slice(s, i, s.len), where, &e))) {
            memcpy(to + n, e.bytes, e.len);
            n += e.len;
            i += took;
        } else if (c == '\r') {
            to[n++] = '\n';
            i += i + 1 < s.len && s.ptr[i + 1] == '\n' ? 2 : 1;
        } else if (c == 0) {
            memcpy(to + n, "\xEF\xBF\xBD", 3);
            n += 3;
            i++;
        } else {
            to[n++] = c;
            i++;
        }
    }
    *out = wr_str_of(to, n);
    return WR_OK;
}
