/* plain_judge.h -- from lines to verdicts: body or not, and where articles start */
#ifndef PLAIN_JUDGE_H
#define PLAIN_JUDGE_H

#include "plain_columns.h"

/* What was decided of each line. */
struct plain_verdict {
    uint8_t *body;  /* 1 = part of an article's text */
    uint8_t *start; /* 1 = the title an article starts with */
};

/* Runs the models over `n` lines of text (at most PLAIN_LINES): page->p, q and s are the logits. */
#define PLAIN_LINES 65536
WR_MUSTUSE wr_status plain_judge(wr_arena *arena, const struct plain_model *model,
                                 const wr_str *texts, size_t n, struct plain_page *page);

/* Decides from the logits. `dial` 0 = precision ... 1 = recall. Never keeps nothing when a line of
 * words is there. */
WR_MUSTUSE wr_status plain_decide(wr_arena *arena, const struct plain_page *page, double dial,
                                  struct plain_verdict *verdict);

/* Whether line i may be the first of an article at all: it looks like a heading and body text
 * follows soon. Needs the start columns. */
bool plain_may_start(const struct plain_page *page, size_t i);

#endif
