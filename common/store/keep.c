/* keep.c -- forgetting what is too old, giving room back, copies of the store */
#include <common/store/private.h>

#include <fcntl.h>
#include <unistd.h>

typedef struct victim {
    int64_t article, page;
} victim;

static wr_status exec(wr_store *s, const char *sql, const char *doing) {
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? WR_OK : store_fail(s, rc, doing);
}

/* The articles before `day`: dated ones by their day, the others by when their page came. */
static wr_status find_old(wr_store *s, wr_str day, bool texts_only, size_t limit, victim **out,
                          size_t *n) {
    static const char *const dated =
        "SELECT a.id, a.page_id, '' FROM articles a WHERE a.day > '' AND a.day < ?1"
        " ORDER BY a.day, a.id LIMIT ?2";
    static const char *const dated_texts =
        "SELECT a.id, a.page_id, '' FROM articles a JOIN texts t ON t.article_id = a.id"
        " WHERE a.day > '' AND a.day < ?1 AND t.text IS NOT NULL ORDER BY a.day, a.id LIMIT ?2";
    static const char *const undated =
        "SELECT a.id, a.page_id, p.seen FROM articles a JOIN pages p ON p.id = a.page_id"
        " WHERE a.day = '' ORDER BY a.id LIMIT ?2";
    static const char *const undated_texts =
        "SELECT a.id, a.page_id, p.seen FROM articles a JOIN pages p ON p.id = a.page_id"
        " JOIN texts t ON t.article_id = a.id"
        " WHERE a.day = '' AND t.text IS NOT NULL ORDER BY a.id LIMIT ?2";
    const char *const queries[] = {texts_only ? dated_texts : dated,
                                   texts_only ? undated_texts : undated};
    size_t cap = 0;
    for (size_t i = 0; i < 2; i++) {
        sqlite3_stmt *stmt = NULL;
        int rc = sqlite3_prepare_v2(s->db, queries[i], -1, &stmt, NULL);
        sqlite3_bind_text(stmt, 1, day.ptr, (int)day.len, SQLITE_STATIC);
        sqlite3_bind_int64(stmt, 2, (int64_t)limit);
        while (rc == SQLITE_OK && *n < limit && sqlite3_step(stmt) == SQLITE_ROW) {
            if (wr_str_cmp(store_column(stmt, 2), day) >= 0)
                break; /* later pages have higher ids */
            victim *v = WR_PUSH(s->arena, *out, *n, cap);
            if (!v) rc = SQLITE_NOMEM;
            else *v = (victim){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
        }
        sqlite3_finalize(stmt);
        if (rc != SQLITE_OK) return store_fail(s, rc, "looking for old articles");
    }
    return WR_OK;
}

static wr_status forget_article(wr_store *s, victim v) {
    char sql[256];
    WR_TRY(store_drop_article(s, v.article));
    snprintf(sql, sizeof sql,
             "SELECT 1 FROM pages p JOIN articles a ON a.id >= p.first_article"
             " AND a.id < p.first_article + p.n_articles WHERE p.id = %lld LIMIT 1",
             (long long)v.page);
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) rc = sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    if (rc == SQLITE_ROW) return WR_OK; /* the page has other articles */
    if (rc != SQLITE_DONE) return store_fail(s, rc, "looking for a page's articles");
    snprintf(sql, sizeof sql, "DELETE FROM sightings WHERE page_id = %lld", (long long)v.page);
    WR_TRY(exec(s, sql, "removing file names"));
    return store_drop_page(s, v.page);
}

