/* stage_run.h -- a stage at work: what line mode and filter mode share */
#ifndef WR_STAGE_RUN_H
#define WR_STAGE_RUN_H

#include <wireroom/stage.h>

#include <stdio.h>

typedef struct wr_stage_settings {
    const char *line, *key, *hub_key, *slot, *in, *out, *data_dir, *log_level;
    int64_t credit, commit_pages;
    uint64_t lease, lost_after, drain_time, commit_time, arena_limit;
} wr_stage_settings;

typedef struct wr_stage_run {
    const wr_stage *stage;
    const wr_stage_settings *set;
    void *state;
    wr_arena *arena;
    wr_buf output; /* the last page's msgpack form */
    uint64_t pages, failed, bytes_in, bytes_out, peak_arena, work_us;
} wr_stage_run;

/* Decodes, works, encodes. WR_OK: *output is the page to send on (ptr NULL = as it came). Else *why
 * says what was found, in the run's arena or static. */
WR_MUSTUSE wr_status wr_stage_page(wr_stage_run *run, wr_str payload, wr_str *output, wr_str *why);

/* Both give the exit code. */
int wr_stage_line(wr_stage_run *run);
int wr_stage_filter(wr_stage_run *run);

/* 100 for what trying again cannot help, else 111. */
int wr_exit_code(wr_status status);

#endif
