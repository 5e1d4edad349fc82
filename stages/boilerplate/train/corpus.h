/* corpus.h -- pages with gold, laid out as <dir>/<set>/<id>.html and .json, read into memory */
#ifndef BOILERPLATE_TRAIN_CORPUS_H
#define BOILERPLATE_TRAIN_CORPUS_H

#include <wireroom/page.h>

struct corpus_page {
    wr_str set, id, site; /* site: registered domain */
    wr_str gold;          /* the article's text */
    wr_page page;         /* after cleanup */
    unsigned fold;        /* by a hash of the site */
};

struct corpus {
    wr_arena *arena;
    struct corpus_page *pages;
    size_t n, cap;
};

/* Reads and cleans all pages of all sets of `dir`, sets and pages in byte order of their names.
 * False with a line on stderr when something cannot be read. */
bool corpus_read(struct corpus *corpus, const char *dir, unsigned folds);

/* Reads a file into the arena; false when it cannot be read. */
bool corpus_file(wr_arena *arena, const char *path, wr_str *out);

#endif
