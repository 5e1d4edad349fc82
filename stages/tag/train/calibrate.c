/* calibrate.c -- sets a model's probabilities: how often names with a margin are right
 *
 * usage: calibrate MODEL.bin OUT.bin SPEC...     (labelled files not trained on, see corpus.h)
 * For each type the share of right names in each cell of margins, smoothed towards the type's next
 * lower cells, made never falling (pool adjacent violators). Each file counts the same. */
#include "corpus.h"
#include "modelfile.h"
#include "stages/tag/scorer.h"

#include <stdio.h>

struct cell {
    double n, right;
};
struct cells {
    struct cell of[TYPE_COUNT][MODEL_MARGINS];
};

static size_t name_end(const uint8_t *labels, size_t n, size_t i) {
    while (i + 1 < n && label_open(labels[i]))
        i++;
    return i + 1;
}

static void count_sentence(struct scorer *s, const struct model *m, const struct corpus_sentence *q,
                           struct cells *out) {
    static wr_str tokens[SENTENCE_TOKENS];
    for (size_t i = 0; i < q->n; i++)
        tokens[i] = q->tokens[i].text;
    const uint8_t *said = scorer_label(s, tokens, q->n);
    for (size_t i = 0, end; i < q->n; i = end) {
        end = i + 1;
        if (said[i] == LABEL_OUT) continue;
        end = name_end(said, q->n, i);
        bool right = true;
        for (size_t k = i; k < end; k++)
            right &= (q->tokens[k].allowed >> said[k] & 1) != 0;
        size_t at = (size_t)scorer_margin(s, i, end) / (m->unit / 4 ? m->unit / 4 : 1);
        struct cell *c =
            &out->of[label_type_of(said[i])][at < MODEL_MARGINS ? at : MODEL_MARGINS - 1];
        c->n++;
        c->right += right;
    }
}

/* Blocks of cells with equal share, from low to high margins. */
static void smooth(const struct cell *cells, uint16_t *out) {
    struct cell block[MODEL_MARGINS];
    int last[MODEL_MARGINS], n = 0;
    for (int i = 0; i < MODEL_MARGINS; i++) {
        block[n] = (struct cell){cells[i].n + 1e-6, cells[i].right + .5e-6};
        last[n++] = i;
        while (n > 1 &&
               block[n - 1].right * block[n - 2].n <= block[n - 2].right * block[n - 1].n) {
            block[n - 2].n += block[n - 1].n;
            block[n - 2].right += block[n - 1].right;
            last[n - 2] = last[n - 1];
            n--;
        }
    }
    for (int b = 0, i = 0; b < n; b++)
        for (; i <= last[b]; i++) {
            double share = (block[b].right + .5) / (block[b].n + 1);
            out[i] = (uint16_t)(share * 65535);
        }
}

int main(int argc, char **argv) {
    wr_arena *arena;
    struct model model;
    struct scorer *scorer;
    static struct cells sum;
    static struct parts parts;
    if (argc < 4) return fprintf(stderr, "usage: calibrate MODEL.bin OUT.bin SPEC...\n"), 100;
    if (wr_arena_new("calibrate", (size_t)2 << 30, &arena) != WR_OK ||
        modelfile_read(arena, argv[1], &model) != WR_OK ||
        scorer_new(arena, &model, &scorer) != WR_OK)
        return 111;
    for (int i = 3; i < argc; i++) {
        struct corpus c = {0};
        static struct cells one;
        memset(&one, 0, sizeof one);
        if (corpus_read(arena, argv[i], &c) != WR_OK) return 111;
        double names = 1e-9;
        for (size_t k = 0; k < c.n; k++)
            count_sentence(scorer, &model, &c.sentences[k], &one);
        for (int t = 0; t < TYPE_COUNT; t++)
            for (int k = 0; k < MODEL_MARGINS; k++)
                names += one.of[t][k].n;
        for (int t = 0; t < TYPE_COUNT; t++)
            for (int k = 0; k < MODEL_MARGINS; k++) {
                sum.of[t][k].n += one.of[t][k].n * 3000 / names;
                sum.of[t][k].right += one.of[t][k].right * 3000 / names;
            }
    }
    parts_of(&model, &parts);
    for (int t = 0; t < TYPE_COUNT; t++)
        smooth(sum.of[t], parts.calibration[t]);
    return modelfile_write(arena, &parts, argv[2]) == WR_OK ? 0 : 111;
}
