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

/* Attributes repeat within a page: what was found out about a value is kept, by its hash. */
typedef struct hint_value {
    uint64_t hash; /* 0 = the slot is free */
    size_t len;
    unsigned lists;
} hint_value;

/* Texts made from several values, by a key made from their hashes (hints_key). */
typedef struct hint_text {
    uint64_t key;
    wr_str text;
} hint_text;

typedef struct hint_cache {
    hint_value values[512];
    hint_text texts[512];
} hint_cache;

/* hints_match(value) and the value's hash; valid until the next call. */
const hint_value *hints_of(hint_cache *cache, wr_str value);

/* A key for the sequence that `key` stands for with `more` at its end. */
static inline uint64_t hints_key(uint64_t key, uint64_t more) {
    key = (key ^ more) * 0x9E3779B97F4A7C15u;
    return key ^ key >> 29;
}

/* The slot of a key: its text is that of the key when the slot's key is the same. */
hint_text *hints_text(hint_cache *cache, uint64_t key);

/* A run of words under construction: `len` of at most `cap` bytes. */
typedef struct hint_words {
    char *ptr;
    size_t len, cap;
    uint64_t seen; /* a bit for each kind of word that is there */
} hint_words;

/* Adds the value's words (cut as structure_lists.def says, lower case) that are not there yet, as
 * long as they fit. */
void hints_add_words(hint_words *words, wr_str value);

/* Writes the path step of an element, tag or tag.firstclass, lower case, runs of digits as one 0:
 * number of bytes, at most HINT_STEP_MAX. */
#define HINT_STEP_MAX 48
size_t hints_step(wr_str tag, wr_str class_value, char out[HINT_STEP_MAX]);

#endif
