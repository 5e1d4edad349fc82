/* trending.c -- entities that are named more than before */
#include <common/store/private.h>
#include <common/store/trend.h>

#include <math.h>
#include <stdlib.h>

#define REFINED 300 /* candidates that are worked out exactly */

typedef struct candidate {
    int64_t entity;
    double promise; /* the score by what the index holds */
} candidate;

typedef struct asking {
    sqlite3 *db;
    wr_arena *arena;
    trend_frame frame;
    store_tally sums; /* per entity: articles = support, unique = now, amount = base,
                         paragraphs = articles of the window */
    sqlite3_stmt *row, *name;
} asking;

/* An entity with all its counts; `slug` = its name as keys write it. */
typedef struct found {
    wr_trend trend;
    trend_sums sums;
    wr_str slug;
} found;

/* ---- candidates ---- */

static const trend_day *day_of(const trend_frame *f, const char *day, size_t *at) {
    while (*at < f->n && strcmp(f->days[*at].day, day) < 0)
        ++*at; /* rows come in the order of days */
    return *at < f->n && strcmp(f->days[*at].day, day) == 0 ? &f->days[*at] : NULL;
}

static wr_status add_row(asking *a, wr_store *days, sqlite3_stmt *stmt, size_t *at) {
    const trend_day *day = day_of(&a->frame, (const char *)sqlite3_column_text(stmt, 0), at);
    if (!day) return WR_OK;
    trend_sums x = {0};
    trend_sums_add(&x, day, sqlite3_column_int64(stmt, 2), sqlite3_column_int64(stmt, 3),
                   sqlite3_column_int64(stmt, 4));
    store_count c = {.owner = sqlite3_column_int64(stmt, 1),
                     .articles = (int64_t)x.support,
                     .unique = x.now,
                     .amount = x.base,
                     .paragraphs = (int64_t)x.count};
    return store_tally_add(days, &a->sums, WR_STR(""), &c);
}

static wr_status sum_rows(asking *a, const char *sql, const char *from, const char *to) {
    sqlite3_stmt *stmt = NULL;
    wr_store days = {0}; /* the tally's days: all counts share one */
    int rc = sqlite3_prepare_v2(a->db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(stmt, 1, from, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, to, -1, SQLITE_STATIC);
    wr_status status = WR_OK;
    size_t at = 0;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        status = add_row(a, &days, stmt, &at);
    sqlite3_finalize(stmt);
    free(days.days.names);
    return status == WR_OK ? wr_store_status(rc) : status;
}

static int by_promise(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->promise != y->promise) return x->promise > y->promise ? -1 : 1;
    return (x->entity > y->entity) - (x->entity < y->entity);
}

static wr_status list_candidates(asking *a, candidate **out, size_t *n) {
    *out = wr_arena_array(a->arena, a->sums.n, sizeof **out);
    if (!*out) return WR_MEMORY;
    for (size_t i = 0; i < a->sums.cap; i++) {
        const store_count *c = &a->sums.slots[i];
        if (!c->used || c->paragraphs < 1) continue;
        trend_sums x = {.now = c->unique, .base = c->amount};
        double score = trend_score(trend_found(&x), trend_expected(&a->frame, &x));
        if (score > 0) (*out)[(*n)++] = (candidate){c->owner, score};
    }
    if (*n) qsort(*out, *n, sizeof **out, by_promise);
    if (*n > REFINED) *n = REFINED;
    return WR_OK;
}

/* ---- exact counts ---- */

static wr_status name_of(asking *a, int64_t entity, found *f) {
    wr_str *to[] = {&f->trend.key, &f->trend.name, &f->trend.type, &f->trend.wikidata};
    sqlite3_bind_int64(a->name, 1, entity);
    int rc = sqlite3_step(a->name);
    wr_status status = rc == SQLITE_DONE ? WR_INTERNAL : wr_store_status(rc);
    for (int i = 0; rc == SQLITE_ROW && status == WR_OK && i < 4; i++)
        status = wr_arena_copy(a->arena, store_column(a->name, i), to[i]);
    sqlite3_reset(a->name);
    f->trend.entity = entity;
    return status == WR_OK ? wr_store_slug(a->arena, f->trend.name, &f->slug) : status;
}

static wr_status count(asking *a, found *f) {
    for (size_t i = 0; i < a->frame.n; i++) {
        const trend_day *day = &a->frame.days[i];
        sqlite3_bind_text(a->row, 1, day->day, -1, SQLITE_STATIC);
        sqlite3_bind_int64(a->row, 2, f->trend.entity);
        int rc = sqlite3_step(a->row);
        if (rc == SQLITE_ROW)
            trend_sums_add(&f->sums, day, sqlite3_column_int64(a->row, 0),
                           sqlite3_column_int64(a->row, 1), sqlite3_column_int64(a->row, 2));
        sqlite3_reset(a->row);
        WR_TRY(wr_store_status(rc));
    }
    return WR_OK;
}

static int by_slug(const void *a, const void *b) {
    const found *x = a, *y = b;
    int c = wr_str_cmp(x->slug, y->slug);
    if (c) return c;
    if (x->sums.support != y->sums.support) return x->sums.support > y->sums.support ? -1 : 1;
    return wr_str_cmp(x->trend.key, y->trend.key);
}

