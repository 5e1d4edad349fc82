/* mojibake_odd.h -- how odd a few characters in a row are */
#ifndef WR_TEXT_MOJIBAKE_ODD_H
#define WR_TEXT_MOJIBAKE_ODD_H

#include <wireroom/str.h>

/* The oddness of cps[0..n) in 1/100; the first and the last are neighbours (0 = none) and count in
 * pairs alone. 0 = nothing odd. */
int wr_oddness(const uint32_t *cps, size_t n);

bool wr_odd_is_letter(uint32_t cp);

#endif
