/* alias_name.h -- names cut into words, and when two of them can mean the same */
#ifndef WR_TAG_ALIAS_NAME_H
#define WR_TAG_ALIAS_NAME_H

#include <wireroom/page.h>

#define NAME_WORDS 12 /* words looked at; the rest of a longer name is ignored */

/* A name without brackets, possessive endings and leading titles ("Mr."; of a person offices too,
 * "President"). */
typedef struct name {
    wr_str text; /* cleaned, words joined by one space */
    wr_str word[NAME_WORDS];
    size_t n;
    char sex; /* 'm', 'f' or 0: by the first name; the caller may know more */
} name;

WR_MUSTUSE wr_status name_read(wr_arena *arena, wr_str surface, bool person, name *out);

/* The name without the titles that lead it, a part of `name`: at least one word is left. What
 * kings, popes and the like are called by stays: "King Olav". */
wr_str name_without_titles(wr_str name, bool person);

/* The last word that is no Jr., Sr., II ..; n must be > 0. */
wr_str name_surname(const name *a);

/* Full names of one person: same surname, first names equal, one an initial of the other, or a
 * known short form (Joe, Joseph); never a man and a woman. */
bool name_same_person(const name *a, const name *b);

/* `acronym` (DNC, U.N.) is made of the first letters of `full`. */
bool name_is_acronym(const name *acronym, const name *full);

/* Equal but for The, Inc., Ltd. and the like. */
bool name_same_organisation(const name *a, const name *b);

/* Words that are titles ("Mr", "Sen", "President", ...), for stripping and for roles. */
bool name_is_title(wr_str word);
/* 'm' for Mr and Sir, 'f' for Mrs, Ms, Miss, Lady and Dame, else 0. */
char name_title_sex(wr_str word);
/* King, Pope, Lord ...: titles that are said with a first name and belong to it. */
bool name_is_reign(wr_str word);
/* ... of those the ones that tell no office: Mr, Mrs, Ms, Miss, Dr, Sir. */
bool name_is_courtesy(wr_str word);

#endif
