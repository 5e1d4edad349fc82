/* phrases.c -- phrases that are written more than before */
#include <common/store/phrase.h>
#include <common/store/private.h>
#include <common/store/trend.h>

#include <stdlib.h>
#include <xxhash.h>

#define TRIED 300 /* by the sample */
#define EXACT 40  /* by the text index */

typedef struct asking {
    sqlite3 *db;
    wr_arena *arena;
    trend_frame frame;
    phrase_counter *counter;
    uint64_t sampled, of; /* texts of the baseline that were read; that there are */
    unsigned sources;     /* of both windows: 0, 1, 2 = more */
} asking;

typedef struct candidate {
    const phrase *phrase;
    double promise;
} candidate;

/* ---- reading texts ---- */

typedef wr_status text_take(asking *a, const char *day, wr_str title, wr_str text);

static wr_status take_guess(asking *a, const char *day, wr_str title, wr_str text) {
    (void)day;
    phrase_guess(a->counter, title, text);
    return WR_OK;
}

static wr_status take_count(asking *a, const char *day, wr_str title, wr_str text) {
    phrase_when when = strcmp(day, a->frame.first) >= 0 ? PHRASE_NOW : PHRASE_FADE;
    return phrase_count(a->counter, when, title, text);
}

static wr_status take_base(asking *a, const char *day, wr_str title, wr_str text) {
    (void)day;
    a->sampled++;
    return phrase_count(a->counter, PHRASE_BASE, title, text);
}

/* Each step-th text by its page's own number, so that they are the same in any order of arrival. */
static wr_status read_texts(asking *a, const char *from, const char *to, uint64_t step,
                            text_take *take) {
    static const char sql[] =
        "SELECT a.day, a.title, t.text, p.page FROM articles a JOIN texts t ON t.article_id = a.id"
        " JOIN pages p ON p.id = a.page_id WHERE a.day >= ?1 AND a.day < ?2 AND a.is_copy = 0";
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(a->db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(stmt, 1, from, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, to, -1, SQLITE_STATIC);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        wr_str page = store_column(stmt, 3);
        if (step > 1 && XXH3_64bits(page.ptr, page.len) % step != 0) continue;
        status = take(a, (const char *)sqlite3_column_text(stmt, 0), store_column(stmt, 1),
                      store_column(stmt, 2));
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

static wr_status count_sources(asking *a, const char *end) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(a->db,
                                "SELECT count(*) FROM (SELECT DISTINCT source_id FROM source_days"
                                " WHERE day >= ?1 AND day < ?2 LIMIT 2)",
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(stmt, 1, a->frame.fade, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, end, -1, SQLITE_STATIC);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) a->sources = (unsigned)sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return wr_store_status(rc);
}

static wr_status read_all(asking *a) {
    char end[11];
    if (!trend_shift(a->frame.last, 1, end)) return WR_USAGE;
    for (size_t i = 0; i < a->frame.n; i++)
        if (a->frame.days[i].base) a->of += (uint64_t)a->frame.days[i].volume;
    uint64_t step = a->of / WR_PHRASE_SAMPLE + 1;
    WR_TRY(count_sources(a, end));
    WR_TRY(read_texts(a, a->frame.fade, end, 1, take_guess));
    phrase_guessed(a->counter, TREND_SUPPORT);
    WR_TRY(read_texts(a, a->frame.fade, end, 1, take_count));
    return read_texts(a, a->frame.oldest, a->frame.fade, step, take_base);
}

/* ---- candidates ---- */

static int by_promise(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->promise != y->promise) return x->promise > y->promise ? -1 : 1;
    if (x->phrase->n_words != y->phrase->n_words)
        return x->phrase->n_words > y->phrase->n_words ? -1 : 1;
    return wr_str_cmp(x->phrase->text, y->phrase->text);
}

static double promise_of(const asking *a, const phrase *p) {
    trend_sums x = {.now = (int64_t)p->now * 2000 + (int64_t)p->fade * 1000};
    double expected = a->sampled ? (double)p->base / (double)a->sampled : 0;
    return trend_score(trend_found(&x), expected * (double)a->frame.now / 2);
}

