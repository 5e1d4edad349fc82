/* trending.c -- entities that are named more than before */
#include <common/store/day_list.h>
#include <common/store/private.h>
#include <common/store/trend.h>

#include <math.h>
#include <stdlib.h>

#define REFINED 300 /* candidates that are worked out exactly */

/* Entities in the order of their numbers, and beside each what was counted. */
typedef struct counted {
    int64_t *entities;
    trend_sums *sums;
    size_t n;
} counted;

typedef struct candidate {
    int64_t entity;
    trend_sums sums;
    double promise; /* the score by the lists of the often */
} candidate;

typedef struct asking {
    sqlite3 *db;
    wr_arena *arena, *scratch;
    trend_frame frame;
    day_reader days;
    counted found;
    sqlite3_stmt *name;
} asking;

/* An entity with all its counts; `slug` = its name as keys write it. */
typedef struct found {
    wr_trend trend;
    trend_sums sums;
    wr_str slug;
} found;

/* ---- candidates ---- */

/* Makes room for the entities of a day that were not met before. */
static wr_status take_in(asking *a, const day_count *list, size_t n) {
    const counted *old = &a->found;
    counted all = {.entities = wr_arena_array(a->arena, old->n + n + 1, sizeof *all.entities),
                   .sums = wr_arena_array(a->arena, old->n + n + 1, sizeof *all.sums)};
    if (!all.entities || !all.sums) return WR_MEMORY;
    for (size_t i = 0, k = 0; i < old->n || k < n; all.n++) {
        bool is_old = i < old->n && (k == n || old->entities[i] <= list[k].entity);
        all.entities[all.n] = is_old ? old->entities[i] : list[k].entity;
        if (is_old) {
            k += k < n && old->entities[i] == list[k].entity;
            all.sums[all.n] = old->sums[i++];
        } else k++;
    }
    a->found = all;
    return WR_OK;
}

typedef struct adding {
    counted *to;
    const trend_day *day;
    size_t at;
} adding;

/* Both are in the order of the entities' numbers. */
static void add_count(void *to, const day_count *c) {
    adding *x = to;
    while (x->at < x->to->n && x->to->entities[x->at] < c->entity)
        x->at++;
    if (x->at < x->to->n && x->to->entities[x->at] == c->entity)
        trend_sums_add(&x->to->sums[x->at], x->day, c->articles, c->unique, c->mentions);
}

/* Adds a part of a day; `open`: what was not met before is met now. */
static wr_status add_part(asking *a, const trend_day *day, day_part part, bool open) {
    adding x = {.to = &a->found, .day = day};
    if (!open) return day_reader_each(&a->days, day->day, part, add_count, &x);
    day_count *list;
    size_t n;
    wr_arena_reset(a->scratch);
    WR_TRY(day_reader_list(&a->days, a->scratch, day->day, part, &list, &n));
    WR_TRY(take_in(a, list, n));
    for (size_t i = 0; i < n; i++)
        add_count(&x, &list[i]);
    return WR_OK;
}

static bool in_window(const trend_day *day) {
    return day->now == 2;
}

/* Of so many, those that cannot be listed by themselves are not carried on. */
#define MANY 20000

static void leave_out_rare(counted *c) {
    size_t kept = 0;
    if (c->n < MANY) return;
    for (size_t i = 0; i < c->n; i++) {
        if (c->sums[i].support < TREND_SUPPORT) continue;
        c->entities[kept] = c->entities[i];
        c->sums[kept++] = c->sums[i];
    }
    c->n = kept;
}

/* What the window names, with its counts of all days; of one day, what was named once or twice
 * does not get far. `whole`: days of which all was read, not only the often. */
