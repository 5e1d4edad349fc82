/* labels.c -- what each block is, and why it was removed */
#include "labels.h"
#include "words.h"

/* A removed block and its row. */
struct view {
    const wr_block *block;
    const int16_t *row;
    bool before;         /* stands before the article's first kept block */
    size_t past;         /* blocks since its last one, 0 = stands before that */
    bool signed_by_many; /* several lines "posted by ... on ..." stand behind it */
};

/* Lines about a story stand near it; farther on they are other stories'. */
enum { OWN_LINES = 15 };

static int16_t at(const struct view *v, int feature) {
    return v->row[feature];
}

static bool is_hidden(const struct view *v) {
    return at(v, FEATURE_flag_HIDDEN) || at(v, FEATURE_flag_ALT) || at(v, FEATURE_flag_NOSCRIPT);
}

static bool is_navigation(const struct view *v) {
    return at(v, FEATURE_flag_IN_NAV) || at(v, FEATURE_near_nav) <= 1;
}

/* "Posted by Ann on March 3": one such line may be the story's own. */
static bool is_signature(const int16_t *row) {
    return row[FEATURE_first_class] == 5 && row[FEATURE_year] && row[FEATURE_words] <= 20;
}

/* In front of a story "comments" is a counter, or a class of its own (commentary). */
static bool is_comment(const struct view *v) {
    bool wording = at(v, FEATURE_first_class) == 5 || at(v, FEATURE_w_comment);
    if (v->before) return wording && at(v, FEATURE_near_comment) <= 4 && at(v, FEATURE_words) <= 6;
    return at(v, FEATURE_near_comment) <= 4 || (v->signed_by_many && is_signature(v->row)) ||
           (at(v, FEATURE_first_class) == 5 && at(v, FEATURE_words) <= 4);
}

/* The headline of another story. */
static bool is_teaser(const struct view *v) {
    return v->past && at(v, FEATURE_link_share) >= 600 && at(v, FEATURE_words) >= 5 &&
           !at(v, FEATURE_w_share) && !at(v, FEATURE_w_legal) && !at(v, FEATURE_w_cookie);
}

static bool is_credit(const struct view *v) {
    bool image = at(v, FEATURE_flag_IN_FIGURE) || at(v, FEATURE_near_caption) <= 1;
    bool names = at(v, FEATURE_w_photo) || at(v, FEATURE_w_agency) || at(v, FEATURE_sign) & 1;
    return image && names && at(v, FEATURE_words) <= 8;
}

static bool is_caption(const struct view *v) {
    bool photo = at(v, FEATURE_first_class) == 2 && at(v, FEATURE_words) <= 40;
    return at(v, FEATURE_flag_IN_FIGCAPTION) || at(v, FEATURE_flag_IN_FIGURE) || photo ||
           at(v, FEATURE_near_caption) <= 1;
}

static bool is_advertisement(const struct view *v) {
    return at(v, FEATURE_near_ad) <= 2 || (at(v, FEATURE_w_ad) && at(v, FEATURE_words) <= 5);
}

static bool is_share(const struct view *v) {
    return at(v, FEATURE_near_share) <= 1 ||
           (at(v, FEATURE_w_share) && at(v, FEATURE_words) <= 6 * at(v, FEATURE_w_share));
}

static bool is_promotion(const struct view *v) {
    return at(v, FEATURE_near_subscribe) <= 2 ||
           (at(v, FEATURE_w_subscribe) && at(v, FEATURE_words) <= 10 * at(v, FEATURE_w_subscribe));
}

static bool is_notice(const struct view *v) {
    return at(v, FEATURE_near_modal) <= 2 || at(v, FEATURE_w_cookie) >= 2;
}

static bool is_legal(const struct view *v) {
    return at(v, FEATURE_sign) & 1 || at(v, FEATURE_w_copyright) >= 2 ||
           (at(v, FEATURE_w_legal) && at(v, FEATURE_words) <= 4);
}

