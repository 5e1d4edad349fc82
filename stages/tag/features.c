/* features.c -- the templates; what they are worth is in MODEL.md */
#include "features.h"

#include "hash.h"

#define NAME_WORDS 6 /* longest name looked up */
#define RUN_WORDS  6 /* how far a run of capitalised words is followed */

/* Feature `value` of template `kind`. Kinds are numbers without gaps only by accident. */
static inline uint64_t feature(uint32_t kind, uint64_t value) {
    return hash_pair(value, kind * 0x51ED27ull + 17);
}

struct token token_of(const struct word *word) {
    return (struct token){.exact = word->exact,
                          .lower = word->lower,
                          .brief = word->brief,
                          .cluster = word->cluster[1],
                          .flags = word->flags};
}

static void mark_names(const struct model *model, struct token *tokens, size_t n) {
    for (size_t j = 0; j < n; j++) {
        if (!(tokens[j].flags & WORD_CAPITAL)) continue;
        uint64_t hash = 0;
        for (size_t k = j; k < n && k < j + NAME_WORDS; k++) {
            hash = hash_pair(hash, tokens[k].exact);
            uint32_t mask = model_name(model, hash);
            for (uint32_t kinds = mask & ((1u << MASK_KINDS) - 1); kinds; kinds &= kinds - 1) {
                int kind = __builtin_ctz(kinds);
                for (size_t q = j; q <= k; q++) {
                    int place = k == j   ? PLACE_UNIT
                                : q == j ? PLACE_BEGIN
                                : q == k ? PLACE_LAST
                                         : PLACE_INNER;
                    tokens[q].names |= 1ull << (kind * PLACE_COUNT + place);
                }
            }
            if (!(mask & MASK_PREFIX)) break;
        }
    }
}

void tokens_finish(const struct model *model, struct token *tokens, size_t n) {
    size_t words = 0, upper = 0;
    for (size_t j = 0; j < n; j++) {
        words += (tokens[j].flags & WORD_ALPHA) != 0;
        upper += (tokens[j].flags & WORD_ALPHA) && (tokens[j].flags & WORD_UPPER);
    }
    if (words > 2 && upper * 10 >= words * 8)
        for (size_t j = 0; j < n; j++)
            tokens[j].flags |= WORD_SHOUT;
    mark_names(model, tokens, n);
}

size_t features_of_word(const struct word *w, int offset, uint64_t out[FEATURES_WORD]) {
    uint32_t at = (uint32_t)(offset + FEATURE_REACH) * 32, n = 0;
    int far = offset < 0 ? -offset : offset;
    out[n++] = feature(at + 1, w->lower);
    if (far == 3) {
        out[n++] = feature(at + 4, w->cluster[1]);
        return n;
    }
    out[n++] = feature(at + 2, w->brief);
    for (uint32_t k = 0; k < CLUSTERINGS; k++)
        if (w->cluster[k]) out[n++] = feature(at + 3 + k, w->cluster[k]);
    if (!w->cluster[0]) out[n++] = feature(at + 8, w->brief);
    if (far > 1) return n;
    out[n++] = feature(at + 9, w->exact);
    out[n++] = feature(at + 10, w->shape);
    if (far == 1) {
        out[n++] = feature(at + 11, w->prefix[2]);
        out[n++] = feature(at + 12, w->suffix[2]);
        return n;
    }
    out[n++] = feature(at + 13, 1);
    out[n++] = feature(at + 14, w->rank);
    for (uint32_t k = 0; k < WORD_AFFIX; k++) {
        if (w->prefix[k]) out[n++] = feature(at + 15 + k, w->prefix[k]);
        if (w->suffix[k]) out[n++] = feature(at + 19 + k, w->suffix[k]);
    }
    out[n++] = feature(at + 23, hash_pair(w->suffix[2], w->brief));
    out[n++] = feature(at + 24, hash_pair(w->cluster[1], w->brief));
    return n;
}

static const struct token token_none = {.exact = 777, .lower = 777, .brief = 777};

struct window {
    const struct token *tokens;
    size_t n;
};

static inline const struct token *at(struct window w, ptrdiff_t j) {
    return j < 0 || (size_t)j >= w.n ? &token_none : &w.tokens[j];
}