static void join(trend_sums *to, const trend_sums *x) {
    to->now += x->now;
    to->base += x->base;
    to->week += x->week;
    to->before += x->before;
    to->support += x->support;
    to->count += x->count;
    to->mentions += x->mentions;
}

/* A thing that is taken for a person here and for an organisation there is one name. */
static size_t join_names(found *list, size_t n) {
    size_t kept = 0;
    if (n) qsort(list, n, sizeof *list, by_slug);
    for (size_t i = 0; i < n; i++)
        if (kept && wr_str_eq(list[kept - 1].slug, list[i].slug))
            join(&list[kept - 1].sums, &list[i].sums);
        else list[kept++] = list[i];
    return kept;
}

static int by_score(const void *a, const void *b) {
    const wr_trend *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return wr_str_cmp(x->key, y->key);
}

static wr_status list_trends(asking *a, const found *list, size_t n, wr_trend **out,
                             size_t *n_out) {
    *out = wr_arena_array(a->arena, n, sizeof **out);
    if (!*out) return WR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        const trend_sums *x = &list[i].sums;
        double score = trend_score(trend_found(x), trend_expected(&a->frame, x));
        if (x->support < TREND_SUPPORT || x->count == 0 || score < WR_TREND_SCORE_MIN) continue;
        wr_trend *t = &(*out)[(*n_out)++];
        *t = list[i].trend;
        t->count = x->count;
        t->mentions = x->mentions;
        t->support = x->support;
        t->expected = trend_expected_articles(&a->frame, x);
        t->score = score;
        t->is_new = x->before == 0;
    }
    if (*n_out) qsort(*out, *n_out, sizeof **out, by_score);
    return WR_OK;
}

/* Named before the frame? The lists of articles stand in the order of arrival: for what is old the
 * first one answers. */
static wr_status look_back(asking *a, wr_trend *t) {
    sqlite3_stmt *stmt = NULL;
    char term[32];
    snprintf(term, sizeof term, "e%lld", (long long)t->entity);
    int rc = sqlite3_prepare_v2(a->db,
                                "SELECT 1 FROM facets f JOIN articles a ON a.id = f.rowid"
                                " WHERE facets MATCH ?1 AND a.day > '' AND a.day < ?2 LIMIT 1",
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(stmt, 1, term, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, a->frame.fade, -1, SQLITE_STATIC);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) t->is_new = false;
    sqlite3_finalize(stmt);
    return wr_store_status(rc);
}

/* ---- the question ---- */

static wr_status refine(asking *a, const candidate *list, size_t n, size_t limit, wr_trend **out,
                        size_t *n_out) {
    found *exact = wr_arena_array(a->arena, n, sizeof *exact);
    if (!exact) return WR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        exact[i] = (found){0};
        WR_TRY(name_of(a, list[i].entity, &exact[i]));
        WR_TRY(count(a, &exact[i]));
    }
    WR_TRY(list_trends(a, exact, join_names(exact, n), out, n_out));
    if (*n_out > limit) *n_out = limit;
    for (size_t i = 0; i < *n_out; i++)
        if ((*out)[i].is_new) WR_TRY(look_back(a, &(*out)[i]));
    return WR_OK;
}

static wr_status ask(asking *a, const wr_trending_options *o, wr_trend **out, size_t *n) {
#define COLUMNS "SELECT day, entity_id, n_articles, n_unique, n_mentions FROM entity_days"
    static const char often[] = COLUMNS " INDEXED BY entity_days_often WHERE day >= ?1"
                                        " AND day < ?2 AND n_articles >= 3 ORDER BY day";
    static const char all[] = COLUMNS " WHERE day >= ?1 AND day < ?2 ORDER BY day";
    char end[11];
    candidate *list;
    size_t n_list = 0;
    if (!trend_shift(a->frame.last, 1, end)) return WR_USAGE;
    /* of one day, what was named once or twice does not get far */
    WR_TRY(sum_rows(a, o->days > 1 ? all : often, a->frame.fade, end));
    WR_TRY(sum_rows(a, often, a->frame.oldest, a->frame.fade));
    WR_TRY(list_candidates(a, &list, &n_list));
    int rc = sqlite3_prepare_v2(a->db,
                                "SELECT n_articles, n_unique, n_mentions FROM entity_days WHERE "
                                "day = ?1 AND entity_id = ?2",
                                -1, &a->row, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(a->db, "SELECT key, name, type, wikidata FROM entities WHERE id=?1",
                                -1, &a->name, NULL);
    WR_TRY(wr_store_status(rc));
    return refine(a, list, n_list, o->limit ? o->limit : 20, out, n);
}

wr_status wr_trending(sqlite3 *db, wr_arena *arena, const wr_trending_options *options, wr_str *day,
                      wr_trend **out, size_t *n) {
    asking a = {.db = db, .arena = arena};
    *out = NULL;
    *n = 0;
    *day = (wr_str){0};
    WR_TRY(trend_frame_read(db, arena, options->day, options->days, &a.frame));
    WR_TRY(wr_arena_copy(arena, wr_str_c(a.frame.last), day));
    if (!a.frame.base) return WR_OK;
    wr_status status = ask(&a, options, out, n);
    sqlite3_finalize(a.row);
    sqlite3_finalize(a.name);
    free(a.sums.slots);
    return status;
}