static bool is_form(const struct view *v) {
    return at(v, FEATURE_flag_IN_FORM) || at(v, FEATURE_flag_IN_BUTTON);
}

static bool is_dateline(const struct view *v) {
    return v->past <= OWN_LINES && at(v, FEATURE_year) && at(v, FEATURE_words) <= 14 &&
           (at(v, FEATURE_w_when) || at(v, FEATURE_digits) > 300);
}

static bool is_byline(const struct view *v) {
    bool by = at(v, FEATURE_first_class) == 3 && at(v, FEATURE_words) <= 20;
    bool agency = at(v, FEATURE_w_agency) && at(v, FEATURE_words) <= 4;
    return v->past <= OWN_LINES &&
           (by || agency || (at(v, FEATURE_near_author) <= 1 && at(v, FEATURE_words) <= 8));
}

static bool is_bio(const struct view *v) {
    return v->past <= OWN_LINES && at(v, FEATURE_near_author) <= 2 && at(v, FEATURE_words) > 8;
}

static bool is_tags(const struct view *v) {
    return at(v, FEATURE_near_tags) <= 1;
}

static bool is_counter(const struct view *v) {
    return at(v, FEATURE_words) <= 3 && at(v, FEATURE_digits) >= 200;
}

static bool is_media(const struct view *v) {
    return at(v, FEATURE_near_caption) <= 3;
}

static bool is_related(const struct view *v) {
    if (at(v, FEATURE_first_class) == 1 && at(v, FEATURE_words) <= 20) return true;
    return !v->before && (at(v, FEATURE_near_related) <= 2 || at(v, FEATURE_link_share) >= 600 ||
                          at(v, FEATURE_box_links) >= 600);
}

static bool is_outside(const struct view *v) {
    return at(v, FEATURE_flag_IN_HEADER) || at(v, FEATURE_flag_IN_FOOTER) ||
           at(v, FEATURE_near_nav) <= 4 || at(v, FEATURE_near_foot) <= 2 ||
           at(v, FEATURE_near_head) <= 2 || at(v, FEATURE_link_share) >= 600;
}

static bool is_linked(const struct view *v) {
    return at(v, FEATURE_flag_IN_ASIDE) || at(v, FEATURE_near_related) <= 3 ||
           at(v, FEATURE_parent_links) >= 500;
}

/* The first rule that holds gives the label. */
static const struct rule {
    bool (*holds)(const struct view *v);
    const char *label;
} rules[] = {{is_hidden, "hidden"},
             {is_navigation, "navigation"},
             {is_comment, "comments"},
             {is_teaser, "related"},
             {is_credit, "credit"},
             {is_caption, "caption"},
             {is_advertisement, "advertisement"},
             {is_share, "share"},
             {is_promotion, "promotion"},
             {is_notice, "notice"},
             {is_legal, "legal"},
             {is_form, "form"},
             {is_dateline, "dateline"},
             {is_byline, "byline"},
             {is_bio, "bio"},
             {is_tags, "tags"},
             {is_counter, "counter"},
             {is_related, "related"},
             {is_outside, "navigation"},
             {is_linked, "related"},
             {is_media, "media"}};

static wr_str removed_label(const struct view *v) {
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].holds(v)) return wr_str_c(rules[i].label);
    return WR_STR("other");
}

static wr_str kept_label(const struct view *v) {
    if (at(v, FEATURE_level)) return WR_STR("heading");
    if (at(v, FEATURE_flag_IN_QUOTE)) return WR_STR("quote");
    if (at(v, FEATURE_flag_IN_ITEM)) return WR_STR("list");
    if (at(v, FEATURE_flag_IN_CELL) && at(v, FEATURE_words) < 8 && at(v, FEATURE_page_cell) < 500)
        return WR_STR("table");
    return WR_STR("paragraph");
}

/* Hashes of the kept blocks' texts, open addressing. */
struct texts {
    uint64_t *slot;
    size_t mask;
};

