/* names_file.h -- the tables of known names of a process: the installed one, the user's own on top
 *
 * The user's file is looked at again while the process runs: a change counts from the next page on.
 * A file that is missing or wrong then is reported and the names read before stay in use. */
#ifndef TAG_NAMES_FILE_H
#define TAG_NAMES_FILE_H

#include "knowledge.h"

#include <sys/stat.h>
#include <time.h>

typedef struct names_file {
    const char *own;  /* path of the user's file, or NULL */
    wr_str installed; /* mapped */
    wr_arena *arena;  /* of the table in use */
    struct knowledge *knowledge;
    struct stat seen; /* the user's file as it was read */
    time_t looked;
    char why[512]; /* what is wrong: "FILE:LINE: ..." */
} names_file;

/* Reads both. WR_NOTFOUND, WR_IO, WR_MALFORMED, WR_MEMORY; `why` says what and where. */
WR_MUSTUSE wr_status names_open(names_file *names, const char *own);

/* Reads the user's file again when it has changed, looking at most once a second; true = there is a
 * new table, or, with *status other than WR_OK, one that is wrong (`why`), told once. */
bool names_changed(names_file *names, wr_status *status);

void names_close(names_file *names);

#endif
