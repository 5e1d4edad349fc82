/* plain.c -- articles on a page of plain text */
#include "plain.h"
#include "plain_doc.h"
#include "plain_scale.h"

#include <math.h>

static wr_status judge_page(wr_arena *arena, const wr_page *page, double dial,
                            struct plain_doc *doc) {
    size_t n = page->n_blocks;
    if (n > PLAIN_LINES) return WR_LIMIT;
    wr_str *texts = wr_arena_array(arena, n, sizeof *texts);
    doc->label = wr_arena_array(arena, n, 1);
    if (!texts || !doc->label) return WR_MEMORY;
    for (size_t i = 0; i < n; i++)
        texts[i] = page->blocks[i].text;
    WR_TRY(plain_judge(arena, &plain_model, texts, n, &doc->lines));
    return plain_decide(arena, &doc->lines, dial, &doc->verdict);
}

static bool any_word(const struct plain_doc *doc) {
    for (size_t i = 0; i < doc->lines.n; i++)
        if (doc->lines.line[i].words) return true;
    return false;
}

/* A page whose only body is its title: that line is a story without one. */
static void whole_page(struct plain_doc *doc) {
    size_t n = doc->lines.n, first = NO_LINE;
    memset(doc->verdict.start, 0, n);
    for (size_t i = 0; i < n; i++)
        if (doc->verdict.body[i] && first == NO_LINE) first = i;
    for (size_t i = 0; i < n && first == NO_LINE; i++)
        if (doc->lines.line[i].words) first = i;
    doc->verdict.body[first] = 1;
    size_t last = first;
    for (size_t i = first; i < n; i++)
        if (doc->verdict.body[i]) last = i;
    doc->story[0] = (struct plain_story){NO_LINE, 0, n, first, last};
    doc->n_story = 1;
}

static double confidence(const struct plain_doc *doc, size_t i) {
    enum plain_label label = (enum plain_label)doc->label[i];
    double z = (label == LABEL_title ? doc->lines.s[i] : doc->lines.q[i]) / (double)PLAIN_SCALE;
    double p = 1 / (1 + exp(-z));
    if (label != LABEL_title && !plain_label_kept(label)) p = 1 - p;
    return p < 0.01 ? 0.01 : p;
}

static void mark_blocks(const struct plain_doc *doc, wr_page *page) {
    for (size_t i = 0; i < page->n_blocks; i++) {
        enum plain_label label = (enum plain_label)doc->label[i];
        wr_block *b = &page->blocks[i];
        b->label = plain_label_name(label);
        b->reason = plain_label_kept(label) ? wr_str_of(NULL, 0) : b->label;
        b->confidence = confidence(doc, i);
        b->article = 0;
    }
    for (size_t k = 0; k < doc->n_story; k++) {
        const struct plain_story *s = &doc->story[k];
        size_t from = s->title != NO_LINE && s->title < s->first ? s->title : s->first;
        for (size_t i = from; i < s->to; i++)
            if (i <= s->last || doc->label[i] == LABEL_byline || doc->label[i] == LABEL_bio ||
                doc->label[i] == LABEL_source)
                page->blocks[i].article = k + 1;
    }
}

struct parts {
    wr_arena *arena;
    wr_article *article;
    char *text;
    size_t len, cap;
};

static wr_status add_part(struct parts *p, wr_str text, wr_str kind, size_t block) {
    if (p->len) {
        memcpy(p->text + p->len, "\n\n", 2);
        p->len += 2;
    }
    size_t start = p->len;
    memcpy(p->text + p->len, text.ptr, text.len);
    p->len += text.len;
    wr_article *a = p->article;
    wr_para *para = WR_PUSH(p->arena, a->paras, a->n_paras, p->cap);
    if (!para) return WR_MEMORY;
    *para = (wr_para){.start = start, .end = p->len, .kind = kind, .block = block + 1};
    return WR_OK;
}

static bool wanted(const struct plain_doc *doc, const struct plain_options *options, size_t i) {
    enum plain_label label = (enum plain_label)doc->label[i];
    if (label == LABEL_caption) return options->captions;
    return label != LABEL_title && plain_label_kept(label);
}

static wr_status assemble(wr_arena *arena, const struct plain_doc *doc,
                          const struct plain_options *options, const struct plain_story *s,
                          const wr_page *page, wr_article *article) {
    size_t bytes = 4;
    for (size_t i = s->from; i < s->to; i++)
        bytes += page->blocks[i].text.len + 2;
    struct parts p = {arena, article, wr_arena_take(arena, bytes), 0, 0};
    if (!p.text) return WR_MEMORY;
    if (s->title != NO_LINE) {
        article->title = page->blocks[s->title].text;
        article->title_origin = WR_STR("text");
        WR_TRY(add_part(&p, article->title, plain_label_name(LABEL_title), s->title));
    }
    double sum = 0, words = 0;
    for (size_t i = s->from; i < s->to; i++) {
        if (!wanted(doc, options, i)) continue;
        WR_TRY(add_part(&p, page->blocks[i].text, plain_label_name((enum plain_label)doc->label[i]),
                        i));
        sum += confidence(doc, i) * doc->lines.line[i].words;
        words += doc->lines.line[i].words;
    }
    article->text = wr_str_of(p.text, p.len);
    article->lang = page->lang;
    article->quality = words > 0 ? sum / words : 0;
    return WR_OK;
}

wr_status plain_articles(wr_arena *arena, const struct plain_options *options, wr_page *page) {
    static const struct plain_options defaults = PLAIN_DEFAULTS;
    if (!options) options = &defaults;
    if (!page->n_blocks) return WR_FILTERED;
    struct plain_doc doc = {.n_story = 0};
    WR_TRY(judge_page(arena, page, options->dial, &doc));
    if (!any_word(&doc)) return WR_FILTERED;
    WR_TRY(plain_split(arena, &doc));
    if (!doc.n_story) whole_page(&doc);
    plain_label_lines(&doc);
    mark_blocks(&doc, page);
    page->n_articles = doc.n_story;
    page->articles = wr_arena_array(arena, doc.n_story, sizeof *page->articles);
    if (!page->articles) return WR_MEMORY;
    for (size_t k = 0; k < doc.n_story; k++) {
        WR_TRY(assemble(arena, &doc, options, &doc.story[k], page, &page->articles[k]));
        if (!options->no_metadata)
            WR_TRY(plain_metadata(arena, &doc, &doc.story[k], &page->articles[k]));
    }
    return WR_OK;
}
