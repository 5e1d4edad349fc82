/* features_text.c -- the numbers that come from a block's own text, in one walk over it */
#include "features_text.h"
#include "features.h"
#include "lexicon.h"
#include "words.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

int16_t features_clip(int64_t x) {
    return (int16_t)(x > 32000 ? 32000 : x < -32000 ? -32000 : x);
}

/* Counts of one block while it is walked. */
struct tally {
    size_t n, dense, chars, capitals, all_capitals;
    size_t class[LEXICON_CLASSES];
    uint32_t first;
    bool year;
};

static void count_word(struct tally *t, const struct word *word, wr_str text) {
    uint32_t classes = lexicon_classes(word->hash);
    if (t->n == 0) t->first = classes;
    for (uint32_t left = classes; left; left &= left - 1)
        t->class[__builtin_ctz(left)]++;
    t->n++;
    t->dense += word->dense;
    t->chars += word->end - word->start;
    t->capitals += word->upper;
    t->all_capitals += word->all_upper;
    const char *p = text.ptr + word->start;
    if (!word->digits) return;
    bool year = word->chars == 4 && ((p[0] == '1' && p[1] == '9') || (p[0] == '2' && p[1] == '0'));
    bool clock = word->chars <= 2 && word->end + 2 < text.len && p[word->chars] == ':' &&
                 wr_is_digit(p[word->chars + 1]);
    t->year |= year || clock;
}

struct marks {
    size_t digits, commas, bars, quotes, stops, sign;
};

static bool stop_at(wr_str s, size_t i) {
    unsigned char c = (unsigned char)s.ptr[i];
    if (c == '.' || c == '!' || c == '?') return true;
    if (c < 0xD8 || i + 1 >= s.len) return false;
    unsigned char d = (unsigned char)s.ptr[i + 1],
                  e = i + 2 < s.len ? (unsigned char)s.ptr[i + 2] : 0;
    if (c == 0xE2) return d == 0x80 && e == 0xA6;                /* ellipsis */
    if (c == 0xE3) return d == 0x80 && e == 0x82;                /* ideographic full stop */
    if (c == 0xEF) return d == 0xBC && (e == 0x81 || e == 0x9F); /* full width ! ? */
    if (c == 0xE0) return d == 0xA5 && (e == 0xA4 || e == 0xA5); /* danda */
    if (c == 0xD8) return d == 0x9F;                             /* Arabic question mark */
    if (c == 0xDB) return d == 0x94;                             /* Arabic full stop */
    return false;
}

/* Quotation marks of one to three bytes; *len gets their length. */
static bool quote_at(wr_str s, size_t i, size_t *len) {
    unsigned char c = (unsigned char)s.ptr[i];
    *len = 1;
    if (c == '"' || c == '\'') return true;
    if (i + 1 >= s.len) return false;
    unsigned char d = (unsigned char)s.ptr[i + 1];
    if (c == 0xC2) return *len = 2, d == 0xAB || d == 0xBB;
    if (i + 2 >= s.len) return false;
    unsigned char e = (unsigned char)s.ptr[i + 2];
    *len = 3;
    if (c == 0xE2 && d == 0x80) return e >= 0x98 && e <= 0x9F;
    return c == 0xE3 && d == 0x80 && e >= 0x8C && e <= 0x8F;
}

/* The mark at byte i, none of ' ', 'A' to 0xC1 but '|'. */
static inline void count_mark(wr_str s, size_t i, struct marks *m) {
    unsigned char c = (unsigned char)s.ptr[i];
    size_t len;
    if (wr_is_digit((char)c)) m->digits++;
    else if (c == ',') m->commas++;
    else if (c == '|') m->bars++;
    else if (c == '#') m->sign |= 8;
    else if (c == '@') m->sign |= 2;
    else if (c == '/' && i && s.ptr[i - 1] == '/') m->sign |= 4;
    else if (c == 0xC2 && i + 1 < s.len && (unsigned char)s.ptr[i + 1] == 0xA9) m->sign |= 1;
    else if (c == 0xE2 && i + 2 < s.len && (unsigned char)s.ptr[i + 1] == 0x80 &&
             (unsigned char)s.ptr[i + 2] == 0xBA)
        m->bars++;
    else if (c != '\'' && quote_at(s, i, &len)) m->quotes++;
    else if (stop_at(s, i) && (i + 1 >= s.len || s.ptr[i + 1] == ' ' || c >= 0xD8)) m->stops++;
}

static void count_marks(wr_str s, struct marks *m) {
    size_t i = 0;
#if defined(__SSE2__)
    for (; i + 16 <= s.len; i += 16) { /* the bytes that are no marks, sixteen at a time */
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + i));
        __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8('@')), v);
        __m128i high = _mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8((char)0xC2)), v);
        __m128i bar = _mm_cmpeq_epi8(v, _mm_set1_epi8('|'));
        __m128i mark = _mm_andnot_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), low);
        unsigned left = (unsigned)_mm_movemask_epi8(_mm_or_si128(mark, _mm_or_si128(high, bar)));
        for (; left; left &= left - 1)
            count_mark(s, i + (size_t)__builtin_ctz(left), m);
    }
#endif
    for (; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c != ' ' && (c < 'A' || c >= 0xC2 || c == '|')) count_mark(s, i, m);
    }
}

