/* day_list.c -- packed lists of what a day names: making them, reading them */
#include <common/store/day_list.h>
#include <common/store/private.h>

#define SHORT_ARTICLES 8
#define SHORT_MENTIONS 31
#define LONG           255u

/* ---- the packed form ---- */

static void add_number(wr_buf *out, uint64_t v) {
    for (; v >= 0x80; v >>= 7)
        wr_buf_add_char(out, (char)(v | 0x80));
    wr_buf_add_char(out, (char)v);
}

void day_list_add(wr_buf *out, const day_count *c, int64_t before) {
    int64_t more = c->mentions - c->articles;
    add_number(out, (uint64_t)(c->entity - before));
    if (c->articles >= 1 && c->articles <= SHORT_ARTICLES && c->unique == c->articles &&
        more >= 0 && more < SHORT_MENTIONS) {
        wr_buf_add_char(out, (char)((c->articles - 1) * SHORT_MENTIONS + more));
        return;
    }
    wr_buf_add_char(out, (char)LONG);
    add_number(out, (uint64_t)c->articles);
    add_number(out, (uint64_t)c->unique);
    add_number(out, (uint64_t)c->mentions);
}

static bool number(const uint8_t **at, const uint8_t *end, int64_t *out) {
    uint64_t v = 0;
    for (unsigned shift = 0; *at < end && shift < 63; shift += 7) {
        uint8_t byte = *(*at)++;
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = (int64_t)v;
            return true;
        }
    }
    return false;
}

static bool next(const uint8_t **at, const uint8_t *end, day_count *c) {
    int64_t step;
    if (!number(at, end, &step) || *at == end || step > INT64_MAX - c->entity) return false;
    c->entity += step;
    unsigned code = *(*at)++;
    if (code == LONG)
        return number(at, end, &c->articles) && number(at, end, &c->unique) &&
               number(at, end, &c->mentions);
    c->articles = c->unique = 1 + code / SHORT_MENTIONS;
    c->mentions = c->articles + code % SHORT_MENTIONS;
    return true;
}

wr_status day_list_parse(wr_arena *arena, wr_str packed, day_count **out, size_t *n) {
    const uint8_t *at = (const uint8_t *)packed.ptr, *end = at + packed.len;
    day_count c = {0};
    *n = 0;
    *out =
        wr_arena_array(arena, packed.len / 2 + 1, sizeof **out); /* an entry: two bytes or more */
    if (!*out) return WR_MEMORY;
    while (at < end) {
        if (!next(&at, end, &c)) return WR_MALFORMED;
        (*out)[(*n)++] = c;
    }
    return WR_OK;
}

/* ---- reading ---- */

wr_status day_reader_open(sqlite3 *db, day_reader *out) {
    static const char *const sql[] = {
        "SELECT often FROM day_lists WHERE day = ?1",
        "SELECT rare FROM day_lists WHERE day = ?1",
        "SELECT entity_id, n_articles, n_unique, n_mentions FROM entity_days WHERE day = ?1"
        " AND n_articles >= ?2 AND n_articles <= ?3 ORDER BY entity_id",
    };
    sqlite3_stmt **to[] = {&out->lists[0], &out->lists[1], &out->rows};
    *out = (day_reader){0};
    for (size_t i = 0; i < 3; i++) {
        int rc = sqlite3_prepare_v2(db, sql[i], -1, to[i], NULL);
        if (rc == SQLITE_OK) continue;
        day_reader_close(out);
        return wr_store_status(rc);
    }
    return WR_OK;
}

void day_reader_close(day_reader *reader) {
    sqlite3_finalize(reader->lists[0]);
    sqlite3_finalize(reader->lists[1]);
    sqlite3_finalize(reader->rows);
    *reader = (day_reader){0};
}

static wr_status each_packed(wr_str packed, day_take *take, void *to) {
    const uint8_t *at = (const uint8_t *)packed.ptr, *end = at + packed.len;
    day_count c = {0};
    while (at < end) {
        if (!next(&at, end, &c)) return WR_MALFORMED;
        take(to, &c);
    }
    return WR_OK;
}

