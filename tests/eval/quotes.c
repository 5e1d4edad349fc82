/* quotes.c -- eval_quotes: finds the quotations of texts on standard input, for
 * scripts/eval.d/quotes
 *
 * Input, once a text: a line "BYTES", then that many bytes. Output: a line
 * "START<tab>END<tab>SPEAKER_START<tab>SPEAKER_END<tab>KIND" a quotation in bytes, an empty line
 * after each text. */
#include "stages/tag/quote.h"

#include <stdio.h>

int main(void) {
    size_t len;
    wr_arena *arena;
    if (wr_arena_new("eval", (size_t)256 << 20, &arena) != WR_OK) return 111;
    while (scanf("%zu", &len) == 1 && getchar() == '\n') {
        wr_arena_reset(arena);
        char *text = wr_arena_take(arena, len + 1);
        wr_quote *quotes;
        size_t n;
        if (!text || fread(text, 1, len, stdin) != len) return 111;
        wr_article article = {.text = wr_str_of(text, len)};
        if (quotes_find(arena, &article, &quotes, &n) != WR_OK) return 111;
        for (size_t i = 0; i < n; i++)
            printf("%zu\t%zu\t%zu\t%zu\t%.*s\n", (size_t)quotes[i].start, (size_t)quotes[i].end,
                   (size_t)quotes[i].speaker_start, (size_t)quotes[i].speaker_end,
                   (int)quotes[i].kind.len, quotes[i].kind.ptr);
        putchar('\n');
    }
    wr_arena_free(&arena);
    return 0;
}
