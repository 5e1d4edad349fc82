/* sql.c -- statements, bindings, and what SQLite's result codes mean here */
#include <common/store/private.h>

#include <errno.h>

static const char *const statements[] = {
#define S(NAME, sql) sql,
#include <common/store/statements.def>
#undef S
};

wr_status wr_store_status(int rc) {
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return WR_OK;
    case SQLITE_FULL: return WR_DISKFULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return WR_LOCKED;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return WR_DENIED;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: return WR_IO;
    case SQLITE_NOMEM: return WR_MEMORY;
    case SQLITE_TOOBIG: return WR_LIMIT;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return WR_MALFORMED;
    case SQLITE_INTERRUPT: return WR_TIMEOUT;
    default: return WR_INTERNAL;
    }
}

wr_status store_prepare(wr_store *s) {
    for (int i = 0; i < STMT_COUNT; i++) {
        int rc = sqlite3_prepare_v3(s->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                                    &s->stmts[i], NULL);
        if (rc != SQLITE_OK) return store_fail(s, rc, "preparing a statement");
    }
    return WR_OK;
}

void store_finalize(wr_store *s) {
    for (int i = 0; i < STMT_COUNT; i++) {
        sqlite3_finalize(s->stmts[i]);
        s->stmts[i] = NULL;
    }
}

void store_rollback(wr_store *s) {
    for (int i = 0; i < STMT_COUNT; i++)
        if (s->stmts[i]) sqlite3_reset(s->stmts[i]);
    if (s->in_transaction && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    s->in_transaction = false;
    store_map_clear(&s->entities); /* they hold rows that are gone now */
    store_map_clear(&s->aliases);
    store_map_clear(&s->sources);
    store_tally_clear(&s->entity_days);
    store_tally_clear(&s->source_days);
    s->days.n = 0;
    uint64_t rolled_back = s->counts.rolled_back + s->counts.pages - s->counts_before.pages;
    s->counts = s->counts_before;
    s->counts.rolled_back = s->counts_before.rolled_back = rolled_back;
}

wr_status store_fail(wr_store *s, int rc, const char *doing) {
    wr_status status = wr_store_status(rc);
    /* IOERR of a full file system inside a temporary or log file is the full disk as well */
    if (status == WR_IO && sqlite3_system_errno(s->db) == ENOSPC) status = WR_DISKFULL;
    if (status == WR_MEMORY) status = WR_AGAIN; /* the system's memory, not the page's limit */
    if (status == WR_DENIED || status == WR_MALFORMED) {
        /* of the store, not of the page: the process cannot go on, but the page may elsewhere */
        snprintf(s->why, sizeof s->why, "%s: %s: %s", s->path, doing, sqlite3_errmsg(s->db));
        status = WR_IO;
    } else
        snprintf(s->why, sizeof s->why, "%s: %s: %s (%s)", s->path, doing, wr_status_text(status),
                 sqlite3_errmsg(s->db));
    if (s->in_transaction) {
        store_rollback(s);
        s->failed = status;
    }
    return status;
}

void store_bind_text(sqlite3_stmt *stmt, int at, wr_str text) {
    sqlite3_bind_text64(stmt, at, text.ptr ? text.ptr : "", text.len, SQLITE_STATIC, SQLITE_UTF8);
}

void store_bind_str(sqlite3_stmt *stmt, int at, wr_str text) {
    if (text.len) store_bind_text(stmt, at, text);
    else sqlite3_bind_null(stmt, at);
}

void store_bind_json(sqlite3_stmt *stmt, int at, const wr_buf *json) {
    if (json->len > 2) store_bind_text(stmt, at, wr_buf_str(json));
    else sqlite3_bind_null(stmt, at);
}

void store_bind_uint(sqlite3_stmt *stmt, int at, uint64_t v) {
    sqlite3_bind_int64(stmt, at, v > INT64_MAX ? INT64_MAX : (int64_t)v);
}

wr_str store_column(sqlite3_stmt *stmt, int at) {
    const char *text = (const char *)sqlite3_column_text(stmt, at);
    return wr_str_of(text, text ? (size_t)sqlite3_column_bytes(stmt, at) : 0);
}

wr_str store_column_blob(sqlite3_stmt *stmt, int at) {
    const char *bytes = sqlite3_column_blob(stmt, at);
    return wr_str_of(bytes, bytes ? (size_t)sqlite3_column_bytes(stmt, at) : 0);
}

wr_status store_row(wr_store *s, store_stmt which, bool *row, const char *doing) {
    int rc = sqlite3_step(s->stmts[which]);
    *row = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE) return WR_OK;
    return store_fail(s, rc, doing);
}

wr_status store_run(wr_store *s, store_stmt which, const char *doing) {
    int rc = sqlite3_step(s->stmts[which]);
    if (rc != SQLITE_DONE && rc != SQLITE_ROW) return store_fail(s, rc, doing);
    sqlite3_reset(s->stmts[which]);
    return WR_OK;
}
