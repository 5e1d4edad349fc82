/* nfc.h -- Unicode normalization form C of UTF-8 */
#ifndef WR_TEXT_NFC_H
#define WR_TEXT_NFC_H

#include "common/text/utf8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Length of a prefix of `s` (valid UTF-8) that is surely NFC and that what follows cannot change;
 * s.len when all of it is NFC by the quick check. */
size_t wr_nfc_prefix(wr_str s);

/* NFC of `s` (valid UTF-8): `s` itself when nothing changes. *n_changed (may be NULL) += the number
 * of segments that changed. WR_MEMORY at the arena's limit. O(len), but for runs of marks
 * (O(n log n) in the run). */
WR_MUSTUSE wr_status wr_nfc(wr_arena *arena, wr_str s, wr_str *out, uint64_t *n_changed);

#ifdef __cplusplus
}
#endif
#endif
