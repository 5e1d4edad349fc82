/* cld2_shim.h -- Compact Language Detector 2 from C */
#ifndef WR_TEXT_CLD2_SHIM_H
#define WR_TEXT_CLD2_SHIM_H

#ifdef __cplusplus
extern "C" {
#endif

/* The language code of text[0..len), best effort; static; "un" = unknown. *percent: its share. */
const char *wr_cld2_detect(const char *text, int len, int *percent);

#ifdef __cplusplus
}
#endif
#endif
