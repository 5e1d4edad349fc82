/* neardup.c -- eval_neardup: near-duplicates among texts on standard input, for
 * scripts/eval.d/neardup
 *
 * Input, once a text: a line "BYTES", then that many bytes. Output: a line
 * "A<tab>B<tab>KIND<tab>SCORE" a pair found (numbers of texts from 0), and on standard error what a
 * text cost. */
#include "stages/aggregate/dup.h"

#include <stdio.h>
#include <time.h>

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(void) {
    size_t len, count = 0;
    double spent = 0;
    wr_arena *arena;
    dup_index *index;
    if (wr_arena_new("eval", (size_t)256 << 20, &arena) != WR_OK ||
        dup_index_new((size_t)2 << 30, &index) != WR_OK)
        return 111;
    for (; scanf("%zu", &len) == 1 && getchar() == '\n'; count++) {
        wr_arena_reset(arena);
        char *text = wr_arena_take(arena, len + 1);
        if (!text || fread(text, 1, len, stdin) != len) return 111;
        dup_sketch sketch;
        dup_match *matches;
        size_t n;
        double start = seconds();
        if (dup_sketch_of(arena, wr_str_of(text, len), &sketch) != WR_OK ||
            dup_index_find(index, arena, &sketch, &matches, &n) != WR_OK ||
            dup_index_add(index, count, &sketch) != WR_OK)
            return 111;
        spent += seconds() - start;
        for (size_t i = 0; i < n; i++)
            printf("%zu\t%zu\t%s\t%.3f\n", count, (size_t)matches[i].id,
                   dup_kind_name(matches[i].kind), matches[i].score);
    }
    fprintf(stderr, "%zu texts, %.1f us and %.0f bytes each\n", count,
            spent * 1e6 / (double)(count + !count),
            (double)dup_index_bytes(index) / (double)(count + !count));
    dup_index_free(&index);
    wr_arena_free(&arena);
    return 0;
}