/* A part of a better one that is in hardly more texts says nothing of its own. */
static bool is_told(const candidate *list, size_t n, const phrase *p) {
    for (size_t i = 0; i < n; i++) {
        const phrase *q = list[i].phrase;
        if ((q->now + q->fade) * 10 >= (p->now + p->fade) * 7 && phrase_within(p->text, q->text))
            return true;
    }
    return false;
}

static wr_status list_candidates(asking *a, candidate **out, size_t *n) {
    size_t slots = 1, cap = 0, all = 0;
    candidate *list = NULL;
    for (size_t i = 0; i < slots; i++) {
        const phrase *p = phrase_at(a->counter, i, &slots);
        if (!p || p->now == 0 || p->now + p->fade < TREND_SUPPORT) continue;
        double promise = promise_of(a, p);
        if (promise < WR_TREND_SCORE_MIN) continue;
        candidate *c = WR_PUSH(a->arena, list, all, cap);
        if (!c) return WR_MEMORY;
        *c = (candidate){p, promise};
    }
    if (all) qsort(list, all, sizeof *list, by_promise);
    for (size_t i = 0; i < all && i < TRIED && *n < EXACT; i++)
        if (!is_told(list, *n, list[i].phrase)) list[(*n)++] = list[i];
    *out = list;
    return WR_OK;
}

/* ---- exact counts ---- */

static wr_status ask_index(asking *a, sqlite3_stmt *stmt, wr_str words, trend_sums *sums,
                           unsigned *sources) {
    wr_str query;
    int64_t source = -1;
    size_t at = 0;
    char end[11];
    if (!trend_shift(a->frame.last, 1, end)) return WR_USAGE;
    WR_TRY(wr_arena_printf(a->arena, &query, "\"%.*s\"", (int)words.len, words.ptr));
    store_bind_text(stmt, 1, query);
    sqlite3_bind_text(stmt, 2, a->frame.oldest, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, end, -1, SQLITE_TRANSIENT);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *day = (const char *)sqlite3_column_text(stmt, 0);
        int64_t n = sqlite3_column_int64(stmt, 2);
        while (at < a->frame.n && strcmp(a->frame.days[at].day, day) < 0)
            at++;
        if (at == a->frame.n || strcmp(a->frame.days[at].day, day) != 0) continue;
        trend_sums_add(sums, &a->frame.days[at], n, n, n);
        if (!a->frame.days[at].now || sqlite3_column_int64(stmt, 1) == source) continue;
        source = sqlite3_column_int64(stmt, 1); /* another one than before: at least two */
        ++*sources;
    }
    sqlite3_reset(stmt);
    return wr_store_status(rc);
}

static wr_status add_trend(asking *a, wr_str words, const trend_sums *x, wr_trend *out, size_t *n) {
    double score = trend_score(trend_found(x), trend_expected(&a->frame, x));
    if (x->support < TREND_SUPPORT || x->count == 0 || score < WR_PHRASE_SCORE_MIN) return WR_OK;
    wr_str slug;
    wr_trend *t = &out[*n];
    WR_TRY(wr_store_slug(a->arena, words, &slug));
    *t = (wr_trend){.type = WR_STR("PHRASE"),
                    .count = x->count,
                    .mentions = x->mentions,
                    .support = x->support,
                    .expected = trend_expected_articles(&a->frame, x),
                    .score = score,
                    .is_new = x->before == 0};
    WR_TRY(wr_arena_copy(a->arena, words, &t->name));
    WR_TRY(wr_arena_printf(a->arena, &t->key, "PHRASE/%.*s", (int)slug.len, slug.ptr));
    ++*n;
    return WR_OK;
}

static int by_score(const void *a, const void *b) {
    const wr_trend *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    if (x->name.len != y->name.len) return x->name.len > y->name.len ? -1 : 1;
    return wr_str_cmp(x->key, y->key);
}

/* Of phrases that hold one another the best stays. */
static size_t keep_apart(wr_trend *list, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool told = false;
        for (size_t k = 0; k < kept && !told; k++)
            told = phrase_within(list[i].name, list[k].name) ||
                   phrase_within(list[k].name, list[i].name);
        if (!told) list[kept++] = list[i];
    }
    return kept;
}

