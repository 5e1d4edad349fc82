/* date_month.h -- what a rule of the date grammar finds, and the rules for days of a month */
#ifndef WR_TAG_DATE_MONTH_H
#define WR_TAG_DATE_MONTH_H

#include "date_read.h"

#include <stdio.h>

/* What a rule found: tokens [from, to), and a value of which `%` parts are filled in. */
typedef struct hit {
    size_t from, to;
    const char *type;
    bool relative; /* needs today */
    char value[64];
} hit;

#define PUT(h, ...) snprintf((h)->value, sizeof(h)->value, __VA_ARGS__)

/* [, ] YEAR after a month or day: its end, or i. */
size_t date_year_tail(const date_finder *f, size_t i, int *year);

/* The rules look at token i and set what they find; false = nothing.
 * MONTH [DAY] [, YEAR] | DAY MONTH [YEAR], with a weekday before. */
bool rule_month(const date_finder *f, size_t i, hit *h);
/* 2024-05-03 | 05/03/2024 | 3.5.2024 */
bool rule_numeric(const date_finder *f, size_t i, hit *h);
/* Christmas Day [, YEAR] */
bool rule_holiday(const date_finder *f, size_t i, hit *h);
/* The 25 of "April 24 and 25", behind the hit that ends at `last`. */
bool rule_second_day(const date_finder *f, size_t i, const hit *last, hit *h);

#endif
