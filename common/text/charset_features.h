/* charset_features.h -- what the charset classifier looks at: bytes above 7F and their neighbours
 */
#ifndef WR_TEXT_CHARSET_FEATURES_H
#define WR_TEXT_CHARSET_FEATURES_H

#include <wireroom/str.h>

/* The features of s[from..], at most `most` (hashes written to `out`, the number returned);
 * *next = where to go on (s.len = all done). */
size_t wr_charset_features(wr_str s, size_t from, uint32_t *out, size_t most, size_t *next);

#endif
