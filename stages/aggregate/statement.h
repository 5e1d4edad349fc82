/* statement.h -- steps of a prepared statement with the project's statuses */
#ifndef AGGREGATE_STATEMENT_H
#define AGGREGATE_STATEMENT_H

#include <common/store/store.h>

#include <sqlite3.h>

/* One step: *row tells whether there is one. */
WR_MUSTUSE static inline wr_status statement_step(sqlite3_stmt *s, bool *row) {
    int rc = sqlite3_step(s);
    *row = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? WR_OK : wr_store_status(rc);
}

/* To the end of a statement that gives no rows, and back to its beginning. */
WR_MUSTUSE static inline wr_status statement_run(sqlite3_stmt *s) {
    bool row;
    wr_status status = statement_step(s, &row);
    sqlite3_reset(s);
    return status;
}

/* Up to two numbers of one row (`b` may be NULL); 0 = no row. */
WR_MUSTUSE static inline wr_status statement_numbers(sqlite3_stmt *s, int64_t *a, int64_t *b) {
    bool row;
    wr_status status = statement_step(s, &row);
    *a = row ? sqlite3_column_int64(s, 0) : 0;
    if (b) *b = row ? sqlite3_column_int64(s, 1) : 0;
    sqlite3_reset(s);
    return status;
}

#endif
