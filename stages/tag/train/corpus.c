/* corpus.c -- CoNLL files into sets of labels */
#include "corpus.h"

#include "file.h"
#include "stages/tag/features.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const names[LABEL_COUNT] = {
    "O",     "U-PER", "U-ORG", "U-LOC",  "U-MISC", "B-PER", "B-ORG", "B-LOC", "B-MISC",
    "I-PER", "I-ORG", "I-LOC", "I-MISC", "L-PER",  "L-ORG", "L-LOC", "L-MISC"};

const char *corpus_label_name(int label) {
    return names[label];
}

int corpus_label(wr_str name) {
    for (int i = 0; i < LABEL_COUNT; i++)
        if (wr_str_eq(name, wr_str_c(names[i]))) return i;
    return -1;
}

static const uint32_t misc_set = 1u << 4 | 1u << 8 | 1u << 12 | 1u << 16;

/* A sentence being read. */
struct draft {
    struct corpus_token tokens[SENTENCE_TOKENS];
    wr_str tags[SENTENCE_TOKENS], hints[SENTENCE_TOKENS];
    size_t n;
};

/* The label that tag i of a sentence's BIO tags stands for. */
static int tag_label(const wr_str *tags, size_t n, size_t i) {
    wr_str tag = tags[i];
    int type = -1;
    for (int t = 0; t < TYPE_COUNT && tag.len > 2; t++)
        if (wr_str_eq(wr_str_slice(tag, 2, tag.len), wr_str_c(names[1 + t] + 2))) type = t;
    if (type < 0) return LABEL_OUT;
    bool begins = tag.ptr[0] == 'B' || i == 0 || tags[i - 1].ptr[0] == 'O';
    bool ends = i + 1 == n || tags[i + 1].ptr[0] != 'I';
    enum label_place place = begins && ends ? PLACE_UNIT
                             : begins       ? PLACE_BEGIN
                             : ends         ? PLACE_LAST
                                            : PLACE_INNER;
    return label_of(place, (enum label_type)type);
}

static void set_labels(struct draft *d, const struct corpus_options *o) {
    for (size_t i = 0; i < d->n; i++) {
        int label = tag_label(d->tags, d->n, i);
        d->tokens[i].allowed =
            LABEL_SET(label) | (label == LABEL_OUT && o->open_misc ? misc_set : 0);
        d->tokens[i].hint = o->hint ? LABEL_SET(tag_label(d->hints, d->n, i)) : 0;
    }
}

/* The labels of part `i` of `n` of a token that has the labels `set`. */
static uint32_t part_labels(uint32_t set, size_t i, size_t n) {
    uint32_t out = set & LABEL_SET(LABEL_OUT);
    for (int label = 1; label < LABEL_COUNT; label++) {
        if (!(set & LABEL_SET(label))) continue;
        enum label_place place = label_place_of(label);
        bool begins = place == PLACE_UNIT || place == PLACE_BEGIN;
        bool ends = place == PLACE_UNIT || place == PLACE_LAST;
        place = i == 0 && begins ? PLACE_BEGIN : i + 1 == n && ends ? PLACE_LAST : PLACE_INNER;
        out |= LABEL_SET(label_of(place, label_type_of(label)));
    }
    return out;
}

static bool inner_hyphen(wr_str s, size_t i) {
    return s.ptr[i] == '-' && i > 0 && i + 1 < s.len &&
           (wr_is_alpha(s.ptr[i - 1]) || s.ptr[i - 1] & 0x80) &&
           (wr_is_alpha(s.ptr[i + 1]) || s.ptr[i + 1] & 0x80);
}

/* Part `part` of `parts` of a token, its bytes [from, to). */
static struct corpus_token part_of(const struct corpus_token *t, size_t from, size_t to,
                                   size_t part, size_t parts) {
    if (parts == 1) return *t;
    return (struct corpus_token){wr_str_slice(t->text, from, to),
                                 part_labels(t->allowed, part, parts),
                                 part_labels(t->hint, part, parts)};
}

static void split_hyphens(struct draft *d) {
    static struct corpus_token old[SENTENCE_TOKENS];
    size_t n_old = d->n, n = 0;
    memcpy(old, d->tokens, n_old * sizeof *old);
    for (size_t i = 0; i < n_old; i++) {
        wr_str s = old[i].text;
        size_t cuts = 0;
        for (size_t k = 0; k < s.len; k++)
            cuts += inner_hyphen(s, k);
        size_t parts = 2 * cuts + 1, part = 0, from = 0;
        if (n + parts + (n_old - i - 1) > SENTENCE_TOKENS) parts = 1, cuts = 0;
        for (size_t k = 0; cuts && k < s.len; k++) {
            if (!inner_hyphen(s, k)) continue;
            d->tokens[n++] = part_of(&old[i], from, k, part, parts);
            d->tokens[n++] = part_of(&old[i], k, k + 1, part + 1, parts);
            part += 2;
            from = k + 1;
        }
        d->tokens[n++] = part_of(&old[i], from, s.len, part, parts);
    }
    d->n = n;
}

