/* claim.h -- taking a file, and what becomes of it
 *
 *   DIR/x --take--> work --finish--> done    (move)
 *                                    nothing (delete)
 *                                    failed, with x.reason beside it
 * References found in x are listed in x.references beside it.
 * work, done and failed are directories below DIR/.wireroom.
 * All renames stay on one file system, so each is atomic: a file is in exactly one place, also
 * after a kill. Files of subdirectories keep their path. A name that is taken in done/ or failed/
 * gets the time as suffix. With `keep` nothing is renamed or written: the file is opened where it
 * is. */
#ifndef INGEST_CLAIM_H
#define INGEST_CLAIM_H

#include <wireroom/buf.h>

#include "ledger.h"
#include "seen.h"

typedef enum ingest_finish { INGEST_MOVE, INGEST_KEEP, INGEST_DELETE } ingest_finish;

typedef struct ingest_claims {
    int root, work, done, failed, places, lock; /* directories and the lock, -1 = not open */
    ingest_finish finish;
} ingest_claims;

/* Makes and opens the directories below `root` (borrowed; not used when the mode is keep) and takes
 * the lock DIR/.wireroom/lock. WR_LOCKED: another process watches the directory; WR_DENIED: it
 * cannot be written; WR_DISKFULL; WR_IO. */
WR_MUSTUSE wr_status ingest_claims_open(ingest_claims *claims, int root, ingest_finish finish);
void ingest_claims_close(ingest_claims *claims);

/* Takes the file `path` of the root. WR_NOTFOUND: it is not there any more (someone else took it);
 * WR_AGAIN: a file of that name is still being worked on; WR_DENIED, WR_DISKFULL, WR_IO: it cannot
 * be moved and stays where it is. */
WR_MUSTUSE wr_status ingest_take(const ingest_claims *claims, const char *path);

/* Opens a file that was taken (or, with keep, that stands in the root). Besides the above:
 * WR_EMPTY, WR_UNSUPPORTED (no regular file: *why says what), WR_DENIED. */
WR_MUSTUSE wr_status ingest_open(const ingest_claims *claims, const char *path, int *fd,
                                 const char **why);

/* A record of the file only points elsewhere: adds a line to NAME.references, which ingest_put
 * moves beside the file (to done/ when the file is deleted). `first` begins the list anew. Nothing
 * with keep. */
void ingest_reference_add(const ingest_claims *claims, const char *path, wr_str line, bool first);

/* The file is finished: moves or deletes it. `reasons` (may be empty) are written beside it as
 * NAME.reason; with `failed` it goes to failed/. WR_NOTFOUND when it vanished meanwhile. */
WR_MUSTUSE wr_status ingest_put(const ingest_claims *claims, const char *path, bool failed,
                                wr_str reasons);

/* How far a file of many records is done, in .wireroom/places: only saves work after a restart. The
 * reasons are the text that will stand in NAME.reason. */
typedef struct ingest_progress {
    ingest_key key; /* of the file: another one of that name begins anew */
    ingest_place place;
    ingest_tally tally;
    wr_status status; /* of the first failure */
} ingest_progress;

void ingest_progress_save(const ingest_claims *claims, const char *path,
                          const ingest_progress *progress, wr_str reasons);
/* All zero when there is none for that key; the reasons are appended. */
ingest_progress ingest_progress_load(const ingest_claims *claims, const char *path, ingest_key key,
                                     wr_buf *reasons);
void ingest_progress_drop(const ingest_claims *claims, const char *path);

/* With `keep` nothing is written in the watched directory: progress goes to a directory of its own,
 * made when it is not there. */
WR_MUSTUSE wr_status ingest_claims_keep_places(ingest_claims *claims, const char *dir);

#endif
