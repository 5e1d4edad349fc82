/* knowledge.h -- names that mean something everywhere: countries, offices, well-known short forms
 *
 * A table file, tab-separated, UTF-8, first line `type name canonical id country source`:
 *   type       PER, ORG, LOC or MISC; with a language behind it ("LOC:de") the name counts only in
 *              texts of that language
 *   name       as a text may have it
 *   canonical  the name it stands for (may be the same)
 *   id         Wikidata id or empty
 *   country    Wikidata id of the country a demonym or place belongs to, or empty
 *   source     where the row is from; rows of a user's own file may leave it out
 * Lines that begin with # are skipped. */
#ifndef WR_TAG_KNOWLEDGE_H
#define WR_TAG_KNOWLEDGE_H

#include <wireroom/page.h>

struct knowledge;

typedef struct known {
    wr_str type, name, canonical, id, country;
    bool sure; /* written by hand, for this project or by the user: it decides the type of a name */
    bool own;  /* of the user */
} known;

/* A table of the rows of all `n_files` file texts (borrowed); a later file's row replaces an
 * earlier one's of the same type and name. *file and *line (may be NULL) are where the error is:
 * the index of the file, the line from 1. WR_MALFORMED for a row with fewer than three cells or an
 * unknown type, WR_MEMORY. O(bytes). */
WR_MUSTUSE wr_status knowledge_new(wr_arena *arena, const wr_str *files, size_t n_files,
                                   struct knowledge **out, size_t *file, size_t *line);

/* The row for a name of that type, or NULL. `k` may be NULL. */
const known *knowledge_find(const struct knowledge *k, wr_str type, wr_str name);

/* The same for a name of one language only, by the first part of its BCP 47 tag. */
const known *knowledge_find_in(const struct knowledge *k, wr_str lang, wr_str type, wr_str name);

/* How many rows there are, and the index of one that was found. */
size_t knowledge_rows(const struct knowledge *k);
size_t knowledge_row(const struct knowledge *k, const known *row);

#endif
