/* plain_label.c -- what each line is: the kinds of body text, and the reason of each removed line
 */
#include "plain_doc.h"
#include "plain_scale.h"

wr_str plain_label_name(enum plain_label label) {
    static const wr_str names[LABEL_COUNT] = {
#define L(label, kept, doc) {#label, sizeof #label - 1},
#include <wireroom/block_labels.def>
#undef L
    };
    return names[label];
}

bool plain_label_kept(enum plain_label label) {
    static const uint8_t kept[LABEL_COUNT] = {
#define L(label, kept, doc) kept,
#include <wireroom/block_labels.def>
#undef L
    };
    return kept[label];
}

static enum plain_label label_of_cue(enum plain_cue cue) {
    static const uint8_t label[CUE_COUNT] = {
        [CUE_NONE] = LABEL_other,
        [CUE_BYLINE] = LABEL_byline,
        [CUE_CREDIT] = LABEL_credit,
        [CUE_CAPTION] = LABEL_caption,
        [CUE_DATELINE] = LABEL_dateline,
        [CUE_SOURCE] = LABEL_source,
        [CUE_BIO] = LABEL_bio,
        [CUE_RELATED] = LABEL_related,
        [CUE_PROMOTION] = LABEL_promotion,
        [CUE_SHARE] = LABEL_share,
        [CUE_COMMENTS] = LABEL_comments,
        [CUE_FORM] = LABEL_form,
        [CUE_AD] = LABEL_advertisement,
        [CUE_NOTICE] = LABEL_notice,
        [CUE_LEGAL] = LABEL_legal,
        [CUE_COUNTER] = LABEL_counter,
        [CUE_TAGS] = LABEL_tags,
        [CUE_MEDIA] = LABEL_media,
        [CUE_NAVIGATION] = LABEL_navigation,
    };
    return (enum plain_label)label[cue];
}

static enum plain_label body_label(const struct plain_doc *doc, size_t i, bool bullet) {
    const struct plain_line *l = &doc->lines.line[i];
    if (bullet || l->first == EDGE_BULLET) return LABEL_list;
    bool ends = l->last == EDGE_STOP || l->last == EDGE_COMMA || l->last == EDGE_QUOTE ||
                l->last == EDGE_COLON || l->last == EDGE_CLOSE;
    bool question = l->last == EDGE_STOP && l->words <= 8 && l->stops == 1 && l->text.len &&
                    l->text.ptr[l->text.len - 1] == '?';
    if (l->words && l->words <= 12 && (!ends || question) && l->first != EDGE_LOWER &&
        l->first != EDGE_QUOTE)
        return LABEL_heading;
    return LABEL_paragraph;
}

/* A removed line without a wording: by its look and by where it stands. */
static enum plain_label furniture_label(const struct plain_doc *doc, size_t i) {
    const struct plain_line *l = &doc->lines.line[i];
    if (l->bits & BIT_NUMBER) return LABEL_counter;
    if (l->cue != CUE_NONE) return label_of_cue((enum plain_cue)l->cue);
    if (plain_caption(l, NULL, NULL)) return LABEL_caption;
    if (!l->words) return LABEL_other;
    if (plain_cell(&doc->lines, COL_SEEN)[i]) return LABEL_repeat;
    if (l->bits & BIT_URL) return LABEL_source;
    if (l->last == EDGE_COLON && l->words <= 4) return LABEL_form;
    if (l->words <= 4 && plain_cell(&doc->lines, COL_RUN_SHORT)[i] >= plain_log(3))
        return LABEL_navigation;
    if (l->seps >= 2 && l->words <= 30) return LABEL_navigation;
    if (l->words >= 4 && l->words <= 25 && l->last != EDGE_STOP && l->first == EDGE_UPPER &&
        doc->n_story && i > doc->story[doc->n_story - 1].last)
        return LABEL_related;
    return LABEL_other;
}

static bool has_word(wr_str text, const char *const *words) {
    for (; *words; words++)
        if (memmem(text.ptr, text.len, *words, strlen(*words))) return true;
    return false;
}

/* "NAME is a reporter ..." after the body, or a sentence that begins with the first or last word of
 * the name line before it. */