static bool texts_find(const struct texts *t, uint64_t hash, bool add) {
    size_t i = (hash * 0x9E3779B97F4A7C15u >> 32) & t->mask;
    while (t->slot[i] && t->slot[i] != hash)
        i = (i + 1) & t->mask;
    bool found = t->slot[i] != 0;
    if (add) t->slot[i] = hash;
    return found;
}

static wr_status collect_kept(wr_arena *arena, const struct judgement *found, const wr_page *page,
                              struct texts *texts) {
    size_t slots = 64;
    while (slots < 2 * page->n_blocks)
        slots *= 2;
    texts->mask = slots - 1;
    texts->slot = wr_arena_array(arena, slots, sizeof *texts->slot);
    if (!texts->slot) return WR_MEMORY;
    for (size_t i = 0; i < page->n_blocks; i++)
        if (found->keep[i] && found->features.rows[i * FEATURE_COUNT + FEATURE_repeats] > 1)
            texts_find(texts, words_hash(page->blocks[i].text) | 1, true);
    return WR_OK;
}

static bool wanted(const struct boilerplate_options *options, const struct view *v, wr_str label) {
    if (options->captions && !v->before && wr_str_eq(label, WR_STR("caption")))
        return at(v, FEATURE_words) >= 3;
    return options->comments && wr_str_eq(label, WR_STR("comments")) && at(v, FEATURE_words) >= 8 &&
           at(v, FEATURE_link_share) < 500;
}

/* Kinds that come in runs. */
static bool comes_in_runs(wr_str label) {
    static const char *const kinds[] = {"related",   "comments",      "navigation", "hidden",
                                        "promotion", "advertisement", "form"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (wr_str_eq(label, wr_str_c(kinds[i]))) return true;
    return false;
}

/* What has no better reason and stands between two of a kind, seven blocks apart at most, is that
 * too. */
static void fill_runs(wr_page *page) {
    enum { APART = 8 };
    for (size_t i = 1; i + 1 < page->n_blocks; i++) {
        if (!wr_str_eq(page->blocks[i].label, WR_STR("other"))) continue;
        wr_str label = page->blocks[i - 1].label;
        if (!comes_in_runs(label) || !page->blocks[i - 1].reason.len) continue;
        size_t to = i;
        while (to < page->n_blocks && to - i < APART &&
               wr_str_eq(page->blocks[to].label, WR_STR("other")))
            to++;
        if (to == page->n_blocks || !wr_str_eq(page->blocks[to].label, label)) continue;
        for (; i < to; i++)
            page->blocks[i].label = page->blocks[i].reason = label;
    }
}

wr_status labels_set(wr_arena *arena, const struct boilerplate_options *options,
                     const struct judgement *found, wr_page *page) {
    struct texts texts;
    WR_TRY(collect_kept(arena, found, page, &texts));
    bool before = true;
    size_t last = 0, signatures = 0;
    for (size_t i = 0; i < page->n_blocks; i++)
        if (found->keep[i]) last = i;
    for (size_t i = last; i < page->n_blocks; i++)
        signatures += is_signature(found->features.rows + i * FEATURE_COUNT);
    for (size_t i = 0; i < page->n_blocks; i++) {
        wr_block *block = &page->blocks[i];
        const int16_t *row = found->features.rows + i * FEATURE_COUNT;
        bool keep = found->keep[i];
        if (keep) before = false;
        struct view v = {block, row, before, i > last ? i - last : 0, signatures > 1};
        block->label = keep ? kept_label(&v) : removed_label(&v);
        if (!keep && row[FEATURE_repeats] > 1 && row[FEATURE_words] > 3 &&
            texts_find(&texts, words_hash(block->text) | 1, false))
            block->label = WR_STR("repeat");
        block->confidence = (double)(keep ? found->p[i] : 32768 - found->p[i]) / 32768;
        if (!keep) keep = wanted(options, &v, block->label);
        block->reason = keep ? wr_str_of(NULL, 0) : block->label;
        block->article = keep ? 1 : 0;
    }
    fill_runs(page);
    return WR_OK;
}
