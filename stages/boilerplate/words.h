/* words.h -- words and characters of a text, as the boilerplate core counts them */
#ifndef BOILERPLATE_WORDS_H
#define BOILERPLATE_WORDS_H

#include <wireroom/str.h>

/* The code point at byte `at` of valid UTF-8 `s` and its length in *len (1-4); a broken byte reads
 * as itself, length 1. `at` < s.len. */
uint32_t words_code(wr_str s, size_t at, size_t *len);

/* Lower case of one code point: Latin, Greek, Cyrillic, Armenian by their regular offsets. */
uint32_t words_lower(uint32_t c);

/* A letter, digit, mark or '_' (close to \w); and a character of a script written without blanks.
 */
bool words_is_letter(uint32_t c);
bool words_is_dense(uint32_t c);

/* One word: bytes [start, end), a hash of its folded form, its number of code points, how many of
 * them are of a dense script. */
struct word {
    size_t start, end;
    uint64_t hash;
    uint32_t chars, dense;
    bool upper, all_upper, digits; /* first letter is a capital; all are (2 or more); only digits */
};

/* The next word at or after *at, which moves past it; false at the end. */
bool words_next(wr_str s, size_t *at, struct word *out);

/* Number of words; a dense character counts half a word. */
size_t words_count(wr_str s);

/* A hash of all folded words in order: equal texts but for case and punctuation. 0 = no word. */
uint64_t words_hash(wr_str s);

#endif