static wr_status forget_text(wr_store *s, int64_t article) {
    char sql[128];
    sqlite3_stmt *stmt = s->stmts[STMT_ARTICLE_OF_PAGE];
    bool row;
    wr_str title = {0}, text = {0};
    sqlite3_bind_int64(stmt, 1, article);
    WR_TRY(store_row(s, STMT_ARTICLE_OF_PAGE, &row, "reading an article"));
    wr_status status = WR_OK;
    if (row) status = wr_arena_copy(s->arena, store_column(stmt, 3), &title);
    if (row && status == WR_OK) status = wr_arena_copy(s->arena, store_column(stmt, 8), &text);
    sqlite3_reset(stmt);
    if (!row) return status;
    WR_TRY(status);
    static const store_stmt steps[] = {STMT_FTS_DROP, STMT_FTS_PUT};
    for (size_t i = 0; i < 2; i++) {
        sqlite3_bind_int64(s->stmts[steps[i]], 1, article);
        store_bind_text(s->stmts[steps[i]], 2, title);
        store_bind_text(s->stmts[steps[i]], 3, i ? WR_STR("") : text);
        WR_TRY(store_run(s, steps[i], "taking a text out of the index"));
    }
    snprintf(sql, sizeof sql, "UPDATE texts SET text = NULL WHERE article_id = %lld",
             (long long)article);
    WR_TRY(exec(s, sql, "removing a text"));
    snprintf(sql, sizeof sql, "UPDATE quotes SET words = NULL WHERE article_id = %lld",
             (long long)article);
    return exec(s, sql, "removing quoted words");
}

/* The outbox goes with the articles, but for the last row, which holds the number. */
static wr_status forget_events(wr_store *s, wr_str day) {
    char sql[256];
    snprintf(sql, sizeof sql,
             "DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE at < '%.*s'"
             " AND seq < (SELECT max(seq) FROM events) ORDER BY seq LIMIT 2000)",
             (int)(day.len > 10 ? 10 : day.len), day.ptr);
    return exec(s, sql, "removing old events");
}

wr_status wr_store_forget(wr_store *s, wr_str day, bool texts_only, size_t limit, size_t *n) {
    victim *victims = NULL;
    *n = 0;
    for (size_t i = 0; i < day.len; i++)
        if (!wr_is_digit(day.ptr[i]) && day.ptr[i] != '-') return WR_USAGE;
    WR_TRY(store_begin(s));
    wr_arena_reset(s->arena);
    wr_status status = find_old(s, day, texts_only, limit, &victims, n);
    for (size_t i = 0; status == WR_OK && i < *n; i++) {
        wr_arena_mark mark = wr_arena_here(s->arena);
        status = texts_only ? forget_text(s, victims[i].article) : forget_article(s, victims[i]);
        wr_arena_rewind(s->arena, mark);
    }
    if (status == WR_OK && !texts_only) status = forget_events(s, day);
    if (status != WR_OK && s->failed == WR_OK) {
        store_rollback(s);
        s->failed = status;
    }
    return wr_store_commit(s, NULL);
}

wr_status wr_store_shrink(wr_store *s, unsigned pages) {
    char sql[64];
    if (s->in_transaction) return WR_AGAIN;
    snprintf(sql, sizeof sql, "PRAGMA incremental_vacuum(%u)", pages);
    return exec(s, sql, "giving room back");
}

static wr_status sync_file(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return WR_IO;
    int rc = fsync(fd);
    close(fd);
    return rc == 0 ? WR_OK : WR_IO;
}

wr_status wr_store_backup(wr_store *s, const char *path) {
    char part[4096];
    sqlite3 *to = NULL;
    if ((size_t)snprintf(part, sizeof part, "%s.part", path) >= sizeof part) return WR_LIMIT;
    unlink(part);
    int rc = sqlite3_open(part, &to);
    sqlite3_backup *backup =
        rc == SQLITE_OK ? sqlite3_backup_init(to, "main", s->db, "main") : NULL;
    /* in one step: one read transaction, so one committed state, whatever is written meanwhile */
    if (backup) {
        sqlite3_backup_step(backup, -1);
        rc = sqlite3_backup_finish(backup);
    } else if (rc == SQLITE_OK) rc = sqlite3_errcode(to);
    if (rc != SQLITE_OK) snprintf(s->why, sizeof s->why, "%.400s: %s", part, sqlite3_errmsg(to));
    sqlite3_close(to);
    wr_status status = wr_store_status(rc);
    if (status == WR_OK) status = sync_file(part);
    if (status == WR_OK && rename(part, path) != 0) status = WR_IO;
    if (status != WR_OK) unlink(part);
    return status;
}
