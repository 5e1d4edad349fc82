/* digest_parts.h -- inside of the digest */
#ifndef WR_STORE_DIGEST_PARTS_H
#define WR_STORE_DIGEST_PARTS_H

#include <common/store/digest.h>
#include <common/store/private.h>
#include <common/store/trend.h>

#include <stdatomic.h>

#define DIGEST_ARENA      ((size_t)512 << 20)
#define DIGEST_LOOKS_BACK 30 /* days that the trends of one day look at */

typedef struct digest_day {
    char day[11];
    uint64_t own;  /* what the day's articles are */
    int64_t stamp; /* of all days its trends look at */
    bool done, was_closed, told;
} digest_day;

struct wr_digest {
    wr_store *store;
    wr_arena *arena, *plan_arena;
    digest_day *days;
    size_t n_days, next_day; /* days below next_day are to be looked at, downwards */
    char newest[11];
    int64_t chunk; /* the next to be counted, -1 = none */
    bool orphans, graph;
    atomic_bool writing;
};

/* Around the part that writes. */
wr_status digest_begin(wr_digest *d);
wr_status digest_commit(wr_digest *d);
wr_status digest_exec(wr_digest *d, const char *sql);
int64_t digest_number(wr_digest *d, const char *sql); /* 0 when there is none */

wr_status digest_trends(wr_digest *d, bool *more);
wr_status digest_find_chunk(wr_digest *d);
wr_status digest_chunk(wr_digest *d);
wr_status digest_graph(wr_digest *d);

#endif
