/* lexicon.c -- word clusters and name lists as a model without features
 *
 * usage: lexicon CLUSTERS.tsv GAZETTEER_DIR WORDS OUT.bin
 * CLUSTERS.tsv is from `cluster`, the most frequent WORDS of it are taken. */
#include "lists.h"
#include "modelfile.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc != 5)
        return fprintf(stderr, "usage: lexicon CLUSTERS.tsv GAZETTEER_DIR WORDS OUT.bin\n"), 100;
    wr_arena *arena;
    struct parts parts = {0};
    if (wr_arena_new("lexicon", (size_t)2 << 30, &arena) != WR_OK) return 111;
    wr_status status = lists_words(arena, argv[1], strtoul(argv[3], NULL, 10), &parts);
    if (status == WR_OK) status = lists_names(arena, argv[2], &parts);
    if (status == WR_OK) status = modelfile_write(arena, &parts, argv[4]);
    if (status != WR_OK) fprintf(stderr, "lexicon: %s\n", wr_status_text(status));
    else
        fprintf(stderr, "%zu words, %zu names and beginnings of names, %zu combinations\n",
                parts.n_words, parts.n_names, parts.n_masks);
    wr_arena_free(&arena);
    return status == WR_OK ? 0 : 111;
}
