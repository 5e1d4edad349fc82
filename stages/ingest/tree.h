/* tree.h -- a watched directory: which files in it are complete and may be taken
 *
 * Files come from two sides: events (a file was closed after writing or moved in: complete at once)
 * and scans of the whole tree (at the start, when events were lost, from time to time, when a new
 * directory appears). A scan takes a file only when nothing has changed it for the settling time.
 * Either side may name a file the other has named before; who takes it finds out by the claim.
 * Directories whose names begin with a dot are not entered; symbolic links are named, not followed.
 */
#ifndef INGEST_TREE_H
#define INGEST_TREE_H

#include <wireroom/str.h>

#include <sys/stat.h>

typedef struct ingest_tree_config {
    const char *dir;    /* borrowed */
    bool watch;         /* events and later scans; false: one scan, files taken as they stand */
    uint64_t settle_ms; /* how long a file must be unchanged */
    uint64_t rescan_ms; /* time between scans; stretched so that scans take at most 5 % of it */
} ingest_tree_config;

typedef struct ingest_candidate {
    const char *path; /* relative to the directory, valid until the next call */
    struct stat st;   /* as just seen (lstat) */
} ingest_candidate;

typedef struct ingest_tree_counts {
    uint64_t scans, overflows, vanished, unreadable_dirs, long_paths;
} ingest_tree_counts;

typedef struct ingest_tree ingest_tree;

/* NULL without memory. The directory need not exist yet. */
ingest_tree *ingest_tree_open(const ingest_tree_config *config);
void ingest_tree_close(ingest_tree **tree);

/* Looks whether the directory is there, opens it when it has come; true when it is open. */
bool ingest_tree_look(ingest_tree *tree);

/* The next file that may be taken; false when there is none at this moment. Never opens or leaves
 * the directory. */
bool ingest_tree_next(ingest_tree *tree, ingest_candidate *out);

/* True between the first scan's end and the next one's begin: everything there is was named. */
bool ingest_tree_scanned(const ingest_tree *tree);

/* The directory itself, -1 while it is not there; `incarnation` grows when it comes (back). */
int ingest_tree_dir(const ingest_tree *tree);
unsigned ingest_tree_incarnation(const ingest_tree *tree);

/* Becomes readable when there may be something to name; -1 without watching. Another descriptor
 * with each incarnation. */
int ingest_tree_fd(const ingest_tree *tree);

/* The time (wr_now_ms) at which to look and ask for the next file again without an event. */
uint64_t ingest_tree_due(const ingest_tree *tree);

/* Asks for a scan in `ms`: something was named that could not be taken then. */
void ingest_tree_again(ingest_tree *tree, uint64_t ms);

const ingest_tree_counts *ingest_tree_counted(const ingest_tree *tree);

#endif