static int each_row(sqlite3_stmt *stmt, const char *day, day_part part, day_take *take, void *to) {
    int rc;
    sqlite3_bind_text(stmt, 1, day, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, part == DAY_PART_OFTEN ? DAY_OFTEN : INT64_MIN);
    sqlite3_bind_int64(stmt, 3, part == DAY_PART_OFTEN ? INT64_MAX : DAY_OFTEN - 1);
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        day_count c = {sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
                       sqlite3_column_int64(stmt, 2), sqlite3_column_int64(stmt, 3)};
        take(to, &c);
    }
    sqlite3_reset(stmt);
    return rc;
}

typedef struct collecting {
    wr_arena *arena;
    day_count *list;
    size_t n, cap;
    wr_status status;
} collecting;

static void collect(void *to, const day_count *c) {
    collecting *x = to;
    day_count *slot = x->status == WR_OK ? WR_PUSH(x->arena, x->list, x->n, x->cap) : NULL;
    if (slot) *slot = *c;
    else x->status = WR_MEMORY;
}

static wr_status read_rows(sqlite3_stmt *stmt, wr_arena *arena, const char *day, day_part part,
                           day_count **out, size_t *n) {
    collecting x = {.arena = arena};
    int rc = each_row(stmt, day, part, collect, &x);
    *out = x.list;
    *n = x.n;
    return x.status == WR_OK ? wr_store_status(rc) : x.status;
}

