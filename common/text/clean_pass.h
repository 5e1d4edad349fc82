/* clean_pass.h -- the pass of wr_text_clean that goes by single characters */
#ifndef WR_TEXT_CLEAN_PASS_H
#define WR_TEXT_CLEAN_PASS_H

#include "common/text/clean.h"

/* Applies the character policy to `in`, see clean_pass.c; `in` itself when nothing changes. */
WR_MUSTUSE wr_status wr_clean_characters(wr_arena *arena, wr_str in, uint64_t *counts, wr_str *out);

#endif
