/* trend.h -- inside of trending: the days that are compared, and the score
 *
 * A window of `days` days counts fully, the window before it half: what has begun does not vanish
 * at the window's edge. Both are compared with the eight windows before them and, for windows
 * shorter than a week, with the same days one to four weeks earlier: the larger of the two
 * expectations counts, so that what comes every Sunday is no news on a Sunday. Days are days of
 * publication. */
#ifndef WR_STORE_TREND_H
#define WR_STORE_TREND_H

#include <common/store/ask.h>

#define TREND_BASELINES 8
#define TREND_SUPPORT                                                                              \
    3 /* articles in the window and the one before it, one of them in the window */

typedef struct trend_day {
    char day[11];
    int now, base, week; /* weights in halves */
    int64_t volume;      /* articles without copies */
} trend_day;

typedef struct trend_frame {
    trend_day *days; /* oldest first; only days that have articles */
    size_t n;
    char first[11], last[11]; /* the window */
    char fade[11];            /* the first day of the window before it */
    char oldest[11];          /* the first day looked at */
    int64_t now, base, week;  /* volumes, in halves; base 0 = nothing to compare with */
    int64_t window;           /* articles of the window */
} trend_frame;

/* Counts of one name over the frame: thousandths times the weights in halves. */
typedef struct trend_sums {
    int64_t now, base, week;
    int64_t before;                    /* articles of the baseline */
    uint64_t support, count, mentions; /* articles of both windows; of the window */
} trend_sums;

/* `last` empty = the newest day of the store; n = 0 days when there is none. WR_USAGE: no day. */
WR_MUSTUSE wr_status trend_frame_read(sqlite3 *db, wr_arena *arena, wr_str last, unsigned days,
                                      trend_frame *out);
bool trend_shift(const char *day, int by, char out[11]);

/* Adds a day's articles (with their copies, without them) and mentions: an article that names
 * something often counts more, log2(1 + mentions an article). */
void trend_sums_add(trend_sums *to, const trend_day *day, int64_t articles, int64_t unique,
                    int64_t mentions);

/* What was to be expected and what was found in the measure above; what was to be expected as plain
 * articles of the window; the score: root of twice the log likelihood ratio of what
 * was found against it, negative binomial with k = 20 (counts vary by a fifth on their own);
 * 0 when no more was found. */
double trend_expected(const trend_frame *frame, const trend_sums *sums);
double trend_found(const trend_sums *sums);
double trend_expected_articles(const trend_frame *frame, const trend_sums *sums);
double trend_score(double found, double expected);

#endif
