/* plain_split.c -- which lines make up which story */
#include "plain_doc.h"
#include "plain_scale.h"

#define SMALL_STORY 30 /* words of body under which a title is taken for a teaser's or heading */
#define NAMELESS    60 /* words of body before the first title that make a story of their own */

static uint32_t body_words(const struct plain_doc *doc, size_t from, size_t to) {
    uint32_t words = 0;
    for (size_t i = from; i < to; i++)
        if (doc->verdict.body[i] && !doc->verdict.start[i]) words += doc->lines.line[i].words;
    return words;
}

/* The likeliest title for the body that begins at `first`, among lines [from, first]. */
static size_t likely_title(const struct plain_doc *doc, size_t from, size_t first) {
    size_t best = NO_LINE;
    for (size_t i = from; i <= first; i++) {
        if (!plain_may_start(&doc->lines, i) || doc->lines.s[i] <= -4 * PLAIN_SCALE) continue;
        if (best == NO_LINE || doc->lines.s[i] > doc->lines.s[best]) best = i;
    }
    return best;
}

static size_t first_body(const struct plain_doc *doc, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (doc->verdict.body[i] && !doc->verdict.start[i]) return i;
    return NO_LINE;
}

/* Takes back starts that no body follows, and of two without body between them the weaker one. */
static void prune_starts(struct plain_doc *doc) {
    size_t n = doc->lines.n, starts = 0, held = NO_LINE;
    for (size_t i = 0; i < n; i++)
        starts += doc->verdict.start[i];
    for (size_t i = 0; i <= n && starts > 1; i++) {
        if (i < n && !doc->verdict.start[i]) continue;
        if (held != NO_LINE) {
            uint32_t words = body_words(doc, held + 1, i);
            bool weaker = i == n || doc->lines.s[held] < doc->lines.s[i];
            if (words == 0 && i < n && i - held <= 4 && !weaker) {
                doc->verdict.start[i] = 0;
                starts--;
                continue;
            }
            if (words < SMALL_STORY) doc->verdict.start[held] = 0, starts--;
        }
        held = i;
    }
}

static void add_story(struct plain_doc *doc, size_t title, size_t from, size_t to) {
    struct plain_story s = {title, from, to, first_body(doc, from, to), NO_LINE};
    if (s.first == NO_LINE) return;
    for (size_t i = s.first; i < to; i++)
        if (doc->verdict.body[i] && !doc->verdict.start[i]) s.last = i;
    doc->story[doc->n_story++] = s;
}

wr_status plain_split(wr_arena *arena, struct plain_doc *doc) {
    size_t n = doc->lines.n, starts = 0;
    prune_starts(doc);
    for (size_t i = 0; i < n; i++)
        starts += doc->verdict.start[i];
    doc->story = wr_arena_array(arena, starts + 2, sizeof *doc->story);
    if (!doc->story) return WR_MEMORY;
    size_t next = 0;
    while (next < n && !doc->verdict.start[next])
        next++;
    uint32_t before = body_words(doc, 0, next);
    if (before >= NAMELESS || next == n) {
        size_t first = first_body(doc, 0, next);
        size_t title = first == NO_LINE ? NO_LINE : likely_title(doc, 0, first);
        if (title != NO_LINE) doc->verdict.start[title] = 1;
        add_story(doc, title, 0, next);
        before = 0;
    }
    for (size_t at = next; at < n; at = next) {
        next = at + 1;
        while (next < n && !doc->verdict.start[next])
            next++;
        size_t from =
            before && !doc->n_story ? 0 : at; /* a few words in front stay with the first */
        add_story(doc, at, from, next);
    }
    for (size_t k = 0; k + 1 < doc->n_story; k++)
        doc->story[k].to = doc->story[k + 1].from;
    if (doc->n_story) doc->story[doc->n_story - 1].to = n;
    return WR_OK;
}