static wr_status refine(asking *a, const candidate *list, size_t n, wr_trend **out, size_t *n_out) {
    sqlite3_stmt *stmt = NULL;
    *out = wr_arena_array(a->arena, n + 1, sizeof **out);
    if (!*out) return WR_MEMORY;
    int rc = sqlite3_prepare_v2(a->db,
                                "SELECT a.day, a.source_id, count(*) FROM article_fts f"
                                " JOIN articles a ON a.id = f.rowid WHERE article_fts MATCH ?1"
                                " AND a.day >= ?2 AND a.day < ?3 AND a.is_copy = 0"
                                " GROUP BY a.day, a.source_id ORDER BY a.day, a.source_id",
                                -1, &stmt, NULL);
    wr_status status = wr_store_status(rc);
    for (size_t i = 0; status == WR_OK && i < n; i++) {
        trend_sums sums = {0};
        unsigned sources = 0;
        status = ask_index(a, stmt, list[i].phrase->text, &sums, &sources);
        if (status == WR_OK && sources >= (a->sources > 1 ? 2 : 1))
            status = add_trend(a, list[i].phrase->text, &sums, *out, n_out);
    }
    sqlite3_finalize(stmt);
    if (*n_out) qsort(*out, *n_out, sizeof **out, by_score);
    *n_out = keep_apart(*out, *n_out);
    return status;
}

static wr_status ask(asking *a, size_t limit, wr_trend **out, size_t *n) {
    candidate *list = NULL;
    size_t n_list = 0;
    WR_TRY(read_all(a));
    WR_TRY(list_candidates(a, &list, &n_list));
    WR_TRY(refine(a, list, n_list, out, n));
    if (*n > limit) *n = limit;
    return WR_OK;
}

wr_status wr_trending_phrases(sqlite3 *db, wr_arena *arena, const wr_trending_options *options,
                              wr_str *day, wr_trend **out, size_t *n) {
    asking a = {.db = db, .arena = arena};
    *out = NULL;
    *n = 0;
    *day = (wr_str){0};
    WR_TRY(trend_frame_read(db, arena, options->day, options->days, &a.frame));
    WR_TRY(wr_arena_copy(arena, wr_str_c(a.frame.last), day));
    if (!a.frame.base) return WR_OK;
    size_t texts = 0;
    for (size_t i = 0; i < a.frame.n; i++)
        if (a.frame.days[i].now) texts += (size_t)a.frame.days[i].volume;
    if (texts < TREND_SUPPORT) return WR_OK;
    WR_TRY(phrase_counter_new(arena, texts, &a.counter));
    wr_status status = ask(&a, options->limit ? options->limit : 20, out, n);
    phrase_counter_free(&a.counter);
    return status;
}

/* ---- both kinds ---- */

static int by_score_only(const void *a, const void *b) {
    const wr_trend *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return wr_str_cmp(x->key, y->key);
}

wr_status wr_trending_all(sqlite3 *db, wr_arena *arena, const wr_trending_options *options,
                          wr_str *day, wr_trend **out, size_t *n) {
    wr_trend *entities, *phrases;
    size_t n_entities, n_phrases;
    *n = 0;
    WR_TRY(wr_trending(db, arena, options, day, &entities, &n_entities));
    WR_TRY(wr_trending_phrases(db, arena, options, day, &phrases, &n_phrases));
    *out = wr_arena_array(arena, n_entities + n_phrases + 1, sizeof **out);
    if (!*out) return WR_MEMORY;
    for (size_t i = 0; i < n_entities; i++)
        (*out)[(*n)++] = entities[i];
    for (size_t i = 0; i < n_phrases; i++) {
        bool told = false;
        for (size_t k = 0; k < n_entities && !told; k++)
            told = phrase_within(phrases[i].name, entities[k].name) ||
                   phrase_within(entities[k].name, phrases[i].name);
        if (!told) (*out)[(*n)++] = phrases[i];
    }
    if (*n) qsort(*out, *n, sizeof **out, by_score_only);
    return WR_OK;
}
