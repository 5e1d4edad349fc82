/* passage.c -- sentences labelled together: alone as the scorer alone, and nothing left behind */
#include "stages/tag/passage.h"
#include "check.h"
#include "stages/tag/train/file.h"

#include <stdlib.h>

static struct scorer *scorer;
static struct passage *passage;

#define MOST 16
struct sentence {
    wr_str tokens[MOST];
    wr_span places[MOST];
    size_t n;
};

/* Cuts at blanks. */
static struct sentence sentence_of(const char *text) {
    struct sentence s = {.n = 0};
    for (size_t at = 0, end; text[at] && s.n < MOST; at = text[end] ? end + 1 : end) {
        for (end = at; text[end] && text[end] != ' ';)
            end++;
        s.tokens[s.n] = wr_str_of(text + at, end - at);
        s.places[s.n++] = (wr_span){at, end};
    }
    return s;
}

static void add(const struct sentence *s) {
    CHECK(passage_room(passage, s->n));
    passage_add(passage, s->tokens, s->places, s->n);
}

static const char *const texts[] = {
    "Maria Jensen flew from Oslo to Nairobi .", "In Nairobi she met the Kenyan minister .",
    "A ship left the port at noon .", "Jensen 's paper , the Harbour Post , was not told ."};
#define TEXTS (sizeof texts / sizeof *texts)

/* Where no word comes twice the others have nothing to say. */
static void check_alone(void) {
    for (size_t i = 0; i < TEXTS; i++) {
        struct sentence s = sentence_of(texts[i]);
        uint8_t alone[MOST];
        memcpy(alone, scorer_label(scorer, s.tokens, s.n), s.n);
        passage_clear(passage);
        add(&s);
        passage_settle(passage);
        CHECK(passage_sentences(passage) == 1);
        struct passage_sentence out = passage_label(passage, 0);
        CHECK(out.n == s.n && memcmp(out.labels, alone, s.n) == 0);
        CHECK(out.places[1].start == s.places[1].start);
    }
}

/* The margin of the name at a token of sentence i. */
static int32_t margin(size_t i, size_t token) {
    (void)passage_label(passage, i);
    return scorer_margin(scorer, token, token + 1);
}

/* The same words give the same margins whatever was read before; a name that is clear in one place
 * is surer in the other. */
static void check_together(void) {
    int32_t first[TEXTS], alone = 0;
    for (int round = 0; round < 2; round++) {
        passage_clear(passage);
        for (size_t i = 0; i < TEXTS; i++) {
            struct sentence s = sentence_of(texts[i]);
            add(&s);
        }
        passage_settle(passage);
        for (size_t i = 0; i < TEXTS; i++) {
            int32_t now = margin(i, 1);
            if (round) CHECK(now == first[i]);
            first[i] = now;
        }
        passage_clear(passage);
        struct sentence other = sentence_of(round ? texts[1] : "Nairobi Nairobi Jensen Oslo Maria");
        add(&other);
        passage_settle(passage);
        alone = margin(0, 1);
    }
    CHECK(first[1] > alone);
}

static void check_full(void) {
    struct sentence s = sentence_of(texts[0]);
    passage_clear(passage);
    size_t n = 0;
    for (; passage_room(passage, s.n); n++)
        add(&s);
    CHECK(n == PASSAGE_TOKENS / s.n);
    passage_settle(passage);
    CHECK(passage_sentences(passage) == n && passage_label(passage, n - 1).n == s.n);
    passage_clear(passage);
    CHECK(passage_sentences(passage) == 0 && passage_room(passage, SENTENCE_TOKENS));
}

int main(void) {
    wr_arena *arena;
    wr_str bytes;
    static struct model model;
    if (wr_arena_new("models", (size_t)64 << 20, &arena) != WR_OK ||
        file_read_aligned(arena, TAG_MODEL, &bytes) != WR_OK)
        return fprintf(stderr, "%s: cannot be read\n", TAG_MODEL), 1;
    CHECK(model_read(bytes, &model, NULL) == WR_OK);
    CHECK(scorer_new(arena, &model, &scorer) == WR_OK);
    CHECK(passage_new(arena, scorer, &passage) == WR_OK);
    check_alone();
    check_together();
    check_full();
    wr_arena_free(&arena);
    return check_summary();
}
