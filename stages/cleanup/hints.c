/* hints.c -- class words */
#include "hints.h"

/* 1-26 for letters, 0 between words. */
static unsigned symbol(char c) {
    return wr_is_alpha(c) ? (unsigned)(c & 31) : 0;
}

static bool is_upper(char c) {
    return (unsigned char)(c - 'A') < 26;
}

static bool is_lower(char c) {
    return (unsigned char)(c - 'a') < 26;
}

unsigned hints_match(wr_str value) {
    unsigned lists = 0, state = lists_next[0][0];
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (i && is_upper(c) && is_lower(value.ptr[i - 1])) {
            state = lists_next[state][0];
            lists |= lists_match[state];
        }
        state = lists_next[state][symbol(c)];
        lists |= lists_match[state];
    }
    return lists | lists_match[lists_next[state][0]];
}

static uint64_t hash(wr_str s) {
    uint64_t h = s.len * 0x9E3779B97F4A7C15u, word = 0;
    const char *p = s.ptr;
    size_t n = s.len;
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&word, p, 8);
        h = (h ^ word) * 0xD6E8FEB86659FD93u;
        h ^= h >> 32;
    }
    word = 0;
    for (size_t i = 0; i < n; i++)
        word = word << 8 | (unsigned char)p[i];
    h = (h ^ word) * 0xD6E8FEB86659FD93u;
    h ^= h >> 29;
    return h ? h : 1;
}

const hint_value *hints_of(hint_cache *cache, wr_str value) {
    uint64_t h = hash(value);
    hint_value *slot = &cache->values[h % (sizeof cache->values / sizeof *cache->values)];
    if (slot->hash != h || slot->len != value.len)
        *slot = (hint_value){h, value.len, hints_match(value)};
    return slot;
}

hint_text *hints_text(hint_cache *cache, uint64_t key) {
    return &cache->texts[key % (sizeof cache->texts / sizeof *cache->texts)];
}

static bool has_word(const hint_words *words, const char *word, size_t len) {
    for (size_t i = 0; i + len <= words->len; i++) {
        const char *hit = memchr(words->ptr + i, word[0], words->len - len + 1 - i);
        if (!hit) return false;
        i = (size_t)(hit - words->ptr);
        bool left = i == 0 || words->ptr[i - 1] == ' ';
        bool right = i + len == words->len || words->ptr[i + len] == ' ';
        if (left && right && memcmp(hit, word, len) == 0) return true;
    }
    return false;
}

void hints_add_words(hint_words *words, wr_str value) {
    for (size_t i = 0; i < value.len;) {
        if (!wr_is_alpha(value.ptr[i])) {
            i++;
            continue;
        }
        char word[40];
        size_t n = 0;
        do {
            if (n < sizeof word) word[n++] = wr_lower(value.ptr[i]);
            i++;
        } while (i < value.len && wr_is_alpha(value.ptr[i]) &&
                 !(is_upper(value.ptr[i]) && is_lower(value.ptr[i - 1])));
        if (words->len + n + 1 > words->cap) return;
        uint64_t bit = UINT64_C(1)
                       << (((unsigned char)word[0] * 5u + (unsigned char)word[n - 1] + n) & 63);
        if (words->seen & bit && has_word(words, word, n)) continue;
        words->seen |= bit;
        if (words->len) words->ptr[words->len++] = ' ';
        memcpy(words->ptr + words->len, word, n);
        words->len += n;
    }
}

size_t hints_step(wr_str tag, wr_str class_value, char out[HINT_STEP_MAX]) {
    size_t n = 0;
    for (size_t i = 0; i < tag.len && n < 16; i++)
        out[n++] = (signed char)tag.ptr[i] > ' ' ? wr_lower(tag.ptr[i]) : '_';
    wr_str name = wr_str_trim(class_value);
    if (name.len == 0) return n;
    out[n++] = '.';
    for (size_t i = 0; i < name.len && n < HINT_STEP_MAX; i++) {
        char c = wr_lower(name.ptr[i]);
        if (wr_is_space(c)) break;
        if (wr_is_digit(c)) {
            if (i && wr_is_digit(name.ptr[i - 1])) continue;
            c = '0';
        }
        out[n++] = c == '/' || (signed char)c < ' ' ? '_' : c; /* ASCII only: may be cut anywhere */
    }
    return n;
}
