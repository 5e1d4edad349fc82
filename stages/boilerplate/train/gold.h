/* gold.h -- which blocks of a page make up the gold text */
#ifndef BOILERPLATE_TRAIN_GOLD_H
#define BOILERPLATE_TRAIN_GOLD_H

#include <wireroom/page.h>

/* label[i] = 1 when at least half of block i's runs of four words stand in `gold` (blocks of four
 * and five words: runs of three). Of blocks with the same text only as many as the gold holds,
 * those nearest to the rest. Blocks under four words by an equal line of the gold, when a labelled
 * block stands next to them. *runs = number of the gold's runs. False when memory is out. */
bool gold_labels(wr_str gold, const wr_page *page, float *label, size_t *runs);

#endif