wr_status day_reader_each(day_reader *reader, const char *day, day_part part, day_take *take,
                          void *to) {
    sqlite3_stmt *stmt = reader->lists[part];
    sqlite3_bind_text(stmt, 1, day, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    wr_status status = wr_store_status(rc);
    if (rc == SQLITE_ROW) {
        const char *packed = sqlite3_column_blob(stmt, 0);
        status = each_packed(wr_str_of(packed, (size_t)sqlite3_column_bytes(stmt, 0)), take, to);
    }
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE ? wr_store_status(each_row(reader->rows, day, part, take, to))
                             : status;
}

wr_status day_reader_list(day_reader *reader, wr_arena *arena, const char *day, day_part part,
                          day_count **out, size_t *n) {
    sqlite3_stmt *stmt = reader->lists[part];
    *out = NULL;
    *n = 0;
    sqlite3_bind_text(stmt, 1, day, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    wr_status status = wr_store_status(rc);
    if (rc == SQLITE_ROW) {
        const char *packed = sqlite3_column_blob(stmt, 0);
        status =
            day_list_parse(arena, wr_str_of(packed, (size_t)sqlite3_column_bytes(stmt, 0)), out, n);
    }
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE ? read_rows(reader->rows, arena, day, part, out, n) : status;
}

/* ---- making ---- */

static wr_status pack(wr_store *s, const char *day) {
    sqlite3_stmt *rows = s->stmts[STMT_DAY_ROWS], *put = s->stmts[STMT_DAY_LIST_PUT];
    wr_buf *lists[2] = {&s->json, &s->terms};
    int64_t before[2] = {0, 0};
    bool row;
    wr_buf_clear(lists[0]);
    wr_buf_clear(lists[1]);
    sqlite3_bind_text(rows, 1, day, -1, SQLITE_STATIC);
    for (;;) {
        WR_TRY(store_row(s, STMT_DAY_ROWS, &row, "reading a day"));
        if (!row) break;
        day_count c = {sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1),
                       sqlite3_column_int64(rows, 2), sqlite3_column_int64(rows, 3)};
        day_part part = c.articles >= DAY_OFTEN ? DAY_PART_OFTEN : DAY_PART_RARE;
        day_list_add(lists[part], &c, before[part]);
        before[part] = c.entity;
    }
    sqlite3_reset(rows);
    sqlite3_bind_text(put, 1, day, -1, SQLITE_STATIC);
    for (int i = 0; i < 2; i++) {
        if (lists[i]->status != WR_OK) return lists[i]->status;
        sqlite3_bind_blob64(put, 2 + i, lists[i]->len ? lists[i]->ptr : "", lists[i]->len,
                            SQLITE_STATIC);
    }
    return store_run(s, STMT_DAY_LIST_PUT, "packing a day");
}

/* A day of which nothing was written in so many commits has come to rest. */
#define REST_COMMITS 64

static store_touched *touched(wr_store *s, const char *day) {
    for (size_t i = 0; i < STORE_TOUCHED; i++)
        if (strcmp(s->touched[i].day, day) == 0) return &s->touched[i];
    return NULL;
}

static bool at_rest(wr_store *s, const char *day) {
    const store_touched *t = touched(s, day);
    return !t || t->commit + REST_COMMITS <= s->counts.commits;
}

wr_status store_day_lists_drop(wr_store *s) {
    for (size_t i = 0; i < s->days.n; i++) {
        const char *day = s->days.names[i];
        store_touched *t = touched(s, day);
        if (!t) t = &s->touched[s->next_touched++ % STORE_TOUCHED];
        memcpy(t->day, day, sizeof t->day);
        t->commit = s->counts.commits;
        store_bind_text(s->stmts[STMT_DAY_LIST_DROP], 1, wr_str_c(day));
        WR_TRY(store_run(s, STMT_DAY_LIST_DROP, "dropping the list of a day"));
    }
    return WR_OK;
}

wr_status store_day_lists_make(wr_store *s, bool idle, bool *made) {
    char day[11] = "";
    bool row = true;
    *made = false;
    /* days in no order change all the time; a handle beside the writer's does not know what rests
     */
    if (!idle && (!s->has_checkpointer || s->days.n > STORE_TOUCHED / 2 || s->counts.commits % 16))
        return WR_OK;
    sqlite3_stmt *stmt = s->stmts[STMT_DAY_LIST_DUE];
    while (row && !day[0]) {
        WR_TRY(store_row(s, STMT_DAY_LIST_DUE, &row, "looking for days at rest"));
        const char *found = row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
        if (found && (idle || at_rest(s, found))) snprintf(day, sizeof day, "%s", found);
    }
    sqlite3_reset(stmt);
    if (!day[0]) return WR_OK;
    *made = true;
    return pack(s, day);
}

/* ---- checking ---- */

static bool same(const day_count *a, const day_count *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (a[i].entity != b[i].entity || a[i].articles != b[i].articles ||
            a[i].unique != b[i].unique || a[i].mentions != b[i].mentions)
            return false;
    return true;
}

static wr_status check_day(day_reader *reader, wr_arena *arena, const char *day, bool *good) {
    for (int part = 0; part < 2; part++) {
        day_count *list, *rows = NULL;
        size_t n, n_rows = 0;
        wr_status status = day_reader_list(reader, arena, day, (day_part)part, &list, &n);
        if (status == WR_OK)
            status = read_rows(reader->rows, arena, day, (day_part)part, &rows, &n_rows);
        if (status != WR_OK && status != WR_MALFORMED) return status;
        *good = *good && status == WR_OK && n == n_rows && same(list, rows, n);
    }
    return WR_OK;
}

static wr_status check_days(sqlite3 *db, wr_arena *arena, wr_store_found *found, void *to,
                            size_t *n) {
    day_reader reader;
    sqlite3_stmt *days = NULL;
    wr_status status = day_reader_open(db, &reader);
    int rc = sqlite3_prepare_v2(db, "SELECT day FROM day_lists", -1, &days, NULL);
    while (status == WR_OK && rc == SQLITE_OK && (rc = sqlite3_step(days)) == SQLITE_ROW) {
        const char *day = (const char *)sqlite3_column_text(days, 0);
        char what[80];
        bool good = true;
        wr_arena_reset(arena);
        status = check_day(&reader, arena, day, &good);
        rc = SQLITE_OK;
        if (status != WR_OK || good) continue;
        snprintf(what, sizeof what, "the list of %.10s differs from its counts", day);
        found(to, what);
        ++*n;
    }
    sqlite3_finalize(days);
    day_reader_close(&reader);
    return status == WR_OK ? wr_store_status(rc) : status;
}

/* In one transaction: the lists and the rows of one state, whatever is written meanwhile. */
wr_status store_day_lists_check(sqlite3 *db, wr_store_found *found, void *to, size_t *n) {
    wr_arena *arena;
    WR_TRY(wr_arena_new("check", (size_t)1 << 30, &arena));
    wr_status status = wr_store_status(sqlite3_exec(db, "SAVEPOINT lists", NULL, NULL, NULL));
    if (status == WR_OK) {
        status = check_days(db, arena, found, to, n);
        int rc = sqlite3_exec(db, "RELEASE lists", NULL, NULL, NULL);
        if (status == WR_OK) status = wr_store_status(rc);
    }
    wr_arena_free(&arena);
    return status;
}
