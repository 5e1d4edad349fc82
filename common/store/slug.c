/* slug.c -- names as they stand in keys and topics, and hosts of addresses */
#include <common/store/private.h>

#include <stdlib.h>
#include <utf8proc.h>
#include <xxhash.h>

#define SLUG_MAX 96

static bool is_word(utf8proc_int32_t c) {
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL: return true;
    default: return false;
    }
}

/* Adds the words of `text` joined by '-'; apostrophes and full stops vanish (U.S. = us). */
static size_t join_words(const char *text, size_t len, char *out, size_t cap) {
    size_t n = 0;
    bool gap = false;
    for (size_t i = 0; i < len;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(len - i), &c);
        if (step <= 0) {
            i++;
            gap = true;
            continue;
        }
        if (is_word(c)) {
            if (n + (size_t)step + 1 > cap) return cap + 1;
            if (gap && n) out[n++] = '-';
            gap = false;
            memcpy(out + n, text + i, (size_t)step);
            n += (size_t)step;
        } else if (c != '.' && c != '\'' && c != 0x2019) gap = true;
        i += (size_t)step;
    }
    return n;
}

static bool is_ascii(wr_str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80) return false;
    return true;
}

/* The folded form in malloc'ed memory; NULL when `name` is not UTF-8 (or too long). */
static char *fold(wr_str name, size_t *len) {
    if (name.len > 1u << 16) return NULL;
    utf8proc_uint8_t *text = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)name.ptr, (utf8proc_ssize_t)name.len, &text,
                     UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
                         UTF8PROC_IGNORE);
    if (n < 0) return NULL;
    *len = (size_t)n;
    return (char *)text;
}

/* The words of the name; 0 = there are none, SLUG_MAX + 1 = too long. */
static size_t words_of(wr_str name, char out[SLUG_MAX]) {
    if (name.len <= SLUG_MAX && is_ascii(name)) {
        char lower[SLUG_MAX];
        for (size_t i = 0; i < name.len; i++)
            lower[i] = wr_lower(name.ptr[i]);
        return join_words(lower, name.len, out, SLUG_MAX);
    }
    size_t len = 0;
    char *folded = fold(name, &len);
    size_t n = folded ? join_words(folded, len, out, SLUG_MAX) : 0;
    free(folded);
    return n;
}

wr_status wr_store_slug(wr_arena *arena, wr_str name, wr_str *out) {
    char words[SLUG_MAX];
    size_t n = words_of(name, words);
    if (n > 0 && n <= SLUG_MAX) return wr_arena_copy(arena, wr_str_of(words, n), out);
    uint64_t hash = XXH3_64bits(name.ptr ? name.ptr : "", name.len);
    return wr_arena_printf(arena, out, "x%016llx", (unsigned long long)hash);
}

wr_str wr_store_host(wr_str url, char *buf, size_t size) {
    size_t at = 0;
    while (at + 2 < url.len &&
           !(url.ptr[at] == ':' && url.ptr[at + 1] == '/' && url.ptr[at + 2] == '/'))
        at++;
    if (at + 3 >= url.len) return (wr_str){0};
    wr_str host = wr_str_slice(url, at + 3, url.len);
    for (size_t i = 0; i < host.len; i++)
        if (host.ptr[i] == '/' || host.ptr[i] == '?' || host.ptr[i] == '#') host.len = i;
    size_t user = wr_str_find_char(host, 0, '@');
    if (user < host.len) host = wr_str_slice(host, user + 1, host.len);
    if (host.len && host.ptr[0] != '[') host.len = wr_str_find_char(host, 0, ':');
    while (host.len && host.ptr[host.len - 1] == '.')
        host.len--;
    if (host.len == 0 || host.len > 253 || host.len >= size) return (wr_str){0};
    for (size_t i = 0; i < host.len; i++) {
        char c = wr_lower(host.ptr[i]);
        if ((unsigned char)c <= ' ' || c == '"' || c == '<' || c == '>') return (wr_str){0};
        buf[i] = c;
    }
    host = wr_str_of(buf, host.len);
    return wr_str_starts(host, WR_STR("www.")) && host.len > 4 ? wr_str_slice(host, 4, host.len)
                                                               : host;
}

/* Points for what a good written form has; ties are broken by length and then bytes. */
static int form_points(wr_str name) {
    int upper = 0, lower = 0;
    for (size_t i = 0; i < name.len; i++) {
        upper += (unsigned char)(name.ptr[i] - 'A') < 26;
        lower += (unsigned char)(name.ptr[i] - 'a') < 26;
    }
    if (upper && lower) return 3;
    if (upper) return upper > 5 ? 1 : 4; /* an acronym; more letters are a shout */
    return lower ? 0 : 2;
}

bool store_name_better(wr_str a, wr_str b) {
    if (a.len == 0 || b.len == 0) return a.len > 0;
    int x = form_points(a), y = form_points(b);
    if (x != y) return x > y;
    if (a.len != b.len) return a.len > b.len;
    return wr_str_cmp(a, b) < 0;
}
