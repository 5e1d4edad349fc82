/* date_holiday.h -- days that go by a name: fixed, counted in weeks, or by Easter */
#ifndef WR_TAG_DATE_HOLIDAY_H
#define WR_TAG_DATE_HOLIDAY_H

#include "calendar.h"

/* The holiday whose name `text` begins with: bytes of the name, 0 = none; *which is for the others.
 */
size_t holiday_read(wr_str text, size_t *which);

/* When it is in that year (1583-2299), and in which month it is in any year. */
cal_day holiday_in(size_t which, int year);
int holiday_month(size_t which);

#endif
