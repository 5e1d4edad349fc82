/* stage.h -- what an executable of the line is: a table of options and a function over pages
 *
 * A stage's core is pure: bytes in, result out, memory from the arena, no I/O, no clock. main.c
 * holds one wr_stage and calls wr_stage_main, which does the rest: options, logging, signals,
 * transport, drain, metrics, exit codes, and `--in - --out -` to run as a filter over a stream of
 * messages. */
#ifndef WIREROOM_STAGE_H
#define WIREROOM_STAGE_H

#include <wireroom/option.h>
#include <wireroom/page.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct wr_stage {
    const char *name;    /* "tag": the stage's name in configuration, metrics and dead letters */
    const char *summary; /* one line for --help and the manual page */
    const char *reads, *writes; /* what of the page it needs and what it adds, for people */
    const wr_option *options;   /* its own options, ended by a row without a name; or NULL */
    size_t options_size;        /* size of the struct the options fill, zeroed first */

    /* Loads what lives as long as the process. `options` is the filled struct. May be NULL. */
    wr_status (*open)(const void *options, void **state);

    /* Takes what a predecessor still holds. Called again and again, from when the process joins the
     * line, until WR_OK; no page is worked on before. A status of verdict retry = not yet; never
     * waits. NULL for a stage that holds nothing. */
    wr_status (*begin)(void *state);

    /* Works on one page in place; all memory from `arena`, which is reset after the page is sent.
     * WR_OK: on to the next stage. Any other status: its verdict decides (see status.def);
     * *why may be set to a text (in the arena or static) that says what was found and where. */
    wr_status (*page)(void *state, wr_arena *arena, wr_page *page, wr_str *why);

    /* Makes the pages since the last commit durable: none of them is acknowledged before this
     * returns WR_OK. NULL for stages without a state of their own. */
    wr_status (*commit)(void *state);

    /* Called about five times a second while nothing is in hand and no page comes. May be NULL. */
    wr_status (*idle)(void *state);

    void (*close)(void *state);
} wr_stage;

/* The whole life of a stage process. Returns the exit code: 0, 100 (usage, permanent) or 111
 * (temporary: try again). */
WR_API int wr_stage_main(const wr_stage *stage, int argc, char **argv);

#ifdef __cplusplus
}
#endif
#endif
