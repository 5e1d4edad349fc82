/* reader.h -- an open file as a run of encoded pages */
#ifndef INGEST_READER_H
#define INGEST_READER_H

#include "pages.h"

typedef struct ingest_reader ingest_reader;

/* Takes memory once, to be used for one file after the other. `limits` is borrowed. */
WR_MUSTUSE wr_status ingest_reader_new(const ingest_limits *limits, ingest_reader **out);
void ingest_reader_free(ingest_reader **reader);

/* Begins to read `fd`, which it closes at the end (also when this fails). `name` is the name the
 * pages carry, made to text; `place` where to go on. The status as ingest_pages_open, *why as
 * there. */
WR_MUSTUSE wr_status ingest_reader_open(ingest_reader *reader, int fd, wr_str name,
                                        ingest_place place, wr_str *why);
void ingest_reader_close(ingest_reader *reader);
bool ingest_reader_is_open(const ingest_reader *reader);

/* The next page: *page (valid until the next call), and its message in `payload`, which is emptied
 * first. *found, *why and the status as ingest_pages_next. */
WR_MUSTUSE wr_status ingest_reader_next(ingest_reader *reader, wr_page *page, wr_buf *payload,
                                        ingest_found *found, wr_str *why);
/* What the next page is stamped with (schema.def). */
void ingest_reader_stamp(ingest_reader *reader, uint64_t submitted, uint64_t completed);
ingest_place ingest_reader_place(const ingest_reader *reader);

#endif
