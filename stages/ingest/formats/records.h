/* records.h -- files of many records: how each kind is read (rows of the table in ../pages.c)
 *
 * json   JSON Lines, JSON arrays, values one after the other, a list inside one object; see
 * json_fields.def for which members are what. A record without text or markup is bad, or a
 * reference when it has an address and a title; a line that is no JSON is bad. warc   WARC 1.0
 * and 1.1 (and WET): a page for each response with status 200 whose payload is HTML or text, each
 * resource and each conversion. HTTP chunks and gzip, brotli, zstd and deflate encodings are
 * undone. Damaged records are bad; reading goes on at the next header. feed   RSS, Atom and RDF: a
 * page for each item with text or markup in it; items that only point elsewhere are bad records of
 * status WR_FILTERED that name the address. sitemap  addresses of a sitemap, a news sitemap or an
 * index: all of them references, no pages. nitf, newsml  a page for each NITF document and each
 * item of NewsML-G2 (or NewsML 1): headline, byline, dateline and body as markup, dates and the
 * like as hints. zip, tar, 7z  each member as a file of its own; its name is the page's file.
 * Members that cannot be read are bad records. epub   a page for each document of the spine; the
 * book's title is the page's feed. docx   a document of Office Open XML as one page of markup. mail
 * a message (RFC 5322), an mbox of them, a page saved as MHTML: the first part of markup, else of
 * text, that is no attachment. */
#ifndef INGEST_RECORDS_H
#define INGEST_RECORDS_H

#include "../pages.h"

extern const ingest_format records_json, records_warc, records_feed, records_mail, records_sitemap,
    records_nitf, records_newsml, records_zip, records_tar, records_7z, records_epub, records_docx;

/* Makes a borrowed text valid UTF-8. */
WR_MUSTUSE wr_status records_text(wr_arena *arena, wr_str *text);

/* A record that only points elsewhere: WR_FILTERED, *why names the address (and the title). */
WR_MUSTUSE wr_status records_reference(wr_arena *arena, const wr_page *page, wr_str title,
                                       wr_str *why);

#define RECORDS_HINTS_MAX 32 /* further hints are passed over */

/* Adds a fact of the container to page->hints; empty values are left out. */
WR_MUSTUSE wr_status records_hint(wr_arena *arena, wr_page *page, const char *name, wr_str value);

/* The first such fact, empty when there is none. */
wr_str records_hint_of(const wr_page *page, const char *name);

/* 20260311T101500Z, 20260311101500 and 20260311 as ISO 8601 writes them, seconds (or milliseconds)
 * since 1970 likewise; other forms stay. */
WR_MUSTUSE wr_status records_date(wr_arena *arena, wr_str *date);

#endif
