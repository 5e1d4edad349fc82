/* digest.c -- what has changed, and the pieces of work */
#include <common/store/digest_parts.h>

#include <stdlib.h>
#include <xxhash.h>

wr_status wr_digest_open(wr_store *store, wr_digest **out) {
    wr_digest *d = calloc(1, sizeof *d);
    if (!d) return WR_AGAIN;
    d->store = store;
    wr_status status = wr_arena_new("digest", DIGEST_ARENA, &d->arena);
    if (status == WR_OK) status = wr_arena_new("digest plan", DIGEST_ARENA, &d->plan_arena);
    if (status != WR_OK) wr_digest_close(&d);
    else *out = d;
    return status;
}

void wr_digest_close(wr_digest **digest) {
    wr_digest *d = *digest;
    if (!d) return;
    wr_arena_free(&d->arena);
    wr_arena_free(&d->plan_arena);
    free(d);
    *digest = NULL;
}

wr_status digest_exec(wr_digest *d, const char *sql) {
    int rc = sqlite3_exec(wr_store_db(d->store), sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? WR_OK : store_fail(d->store, rc, "working out trends");
}

wr_status digest_begin(wr_digest *d) {
    atomic_store(&d->writing, true);
    return store_begin(d->store);
}

wr_status digest_commit(wr_digest *d) {
    wr_status status = wr_store_commit(d->store, NULL);
    atomic_store(&d->writing, false);
    return status;
}

bool wr_digest_writing(const wr_digest *d) {
    return atomic_load(&d->writing);
}

int64_t digest_number(wr_digest *d, const char *sql) {
    sqlite3_stmt *stmt = NULL;
    int64_t n = 0;
    if (sqlite3_prepare_v2(wr_store_db(d->store), sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return n;
}

/* ---- days ---- */

/* One day's articles as a number: another one when an article came, went or became a copy. */
static wr_status read_days(wr_digest *d) {
    static const char sql[] = "SELECT a.day, a.n, a.ids, coalesce(s.n_unique, 0) FROM (SELECT day, "
                              "count(*) AS n, sum(id) AS ids"
                              " FROM articles WHERE day > '' GROUP BY day) a LEFT JOIN days s ON "
                              "s.day = a.day ORDER BY a.day";
    sqlite3_stmt *stmt = NULL;
    size_t cap = 0;
    int rc = sqlite3_prepare_v2(wr_store_db(d->store), sql, -1, &stmt, NULL);
    wr_status status = wr_store_status(rc);
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        digest_day *day = WR_PUSH(d->plan_arena, d->days, d->n_days, cap);
        if (!day) status = WR_MEMORY;
        else {
            int64_t facts[3] = {sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2),
                                sqlite3_column_int64(stmt, 3)};
            *day = (digest_day){.own = XXH3_64bits(facts, sizeof facts)};
            snprintf(day->day, sizeof day->day, "%s", (const char *)sqlite3_column_text(stmt, 0));
        }
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

/* The stamp of a day's trends: of all days they look at. */
static void stamp_days(wr_digest *d) {
    for (size_t i = 0; i < d->n_days; i++) {
        char oldest[11];
        XXH64_hash_t stamp = 1;
        if (!trend_shift(d->days[i].day, -DIGEST_LOOKS_BACK, oldest)) continue;
        for (size_t k = i + 1; k-- > 0 && strcmp(d->days[k].day, oldest) >= 0;) {
            stamp = XXH3_64bits_withSeed(&d->days[k].own, sizeof d->days[k].own, stamp);
            stamp = XXH3_64bits_withSeed(d->days[k].day, 10, stamp);
        }
        d->days[i].stamp = (int64_t)(stamp >> 1);
    }
}

static digest_day *find_day(wr_digest *d, const char *day) {
    size_t low = 0, high = d->n_days;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(d->days[mid].day, day) < 0) low = mid + 1;
        else high = mid;
    }
    return low < d->n_days && strcmp(d->days[low].day, day) == 0 ? &d->days[low] : NULL;
}

/* Marks what is up to date; of days without articles the rows are to go. */
static wr_status read_done(wr_digest *d) {
    sqlite3_stmt *stmt = NULL;
    char recent[11] = "";
    trend_frame newest;
    WR_TRY(trend_frame_read(wr_store_db(d->store), d->plan_arena, (wr_str){0}, 1, &newest));
    snprintf(d->newest, sizeof d->newest, "%s", newest.last);
    if (d->newest[0] && !trend_shift(d->newest, -WR_DIGEST_DAYS, recent)) recent[0] = 0;
    int rc = sqlite3_prepare_v2(wr_store_db(d->store), "SELECT day, stamp, closed FROM trend_days",
                                -1, &stmt, NULL);
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        if ((rc = sqlite3_step(stmt)) != SQLITE_ROW) break;
        const char *name = (const char *)sqlite3_column_text(stmt, 0);
        digest_day *day = find_day(d, name);
        if (!day) {
            d->orphans = true;
            continue;
        }
        bool closed = sqlite3_column_int(stmt, 2) || strcmp(name, d->newest) >= 0;
        day->was_closed = sqlite3_column_int(stmt, 2);
        day->done =
            strcmp(name, recent) < 0 || (closed && sqlite3_column_int64(stmt, 1) == day->stamp);
    }
    sqlite3_finalize(stmt);
    for (size_t i = 0; i < d->n_days; i++)
        d->days[i].told = strcmp(d->days[i].day, recent) >= 0;
    return wr_store_status(rc);
}

wr_status wr_digest_plan(wr_digest *d) {
    wr_arena_reset(d->plan_arena);
    d->days = NULL;
    d->n_days = 0;
    d->orphans = false;
    WR_TRY(digest_exec(d, "BEGIN"));
    wr_status status = read_days(d);
    if (status == WR_OK) {
        stamp_days(d);
        status = read_done(d);
    }
    if (status == WR_OK) status = digest_find_chunk(d);
    WR_TRY(digest_exec(d, "COMMIT"));
    d->next_day = d->n_days;
    d->graph = true;
    return status;
}

/* ---- pieces ---- */

static wr_status drop_orphans(wr_digest *d) {
    d->orphans = false;
    WR_TRY(digest_begin(d));
    WR_TRY(digest_exec(d, "DELETE FROM trends WHERE day NOT IN (SELECT day FROM articles)"));
    WR_TRY(digest_exec(d, "DELETE FROM trend_days WHERE day NOT IN (SELECT day FROM articles)"));
    return digest_commit(d);
}

static wr_status step(wr_digest *d, bool *more) {
    *more = true;
    if (d->orphans) return drop_orphans(d);
    if (d->chunk >= 0) return digest_chunk(d);
    if (d->graph) {
        d->graph = false;
        return digest_graph(d);
    }
    return digest_trends(d, more);
}

wr_status wr_digest_step(wr_digest *d, bool *more) {
    wr_arena_reset(d->arena);
    wr_status status = step(d, more);
    if (status == WR_OK) return WR_OK;
    *more = false;
    /* whatever was open: out, and tried again after the next plan */
    if (!sqlite3_get_autocommit(wr_store_db(d->store))) store_rollback(d->store);
    wr_status failed = digest_commit(d);
    if (!sqlite3_get_autocommit(wr_store_db(d->store)))
        sqlite3_exec(wr_store_db(d->store), "ROLLBACK", NULL, NULL, NULL);
    return failed == WR_OK ? status : failed;
}
