/* role.h -- offices and titles stated with a person's name */
#ifndef WR_TAG_ROLE_H
#define WR_TAG_ROLE_H

#include <wireroom/page.h>

/* Fills `role` of the persons of the article from the words before a mention ("Russian President")
 * or the apposition behind it (", the mayor of Eastport,"); the first that is stated counts. Ranges
 * of article->text, nothing copied. */
void roles_find(wr_article *article);

/* The office stated with the name at [start, end) of the text, before it or else behind it; empty =
 * none. */
wr_str role_at(wr_str text, size_t start, size_t end);

/* What may stand before an office: "former", "presidential" spokesman, "police" chief. */
bool role_leads(wr_str word);

/* The sex that the title before a name tells ("Mrs."): 'm', 'f' or 0. */
char role_sex(wr_str text, size_t start);

#endif
