/* stage_main.c -- the life of a stage's process: options, state, one of two modes, exit code */
#include "common/stage_run.h"

#include <wireroom/data.h>
#include <wireroom/log.h>
#include <wireroom/transport.h>

#include <signal.h>
#include <stdlib.h>
#include <time.h>

#define MS_MAX 86400000

static const wr_option rows[] = {
    WR_STRING(wr_stage_settings, line, "line", "ADDRESS", NULL,
              "The line to join: ipc://DIR or tcp://HOST:PORT."),
    WR_PATH(wr_stage_settings, key, "key", "FILE", NULL,
            "This machine's pair of keys, from `wireroom keygen`, to join a line over TCP."),
    WR_PATH(wr_stage_settings, hub_key, "hub-key", "FILE", NULL, "The hub's public key, for that."),
    WR_STRING(wr_stage_settings, slot, "slot", "NAME", NULL,
              "This worker's place in the stage; a new worker of the same name takes over. "
              "Default: its process id."),
    WR_INT(wr_stage_settings, credit, "credit", "N", "0", 0, 65536,
           "Pages held at a time; 0 = 16, or twice --commit-pages."),
    WR_DURATION(wr_stage_settings, lease, "lease", "TIME", "60s", 10, MS_MAX,
                "A page that takes longer is hung: the process ends and the page is tried again."),
    WR_DURATION(wr_stage_settings, lost_after, "lost-after", "TIME", "60s", 0, MS_MAX,
                "Exit 111 when the line is not there for so long; 0 = never."),
    WR_DURATION(wr_stage_settings, drain_time, "drain-time", "TIME", "30s", 0, MS_MAX,
                "After SIGTERM pages in hand are finished; after this time they are given back."),
    WR_INT(wr_stage_settings, commit_pages, "commit-pages", "N", "256", 1, 32768,
           "For a stage that stores: pages made durable at once, at most."),
    WR_DURATION(wr_stage_settings, commit_time, "commit-time", "TIME", "100ms", 0, 60000,
                "For a stage that stores: how long a page may wait while others keep coming."),
    WR_SIZE(wr_stage_settings, arena_limit, "arena-limit", "SIZE", "256M", 4096, (int64_t)1 << 40,
            "Memory one page may need; a page that needs more is rejected."),
    WR_PATH(wr_stage_settings, in, "in", "FILE", NULL,
            "Works as a filter, without a line: pages as msgpack one after the other, - = standard "
            "input."),
    WR_PATH(wr_stage_settings, out, "out", "FILE", NULL,
            "Where the filter writes, - = standard output."),
    WR_PATH(wr_stage_settings, data_dir, "data-dir", "DIR", NULL,
            "Where models and tables are, if not installed."),
    WR_STRING(wr_stage_settings, log_level, "log-level", "LEVEL", "info",
              "error, warn, info or debug."),
    WR_OPTIONS_END,
};

int wr_exit_code(wr_status status) {
    switch (status) {
    case WR_OK: return 0;
    case WR_USAGE:
    case WR_VERSION:
    case WR_NOTFOUND:
    case WR_DENIED:
    case WR_MALFORMED:
    case WR_TRUNCATED: return 100;
    default: return 111;
    }
}

/* ---- one page ---- */

static uint64_t clock_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static wr_status work(wr_stage_run *run, wr_str payload, wr_str *output, wr_str *why) {
    wr_page page;
    wr_wire_error error = {0, NULL};
    wr_status status = wr_page_decode(run->arena, payload, &page, &error);
    if (status != WR_OK) {
        if (error.why &&
            wr_arena_printf(run->arena, why, "message byte %zu: %s", error.at, error.why) != WR_OK)
            *why = wr_str_c(error.why);
        return status;
    }
    WR_TRY(run->stage->page(run->state, run->arena, &page, why));
    *output = (wr_str){0};
    if (!run->stage->writes) return WR_OK;
    wr_buf_clear(&run->output);
    status = wr_page_encode(&page, &run->output);
    if (status == WR_LIMIT) *why = WR_STR("the page became larger than a message may be");
    *output = wr_buf_str(&run->output);
    return status;
}

wr_status wr_stage_page(wr_stage_run *run, wr_str payload, wr_str *output, wr_str *why) {
    uint64_t from = clock_us();
    *why = (wr_str){0};
    wr_arena_reset(run->arena);
    wr_status status = work(run, payload, output, why);
    size_t used = wr_arena_used(run->arena);
    if (used > run->peak_arena) run->peak_arena = used;
    if (status == WR_MEMORY && why->len == 0) *why = WR_STR("over the arena limit of one page");
    run->pages++;
    run->failed += wr_status_verdict(status) != WR_VERDICT_PASS;
    run->bytes_in += payload.len;
    if (status == WR_OK) run->bytes_out += output->len;
    run->work_us += clock_us() - from;
    return status;
}

/* ---- life ---- */

static wr_status open_run(wr_stage_run *run, const void *options) {
    run->output.limit = WR_PAYLOAD_MAX;
    WR_TRY(wr_arena_new("page", run->set->arena_limit, &run->arena));
    return run->stage->open ? run->stage->open(options, &run->state) : WR_OK;
}

static int run_stage(wr_stage_run *run, const void *options) {
    wr_status status = open_run(run, options);
    int code = wr_exit_code(status);
    if (status != WR_OK)
        wr_log(WR_LOG_ERROR, status, "start", "%s: %s", run->stage->name, wr_status_text(status));
    else code = run->set->in || run->set->out ? wr_stage_filter(run) : wr_stage_line(run);
    if (status == WR_OK && run->stage->close) run->stage->close(run->state);
    wr_buf_free(&run->output);
    if (run->arena) wr_arena_free(&run->arena);
    return code;
}

static int with_options(const wr_stage *stage, void *own, int argc, char **argv) {
    static char prog[WR_ID_MAX + 16];
    char example[320];
    wr_stage_settings set = {0};
    const wr_option_group groups[] = {{"Options", stage->options, own}, {"Line", rows, &set}};
    snprintf(prog, sizeof prog, "wireroom-%s", stage->name);
    snprintf(example, sizeof example,
             "%s --slot 0                         joins the line\n"
             "%s --in pages.mp --out -            works as a filter",
             prog, prog);
    const wr_program program = {prog, stage->summary, example, NULL, NULL};
    wr_log_level level = WR_LOG_INFO;
    int code = wr_options_read(&program, groups, 2, argc, argv, NULL);
    if (code >= 0) return code;
    if (!wr_log_level_of(set.log_level, &level)) {
        fprintf(stderr, "%s: --log-level: error, warn, info or debug\n", prog);
        return 100;
    }
    wr_log_open(prog, level);
    if (set.line)
        setenv("WIREROOM_LINE", set.line, 1); /* wr_line_default in the stage's own code */
    if (set.key) setenv("WIREROOM_KEY", set.key, 1);
    if (set.hub_key) setenv("WIREROOM_HUB_KEY", set.hub_key, 1);
    if (set.data_dir) setenv("WIREROOM_DATA_DIR", set.data_dir, 1);
    signal(SIGPIPE, SIG_IGN);
    wr_stage_run run = {.stage = stage, .set = &set};
    code = run_stage(&run, own);
    wr_options_free(groups, 2);
    return code;
}

int wr_stage_main(const wr_stage *stage, int argc, char **argv) {
    void *own = calloc(1, stage->options_size ? stage->options_size : 1);
    if (!own) return 111;
    int code = with_options(stage, own, argc, argv);
    free(own);
    return code;
}