static wr_status read_days(asking *a, bool several) {
    const trend_frame *f = &a->frame;
    for (size_t i = 0; i < f->n; i++) {
        if (!in_window(&f->days[i])) continue;
        WR_TRY(add_part(a, &f->days[i], DAY_PART_OFTEN, true));
        if (several) WR_TRY(add_part(a, &f->days[i], DAY_PART_RARE, true));
    }
    for (size_t i = 0; i < f->n; i++) {
        if (f->days[i].now != 1) continue;
        WR_TRY(add_part(a, &f->days[i], DAY_PART_OFTEN, false));
        if (several) WR_TRY(add_part(a, &f->days[i], DAY_PART_RARE, false));
    }
    if (several) leave_out_rare(&a->found);
    for (size_t i = 0; i < f->n; i++)
        if (f->days[i].now == 0) WR_TRY(add_part(a, &f->days[i], DAY_PART_OFTEN, false));
    return WR_OK;
}

static int by_promise(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->promise != y->promise) return x->promise > y->promise ? -1 : 1;
    return (x->entity > y->entity) - (x->entity < y->entity);
}

static int by_entity(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    return (x->entity > y->entity) - (x->entity < y->entity);
}

static wr_status list_candidates(asking *a, candidate **out, size_t *n) {
    *out = wr_arena_array(a->arena, a->found.n + 1, sizeof **out);
    if (!*out) return WR_MEMORY;
    for (size_t i = 0; i < a->found.n; i++) {
        const trend_sums *x = &a->found.sums[i];
        if (x->count < 1) continue;
        trend_sums plain = {.now = x->now, .base = x->base};
        double score = trend_score(trend_found(&plain), trend_expected(&a->frame, &plain));
        if (score > 0) (*out)[(*n)++] = (candidate){a->found.entities[i], *x, score};
    }
    if (*n) qsort(*out, *n, sizeof **out, by_promise);
    if (*n > REFINED) *n = REFINED;
    if (*n) qsort(*out, *n, sizeof **out, by_entity);
    return WR_OK;
}

/* Adds to the candidates what is still missing: the rare of the days of which only the often were
 * read. */
static wr_status complete(asking *a, const candidate *list, size_t n, bool several) {
    counted few = {.entities = wr_arena_array(a->arena, n + 1, sizeof *few.entities),
                   .sums = wr_arena_array(a->arena, n + 1, sizeof *few.sums),
                   .n = n};
    if (!few.entities || !few.sums) return WR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        few.entities[i] = list[i].entity;
        few.sums[i] = list[i].sums;
    }
    a->found = few;
    for (size_t i = 0; i < a->frame.n; i++)
        if (!several || a->frame.days[i].now == 0)
            WR_TRY(add_part(a, &a->frame.days[i], DAY_PART_RARE, false));
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

static wr_status refine(asking *a, size_t limit, wr_trend **out, size_t *n_out) {
    size_t n = a->found.n;
    found *exact = wr_arena_array(a->arena, n + 1, sizeof *exact);
    if (!exact) return WR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        exact[i] = (found){.sums = a->found.sums[i]};
        WR_TRY(name_of(a, a->found.entities[i], &exact[i]));
    }
    WR_TRY(list_trends(a, exact, join_names(exact, n), out, n_out));
    if (*n_out > limit) *n_out = limit;
    for (size_t i = 0; i < *n_out; i++)
        if ((*out)[i].is_new) WR_TRY(look_back(a, &(*out)[i]));
    return WR_OK;
}

static wr_status ask(asking *a, const wr_trending_options *o, wr_trend **out, size_t *n) {
    bool several = o->days > 1;
    candidate *list;
    size_t n_list = 0;
    WR_TRY(day_reader_open(a->db, &a->days));
    WR_TRY(read_days(a, several));
    WR_TRY(list_candidates(a, &list, &n_list));
    WR_TRY(complete(a, list, n_list, several));
    WR_TRY(wr_store_status(sqlite3_prepare_v2(
        a->db, "SELECT key, name, type, wikidata FROM entities WHERE id=?1", -1, &a->name, NULL)));
    return refine(a, o->limit ? o->limit : 20, out, n);
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
    WR_TRY(wr_arena_new("days", (size_t)1 << 30, &a.scratch));
    wr_status status = ask(&a, options, out, n);
    day_reader_close(&a.days);
    sqlite3_finalize(a.name);
    wr_arena_free(&a.scratch);
    return status;
}
