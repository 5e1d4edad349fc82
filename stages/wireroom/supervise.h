/* supervise.h -- the processes of a line, kept alive; orders from other `wireroom` commands
 *
 * The supervisor holds no page and no file: it may be killed at any time. Its children die with it,
 * and the next run goes on where the files and the store stand. */
#ifndef WIREROOM_SUPERVISE_H
#define WIREROOM_SUPERVISE_H

#include "settings.h"

/* What ingest reported last (see stages/ingest/report.h). */
typedef struct progress {
    uint64_t files, failed, refused, pages, passed, dropped, rejected, open;
    bool ended;
} progress;

typedef struct supervise_hooks {
    void *ctx;
    /* A line of ingest's report that is no progress: a file that failed. */
    void (*failed)(void *ctx, wr_str line);
    void (*progressed)(void *ctx, const progress *now);
} supervise_hooks;

/* Runs the plan until told to end (or, with set.once, until ingest has ended). `dirs` are what
 * ingest reads; `line_dir` is where the control socket stands. Returns the exit code. */
int supervise(const plan *p, char *const *dirs, size_t n_dirs, const char *line_dir,
              const supervise_hooks *hooks, progress *out);

/* Gives the supervisor of the line an order ("scale tag 4", "restart tag", "drain", "list") and
 * waits for the outcome, which is put in `reply`. WR_NOTFOUND: none runs there; else the order's
 * status. */
WR_MUSTUSE wr_status supervise_order(const char *line, const char *order, int timeout_ms,
                                     wr_buf *reply);

/* The directory a line's sockets stand in ("ipc:///run/x" is /run/x); NULL for other addresses. */
const char *supervise_line_dir(const char *line);

#endif
