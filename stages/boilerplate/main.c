/* main.c -- wireroom-boilerplate: which blocks are the article, and why the others are not */
#include "boilerplate.h"

#include <wireroom/stage.h>

static const wr_option options[] = {
    WR_INT(struct boilerplate_options, dial, "dial", "N", "50", 0, 100,
           "0 keeps only what is surely the article, 100 whatever may be; 50 is the balance."),
    WR_FLAG(struct boilerplate_options, captions, "captions", "Captions become parts of the text."),
    WR_FLAG(struct boilerplate_options, comments, "comments",
            "Reader comments become parts of the text."),
    WR_OPTIONS_END,
};

static wr_status boilerplate_open(const void *given, void **state) {
    static struct boilerplate_options chosen;
    chosen = *(const struct boilerplate_options *)given;
    *state = &chosen;
    return WR_OK;
}

static wr_status boilerplate_one(void *state, wr_arena *arena, wr_page *page, wr_str *why) {
    return boilerplate_page(arena, state, page, why);
}

int main(int argc, char **argv) {
    const wr_stage stage = {.name = "boilerplate",
                            .summary = "finds the articles among the blocks of a page",
                            .reads = "blocks, facts, url, kind",
                            .writes = "articles; label, reason, confidence and article of blocks",
                            .options = options,
                            .options_size = sizeof(struct boilerplate_options),
                            .open = boilerplate_open,
                            .page = boilerplate_one};
    return wr_stage_main(&stage, argc, argv);
}
