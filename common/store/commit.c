/* commit.c -- the transaction around a batch of pages, and the write-ahead log off its path */
#include <common/store/private.h>

#define LOG_PAGES  8192   /* 32 MiB: from here on the log is moved into the database */
#define REST_PAGES 1024   /* 4 MiB: so little may be moved between two transactions */
#define LOG_MAX    131072 /* 512 MiB: beyond it that waits no longer */

/* ---- the checkpointer: a thread with its own connection, so that commits do not wait ---- */

static void *checkpointer(void *arg) {
    wr_store *s = arg;
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(s->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
        SQLITE_OK)
        sqlite3_exec(db, "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0", NULL, NULL, NULL);
    pthread_mutex_lock(&s->mutex);
    while (!s->stopping) {
        if (!s->checkpoint_wanted) {
            pthread_cond_wait(&s->wake, &s->mutex);
            continue;
        }
        s->checkpoint_wanted = false;
        s->checkpoint_running = true;
        pthread_mutex_unlock(&s->mutex);
        /* A failure leaves the log as it is: the next commit asks again. */
        int moved = 0;
        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, &moved);
        pthread_mutex_lock(&s->mutex);
        s->checkpoint_running = false;
        s->moved_pages = moved;
    }
    pthread_mutex_unlock(&s->mutex);
    sqlite3_close(db);
    return NULL;
}

static int on_wal(void *arg, sqlite3 *db, const char *name, int pages) {
    wr_store *s = arg;
    (void)db;
    (void)name;
    s->log_pages = pages;
    return SQLITE_OK;
}

wr_status store_checkpointer_start(wr_store *s) {
    sqlite3_wal_hook(s->db, on_wal, s);
    if (pthread_mutex_init(&s->mutex, NULL) != 0) return WR_AGAIN;
    if (pthread_cond_init(&s->wake, NULL) != 0 ||
        pthread_create(&s->checkpointer, NULL, checkpointer, s) != 0)
        return WR_AGAIN;
    s->has_checkpointer = true;
    return WR_OK;
}

void store_checkpointer_stop(wr_store *s) {
    if (!s->has_checkpointer) return;
    pthread_mutex_lock(&s->mutex);
    s->stopping = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->mutex);
    pthread_join(s->checkpointer, NULL);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->mutex);
    s->has_checkpointer = false;
}

/* The log begins anew only when all of it has been moved. The thread moves the bulk, again and
 * again until little is left; the rest is moved here, between two transactions. */
