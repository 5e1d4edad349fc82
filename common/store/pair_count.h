/* pair_count.h -- inside of pairs: counting who stands in a paragraph with whom
 *
 * Articles with ids from chunk * PAIR_CHUNK on, PAIR_CHUNK of them, make a chunk. Once no article
 * can come into it any more its counts are kept (table pair_chunks), so that a question reads the
 * articles of the last chunk only. Whoever drops an article drops the counts of its chunk. */
#ifndef WR_STORE_PAIR_COUNT_H
#define WR_STORE_PAIR_COUNT_H

#include <common/store/store.h>
#include <wireroom/buf.h>

#define PAIR_CHUNK 4096

typedef struct pair_slot {
    uint64_t key; /* a << 32 | b, a < b the numbers of entities; 0 = free */
    uint32_t n;
} pair_slot;

typedef struct pair_table {
    pair_slot *slots;
    size_t n, cap;
} pair_table;

WR_MUSTUSE wr_status pair_table_add(pair_table *t, uint32_t a, uint32_t b, uint32_t n);
void pair_table_free(pair_table *t);

typedef wr_status pair_take(void *to, uint32_t a, uint32_t b, uint32_t n);

/* Gives the pairs of one article, each paragraph on its own: `entities` and `paras` as the store
 * keeps them. `only` > 0: those of that entity. Paragraphs with more than 64 entities are lists,
 * not meetings: they make no pairs. What cannot be read counts for nothing. `scratch` is reset. */
WR_MUSTUSE wr_status pair_article(wr_arena *scratch, wr_str entities, wr_str paras, int64_t only,
                                  pair_take *take, void *to);

/* All pairs in order, packed, and the table is freed: varints (LEB128) of the step of a, then per a
 * the number of its partners and for each the step of b and n. */
WR_MUSTUSE wr_status pair_table_pack(pair_table *t, wr_buf *out);

/* WR_MALFORMED where the bytes end too early. */
WR_MUSTUSE wr_status pair_unpack(wr_str packed, pair_take *take, void *to);

#endif
