/* date_read.h -- numbers, months and tense among the tokens of the date grammar */
#ifndef WR_TAG_DATE_READ_H
#define WR_TAG_DATE_READ_H

#include "calendar.h"
#include "date_words.h"

/* The tokens of a text and the day they are counted from. */
typedef struct date_finder {
    wr_arena *arena;
    wr_str text;
    const date_token *t;
    size_t n;
    cal_day today;             /* year 0 = not known */
    int quarter, quarter_year; /* the quarter named last, for "the quarter" */
} date_finder;

/* The class, the text of token i; a stop and nothing beyond the end. */
date_class date_cls_at(const date_finder *f, size_t i);
wr_str date_text_at(const date_finder *f, size_t i);
/* Is token i that word, in any case? */
bool date_is_word(const date_finder *f, size_t i, const char *word);
/* Has the token before i that class? */
bool date_before_is(const date_finder *f, size_t i, date_class cls);
/* A number in digits or words at i: its end, or i when there is none. Years and ordinals are none.
 */
size_t date_read_count(const date_finder *f, size_t i, int *value);
/* A year at i, in digits (1000-2199) or words: its end, or i. */
size_t date_read_year(const date_finder *f, size_t i, int *year);
/* A day of a month, 1-31: its end, or i. */
size_t date_read_day(const date_finder *f, size_t i, int *day);
/* A month, written with a capital. */
bool date_is_month(const date_finder *f, size_t i);
/* i + 1 when token i has the class, else i. */
size_t date_skip(const date_finder *f, size_t i, date_class cls);
/* Does the sentence before token i speak of what is to come? */
bool date_speaks_of_future(const date_finder *f, size_t i);
/* The year a month without one belongs to: the nearest; a bare month more than two ahead is taken
 * for one that has been, unless the sentence looks ahead. Needs a known day. */
int date_year_of_month(const date_finder *f, int month, bool bare, size_t at);

/* TIMEX3 code of a part of the day, of a season; the letters are those of date_words.def. */
const char *date_part_code(int part);
const char *date_season_code(int season);
/* Hours, minutes and seconds stand behind the T of a duration. */
bool date_has_clock_unit(int unit);
/* The day `days` later. */
cal_day date_move(cal_day d, int days);

#endif
