/* calendar.h -- days, weeks and months of the proleptic Gregorian calendar, as plain arithmetic */
#ifndef WR_TAG_CALENDAR_H
#define WR_TAG_CALENDAR_H

#include <wireroom/str.h>

/* month 1-12, day 1-31; year 0 = not known */
typedef struct cal_day {
    int year, month, day;
} cal_day;

/* Days since 1970-01-01 and back. Algorithm: H. Hinnant, "chrono-compatible low-level date
 * algorithms". */
long cal_number(cal_day d);
cal_day cal_of_number(long n);

/* 0 = Monday ... 6 = Sunday. */
int cal_weekday(cal_day d);

/* ISO 8601 week: its year and number 1-53. */
void cal_week(cal_day d, int *year, int *week);

/* Length of a month, and the day `months` later (the day cut to the month's length). */
int cal_month_days(int year, int month);
cal_day cal_add_months(cal_day d, int months);

/* Reads YYYY-MM-DD at the start of s; false when it is no such day. */
bool cal_parse(wr_str s, cal_day *out);

#endif
