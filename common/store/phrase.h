/* phrase.h -- inside of trending: runs of one to three words, and how many texts hold them
 *
 * Runs do not reach over punctuation, hold a word of three letters, and neither begin nor end with
 * a function word (phrase_words.def), a number or a name of a day or month. Letter case is folded
 * for ASCII; other scripts count as they are written. Two passes over the texts bound the memory:
 * the first counts hashes in a fixed table that can only count too high, the second keeps what may
 * have the support, exactly. The outcome does not depend on the order of the texts. */
#ifndef WR_STORE_PHRASE_H
#define WR_STORE_PHRASE_H

#include <wireroom/arena.h>
#include <wireroom/status.h>
#include <wireroom/str.h>

#define PHRASE_WORDS 3
#define PHRASE_BYTES 96 /* longer ones are left out */

typedef struct phrase {
    uint64_t hash;
    uint32_t now, fade, base; /* texts that hold it */
    uint8_t n_words;
    wr_str text; /* as written, with the fewest capitals */
} phrase;

typedef struct phrase_counter phrase_counter;

/* A counter for about so many texts, 16 KB each, 16 MB at most; texts of phrases live in `arena`.
 */
WR_MUSTUSE wr_status phrase_counter_new(wr_arena *arena, size_t texts, phrase_counter **out);
void phrase_counter_free(phrase_counter **counter);

/* First pass: a text of the window or the one before. */
void phrase_guess(phrase_counter *c, wr_str title, wr_str text);
/* Between: from here on what was in fewer than `support` texts is left out; more when too many
 * others would be left. */
void phrase_guessed(phrase_counter *c, uint32_t support);

typedef enum phrase_when { PHRASE_NOW, PHRASE_FADE, PHRASE_BASE } phrase_when;
/* Second pass: the same texts; then PHRASE_BASE texts, which only count what is there. WR_MEMORY at
 * the arena's limit. */
WR_MUSTUSE wr_status phrase_count(phrase_counter *c, phrase_when when, wr_str title, wr_str text);

/* What was counted, in no order. */
const phrase *phrase_at(const phrase_counter *c, size_t i, size_t *n);

/* Are the words of `part` (folded) a run of those of `whole`? */
bool phrase_within(wr_str part, wr_str whole);

#endif
