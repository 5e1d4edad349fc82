/* watch.h -- saved queries that are asked of every article that comes
 *
 * A watch is asked once a commit, of the text index and the facets, for the articles of that
 * commit: its cost does not grow with the articles but with the commits, and it means exactly what
 * the same question means to `wireroom query`. */
#ifndef WR_STORE_WATCH_H
#define WR_STORE_WATCH_H

#include <common/store/store.h>

#define WR_WATCHES_MAX 10000

typedef struct wr_watch {
    wr_str name;                    /* letters, digits, '-'; at most 64 */
    wr_str words;                   /* as FTS5 takes it */
    wr_str entity, source, speaker; /* a key, a name or an alias; a host or name */
    wr_str action;                  /* JSON list of a program and its arguments */
    wr_str created;
    int64_t since, delivered, runs, failed;
    int last_exit; /* of the action, -1 = none has ended */
} wr_watch;

/* Keeps a watch for the articles that come from now on, in place of one of that name. WR_USAGE: a
 * name or a query that is none, or no condition (wr_store_why). Commits. */
WR_API WR_MUSTUSE wr_status wr_watch_add(wr_store *store, const wr_watch *watch);
/* WR_NOTFOUND: there is none of that name. Commits. */
WR_API WR_MUSTUSE wr_status wr_watch_remove(wr_store *store, wr_str name);
/* All, by name; strings in `arena`. */
WR_API WR_MUSTUSE wr_status wr_watch_list(sqlite3 *db, wr_arena *arena, wr_watch **out, size_t *n);

/* The numbers of articles behind `after` that meet the conditions, lowest first, `limit` at most.
 * WR_USAGE: the words are no query. */
WR_API WR_MUSTUSE wr_status wr_watch_match(sqlite3 *db, wr_arena *arena, const wr_watch *watch,
                                           int64_t after, size_t limit, int64_t **out, size_t *n);

/* Asks all watches of the articles added since the last call, in the open transaction, and adds a
 * message for each match. A watch that cannot be asked is passed over. */
WR_API WR_MUSTUSE wr_status wr_watch_new_articles(wr_store *store);

/* An action has ended: message `seq` is done with, with that exit code. */
WR_API WR_MUSTUSE wr_status wr_watch_done(wr_store *store, wr_str name, int64_t seq, int exit_code);

#endif
