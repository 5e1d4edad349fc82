/* charset_table.h -- the generated tables behind charset.h */
#ifndef WR_TEXT_CHARSET_TABLE_H
#define WR_TEXT_CHARSET_TABLE_H

#include "common/text/charset.h"

typedef enum wr_encoding_kind {
    WR_KIND_UTF8,
    WR_KIND_SINGLE,
    WR_KIND_GB,
    WR_KIND_BIG5,
    WR_KIND_EUCJP,
    WR_KIND_ISO2022JP,
    WR_KIND_SJIS,
    WR_KIND_EUCKR,
    WR_KIND_UTF16BE,
    WR_KIND_UTF16LE
} wr_encoding_kind;

struct wr_encoding {
    wr_str name;
    wr_encoding_kind kind;
    const uint16_t *high; /* SINGLE: code points of the bytes 80-FF, 0 = none */
};

typedef struct wr_charset_label {
    wr_str label;    /* lower case; sorted by it */
    size_t encoding; /* index */
} wr_charset_label;

extern const size_t wr_charset_n_encodings, wr_charset_n_labels, wr_charset_n_gb_ranges;
extern const wr_encoding wr_charset_encodings[];
extern const wr_charset_label wr_charset_labels[];
extern const uint16_t wr_charset_single[][128];
/* By the standard's pointers (index gb18030, big5, jis0208, jis0212, euc-kr); 0 = none. */
extern const uint16_t wr_charset_gb[], wr_charset_big5[], wr_charset_jis[], wr_charset_jis212[],
    wr_charset_korean[];
extern const uint32_t wr_charset_big5_plane2[];
/* Pointer, code point: starts of the runs of the four-byte part below U+10000. */
extern const uint16_t wr_charset_gb_ranges[][2];

#endif
