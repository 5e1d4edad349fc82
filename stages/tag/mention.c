/* mention.c -- a paragraph to sentences, tokens, labels, names */
#include "mention.h"

#include "common/text/sentence.h"
#include "common/text/token.h"
#include "hash.h"

#define PAIRS_MAX 64 /* names with a hyphen looked at */

wr_str mention_type(enum label_type type) {
    static const char *const names[TYPE_COUNT] = {"PER", "ORG", "LOC", "MISC"};
    return wr_str_c(names[type]);
}

/* Tokens of a sentence, as many as the scorer takes at once. */
struct piece {
    wr_str tokens[SENTENCE_TOKENS];
    wr_span spans[SENTENCE_TOKENS];
    size_t n;
};

static wr_status take_names(struct scorer *scorer, wr_arena *arena,
                            const struct passage_sentence *s, struct mentions *out) {
    for (size_t i = 0; i < s->n; i++) {
        if (s->labels[i] == LABEL_OUT) continue;
        size_t end = i;
        while (end + 1 < s->n && label_open(s->labels[end]))
            end++;
        struct mention *m = WR_PUSH(arena, out->items, out->n, out->cap);
        if (!m) return WR_MEMORY;
        *m = (struct mention){s->places[i].start, s->places[end].end, label_type_of(s->labels[i]),
                              scorer_confidence(scorer, i, end + 1)};
        i = end;
    }
    return WR_OK;
}

wr_status mentions_finish(struct passage *passage, wr_arena *arena, struct mentions *out) {
    passage_settle(passage);
    for (size_t i = 0; i < passage_sentences(passage); i++) {
        struct passage_sentence s = passage_label(passage, i);
        WR_TRY(take_names(passage_scorer(passage), arena, &s, out));
    }
    passage_clear(passage);
    return WR_OK;
}

static wr_status add_piece(struct passage *passage, wr_arena *arena, const struct piece *p,
                           struct mentions *out) {
    if (!p->n) return WR_OK;
    if (!passage_room(passage, p->n)) WR_TRY(mentions_finish(passage, arena, out));
    passage_add(passage, p->tokens, p->spans, p->n);
    return WR_OK;
}

wr_status mentions_find(struct passage *passage, wr_arena *arena, wr_str text, size_t start,
                        size_t end, struct mentions *out) {
    wr_str paragraph = wr_str_slice(text, start, end);
    wr_sentences sentences = wr_sentences_of(paragraph);
    struct piece p;
    for (wr_span sentence; wr_sentences_next(&sentences, &sentence);) {
        wr_tokens tokens = wr_tokens_of(paragraph, sentence);
        p.n = 0;
        for (wr_token t; wr_tokens_next(&tokens, &t);) {
            if (p.n == SENTENCE_TOKENS) {
                WR_TRY(add_piece(passage, arena, &p, out));
                p.n = 0;
            }
            p.tokens[p.n] = wr_str_slice(paragraph, t.start, t.end);
            p.spans[p.n++] = (wr_span){start + t.start, start + t.end};
        }
        WR_TRY(add_piece(passage, arena, &p, out));
    }
    return WR_OK;
}

/* "[Helena] Brandt": an editor's first name and the surname are one name. */
static void join_bracketed(wr_str text, struct mentions *m) {
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        struct mention *last = n ? &m->items[n - 1] : NULL, *here = &m->items[i];
        bool bracketed = last && last->type == TYPE_PER && here->type == TYPE_PER &&
                         last->start > 0 && text.ptr[last->start - 1] == '[' &&
                         wr_str_eq(wr_str_slice(text, last->end, here->start), WR_STR("] "));
        if (!bracketed) {
            m->items[n++] = *here;
            continue;
        }
        last->start--;
        last->end = here->end;
        if (here->confidence < last->confidence) last->confidence = here->confidence;
    }
    m->n = n;
}

