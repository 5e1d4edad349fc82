/* lists.h -- word clusters and name lists, read from tab-separated files into tables */
#ifndef TAG_TRAIN_LISTS_H
#define TAG_TRAIN_LISTS_H

#include "modelfile.h"

/* The first `most` words of the output of `cluster`. */
WR_MUSTUSE wr_status lists_words(wr_arena *arena, const char *path, size_t most,
                                 struct parts *parts);

/* The name lists of a directory laid out as the project's gazetteer data is. */
WR_MUSTUSE wr_status lists_names(wr_arena *arena, const char *dir, struct parts *parts);

#endif
