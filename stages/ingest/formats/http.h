/* http.h -- stored HTTP responses: header fields, and the body without its transfer coding */
#ifndef INGEST_HTTP_H
#define INGEST_HTTP_H

#include "../pages.h"

typedef struct http_response {
    wr_str header; /* status line and fields, with the blank line */
    wr_str body;   /* as stored */
} http_response;

/* The value of the first field of that lower case name in a header block (HTTP, WARC or mail;
 * continuation lines are not joined), trimmed; empty when there is none. */
wr_str http_field(wr_str header, wr_str name);

/* Status 200. */
bool http_is_ok(const http_response *http);

/* A media type that is HTML, XHTML or plain text, or none at all. */
bool http_is_page(wr_str content_type);

/* The body with chunks joined and gzip, deflate, brotli or zstd undone: borrowed when nothing had
 * to be, at most limits->page_bytes. WR_UNSUPPORTED for other encodings, WR_LIMIT, WR_MALFORMED. */
WR_MUSTUSE wr_status http_body(wr_arena *arena, const ingest_limits *limits,
                               const http_response *http, wr_str *out, wr_str *why);

#endif
