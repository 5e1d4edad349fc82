/* hints.h -- what class words say: word lists, words and path steps of an element */
#ifndef CLEANUP_HINTS_H
#define CLEANUP_HINTS_H

#include <wireroom/arena.h>

typedef enum hint_list {
#define N(name, words) HINT_##name,
#include <wireroom/structure_lists.def>
#undef N
    HINT_LISTS
} hint_list;

/* The automaton of structure_lists.def (generated): next state by symbol, lists that match. */
extern const unsigned short lists_next[][32];
extern const unsigned lists_match[];

/* The lists that match the words of an attribute's value, one bit each. O(bytes). */
unsigned hints_match(wr_str value);

/* The same for class attributes, which repeat within a page: remembers the last values. */
typedef struct hint_cache {
    struct {
        wr_str value;
        unsigned lists;
    } slots[256];
} hint_cache;
unsigned hints_match_cached(hint_cache *cache, wr_str value);

/* A run of words under construction: `len` of at most `cap` bytes. */
typedef struct hint_words {
    char *ptr;
    size_t len, cap;
} hint_words;

/* Adds the value's words (cut as structure_lists.def says, lower case) that are not there yet, as
 * long as they fit. */
void hints_add_words(hint_words *words, wr_str value);

/* Writes the path step of an element, tag or tag.firstclass, lower case, runs of digits as one 0:
 * number of bytes, at most HINT_STEP_MAX. */
#define HINT_STEP_MAX 48
size_t hints_step(wr_str tag, wr_str class_value, char out[HINT_STEP_MAX]);

#endif
