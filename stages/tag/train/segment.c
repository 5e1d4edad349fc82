/* segment.c -- plain text to sentences and tokens, cut as the tagger cuts them
 *
 * usage: segment < TEXT > TOKENS.conll
 * A line is a paragraph; an empty line starts a document. */
#include "common/text/sentence.h"
#include "common/text/token.h"
#include "file.h"

#include <stdio.h>

#define LEAST_TOKENS 3

static void write_paragraph(wr_str text) {
    wr_sentences sentences = wr_sentences_of(text);
    for (wr_span s; wr_sentences_next(&sentences, &s);) {
        wr_tokens tokens = wr_tokens_of(text, s), counted = tokens;
        wr_token t;
        size_t n = 0;
        while (wr_tokens_next(&counted, &t))
            n++;
        if (n < LEAST_TOKENS) continue;
        while (wr_tokens_next(&tokens, &t))
            printf("%.*s\tO\n", (int)(t.end - t.start), text.ptr + t.start);
        printf("\n");
    }
}

int main(void) {
    wr_arena *arena;
    wr_str text, line;
    if (wr_arena_new("segment", (size_t)2 << 30, &arena) != WR_OK ||
        file_read(arena, "/dev/stdin", &text) != WR_OK)
        return fprintf(stderr, "usage: segment < TEXT (a file, not a pipe)\n"), 100;
    while (file_line(&text, &line)) {
        line = wr_str_trim(line);
        if (line.len == 0) printf("-DOCSTART-\tO\n\n");
        else write_paragraph(line);
    }
    wr_arena_free(&arena);
    return 0;
}
