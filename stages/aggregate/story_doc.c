/* story_doc.c -- the terms of an article */
#include "story_doc.h"

#include "story_words.h"

#include <stdlib.h>

#define WORDS_MAX  4000 /* of a longer article the first ones */
#define LEAD_WORDS 60
#define STOP       26 /* rarity below which a word is in about every fifth text */
#define WORD_BYTES 40
#define SPREAD     400 /* of the word table's hashes: five standard deviations; held by a test */

/* ---- words ---- */

static bool word_byte(char c) {
    return wr_is_alpha(c) || wr_is_digit(c) || (unsigned char)c >= 0x80;
}

/* Bytes of a sign outside ASCII that stands between words, 0 = none. *alone: a word of its own. */
static size_t sign(wr_str s, size_t i, bool *alone) {
    unsigned char c = (unsigned char)s.ptr[i];
    *alone = false;
    if (c == 0xc2 && s.len - i >= 2) return 2;
    if (c < 0xe2 || c > 0xef || s.len - i < 3) return 0;
    if (c == 0xe2) return 3;
    *alone = c >= 0xe3 && c <= 0xe9;
    return *alone ? 3 : 0;
}

/* Points and commas inside of numbers belong to them: 6.1, 1,200. */
static bool joins_digits(wr_str s, size_t i) {
    return (s.ptr[i] == '.' || s.ptr[i] == ',') && i > 0 && i + 1 < s.len &&
           wr_is_digit(s.ptr[i - 1]) && wr_is_digit(s.ptr[i + 1]);
}

static uint32_t hash_bytes(const char *bytes, size_t n) {
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(h >> 32);
}

/* quakes = quake, cities = city, Williams stays near enough to itself. */
static size_t stem(char *w, size_t n) {
    if (n < 4 || w[n - 1] != 's' || w[n - 2] == 's' || w[n - 2] == 'u' || w[n - 2] == 'i') return n;
    if (n > 4 && w[n - 2] == 'e' && w[n - 3] == 'i') {
        w[n - 3] = 'y';
        return n - 2;
    }
    return n - 1;
}

bool story_next_word(wr_str s, size_t *at, size_t *from, uint32_t *hash) {
    char word[WORD_BYTES];
    size_t i = *at, n = 0, skip;
    bool alone = false;
    while (i < s.len && !alone) {
        skip = sign(s, i, &alone);
        if (alone || (!skip && word_byte(s.ptr[i]))) break;
        i += skip ? skip : 1;
    }
    *from = i;
    if (alone) i += 3;
    while (!alone && i < s.len && !sign(s, i, &alone) &&
           (word_byte(s.ptr[i]) || joins_digits(s, i)))
        i++;
    *at = i;
    for (size_t k = *from; k < i; k++)
        if (n < WORD_BYTES && s.ptr[k] != ',') word[n++] = wr_lower(s.ptr[k]);
    *hash = hash_bytes(word, stem(word, n));
    return i > *from;
}

/* Hashes are spread evenly, so the place is known to within some hundred. */
uint8_t story_rarity(uint32_t hash) {
    size_t guess = (size_t)((uint64_t)hash * story_n_words >> 32);
    size_t low = guess > SPREAD ? guess - SPREAD : 0;
    size_t high = guess + SPREAD < story_n_words ? guess + SPREAD : story_n_words;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (story_word_hash[mid] < hash) low = mid + 1;
        else high = mid;
    }
    return low < story_n_words && story_word_hash[low] == hash ? story_word_rarity[low]
                                                               : STORY_RAREST;
}

/* ---- terms ---- */

/* Each term once; open addressing, a slot with n = 0 is free. */
typedef struct bag {
    story_term *slots;
    size_t n_slots, n; /* a power of two; terms */
} bag;

static wr_status bag_open(wr_arena *arena, size_t terms, bag *b) {
    *b = (bag){.n_slots = 64};
    while (b->n_slots < terms * 2)
        b->n_slots *= 2;
    b->slots = wr_arena_array(arena, b->n_slots, sizeof *b->slots);
    return b->slots ? WR_OK : WR_MEMORY;
}