/* A person's name ends in the word. */
static bool is_borne(wr_str text, const struct mentions *m, wr_str word) {
    for (size_t i = 0; i < m->n; i++) {
        wr_str name = wr_str_slice(text, m->items[i].start, m->items[i].end);
        size_t cut = name.len > word.len ? name.len - word.len : 0;
        if (m->items[i].type == TYPE_PER && wr_str_ends(name, word) &&
            (name.len == word.len || name.ptr[cut - 1] == ' '))
            return true;
    }
    return false;
}

/* "the Brandt-Vrba talks": two persons where the text names each of them. */
static wr_status part_pairs(wr_arena *arena, wr_str text, struct mentions *m) {
    size_t n = m->n, pairs = 0;
    for (size_t i = 0; i < n && pairs < PAIRS_MAX; i++) {
        struct mention whole = m->items[i];
        wr_str name = wr_str_slice(text, whole.start, whole.end);
        size_t dash = wr_str_find_char(name, 0, '-');
        if (whole.type != TYPE_PER || dash + 3 >= name.len || dash < 3 ||
            wr_str_find_char(name, 0, ' ') < name.len)
            continue;
        pairs++;
        if (!is_borne(text, m, wr_str_slice(name, 0, dash)) ||
            !is_borne(text, m, wr_str_slice(name, dash + 1, name.len)))
            continue;
        struct mention *last = WR_PUSH(arena, m->items, m->n, m->cap);
        if (!last) return WR_MEMORY;
        memmove(&m->items[i + 2], &m->items[i + 1], (m->n - i - 2) * sizeof *m->items);
        m->items[i + 1] = m->items[i] = whole;
        m->items[i].end = whole.start + dash;
        m->items[i + 1].start = whole.start + dash + 1;
        n = m->n;
        i++;
    }
    return WR_OK;
}

/* A hash table over the entities made so far. */
wr_status mentions_join(wr_arena *arena, struct mentions *m, wr_article *article) {
    wr_str text = article->text;
    join_bracketed(text, m);
    WR_TRY(part_pairs(arena, text, m));
    size_t slots = 16;
    while (slots < m->n * 2)
        slots *= 2;
    uint32_t *table = wr_arena_array(arena, slots, sizeof *table); /* 1 + entity */
    uint32_t *entity_of = wr_arena_array(arena, m->n, sizeof *entity_of);
    article->entities = wr_arena_array(arena, m->n, sizeof *article->entities);
    article->n_entities = 0;
    if (!table || !entity_of || !article->entities) return WR_MEMORY;
    for (size_t i = 0; i < m->n; i++) {
        wr_str surface = wr_str_slice(text, m->items[i].start, m->items[i].end);
        wr_str type = mention_type(m->items[i].type);
        size_t at = hash_pair(hash_bytes(surface.ptr, surface.len), m->items[i].type) & (slots - 1);
        for (; table[at]; at = (at + 1) & (slots - 1)) {
            const wr_entity *e = &article->entities[table[at] - 1];
            if (wr_str_eq(e->name, surface) && wr_str_eq(e->type, type)) break;
        }
        if (!table[at]) {
            article->entities[article->n_entities] = (wr_entity){.name = surface, .type = type};
            table[at] = (uint32_t)++article->n_entities;
        }
        entity_of[i] = table[at] - 1;
        article->entities[entity_of[i]].n_mentions++;
    }
    for (size_t i = 0; i < article->n_entities; i++) {
        wr_entity *e = &article->entities[i];
        e->mentions = wr_arena_array(arena, e->n_mentions, sizeof *e->mentions);
        if (!e->mentions) return WR_MEMORY;
        e->n_mentions = 0;
    }
    for (size_t i = 0; i < m->n; i++) {
        wr_entity *e = &article->entities[entity_of[i]];
        const struct mention *from = &m->items[i];
        e->mentions[e->n_mentions++] =
            (wr_mention){.start = from->start, .end = from->end, .confidence = from->confidence};
        if (from->confidence > e->confidence) e->confidence = from->confidence;
    }
    return WR_OK;
}
