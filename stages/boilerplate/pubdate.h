/* pubdate.h -- dates as pages state them, to ISO 8601 */
#ifndef BOILERPLATE_PUBDATE_H
#define BOILERPLATE_PUBDATE_H

#include <wireroom/arena.h>

enum pubdate_precision {
    PUBDATE_NONE,
    PUBDATE_YEAR,
    PUBDATE_MONTH,
    PUBDATE_DAY,
    PUBDATE_MINUTE,
    PUBDATE_SECOND
};

struct pubdate {
    int year, month, day, hour, minute, second;
    int offset;  /* minutes east of UTC */
    bool zoned;  /* an offset or Z was stated */
    bool either; /* the order of day and month is a guess: 1/5/2031 */
    enum pubdate_precision precision;
    size_t start, end; /* where it stands in the text that was read, without its clock time */
};

/* Reads the first date in `s`: ISO 8601 in its usual shapes, RFC 822, 14 digits, Unix seconds or
 * milliseconds, "January 5, 2031", "5. Januar 2031", "5 de enero de 2031", "2031/1/5",
 * "05.01.2031", "1/5/2031" (read as month/day only when `month_first`), each with a clock time when
 * one follows. Month names of some twenty languages. `alone`: the text must be little more than the
 * date. precision NONE when there is none, when the calendar has no such day, or when the year is
 * not in 1990-2100. O(bytes). */
struct pubdate pubdate_read(wr_str s, bool month_first, bool alone);

/* The date with day and month exchanged (`either`). */
struct pubdate pubdate_other(struct pubdate date);

bool pubdate_same_day(const struct pubdate *a, const struct pubdate *b);

/* Minutes since the start of 1970 of what calendar and clock say (no offset taken into account). */
int64_t pubdate_minutes(const struct pubdate *date);

/* A date in the path of an address: /2031/01/05/, /2031-01-05-, /20310105, /2031/jan/05/. */
struct pubdate pubdate_of_url(wr_str url);

/* ISO 8601 with as much as is known. */
WR_MUSTUSE wr_status pubdate_write(wr_arena *arena, const struct pubdate *date, wr_str *out);
wr_str pubdate_precision_name(enum pubdate_precision precision);

#endif
