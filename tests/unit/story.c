/* story.c -- terms, fields and the one pass: same order, same stories; restarts; limits */
#include "check.h"

#include "stages/aggregate/story.h"
#include "stages/aggregate/story_pair.h"
#include "stages/aggregate/story_words.h"

#include <stdlib.h>

static wr_arena *arena;

/* ---- articles made for the test: reports of one event share names and odd words ---- */

static unsigned next(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 10;
}

static story_doc report(unsigned event, unsigned variant) {
    wr_buf b = WR_BUF_INIT(1 << 16);
    unsigned seed = event * 7919 + 1, other = event * 131 + variant * 31337 + 7;
    story_doc doc;
    wr_buf_printf(&b, "Mayor Zeb%u Quill%u of Port%u opened bridge number %u.\n", event, event,
                  event / 2, 100 + event);
    for (int i = 0; i < 30; i++) {
        unsigned shared = next(&seed);
        if (next(&other) % 4) wr_buf_printf(&b, "marker%u ", shared % 100000);
        wr_buf_printf(&b, "chance%u ", next(&other) % 100000);
    }
    wr_article a = {.text = wr_buf_str(&b)};
    CHECK(story_doc_of(arena, &a, &doc) == WR_OK);
    wr_buf_free(&b);
    return doc;
}

/* ---- terms ---- */

static void words(void) {
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {{"quakes", "Quake", true},
                {"cities", "city", true},
                {"1,200", "1200", true},
                {"6.1", "61", false},
                {"glass", "glas", false},
                {"bus", "bu", false},
                {"Z\xc3\xbcrich", "Z\xc3\xbcrich", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t at = 0, from, bt = 0;
        uint32_t x, y;
        CHECK(story_next_word(wr_str_c(rows[i].a), &at, &from, &x));
        CHECK(story_next_word(wr_str_c(rows[i].b), &bt, &from, &y));
        CHECK_ROW(rows[i].a, (x == y) == rows[i].same);
    }
    size_t at = 0, from;
    uint32_t x;
    CHECK(!story_next_word(WR_STR(" .. \xe2\x80\x9c "), &at, &from, &x));
    at = 0;
    CHECK(story_next_word(WR_STR("the"), &at, &from, &x) && story_rarity(x) < 10);
    CHECK(story_rarity(12345) == 112);
    size_t found = 0;
    for (size_t i = 0; i < story_n_words; i++)
        found += story_rarity(story_word_hash[i]) == story_word_rarity[i];
    CHECK(found == story_n_words);
}

static void docs(void) {
    wr_mention at = {.start = 0, .end = 5, .confidence = 1};
    wr_entity who = {.type = WR_STR("PER"), .mentions = &at, .n_mentions = 1};
    wr_article a = {
        .text = WR_STR("Gadda spoke in Brindisi on 12 May"), .entities = &who, .n_entities = 1};
    story_doc doc, back;
    uint8_t packed[STORY_PACKED];
    size_t persons = 0, at_word = 0, from;
    uint32_t gadda;
    CHECK(story_doc_of(arena, &a, &doc) == WR_OK);
    CHECK(story_next_word(a.text, &at_word, &from, &gadda));
    for (size_t i = 0; i < doc.n_terms; i++)
        if (doc.terms[i].flags & STORY_PER) persons += doc.terms[i].hash == gadda ? 1 : 100;
    CHECK(persons == 1);
    size_t n = story_doc_pack(&doc, packed);
    CHECK(story_doc_unpack(wr_str_of((char *)packed, n), &back) == WR_OK);
    CHECK(memcmp(&doc, &back, sizeof doc) == 0);
    for (size_t k = 0; k < n; k++)
        CHECK((k >= 2 && (k - 2) % 7 == 0) ==
              (story_doc_unpack(wr_str_of((char *)packed, k), &back) == WR_OK));
    at.end = 500; /* outside of the text: ignored */
    CHECK(story_doc_of(arena, &a, &doc) == WR_OK);
    wr_article empty = {.text = WR_STR("")};
    CHECK(story_doc_of(arena, &empty, &doc) == WR_OK && doc.n_terms == 0);
}

static void pairs(void) {
    story_doc a = report(1, 1), b = report(1, 2), c = report(8, 1);
    int16_t x[PAIR_COLUMNS], y[PAIR_COLUMNS];
    story_sums sa, sb, sc;
    story_sums_of(&a, &sa);
    story_sums_of(&b, &sb);
    story_sums_of(&c, &sc);
    CHECK(story_pair_columns(&a, &sa, &b, &sb, 0, x));
    CHECK(story_pair_columns(&b, &sb, &a, &sa, 0, y));
    CHECK(memcmp(x, y, sizeof x) == 0);
    CHECK(x[PAIR_COS] > 300);
    CHECK(!story_pair_columns(&a, &sa, &c, &sc, 100, x));
    CHECK(story_pair_columns(&a, &sa, &a, &sa, 990, x));
}

static void linkage(void) {
    field_matrix m;
    uint8_t part[FIELD_MAX];
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++)
            m[i][j] = (i < 3) == (j < 3) ? 300 : -300;
    field_link(m, 6, 0, part);
    static const uint8_t want[] = {0, 0, 0, 3, 3, 3};
    CHECK(memcmp(part, want, 6) == 0);
    field_link(m, 6, -400, part);
    CHECK(part[5] == 0);
    field_link(m, 6, 400, part);
    CHECK(part[1] == 1 && part[5] == 5);
}

