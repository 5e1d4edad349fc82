/* label.h -- the 17 labels of a token: O, and for each type a name of one token (U), its first (B),
 * inner (I) and last (L) token
 *
 * The order is part of the model file. Names start with labels 1..8 and end with 1..4 or 13..16. */
#ifndef TAG_LABEL_H
#define TAG_LABEL_H

#include <wireroom/str.h>

enum label_type { TYPE_PER, TYPE_ORG, TYPE_LOC, TYPE_MISC, TYPE_COUNT };
enum label_place { PLACE_UNIT, PLACE_BEGIN, PLACE_INNER, PLACE_LAST, PLACE_COUNT };

#define LABEL_OUT    0
#define LABEL_COUNT  17
#define LABEL_STARTS 9 /* labels 0..8 may follow what is closed */

static inline int label_of(enum label_place place, enum label_type type) {
    return 1 + (int)place * TYPE_COUNT + (int)type;
}
static inline enum label_type label_type_of(int label) {
    return (enum label_type)((label - 1) % TYPE_COUNT);
}
static inline enum label_place label_place_of(int label) {
    return (enum label_place)((label - 1) / TYPE_COUNT);
}
/* Whether a name goes on after the label. */
static inline bool label_open(int label) {
    return label != LABEL_OUT &&
           (label_place_of(label) == PLACE_BEGIN || label_place_of(label) == PLACE_INNER);
}
/* Whether `next` may follow `label`; a sentence starts after LABEL_OUT and may end only after a
 * label that is not open. */
static inline bool label_follows(int label, int next) {
    if (!label_open(label)) return next < LABEL_STARTS;
    return next >= LABEL_STARTS && label_type_of(next) == label_type_of(label);
}

#endif
