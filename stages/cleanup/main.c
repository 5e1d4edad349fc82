/* main.c -- wireroom-cleanup: bytes of pages to blocks of clean text */
#include "cleanup.h"

#include <wireroom/stage.h>

static const wr_option options[] = {
    WR_SIZE(struct cleanup_options, page_bytes, "page-bytes", "SIZE", "16M", 1, 48 << 20,
            "Longest page that is read."),
    WR_OPTIONS_END,
};

static wr_status cleanup_open(const void *given, void **state) {
    static struct cleanup_options kept;
    kept = *(const struct cleanup_options *)given;
    *state = &kept;
    return WR_OK;
}

static wr_status cleanup_work(void *state, wr_arena *arena, wr_page *page, wr_str *why) {
    return cleanup_page(arena, state, page, why);
}

int main(int argc, char **argv) {
    static const wr_stage stage = {
        .name = "cleanup",
        .summary = "turns the bytes of a page into blocks of clean text",
        .reads = "raw, kind, content_type, charset",
        .writes = "encoding, lang, lang_confidence, repairs, facts, blocks; takes raw away",
        .options = options,
        .options_size = sizeof(struct cleanup_options),
        .open = cleanup_open,
        .page = cleanup_work,
    };
    return wr_stage_main(&stage, argc, argv);
}
