/* ner.c -- the tagger on gold tokens: labels a CoNLL file, counts right spans, measures speed
 *
 * usage: eval_ner MODEL.bin [--write] FILE...
 * Per file one line: F1 over four types, over PER, ORG and LOC, each type's, tokens a second of CPU
 * time (the second of two runs), expected calibration error of the spans' confidence. With --write
 * the labelled file goes to standard output instead. */
#include "stages/tag/scorer.h"
#include "stages/tag/train/corpus.h"
#include "stages/tag/train/modelfile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CELLS 10

struct tally {
    unsigned right[TYPE_COUNT], said[TYPE_COUNT], gold[TYPE_COUNT];
    unsigned cell_n[CELLS], cell_right[CELLS];
    double cell_sum[CELLS];
};

static bool name_at(const uint8_t *labels, size_t n, size_t i, size_t *end) {
    if (labels[i] == LABEL_OUT) return false;
    enum label_place place = label_place_of(labels[i]);
    if (place != PLACE_UNIT && place != PLACE_BEGIN) return false;
    for (*end = i + 1;
         place == PLACE_BEGIN && *end < n && label_place_of(labels[*end]) != PLACE_LAST;)
        ++*end;
    if (place == PLACE_BEGIN) ++*end;
    return true;
}

static void count(struct tally *t, struct scorer *s, const uint8_t *gold, const uint8_t *said,
                  size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t g = 0, e = 0;
        bool is_gold = name_at(gold, n, i, &g), is_said = name_at(said, n, i, &e);
        bool right = is_gold && is_said && gold[i] == said[i] && g == e;
        if (is_gold) t->gold[label_type_of(gold[i])]++;
        if (!is_said) continue;
        t->said[label_type_of(said[i])]++;
        t->right[label_type_of(said[i])] += right;
        double sure = scorer_confidence(s, i, e);
        int cell = (int)(sure * CELLS) < CELLS ? (int)(sure * CELLS) : CELLS - 1;
        t->cell_n[cell]++;
        t->cell_right[cell] += right;
        t->cell_sum[cell] += sure;
    }
}

static double f1(const struct tally *t, int types) {
    unsigned right = 0, said = 0, gold = 0;
    for (int i = 0; i < types; i++)
        right += t->right[i], said += t->said[i], gold += t->gold[i];
    return said + gold ? 200.0 * right / (said + gold) : 0;
}

static void print(const char *path, const struct tally *t, double speed) {
    double error = 0;
    unsigned n = 0;
    for (int i = 0; i < CELLS; i++) {
        error += fabs(t->cell_sum[i] - t->cell_right[i]);
        n += t->cell_n[i];
    }
    printf("%s f1 %.2f f3 %.2f", path, f1(t, TYPE_COUNT), f1(t, 3));
    static const char *const names[] = {"per", "org", "loc", "misc"};
    for (int i = 0; i < TYPE_COUNT; i++)
        printf(" %s %.1f", names[i],
               t->said[i] + t->gold[i] ? 200.0 * t->right[i] / (t->said[i] + t->gold[i]) : 0);
    printf(" tokens_per_s %.0f ece %.4f\n", speed, n ? error / n : 0);
}

static void write_sentence(const wr_str *tokens, const uint8_t *labels, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *name = corpus_label_name(labels[i]);
        bool first = labels[i] && (label_place_of(labels[i]) == PLACE_UNIT ||
                                   label_place_of(labels[i]) == PLACE_BEGIN);
        printf("%.*s\t%s%s\n", (int)tokens[i].len, tokens[i].ptr,
               !labels[i] ? "O"
               : first    ? "B"
                          : "I",
               labels[i] ? name + 1 : "");
    }
    printf("\n");
}

static wr_status run(wr_arena *arena, struct scorer *s, const char *path, bool write) {
    static wr_str tokens[SENTENCE_TOKENS];
    static uint8_t gold[SENTENCE_TOKENS];
    struct corpus c = {0};
    struct tally t = {0};
    double speed = 0;
    uint32_t document = 0;
    WR_TRY(corpus_read(arena, path, &c));
    for (int round = write ? 1 : 0; round < 2; round++) {
        double used = 0;
        for (size_t i = 0; i < c.n; i++) {
            const struct corpus_sentence *q = &c.sentences[i];
            for (size_t k = 0; k < q->n; k++) {
                tokens[k] = q->tokens[k].text;
                gold[k] = (uint8_t)__builtin_ctz(q->tokens[k].allowed);
            }
            clock_t start = clock();
            const uint8_t *said = scorer_label(s, tokens, q->n);
            used += (double)(clock() - start) / CLOCKS_PER_SEC;
            if (write && q->document != document) printf("-DOCSTART-\tO\n\n");
            document = q->document;
            if (write) write_sentence(tokens, said, q->n);
            else if (round) count(&t, s, gold, said, q->n);
        }
        speed = used > 0 ? (double)c.n_tokens / used : 0;
    }
    if (!write) print(path, &t, speed);
    return WR_OK;
}

int main(int argc, char **argv) {
    wr_arena *arena;
    struct model model;
    struct scorer *s;
    if (argc < 3) return fprintf(stderr, "usage: eval_ner MODEL.bin [--write] FILE...\n"), 100;
    if (wr_arena_new("eval", (size_t)2 << 30, &arena) != WR_OK ||
        modelfile_read(arena, argv[1], &model) != WR_OK || scorer_new(arena, &model, &s) != WR_OK)
        return fprintf(stderr, "%s: no model\n", argv[1]), 111;
    bool write = strcmp(argv[2], "--write") == 0;
    for (int i = 2 + write; i < argc; i++)
        if (run(arena, s, argv[i], write) != WR_OK) return 111;
    wr_arena_free(&arena);
    return 0;
}
