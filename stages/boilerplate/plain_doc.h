/* plain_doc.h -- a page of plain text while it is taken apart: verdicts, stories, labels */
#ifndef PLAIN_DOC_H
#define PLAIN_DOC_H

#include "plain.h"
#include "plain_judge.h"

/* The labels of block_labels.def as numbers. */
enum plain_label {
#define L(label, kept, doc) LABEL_##label,
#include <wireroom/block_labels.def>
#undef L
    LABEL_COUNT
};

wr_str plain_label_name(enum plain_label label);
bool plain_label_kept(enum plain_label label);

#define NO_LINE SIZE_MAX

/* Lines [from, to) of one article; body from `first` to `last`, both in it. */
struct plain_story {
    size_t title; /* NO_LINE = none */
    size_t from, to, first, last;
};

struct plain_doc {
    struct plain_page lines;
    struct plain_verdict verdict;
    uint8_t *label;
    struct plain_story *story;
    size_t n_story;
};

/* Cuts the page into stories (doc->story): one for each title that has a body. */
WR_MUSTUSE wr_status plain_split(wr_arena *arena, struct plain_doc *doc);

/* Names every line (doc->label). */
void plain_label_lines(struct plain_doc *doc);

/* Reads authors, agency, site, address, date, caption and credit of a story from its lines. */
WR_MUSTUSE wr_status plain_metadata(wr_arena *arena, const struct plain_doc *doc,
                                    const struct plain_story *story, wr_article *article);

/* True for one to four words that could be a person's name and nothing else. */
bool plain_is_name(const struct plain_line *line);

/* The name a byline gives, without "By" and what follows the names; empty when there is none. */
wr_str plain_byline_names(const struct plain_line *line);

/* True for a line whose picture credit gives it away: it ends in brackets, a bold run, or a slash
 * and a short name. *caption and *credit get the two parts. */
bool plain_caption(const struct plain_line *line, wr_str *caption, wr_str *credit);

/* True for "X with inputs from Y" and the like: *site and *agency get X and Y, which may be empty.
 */
bool plain_agency_line(const struct plain_line *line, wr_str *site, wr_str *agency);

/* Reads a date as in "5 June 2017 [17:35]", "Dec. 15, 2020 3:40 pm", "2020-12-15T10:00",
 * "15.12.2020": ISO 8601 in `arena` and its precision, or empty when there is none or it is
 * ambiguous. */
WR_MUSTUSE wr_status plain_date(wr_arena *arena, wr_str text, wr_str *iso, wr_str *precision);

#endif
