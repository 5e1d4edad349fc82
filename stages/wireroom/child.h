/* child.h -- one process of the line: started, watched, started again
 *
 *   idle --start--> up --exit--> resting --pause over--> up
 *                    \--stop--> ending --exit--> idle
 * A child dies with its supervisor (SIGKILL), whatever kills that one. The pause before a restart
 * doubles with each exit that comes soon after the start, from 20 ms to 5 s. */
#ifndef WIREROOM_CHILD_H
#define WIREROOM_CHILD_H

#include <wireroom/arena.h>

#include <sys/types.h>

typedef enum child_state { CHILD_IDLE, CHILD_UP, CHILD_ENDING, CHILD_RESTING } child_state;

typedef struct child {
    const char *name; /* "hub", "ingest" or the stage's, borrowed */
    unsigned slot;    /* of a stage, from 0 */
    int stage;        /* index in the chain, -1 = none */
    child_state state;
    pid_t pid;
    bool worked;      /* it once ran longer than a failed start takes */
    bool wanted;      /* to be started again when it ends */
    bool joined;      /* the hub knows its worker */
    int replaces;     /* index of the child that ends when this one has joined, -1 = none */
    bool takes_over;  /* what its predecessor holds alone (the store) */
    uint64_t gave_up; /* when it was found that this successor cannot be started; 0 = it was not */
    unsigned restarts;
    uint64_t started, due, pause_ms, kill_at; /* wr_now_ms */
    int exit_code;                            /* of the last exit; 128 + signal */
} child;

/* Starts argv (found beside this program first, then in PATH) with standard output to `out`
 * (-1: standard error). `env` holds NAME=VALUE texts added to the environment, ended by NULL.
 * WR_IO. */
WR_MUSTUSE wr_status child_start(child *c, char *const *argv, char *const *env, int out);

/* Tells it to finish; it is killed `grace_ms` later. Does nothing unless it is up. */
void child_stop(child *c, uint64_t grace_ms);

/* The process has ended with this wait status. */
void child_ended(child *c, int wait_status);

#endif
