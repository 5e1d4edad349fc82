/* story_doc.h -- what of an article tells which story it belongs to
 *
 * The words, names, numbers, dates and word pairs that matter most, hashed, each with how often it
 * stands there, what it is and how rare it is in the news at large (story_words_table.c). Of one
 * size at most whatever the article's length, and the same on every machine. */
#ifndef AGGREGATE_STORY_DOC_H
#define AGGREGATE_STORY_DOC_H

#include <wireroom/page.h>

#define STORY_TERMS  64 /* kept of one article */
#define STORY_PACKED (2 + 7 * STORY_TERMS)

typedef enum story_flag {
    STORY_PER = 1,
    STORY_ORG = 2,
    STORY_LOC = 4,
    STORY_MISC = 8,
    STORY_NAME = 15,   /* any of the four */
    STORY_LEAD = 16,   /* among the first words */
    STORY_NUMBER = 32, /* digits, or a number's word */
    STORY_DATE = 64,   /* of a time expression, by its value */
    STORY_PAIR = 128   /* two neighbouring words that are no stop words */
} story_flag;

typedef struct story_term {
    uint32_t hash;
    uint8_t flags;
    uint8_t n;      /* times, 255 = as many or more */
    uint8_t rarity; /* 16 ln(documents / documents that have it) of the news at large */
    uint8_t zero;
} story_term;

typedef struct story_doc {
    uint16_t n_words;
    uint16_t n_terms;
    story_term terms[STORY_TERMS]; /* by hash */
} story_doc;

/* Reads title, text, entities and dates of an article. Scratch memory from `arena`. WR_MEMORY at
 * its limit. O(text). */
WR_MUSTUSE wr_status story_doc_of(wr_arena *arena, const wr_article *article, story_doc *out);

/* As bytes, the same on every machine: how many (at most STORY_PACKED); and back. WR_MALFORMED for
 * bytes that story_doc_pack does not make. */
size_t story_doc_pack(const story_doc *doc, uint8_t out[STORY_PACKED]);
WR_MUSTUSE wr_status story_doc_unpack(wr_str bytes, story_doc *out);

/* How much a term says about what the article is about; for choosing the first among them. */
unsigned story_importance(const story_term *t);

/* Rarity of a word by its hash: 0 = in every text. */
uint8_t story_rarity(uint32_t hash);

/* The next word of a text at or after *at, as [*from, *at), and its hash (case folded, plural
 * ending cut). False at the end. */
bool story_next_word(wr_str text, size_t *at, size_t *from, uint32_t *hash);

#endif
