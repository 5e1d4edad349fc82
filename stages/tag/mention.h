/* mention.h -- names found in a text, before they are joined to entities */
#ifndef TAG_MENTION_H
#define TAG_MENTION_H

#include "passage.h"

#include <wireroom/page.h>

/* A name over bytes [start, end) of the text. */
struct mention {
    size_t start, end;
    enum label_type type;
    double confidence;
};

struct mentions {
    struct mention *items; /* in text order, not overlapping */
    size_t n, cap;
};

/* Reads bytes [start, end) of `text`, a paragraph of valid UTF-8, into the passage; what no longer
 * fits in it is labelled and its names appended. WR_MEMORY at the arena's limit. O(bytes). */
WR_MUSTUSE wr_status mentions_find(struct passage *passage, wr_arena *arena, wr_str text,
                                   size_t start, size_t end, struct mentions *out);

/* Appends the names of what was read since, and empties the passage. */
WR_MUSTUSE wr_status mentions_finish(struct passage *passage, wr_arena *arena,
                                     struct mentions *out);

/* Sets article->entities: mentions with one surface and type together, in order of first mention;
 * a first name in square brackets and its surname are made one mention before, the names of two
 * persons with a hyphen between them two. WR_MEMORY at the arena's limit. O(mentions). */
WR_MUSTUSE wr_status mentions_join(wr_arena *arena, struct mentions *mentions, wr_article *article);

/* "PER", "ORG", "LOC", "MISC"; static. */
wr_str mention_type(enum label_type type);

#endif
