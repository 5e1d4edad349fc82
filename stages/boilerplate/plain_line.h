/* plain_line.h -- what one line of plain text looks like: counts, classes, cues
 *
 * Everything here is taken in one walk over the line's bytes. Words are runs between white space
 * (no-break spaces included); a letter outside ASCII counts by its UTF-8 lead byte, which tells
 * capitals of Latin-1, Greek and Cyrillic and is blind to case elsewhere. */
#ifndef PLAIN_LINE_H
#define PLAIN_LINE_H

#include <wireroom/str.h>

/* How a line begins and ends. */
enum plain_edge {
    EDGE_NONE,
    EDGE_LOWER,
    EDGE_UPPER,
    EDGE_DIGIT,
    EDGE_STOP, /* . ! ? ... and closing marks after them */
    EDGE_COLON,
    EDGE_COMMA, /* , ; and dashes */
    EDGE_QUOTE,
    EDGE_CLOSE,  /* ) ] */
    EDGE_BULLET, /* * - bullets, arrows, pipes */
    EDGE_OTHER
};

enum plain_bit {
    BIT_URL = 1,
    BIT_AT = 2,       /* an address or handle */
    BIT_YEAR = 4,     /* 19xx or 20xx as a word */
    BIT_TIME = 8,     /* 12:30 */
    BIT_MONTH = 16,   /* the name of a month */
    BIT_BRACKET = 32, /* ends in [...] or in a bold run **...** */
    BIT_SIGN = 64,    /* copyright or trade mark sign */
    BIT_SLASH = 128,  /* a slash between two words */
    BIT_NUMBER = 256, /* holds nothing but digits and marks */
    BIT_LEAD = 512    /* opens as agencies' stories do: PLACE (AGENCY) -- */
};

/* The kinds of line that give themselves away by their wording (plain_cue.c). */
enum plain_cue {
    CUE_NONE,
    CUE_BYLINE,
    CUE_CREDIT,
    CUE_CAPTION,
    CUE_DATELINE,
    CUE_SOURCE,
    CUE_BIO,
    CUE_RELATED,
    CUE_PROMOTION,
    CUE_SHARE,
    CUE_COMMENTS,
    CUE_FORM,
    CUE_AD,
    CUE_NOTICE,
    CUE_LEGAL,
    CUE_COUNTER,
    CUE_TAGS,
    CUE_MEDIA,
    CUE_NAVIGATION,
    CUE_COUNT
};

struct plain_line {
    wr_str text;
    uint32_t words, chars, letters, upper, digits, symbols;
    uint32_t caps;  /* words that begin with a capital */
    uint32_t small; /* words of at most three letters, all small: function words in most tongues */
    uint32_t stops; /* ends of sentences inside and at the end */
    uint32_t commas, quotes, seps;
    uint32_t wide;           /* letters of scripts without spaces, words counted as half of them */
    uint32_t hash;           /* of letters and digits, case folded */
    uint32_t shape;          /* the same with digits folded to one */
    uint32_t token, n_token; /* its content words in plain_tokens */
    int32_t lex;             /* sum of word weights, see plain_lex */
    uint16_t bits;
    uint8_t first, last, cue;
    uint8_t lex_words; /* words that lex is the sum of */
};

/* Weights of hashed words: a word, a pair of words, the first word, the last word and the whole
 * short line look one cell up each. */
#define PLAIN_LEX_BITS  13
#define PLAIN_LEX_SIZE  (1u << PLAIN_LEX_BITS)
#define PLAIN_LEX_WORDS 16 /* words of a line that are looked up */
struct plain_lex {
    int8_t weight[PLAIN_LEX_SIZE];
};

/* Content words (five letters or more, capitalised or with a digit) of all lines, by hash; the
 * lowest bit tells a capital. */
struct plain_tokens {
    uint32_t *hash;
    size_t n, cap;
};

/* The cells of plain_lex a line looks up, for the trainer: at most PLAIN_LEX_CELLS. */
#define PLAIN_LEX_CELLS (2 * PLAIN_LEX_WORDS + 3)

/* Reads `text` into *line; appends its content words to `tokens`, which has room for one word per
 * two bytes. `lex` may be NULL. `cells` (may be NULL) gets the looked-up cells, *n_cells how many.
 */
void plain_line_scan(wr_str text, const struct plain_lex *lex, struct plain_tokens *tokens,
                     struct plain_line *line, uint16_t *cells, size_t *n_cells);

/* The cue of a scanned line: a table of wordings, most of them in English. */
enum plain_cue plain_cue_of(const struct plain_line *line);

#endif
