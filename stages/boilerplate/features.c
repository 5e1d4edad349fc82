/* features.c -- blocks as rows of numbers for the forests: what comes from the page around a block
 */
#include "features.h"
#include "features_text.h"
#include "lexicon.h"
#include "words.h"

const char *features_name(size_t i) {
    static const char *const names[] = {
#define X(name, doc) #name,
#include "features.def"
#undef X
#define F(NAME, bit, doc) "flag_" #NAME,
#include <wireroom/block_flags.def>
#undef F
#define N(name, words) "near_" #name,
#include <wireroom/structure_lists.def>
#undef N
    };
    return i < FEATURE_COUNT ? names[i] : "";
}

/* Sums over the blocks of one path, container or parent. */
struct group {
    uint64_t key;
    size_t blocks, mass, linked, prose;
};

/* Open addressing from a 64-bit key (not 0) to a number; `list` in order of arrival. */
struct groups {
    uint32_t *slot;
    size_t mask;
    struct group *list;
    size_t n;
    size_t best; /* with the most unlinked words */
};

/* One block while the page is measured. */
struct item {
    const wr_block *block;
    int16_t *row;
    struct text_facts text;
    size_t mass, linked, prose;
    uint32_t path, box, parent;
};

struct measure {
    wr_arena *arena;
    const wr_page *page;
    const struct facts *facts;
    struct features *out;
    struct item *items;
    size_t n;
    struct text_words words;
    struct groups paths, boxes, parents;
    size_t mass, prose, linked, longest;
    size_t from, to; /* best run of prose */
};

static int16_t share(size_t part, size_t whole) {
    return (int16_t)(whole ? (part >= whole ? 1000 : part * 1000 / whole) : 0);
}

static int16_t clip(size_t x) {
    return (int16_t)(x > 32000 ? 32000 : x);
}

static wr_status groups_open(wr_arena *arena, size_t n, struct groups *g) {
    size_t slots = 16;
    while (slots < 2 * n)
        slots *= 2;
    *g = (struct groups){.mask = slots - 1};
    g->slot = wr_arena_array(arena, slots, sizeof *g->slot);
    g->list = wr_arena_array(arena, n + 1, sizeof *g->list);
    return g->slot && g->list ? WR_OK : WR_MEMORY;
}

static uint32_t groups_add(struct groups *g, uint64_t key, const struct item *item) {
    size_t i = (key * 0x9E3779B97F4A7C15u >> 32) & g->mask;
    while (g->slot[i] && g->list[g->slot[i] - 1].key != key)
        i = (i + 1) & g->mask;
    if (!g->slot[i]) {
        g->list[g->n] = (struct group){.key = key};
        g->slot[i] = (uint32_t)++g->n;
    }
    struct group *group = &g->list[g->slot[i] - 1];
    group->blocks++;
    group->mass += item->mass;
    group->linked += item->linked;
    group->prose += item->prose;
    return g->slot[i] - 1;
}

static size_t unlinked(const struct group *g) {
    return g->mass - g->linked;
}

static void groups_best(struct groups *g) {
    for (size_t i = 1; i < g->n; i++)
        if (unlinked(&g->list[i]) > unlinked(&g->list[g->best])) g->best = i;
}

