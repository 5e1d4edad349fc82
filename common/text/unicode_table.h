/* unicode_table.h -- the generated tables behind unicode.h */
#ifndef WR_TEXT_UNICODE_TABLE_H
#define WR_TEXT_UNICODE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* What to add to a code point for its lower case, upper case and folded form. */
typedef struct wr_unicode_case_row {
    int32_t lower, upper, fold;
} wr_unicode_case_row;

extern const uint8_t wr_unicode_case_index[], wr_unicode_case[];
extern const wr_unicode_case_row wr_unicode_case_rows[];
/* Letter, base letter; sorted. */
extern const size_t wr_unicode_n_base;
extern const uint16_t wr_unicode_base[][2];

#endif
