/* tag.h -- the core of the stage: who and what the articles of a page name */
#ifndef TAG_TAG_H
#define TAG_TAG_H

#include <wireroom/page.h>

struct tagger;

/* A tagger on the bytes of a model file (64-byte aligned, borrowed); its memory, some 9 MB, comes
 * from `arena`. One tagger serves one thread. Statuses as model_read, and WR_MEMORY; *why (may be
 * NULL) is static text. */
WR_MUSTUSE wr_status tagger_new(wr_arena *arena, wr_str model, struct tagger **out,
                                const char **why);

struct knowledge;

/* Names known everywhere, for tag_page; borrowed. Without it names stand for themselves. */
void tagger_use_knowledge(struct tagger *tagger, const struct knowledge *knowledge);

/* Fills `entities`, `quotes` and `dates` of every article from its text and paras: each mention a
 * range of article.text with its probability, names that mean the same joined to one entity
 * (alias.h). All that is for English: in an article whose language is known to be another one only
 * names that a list has are found, marked by their origin (listed.h), and no quotations or dates.
 * Results live in `arena`. The same for any order of pages. WR_MEMORY at the arena's limit,
 * WR_MALFORMED when a para lies outside of the text. O(text). */
WR_MUSTUSE wr_status tag_page(struct tagger *tagger, wr_arena *arena, wr_page *page, wr_str *why);

/* The names of one article alone: mentions with one surface and type together one entity. */
WR_MUSTUSE wr_status tag_article(struct tagger *tagger, wr_arena *arena, wr_article *article,
                                 wr_str *why);

#endif
