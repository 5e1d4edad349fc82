/* plain_lines.c -- the shipped models on pages of labelled lines
 *
 * usage: plain_lines [--dial N] STREAM      ("-" = standard input; the form is plain_corpus.h's)
 * One JSON object a page: set, id, keep (one number a line), starts (numbers of title lines). */
#include "plain_corpus.h"
#include "stages/boilerplate/boilerplate.h"

#include <stdlib.h>

static bool in_text(const wr_block *b) {
    return b->reason.len == 0 && b->article != 0;
}

static wr_status judge(wr_arena *arena, const struct boilerplate_options *options,
                       const struct corpus_page *p, struct plain_verdict *v) {
    wr_page page = {.kind = WR_STR("text")};
    wr_str why = {NULL, 0};
    page.n_blocks = p->n;
    page.blocks = wr_arena_array(arena, p->n, sizeof *page.blocks);
    v->body = wr_arena_array(arena, p->n + 1, 1);
    v->start = wr_arena_array(arena, p->n + 1, 1);
    if (!page.blocks || !v->body || !v->start) return WR_MEMORY;
    for (size_t i = 0; i < p->n; i++) {
        page.blocks[i].text = p->text[i];
        page.blocks[i].tag = WR_STR("line");
    }
    wr_status status = boilerplate_page(arena, options, &page, &why);
    if (status == WR_FILTERED) return WR_OK;
    WR_TRY(status);
    for (size_t i = 0; i < p->n; i++) {
        bool title = wr_str_eq(page.blocks[i].label, WR_STR("title"));
        v->start[i] = title;
        v->body[i] = !title && in_text(&page.blocks[i]);
    }
    return WR_OK;
}

int main(int argc, char **argv) {
    struct boilerplate_options options = BOILERPLATE_DEFAULTS;
    struct corpus corpus;
    wr_arena *arena = NULL;
    int at = 1;
    if (argc > 3 && strcmp(argv[1], "--dial") == 0)
        options.dial = strtol(argv[2], NULL, 10), at = 3;
    if (at + 1 != argc) {
        fprintf(stderr, "usage: plain_lines [--dial N] STREAM\n");
        return 100;
    }
    if (corpus_read(argv[at], &corpus)) return 111;
    if (wr_arena_new("page", (size_t)256 << 20, &arena) != WR_OK) return 111;
    for (size_t i = 0; i < corpus.n; i++) {
        struct plain_verdict v;
        wr_arena_reset(arena);
        wr_status status = judge(arena, &options, &corpus.page[i], &v);
        if (status != WR_OK) {
            fprintf(stderr, "%s: %s\n", corpus.page[i].id, wr_status_text(status));
            return 111;
        }
        corpus_write(stdout, &corpus.page[i], &v);
    }
    wr_arena_free(&arena);
    return 0;
}
