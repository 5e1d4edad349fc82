/* trainer.c -- trains the tagger's conditional random field
 *
 * usage: trainer LEXICON.bin [options] SPEC...
 *   SPEC        a labelled file, see corpus.h
 *   --out FILE  writes the model (pruned, in integers)
 *   --label SPEC FILE   after training: labels the file; lines "token, label, probability, label in
 *                       the file", tab-separated, sentences parted by blank lines
 *   --vectors FILE      with a net over the word vectors (for teachers; the model file has none)
 *   --dev FILE          after training: prints the F1 on the file, with the net
 *   --net-rate X --net-drop X
 *   --epochs N --drop X --rate X --decay X --least N --prune X --unit N --seed N --number N */
#include "examples.h"
#include "export.h"
#include "file.h"
#include "stages/tag/features.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST_FILES 32

struct job {
    const char *lexicon, *out, *vectors, *dev[MOST_FILES];
    size_t n_dev;
    const char *label[MOST_FILES], *labelled[MOST_FILES], *specs[MOST_FILES];
    size_t n_labels, n_specs;
    unsigned least;
    struct learn_options learn;
    struct export_options export;
};

static bool read_arguments(int argc, char **argv, struct job *j) {
    *j = (struct job){.least = 3,
                      .learn = {.epochs = 8,
                                .rate = .1f,
                                .net_rate = .02f,
                                .decay = 1,
                                .drop = .5f,
                                .net_drop = .3f,
                                .seed = 1},
                      .export = {.prune = .2f, .unit = 24}};
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i], *v = i + 1 < argc ? argv[i + 1] : NULL;
        if (strncmp(a, "--", 2) != 0) {
            if (!j->lexicon) j->lexicon = a;
            else if (j->n_specs < MOST_FILES) j->specs[j->n_specs++] = a;
            continue;
        }
        if (!v) return false;
        i++;
        if (strcmp(a, "--out") == 0) j->out = v;
        else if (strcmp(a, "--vectors") == 0) j->vectors = v;
        else if (strcmp(a, "--net-rate") == 0) j->learn.net_rate = strtof(v, NULL);
        else if (strcmp(a, "--net-drop") == 0) j->learn.net_drop = strtof(v, NULL);
        else if (strcmp(a, "--dev") == 0 && j->n_dev < MOST_FILES) j->dev[j->n_dev++] = v;
        else if (strcmp(a, "--epochs") == 0) j->learn.epochs = (unsigned)strtoul(v, NULL, 10);
        else if (strcmp(a, "--drop") == 0) j->learn.drop = strtof(v, NULL);
        else if (strcmp(a, "--rate") == 0) j->learn.rate = strtof(v, NULL);
        else if (strcmp(a, "--decay") == 0) j->learn.decay = strtof(v, NULL);
        else if (strcmp(a, "--seed") == 0) j->learn.seed = (uint64_t)atoll(v);
        else if (strcmp(a, "--least") == 0) j->least = (unsigned)strtoul(v, NULL, 10);
        else if (strcmp(a, "--prune") == 0) j->export.prune = strtof(v, NULL);
        else if (strcmp(a, "--number") == 0) j->export.number = (uint32_t)strtoul(v, NULL, 10);
        else if (strcmp(a, "--unit") == 0) j->export.unit = (uint32_t)strtoul(v, NULL, 10);
        else if (strcmp(a, "--label") == 0 && i + 1 < argc && j->n_labels < MOST_FILES) {
            j->label[j->n_labels] = v;
            j->labelled[j->n_labels++] = argv[++i];
        } else return false;
    }
    return j->lexicon && j->n_specs;
}

static int only_label(uint32_t set) {
    return set && !(set & (set - 1)) ? __builtin_ctz(set) : 0;
}

static wr_status label_file(wr_arena *arena, const struct model *lexicon, struct dictionary *d,
                            struct dense_inputs *dense, const struct learner *l, const char *spec,
                            const char *path) {
    static uint8_t labels[SENTENCE_TOKENS];
    static float odds[SENTENCE_TOKENS][LANES];
    struct corpus c = {0};
    struct example *examples;
    wr_arena_mark mark = wr_arena_here(arena);
    WR_TRY(corpus_read(arena, spec, &c));
    WR_TRY(examples_make(arena, lexicon, &c, d, true, dense, &examples));
    FILE *f = fopen(path, "w");
    if (!f) return WR_IO;
    uint32_t document = 0;
    for (size_t s = 0; s < c.n; s++) {
        if (c.sentences[s].document != document) fprintf(f, "-DOCSTART-\tO\n\n");
        document = c.sentences[s].document;
        learn_best(l, &examples[s], labels);
        learn_posteriors(l, &examples[s], odds);
        for (size_t i = 0; i < examples[s].n; i++) {
            wr_str t = examples[s].tokens[i].text;
            fprintf(f, "%.*s\t%s\t%.3f\t%s\n", (int)t.len, t.ptr, corpus_label_name(labels[i]),
                    (double)odds[i][labels[i]],
                    corpus_label_name(only_label(examples[s].tokens[i].allowed)));
        }
        fprintf(f, "\n");
    }
    wr_arena_rewind(arena, mark);
    return fclose(f) == 0 ? WR_OK : WR_IO;
}

