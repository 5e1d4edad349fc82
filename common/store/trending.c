/* trending.c -- what is named more than before: a window of days against the eight before it */
#include <common/store/ask.h>
#include <common/store/private.h>

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define BASELINES 8
#define SUPPORT   3
#define REFINED   300 /* candidates of a window of several days */

typedef struct candidate {
    int64_t entity;
    double count, before; /* before: at least so many */
    double bound;         /* no exact score is above it */
} candidate;

typedef struct asking {
    sqlite3 *db;
    wr_arena *arena;
    char window[16], end[16],
        start[16];    /* first day of the window, last day, first of the baseline */
    double scale;     /* articles now / articles of a mean window before, over BASELINES */
    store_tally sums; /* owner = entity, articles = count, amount = before */
} asking;

static bool shift_day(const char *day, int by, char out[16]) {
    struct tm tm = {0};
    if (!strptime(day, "%Y-%m-%d", &tm)) return false;
    time_t t = timegm(&tm) + (time_t)by * 86400;
    gmtime_r(&t, &tm);
    return strftime(out, 16, "%Y-%m-%d", &tm) == 10;
}

static int text_of(sqlite3 *db, const char *sql, char out[16]) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        snprintf(out, 16, "%s",
                 sqlite3_column_text(stmt, 0) ? (const char *)sqlite3_column_text(stmt, 0) : "");
    sqlite3_finalize(stmt);
    return rc;
}

static wr_status set_window(asking *a, const wr_trending_options *o) {
    int days = o->days ? (int)(o->days > 3650 ? 3650 : o->days) : 1;
    if (o->day.len)
        snprintf(a->end, sizeof a->end, "%.*s", (int)(o->day.len > 10 ? 10 : o->day.len),
                 o->day.ptr);
    else {
        int rc = text_of(a->db, "SELECT max(day) FROM source_days", a->end);
        if (rc != SQLITE_ROW) return wr_store_status(rc);
    }
    if (a->end[0] == 0) return WR_OK;
    bool good = shift_day(a->end, 1 - days, a->window) &&
                shift_day(a->end, 1 - days * (BASELINES + 1), a->start);
    return good ? WR_OK : WR_USAGE;
}

/* Articles of the window and of the baseline. */
static wr_status read_volume(asking *a) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(a->db,
                                "SELECT sum(CASE WHEN day >= ?2 THEN n_unique END), sum(CASE WHEN"
                                " day < ?2 THEN n_unique END) FROM source_days"
                                " WHERE day >= ?1 AND day <= ?3",
                                -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, a->start, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 2, a->window, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 3, a->end, -1, SQLITE_STATIC);
        rc = sqlite3_step(stmt);
        double now = sqlite3_column_double(stmt, 0), before = sqlite3_column_double(stmt, 1);
        a->scale = before > 0 ? now / before : 0;
    }
    sqlite3_finalize(stmt);
    return wr_store_status(rc);
}

static wr_status sum_rows(asking *a, const char *sql, const char *from, const char *to,
                          bool window) {
    sqlite3_stmt *stmt = NULL;
    wr_store days = {0}; /* the tally's days: all counts share one */
    int rc = sqlite3_prepare_v2(a->db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(stmt, 1, from, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, to, -1, SQLITE_STATIC);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        int64_t n = sqlite3_column_int64(stmt, 1);
        store_count c = {.owner = sqlite3_column_int64(stmt, 0),
                         .articles = window ? n : 0,
                         .amount = window ? 0 : n};
        status = store_tally_add(&days, &a->sums, WR_STR(""), &c);
    }
    sqlite3_finalize(stmt);
    free(days.days.names);
    return status == WR_OK ? wr_store_status(rc) : status;
}

static double score_of(double count, double expected) {
    return (count - expected) / sqrt(expected + 1);
}

static int by_bound(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->bound != y->bound) return x->bound > y->bound ? -1 : 1;
    return (x->entity > y->entity) - (x->entity < y->entity);
}

static wr_status list_candidates(asking *a, candidate **out, size_t *n) {
    *out = wr_arena_array(a->arena, a->sums.n, sizeof **out);
    if (!*out) return WR_MEMORY;
    for (size_t i = 0; i < a->sums.cap; i++) {
        const store_count *c = &a->sums.slots[i];
        if (!c->used || c->articles < SUPPORT) continue;
        (*out)[(*n)++] = (candidate){c->owner, (double)c->articles, (double)c->amount,
                                     score_of((double)c->articles, (double)c->amount * a->scale)};
    }
    qsort(*out, *n, sizeof **out, by_bound);
    return WR_OK;
}

