/* given_name.h -- first names that only men or only women bear */
#ifndef WR_TAG_GIVEN_NAME_H
#define WR_TAG_GIVEN_NAME_H

#include <wireroom/str.h>

/* 'm', 'f', or 0 for names that both bear or that are not known. O(log names). */
char given_name_sex(wr_str name);

/* Generated: names in small letters in order, each ended by F or M. */
extern const char given_name_table[];
extern const size_t given_name_bytes;

#endif
