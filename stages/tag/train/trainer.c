/* trainer.c -- trains the tagger's conditional random field
 *
 * usage: trainer LEXICON.bin [options] SPEC...
 *   SPEC        a labelled file, see corpus.h
 *   --out FILE  writes the model (pruned, in integers)
 *   --label SPEC FILE   after training: labels the file; lines "token, label, probability, label in
 *                       the file", tab-separated, sentences parted by blank lines
 *   --epochs N --drop X --rate X --decay X --least N --prune X --unit N --seed N */
#include "examples.h"
#include "export.h"
#include "stages/tag/features.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST_FILES 32

struct job {
    const char *lexicon, *out;
    const char *label[MOST_FILES], *labelled[MOST_FILES], *specs[MOST_FILES];
    size_t n_labels, n_specs;
    unsigned least;
    struct learn_options learn;
    struct export_options export;
};

static bool read_arguments(int argc, char **argv, struct job *j) {
    *j = (struct job){.least = 3,
                      .learn = {.epochs = 8, .rate = .1f, .decay = 1, .drop = .5f, .seed = 1},
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
        else if (strcmp(a, "--epochs") == 0) j->learn.epochs = (unsigned)atoi(v);
        else if (strcmp(a, "--drop") == 0) j->learn.drop = strtof(v, NULL);
        else if (strcmp(a, "--rate") == 0) j->learn.rate = strtof(v, NULL);
        else if (strcmp(a, "--decay") == 0) j->learn.decay = strtof(v, NULL);
        else if (strcmp(a, "--seed") == 0) j->learn.seed = (uint64_t)atoll(v);
        else if (strcmp(a, "--least") == 0) j->least = (unsigned)atoi(v);
        else if (strcmp(a, "--prune") == 0) j->export.prune = strtof(v, NULL);
        else if (strcmp(a, "--unit") == 0) j->export.unit = (uint32_t)atoi(v);
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
                            const struct learner *l, const char *spec, const char *path) {
    static uint8_t labels[SENTENCE_TOKENS];
    static float odds[SENTENCE_TOKENS][LANES];
    struct corpus c = {0};
    struct example *examples;
    wr_arena_mark mark = wr_arena_here(arena);
    WR_TRY(corpus_read(arena, spec, &c));
    WR_TRY(examples_make(arena, lexicon, &c, d, true, &examples));
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
    examples_count(&lexicon, &c, &d);
    WR_TRY(examples_make(arena, &lexicon, &c, &d, false, &examples));
    fprintf(stderr, "%zu tokens, %zu features\n", c.n_tokens, d.n);
    WR_TRY(learn_new(arena, d.n, &l));
    WR_TRY(learn(arena, &l, examples, c.n, &j->learn));
    if (j->out) WR_TRY(export_model(arena, &lexicon, &l, &d, &j->export, j->out));
    for (size_t i = 0; i < j->n_labels; i++)
        WR_TRY(label_file(arena, &lexicon, &d, &l, j->label[i], j->labelled[i]));
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
