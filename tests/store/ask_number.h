/* ask_number.h -- what tests ask of a store's tables */
#ifndef TESTS_STORE_ASK_NUMBER_H
#define TESTS_STORE_ASK_NUMBER_H

#include <common/store/store.h>

#include <sqlite3.h>
#include <stdio.h>

/* The first number a query gives; -1, and why on stderr, when it gives none. */
static inline int64_t ask_number(wr_store *s, const char *sql) {
    sqlite3_stmt *stmt = NULL;
    int64_t n = -1;
    if (sqlite3_prepare_v2(wr_store_db(s), sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        n = sqlite3_column_int64(stmt, 0);
    else fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(wr_store_db(s)));
    sqlite3_finalize(stmt);
    return n;
}

#endif
