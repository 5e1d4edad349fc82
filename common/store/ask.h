/* ask.h -- the questions whose answers need more than one statement: search, trending, entities
 *
 * For the command line and the web page alike. All results live in `arena`. */
#ifndef WR_STORE_ASK_H
#define WR_STORE_ASK_H

#include <common/store/store.h>

typedef struct wr_hit {
    int64_t number;
    wr_str id, title, source, url, published, snippet;
    double score;
} wr_hit;

#define WR_SEARCH_RANKED 1000 /* matches that are ranked; of more, the newest in the store */

/* Full text search. `query` as SQLite's FTS5 takes it (words, "phrases", AND OR NOT, title: ...);
 * when that is no valid query, its words. The score grows with how often the words stand there for
 * the text's length (BM25 without the part that depends on all other texts), titles count four
 * times; equal scores: newest first. `since`: a day or empty. It looks from the newest articles
 * backwards and ends after WR_SEARCH_RANKED matches, after the 65,536 newest articles when 100 of
 * them match, after 262,144 when 20 (or `limit`) do. */
WR_API WR_MUSTUSE wr_status wr_search(sqlite3 *db, wr_arena *arena, wr_str query, wr_str since,
                                      size_t limit, wr_hit **out, size_t *n);

typedef struct wr_trend {
    int64_t entity;         /* 0 = a phrase */
    wr_str key, name, type; /* of a phrase: "PHRASE/<slug>", its words, "PHRASE" */
    wr_str wikidata;
    uint64_t count, mentions; /* articles of the window (copies not counted), mentions in them */
    uint64_t support;         /* articles of the window and of the one before it */
    double expected;          /* articles of the window, from the eight windows before */
    double score;             /* see trend.h; 3 is worth a look, 5 is an event */
    bool is_new;              /* of an entity: never named before these two windows */
} wr_trend;

#define WR_TREND_SCORE_MIN  1.0 /* less is not listed */
#define WR_PHRASE_SCORE_MIN 2.0 /* there are more of them: more come by chance */

typedef struct wr_trending_options {
    wr_str day;    /* the last of the window; empty = the newest in the store */
    unsigned days; /* of the window; 0 = 1 */
    size_t limit;  /* 0 = 20 */
} wr_trending_options;

/* What is named more than before, best first: the window counts fully, the one before it half, both
 * against the eight before them; at least three articles. Entities of one name count together,
 * under the commonest of them. *day = the window's last day, empty when the store has no dated
 * articles; nothing is listed when there is nothing to compare with. A function of the articles
 * alone: what arrives late counts for its day whenever it comes. Candidates come from the index of
 * what was named three times a day (windows of one day) or all rows; the 300 most promising are
 * worked out exactly. WR_USAGE: day is no day. */
WR_API WR_MUSTUSE wr_status wr_trending(sqlite3 *db, wr_arena *arena,
                                        const wr_trending_options *options, wr_str *day,
                                        wr_trend **out, size_t *n);

/* The same for runs of one to three words, counted once an article, in the texts that are kept;
 * at least two sources, when the window has two. Reads the texts of both windows and of at most
 * WR_PHRASE_SAMPLE articles before them, then asks the text index for exact counts of the best. */
#define WR_PHRASE_SAMPLE 2000
WR_API WR_MUSTUSE wr_status wr_trending_phrases(sqlite3 *db, wr_arena *arena,
                                                const wr_trending_options *options, wr_str *day,
                                                wr_trend **out, size_t *n);

/* Both in one list by their scores; a phrase that is a part of an entity's name, or holds one, is
 * left out. `limit` of each at most. */
WR_API WR_MUSTUSE wr_status wr_trending_all(sqlite3 *db, wr_arena *arena,
                                            const wr_trending_options *options, wr_str *day,
                                            wr_trend **out, size_t *n);

typedef struct wr_found_entity {
    int64_t entity;
    wr_str key, name, type, wikidata;
    uint64_t n_articles;
} wr_found_entity;

/* Entities a name may stand for: a key ("PER/ada-lovelace"), a Wikidata id, a name or alias, else
 * words of names. The exact ones first, then by how many articles name them. */
WR_API WR_MUSTUSE wr_status wr_find_entities(sqlite3 *db, wr_arena *arena, wr_str name,
                                             size_t limit, wr_found_entity **out, size_t *n);

#endif
