/* story.h -- which articles tell one story: one pass, late merges and splits, bounded memory
 *
 * An article is compared with the recent ones that share its most telling terms (an index of fixed
 * size). Likely pairs make a field (story_field.h); within a field, whenever it has grown by some
 * share, the articles are parted anew, so an early mistake is put right while the field lives.
 * Stories keep their numbers through that: the older of two that become one stays, the larger part
 * of one that falls apart keeps the number.
 *
 * What comes out depends on the articles and their order only, and all state can be given back
 * (story_restore), so that a process which starts again goes on as if it had not ended. An article
 * leaves the window when `articles` others have come after it; its story stays as it is then. */
#ifndef AGGREGATE_STORY_H
#define AGGREGATE_STORY_H

#include "story_field.h"

typedef struct story_set story_set;

typedef struct story_options {
    size_t articles;           /* the window, 64 or more; some 1,100 bytes each */
    const struct forest *pair; /* NULL = the shipped ones */
    const struct forest *within;
} story_options;

/* What the set knows of one article. Articles are numbered 1, 2, ... in the order they come; a
 * story has the number of the article it began with. */
typedef struct story_state {
    uint32_t number;
    int64_t article; /* the caller's */
    uint32_t story;
    uint32_t field; /* 1 + index, 0 = in none any more */
    bool settled;   /* it has been looked at with all of its field */
    bool founder;   /* the story of its number lives */
} story_state;

#define STORY_CHANGES (4 * FIELD_MAX + 2)

typedef struct story_change {
    story_state now;
    uint32_t was; /* its story before; 0 = it is the new article */
} story_change;

typedef struct story_merge {
    uint32_t gone, into;
} story_merge;

/* What adding an article has changed. */
typedef struct story_outcome {
    story_change changes[STORY_CHANGES]; /* the new article is the first */
    size_t n_changes;
    story_merge merges[STORY_CHANGES]; /* in the order they happened */
    size_t n_merges;
    int64_t forgotten; /* the article that left the window; 0 = none */
} story_outcome;

/* Statuses: WR_MEMORY, WR_USAGE for a window out of bounds. */
WR_MUSTUSE wr_status story_new(const story_options *options, story_set **out);
void story_free(story_set **set);

/* Adds the next article. `day` in days of any epoch, 0 = not known. Scratch memory from `arena` is
 * given back. WR_MEMORY: nothing has changed that matters, but the set is to be made anew. */
WR_MUSTUSE wr_status story_add(story_set *set, wr_arena *arena, int64_t article, int32_t day,
                               const story_doc *doc, story_outcome *out);

/* Puts back an article as it was; in ascending order of numbers, all that are in the window.
 * `next`: the number the next new article gets, at least last + 1. */
WR_MUSTUSE wr_status story_restore(story_set *set, const story_state *state, int32_t day,
                                   const story_doc *doc);
void story_restored(story_set *set, uint32_t next);

/* Articles in the window; bytes taken. */
size_t story_count(const story_set *set);
size_t story_bytes(const story_set *set);

#endif
