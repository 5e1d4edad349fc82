/* pages.h -- what is one page: a dropped file read as a run of pages
 *
 * The one place that knows kinds of files. A file may hold one page (text, HTML) or millions of
 * records; it is read as a stream, one page at a time, in memory that does not grow with it.
 *
 * A new kind of file is one row in the table of pages.c: how it is recognised and an ingest_format.
 * Compressions are peeled off before a format sees the bytes; an archive's members are read as
 * files of their own; in any nesting up to limits.depth. */
#ifndef INGEST_PAGES_H
#define INGEST_PAGES_H

#include "bytes.h"
#include "sniff.h"

#include <wireroom/page.h>

typedef struct ingest_limits {
    size_t page_bytes;   /* a page (record) larger than this is refused */
    uint64_t file_bytes; /* decompressed bytes of one file */
    unsigned ratio;      /* decompressed to compressed bytes */
    unsigned depth;      /* compressions or archives inside each other */
    uint64_t entries;    /* members of one archive */
} ingest_limits;

#define INGEST_LIMITS_DEFAULT                                                                      \
    { (size_t)8 << 20, (uint64_t)1 << 40, 1000, 4, 1000000 }

/* What the arena of a file has to hold: the window on its bytes with the smaller ones it grew from,
 * and per layer of compression a window and a decompressor. */
#define INGEST_FILE_ARENA(limits)                                                                  \
    (3 * (limits)->page_bytes + ((size_t)8 << 20) * (1 + (limits)->depth))

/* What ingest_pages_next found. */
typedef enum ingest_found {
    INGEST_FOUND_PAGE, /* a page */
    INGEST_FOUND_BAD,  /* a record that gives no page; the next one may */
    INGEST_FOUND_END   /* no more */
} ingest_found;

/* A place between two records, to go on from after a restart. */
typedef struct ingest_place {
    uint64_t record;  /* ordinal of the next record */
    uint64_t offset;  /* its first byte in the decompressed file */
    ingest_mark mark; /* in a compressed file: from where that byte can be had again */
} ingest_place;

typedef struct ingest_pages ingest_pages;

/* How one kind of file is read. */
typedef struct ingest_format {
    const char *name;

    /* Finds the next record at the window `in` and fills `page`: raw (borrowed from the window, or
     * in `arena`), offset, and what the container says: kind, url, fetched, content_type, charset,
     * feed, hints; an archive also file, the member's name. Without a kind the page's bytes are
     * sniffed. *found says what it was; for a bad record the status says why and *why in words. A
     * status with *found = INGEST_FOUND_END: the rest of the file cannot be read. `state` starts as
     * NULL and is the format's own, in the arena of the file (in->arena). The window holds at most
     * page_bytes + 64 KiB. */
    wr_status (*next)(ingest_input *in, void **state, const ingest_limits *limits, wr_arena *arena,
                      wr_page *page, ingest_found *found, wr_str *why);

    /* Frees what the state holds outside the arena; NULL = nothing. Called when there is a state.
     */
    void (*close)(void *state);

    /* Records stand alone: reading may start at any place next() stopped at. If not, a file that
     * was interrupted is read from its begin, and the records before the place are passed over. */
    bool resumable;
} ingest_format;

/* Looks at the first bytes of a file and picks its reader. `arena` is the file's: it must outlive
 * the reader and holds its buffers. Borrows `file` and `limits` (which must outlive it too). An
 * empty run is WR_EMPTY; a kind that is not read WR_UNSUPPORTED or WR_BINARY, *why names it. */
WR_MUSTUSE wr_status ingest_pages_open(wr_arena *arena, ingest_bytes *file,
                                       const ingest_limits *limits, ingest_pages **out,
                                       wr_str *why);

/* Frees what libraries hold for the file; *pages becomes NULL. Before the reset of its arena. */
void ingest_pages_close(ingest_pages **pages);

/* Goes on at a place an earlier reader of the same file stood at. When the format cannot, it stays
 * at the begin; WR_OK either way. */
WR_MUSTUSE wr_status ingest_pages_resume(ingest_pages *pages, ingest_place place, wr_str *why);

/* The next page, with its id, size, record and offset; its bytes and texts are valid until the next
 * call or the reset of `arena` (the page's). *found and the status as in ingest_format.next. */
WR_MUSTUSE wr_status ingest_pages_next(ingest_pages *pages, wr_arena *arena, wr_page *page,
                                       ingest_found *found, wr_str *why);

/* Where the next record begins, after any call of ingest_pages_next. */
ingest_place ingest_pages_place(const ingest_pages *pages);

/* The name of the format: "text", "html", ... */
const char *ingest_pages_format(const ingest_pages *pages);

/* Sets page->id and page->size from page->raw: 32 hex digits of XXH3-128. */
WR_MUSTUSE wr_status ingest_page_identify(wr_arena *arena, wr_page *page);

#endif