void store_checkpoint_soon(wr_store *s) {
    if (s->log_pages < LOG_PAGES || !s->has_checkpointer) return;
    pthread_mutex_lock(&s->mutex);
    bool busy = s->checkpoint_running || s->checkpoint_wanted;
    int left = s->log_pages - s->moved_pages;
    bool here = !busy && (s->moved_pages > 0 && left < REST_PAGES);
    here = here || (s->log_pages > LOG_MAX && !busy);
    if (!busy && !here) {
        s->checkpoint_wanted = true;
        pthread_cond_signal(&s->wake);
    }
    if (here) s->moved_pages = 0;
    pthread_mutex_unlock(&s->mutex);
    if (here) sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/* ---- transactions ---- */

static wr_status max_id(wr_store *s, store_stmt which, int64_t *next) {
    bool row;
    WR_TRY(store_row(s, which, &row, "reading the last number"));
    *next = sqlite3_column_int64(s->stmts[which], 0) + 1;
    sqlite3_reset(s->stmts[which]);
    return WR_OK;
}

static wr_status last_event(wr_store *s) {
    bool row;
    sqlite3_stmt *stmt = s->stmts[STMT_EVENT_LAST];
    WR_TRY(store_row(s, STMT_EVENT_LAST, &row, "reading the last event"));
    s->next_seq = 1;
    s->n_article = s->n_entity = s->n_quote = 0;
    if (row) {
        uint64_t span = (uint64_t)sqlite3_column_int64(stmt, 1);
        s->next_seq = (uint64_t)sqlite3_column_int64(stmt, 0) + span;
        s->n_article = (uint64_t)sqlite3_column_int64(stmt, 3);
        s->n_entity = (uint64_t)sqlite3_column_int64(stmt, 4);
        s->n_quote = (uint64_t)sqlite3_column_int64(stmt, 5);
    }
    sqlite3_reset(stmt);
    return WR_OK;
}

wr_status store_begin(wr_store *s) {
    if (s->failed != WR_OK) return s->failed; /* until the commit that reports it */
    if (s->in_transaction) return WR_OK;
    if (s->read_only) return WR_DENIED;
    int rc = sqlite3_step(s->stmts[STMT_BEGIN]);
    sqlite3_reset(s->stmts[STMT_BEGIN]);
    if (rc != SQLITE_DONE) return s->failed = store_fail(s, rc, "beginning a transaction");
    s->in_transaction = true;
    s->counts_before = s->counts;
    WR_TRY(max_id(s, STMT_MAX_PAGE, &s->next_page));
    WR_TRY(max_id(s, STMT_MAX_ARTICLE, &s->next_article));
    return last_event(s);
}

wr_status wr_store_begin(wr_store *s) {
    return store_begin(s);
}

/* `n` pages of merge work for a text index, a share of what the batch wrote, so that the indexes
 * stay few segments without ever making one long transaction. */
static wr_status merge(wr_store *s, const char *table, uint64_t n) {
    char sql[128];
    snprintf(sql, sizeof sql, "INSERT INTO %s(%s, rank) VALUES('merge', %llu)", table, table,
             (unsigned long long)n);
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? WR_OK : store_fail(s, rc, "merging a text index");
}

static wr_status merge_share(wr_store *s) {
    uint64_t articles = s->counts.articles - s->counts_before.articles;
    if (articles == 0) return WR_OK;
    WR_TRY(merge(s, "article_fts", 8 + articles * 2));
    WR_TRY(merge(s, "facets", 4 + articles / 8));
    return merge(s, "entity_fts", 4 + articles / 8);
}

wr_status wr_store_commit(wr_store *s, uint64_t *last_seq) {
    if (s->failed != WR_OK) {
        wr_status failed = s->failed;
        s->failed = WR_OK;
        return failed;
    }
    if (!s->in_transaction) {
        if (last_seq) *last_seq = s->next_seq ? s->next_seq - 1 : 0;
        return WR_OK;
    }
    uint64_t began = store_clock_us();
    wr_status status = store_tally_flush(s);
    if (status == WR_OK) status = merge_share(s);
    if (status == WR_OK) status = store_run(s, STMT_COMMIT, "committing");
    s->failed = WR_OK; /* reported by this very return */
    if (status != WR_OK) return status;
    s->in_transaction = false;
    s->counts.commits++;
    uint64_t took = store_clock_us() - began;
    if (took > s->counts.worst_commit_us) s->counts.worst_commit_us = took;
    if (last_seq) *last_seq = s->next_seq - 1;
    store_checkpoint_soon(s);
    s->counts_before = s->counts;
    return WR_OK;
}

/* In a transaction that no other handle writes beside: the list is made of the rows as they stay.
 */
static wr_status pack_day(wr_store *s, bool *made) {
    int rc = sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc != SQLITE_OK) return store_fail(s, rc, "beginning to tidy");
    wr_status status = store_day_lists_make(s, true, made);
    rc = sqlite3_exec(s->db, status == WR_OK ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL);
    if (status == WR_OK && rc != SQLITE_OK) {
        status = store_fail(s, rc, "packing a day");
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return status;
}

wr_status wr_store_tidy(wr_store *s, unsigned budget_ms, bool *more) {
    static const char *const tables[] = {"article_fts", "facets", "entity_fts"};
    uint64_t until = store_clock_us() + budget_ms * 1000u;
    *more = false;
    if (s->in_transaction || s->failed != WR_OK || s->read_only) return WR_OK;
    for (bool made = true; made;) {
        WR_TRY(pack_day(s, &made));
        *more = store_clock_us() >= until;
        if (*more) return WR_OK;
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        int before = 0;
        do {
            before = sqlite3_total_changes(s->db);
            WR_TRY(merge(s, tables[i], 500));
            if (store_clock_us() >= until) {
                *more = true;
                return WR_OK;
            }
        } while (sqlite3_total_changes(s->db) - before > 1);
    }
    sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return WR_OK;
}

wr_status store_put_event(wr_store *s, uint64_t span, wr_str kind, int64_t ref, wr_str topic,
                          wr_str body, uint64_t entities, uint64_t quotes) {
    char now[32];
    store_now(s, now);
    sqlite3_stmt *stmt = s->stmts[STMT_EVENT_PUT];
    s->n_article += ref != 0;
    s->n_entity += entities;
    s->n_quote += quotes;
    store_bind_uint(stmt, 1, s->next_seq);
    store_bind_uint(stmt, 2, span);
    store_bind_text(stmt, 3, kind);
    if (ref) sqlite3_bind_int64(stmt, 4, ref);
    else sqlite3_bind_null(stmt, 4);
    store_bind_uint(stmt, 5, s->n_article);
    store_bind_uint(stmt, 6, s->n_entity);
    store_bind_uint(stmt, 7, s->n_quote);
    store_bind_text(stmt, 8, wr_str_c(now));
    store_bind_str(stmt, 9, topic);
    store_bind_str(stmt, 10, body);
    WR_TRY(store_run(s, STMT_EVENT_PUT, "writing an event"));
    s->next_seq += span;
    return WR_OK;
}

wr_status wr_store_event(wr_store *s, wr_str kind, wr_str topic, wr_str body) {
    WR_TRY(store_begin(s));
    return store_put_event(s, 1, kind, 0, topic, body, 0, 0);
}
