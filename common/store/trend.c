/* trend.c -- the days that are compared, and the score */
#include <common/store/private.h>
#include <common/store/trend.h>

#include "trend_log2_table.h"

#include <math.h>
#include <time.h>

#define WEEKS 4
#define SHAPE 20.0 /* of the negative binomial */
#define PRIOR 0.5  /* articles, added to every expectation */

bool trend_shift(const char *day, int by, char out[11]) {
    struct tm tm = {0};
    const char *end = strptime(day, "%Y-%m-%d", &tm);
    if (!end || *end) return false;
    time_t t = timegm(&tm) + (time_t)by * 86400;
    gmtime_r(&t, &tm);
    return strftime(out, 11, "%Y-%m-%d", &tm) == 10;
}

static wr_status newest_day(sqlite3 *db, char out[11]) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, "SELECT coalesce(max(day), '') FROM days", -1, &stmt, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        snprintf(out, 11, "%s", (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return wr_store_status(rc);
}

/* Days from `from` days before the last one on, `n` of them. */
static bool within(int before, int from, int n) {
    return before <= from && before > from - n;
}

static void set_weights(trend_day *d, int before, int days) {
    d->now = within(before, days - 1, days) ? 2 : within(before, 2 * days - 1, days) ? 1 : 0;
    d->base = within(before, (TREND_BASELINES + 2) * days - 1, TREND_BASELINES * days) ? 2 : 0;
    for (int k = 1; days < 7 && k <= WEEKS; k++)
        d->week += within(before - 7 * k, days - 1, days)       ? 2
                   : within(before - 7 * k, 2 * days - 1, days) ? 1
                                                                : 0;
}

static int days_between(const char *day, const char *last) {
    struct tm a = {0}, b = {0};
    if (!strptime(day, "%Y-%m-%d", &a) || !strptime(last, "%Y-%m-%d", &b)) return -1;
    return (int)((timegm(&b) - timegm(&a)) / 86400);
}

static wr_status read_days(sqlite3 *db, wr_arena *arena, int days, trend_frame *f) {
    sqlite3_stmt *stmt = NULL;
    size_t cap = 0;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT day, n_unique FROM days WHERE day >= ?1 AND day <= ?2"
                                " ORDER BY day",
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(stmt, 1, f->oldest, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, f->last, -1, SQLITE_STATIC);
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        trend_day d = {.volume = sqlite3_column_int64(stmt, 1)};
        snprintf(d.day, sizeof d.day, "%s", (const char *)sqlite3_column_text(stmt, 0));
        int before = days_between(d.day, f->last);
        if (before < 0) continue;
        set_weights(&d, before, days);
        if (!d.volume || !(d.now + d.base + d.week)) continue;
        f->now += d.now * d.volume;
        f->base += d.base * d.volume;
        f->week += d.week * d.volume;
        if (d.now == 2) f->window += d.volume;
        trend_day *slot = WR_PUSH(arena, f->days, f->n, cap);
        if (slot) *slot = d;
        else status = WR_MEMORY;
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

wr_status trend_frame_read(sqlite3 *db, wr_arena *arena, wr_str last, unsigned window,
                           trend_frame *out) {
    int days = window ? (int)(window > 366 ? 366 : window) : 1;
    *out = (trend_frame){0};
    if (last.len) snprintf(out->last, sizeof out->last, "%.*s", (int)last.len, last.ptr);
    else WR_TRY(newest_day(db, out->last));
    if (!out->last[0]) return WR_OK;
    int back = (TREND_BASELINES + 2) * days, weeks = 7 * WEEKS + 2 * days;
    if (days < 7 && weeks > back) back = weeks;
    if (last.len > 10 || !trend_shift(out->last, 1 - days, out->first) ||
        !trend_shift(out->last, 1 - 2 * days, out->fade) ||
        !trend_shift(out->last, 1 - back, out->oldest))
        return WR_USAGE;
    return read_days(db, arena, days, out);
}

/* log2(1 + mentions an article) */
static double weight_of(int64_t articles, int64_t mentions) {
    int64_t both = articles + mentions, n = sizeof log2_table / sizeof *log2_table;
    if (mentions >= 0 && both < n) return log2_table[both] - log2_table[articles];
    return log2(1 + (double)mentions / (double)articles);
}

void trend_sums_add(trend_sums *to, const trend_day *day, int64_t articles, int64_t unique,
                    int64_t mentions) {
    if (articles <= 0 || unique <= 0) return;
    double weight = weight_of(articles, mentions);
    int64_t x = llround(1000 * (double)unique * weight);
    to->now += x * day->now;
    to->base += x * day->base;
    to->week += x * day->week;
    if (day->base) to->before += unique;
    if (day->now) to->support += (uint64_t)unique;
    if (day->now < 2) return;
    to->count += (uint64_t)unique;
    to->mentions += (uint64_t)mentions;
}

double trend_expected(const trend_frame *f, const trend_sums *sums) {
    double base = f->base ? (double)sums->base / 2000 * (double)f->now / (double)f->base : 0;
    double week = f->week ? (double)sums->week / 2000 * (double)f->now / (double)f->week : 0;
    return base > week ? base : week;
}

double trend_found(const trend_sums *sums) {
    return (double)sums->now / 2000;
}

double trend_expected_articles(const trend_frame *f, const trend_sums *sums) {
    return f->base ? (double)sums->before * 2 * (double)f->window / (double)f->base : 0;
}

double trend_score(double found, double expected) {
    double e = expected + PRIOR;
    if (found <= e) return 0;
    double ratio = found * log(found / e) - (found + SHAPE) * log((found + SHAPE) / (e + SHAPE));
    return ratio > 0 ? sqrt(2 * ratio) : 0;
}
