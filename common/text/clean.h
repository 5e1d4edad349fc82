/* clean.h -- repair of one text: mojibake, control and invisible characters, NFC, white space
 *
 * The policy (which character becomes what) is the table in docs of README.md, section "Text
 * policy", and clean_table.c. Curly quotes, dashes and ellipses stay; never NFKC. Idempotent:
 * cleaning what came out changes nothing. Pure. */
#ifndef WR_TEXT_CLEAN_H
#define WR_TEXT_CLEAN_H

#include "common/text/utf8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds of repair, each counted once a place. */
typedef enum wr_repair {
    WR_REPAIR_MOJIBAKE,  /* runs of text read in a wrong encoding and put right */
    WR_REPAIR_C1,        /* C1 controls that were windows-1252 characters */
    WR_REPAIR_CONTROL,   /* control and noncharacters removed */
    WR_REPAIR_INVISIBLE, /* zero-width characters and byte order marks removed */
    WR_REPAIR_HYPHEN,    /* soft hyphens removed, non-breaking hyphens made plain */
    WR_REPAIR_BIDI,      /* direction marks removed from text without right-to-left letters */
    WR_REPAIR_SPACE,     /* special spaces made plain */
    WR_REPAIR_LIGATURE,  /* presentation ligatures taken apart */
    WR_REPAIR_WIDTH,     /* full-width ASCII made plain, in text without CJK letters */
    WR_REPAIR_NFC,       /* runs composed */
    WR_REPAIR_COUNT
} wr_repair;

/* Its name in page.repairs ("mojibake", "c1", ...). Static. */
wr_str wr_repair_name(wr_repair kind);

enum {
    WR_CLEAN_FOLD = 1,    /* white space folded: every run one space, none at the ends */
    WR_CLEAN_LINES = 2,   /* with FOLD: a run that holds a line break becomes one line feed */
    WR_CLEAN_VERBATIM = 4 /* leave mojibake alone (code, or text about encodings) */
};

/* Cleans `in` (valid UTF-8). *out = `in` itself (or, with FOLD, a slice of it) when there is
 * nothing to do; valid UTF-8 and NFC always. Adds to counts[WR_REPAIR_COUNT] (may be NULL).
 * WR_MEMORY at the arena's limit. O(len). */
WR_MUSTUSE wr_status wr_text_clean(wr_arena *arena, wr_str in, unsigned flags, uint64_t *counts,
                                   wr_str *out);

#ifdef __cplusplus
}
#endif
#endif
