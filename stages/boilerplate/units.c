/* units.c -- the parts of a page of markup that are articles of their own */
#include "units.h"
#include "words.h"

enum { LEAST_WORDS = 80, HEADING_WITHIN = 8, LIKE = 500 };

struct search {
    const wr_page *page;
    const struct features *features;
    struct unit *list;
    size_t n;
};

static const int16_t *row_of(const struct search *s, size_t i) {
    return s->features->rows + i * FEATURE_COUNT;
}

/* Words of a block that is a paragraph of prose, else 0. */
static size_t prose_of(const struct search *s, size_t i) {
    const int16_t *row = row_of(s, i);
    bool prose = row[FEATURE_end_stop] && row[FEATURE_link_share] < 300 &&
                 row[FEATURE_words] >= 8 && !row[FEATURE_level];
    return prose ? s->features->words[i] : 0;
}

struct weight {
    size_t words, paragraphs;
};

static struct weight weigh(const struct search *s, size_t from, size_t to) {
    struct weight w = {0, 0};
    for (size_t i = from; i < to; i++) {
        size_t words = prose_of(s, i);
        w.words += words;
        w.paragraphs += words >= 15;
    }
    return w;
}

/* ---- elements ---- */

/* Depth of the outermost <article> in the block's path, 0 = there is none. */
static size_t article_depth(const wr_block *block) {
    static const wr_str name = {"article", 7};
    wr_str path = block->path;
    for (size_t i = 0; i + name.len <= path.len; i++) {
        bool starts = (i == 0 || path.ptr[i - 1] == '/') &&
                      wr_str_starts(wr_str_slice(path, i, path.len), name);
        char next = i + name.len < path.len ? path.ptr[i + name.len] : '/';
        if (!starts || (next != '/' && next != '.')) continue;
        size_t below = 0;
        for (size_t k = i; k < path.len; k++)
            below += path.ptr[k] == '/';
        return block->depth > below ? block->depth - below : 0;
    }
    return 0;
}

/* The heading of an element: one of level 1 to 3 in front of its prose; `to` = none. */
static size_t heading_in(const struct search *s, size_t from, size_t to) {
    for (size_t i = from; i < to && i < from + HEADING_WITHIN; i++) {
        const int16_t *row = row_of(s, i);
        bool visible = !row[FEATURE_flag_HIDDEN] && row[FEATURE_words] >= 2;
        if (row[FEATURE_level] && row[FEATURE_level] <= 3 && visible) return i;
        if (prose_of(s, i) >= 15) break;
    }
    return to;
}

static void add_element(struct search *s, size_t from, size_t to) {
    struct weight w = weigh(s, from, to);
    size_t heading = heading_in(s, from, to);
    bool enough = w.words >= LEAST_WORDS && w.paragraphs >= 2;
    if (!enough || heading == to || s->n == UNITS_MAX) return;
    s->list[s->n++] = (struct unit){.from = from, .to = to, .heading = heading};
}

/* The outermost <article> elements: two blocks are in the same one when the element that holds both
 * is not above it. */
static void find_elements(struct search *s) {
    size_t from = 0, depth = 0, n = s->page->n_blocks;
    for (size_t i = 0; i <= n; i++) {
        const wr_block *block = i < n ? &s->page->blocks[i] : NULL;
        if (depth && block && block->joint >= depth) continue;
        if (depth) add_element(s, from, i);
        depth = block && block->flags & 1 ? article_depth(block) : 0;
        from = i;
    }
}

static bool states_live(const wr_page *page) {
    for (size_t i = 0; i < page->n_facts; i++)
        if (wr_str_eq(page->facts[i].name, WR_STR("@type")) &&
            wr_str_eq_nocase(page->facts[i].value, WR_STR("LiveBlogPosting")))
            return true;
    return false;
}

/* All headings are of one level, below the first of one path too, and none is said twice. */
static bool same_kind(const struct search *s) {
    const struct unit *first = s->list;
    const wr_block *blocks = s->page->blocks;
    for (size_t k = 1; k < s->n; k++) {
        size_t a = first->heading, b = s->list[k].heading;
        if (blocks[a].level != blocks[b].level) return false;
        if (blocks[a].level > 1 && s->features->path[a] != s->features->path[b]) return false;
        for (size_t j = 0; j < k; j++)
            if (words_hash(blocks[s->list[j].heading].text) == words_hash(blocks[b].text))
                return false;
    }
    return true;
}

/* The stated title is the first one's heading, or nothing on the page is like it and no headline
 * stands above them all. */
static bool title_fits(const struct search *s) {
    size_t title = s->features->title, n = s->page->n_blocks;
    bool stated = title < n && row_of(s, title)[FEATURE_title_like] > LIKE;
    if (stated) return title == s->list[0].heading;
    for (size_t i = 0; i < s->list[0].from; i++)
        if (row_of(s, i)[FEATURE_level] == 1 && row_of(s, i)[FEATURE_words] >= 4) return false;
    return true;
}

static bool are_articles(struct search *s) {
    size_t words = 0;
    if (s->n < 2 || !same_kind(s) || !title_fits(s) || states_live(s->page)) return false;
    for (size_t k = 0; k < s->n; k++)
        words += weigh(s, s->list[k].from, s->list[k].to).words;
    if (words * 2 < weigh(s, 0, s->page->n_blocks).words) return false;
    for (size_t k = 0; k < s->n; k++) {
        s->list[k].facts_to = s->page->n_facts;
        s->list[k].main = k == 0 && s->features->title == s->list[0].heading;
    }
    return true;
}

