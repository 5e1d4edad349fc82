/* records.h -- files of many records: how each kind is read (rows of the table in ../pages.c)
 *
 * json   JSON Lines, JSON arrays and values one after the other; see json_fields.def for which
 *        members are what. A record without text or markup is bad, so is a line that is no JSON.
 * warc   WARC 1.0 and 1.1 (and WET): a page for each response with status 200 whose payload is HTML
 *        or text, each resource and each conversion. HTTP chunks and gzip, zstd and deflate
 *        encodings are undone. Damaged records are bad; reading goes on at the next header.
 * feed   RSS, Atom and RDF: a page for each item with text or markup in it; items that only point
 *        elsewhere are bad records of status WR_FILTERED that name the address.
 * mail   a message (RFC 5322), an mbox of them, a page saved as MHTML: the first part of markup, else
 *        of text, that is no attachment. */
#ifndef INGEST_RECORDS_H
#define INGEST_RECORDS_H

#include "../pages.h"

extern const ingest_format records_json, records_warc, records_feed, records_mail;

/* Makes a borrowed text valid UTF-8. */
WR_MUSTUSE wr_status records_text(wr_arena *arena, wr_str *text);

#define RECORDS_HINTS_MAX 32 /* further hints are passed over */

/* Adds a fact of the container to page->hints; empty values are left out. */
WR_MUSTUSE wr_status records_hint(wr_arena *arena, wr_page *page, const char *name, wr_str value);

#endif
