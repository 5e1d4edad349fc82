/* line_noop.c -- a stage that decodes and encodes and nothing else: the line's own cost, and, when
 * told, a stage that misbehaves. usage: line_noop NAME [OPTION...] */
#include <wireroom/stage.h>

#include <signal.h>
#include <time.h>
#include <unistd.h>

typedef struct settings {
    int64_t work_us;
    const char *crash, *hang, *reject, *filter, *fill;
} settings;

static const wr_option rows[] = {
    WR_INT(settings, work_us, "work-us", "N", "0", 0, 10000000, "Busy time for each page."),
    WR_STRING(settings, crash, "crash", "ID", NULL, "The page whose id ends so is a crash."),
    WR_STRING(settings, hang, "hang", "ID", NULL, "The page whose id ends so takes for ever."),
    WR_STRING(settings, reject, "reject", "ID", NULL, "Pages whose ids end so are rejected."),
    WR_STRING(settings, filter, "filter", "ID", NULL, "Pages whose ids end so are filtered."),
    WR_STRING(settings, fill, "fill", "ID", NULL, "The page whose id ends so fills the arena."),
    WR_OPTIONS_END,
};

static wr_status noop_open(const void *options, void **state) {
    memcpy(state, &options, sizeof options);
    return WR_OK;
}

static bool meant(const wr_page *page, const char *end) {
    return end && wr_str_ends(page->id, wr_str_c(end));
}

static void spin(int64_t us) {
    struct timespec from, now;
    clock_gettime(CLOCK_MONOTONIC, &from);
    do
        clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - from.tv_sec) * 1000000 + (now.tv_nsec - from.tv_nsec) / 1000 < us);
}

static wr_status noop_page(void *state, wr_arena *arena, wr_page *page, wr_str *why) {
    const settings *set = state;
    if (meant(page, set->crash)) raise(SIGSEGV);
    while (meant(page, set->hang))
        pause();
    if (meant(page, set->reject)) {
        *why = WR_STR("told to reject it");
        return WR_UNSUPPORTED;
    }
    if (meant(page, set->filter)) return WR_FILTERED;
    while (meant(page, set->fill))
        if (!wr_arena_take(arena, 4096)) return WR_MEMORY;
    if (set->work_us) spin(set->work_us);
    return WR_OK;
}

int main(int argc, char **argv) {
    if (argc < 2) return 100;
    const wr_stage stage = {.name = argv[1],
                            .summary = "does nothing to pages",
                            .reads = "id",
                            .writes = "nothing, but encodes the page again",
                            .options = rows,
                            .options_size = sizeof(settings),
                            .open = noop_open,
                            .page = noop_page};
    argv[1] = argv[0];
    return wr_stage_main(&stage, argc - 1, argv + 1);
}