static wr_status add(wr_arena *arena, struct corpus *c, const struct draft *d, float weight,
                     uint32_t document) {
    struct corpus_sentence *s = WR_PUSH(arena, c->sentences, c->n, c->cap);
    if (!s) return WR_MEMORY;
    *s = (struct corpus_sentence){wr_arena_array(arena, d->n, sizeof *s->tokens), d->n, weight,
                                  document};
    if (!s->tokens) return WR_MEMORY;
    memcpy(s->tokens, d->tokens, d->n * sizeof *s->tokens);
    c->n_tokens += d->n;
    return WR_OK;
}

/* A second copy of the sentence in small or capital letters (ASCII). */
static wr_status add_cased(wr_arena *arena, struct corpus *c, struct draft *d, float weight,
                           bool capital) {
    for (size_t i = 0; i < d->n; i++) {
        wr_str s;
        WR_TRY(wr_arena_copy(arena, d->tokens[i].text, &s));
        char *bytes = wr_arena_take(arena, s.len + 1);
        if (!bytes) return WR_MEMORY;
        for (size_t k = 0; k < s.len; k++)
            bytes[k] =
                capital && wr_is_alpha(s.ptr[k]) ? (char)(s.ptr[k] & ~32) : wr_lower(s.ptr[k]);
        d->tokens[i].text = wr_str_of(bytes, s.len);
    }
    return add(arena, c, d, weight / 2, 0);
}

static wr_status finish(wr_arena *arena, struct corpus *c, struct draft *d,
                        const struct corpus_options *o, uint32_t document, uint64_t *dice) {
    if (!d->n) return WR_OK;
    if (!o->sets) set_labels(d, o);
    if (o->split) split_hyphens(d);
    WR_TRY(add(arena, c, d, o->weight, o->alone ? 0 : document));
    *dice = *dice * 6364136223846793005u + 1442695040888963407u;
    unsigned throw = (unsigned)((*dice >> 33) % 100);
    if (throw < o->small) WR_TRY(add_cased(arena, c, d, o->weight, false));
    else if (throw < o->small + o->capital) WR_TRY(add_cased(arena, c, d, o->weight, true));
    d->n = 0;
    return WR_OK;
}

static uint32_t read_set(wr_str fields) {
    uint32_t set = 0;
    while (fields.len) {
        wr_str f = file_field(&fields);
        int label = corpus_label(f);
        if (wr_str_eq(f, WR_STR("?"))) set = LABEL_ANY;
        if (label >= 0) set |= LABEL_SET(label);
    }
    return set ? set : LABEL_ANY;
}

static wr_status read_options(char *text, struct corpus_options *o) {
    *o = (struct corpus_options){.weight = 1};
    for (char *word = strtok_r(text, ",", &text); word; word = strtok_r(NULL, ",", &text)) {
        if (strncmp(word, "weight=", 7) == 0) o->weight = strtof(word + 7, NULL);
        else if (strcmp(word, "alone") == 0) o->alone = true;
        else if (strcmp(word, "open-misc") == 0) o->open_misc = true;
        else if (strcmp(word, "sets") == 0) o->sets = true;
        else if (strcmp(word, "split") == 0) o->split = true;
        else if (strcmp(word, "hint") == 0) o->hint = true;
        else if (strncmp(word, "small=", 6) == 0) o->small = (unsigned)strtoul(word + 6, NULL, 10);
        else if (strncmp(word, "capital=", 8) == 0)
            o->capital = (unsigned)strtoul(word + 8, NULL, 10);
        else return fprintf(stderr, "unknown: %s\n", word), WR_USAGE;
    }
    return WR_OK;
}

wr_status corpus_read(wr_arena *arena, const char *spec, struct corpus *c) {
    static struct draft d;
    struct corpus_options o;
    wr_str path, text, line;
    char *comma = strchr(spec, ',');
    WR_TRY(wr_arena_copy(arena, wr_str_of(spec, comma ? (size_t)(comma - spec) : strlen(spec)),
                         &path));
    char options[256] = "";
    if (comma) snprintf(options, sizeof options, "%s", comma + 1);
    WR_TRY(read_options(options, &o));
    if (file_read(arena, path.ptr, &text) != WR_OK)
        return fprintf(stderr, "%s: cannot be read\n", path.ptr), WR_IO;
    uint64_t dice = 1;
    uint32_t document = ++c->n_documents;
    d.n = 0;
    while (file_line(&text, &line)) {
        bool start = wr_str_starts(line, WR_STR("-DOCSTART-"));
        if (start || !line.len || d.n == SENTENCE_TOKENS)
            WR_TRY(finish(arena, c, &d, &o, document, &dice));
        if (start) document = ++c->n_documents;
        if (start || !line.len) continue;
        struct corpus_token *t = &d.tokens[d.n];
        t->text = file_field(&line);
        t->hint = 0;
        if (o.sets) t->allowed = read_set(line);
        else d.tags[d.n] = file_field(&line);
        if (!o.sets) d.hints[d.n] = file_field(&line);
        if (!o.sets && !d.tags[d.n].len) return WR_MALFORMED;
        d.n++;
    }
    return finish(arena, c, &d, &o, document, &dice);
}
