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
 * times; equal scores: newest first. `since`: a day or empty. O(matches up to WR_SEARCH_RANKED). */
WR_API WR_MUSTUSE wr_status wr_search(sqlite3 *db, wr_arena *arena, wr_str query, wr_str since,
                                      size_t limit, wr_hit **out, size_t *n);

typedef struct wr_trend {
    int64_t entity;
    wr_str key, name, type, wikidata;
    uint64_t count;  /* articles of the window, copies not counted */
    double expected; /* from the eight windows before, for as many articles as there are now */
    double score;    /* (count - expected) / sqrt(expected + 1) */
} wr_trend;

typedef struct wr_trending_options {
    wr_str day;    /* the last of the window; empty = the newest in the store */
    unsigned days; /* of the window; 0 = 1 */
    size_t limit;  /* 0 = 20 */
} wr_trending_options;

/* What is named more than in the eight windows before; at least three articles. *day = the window's
 * last day, empty when the store has no dated articles. Most is read from the index of what was
 * named three times a day; exact for windows of one day, of longer ones the 300 most promising are
 * looked at. */
WR_API WR_MUSTUSE wr_status wr_trending(sqlite3 *db, wr_arena *arena,
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