/* The exact count before: days on which it was named once or twice as well. */
static wr_status exact_before(asking *a, sqlite3_stmt *stmt, int64_t entity, double *out) {
    char day[16];
    *out = 0;
    snprintf(day, sizeof day, "%s", a->start);
    while (strcmp(day, a->window) < 0) {
        sqlite3_bind_text(stmt, 1, day, -1, SQLITE_TRANSIENT);
        sqlite3_bind_int64(stmt, 2, entity);
        int rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW) *out += sqlite3_column_double(stmt, 0);
        sqlite3_reset(stmt);
        WR_TRY(wr_store_status(rc));
        if (!shift_day(day, 1, day)) return WR_INTERNAL;
    }
    return WR_OK;
}

static int by_score(const void *a, const void *b) {
    const wr_trend *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return wr_str_cmp(x->key, y->key);
}

static wr_status name_trend(asking *a, sqlite3_stmt *stmt, wr_trend *t) {
    wr_str *to[] = {&t->key, &t->name, &t->type, &t->wikidata};
    sqlite3_bind_int64(stmt, 1, t->entity);
    int rc = sqlite3_step(stmt);
    wr_status status = wr_store_status(rc);
    for (int i = 0; rc == SQLITE_ROW && status == WR_OK && i < 4; i++)
        status = wr_arena_copy(a->arena, store_column(stmt, i), to[i]);
    sqlite3_reset(stmt);
    return status;
}

/* Exact scores from the highest bound downwards, until no bound can beat the last that counts. */
static wr_status refine(asking *a, candidate *list, size_t n, size_t limit, wr_trend **out,
                        size_t *n_out) {
    sqlite3_stmt *day = NULL, *name = NULL;
    int rc = sqlite3_prepare_v2(
        a->db, "SELECT n_unique FROM entity_days WHERE day = ?1 AND entity_id = ?2", -1, &day,
        NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(
            a->db, "SELECT key, name, type, wikidata FROM entities WHERE id = ?1", -1, &name, NULL);
    wr_status status = wr_store_status(rc);
    size_t cap = 0;
    for (size_t i = 0; status == WR_OK && i < n; i++) {
        if (*n_out >= limit) {
            qsort(*out, *n_out, sizeof **out, by_score);
            if ((*out)[limit - 1].score > list[i].bound) break;
        }
        double before;
        status = exact_before(a, day, list[i].entity, &before);
        if (status != WR_OK) break;
        wr_trend *t = WR_PUSH(a->arena, *out, *n_out, cap);
        if (!t) status = WR_MEMORY;
        else {
            double expected = before * a->scale;
            *t = (wr_trend){.entity = list[i].entity,
                            .count = (uint64_t)list[i].count,
                            .expected = expected,
                            .score = score_of(list[i].count, expected)};
            status = name_trend(a, name, t);
        }
    }
    sqlite3_finalize(day);
    sqlite3_finalize(name);
    if (*n_out) qsort(*out, *n_out, sizeof **out, by_score);
    if (*n_out > limit) *n_out = limit;
    return status;
}

static wr_status ask(asking *a, const wr_trending_options *o, wr_trend **out, size_t *n) {
    static const char often[] =
        "SELECT entity_id, n_unique FROM entity_days INDEXED BY"
        " entity_days_often WHERE day >= ?1 AND day < ?2 AND n_articles >= 3";
    static const char all[] = "SELECT entity_id, n_unique FROM entity_days WHERE day >= ?1"
                              " AND day <= ?2";
    static const char one_day[] = "SELECT entity_id, n_unique FROM entity_days INDEXED BY"
                                  " entity_days_often WHERE day >= ?1 AND day <= ?2"
                                  " AND n_articles >= 3";
    candidate *list;
    size_t n_list = 0;
    WR_TRY(read_volume(a));
    /* of one day, what was named once or twice cannot reach the support */
    WR_TRY(sum_rows(a, o->days > 1 ? all : one_day, a->window, a->end, true));
    WR_TRY(sum_rows(a, often, a->start, a->window, false));
    WR_TRY(list_candidates(a, &list, &n_list));
    if (o->days > 1 && n_list > REFINED) n_list = REFINED;
    return refine(a, list, n_list, o->limit ? o->limit : 20, out, n);
}

wr_status wr_trending(sqlite3 *db, wr_arena *arena, const wr_trending_options *options, wr_str *day,
                      wr_trend **out, size_t *n) {
    asking a = {.db = db, .arena = arena};
    *out = NULL;
    *n = 0;
    *day = (wr_str){0};
    WR_TRY(set_window(&a, options));
    if (a.end[0] == 0) return WR_OK;
    WR_TRY(wr_arena_copy(arena, wr_str_c(a.end), day));
    wr_status status = ask(&a, options, out, n);
    free(a.sums.slots);
    return status;
}
