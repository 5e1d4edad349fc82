/* charset.h -- any bytes to valid UTF-8, with the way back to the source's offsets
 *
 * Order of evidence: byte order mark; validity as UTF-8 (with a multibyte character it wins over
 * every label; pure ASCII is UTF-8 too, unless it holds ISO-2022 escapes); the transport's label;
 * the label in the markup; detection. Labels are the WHATWG Encoding Standard's (case and white
 * space ignored, unknown = none). Decoding never fails but for memory: what cannot be decoded is
 * U+FFFD, one for each maximal subpart. Pure. */
#ifndef WR_TEXT_CHARSET_H
#define WR_TEXT_CHARSET_H

#include "common/text/utf8.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct wr_encoding wr_encoding; /* one row of the table in charset_table.c */

/* The encoding a label names ("latin1" -> windows-1252), or NULL. O(log labels). */
const wr_encoding *wr_encoding_find(wr_str label);
/* Its WHATWG name ("windows-1252"). */
wr_str wr_encoding_name(const wr_encoding *encoding);

typedef enum wr_charset_origin {
    WR_CHARSET_ASCII, /* nothing but ASCII */
    WR_CHARSET_BOM,
    WR_CHARSET_UTF8, /* valid UTF-8 with a multibyte character */
    WR_CHARSET_HTTP,
    WR_CHARSET_META,
    WR_CHARSET_DETECTED
} wr_charset_origin;

/* Text decoded from `source`; private: marks. */
typedef struct wr_decoded {
    wr_str text; /* valid UTF-8; the source's own bytes when nothing had to change */
    wr_str source;
    const wr_encoding *encoding;
    wr_charset_origin origin;
    size_t n_replaced; /* U+FFFD put in */
    size_t skip;       /* bytes of the byte order mark */
    struct wr_charset_mark *marks;
    size_t n_marks;
    bool same; /* text is a part of source */
} wr_decoded;

/* Decodes `source`. `http` is the transport's label, `meta` the one found in the markup (see
 * wr_charset_prescan), either may be empty. `text` is the source's bytes where they are valid
 * UTF-8, else in the arena. WR_MEMORY at the arena's limit. O(len). */
WR_MUSTUSE wr_status wr_charset_decode(wr_arena *arena, wr_str source, wr_str http, wr_str meta,
                                       wr_decoded *out);

/* The source offset of the character that holds byte `at` of the decoded text; the end of the text
 * gives the end of the source. Non-decreasing in `at`. Walks at most 256 bytes of text. */
size_t wr_charset_source(const wr_decoded *decoded, size_t at);

/* The encoding an HTML page's first 16 KiB declare (WHATWG prescan: byte order mark of UTF-8, meta
 * charset, http-equiv, XML declaration), as a label (static or into `html`), or an empty string.
 * UTF-16 declared so means UTF-8. */
wr_str wr_charset_prescan(wr_str html);

/* What the bytes most likely are when no label helps. Looks at up to 64 KiB. Never NULL. */
const wr_encoding *wr_charset_detect(wr_str source);

#ifdef __cplusplus
}
#endif
#endif
