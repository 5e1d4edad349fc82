/* date.h -- time expressions in English text, normalised to ISO 8601 (TIMEX3 values)
 *
 * Rules over a table of words; no regular expressions, no clock. What is meant by "Friday" or "last
 * month" is counted from the article's date and left open (empty value) where none is known. */
#ifndef WR_TAG_DATE_H
#define WR_TAG_DATE_H

#include <wireroom/page.h>

/* Finds the dates, times, durations and sets of `text`. `published`: the article's date as ISO 8601
 * (what follows the day is ignored), or anything shorter than a day, or empty = not known.
 * *out: n ranges in text order, not overlapping, in `arena`; value, type and basis as in
 * schema.def. O(text). WR_MEMORY at the arena's limit. */
WR_MUSTUSE wr_status dates_find(wr_arena *arena, wr_str text, wr_str published, wr_date **out,
                                size_t *n);

#endif