/* Equal terms become one; a name's type is kept when any mention has it. */
static void put(bag *b, uint32_t hash, unsigned flags, uint8_t rarity) {
    size_t at = hash & (b->n_slots - 1);
    while (b->slots[at].n && b->slots[at].hash != hash)
        at = (at + 1) & (b->n_slots - 1);
    story_term *t = &b->slots[at];
    if (!t->n) {
        *t = (story_term){.hash = hash, .rarity = rarity};
        b->n++;
    }
    t->flags |= (uint8_t)flags;
    if (t->n < 255) t->n++;
}

static unsigned type_flag(wr_str type) {
    if (wr_str_eq(type, WR_STR("PER"))) return STORY_PER;
    if (wr_str_eq(type, WR_STR("ORG"))) return STORY_ORG;
    if (wr_str_eq(type, WR_STR("LOC"))) return STORY_LOC;
    return STORY_MISC;
}

/* Names: the type of each byte that a mention covers. */
static wr_status name_flags(wr_arena *arena, const wr_article *a, uint8_t **out) {
    uint8_t *flags = wr_arena_array(arena, a->text.len + 1, 1);
    if (!flags) return WR_MEMORY;
    memset(flags, 0, a->text.len + 1);
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_entity *e = &a->entities[i];
        for (size_t k = 0; k < e->n_mentions; k++) {
            uint64_t start = e->mentions[k].start, end = e->mentions[k].end;
            if (start < end && end <= a->text.len)
                memset(flags + start, (int)type_flag(e->type), (size_t)(end - start));
        }
    }
    *out = flags;
    return WR_OK;
}

static bool has_digit(wr_str s, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (wr_is_digit(s.ptr[i])) return true;
    return false;
}

static void words_of(const wr_article *a, const uint8_t *names, bag *b, uint16_t *n_words) {
    uint32_t hash, last = 0;
    size_t at = 0, from, last_end = 0;
    bool have_last = false;
    *n_words = 0;
    while (*n_words < WORDS_MAX && story_next_word(a->text, &at, &from, &hash)) {
        ++*n_words;
        uint8_t rarity = story_rarity(hash);
        bool number = has_digit(a->text, from, at);
        unsigned flags = names[from] | (*n_words <= LEAD_WORDS ? STORY_LEAD : 0);
        if (rarity < STOP && !number && !names[from]) continue;
        if (at - from < 2 && !number) continue;
        put(b, hash, flags | (number ? STORY_NUMBER : 0), rarity);
        if (have_last && from - last_end <= 2)
            put(b, last * 0x9e3779b1u + hash, STORY_PAIR | (flags & STORY_LEAD), STORY_RAREST);
        have_last = true;
        last = hash;
        last_end = at;
    }
}

static void dates_of(const wr_article *a, size_t n, bag *b) {
    for (size_t i = 0; i < n; i++) {
        wr_str v = a->dates[i].value;
        if (!wr_str_eq(a->dates[i].type, WR_STR("DATE")) || v.len < 4 || !wr_is_digit(v.ptr[0]))
            continue;
        put(b, hash_bytes(v.ptr, v.len) ^ 0x64617465u, STORY_DATE, STORY_RAREST / 2);
    }
}

unsigned story_importance(const story_term *t) {
    unsigned n = t->n > 8 ? 8 : t->n, base = t->rarity * (4 + n);
    if (t->flags & (STORY_NAME | STORY_NUMBER | STORY_DATE)) base = base * 3 / 2;
    if (t->flags & STORY_LEAD) base = base * 3 / 2;
    if (t->flags & STORY_PAIR) base = t->n > 1 || t->flags & STORY_LEAD ? base / 2 : base / 4;
    return base;
}

