/* day_list.h -- the entities of a day with their counts, in the order of their numbers
 *
 * The rows of entity_days in packed form (table day_lists), for questions that go through whole
 * days: some three bytes a row, read twenty times as fast. The writer makes the list of a day that
 * has come to rest and drops it with the day's first change; a day without a list is read from
 * entity_days. So a list is never another thing than the rows. */
#ifndef WR_STORE_DAY_LIST_H
#define WR_STORE_DAY_LIST_H

#include <common/store/store.h>

#define DAY_OFTEN                                                                                  \
    3 /* articles of the day, from which on an entity stands in the list of the often */

typedef enum day_part { DAY_PART_OFTEN, DAY_PART_RARE } day_part;

typedef struct day_count {
    int64_t entity;
    int64_t articles, unique, mentions;
} day_count;

typedef struct day_reader {
    sqlite3_stmt *lists[2], *rows;
} day_reader;

WR_MUSTUSE wr_status day_reader_open(sqlite3 *db, day_reader *out);
void day_reader_close(day_reader *reader);
/* One part of a day, sorted by entity, in `arena`. A damaged list: WR_MALFORMED. */
WR_MUSTUSE wr_status day_reader_list(day_reader *reader, wr_arena *arena, const char *day,
                                     day_part part, day_count **out, size_t *n);

/* The same without keeping it: `take` is called for each. */
typedef void day_take(void *to, const day_count *c);
WR_MUSTUSE wr_status day_reader_each(day_reader *reader, const char *day, day_part part,
                                     day_take *take, void *to);

/* The packed form: of each entity the distance from the one before, then one byte (articles - 1) *
 * 31 + mentions - articles when the articles are at most 8, none a copy, and the rest below 31;
 * else 255, articles, unique, mentions. All but that byte as in Protocol Buffers' varints. */
void day_list_add(wr_buf *out, const day_count *c, int64_t before);
WR_MUSTUSE wr_status day_list_parse(wr_arena *arena, wr_str packed, day_count **out, size_t *n);

#endif
