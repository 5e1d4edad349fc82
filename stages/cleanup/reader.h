/* reader.h -- one pass over a page's markup: the open elements, the block being filled, the facts
 *
 * The parts are elements.c (what is open), blocks.c (text into blocks), facts.c and jsonld.c (what
 * the page says about itself), html.c (the walk). All memory is the arena's; `failed` sticks. */
#ifndef CLEANUP_READER_H
#define CLEANUP_READER_H

#include "hints.h"
#include "markup.h"

#include <wireroom/page.h>

#define DEPTH_MAX  512 /* deeper elements are read, but not told apart */
#define FACTS_MAX  1024
#define BLOCKS_MAX 200000

enum {
#define F(NAME, bit, doc) BLOCK_##NAME = 1 << (bit),
#include <wireroom/block_flags.def>
#undef F
};

/* Attributes whose words describe an element, in the order their words are listed. */
enum {
    WORDS_CLASS,
    WORDS_ID,
    WORDS_ROLE,
    WORDS_ITEMPROP,
    WORDS_PROPERTY,
    WORDS_TEST,
    WORDS_MAX = 8
};

typedef struct element {
    tag_id tag;
    unsigned kind; /* bits of tags.h */
    wr_str name;   /* as written */
    bool dead;     /* its end tag came, though blocks inside are still open */
    bool itemscope;
    size_t block;    /* index of the nearest block element, itself included */
    uint32_t number; /* of the block element in the page, from 1 */
    uint32_t container, parent;
    uint32_t depth; /* open block elements, itself included */
    uint32_t flags; /* block flags of text in it */
    uint32_t level; /* heading level of text in it */
    wr_str words[WORDS_MAX];
    /* From here on made by elements_settle, when a block begins in it. */
    uint8_t near[32];                        /* distances, see schema.def */
    uint64_t words_key;                      /* of all words, 0 = there are none; see hints_key */
    uint64_t step_key;                       /* of its name and class */
    wr_str path_text, words_text, near_text; /* made when the first block begins in it */
} element;

typedef struct capture {
    size_t element; /* index of the open element whose text is wanted */
    wr_str name, origin;
    char text[240];
    size_t len;
} capture;

typedef struct reader {
    wr_arena *arena;
    markup *m;
    bool failed;   /* the arena's limit was reached */
    bool too_many; /* BLOCKS_MAX was */

    /* Open elements, outermost first. */
    element *open;
    size_t n_open, open_cap, overflow;
    size_t n_settled;          /* of the open elements, the outer ones */
    uint16_t count[TAG_COUNT]; /* open (not dead) elements by tag */
    uint32_t numbers;          /* block elements so far */
    size_t skip, strong, foreign;
    size_t link;        /* 1 + index of the open link, 0 = none */
    size_t link_serial; /* which link of the page it is, from 1 */
    wr_str href;
    bool html_ended;
    bool ruby_marked; /* <rp> was seen in this ruby: its readings are put in brackets */
    size_t link_end;  /* offset after the last </a> */
    tag_id raw;       /* raw text element whose text comes next */
    bool raw_jsonld;  /* it is a script of JSON-LD */
    hint_cache *cache;
    wr_str last_near;

    /* The block being filled. */
    bool filling;
    bool space; /* white space seen since the last character */
    wr_block now;
    char *text;
    size_t len, cap;
    size_t link_counted; /* serial of the last link counted in this block */
    uint64_t breaks;
    uint32_t joint; /* least depth since the block before began */
    bool after_br;

    wr_block *blocks;
    size_t n_blocks, blocks_cap;
    wr_fact *facts;
    size_t n_facts, facts_cap;
    capture captures[4];
    size_t n_captures;
    bool have_title;
} reader;

/* ---- elements.c ---- */
void elements_start(reader *r); /* the token is a start tag (not of a raw text element) */
void elements_end(reader *r);   /* the token is an end tag */
void elements_close_all(reader *r);
const element *elements_top(const reader *r); /* never NULL: a root stands at 0 */
wr_status elements_init(reader *r);
/* Makes the hints of all open elements; most elements never hold text and need none. */
void elements_settle(reader *r);

/* ---- blocks.c ---- */
/* Adds a run of the page's text that begins at offset `at`; `refs`: decode references. */
void blocks_add(reader *r, wr_str raw, size_t at, bool refs);
/* Ends the block being filled, if any. */
void blocks_end(reader *r);

/* ---- facts.c ---- */
/* Adds a fact; its value is decoded (when `decode`), white space folded; empty ones are left out.
 */
void facts_add(reader *r, wr_str name, wr_str value, wr_str origin, bool decode);
void facts_of_tag(reader *r);                        /* the start tag of any element */
void facts_text(reader *r, const char *p, size_t n); /* text of open captures */
void facts_close(reader *r, size_t index);           /* the open element at that index closes */

/* ---- jsonld.c ---- */
/* Adds the facts of one JSON-LD script: for each object of the top level or of @graph, named by its
 * type: newsarticle.headline, newsarticle.author.name (one fact each, in order),
 * newsarticle.image, ... and @type itself. */
void jsonld_facts(reader *r, wr_str json);

#endif