static size_t name_features(struct window w, ptrdiff_t j, uint64_t *out) {
    const struct token *prev = at(w, j - 1), *own = at(w, j), *next = at(w, j + 1);
    size_t n = 0;
    for (uint32_t o = 0; o < 3; o++) {
        uint64_t names = at(w, j + (ptrdiff_t)o - 1)->names;
        if (!names) continue;
        out[n++] = feature(300 + o, names);
        for (; names; names &= names - 1)
            out[n++] = feature(304 + o, (uint64_t)__builtin_ctzll(names));
    }
    if (prev->names | own->names)
        out[n++] = feature(308, hash_pair(prev->names, hash_pair(own->names, own->brief)));
    if (next->names | own->names)
        out[n++] = feature(309, hash_pair(next->names, hash_pair(own->names, own->brief)));
    return n;
}

/* The run of capitalised words around token j and what stands at its two sides. */
static size_t run_features(struct window w, ptrdiff_t j, uint64_t *out) {
    const struct token *own = at(w, j);
    ptrdiff_t l = j, r = j;
    while (l >= 0 && j - l < RUN_WORDS && (at(w, l)->flags & WORD_CAPITAL))
        l--;
    while ((size_t)r < w.n && r - j < RUN_WORDS && (at(w, r)->flags & WORD_CAPITAL))
        r++;
    const struct token *before = at(w, l), *after = at(w, r);
    const struct token *first = at(w, l + 1), *last = at(w, r - 1);
    uint64_t from = (uint64_t)(j - l), to = (uint64_t)(r - j);
    size_t n = 0;
    out[n++] = feature(324, before->lower);
    out[n++] = feature(325, after->lower);
    out[n++] = feature(326, before->cluster);
    out[n++] = feature(327, after->cluster);
    out[n++] = feature(328, hash_pair(from, to));
    out[n++] = feature(329, hash_pair(before->lower, hash_pair(from, own->brief)));
    out[n++] = feature(330, hash_pair(after->lower, hash_pair(to, own->brief)));
    out[n++] = feature(331, hash_pair(last->lower, to));
    out[n++] = feature(332, hash_pair(last->cluster, to));
    out[n++] = feature(333, hash_pair(first->lower, from));
    out[n++] = feature(334, hash_pair(first->cluster, from));
    if (last->names) out[n++] = feature(335, last->names);
    if (first->names) out[n++] = feature(336, first->names);
    return n;
}

size_t features_around(const struct token *tokens, size_t count, size_t index,
                       uint64_t out[FEATURES_AROUND]) {
    struct window w = {tokens, count};
    ptrdiff_t j = (ptrdiff_t)index;
    const struct token *p2 = at(w, j - 2), *p = at(w, j - 1), *t = at(w, j), *x = at(w, j + 1),
                       *x2 = at(w, j + 2);
    size_t n = 0;
    out[n++] = feature(410, hash_pair(p->lower, t->lower));
    out[n++] = feature(411, hash_pair(t->lower, x->lower));
    out[n++] = feature(412, hash_pair(p->lower, x->lower));
    out[n++] = feature(413, hash_pair(p->brief, t->brief));
    out[n++] = feature(414, hash_pair(t->brief, x->brief));
    out[n++] = feature(415, hash_pair(hash_pair(p->brief, t->brief), x->brief));
    out[n++] = feature(416, hash_pair(p->lower, t->brief));
    out[n++] = feature(417, hash_pair(t->brief, x->lower));
    out[n++] = feature(420, hash_pair(p->cluster, t->cluster));
    out[n++] = feature(421, hash_pair(t->cluster, x->cluster));
    out[n++] = feature(422, hash_pair(p->cluster, hash_pair(x->cluster, t->brief)));
    out[n++] = feature(424, hash_pair(p2->cluster, hash_pair(p->cluster, t->brief)));
    out[n++] = feature(425, hash_pair(x->cluster, hash_pair(x2->cluster, t->brief)));
    out[n++] = feature(426, (index == 0) | (uint64_t)t->flags << 1);
    if (t->flags & WORD_SHOUT) out[n++] = feature(427, t->lower);
    if (index == 0) out[n++] = feature(428, t->lower);
    n += name_features(w, j, out + n);
    if (t->flags & WORD_CAPITAL) n += run_features(w, j, out + n);
    return n;
}
