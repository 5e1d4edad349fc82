/* store.h -- the store: pages in, exactly once; everything about it in include/wireroom/STORE.md
 *
 * One process writes (it holds the file lock `<path>.lock`), any number read. A writer adds pages
 * and commits; what was added since the last commit is all there or all gone after a crash. One
 * thread at a time per wr_store. Texts of errors: wr_store_why. */
#ifndef WR_STORE_STORE_H
#define WR_STORE_STORE_H

#include <wireroom/page.h>

#include <sqlite3.h>

typedef struct wr_store wr_store;

typedef struct wr_store_options {
    const char *path;
    bool read_only;
    bool offsets_only;  /* keep no article text: ranges and counts only */
    bool beside;        /* for small transactions beside the writer that has the lock file */
    unsigned busy_ms;   /* how long to wait for a lock of somebody else; 0 = 5,000 */
    unsigned lock_ms;   /* how long to wait for another writer to end; 0 = busy_ms */
    unsigned cache_kib; /* page cache; 0 = 32 MiB */
    const char *now;    /* for tests: the time to record instead of the clock, ISO 8601 */
} wr_store_options;

/* Opens the store, makes it when it does not exist, and brings an older schema to this version.
 * WR_LOCKED: another writer has it. WR_VERSION: made by a newer wireroom. WR_DENIED: read-only
 * file or directory. WR_NOTFOUND: read_only and no such file. WR_MALFORMED: no store, or damaged.
 * *why (may be NULL) gets a text in `arena`. */
WR_API WR_MUSTUSE wr_status wr_store_open(const wr_store_options *options, wr_arena *arena,
                                          wr_store **out, wr_str *why);
/* Rolls back what is not committed, empties the write-ahead log, closes. With a successor waiting
 * (wr_store_await) the log is left to it, and it may begin at once. */
WR_API void wr_store_close(wr_store **store);

/* Tells the writer of the store at `path` that a successor waits for its end. To be taken back with
 * close(*fd) once the successor has opened the store. */
WR_API WR_MUSTUSE wr_status wr_store_await(const char *path, int *fd);
/* Does one wait? */
WR_API bool wr_store_awaited(const wr_store *store);

/* What the last failure was, for people; valid until the next call. */
WR_API wr_str wr_store_why(const wr_store *store);
/* The handle, to read with (and for maintenance). */
WR_API sqlite3 *wr_store_db(wr_store *store);

typedef enum wr_store_outcome {
    WR_STORE_NEW,    /* added */
    WR_STORE_SAME,   /* the page was there: nothing counted, a new file name is recorded */
    WR_STORE_REVISED /* was there from a later name with other contents: replaced */
} wr_store_outcome;

/* Adds a page within the open transaction (begins one when none is). A page that breaks the rules
 * (no id, too many articles) is refused, nothing else is touched. Any status of verdict retry or
 * fatal ends the transaction: all pages since the last commit are out again, and the next
 * wr_store_commit returns the same status. */
WR_API WR_MUSTUSE wr_status wr_store_add(wr_store *store, const wr_page *page,
                                         wr_store_outcome *outcome);

/* What wr_store_add asks first: is this a page the store can hold? WR_MALFORMED or WR_LIMIT. */
WR_API WR_MUSTUSE wr_status wr_store_accepts(wr_store *store, const wr_page *page);

/* Says whether an article is a copy of an earlier one: the counts without copies (n_unique) follow.
 * Within the open transaction; an article that is not there is left alone. */
WR_API WR_MUSTUSE wr_status wr_store_mark_copy(wr_store *store, int64_t article, bool is_copy);

/* Begins a transaction when none is open, for what is written through wr_store_db. */
WR_API WR_MUSTUSE wr_status wr_store_begin(wr_store *store);

/* Makes durable what was added. WR_OK also when nothing was. After any other status all pages
 * since the last commit are out again. *last_seq (may be NULL) = number of the last message. */
WR_API WR_MUSTUSE wr_status wr_store_commit(wr_store *store, uint64_t *last_seq);

/* Work that can wait: merges the text indexes and empties the write-ahead log, for about
 * `budget_ms`. *more = there is more to do. Only between transactions. */
WR_API WR_MUSTUSE wr_status wr_store_tidy(wr_store *store, unsigned budget_ms, bool *more);

/* Counters since open. */
typedef struct wr_store_counts {
    uint64_t pages, articles, same, revised, commits, rolled_back, spans_dropped;
    uint64_t story_terms_dropped; /* articles that went while their story could still change */
    uint64_t worst_commit_us;
} wr_store_counts;
WR_API wr_store_counts wr_store_counted(const wr_store *store);

/* Adds a message of another kind to the outbox, in the open transaction: `topic` as published,
 * `body` a JSON object with the message's members without v, type (= kind), seq, store and at. */
WR_API WR_MUSTUSE wr_status wr_store_event(wr_store *store, wr_str kind, wr_str topic, wr_str body);

/* The status an SQLite result code stands for. */
WR_API wr_status wr_store_status(int sqlite_code);

/* ---- maintenance ---- */

/* Removes articles whose day (or, undated, whose arrival) is before `day` (YYYY-MM-DD), at most
 * `limit`, with all counts; texts_only: only their text. *n = how many. Commits. */
WR_API WR_MUSTUSE wr_status wr_store_forget(wr_store *store, wr_str day, bool texts_only,
                                            size_t limit, size_t *n);
/* Gives up to `pages` free database pages back to the file system. */
WR_API WR_MUSTUSE wr_status wr_store_shrink(wr_store *store, unsigned pages);
/* Copies the store to `path` while it is written to; the copy is one committed state. */
WR_API WR_MUSTUSE wr_status wr_store_backup(wr_store *store, const char *path);
/* Integrity: of the file, of the text indexes, and that counts equal what the articles say. Calls
 * `found` for each fault. *n = how many. */
typedef void wr_store_found(void *to, const char *what);
WR_API WR_MUSTUSE wr_status wr_store_check(wr_store *store, wr_store_found *found, void *to,
                                           size_t *n);

/* ---- names ---- */

/* A name as it stands in keys and topics: NFKC, case folded, without marks; letters and digits
 * kept, all else one '-'; at most 96 bytes (longer ones end in a hash). Never empty. */
WR_API WR_MUSTUSE wr_status wr_store_slug(wr_arena *arena, wr_str name, wr_str *out);
/* The host of an address: lower case, without user, port and a leading "www."; empty = none. */
WR_API wr_str wr_store_host(wr_str url, char *buf, size_t size);

#endif
