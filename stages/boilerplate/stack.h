/* stack.h -- rows for the second forest: the first one's opinion of the page around a block */
#ifndef BOILERPLATE_STACK_H
#define BOILERPLATE_STACK_H

#include "features.h"

enum {
    STACK_first = FEATURE_COUNT - 1,
#define Y(name, doc) STACK_##name,
#include "stack.def"
#undef Y
    STACK_COUNT /* numbers of a row: those of features.h and these */
};

/* The name of number i of a row. */
const char *stack_name(size_t i);

/* Copies the rows of `features` to the front of *rows (n x STACK_COUNT, in the arena) and fills the
 * rest from `p`, the probabilities in 1/32768. WR_MEMORY at the arena's limit. O(blocks). */
WR_MUSTUSE wr_status stack_fill(wr_arena *arena, const struct features *features, const uint32_t *p,
                                int16_t **rows);

#endif