/* The last byte that is no closing mark or blank: where the text really ends. */
static size_t real_end(wr_str s) {
    size_t end = s.len;
    while (end > 0) {
        char c = s.ptr[end - 1];
        size_t len;
        if (c == ' ' || c == ')' || c == ']' || c == '"' || c == '\'') end--;
        else if (end >= 3 && quote_at(s, end - 3, &len) && len == 3) end -= 3;
        else if (end >= 2 && quote_at(s, end - 2, &len) && len == 2) end -= 2;
        else break;
    }
    return end;
}

static bool ends_sentence(wr_str s, size_t end) {
    if (end == 0) return false;
    if ((unsigned char)s.ptr[end - 1] < 0x80) return stop_at(s, end - 1);
    return (end >= 3 && stop_at(s, end - 3)) || (end >= 2 && stop_at(s, end - 2));
}

static void measure_ends(wr_str s, int16_t *row) {
    size_t end = real_end(s), len;
    row[FEATURE_end_stop] = ends_sentence(s, end);
    row[FEATURE_end_colon] = end > 0 && s.ptr[end - 1] == ':';
    row[FEATURE_end_comma] = end > 0 && (s.ptr[end - 1] == ',' || s.ptr[end - 1] == ';');
    if (!s.len) return;
    uint32_t c = words_code(s, 0, &len);
    row[FEATURE_first_lower] =
        (c >= 'a' && c <= 'z') || (c >= 0xDF && c < 0x100) || (c >= 0x430 && c < 0x460);
    row[FEATURE_first_quote] = quote_at(s, 0, &len);
    row[FEATURE_first_mark] = c == '-' || c == '*' || c == '|' || c == '>' || c == 0xBB ||
                              c == 0xB7 || c == 0x2013 || c == 0x2014 || c == 0x2022;
}

static int16_t first_class(uint32_t classes) {
    static const uint8_t order[] = {LEXICON_MORE,  LEXICON_PHOTO,   LEXICON_BY,
                                    LEXICON_SHARE, LEXICON_COMMENT, LEXICON_SUBSCRIBE,
                                    LEXICON_AD,    LEXICON_AGENCY,  LEXICON_FOLLOW};
    for (size_t i = 0; i < sizeof order; i++)
        if (classes >> order[i] & 1) return (int16_t)(i + 1);
    return 0;
}

static void fill_row(const wr_block *block, const struct tally *t, const struct marks *m,
                     int16_t *row) {
    size_t n = t->n ? t->n : 1, bytes = block->text.len ? block->text.len : 1;
    row[FEATURE_chars] = features_clip((int64_t)block->text.len);
    row[FEATURE_link_share] =
        (int16_t)(block->link_bytes >= bytes ? 1000 : block->link_bytes * 1000 / bytes);
    row[FEATURE_strong_share] =
        (int16_t)(block->strong_bytes >= bytes ? 1000 : block->strong_bytes * 1000 / bytes);
    row[FEATURE_links] = features_clip((int64_t)(block->links > 32000 ? 32000 : block->links));
    row[FEATURE_word_length] = features_clip((int64_t)(t->chars * 10 / n));
    row[FEATURE_sentences] = features_clip((int64_t)m->stops);
    row[FEATURE_commas] = features_clip((int64_t)(m->commas * 1000 / n));
    row[FEATURE_digits] = features_clip((int64_t)(m->digits * 1000 / bytes));
    row[FEATURE_capitals] = (int16_t)(t->capitals * 1000 / n);
    row[FEATURE_all_capitals] = (int16_t)(t->all_capitals * 1000 / n);
    row[FEATURE_bars] = features_clip((int64_t)m->bars);
    row[FEATURE_quotes] = features_clip((int64_t)m->quotes);
    row[FEATURE_dense] = (int16_t)(t->dense * 1000 / bytes);
    row[FEATURE_stop_words] = (int16_t)(t->class[LEXICON_STOP] * 1000 / n);
    for (int c = LEXICON_COPYRIGHT; c <= LEXICON_BIO; c++)
        row[FEATURE_w_copyright + c - LEXICON_COPYRIGHT] = features_clip((int64_t)t->class[c]);
    row[FEATURE_first_class] = first_class(t->first);
    row[FEATURE_sign] = (int16_t)m->sign;
    row[FEATURE_year] = t->year;
}

wr_status features_text(wr_arena *arena, const wr_block *block, struct text_words *words,
                        int16_t *row, struct text_facts *facts) {
    struct tally tally = {0};
    struct marks marks = {0};
    struct word word;
    *facts = (struct text_facts){.from = words->n};
    for (size_t at = 0; words_next(block->text, &at, &word);) {
        if (words->n == words->cap) {
            size_t cap = words->cap ? words->cap * 2 : 4096;
            uint64_t *hash = wr_arena_grow(arena, words->hash, words->cap, cap, sizeof *hash);
            if (!hash) return WR_MEMORY;
            words->hash = hash;
            words->cap = cap;
        }
        words->hash[words->n++] = word.hash;
        facts->hash = (facts->hash ^ word.hash) * 0x9E3779B97F4A7C15u + (facts->hash >> 31);
        count_word(&tally, &word, block->text);
    }
    count_marks(block->text, &marks);
    facts->to = words->n;
    facts->mass = tally.n + tally.dense / 2;
    for (int c = 0; c < LEXICON_CLASSES; c++)
        facts->classes |= tally.class[c] ? 1u << c : 0;
    row[FEATURE_words] = features_clip((int64_t)facts->mass);
    measure_ends(block->text, row);
    fill_row(block, &tally, &marks, row);
    return WR_OK;
}