static bool starts_name(int label) {
    return label && (label_place_of(label) == PLACE_UNIT || label_place_of(label) == PLACE_BEGIN);
}

/* Prints the F1 of spans over all types and over PER, ORG and LOC. */
static wr_status score_file(wr_arena *arena, const struct model *lexicon, struct dictionary *d,
                            struct dense_inputs *dense, const struct learner *l, const char *spec) {
    static uint8_t said[SENTENCE_TOKENS];
    struct corpus c = {0};
    struct example *examples;
    unsigned right[2] = {0}, names[2] = {0};
    wr_arena_mark mark = wr_arena_here(arena);
    WR_TRY(corpus_read(arena, spec, &c));
    WR_TRY(examples_make(arena, lexicon, &c, d, true, dense, &examples));
    for (size_t s = 0; s < c.n; s++) {
        const struct example *e = &examples[s];
        learn_best(l, e, said);
        for (size_t i = 0; i < e->n; i++) {
            int gold = only_label(e->tokens[i].allowed);
            if (starts_name(gold)) names[0]++, names[1] += label_type_of(gold) != TYPE_MISC;
            if (!starts_name(said[i])) continue;
            names[0]++, names[1] += label_type_of(said[i]) != TYPE_MISC;
            size_t k = i;
            while (said[k] == only_label(e->tokens[k].allowed) && label_open(said[k]))
                k++;
            if (said[k] != only_label(e->tokens[k].allowed)) continue;
            right[0]++, right[1] += label_type_of(gold) != TYPE_MISC;
        }
    }
    printf("%s f1 %.2f f3 %.2f\n", spec, 200. * right[0] / (names[0] + 1e-9),
           200. * right[1] / (names[1] + 1e-9));
    wr_arena_rewind(arena, mark);
    return WR_OK;
}

static wr_status run(wr_arena *arena, const struct job *j) {
    struct model lexicon;
    struct corpus c = {0};
    struct dictionary d;
    struct learner l;
    struct example *examples;
    WR_TRY(modelfile_read(arena, j->lexicon, &lexicon));
    for (size_t i = 0; i < j->n_specs; i++)
        WR_TRY(corpus_read(arena, j->specs[i], &c));
    WR_TRY(dictionary_new(arena, j->least, &d));
    struct vectors vectors;
    struct dense_inputs inputs, *dense = j->vectors ? &inputs : NULL;
    if (dense) {
        wr_str json;
        WR_TRY(file_read(arena, j->vectors, &json));
        WR_TRY(vectors_read(arena, json, &vectors));
        WR_TRY(dense_new(arena, &vectors, dense));
    }
    examples_count(&lexicon, &c, &d, dense);
    WR_TRY(examples_make(arena, &lexicon, &c, &d, false, dense, &examples));
    fprintf(stderr, "%zu tokens, %zu features\n", c.n_tokens, d.n);
    WR_TRY(learn_new(arena, d.n, &l));
    if (dense) WR_TRY(net_new(arena, &vectors, dense->sparse.n, j->learn.seed, &l.net));
    WR_TRY(learn(arena, &l, examples, c.n, &j->learn));
    if (j->out) WR_TRY(export_model(arena, &lexicon, &l, &d, &j->export, j->out));
    for (size_t i = 0; i < j->n_dev; i++)
        WR_TRY(score_file(arena, &lexicon, &d, dense, &l, j->dev[i]));
    for (size_t i = 0; i < j->n_labels; i++)
        WR_TRY(label_file(arena, &lexicon, &d, dense, &l, j->label[i], j->labelled[i]));
    return WR_OK;
}

int main(int argc, char **argv) {
    struct job j;
    wr_arena *arena;
    if (!read_arguments(argc, argv, &j))
        return fprintf(stderr, "usage: trainer LEXICON.bin [options] SPEC...\n"), 100;
    if (wr_arena_new("trainer", (size_t)16 << 30, &arena) != WR_OK) return 111;
    wr_status status = run(arena, &j);
    if (status != WR_OK) fprintf(stderr, "trainer: %s\n", wr_status_text(status));
    wr_arena_free(&arena);
    return status == WR_OK ? 0 : 111;
}