/* ---- documents ---- */

/* Only the first block of a document shares no element with the one before. */
static size_t document_end(const wr_page *page, size_t from) {
    size_t i = from + 1;
    while (i < page->n_blocks && page->blocks[i].joint)
        i++;
    return i < page->n_blocks ? i : page->n_blocks;
}

static size_t document_facts_end(const wr_page *page, size_t from) {
    while (from < page->n_facts && !wr_str_eq(page->facts[from].name, WR_STR("document")))
        from++;
    return from;
}

static bool has_title(const wr_page *page, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (wr_str_eq(page->facts[i].origin, WR_STR("title")) &&
            words_count(page->facts[i].value) >= 2)
            return true;
    return false;
}

/* Documents with a title and prose; others are inserts of the one they stand in. */
static void find_documents(struct search *s) {
    size_t facts = 0;
    for (size_t from = 0, to; from < s->page->n_blocks; from = to) {
        to = document_end(s->page, from);
        size_t facts_to = document_facts_end(s->page, facts);
        struct weight w = weigh(s, from, to);
        bool own =
            w.words >= LEAST_WORDS && w.paragraphs >= 2 && has_title(s->page, facts, facts_to);
        if (own && s->n < UNITS_MAX)
            s->list[s->n++] = (struct unit){from, to, to, facts, facts_to, true};
        else if (s->n) s->list[s->n - 1].to = to, s->list[s->n - 1].facts_to = facts_to;
        facts = facts_to < s->page->n_facts ? facts_to + 1 : facts_to;
    }
}

wr_status units_find(wr_arena *arena, const wr_page *page, const struct judgement *found,
                     struct unit **units, size_t *n) {
    struct search s = {.page = page, .features = &found->features};
    *n = 0;
    bool several = page->n_blocks && document_facts_end(page, 0) < page->n_facts;
    size_t inside = 0;
    for (size_t i = 0; i < page->n_blocks; i++)
        inside += page->blocks[i].level && page->blocks[i].flags & 1;
    if (inside < 2 && !several) return WR_OK;
    s.list = wr_arena_array(arena, UNITS_MAX, sizeof *s.list);
    if (!s.list) return WR_MEMORY;
    if (several) find_documents(&s);
    if (s.n < 2) {
        s.n = 0;
        find_elements(&s);
        if (!are_articles(&s)) return WR_OK;
    }
    *units = s.list;
    *n = s.n;
    return WR_OK;
}

/* ---- a unit as a page ---- */

/* Facts of the page that hold for every story on it. */
static bool is_general(const wr_fact *fact) {
    static const wr_str names[] = {{"og:site_name", 12},
                                   {"application-name", 16},
                                   {"publisher", 9},
                                   {"dc.publisher", 12},
                                   {"lang", 4},
                                   {"og:locale", 9},
                                   {"content-language", 16}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (wr_str_eq(fact->name, names[i])) return true;
    return false;
}

/* The end of the JSON-LD object that begins at fact i, and whether it is about the headline. */
static size_t object_end(const wr_page *page, size_t i, uint64_t headline, bool *about) {
    *about = false;
    for (size_t from = i; i < page->n_facts; i++) {
        const wr_fact *fact = &page->facts[i];
        bool type = wr_str_eq(fact->name, WR_STR("@type"));
        if (!wr_str_eq(fact->origin, WR_STR("jsonld")) || (type && i > from)) break;
        *about |= wr_str_ends(fact->name, WR_STR(".headline")) && headline &&
                  words_hash(fact->value) == headline;
    }
    return i;
}

/* The facts of JSON-LD objects about the headline and those of the whole page; for the main story
 * all but the bare <time> elements, which may stand in any. */
static wr_status facts_of(wr_arena *arena, const wr_page *page, const struct unit *unit,
                          wr_page *view) {
    wr_fact *list = wr_arena_array(arena, page->n_facts + 1, sizeof *list);
    uint64_t headline = words_hash(page->blocks[unit->heading].text);
    size_t n = 0;
    if (!list) return WR_MEMORY;
    for (size_t i = 0; i < page->n_facts;) {
        bool about;
        size_t end = object_end(page, i, headline, &about);
        if (end == i) {
            bool time = wr_str_eq(page->facts[i].origin, WR_STR("time"));
            bool mine = unit->main ? !time : is_general(&page->facts[i]);
            if (mine) list[n++] = page->facts[i];
            i++;
        }
        for (; i < end; i++)
            if (about || unit->main) list[n++] = page->facts[i];
    }
    view->facts = list;
    view->n_facts = n;
    return WR_OK;
}

wr_status units_view(wr_arena *arena, const wr_page *page, const struct unit *unit, wr_page *view) {
    *view = *page;
    view->blocks = page->blocks + unit->from;
    view->n_blocks = unit->to - unit->from;
    view->facts = page->facts + unit->facts_from;
    view->n_facts = unit->facts_to - unit->facts_from;
    return unit->heading < unit->to ? facts_of(arena, page, unit, view) : WR_OK;
}
