/* export.h -- from weights in floating point to the model file's integers */
#ifndef TAG_TRAIN_EXPORT_H
#define TAG_TRAIN_EXPORT_H

#include "dictionary.h"
#include "learn.h"
#include "modelfile.h"

struct export_options {
    float prune;   /* features without a weight of this size are left out */
    uint32_t unit; /* integer steps to a weight of 1 */
    uint32_t number;
};

WR_MUSTUSE wr_status export_model(wr_arena *arena, const struct model *lexicon,
                                  const struct learner *learner,
                                  const struct dictionary *dictionary,
                                  const struct export_options *options, const char *path);

#endif