static bool is_bio(const struct plain_doc *doc, const struct plain_story *s, size_t i,
                   size_t name) {
    static const char *const trades[] = {
        " reporter", " editor",    " writer",  " correspondent", " journalist", " columnist",
        " author",   " freelance", " covers ", " contributor",   " writes ",    " professor",
        " follow ",  NULL};
    const struct plain_line *l = &doc->lines.line[i];
    if (i < s->first || l->words < 4 || l->words > 90 || l->first != EDGE_UPPER) return false;
    wr_str t = l->text;
    size_t space = wr_str_find_char(t, 0, ' ');
    wr_str word = wr_str_slice(t, 0, space);
    while (word.len && !wr_is_alpha(word.ptr[word.len - 1]) && !(word.ptr[word.len - 1] & 0x80))
        word.len--;
    if (name != NO_LINE && word.len >= 3) {
        wr_str n = doc->lines.line[name].text;
        bool of_name = wr_str_starts(n, word) || wr_str_ends(n, word);
        return of_name && i <= name + 2;
    }
    bool is_a = memmem(t.ptr, t.len < 60 ? t.len : 60, " is a", 5) != NULL ||
                memmem(t.ptr, t.len < 60 ? t.len : 60, " is the ", 8) != NULL;
    return is_a && l->caps >= 2 && has_word(t, trades) && i + 2 >= s->last && l->stops <= 3;
}

/* Behind the body: a line that is only a name, and what is said of that person after it. */
static void label_authors(struct plain_doc *doc, const struct plain_story *s) {
    size_t name = NO_LINE;
    size_t from = s->last > s->first + 3 ? s->last - 2 : s->last;
    for (size_t i = from; i < s->to && i < s->last + 8; i++) {
        if (doc->verdict.start[i]) break;
        const struct plain_line *l = &doc->lines.line[i];
        if (plain_is_name(l) && (i > s->last || i + 2 >= s->last)) {
            bool told = false;
            for (size_t k = i + 1; k < s->to && k <= i + 2; k++)
                told |= is_bio(doc, s, k, i);
            if (!told) continue;
            name = i;
            doc->label[i] = LABEL_byline;
        } else if (is_bio(doc, s, i, name)) doc->label[i] = LABEL_bio;
    }
}

#define FRONT 16 /* lines before the body that may belong to the story */

/* In front of the body: a caption often stands as alt text too, and a standfirst may be prose. */
static void label_front(struct plain_doc *doc, const struct plain_story *s) {
    size_t from = s->title == NO_LINE ? s->from : s->title + 1;
    if (from + FRONT < s->first) from = s->first - FRONT;
    for (size_t i = from; i < s->first; i++) {
        const struct plain_line *l = &doc->lines.line[i];
        if (doc->label[i] != LABEL_other && doc->label[i] != LABEL_navigation &&
            doc->label[i] != LABEL_related)
            continue;
        wr_str names = plain_byline_names(l);
        if (names.len || (plain_is_name(l) && l->words >= 2)) doc->label[i] = LABEL_byline;
        for (size_t k = from; k < s->first; k++) { /* the words of a caption near it */
            wr_str caption;
            if (k == i || !plain_caption(&doc->lines.line[k], &caption, NULL)) continue;
            if (wr_str_eq(wr_str_trim(caption), wr_str_trim(l->text))) doc->label[i] = LABEL_repeat;
        }
    }
}

/* Wordings and forms that are furniture whatever the models say of the prose in them. */
static bool overruled(const struct plain_doc *doc, size_t i) {
    const struct plain_line *l = &doc->lines.line[i];
    if (plain_agency_line(l, NULL, NULL)) return true;
    if (plain_caption(l, NULL, NULL)) return l->bits & BIT_BRACKET;
    switch (l->cue) {
    case CUE_BYLINE: return l->words <= 12 && l->last != EDGE_STOP;
    case CUE_RELATED: return l->words <= 25 && memchr(l->text.ptr, ':', l->text.len) != NULL;
    case CUE_SOURCE:
    case CUE_LEGAL:
    case CUE_COUNTER:
    case CUE_FORM: return l->words <= 12;
    case CUE_SHARE:
    case CUE_COMMENTS: return l->words <= 6;
    case CUE_DATELINE: return l->words <= 7 && l->digits > 4;
    default: return false;
    }
}

/* A story whose lines all turned out to be furniture by their wording keeps its first one. */
static void keep_some(struct plain_doc *doc, const struct plain_story *s) {
    for (size_t i = s->first; i <= s->last; i++)
        if (i != s->title && plain_label_kept((enum plain_label)doc->label[i])) return;
    doc->label[s->first] = LABEL_paragraph;
}

void plain_label_lines(struct plain_doc *doc) {
    for (size_t i = 0; i < doc->lines.n; i++) {
        bool kept = doc->verdict.body[i] && !overruled(doc, i);
        doc->label[i] = (uint8_t)(kept ? body_label(doc, i, false) : furniture_label(doc, i));
        if (kept) continue;
        wr_str site, agency;
        if (plain_agency_line(&doc->lines.line[i], &site, &agency)) doc->label[i] = LABEL_byline;
    }
    for (size_t k = 0; k < doc->n_story; k++) {
        struct plain_story *s = &doc->story[k];
        if (s->title != NO_LINE) doc->label[s->title] = LABEL_title;
        label_authors(doc, s);
        label_front(doc, s);
        keep_some(doc, s);
    }
}