static int by_hash(const void *x, const void *y) {
    const story_term *a = x, *b = y;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

/* Ascending keys: the most important first, of equal ones the lower hash. */
static uint64_t key_of(const story_term *t) {
    return (uint64_t)(UINT32_MAX - story_importance(t)) << 32 | t->hash;
}

/* The key of the k-th term (from 0) in ascending order; moves the keys (C. Hoare, FIND, 1961). */
static uint64_t kth(uint64_t *keys, size_t n, size_t k) {
    size_t low = 0, high = n - 1;
    while (low < high) {
        uint64_t pivot = keys[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (keys[i] < pivot)
                i++;
            while (keys[j] > pivot)
                j--;
            if (i >= j) break;
            uint64_t swap = keys[i];
            keys[i++] = keys[j];
            keys[j--] = swap;
        }
        size_t split = j; /* all up to it are <= pivot, all behind it >= */
        if (keys[j] > pivot) split = j - 1;
        if (k <= split) high = split;
        else low = split + 1;
    }
    return keys[k];
}

static wr_status choose(wr_arena *arena, const bag *b, story_doc *out) {
    uint64_t last = UINT64_MAX, *keys = wr_arena_array(arena, b->n, sizeof *keys);
    size_t n = 0;
    if (!keys) return WR_MEMORY;
    for (size_t at = 0; at < b->n_slots && b->n > STORY_TERMS; at++)
        if (b->slots[at].n) keys[n++] = key_of(&b->slots[at]);
    if (n) last = kth(keys, n, STORY_TERMS - 1);
    for (size_t at = 0; at < b->n_slots; at++)
        if (b->slots[at].n && key_of(&b->slots[at]) <= last)
            out->terms[out->n_terms++] = b->slots[at];
    qsort(out->terms, out->n_terms, sizeof *out->terms, by_hash);
    return WR_OK;
}

static wr_status read(wr_arena *arena, const wr_article *a, story_doc *out) {
    uint8_t *names;
    bag b;
    size_t words = a->text.len / 2 + 1 < WORDS_MAX ? a->text.len / 2 + 1 : WORDS_MAX;
    size_t dates = a->n_dates < WORDS_MAX ? a->n_dates : WORDS_MAX;
    WR_TRY(name_flags(arena, a, &names));
    WR_TRY(bag_open(arena, 2 * words + dates, &b));
    words_of(a, names, &b, &out->n_words);
    dates_of(a, dates, &b);
    return choose(arena, &b, out);
}

wr_status story_doc_of(wr_arena *arena, const wr_article *a, story_doc *out) {
    wr_arena_mark mark = wr_arena_here(arena);
    *out = (story_doc){0};
    wr_status status = read(arena, a, out);
    wr_arena_rewind(arena, mark);
    return status;
}

/* ---- bytes ---- */

size_t story_doc_pack(const story_doc *doc, uint8_t out[STORY_PACKED]) {
    uint8_t *at = out;
    *at++ = (uint8_t)doc->n_words;
    *at++ = (uint8_t)(doc->n_words >> 8);
    for (size_t i = 0; i < doc->n_terms; i++) {
        const story_term *t = &doc->terms[i];
        for (unsigned shift = 0; shift < 32; shift += 8)
            *at++ = (uint8_t)(t->hash >> shift);
        *at++ = t->flags;
        *at++ = t->n;
        *at++ = t->rarity;
    }
    return (size_t)(at - out);
}

wr_status story_doc_unpack(wr_str bytes, story_doc *out) {
    const uint8_t *at = (const uint8_t *)bytes.ptr;
    *out = (story_doc){0};
    if (bytes.len < 2 || bytes.len > STORY_PACKED || (bytes.len - 2) % 7) return WR_MALFORMED;
    out->n_words = (uint16_t)(at[0] | at[1] << 8);
    at += 2;
    for (size_t n = (bytes.len - 2) / 7; n; n--, at += 7) {
        uint32_t hash =
            at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        story_term t = {hash, at[4], at[5], at[6], 0};
        if (out->n_terms && out->terms[out->n_terms - 1].hash >= hash) return WR_MALFORMED;
        if (!t.n || t.rarity > STORY_RAREST) return WR_MALFORMED;
        out->terms[out->n_terms++] = t;
    }
    return WR_OK;
}
