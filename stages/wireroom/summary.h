/* summary.h -- what `wireroom run --once` says at its end */
#ifndef WIREROOM_SUMMARY_H
#define WIREROOM_SUMMARY_H

#include "supervise.h"

/* For a terminal three lines: what was read, what the store holds, what to type next. Else, or with
 * `json`, one JSON object. */
void summary_print(const settings *set, const char *dir, const progress *done, double seconds);

#endif
