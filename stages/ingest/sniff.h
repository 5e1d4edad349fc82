/* sniff.h -- what the first bytes of a run say about it: a small table, no guessing by file name */
#ifndef INGEST_SNIFF_H
#define INGEST_SNIFF_H

#include <wireroom/status.h>
#include <wireroom/str.h>

/* As many bytes as a verdict can need. */
#define INGEST_SNIFF_BYTES 4096u

typedef enum ingest_kind {
    INGEST_TEXT,        /* text in some charset, markup excluded */
    INGEST_HTML,        /* HTML or XHTML */
    INGEST_GZIP,        /* a gzip member */
    INGEST_ZSTD,        /* a Zstandard frame */
    INGEST_BZIP2,       /* a bzip2 stream */
    INGEST_XZ,          /* an xz stream */
    INGEST_JSON,        /* JSON objects: lines, an array, one after the other */
    INGEST_WARC,        /* WARC records */
    INGEST_FEED,        /* RSS, Atom or RDF */
    INGEST_MAIL,        /* a mail, an mbox or MHTML */
    INGEST_ZIP,         /* a ZIP archive */
    INGEST_TAR,         /* a tar archive */
    INGEST_7Z,          /* a 7z archive */
    INGEST_EPUB,        /* an electronic book */
    INGEST_OFFICE,      /* Office Open XML: a document, or a kind that is not read */
    INGEST_NITF,        /* a NITF document */
    INGEST_NEWSML,      /* NewsML-G2 (newsItem, newsMessage), or NewsML 1 with text in it */
    INGEST_SITEMAP,     /* a sitemap or an index of sitemaps */
    INGEST_UNSUPPORTED, /* a known kind that is not read; `name` says which */
    INGEST_BINARY       /* no text and of no known kind */
} ingest_kind;

typedef struct ingest_verdict {
    ingest_kind kind;
    const char *name; /* "html", "a PDF document", ...: static, for messages */
} ingest_verdict;

/* Judges a run by its first bytes (up to INGEST_SNIFF_BYTES of them are looked at). O(bytes). */
ingest_verdict ingest_sniff(wr_str head);

#endif
