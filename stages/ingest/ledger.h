/* ledger.h -- which files and pages are under way: the memory of a source, without any I/O
 *
 * A file is begun, its pages are added, it is ended when its last record was read; it is finished
 * when every page's journey has ended. A page is waiting, then sent; the line may restart, and then
 * what was sent waits again. Room is bounded in pages and in bytes.
 *
 *   page:  waiting --next_waiting, sent--> sent --page_end--> (free)
 *             ^-------- restarted, page_again ----'
 *   file:  begun --file_end--> read --last page_end--> finished --file_free--> (free) */
#ifndef INGEST_LEDGER_H
#define INGEST_LEDGER_H

#include "pages.h"

typedef struct ingest_tally {
    uint64_t pages;      /* journeys that ended */
    uint64_t passed;     /* ... at the end of the line */
    uint64_t dropped;    /* ... as filtered or duplicate */
    uint64_t rejected;   /* ... as failed; bad records count here, too */
    uint64_t references; /* of the dropped: records that only point to a page elsewhere */
} ingest_tally;

typedef struct ingest_file {
    void *owner; /* the caller's */
    ingest_tally tally;
    ingest_place place;   /* next record to be read */
    uint64_t passed_over; /* records before this one were done in an earlier life */
    bool read;            /* no more pages will be added */
    size_t open;          /* pages under way */
    wr_buf reasons;       /* one line for each of the first failures */
    wr_status status;     /* of the first failure, WR_OK = none */
    bool used;
} ingest_file;

typedef struct ingest_slot {
    ingest_file *file;
    ingest_place place; /* of the page itself */
    wr_buf payload;
    char id[33];
    enum { INGEST_FREE, INGEST_WAITING, INGEST_SENT } state;
    size_t next; /* ref of the next one in its list, 0 = last */
    uint64_t submitted;
} ingest_slot;

typedef struct ingest_ledger {
    ingest_slot *slots; /* the page's ref is its index + 1 */
    ingest_file *files;
    size_t window, n_slots, n_files, bytes, bytes_max;
    size_t first_free, first_waiting, last_waiting; /* refs, 0 = none */
    ingest_tally total;
    uint64_t submitted; /* of the page added last */
} ingest_ledger;

/* Room for `window` pages (>= 1) of `bytes_max` bytes together; a single larger page is allowed
 * when it is alone. */
WR_MUSTUSE wr_status ingest_ledger_open(ingest_ledger *ledger, wr_arena *arena, size_t window,
                                        size_t bytes_max);
void ingest_ledger_close(ingest_ledger *ledger); /* frees the payloads */

/* True when another page may be added, and when another file may be begun. */
bool ingest_ledger_room(const ingest_ledger *ledger);

/* A new file of `owner`, or NULL when no more may be under way. */
ingest_file *ingest_file_begin(ingest_ledger *ledger, void *owner);

/* The page's place in the order of all: `submitted` grows with each call, from now_us on, and is
 * that of the next page added; below `completed` no page is under way. */
void ingest_page_stamp(ingest_ledger *ledger, uint64_t now_us, uint64_t *submitted,
                       uint64_t *completed);

/* Adds a page of the file that waits to be sent: the payload's bytes are moved out of `payload`,
 * which is left empty. WR_LIMIT without room. */
WR_MUSTUSE wr_status ingest_page_add(ingest_ledger *ledger, ingest_file *file, ingest_place place,
                                     wr_str id, wr_buf *payload);

/* A record or file that gave no page counts as rejected, its reason is noted. WR_FILTERED, a record
 * that only points elsewhere, counts as dropped and is a reference: the caller lists it. */
void ingest_file_bad(ingest_ledger *ledger, ingest_file *file, uint64_t record, wr_status status,
                     wr_str why);

void ingest_file_end(ingest_file *file);

/* The page that waits longest, its ref in *ref; NULL when none waits. */
ingest_slot *ingest_next_waiting(ingest_ledger *ledger, uint64_t *ref);
void ingest_page_sent(ingest_ledger *ledger, uint64_t ref);

/* The page must be sent again; all that were sent must. A page that was not sent is left alone. */
void ingest_page_again(ingest_ledger *ledger, uint64_t ref);
void ingest_restarted(ingest_ledger *ledger);

/* The page's journey has ended. Returns its file (finished or not), NULL for a ref of no page. */
ingest_file *ingest_page_end(ingest_ledger *ledger, uint64_t ref, wr_verdict verdict, wr_str status,
                             wr_str stage, wr_str text);

bool ingest_file_finished(const ingest_file *file);
void ingest_file_free(ingest_ledger *ledger, ingest_file *file);

/* Where reading would have to begin again if the process ended now: the first record that is not
 * completed. */
ingest_place ingest_file_place(const ingest_ledger *ledger, const ingest_file *file);

#endif
