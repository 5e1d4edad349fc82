/* nfc_table.h -- the generated tables behind nfc.h */
#ifndef WR_TEXT_NFC_TABLE_H
#define WR_TEXT_NFC_TABLE_H

#include <stddef.h>
#include <stdint.h>

typedef struct wr_nfc_decomposition {
    uint32_t cp;
    uint16_t at; /* in wr_nfc_decomposed: the full canonical decomposition */
    uint16_t n;
} wr_nfc_decomposition;

typedef struct wr_nfc_composition {
    uint32_t first, second, cp;
} wr_nfc_composition;

/* By 128 code points: combining class in the low byte, then NFC_QC: 0x100 = no, 0x200 = maybe. */
extern const uint8_t wr_nfc_index[];
extern const uint16_t wr_nfc_props[];
extern const size_t wr_nfc_n_decompositions, wr_nfc_n_compositions;
extern const wr_nfc_decomposition wr_nfc_decompositions[]; /* by cp; Hangul not included */
extern const uint32_t wr_nfc_decomposed[];
extern const wr_nfc_composition wr_nfc_compositions[]; /* by first, second */

#endif
