/* role.h -- offices and titles stated with a person's name */
#ifndef WR_TAG_ROLE_H
#define WR_TAG_ROLE_H

#include <wireroom/page.h>

/* Fills `role` of the persons of the article from the words before a mention ("Russian President")
 * or the apposition behind it (", the mayor of Eastport,"); the first that is stated counts. Ranges
 * of article->text, nothing copied. */
void roles_find(wr_article *article);

#endif
