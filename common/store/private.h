/* private.h -- inside of the store */
#ifndef WR_STORE_PRIVATE_H
#define WR_STORE_PRIVATE_H

#include <common/store/json.h>
#include <common/store/store.h>

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>

#define STORE_MAX_ARTICLES 4096u
#define STORE_MAX_ENTITIES 10000u /* per article; quotes too */
#define STORE_MAX_JSON     (64u << 20)

typedef enum store_stmt {
#define S(NAME, sql) STMT_##NAME,
#include <common/store/statements.def>
#undef S
    STMT_COUNT
} store_stmt;

/* ---- memory of names seen: 64-bit keyed hash -> number; forgets all when it is full ---- */
typedef struct store_map {
    uint64_t *keys;
    int64_t *values;
    size_t n, cap;
    uint64_t seed;
} store_map;

wr_status store_map_init(store_map *map, size_t cap, uint64_t seed);
void store_map_free(store_map *map);
void store_map_clear(store_map *map);
uint64_t store_map_key(const store_map *map, wr_str a, uint64_t b);
bool store_map_get(const store_map *map, uint64_t key, int64_t *value);
void store_map_put(store_map *map, uint64_t key, int64_t value);

/* ---- counts of the open transaction, added to the tables at its end, in key order ---- */
typedef struct store_count {
    int64_t owner;                                /* entity or source */
    int64_t articles, unique, amount, paragraphs; /* amount: mentions, or bytes of text */
    uint32_t day;                                 /* index into days */
    bool used;
} store_count;

typedef struct store_tally {
    store_count *slots;
    size_t n, cap;
} store_tally;

typedef struct store_days {
    char (*names)[11]; /* "YYYY-MM-DD" or "" */
    size_t n, cap;
} store_days;

#define STORE_TOUCHED 64

typedef struct store_touched {
    char day[11];
    uint64_t commit; /* number of the last commit that changed the day */
} store_touched;

struct wr_store {
    sqlite3 *db;
    sqlite3_stmt *stmts[STMT_COUNT];
    int lock_fd;
    bool read_only, offsets_only, in_transaction;
    wr_status failed; /* of the open transaction */
    char *path;
    const char *now;
    char why[512];

    store_map entities, aliases, sources;
    store_tally entity_days, source_days;
    store_days days;
    store_touched touched[STORE_TOUCHED]; /* the days written to last */
    size_t next_touched;
    int64_t next_page, next_article;
    uint64_t next_seq, n_article, n_entity, n_quote;
    wr_buf json, terms, slug, encoded, paras;
    wr_arena *arena;
    wr_store_counts counts, counts_before; /* as of the last commit */
    uint64_t since_tidy;

    /* the thread that moves the write-ahead log into the database */
    pthread_t checkpointer;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool has_checkpointer, checkpoint_wanted, checkpoint_running, stopping;
    int log_pages, moved_pages; /* in the log; of it moved by the thread */
};

int store_schema_version(void);
int store_schema_check(sqlite3 *db, int *version);
int store_schema_migrate(sqlite3 *db, int upto, int *version);

/* ---- statements ---- */
wr_status store_prepare(wr_store *s);
void store_finalize(wr_store *s);
/* Records the failure and ends the transaction when it cannot go on. */
wr_status store_fail(wr_store *s, int rc, const char *doing);
void store_rollback(wr_store *s);
/* Binds; an empty string is NULL. */
void store_bind_str(sqlite3_stmt *stmt, int at, wr_str text);
void store_bind_json(sqlite3_stmt *stmt, int at, const wr_buf *json); /* NULL for [] and {} */
void store_bind_text(sqlite3_stmt *stmt, int at, wr_str text);        /* empty stays empty */
void store_bind_uint(sqlite3_stmt *stmt, int at, uint64_t v);         /* above INT64_MAX: that */
wr_str store_column(sqlite3_stmt *stmt, int at);
wr_str store_column_blob(sqlite3_stmt *stmt, int at);
/* Runs a statement that gives no rows, and resets it. */
wr_status store_run(wr_store *s, store_stmt which, const char *doing);
/* Steps a query: *row tells whether there is one. The caller resets. */
wr_status store_row(wr_store *s, store_stmt which, bool *row, const char *doing);
wr_status store_begin(wr_store *s);

/* ---- parts of adding ---- */
wr_status store_put_article(wr_store *s, const wr_page *page, size_t i, int64_t page_id,
                            int64_t id);
/* Leaves the JSON of the entities in s->json and that of the dates in s->slug. */
wr_status store_put_tags(wr_store *s, const wr_article *a, int64_t id, int64_t source, wr_str day,
                         size_t *n_quotes);
wr_status store_put_removed(wr_store *s, const wr_page *page, int64_t page_id);
wr_status store_source(wr_store *s, const wr_page *page, const wr_article *a, int64_t *id);
wr_status store_entity(wr_store *s, const wr_entity *e, wr_str name, int64_t *id, bool *is_label);
wr_status store_alias(wr_store *s, int64_t entity, wr_str alias);
wr_status store_drop_page(wr_store *s, int64_t page_id);
wr_status store_drop_article(wr_store *s, int64_t id);
/* The day an article counts for: published, else fetched, else "". */
wr_str store_day(const wr_page *page, const wr_article *a);
/* The better of two names of one thing, by the names alone, so that order does not matter. */
bool store_name_better(wr_str a, wr_str b);

wr_status store_tally_add(wr_store *s, store_tally *tally, wr_str day, const store_count *delta);
wr_status store_tally_flush(wr_store *s);
/* Lists of days (day_list.h): those of the days in s->days go; one of a day at rest is made, when
 * idle of any day. */
wr_status store_day_lists_drop(wr_store *s);
wr_status store_day_lists_make(wr_store *s, bool idle, bool *made);
wr_status store_day_lists_check(sqlite3 *db, wr_store_found *found, void *to, size_t *n);
void store_tally_clear(store_tally *tally);
wr_status store_put_event(wr_store *s, uint64_t span, wr_str kind, int64_t ref, wr_str topic,
                          wr_str body, uint64_t entities, uint64_t quotes);

void store_now(const wr_store *s, char out[32]);
uint64_t store_clock_us(void);
wr_status store_checkpointer_start(wr_store *s);
void store_checkpointer_stop(wr_store *s);
void store_checkpoint_soon(wr_store *s);

#endif
