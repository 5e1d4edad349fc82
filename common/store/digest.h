/* digest.h -- what is worked out from the articles after they are in: trends, pairs
 *
 * Kept in tables for people and as messages; a question never needs them to be up to date, it looks
 * at the articles itself. All is a function of the articles that are in the store, so it may be
 * worked out at any time, again, by whoever; what is told (`trend/` messages) depends on when that
 * was. Runs on a handle of its own (`beside`), off the path of the articles. */
#ifndef WR_STORE_DIGEST_H
#define WR_STORE_DIGEST_H

#include <common/store/store.h>

#define WR_DIGEST_TRENDS 20  /* kept of a day, of each kind */
#define WR_DIGEST_TOLD   3.0 /* score from which a trend is published */
#define WR_DIGEST_DAYS                                                                             \
    60 /* before the newest day: older ones are worked out once, and not told                      \
        */

typedef struct wr_digest wr_digest;

/* `store` is a handle to write with; it must outlive the digest. */
WR_API WR_MUSTUSE wr_status wr_digest_open(wr_store *store, wr_digest **out);
WR_API void wr_digest_close(wr_digest **digest);

/* Looks what has changed. O(days + articles) of an index. */
WR_API WR_MUSTUSE wr_status wr_digest_plan(wr_digest *digest);
/* One piece of work, the newest day first: trends of a day (with the phrases of its texts), pairs
 * of 4,096 articles, or at last the table entity_pairs. Commits. *more = there is more to do. A
 * failed piece is tried again after the next plan. */
WR_API WR_MUSTUSE wr_status wr_digest_step(wr_digest *digest, bool *more);
/* Does a step want to write, or is it writing? From any thread: the writer of articles may leave it
 * a gap between two of its transactions. */
WR_API bool wr_digest_writing(const wr_digest *digest);

#endif
