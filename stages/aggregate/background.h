/* background.h -- work on what is stored, off the path of the articles: trends, pairs, tidying
 *
 * A thread with a handle of its own. It looks at the store a while after something was committed,
 * at most a tenth of the time, and does what wr_digest says in small transactions, for which the
 * writer of articles leaves it a gap. When nothing has come for three seconds it merges the text
 * indexes and packs days. Killed at any time, it goes on where the store stands. */
#ifndef WR_AGGREGATE_BACKGROUND_H
#define WR_AGGREGATE_BACKGROUND_H

#include <wireroom/status.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct background background;

typedef struct background_options {
    const char *store;           /* file */
    uint64_t pause_ms;           /* between two looks, at least */
    void (*published)(void *to); /* messages may be there */
    void *to;
} background_options;

wr_status background_start(const background_options *options, background **out);
/* After each commit of the writer: there is something to look at. Waits while the thread has a
 * small transaction to write, half a second at most. */
void background_committed(background *b);
/* `look`: one look more, some seconds at most; what is left is done after the next start. */
void background_stop(background **b, bool look);

#endif
