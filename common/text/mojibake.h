/* mojibake.h -- text that was UTF-8, read in a wrong encoding, put right again
 *
 * Known wrong readings: windows-1250 to -1254 and -1257, latin-1, macroman, cp437, also twice and
 * three times over. */
#ifndef WR_TEXT_MOJIBAKE_H
#define WR_TEXT_MOJIBAKE_H

#include "common/text/utf8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Repairs `in` (valid UTF-8): *out = `in` itself when nothing is broken. *n_repaired (may be NULL)
 * += the number of runs put right. WR_MEMORY at the arena's limit. O(len). */
WR_MUSTUSE wr_status wr_mojibake_repair(wr_arena *arena, wr_str in, wr_str *out,
                                        uint64_t *n_repaired);

#ifdef __cplusplus
}
#endif
#endif
