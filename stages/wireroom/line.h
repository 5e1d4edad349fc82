/* line.h -- inside of the supervisor: its children, its phase, who waits for an order's outcome */
#ifndef WIREROOM_LINE_H
#define WIREROOM_LINE_H

#include "child.h"
#include "supervise.h"

#include <wireroom/transport.h>

#define LINE_CHILDREN 512
#define LINE_CLIENTS  16
#define LINE_SOURCE   (-1) /* child.stage of ingest */
#define LINE_HUB      (-2)

typedef enum phase {
    PHASE_RUNNING,
    PHASE_SOURCES, /* ingest finishes what is under way */
    PHASE_STAGES,  /* the stages finish what they hold */
    PHASE_HUB,
    PHASE_OVER
} phase;

typedef struct client {
    int fd; /* -1 = free */
    char text[256];
    size_t len;
    enum { CLIENT_READING, CLIENT_SCALE, CLIENT_RESTART, CLIENT_DRAIN } waits;
    int stage;
    uint64_t since; /* wr_now_ms of the order */
    size_t target;
} client;

typedef struct line {
    const plan *plan;
    char *const *dirs;
    size_t n_dirs;
    const char *address, *dir; /* of the line; dir: where the sockets are */
    const supervise_hooks *hooks;
    progress progress;
    child children[LINE_CHILDREN];
    size_t n_children;
    phase phase;
    bool hub_up;
    int exit_code;
    int signals, listen, report;
    wr_buf report_text;
    client clients[LINE_CLIENTS];
    wr_control *control;
    uint64_t asked, began;
} line;

/* ---- plan.c: what is started and how ---- */

/* Adds the hub, ingest and the stages' workers, none started yet. */
void line_plan(line *l);
/* A worker more of the stage, in the lowest free slot; NULL when there are too many. */
child *line_add_worker(line *l, int stage);
/* Starts the child now. */
void line_start(line *l, child *c);
const char *line_stage_name(const line *l, int stage);
/* The index of a stage, LINE_SOURCE for "ingest", LINE_HUB for "hub"; false when there is none. */
bool line_find_stage(const line *l, wr_str name, int *stage);
/* True for a stage of which only one worker can run (it holds the store). */
bool line_is_sole(const line *l, int stage);
/* True when a successor may be started beside the worker that runs: all stages, and what holds the
 * store when it is ours and so knows how to hand it over. */
bool line_hands_over(const line *l, int stage);

/* ---- orders.c: the control socket ---- */

wr_status orders_open(line *l, const char *dir);
void orders_close(line *l);
void orders_accept(line *l);
void orders_read(line *l, client *c);
/* Answers those whose order is carried out (or, with `over`, all). */
void orders_answer(line *l, bool over);

/* ---- supervise.c ---- */

/* Tells the line to end: sources first, then stages, then the hub. */
void line_end(line *l, int exit_code);

#endif