/* ---- the pass ---- */

#define EVENTS  12
#define REPORTS 6
#define N       (EVENTS * REPORTS)

typedef struct world {
    story_set *set;
    story_state states[2 * N];
    story_doc docs[2 * N];
    size_t n, merges, forgotten;
} world;

static void add(world *w, story_doc doc) {
    static story_outcome out;
    CHECK(story_add(w->set, arena, (int64_t)w->n, 0, &doc, &out) == WR_OK);
    CHECK(out.n_changes >= 1 && out.changes[0].now.article == (int64_t)w->n);
    w->docs[w->n++] = doc;
    for (size_t i = 0; i < out.n_changes; i++)
        w->states[out.changes[i].now.article] = out.changes[i].now;
    w->merges += out.n_merges;
    if (out.forgotten) w->forgotten++;
}

static void open_world(world *w, size_t window) {
    *w = (world){.n = 0};
    CHECK(story_new(&(story_options){.articles = window}, &w->set) == WR_OK);
}

/* The i-th article of an order in which the events take turns. */
static story_doc turn(size_t i) {
    return report((unsigned)(i % EVENTS), (unsigned)(i / EVENTS));
}

static void one_pass(void) {
    static world a, b;
    open_world(&a, 256);
    open_world(&b, 256);
    for (size_t i = 0; i < N; i++) {
        add(&a, turn(i));
        add(&b, turn(i));
    }
    CHECK(memcmp(a.states, b.states, sizeof a.states) == 0);
    size_t right = 0, wrong = 0;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++) {
            bool same = a.states[i].story == a.states[j].story;
            right += same && i % EVENTS == j % EVENTS;
            wrong += same && i % EVENTS != j % EVENTS;
        }
    CHECK(wrong == 0);
    CHECK(right > EVENTS * REPORTS * (REPORTS - 1) / 2 * 8 / 10);
    story_free(&a.set);
    story_free(&b.set);
}

/* Given back at any point, it goes on as if nothing had happened. */
static void restarts(void) {
    static world a, b;
    for (size_t stop = 1; stop < N; stop += 7) {
        open_world(&a, 64);
        for (size_t i = 0; i < stop; i++)
            add(&a, turn(i));
        b = a;
        CHECK(story_new(&(story_options){.articles = 64}, &b.set) == WR_OK);
        for (size_t i = stop > 64 ? stop - 64 : 0; i < stop; i++)
            CHECK(story_restore(b.set, &a.states[i], 0, &a.docs[i]) == WR_OK);
        story_restored(b.set, (uint32_t)stop + 1);
        CHECK(story_count(b.set) == story_count(a.set));
        for (size_t i = stop; i < N; i++) {
            add(&a, turn(i));
            add(&b, turn(i));
            bool same = true;
            for (size_t k = 0; k <= i; k++)
                same &= a.states[k].story == b.states[k].story &&
                        a.states[k].settled == b.states[k].settled &&
                        !a.states[k].field == !b.states[k].field;
            CHECK(same);
        }
        story_free(&a.set);
        story_free(&b.set);
    }
}

static void window(void) {
    static world w;
    open_world(&w, 64);
    for (size_t i = 0; i < 2 * N; i++)
        add(&w, report(3, (unsigned)i));
    /* article 0 counts as none */
    CHECK(story_count(w.set) == 64 && w.forgotten == 2 * N - 65);
    CHECK(w.states[2 * N - 1].story == w.states[2 * N - 2].story);
    story_free(&w.set);
    story_set *set;
    CHECK(story_new(&(story_options){.articles = 3}, &set) == WR_USAGE);
}

/* Damaged states are refused. */
static void hostile(void) {
    story_set *set;
    story_doc doc = report(1, 1);
    CHECK(story_new(&(story_options){.articles = 64}, &set) == WR_OK);
    story_state a = {.number = 5, .article = 1, .story = 5, .field = 1, .settled = true};
    CHECK(story_restore(set, &a, 0, &doc) == WR_OK);
    CHECK(story_restore(set, &a, 0, &doc) == WR_MALFORMED); /* twice */
    a.number = 6;
    a.field = 65;
    CHECK(story_restore(set, &a, 0, &doc) == WR_MALFORMED);
    a.number = 0;
    CHECK(story_restore(set, &a, 0, &doc) == WR_MALFORMED);
    story_free(&set);
}

int main(void) {
    CHECK(wr_arena_new("test", (size_t)64 << 20, &arena) == WR_OK);
    words();
    docs();
    pairs();
    linkage();
    one_pass();
    restarts();
    window();
    hostile();
    wr_arena_free(&arena);
    return check_summary();
}
