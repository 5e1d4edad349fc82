/* features.h -- blocks as rows of numbers for the forests */
#ifndef BOILERPLATE_FEATURES_H
#define BOILERPLATE_FEATURES_H

#include "facts.h"

enum {
#define X(name, doc) FEATURE_##name,
#include "features.def"
#undef X
#define F(NAME, bit, doc) FEATURE_flag_##NAME,
#include <wireroom/block_flags.def>
#undef F
#define N(name, words) FEATURE_near_##name,
#include <wireroom/structure_lists.def>
#undef N
    FEATURE_COUNT
};

struct features {
    int16_t *rows; /* n rows of FEATURE_COUNT */
    size_t n;
    uint32_t *words; /* per block */
    uint32_t *path;  /* per block: number of its path, 0-n_paths */
    uint32_t *box;   /* per block: number of its container, 0-n_boxes */
    size_t n_paths, n_boxes;
    size_t title; /* the block taken for the headline; n = none */
};

/* The name of feature i, for tools. */
const char *features_name(size_t i);

/* Measures all blocks of the page. Everything in *out lives in `arena`. WR_MEMORY at its limit.
 * O(bytes of text + blocks). */
WR_MUSTUSE wr_status features_measure(wr_arena *arena, const wr_page *page,
                                      const struct facts *facts, struct features *out);

#endif
