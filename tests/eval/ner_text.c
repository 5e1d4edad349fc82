/* ner_text.c -- the tagger on raw text: names with their places, and speed
 *
 * usage: eval_ner_text MODEL.bin [--time | --time-names | --alone | --load] < TEXTS
 * TEXTS: for each text a line with its length in bytes, then the text; each of its lines is a
 * paragraph. With --alone names are not joined to entities, which can change their types. Writes
 * for each text lines "start end type confidence" (bytes) and an empty line; with
 * --time instead one line: words and bytes a second of CPU time from text to names, quotes and
 * dates (best of three rounds after one), words = runs without white space; with --time-names
 * without joining, quotes and dates; with --load the milliseconds to map the model and make a
 * tagger, and the resident memory after one text. */
#include "stages/tag/tag.h"
#include "stages/tag/train/file.h"

#include <wireroom/data.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static wr_status paragraphs(wr_arena *arena, wr_article *a) {
    size_t lines = 1;
    for (size_t i = 0; i < a->text.len; i++)
        lines += a->text.ptr[i] == '\n';
    a->paras = wr_arena_array(arena, lines, sizeof *a->paras);
    if (!a->paras) return WR_MEMORY;
    for (size_t at = 0; at < a->text.len;) {
        size_t end = wr_str_find_char(a->text, at, '\n');
        if (end > at)
            a->paras[a->n_paras++] =
                (wr_para){.start = at, .end = end, .kind = WR_STR("paragraph")};
        at = end + 1;
    }
    return WR_OK;
}

struct spot {
    wr_mention mention;
    wr_str type;
};

static int by_start(const void *a, const void *b) {
    const struct spot *x = a, *y = b;
    return (x->mention.start > y->mention.start) - (x->mention.start < y->mention.start);
}

static wr_status print(wr_arena *arena, const wr_article *a) {
    size_t n = 0, k = 0;
    for (size_t i = 0; i < a->n_entities; i++)
        n += a->entities[i].n_mentions;
    struct spot *spots = wr_arena_array(arena, n, sizeof *spots);
    if (!spots) return WR_MEMORY;
    for (size_t i = 0; i < a->n_entities; i++)
        for (size_t m = 0; m < a->entities[i].n_mentions; m++)
            spots[k++] = (struct spot){a->entities[i].mentions[m], a->entities[i].type};
    qsort(spots, n, sizeof *spots, by_start);
    for (size_t i = 0; i < n; i++)
        printf("%zu %zu %.*s %.4f\n", (size_t)spots[i].mention.start, (size_t)spots[i].mention.end,
               (int)spots[i].type.len, spots[i].type.ptr, spots[i].mention.confidence);
    printf("\n");
    return WR_OK;
}

static size_t count_words(wr_str text) {
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += !wr_is_space(text.ptr[i]) && (i == 0 || wr_is_space(text.ptr[i - 1]));
    return n;
}

static wr_status run(struct tagger *tagger, wr_arena *arena, wr_str all, bool write, bool alone,
                     size_t *words) {
    wr_str line;
    while (file_line(&all, &line)) {
        size_t len = strtoul(line.ptr, NULL, 10);
        if (len > all.len) return WR_TRUNCATED;
        wr_arena_reset(arena);
        wr_article article = {.text = wr_str_slice(all, 0, len)};
        all = wr_str_slice(all, len, all.len);
        *words += count_words(article.text);
        WR_TRY(paragraphs(arena, &article));
        wr_page page = {.articles = &article, .n_articles = 1};
        WR_TRY(alone ? tag_article(tagger, arena, &article, NULL)
                     : tag_page(tagger, arena, &page, NULL));
        if (write) WR_TRY(print(arena, &article));
    }
    return WR_OK;
}

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static wr_status time_rounds(struct tagger *tagger, wr_arena *page, wr_str texts, bool alone) {
    double best = 0;
    size_t words = 0;
    for (int round = 0; round < 4; round++) {
        clock_t start = clock();
        words = 0;
        WR_TRY(run(tagger, page, texts, false, alone, &words));
        double used = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (round && (best == 0 || used < best)) best = used;
    }
    printf("{\"words_per_s\": %.0f, \"bytes_per_s\": %.0f, \"words\": %zu}\n", (double)words / best,
           (double)texts.len / best, words);
    return WR_OK;
}

int main(int argc, char **argv) {
    wr_arena *arena, *page;
    wr_str bytes, texts;
    struct tagger *tagger;
    const char *why = "", *mode = argc > 2 ? argv[2] : "";
    if (argc < 2) return fprintf(stderr, "usage: eval_ner_text MODEL.bin [MODE] < TEXTS\n"), 100;
    double start = now_ms();
    if (wr_arena_new("eval", (size_t)2 << 30, &arena) != WR_OK ||
        wr_arena_new("page", (size_t)1 << 30, &page) != WR_OK ||
        wr_data_map(argv[1], &bytes) != WR_OK || tagger_new(arena, bytes, &tagger, &why) != WR_OK)
        return fprintf(stderr, "eval_ner_text: %s\n", why), 111;
    double load = now_ms() - start;
    wr_status status = file_read(arena, "/dev/stdin", &texts);
    size_t words = 0;
    bool timed = strncmp(mode, "--time", 6) == 0, names = strcmp(mode, "--time-names") == 0;
    bool quiet = strcmp(mode, "--load") == 0;
    if (status == WR_OK && timed) status = time_rounds(tagger, page, texts, names);
    else if (status == WR_OK)
        status = run(tagger, page, texts, !quiet, strcmp(mode, "--alone") == 0, &words);
    if (quiet) {
        struct rusage r;
        getrusage(RUSAGE_SELF, &r);
        printf("{\"load_ms\": %.2f, \"resident_mb\": %.1f}\n", load, (double)r.ru_maxrss / 1024);
    }
    if (status != WR_OK) fprintf(stderr, "eval_ner_text: %s\n", wr_status_text(status));
    wr_arena_free(&page);
    wr_arena_free(&arena);
    wr_data_unmap(&bytes);
    return status == WR_OK ? 0 : 111;
}
