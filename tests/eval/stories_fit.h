/* stories_fit.h -- fits the forests of the stories on articles whose story is known */
#ifndef TESTS_EVAL_STORIES_FIT_H
#define TESTS_EVAL_STORIES_FIT_H

#include "stages/aggregate/story.h"
#include "stages/aggregate/story_pair.h"

#define FIT_MAX 2000 /* articles */

typedef struct fit_article {
    story_doc doc;
    story_sums sums;
    unsigned fold; /* of its topic; below FIT_FOLDS */
    unsigned story;
} fit_article;

#define FIT_FOLDS 5
#define FIT_NONE  FIT_FOLDS

/* Both forests, from all articles but those of fold `without` (FIT_NONE: from all). The second is
 * fitted on fields made by first forests that did not see the two articles' folds. False when
 * memory is out. The forests are on the heap (gbdt_free). */
bool fit_forests(const fit_article *articles, size_t n, unsigned without, struct forest *pair,
                 struct forest *within);

#endif
