/* calibrate.c -- sets a model's probabilities: how often names with a margin are right
 *
 * usage: calibrate MODEL.bin OUT.bin SPEC...     (labelled files not trained on, see corpus.h)
 * For each type the share of right names in each cell of margins, made never falling (pool adjacent
 * violators). A file counts by its weight, not its size; one with weight 0 is looked at only. MISC
 * does not count in a file without it. Documents are read as the tagger reads them; a file with
 * more than 200 sentences a document is a bag of sentences. Prints each file's expected calibration
 * error (ten cells of probability) by five folds: the probabilities of each fifth of the documents
 * set on the other four. */
#include "corpus.h"
#include "modelfile.h"
#include "stages/tag/passage.h"

#include <math.h>
#include <stdio.h>

#define FOLDS      5
#define MOST_FILES 16
#define BAG_SIZE   200
#define FILE_NAMES 3000 /* a file of weight 1 counts as so many names */
#define PER_CENT   10   /* cells of the calibration error */

struct cell {
    double n, right;
};
struct cells {
    struct cell of[TYPE_COUNT][MODEL_MARGINS];
};
struct table_of {
    uint16_t at[TYPE_COUNT][MODEL_MARGINS];
};
struct file {
    struct cells fold[FOLDS];
    double weight;
};

static size_t name_end(const uint8_t *labels, size_t n, size_t i) {
    while (i + 1 < n && label_open(labels[i]))
        i++;
    return i + 1;
}

static void count_sentence(struct scorer *s, const struct model *m, const struct corpus_sentence *q,
                           const uint8_t *said, struct cells *out) {
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

/* Sentences [from, to) as one article, cut where the passage is full. */
static void count_document(struct passage *p, const struct model *m, const struct corpus *c,
                           size_t from, size_t to, struct cells *out) {
    static wr_str tokens[SENTENCE_TOKENS];
    static const wr_span nowhere[SENTENCE_TOKENS];
    while (from < to) {
        size_t end = from;
        passage_clear(p);
        for (; end < to && passage_room(p, c->sentences[end].n); end++) {
            const struct corpus_sentence *s = &c->sentences[end];
            for (size_t i = 0; i < s->n; i++)
                tokens[i] = s->tokens[i].text;
            passage_add(p, tokens, nowhere, s->n);
        }
        passage_settle(p);
        for (size_t i = from; i < end; i++)
            count_sentence(passage_scorer(p), m, &c->sentences[i],
                           passage_label(p, i - from).labels, out);
        from = end;
    }
}

static bool has_misc(const struct corpus *c) {
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->sentences[i].n; k++)
            if (c->sentences[i].tokens[k].allowed & LABEL_SET(label_of(PLACE_UNIT, TYPE_MISC)))
                return true;
    return false;
}

static wr_status count_file(wr_arena *arena, struct passage *p, const struct model *m,
                            const char *spec, struct file *out) {
    struct corpus c = {0};
    WR_TRY(corpus_read(arena, spec, &c));
    bool bag = c.n > (size_t)BAG_SIZE * c.n_documents;
    size_t document = 0;
    for (size_t from = 0, to; from < c.n; from = to, document++) {
        for (to = from + 1;
             to < c.n && !bag && c.sentences[to].document == c.sentences[from].document;)
            to++;
        count_document(p, m, &c, from, to, &out->fold[document % FOLDS]);
    }
    out->weight = c.n ? (double)c.sentences[0].weight : 0;
    for (int f = 0; f < FOLDS && !has_misc(&c); f++)
        memset(out->fold[f].of[TYPE_MISC], 0, sizeof out->fold[f].of[TYPE_MISC]);
    return WR_OK;
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

/* The probabilities by all folds but `without`. */
static void fit(const struct file *files, size_t n, int without, struct table_of *out) {
    static struct cells sum;
    memset(&sum, 0, sizeof sum);
    for (size_t i = 0; i < n; i++) {
        double names = 1e-9;
        for (int f = 0; f < FOLDS; f++)
            for (int k = 0; k < TYPE_COUNT * MODEL_MARGINS && f != without; k++)
                names += files[i].fold[f].of[k / MODEL_MARGINS][k % MODEL_MARGINS].n;
        for (int f = 0; f < FOLDS; f++)
            for (int k = 0; k < TYPE_COUNT * MODEL_MARGINS && f != without; k++) {
                const struct cell *c = &files[i].fold[f].of[k / MODEL_MARGINS][k % MODEL_MARGINS];
                struct cell *to = &sum.of[k / MODEL_MARGINS][k % MODEL_MARGINS];
                to->n += c->n * files[i].weight * FILE_NAMES / names;
                to->right += c->right * files[i].weight * FILE_NAMES / names;
            }
    }
    for (int t = 0; t < TYPE_COUNT; t++)
        smooth(sum.of[t], out->at[t]);
}

/* Expected calibration error of a file, each fold under its own table. */
static double error_of(const struct file *file, const struct table_of tables[FOLDS]) {
    double n = 1e-9, right[PER_CENT] = {0}, sum[PER_CENT] = {0}, error = 0;
    for (int f = 0; f < FOLDS; f++)
        for (int k = 0; k < TYPE_COUNT * MODEL_MARGINS; k++) {
            const struct cell *c = &file->fold[f].of[k / MODEL_MARGINS][k % MODEL_MARGINS];
            double share = tables[f].at[k / MODEL_MARGINS][k % MODEL_MARGINS] / 65535.0;
            int at = (int)(share * PER_CENT) < PER_CENT ? (int)(share * PER_CENT) : PER_CENT - 1;
            n += c->n;
            right[at] += c->right;
            sum[at] += share * c->n;
        }
    for (int i = 0; i < PER_CENT; i++)
        error += fabs(right[i] - sum[i]);
    return error / n;
}

int main(int argc, char **argv) {
    wr_arena *arena;
    struct model model;
    struct scorer *scorer;
    struct passage *passage;
    static struct file files[MOST_FILES];
    static struct table_of tables[FOLDS], all;
    static struct parts parts;
    if (argc < 4 || argc > 3 + MOST_FILES)
        return fprintf(stderr, "usage: calibrate MODEL.bin OUT.bin SPEC...\n"), 100;
    if (wr_arena_new("calibrate", (size_t)2 << 30, &arena) != WR_OK ||
        modelfile_read(arena, argv[1], &model) != WR_OK ||
        scorer_new(arena, &model, &scorer) != WR_OK ||
        passage_new(arena, scorer, &passage) != WR_OK)
        return 111;
    size_t n = (size_t)argc - 3;
    for (size_t i = 0; i < n; i++)
        if (count_file(arena, passage, &model, argv[3 + i], &files[i]) != WR_OK) return 111;
    for (int f = 0; f < FOLDS; f++)
        fit(files, n, f, &tables[f]);
    for (size_t i = 0; i < n; i++)
        printf("%s ece %.4f\n", argv[3 + i], error_of(&files[i], tables));
    fit(files, n, -1, &all);
    parts_of(&model, &parts);
    for (int t = 0; t < TYPE_COUNT; t++)
        memcpy(parts.calibration[t], all.at[t], sizeof all.at[t]);
    return modelfile_write(arena, &parts, argv[2]) == WR_OK ? 0 : 111;
}
