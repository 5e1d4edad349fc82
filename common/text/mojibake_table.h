/* mojibake_table.h -- the generated tables behind mojibake.h */
#ifndef WR_TEXT_MOJIBAKE_TABLE_H
#define WR_TEXT_MOJIBAKE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* Wrong readings, the likelier first. */
enum {
    WR_READ_1252,
    WR_READ_LATIN1,
    WR_READ_1254,
    WR_READ_1250,
    WR_READ_1251,
    WR_READ_1253,
    WR_READ_1257,
    WR_READ_LATIN2,
    WR_READ_MACROMAN,
    WR_READ_437,
    WR_READINGS
};

/* Row of wr_mojibake_bytes = wr_mojibake_block[wr_mojibake_index[cp >> 6]][cp & 63], cp < 10000;
 * row 0 = in none. Bytes 80-FF, 0 = not in that reading. */
extern const uint8_t wr_mojibake_index[];
extern const uint16_t wr_mojibake_block[][64];
extern const uint8_t wr_mojibake_bytes[][WR_READINGS];

static inline const uint8_t *wr_mojibake_row(uint32_t cp) {
    if (cp < 0x80 || cp > 0xFFFF) return wr_mojibake_bytes[0];
    return wr_mojibake_bytes[wr_mojibake_block[wr_mojibake_index[cp >> 6]][cp & 63]];
}

#endif