static uint64_t path_key(wr_str path) {
    uint64_t h = path.len + 1;
    size_t i = 0;
    for (; i + 8 <= path.len; i += 8) {
        uint64_t w;
        memcpy(&w, path.ptr + i, 8);
        h = (h ^ w) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    for (; i < path.len; i++)
        h = (h ^ (unsigned char)path.ptr[i]) * 0x100000001B3u;
    return h ? h : 1;
}

static int16_t tag_code(wr_str tag) {
    static const char *const tags[] = {"p",    "li", "h1",         "h2",      "h3",         "h4",
                                       "h5",   "h6", "td",         "div",     "blockquote", "pre",
                                       "dd",   "dt", "figcaption", "section", "article",    "body",
                                       "span", "a",  "button",     "label",   "summary",    "th"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (wr_str_eq(tag, wr_str_c(tags[i]))) return (int16_t)i;
    return 99;
}

static void fill_structure(const wr_block *block, int16_t *row) {
    row[FEATURE_tag] = tag_code(block->tag);
    row[FEATURE_level] = clip(block->level);
    row[FEATURE_depth] = clip(block->depth);
    row[FEATURE_breaks] = clip(block->breaks);
    size_t at = FEATURE_flag_IN_ARTICLE;
#define F(NAME, bit, doc) row[at++] = (int16_t)(block->flags >> bit & 1);
#include <wireroom/block_flags.def>
#undef F
    for (size_t i = 0; at < FEATURE_COUNT; i++, at++) {
        unsigned char near = i < block->near.len ? (unsigned char)block->near.ptr[i] : 255;
        row[at] = near > 12 ? 12 : near;
    }
}

static wr_status measure_blocks(struct measure *m) {
    for (size_t i = 0; i < m->n; i++) {
        struct item *item = &m->items[i];
        item->block = &m->page->blocks[i];
        item->row = m->out->rows + i * FEATURE_COUNT;
        WR_TRY(features_text(m->arena, item->block, &m->words, item->row, &item->text));
        fill_structure(item->block, item->row);
        item->mass = item->text.mass;
        item->linked = item->mass * (size_t)item->row[FEATURE_link_share] / 1000;
        item->prose = item->row[FEATURE_end_stop] ? item->mass - item->linked : 0;
        item->path = groups_add(&m->paths, path_key(item->block->path), item);
        item->box = groups_add(&m->boxes, item->block->container + 1, item);
        item->parent = groups_add(&m->parents, item->block->parent + 1, item);
        m->mass += item->mass;
        m->linked += item->linked;
        m->prose += item->prose;
        if (item->prose > m->longest) m->longest = item->prose;
        m->out->words[i] = (uint32_t)item->mass;
        m->out->path[i] = item->path;
        m->out->box[i] = item->box;
    }
    groups_best(&m->paths);
    groups_best(&m->boxes);
    groups_best(&m->parents);
    m->out->n_paths = m->paths.n;
    m->out->n_boxes = m->boxes.n;
    return WR_OK;
}

static void fill_groups(const struct measure *m, struct item *item) {
    const struct group *path = &m->paths.list[item->path], *box = &m->boxes.list[item->box];
    const struct group *parent = &m->parents.list[item->parent];
    int16_t *row = item->row;
    row[FEATURE_path_blocks] = clip(path->blocks);
    row[FEATURE_path_words] = clip(path->mass);
    row[FEATURE_path_rel] = share(unlinked(path), unlinked(&m->paths.list[m->paths.best]));
    row[FEATURE_path_links] = share(path->linked, path->mass);
    row[FEATURE_path_mean] = clip(path->mass * 10 / path->blocks);
    row[FEATURE_path_best] = item->path == m->paths.best;
    row[FEATURE_box_words] = clip(unlinked(box));
    row[FEATURE_box_rel] = share(unlinked(box), unlinked(&m->boxes.list[m->boxes.best]));
    row[FEATURE_box_links] = share(box->linked, box->mass);
    row[FEATURE_box_blocks] = clip(box->blocks);
    row[FEATURE_box_best] = item->box == m->boxes.best;
    row[FEATURE_box_prose] = share(box->prose, box->mass);
    row[FEATURE_parent_rel] = share(unlinked(parent), unlinked(&m->parents.list[m->parents.best]));
    row[FEATURE_parent_links] = share(parent->linked, parent->mass);
    row[FEATURE_parent_blocks] = clip(parent->blocks);
}

/* Words of the stated titles and description, each with the bits of where it stands. */
enum { STATED_SLOTS = 512, STATED_WORDS = 32, STATED_PARTS = 24 };
struct stated {
    uint64_t hash[STATED_SLOTS];
    uint32_t title[STATED_SLOTS][FACTS_TITLES];
    uint64_t description[STATED_SLOTS];
    size_t title_words[FACTS_TITLES], description_words;
    uint64_t part[STATED_PARTS]; /* hashes of the titles' parts between separators */
    size_t n_parts;
};

static size_t stated_slot(const struct stated *s, uint64_t hash) {
    size_t i = hash >> 55;
    while (s->hash[i] && s->hash[i] != hash)
        i = (i + 1) % STATED_SLOTS;
    return i;
}

/* Parts of a title, "Story | Section - Site", of three words or more. */
static void stated_parts(struct stated *s, wr_str title) {
    for (size_t from = 0, i = 0; i <= title.len; i++) {
        bool end = i == title.len, bar = !end && title.ptr[i] == '|';
        bool mark = !end && i && title.ptr[i - 1] == ' ' && !wr_is_alpha(title.ptr[i]) &&
                    !wr_is_digit(title.ptr[i]) && title.ptr[i] != '"' && title.ptr[i] != '\'' &&
                    title.ptr[i] != '(' && title.ptr[i] != '$';
        bool colon = !end && title.ptr[i] == ':';
        if (!end && !bar && !mark && !colon) continue;
        wr_str part = wr_str_slice(title, from, i);
        if (s->n_parts < STATED_PARTS && words_count(part) >= 3)
            s->part[s->n_parts++] = words_hash(part);
        from = i + 1;
    }
}

static void stated_fill(struct stated *s, const struct facts *facts) {
    struct word word;
    memset(s, 0, sizeof *s);
    for (size_t t = 0; t < facts->n_titles; t++)
        stated_parts(s, facts->titles[t]);
    for (size_t t = 0; t < facts->n_titles; t++)
        for (size_t at = 0, n = 0; n < STATED_WORDS && words_next(facts->titles[t], &at, &word);) {
            size_t i = stated_slot(s, word.hash);
            s->hash[i] = word.hash;
            if (!s->title[i][t]) s->title[i][t] = 1u << n++, s->title_words[t]++;
        }
    for (size_t at = 0, n = 0; n < 64 && words_next(facts->description, &at, &word);) {
        size_t i = stated_slot(s, word.hash);
        s->hash[i] = word.hash;
        if (!s->description[i]) s->description[i] = UINT64_C(1) << n++, s->description_words++;
    }
}

static int16_t title_like(size_t common, size_t own, size_t stated) {
    if (!common) return 0;
    size_t like = common * 1000 / (own + stated - common);
    size_t inside = common >= 4 && own * 10 < stated * 16 ? common * 900 / stated : 0;
    size_t around = common >= 5 ? common * 950 / own : 0;
    size_t best = like > inside ? like : inside;
    best = best > around ? best : around;
    return (int16_t)(best > 1000 ? 1000 : best);
}

static void fill_stated(const struct measure *m, const struct stated *s, struct item *item) {
    uint32_t title[FACTS_TITLES] = {0};
    uint64_t description = 0;
    size_t own = item->text.to - item->text.from, hits = 0;
    for (size_t k = item->text.from; k < item->text.to; k++) {
        size_t i = stated_slot(s, m->words.hash[k]);
        if (!s->hash[i]) continue;
        for (size_t t = 0; t < m->facts->n_titles; t++)
            title[t] |= s->title[i][t];
        description |= s->description[i];
        hits += s->description[i] != 0;
    }
    int16_t best = 0;
    for (size_t t = 0; t < m->facts->n_titles && own && own < 60; t++) {
        size_t common = (size_t)__builtin_popcount(title[t]);
        int16_t like = title_like(common, own > common ? own : common, s->title_words[t]);
        if (like > best) best = like;
    }
    for (size_t k = 0; k < s->n_parts && best < 900; k++)
        if (s->part[k] == item->text.hash) best = 900;
    size_t found = (size_t)__builtin_popcountll(description);
    item->row[FEATURE_title_like] = best;
    item->row[FEATURE_description_like] = s->description_words ? share(hits, own) : -1;
    item->row[FEATURE_description_share] =
        s->description_words ? share(found, s->description_words) : -1;
}

/* The headline: the block most like the stated title, headings and visible ones first. */
static size_t find_title(const struct measure *m) {
    int best_score = 0;
    size_t best = m->n;
    for (size_t i = 0; i < m->n; i++) {
        const int16_t *row = m->items[i].row;
        if (row[FEATURE_title_like] <= 500) continue;
        int score = row[FEATURE_title_like] - row[FEATURE_link_share] / 5 +
                    (row[FEATURE_level] == 1   ? 300
                     : row[FEATURE_level] == 2 ? 100
                                               : 0) -
                    (row[FEATURE_flag_HIDDEN] ? 500 : 0);
        if (score > best_score + 50) best_score = score, best = i;
    }
    for (size_t i = 0; i < m->n && best == m->n; i++)
        if (m->items[i].row[FEATURE_level] == 1) best = i;
    return best;
}

static wr_status fill_titles(struct measure *m) {
    struct stated *stated = wr_arena_take(m->arena, sizeof *stated);
    if (!stated) return WR_MEMORY;
    stated_fill(stated, m->facts);
    for (size_t i = 0; i < m->n; i++)
        fill_stated(m, stated, &m->items[i]);
    size_t title = m->out->title = find_title(m), h1 = m->n, before = 0, at_title = 0;
    size_t n_h1 = 0, headings = 0, dates = 0;
    for (size_t i = 0; i < title && i < m->n; i++)
        at_title += m->items[i].mass;
    for (size_t i = 0; i < m->n; i++) {
        int16_t *row = m->items[i].row;
        if (row[FEATURE_level] == 1) n_h1++, h1 = h1 == m->n ? i : h1;
        row[FEATURE_h1_before] = clip(n_h1);
        row[FEATURE_from_h1] = h1 < m->n ? clip(i - h1) : -1;
        bool after = title < m->n && i > title;
        if (after && row[FEATURE_level] && row[FEATURE_level] <= 2) headings++;
        row[FEATURE_headings_since_title] = title < m->n ? clip(headings) : -1;
        row[FEATURE_dates_before] = clip(dates);
        if (after && row[FEATURE_year] && row[FEATURE_words] < 15) dates++;
        row[FEATURE_from_title] = features_clip(title < m->n ? (int64_t)i - (int64_t)title : -9999);
        row[FEATURE_words_from_title] =
            features_clip(title < m->n ? (int64_t)before - (int64_t)at_title : -32000);
        before += m->items[i].mass;
    }
    return WR_OK;
}

static void fill_places(struct measure *m) {
    size_t before = 0, copyright = 0, comment = 0, more = 0;
    for (size_t i = 0; i < m->n; i++) {
        struct item *item = &m->items[i];
        int16_t *row = item->row;
        row[FEATURE_index] = clip(i);
        row[FEATURE_left] = clip(m->n - 1 - i);
        row[FEATURE_place] = share(i, m->n);
        row[FEATURE_words_before] = clip(before);
        row[FEATURE_words_after] = clip(m->mass - before - item->mass);
        row[FEATURE_words_place] = share(before, m->mass);
        row[FEATURE_copyright_before] = clip(copyright);
        row[FEATURE_comment_before] = clip(comment);
        row[FEATURE_more_before] = clip(more);
        before += item->mass;
        copyright += row[FEATURE_w_copyright] >= 2 || row[FEATURE_sign] & 1;
        comment += row[FEATURE_w_comment] > 0 && item->mass < 12;
        more += row[FEATURE_first_class] == 1 && item->mass < 12;
    }
}

static wr_status fill_repeats(struct measure *m) {
    struct groups same;
    WR_TRY(groups_open(m->arena, m->n, &same));
    uint32_t *which = wr_arena_array(m->arena, m->n + 1, sizeof *which);
    if (!which) return WR_MEMORY;
    for (size_t i = 0; i < m->n; i++) {
        which[i] = groups_add(&same, m->items[i].text.hash | 1, &m->items[i]);
        m->items[i].row[FEATURE_repeats_before] = clip(same.list[which[i]].blocks - 1);
    }
    for (size_t i = 0; i < m->n; i++)
        m->items[i].row[FEATURE_repeats] = clip(same.list[which[i]].blocks);
    return WR_OK;
}

/* Runs of three words of the body stated in scripts, as an open hash set. */
static wr_status fill_stated_body(struct measure *m) {
    struct word word;
    wr_str body = m->facts->body;
    uint64_t *set = NULL, a = 0, b = 0;
    size_t slots = 64, n = 0;
    if (body.len) {
        while (slots < body.len / 2)
            slots *= 2;
        set = wr_arena_array(m->arena, slots, sizeof *set);
        if (!set) return WR_MEMORY;
    }
    for (size_t at = 0; set && words_next(body, &at, &word); n++) {
        uint64_t key = (a * 3 + b) * 5 + word.hash;
        a = b * 7;
        b = word.hash;
        size_t i = (key * 0x9E3779B97F4A7C15u >> 20) & (slots - 1);
        while (set[i] && set[i] != key)
            i = (i + 1) & (slots - 1);
        set[i] = key;
    }
    for (size_t k = 0; k < m->n; k++) {
        struct item *item = &m->items[k];
        size_t runs = 0, found = 0;
        a = b = 0;
        for (size_t w = item->text.from; set && w < item->text.to; w++) {
            uint64_t key = (a * 3 + b) * 5 + m->words.hash[w];
            a = b * 7;
            b = m->words.hash[w];
            if (w < item->text.from + 2) continue;
            size_t i = (key * 0x9E3779B97F4A7C15u >> 20) & (slots - 1);
            while (set[i] && set[i] != key)
                i = (i + 1) & (slots - 1);
            runs++;
            found += set[i] != 0;
        }
        item->row[FEATURE_stated] = !set ? -1 : runs ? share(found, runs) : -2;
        item->row[FEATURE_page_stated] = clip(n);
    }
    return WR_OK;
}

/* The run of blocks with the greatest sum of prose words, each block costing 8 and its links. */
static void find_region(struct measure *m) {
    int64_t best = 0, sum = 0;
    size_t start = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (sum <= 0) sum = 0, start = i;
        sum += (int64_t)m->items[i].prose - 8 - (int64_t)m->items[i].linked;
        if (sum > best) best = sum, m->from = start, m->to = i + 1;
    }
}

static void fill_region(struct measure *m) {
    find_region(m);
    size_t last = m->n, heading = m->n, prose = 0;
    for (size_t i = 0; i < m->n; i++) {
        int16_t *row = m->items[i].row;
        int64_t from = (int64_t)i - (int64_t)m->from, to = (int64_t)m->to - 1 - (int64_t)i;
        row[FEATURE_region_in] = features_clip(from < to ? from : to);
        row[FEATURE_region_from] = features_clip(from);
        row[FEATURE_region_to] = features_clip(to);
        if (row[FEATURE_box_best]) last = i;
        row[FEATURE_near_best] = last < m->n ? clip(i - last) : 9999;
        if (row[FEATURE_level]) heading = i, prose = 0;
        row[FEATURE_since_heading] = heading < m->n ? clip(i - heading) : 9999;
        row[FEATURE_prose_since_heading] = clip(prose);
        row[FEATURE_heading_class] =
            heading < m->n ? m->items[heading].row[FEATURE_first_class] : -1;
        row[FEATURE_heading_level] = heading < m->n ? m->items[heading].row[FEATURE_level] : 0;
        prose += m->items[i].prose;
    }
    last = m->n;
    for (size_t i = m->n; i-- > 0;) {
        int16_t *row = m->items[i].row;
        if (row[FEATURE_box_best]) last = i;
        if (last < m->n && clip(last - i) < row[FEATURE_near_best])
            row[FEATURE_near_best] = clip(last - i);
    }
}

/* Sums of prose and linked words in the blocks before each block. */
struct sums {
    size_t *prose, *linked; /* n + 1 */
    size_t n;
};

/* Their sums in `width` blocks before and after block i. */
static void fill_window(const struct sums *s, size_t i, size_t width, int16_t *row, int prose,
                        int links) {
    size_t from = i > width ? i - width : 0, to = i + 1 + width < s->n ? i + 1 + width : s->n;
    row[prose] = clip(s->prose[i] - s->prose[from]);
    row[prose + 1] = clip(s->prose[to] - s->prose[i + 1]);
    if (links < 0) return;
    row[links] = clip(s->linked[i] - s->linked[from]);
    row[links + 1] = clip(s->linked[to] - s->linked[i + 1]);
}

static wr_status fill_windows(struct measure *m) {
    struct sums s = {.n = m->n};
    s.prose = wr_arena_array(m->arena, m->n + 1, sizeof *s.prose);
    s.linked = wr_arena_array(m->arena, m->n + 1, sizeof *s.linked);
    if (!s.prose || !s.linked) return WR_MEMORY;
    for (size_t i = 0; i < m->n; i++) {
        s.prose[i + 1] = s.prose[i] + m->items[i].prose;
        s.linked[i + 1] = s.linked[i] + m->items[i].linked;
    }
    for (size_t i = 0; i < m->n; i++) {
        int16_t *row = m->items[i].row;
        fill_window(&s, i, 5, row, FEATURE_prose_before5, FEATURE_links_before5);
        fill_window(&s, i, 12, row, FEATURE_prose_before12, FEATURE_links_before12);
        fill_window(&s, i, 30, row, FEATURE_prose_before30, -1);
    }
    return WR_OK;
}

static int16_t same(const struct item *a, const struct item *b) {
    return (int16_t)((a->path == b->path) + 2 * (a->box == b->box));
}

/* Levels up to the element that a block shares with block `to`, and from there down to it. */
static void fill_levels(struct measure *m, size_t to, int up, int down) {
    if (to >= m->n) {
        for (size_t i = 0; i < m->n; i++)
            m->items[i].row[up] = m->items[i].row[down] = -1;
        return;
    }
    uint64_t depth = m->items[to].block->depth, shared = depth;
    for (size_t i = to;; i++) {
        if (i > to && m->items[i].block->joint < shared) shared = m->items[i].block->joint;
        m->items[i].row[up] = features_clip((int64_t)(m->items[i].block->depth - shared));
        m->items[i].row[down] = features_clip((int64_t)(depth - shared));
        if (i + 1 == m->n) break;
    }
    shared = depth;
    for (size_t i = to; i-- > 0;) {
        if (m->items[i + 1].block->joint < shared) shared = m->items[i + 1].block->joint;
        m->items[i].row[up] = features_clip((int64_t)(m->items[i].block->depth - shared));
        m->items[i].row[down] = features_clip((int64_t)(depth - shared));
    }
}

static void fill_tree(struct measure *m) {
    size_t best = m->n;
    for (size_t i = 0; i < m->n; i++) {
        const wr_block *block = m->items[i].block;
        uint64_t joint = block->joint < block->depth ? block->joint : block->depth;
        m->items[i].row[FEATURE_joint_up] = features_clip((int64_t)(block->depth - joint));
        bool own = m->items[i].row[FEATURE_box_best] != 0;
        if (own && (best == m->n || m->items[i].prose > m->items[best].prose)) best = i;
    }
    fill_levels(m, m->out->title, FEATURE_title_up, FEATURE_title_down);
    fill_levels(m, best, FEATURE_best_up, FEATURE_best_down);
}

static void fill_neighbours(struct measure *m) {
    for (size_t i = 0; i < m->n; i++) {
        struct item *item = &m->items[i];
        const struct item *prev = i ? item - 1 : NULL, *next = i + 1 < m->n ? item + 1 : NULL;
        const struct item *prev2 = i > 1 ? item - 2 : NULL;
        const struct item *next2 = i + 2 < m->n ? item + 2 : NULL;
        int16_t *row = item->row;
        row[FEATURE_prev_words] = prev ? clip(prev->mass) : -1;
        row[FEATURE_prev_links] = prev ? prev->row[FEATURE_link_share] : -1;
        row[FEATURE_prev_stop] = prev ? prev->row[FEATURE_end_stop] : -1;
        row[FEATURE_prev_level] = prev ? prev->row[FEATURE_level] : -1;
        row[FEATURE_prev_same] = prev ? same(prev, item) : -1;
        row[FEATURE_next_words] = next ? clip(next->mass) : -1;
        row[FEATURE_next_links] = next ? next->row[FEATURE_link_share] : -1;
        row[FEATURE_next_stop] = next ? next->row[FEATURE_end_stop] : -1;
        row[FEATURE_next_level] = next ? next->row[FEATURE_level] : -1;
        row[FEATURE_next_same] = next ? same(next, item) : -1;
        row[FEATURE_prev2_words] = prev2 ? clip(prev2->mass) : -1;
        row[FEATURE_prev2_links] = prev2 ? prev2->row[FEATURE_link_share] : -1;
        row[FEATURE_next2_words] = next2 ? clip(next2->mass) : -1;
        row[FEATURE_next2_links] = next2 ? next2->row[FEATURE_link_share] : -1;
    }
}

static void fill_page(struct measure *m) {
    size_t article = 0, in_main = 0, para = 0, br = 0, cell = 0;
    for (size_t i = 0; i < m->n; i++) {
        const int16_t *row = m->items[i].row;
        article += row[FEATURE_flag_IN_ARTICLE] != 0;
        in_main += row[FEATURE_flag_IN_MAIN] != 0;
        para += row[FEATURE_flag_IN_PARA] != 0;
        br += row[FEATURE_flag_AFTER_BR] != 0;
        cell += row[FEATURE_flag_IN_CELL] != 0;
    }
    for (size_t i = 0; i < m->n; i++) {
        int16_t *row = m->items[i].row;
        row[FEATURE_page_blocks] = clip(m->n);
        row[FEATURE_page_words] = clip(m->mass);
        row[FEATURE_page_prose] = clip(m->prose);
        row[FEATURE_page_links] = share(m->linked, m->mass);
        row[FEATURE_page_max] = clip(m->longest);
        row[FEATURE_page_article] = share(article, m->n);
        row[FEATURE_page_main] = share(in_main, m->n);
        row[FEATURE_page_para] = share(para, m->n);
        row[FEATURE_page_br] = share(br, m->n);
        row[FEATURE_page_cell] = share(cell, m->n);
    }
}

wr_status features_measure(wr_arena *arena, const wr_page *page, const struct facts *facts,
                           struct features *out) {
    struct measure m = {.arena = arena, .page = page, .facts = facts, .out = out};
    m.n = out->n = page->n_blocks;
    out->rows = wr_arena_array(arena, m.n + 1, FEATURE_COUNT * sizeof *out->rows);
    out->words = wr_arena_array(arena, m.n + 1, sizeof *out->words);
    out->path = wr_arena_array(arena, m.n + 1, sizeof *out->path);
    out->box = wr_arena_array(arena, m.n + 1, sizeof *out->box);
    m.items = wr_arena_array(arena, m.n + 1, sizeof *m.items);
    if (!out->rows || !out->words || !out->path || !out->box || !m.items) return WR_MEMORY;
    WR_TRY(groups_open(arena, m.n, &m.paths));
    WR_TRY(groups_open(arena, m.n, &m.boxes));
    WR_TRY(groups_open(arena, m.n, &m.parents));
    WR_TRY(measure_blocks(&m));
    for (size_t i = 0; i < m.n; i++)
        fill_groups(&m, &m.items[i]);
    WR_TRY(fill_titles(&m));
    WR_TRY(fill_repeats(&m));
    WR_TRY(fill_stated_body(&m));
    fill_places(&m);
    fill_region(&m);
    WR_TRY(fill_windows(&m));
    fill_neighbours(&m);
    fill_tree(&m);
    fill_page(&m);
    return WR_OK;
}
