/* word.c -- one pass over the letters of a word */
#include "word.h"

#include "hash.h"

const struct word word_none = {.exact = 777, .lower = 777, .shape = 777, .brief = 777};

enum letter { LETTER_UPPER, LETTER_LOWER, LETTER_OTHER, LETTER_DIGIT, LETTER_MARK };

/* A letter of Latin, Greek or Cyrillic beyond ASCII: its class, and its small form in *c. */
static enum letter fold_letter(uint32_t *c) {
    uint32_t u = *c;
    if (u < 0xC0) return u == 0xAA || u == 0xB5 || u == 0xBA ? LETTER_LOWER : LETTER_MARK;
    if (u == 0xD7 || u == 0xF7) return LETTER_MARK;
    if (u < 0xE0 && u != 0xDF) return *c = u + 32, LETTER_UPPER;
    if (u < 0x100) return LETTER_LOWER;
    if (u <
        0x180) { /* pairs, capital even up to U+0137, odd from there to U+0148 and from U+0179 */
        if (u == 0x178) return *c = 0xFF, LETTER_UPPER;
        if (u == 0x130) return *c = 'i', LETTER_UPPER;
        if (u == 0x138 || u == 0x149 || u == 0x17F) return LETTER_LOWER;
        bool odd = (u > 0x138 && u < 0x149) || u > 0x178;
        if ((u & 1) == odd) return *c = u + 1, LETTER_UPPER;
        return LETTER_LOWER;
    }
    if (u >= 0x391 && u <= 0x3A9) return *c = u + 32, LETTER_UPPER;
    if (u >= 0x3B1 && u <= 0x3C9) return LETTER_LOWER;
    if (u >= 0x410 && u <= 0x42F) return *c = u + 32, LETTER_UPPER;
    if (u >= 0x400 && u <= 0x40F) return *c = u + 80, LETTER_UPPER;
    if (u >= 0x430 && u <= 0x45F) return LETTER_LOWER;
    if (u >= 0x1E00 && u < 0x1F00) return u & 1 ? LETTER_LOWER : (*c = u + 1, LETTER_UPPER);
    if (u >= 0x2010 && u <= 0x2015) return *c = '-', LETTER_MARK;
    if (u == 0x2018 || u == 0x2019 || u == 0x2032) return *c = '\'', LETTER_MARK;
    if (u >= 0x201C && u <= 0x201E) return *c = '"', LETTER_MARK;
    return u >= 0x2000 && u < 0x2C00 ? LETTER_MARK : LETTER_OTHER;
}

/* The next character of s from *at (bytes that are no UTF-8 one by one), its class, small form. */
static enum letter next_letter(wr_str s, size_t *at, uint32_t *c) {
    unsigned char b = (unsigned char)s.ptr[(*at)++];
    *c = b;
    if (b < 0x80) {
        if (wr_is_digit((char)b)) return LETTER_DIGIT;
        if (!wr_is_alpha((char)b)) return LETTER_MARK;
        if (b & 32) return LETTER_LOWER;
        return *c = b + 32u, LETTER_UPPER;
    }
    size_t more = b >= 0xF0 ? 3 : b >= 0xE0 ? 2 : b >= 0xC0 ? 1 : 0;
    if (!more || *at + more > s.len) return LETTER_OTHER;
    uint32_t u = b & (0x3Fu >> more);
    for (size_t i = 0; i < more; i++) {
        unsigned char d = (unsigned char)s.ptr[*at + i];
        if ((d & 0xC0) != 0x80) return LETTER_OTHER;
        u = u << 6 | (d & 0x3F);
    }
    *at += more;
    *c = u;
    return fold_letter(c);
}

static size_t put_utf8(char *out, uint32_t c) {
    if (c < 0x80) return out[0] = (char)c, 1;
    if (c < 0x800) return out[0] = (char)(0xC0 | c >> 6), out[1] = (char)(0x80 | (c & 0x3F)), 2;
    out[0] = (char)(0xE0 | (c >> 12 & 0xF));
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
}

struct spelling {
    char lower[WORD_BYTES + 4], folded[WORD_BYTES + 4], shape[WORD_BYTES + 4],
        brief[WORD_BYTES + 4];
    size_t n_lower, n_shape, n_brief;
};

/* Shapes: X capital, x small, d digit, u other letters, marks as they are; in `shape` a run is cut
 * to two once four characters stand, in `brief` to one. */
static void add_shape(struct spelling *s, char c) {
    size_t n = s->n_shape;
    if (n < WORD_BYTES && !(n >= 4 && s->shape[n - 1] == c && s->shape[n - 2] == c))
        s->shape[s->n_shape++] = c;
    n = s->n_brief;
    if (n < WORD_BYTES && !(n && s->brief[n - 1] == c)) s->brief[s->n_brief++] = c;
}

static uint16_t spell(wr_str text, struct spelling *s) {
    static const char shape_of[] = {'X', 'x', 'u', 'd'};
    unsigned seen[5] = {0};
    uint16_t flags = 0;
    s->n_lower = s->n_shape = s->n_brief = 0;
    for (size_t at = 0; at < text.len && s->n_lower < WORD_BYTES;) {
        uint32_t c;
        bool first = at == 0;
        enum letter kind = next_letter(text, &at, &c);
        seen[kind]++;
        if (first && (kind == LETTER_UPPER || kind == LETTER_OTHER)) flags |= WORD_CAPITAL;
        size_t n = put_utf8(s->lower + s->n_lower, c);
        memcpy(s->folded + s->n_lower, s->lower + s->n_lower, n);
        if (kind == LETTER_DIGIT) s->folded[s->n_lower] = '0';
        s->n_lower += n;
        add_shape(s, kind == LETTER_MARK ? (c < 0x80 ? (char)c : '*') : shape_of[kind]);
    }
    if (seen[LETTER_DIGIT]) flags |= WORD_DIGIT;
    if (seen[LETTER_UPPER] + seen[LETTER_LOWER] + seen[LETTER_OTHER]) flags |= WORD_ALPHA;
    if (seen[LETTER_UPPER] > 1 && !seen[LETTER_LOWER]) flags |= WORD_UPPER;
    return flags;
}

void word_read(const struct model *model, wr_str text, struct word *out) {
    struct spelling s;
    memset(out, 0, sizeof *out);
    out->exact = hash_bytes(text.ptr, text.len);
    out->flags = spell(text, &s);
    out->lower = hash_bytes(s.folded, s.n_lower);
    out->shape = hash_bytes(s.shape, s.n_shape);
    out->brief = hash_bytes(s.brief, s.n_brief);
    for (size_t k = 1; k <= WORD_AFFIX && k <= s.n_lower; k++) {
        out->prefix[k - 1] = hash_bytes(s.lower, k);
        out->suffix[k - 1] = hash_bytes(s.lower + s.n_lower - k, k);
    }
    out->key = hash_bytes(s.lower, s.n_lower);
    model_clusters(model, out->key, out->cluster, &out->rank);
}
