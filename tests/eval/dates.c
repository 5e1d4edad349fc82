/* dates.c -- eval_dates: finds the dates of texts on standard input, for scripts/eval.d/dates
 *
 * Input, once a text: a line "BYTES PUBLISHED", then that many bytes. Output: a line
 * "START<tab>END<tab>TYPE<tab>VALUE" a date in bytes, an empty line after each text. */
#include "stages/tag/date.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
    char published[64];
    size_t len;
    wr_arena *arena;
    if (wr_arena_new("eval", (size_t)256 << 20, &arena) != WR_OK) return 111;
    while (scanf("%zu %63s", &len, published) == 2 && getchar() == '\n') {
        wr_arena_reset(arena);
        char *text = wr_arena_take(arena, len + 1);
        wr_date *dates;
        size_t n;
        if (!text || fread(text, 1, len, stdin) != len) return 111;
        if (dates_find(arena, wr_str_of(text, len), wr_str_c(published), &dates, &n) != WR_OK)
            return 111;
        for (size_t i = 0; i < n; i++)
            printf("%zu\t%zu\t%.*s\t%.*s\n", (size_t)dates[i].start, (size_t)dates[i].end,
                   (int)dates[i].type.len, dates[i].type.ptr, (int)dates[i].value.len,
                   dates[i].value.ptr);
        putchar('\n');
    }
    wr_arena_free(&arena);
    return 0;
}
