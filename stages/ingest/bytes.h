/* bytes.h -- a run of bytes read once, from its begin to its end, however long
 *
 * The bottom of every reader: a file, what a decompressor makes of another run, a member of an
 * archive. A core sees this interface only, so it reads files of any size in bounded memory and
 * never touches a descriptor itself. */
#ifndef INGEST_BYTES_H
#define INGEST_BYTES_H

#include <wireroom/arena.h>

/* A point from which a decompressed run can be read anew: where a member begins, in the run below
 * and in what it gives. 0,0 = the begin. */
typedef struct ingest_mark {
    uint64_t packed, unpacked;
} ingest_mark;

typedef struct ingest_bytes ingest_bytes;
struct ingest_bytes {
    /* Puts 1..cap bytes at `to`, *len of them; *len = 0 is the end. After a status other than WR_OK
     * the run gives nothing more; *why (static or in the arena of whoever made the run) says what
     * was found. */
    wr_status (*read)(ingest_bytes *self, char *to, size_t cap, size_t *len, wr_str *why);

    /* The same without a copy: 1.. bytes in the run's own memory, valid until the next call for the
     * run; *len = 0 with WR_UNSUPPORTED: read them. NULL in runs that have none. */
    wr_status (*borrow)(ingest_bytes *self, const char **bytes, size_t *len, wr_str *why);

    /* Goes to byte `at` from the begin without reading what lies between, or is NULL. */
    wr_status (*seek)(ingest_bytes *self, uint64_t at);

    uint64_t taken; /* bytes given so far */
    uint64_t size;  /* bytes of the whole run where that is known, else 0 */

    /* The last such point at or before byte `at`, false when none is known; and going there, which
     * sets `taken`. NULL in runs without such points. */
    bool (*mark)(const ingest_bytes *self, uint64_t at, ingest_mark *out);
    wr_status (*go)(ingest_bytes *self, ingest_mark mark);

    /* After WR_MALFORMED: goes on at the next place that looks like the begin of a member.
     * WR_NOTFOUND when there is none. NULL where that cannot be. */
    wr_status (*recover)(ingest_bytes *self);

    /* Frees what a library holds for the run and those below it; NULL = nothing. */
    void (*close)(ingest_bytes *self);
};

/* Where members began, the latest ones at some distance from each other. */
#define INGEST_MARKS 256u
typedef struct ingest_marks {
    ingest_mark at[INGEST_MARKS];
    size_t n; /* ever added */
} ingest_marks;
void ingest_marks_add(ingest_marks *marks, ingest_mark mark);
bool ingest_marks_find(const ingest_marks *marks, uint64_t unpacked, ingest_mark *out);

/* A run over bytes in memory; `run` is filled in and must outlive its use. */
typedef struct ingest_memory {
    ingest_bytes bytes;
    wr_str all;
} ingest_memory;
ingest_bytes *ingest_memory_open(ingest_memory *run, wr_str all);

/* A window on a run that slides forward: look at bytes before taking them. Holds at most `limit`
 * bytes; its buffer grows in the arena of the file only as far as a look asks for. */
typedef struct ingest_input {
    ingest_bytes *from;
    wr_arena *arena;
    char *buffer;
    const char *lent; /* what is looked at when it is the run's own memory, else NULL */
    size_t start, len, cap, limit;
    uint64_t offset; /* of the first byte that is not taken, from the begin of the run */
    bool ended;      /* the run gave its last byte to the window */
    wr_status status;
    wr_str why;
} ingest_input;

/* A window on `from` with `limit` bytes at most (0 counts as 1). */
void ingest_input_open(ingest_input *in, wr_arena *arena, ingest_bytes *from, size_t limit);

/* Sees to it that `want` bytes can be looked at, or all that are left. WR_LIMIT when `want` is more
 * than the window may hold, WR_MEMORY, or the run's status. */
WR_MUSTUSE wr_status ingest_input_fill(ingest_input *in, size_t want);

/* What can be looked at now; valid until the next fill or take. */
wr_str ingest_input_view(const ingest_input *in);

/* Takes `n` bytes of the view. */
void ingest_input_take(ingest_input *in, size_t n);

/* Takes `n` bytes whether they are in the view or not; *skipped says how many there were. */
WR_MUSTUSE wr_status ingest_input_skip(ingest_input *in, uint64_t n, uint64_t *skipped);

/* Goes to byte `at`, or to a mark, of a run that can; what was looked at is forgotten. */
WR_MUSTUSE wr_status ingest_input_seek(ingest_input *in, uint64_t at);
WR_MUSTUSE wr_status ingest_input_go(ingest_input *in, ingest_mark mark);

/* After WR_MALFORMED from the run: forgets what was looked at and goes on behind the damage. */
WR_MUSTUSE wr_status ingest_input_recover(ingest_input *in);

#endif
