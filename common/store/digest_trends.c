/* digest_trends.c -- the trends of a day: rows, and messages about what has changed */
#include <common/store/digest_parts.h>

#define DAYS_AT_ONCE 16

typedef struct known {
    wr_str kind, term, name;
    double score;
} known;

static const char *kind_of(const wr_trend *t) {
    return t->entity ? "entity" : "phrase";
}

static wr_status read_known(wr_digest *d, const digest_day *day, known **out, size_t *n) {
    sqlite3_stmt *stmt = NULL;
    size_t cap = 0;
    int rc = sqlite3_prepare_v2(wr_store_db(d->store),
                                "SELECT kind, term, name, score FROM trends WHERE day = ?1"
                                " ORDER BY kind, term",
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return store_fail(d->store, rc, "reading trends");
    sqlite3_bind_text(stmt, 1, day->day, -1, SQLITE_STATIC);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        known *k = WR_PUSH(d->arena, *out, *n, cap);
        if (!k) status = WR_MEMORY;
        if (k) k->score = sqlite3_column_double(stmt, 3);
        if (k) status = wr_arena_copy(d->arena, store_column(stmt, 0), &k->kind);
        if (status == WR_OK) status = wr_arena_copy(d->arena, store_column(stmt, 1), &k->term);
        if (status == WR_OK) status = wr_arena_copy(d->arena, store_column(stmt, 2), &k->name);
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

/* ---- messages ---- */

static void member_str(wr_buf *json, const char *key, wr_str value) {
    if (!value.len) return;
    wr_json_key(json, key);
    wr_json_str(json, value);
}

static void member_real(wr_buf *json, const char *key, double value) {
    wr_json_key(json, key);
    wr_json_real(json, value, 3);
}

static void member_uint(wr_buf *json, const char *key, uint64_t value) {
    wr_json_key(json, key);
    wr_json_uint(json, value);
}

static wr_status tell(wr_digest *d, const digest_day *day, const char *state, wr_str kind,
                      wr_str name, wr_str key, const wr_trend *t, size_t rank) {
    wr_buf *json = &d->store->json;
    wr_str slug, topic;
    wr_buf_clear(json);
    wr_buf_add_char(json, '{');
    member_str(json, "day", wr_str_c(day->day));
    member_str(json, "state", wr_str_c(state));
    member_str(json, "kind", kind);
    member_str(json, "name", name);
    if (t) {
        if (t->entity) member_str(json, "key", key);
        if (t->entity) member_str(json, "entity_type", t->type);
        member_str(json, "id", t->wikidata);
        member_uint(json, "rank", rank);
        member_real(json, "score", t->score);
        member_uint(json, "articles", t->count);
        member_uint(json, "mentions", t->mentions);
        member_uint(json, "support", t->support);
        member_real(json, "expected", t->expected);
        wr_json_key(json, "new");
        wr_buf_add_str(json, t->is_new ? WR_STR("true") : WR_STR("false"));
    }
    wr_buf_add_char(json, '}');
    if (json->status != WR_OK) return json->status;
    WR_TRY(wr_store_slug(d->arena, name, &slug));
    WR_TRY(wr_arena_printf(d->arena, &topic, "trend/%.*s/%.*s/", (int)kind.len, kind.ptr,
                           (int)slug.len, slug.ptr));
    return wr_store_event(d->store, WR_STR("trend"), topic, wr_buf_str(json));
}

static bool is_known(const known *list, size_t n, const wr_trend *t) {
    for (size_t i = 0; i < n; i++)
        if (list[i].score >= WR_DIGEST_TOLD && wr_str_eq(list[i].term, t->key) &&
            wr_str_eq(list[i].kind, wr_str_c(kind_of(t))))
            return true;
    return false;
}

static bool is_listed(const wr_trend *list, size_t n, const known *k) {
    for (size_t i = 0; i < n; i++)
        if (list[i].score >= WR_DIGEST_TOLD && wr_str_eq(list[i].key, k->term) &&
            wr_str_eq(k->kind, wr_str_c(kind_of(&list[i]))))
            return true;
    return false;
}

static wr_status tell_changes(wr_digest *d, const digest_day *day, const known *before, size_t m,
                              const wr_trend *list, size_t n) {
    const char *state = strcmp(day->day, d->newest) < 0 ? "late" : "now";
    if (!day->told) return WR_OK;
    for (size_t i = 0; i < n; i++)
        if (list[i].score >= WR_DIGEST_TOLD && !is_known(before, m, &list[i]))
            WR_TRY(tell(d, day, state, wr_str_c(kind_of(&list[i])), list[i].name, list[i].key,
                        &list[i], i + 1));
    for (size_t i = 0; i < m; i++)
        if (before[i].score >= WR_DIGEST_TOLD && !is_listed(list, n, &before[i]))
            WR_TRY(tell(d, day, "gone", before[i].kind, before[i].name, before[i].term, NULL, 0));
    return WR_OK;
}

/* ---- rows ---- */

static bool is_day(const char *day) {
    wr_str s = wr_str_c(day);
    for (size_t i = 0; i < s.len; i++)
        if (i == 4 || i == 7 ? s.ptr[i] != '-' : !wr_is_digit(s.ptr[i])) return false;
    return s.len == 10;
}

static wr_status put_trend(wr_digest *d, sqlite3_stmt *stmt, const digest_day *day,
                           const wr_trend *t, size_t rank) {
    sqlite3_bind_text(stmt, 1, day->day, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, kind_of(t), -1, SQLITE_STATIC);
    store_bind_text(stmt, 3, t->key);
    store_bind_text(stmt, 4, t->name);
    sqlite3_bind_int64(stmt, 5, (int64_t)rank);
    sqlite3_bind_double(stmt, 6, t->score);
    store_bind_uint(stmt, 7, t->support);
    store_bind_uint(stmt, 8, t->count);
    sqlite3_bind_double(stmt, 9, t->expected);
    sqlite3_bind_int(stmt, 10, t->is_new);
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE ? WR_OK : store_fail(d->store, rc, "writing trends");
}

static wr_status put_rows(wr_digest *d, const digest_day *day, const wr_trend *list, size_t n) {
    char sql[160];
    sqlite3_stmt *stmt = NULL;
    snprintf(sql, sizeof sql, "DELETE FROM trends WHERE day = '%s'", day->day);
    if (!is_day(day->day)) return WR_OK;
    WR_TRY(digest_exec(d, sql));
    snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO trend_days VALUES('%s', %lld, %d)", day->day,
             (long long)day->stamp, strcmp(day->day, d->newest) < 0);
    WR_TRY(digest_exec(d, sql));
    int rc =
        sqlite3_prepare_v2(wr_store_db(d->store),
                           "INSERT INTO trends(day, kind, term, name, rank, score, support,"
                           " articles, expected, is_new) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
                           -1, &stmt, NULL);
    if (rc != SQLITE_OK) return store_fail(d->store, rc, "writing trends");
    wr_status status = WR_OK;
    for (size_t i = 0; i < n && status == WR_OK; i++)
        status = put_trend(d, stmt, day, &list[i], i + 1);
    sqlite3_finalize(stmt);
    return status;
}

/* ---- several days in one transaction ---- */

typedef struct worked_out {
    const digest_day *day;
    wr_trend *list;
    size_t n;
} worked_out;

static wr_status work_out(wr_digest *d, const digest_day *day, worked_out *out) {
    wr_str last;
    wr_trending_options o = {.day = wr_str_c(day->day), .days = 1, .limit = WR_DIGEST_TRENDS};
    *out = (worked_out){.day = day};
    if (!is_day(day->day)) return WR_OK;
    wr_status status =
        wr_trending_all(wr_store_db(d->store), d->arena, &o, &last, &out->list, &out->n);
    return status == WR_USAGE ? WR_OK : status; /* no day of the calendar */
}

static wr_status work_out_days(wr_digest *d, worked_out *out, size_t *n) {
    uint64_t until = store_clock_us() + 200000;
    while (d->next_day > 0 && *n < DAYS_AT_ONCE && (*n == 0 || store_clock_us() < until)) {
        const digest_day *day = &d->days[--d->next_day];
        if (day->done) continue;
        WR_TRY(work_out(d, day, &out[*n]));
        ++*n;
    }
    return WR_OK;
}

static wr_status write_day(wr_digest *d, const worked_out *w) {
    known *before = NULL;
    size_t m = 0;
    WR_TRY(read_known(d, w->day, &before, &m));
    WR_TRY(put_rows(d, w->day, w->list, w->n));
    return tell_changes(d, w->day, before, m, w->list, w->n);
}

wr_status digest_trends(wr_digest *d, bool *more) {
    worked_out days[DAYS_AT_ONCE];
    size_t n = 0;
    WR_TRY(digest_exec(d, "BEGIN"));
    wr_status status = work_out_days(d, days, &n);
    WR_TRY(digest_exec(d, "COMMIT"));
    WR_TRY(status);
    *more = d->next_day > 0;
    if (n == 0) return WR_OK;
    WR_TRY(digest_begin(d));
    for (size_t i = 0; i < n; i++)
        WR_TRY(write_day(d, &days[i]));
    return digest_commit(d);
}
