/* tag.c -- names of articles: places that hold, the same every time, and memory that runs out */
#include "stages/tag/tag.h"
#include "check.h"
#include "stages/tag/mention.h"
#include "stages/tag/train/file.h"

#include <stdlib.h>

static struct tagger *tagger;

static wr_article article_of(const char *text) {
    return (wr_article){.text = wr_str_c(text), .lang = WR_STR("en")};
}

/* Ranges lie in the text, in order, apart, and slice to the entity's name. */
static void check_places(const wr_article *a) {
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_entity *e = &a->entities[i];
        CHECK(e->n_mentions > 0 && e->name.len > 0);
        CHECK(e->confidence >= 0 && e->confidence <= 1);
        for (size_t m = 0; m < e->n_mentions; m++) {
            CHECK(e->mentions[m].start < e->mentions[m].end);
            CHECK(e->mentions[m].end <= a->text.len);
            if (m) CHECK(e->mentions[m - 1].end <= e->mentions[m].start);
        }
    }
}

static bool has(const wr_article *a, const char *text, const char *type) {
    for (size_t i = 0; i < a->n_entities; i++)
        for (size_t m = 0; m < a->entities[i].n_mentions; m++) {
            const wr_mention *at = &a->entities[i].mentions[m];
            if (wr_str_eq(wr_str_slice(a->text, at->start, at->end), wr_str_c(text)) &&
                wr_str_eq(a->entities[i].type, wr_str_c(type)))
                return true;
        }
    return false;
}

static void check_names(wr_arena *arena) {
    static const struct {
        const char *text, *name, *type;
    } rows[] = {
        {"Maria Jensen said the harbour would open in May.", "Maria Jensen", "PER"},
        {"Officials in Denmark and Kenya met on Monday.", "Denmark", "LOC"},
        {"Officials in Denmark and Kenya met on Monday.", "Kenya", "LOC"},
        {"The United Nations sent a team to Nairobi.", "United Nations", "ORG"},
        {"The United Nations sent a team to Nairobi.", "Nairobi", "LOC"},
        {"A Brazilian company bought the mill.", "Brazilian", "MISC"},
        {"\xE2\x80\x9CWe agree,\xE2\x80\x9D said John Peters of London.", "John Peters", "PER"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_arena_reset(arena);
        wr_article a = article_of(rows[i].text);
        CHECK_ROW(rows[i].text, tag_article(tagger, arena, &a, NULL) == WR_OK);
        CHECK_ROW(rows[i].text, has(&a, rows[i].name, rows[i].type));
        check_places(&a);
    }
}

static void check_odd_texts(wr_arena *arena) {
    static char longest[200000];
    for (size_t i = 0; i < sizeof longest; i++)
        longest[i] = i % 5 == 4 ? ' ' : i % 5 ? 'a' : 'B';
    const wr_str texts[] = {WR_STR(""),
                            WR_STR(" "),
                            WR_STR("."),
                            WR_STR("\0\0A\0"),
                            WR_STR("\n\n"),
                            WR_STR("A"),
                            WR_STR("\xEF\xBF\xBD Abc"),
                            wr_str_of(longest, sizeof longest)};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        wr_arena_reset(arena);
        wr_article a = {.text = texts[i]};
        CHECK(tag_article(tagger, arena, &a, NULL) == WR_OK);
        check_places(&a);
    }
    wr_para outside = {.start = 2, .end = 9};
    wr_article a = {.text = WR_STR("short"), .paras = &outside, .n_paras = 1};
    wr_str why = WR_STR("");
    CHECK(tag_article(tagger, arena, &a, &why) == WR_MALFORMED && why.len > 0);
}

/* Words seen before must not change what is found. */
static void check_memory_of_words(wr_arena *arena) {
    const char *text = "Anna Berg of Northwind Ltd flew from Oslo to Lima. Berg spoke to the Lima "
                       "Herald about Norwegian ships.";
    wr_article first = article_of(text), again = article_of(text);
    wr_arena_reset(arena);
    CHECK(tag_article(tagger, arena, &first, NULL) == WR_OK);
    wr_article other = article_of("Berg Lima Oslo Anna of from to. Ships! Herald? NORWEGIAN");
    CHECK(tag_article(tagger, arena, &other, NULL) == WR_OK);
    CHECK(tag_article(tagger, arena, &again, NULL) == WR_OK);
    CHECK(first.n_entities == again.n_entities && first.n_entities > 0);
    for (size_t i = 0; i < first.n_entities && i < again.n_entities; i++) {
        CHECK_STR(again.entities[i].name, first.entities[i].name);
        CHECK(again.entities[i].n_mentions == first.entities[i].n_mentions);
        CHECK(again.entities[i].confidence == first.entities[i].confidence);
    }
}

/* Mentions as a model gives them, "TEXT" a person each, and the surfaces they are joined to. */
static void check_joins(wr_arena *arena) {
    static const struct {
        const char *text, *persons[4], *joined;
    } rows[] = {
        {"[Ann] Lee left.", {"Ann", "Lee"}, "[Ann] Lee*1"},
        {"(Ann) Lee left.", {"Ann", "Lee"}, "Ann*1 Lee*1"},
        {"Ann Lee met Bob Hall. Lee-Hall talks end.",
         {"Ann Lee", "Bob Hall", "Lee-Hall"},
         "Ann Lee*1 Bob Hall*1 Lee*1 Hall*1"},
        {"Ann Lee-Hall met Bob Hall.", {"Ann Lee-Hall", "Bob Hall"}, "Ann Lee-Hall*1 Bob Hall*1"},
        {"Lee-Hall met Bob Hall.", {"Lee-Hall", "Bob Hall"}, "Lee-Hall*1 Bob Hall*1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_article a = article_of(rows[i].text);
        struct mentions m = {NULL, 0, 0};
        wr_buf got = WR_BUF_INIT(4096);
        size_t at = 0;
        for (size_t k = 0; k < 4 && rows[i].persons[k]; k++) {
            wr_str person = wr_str_c(rows[i].persons[k]);
            while (!wr_str_starts(wr_str_slice(a.text, at, a.text.len), person))
                at++;
            struct mention *slot = WR_PUSH(arena, m.items, m.n, m.cap);
            CHECK(slot != NULL);
            if (slot) *slot = (struct mention){at, at + person.len, TYPE_PER, .9};
            at += person.len;
        }
        CHECK(mentions_join(arena, &m, &a) == WR_OK);
        check_places(&a);
        for (size_t k = 0; k < a.n_entities; k++)
            wr_buf_printf(&got, "%s%.*s*%zu", k ? " " : "", (int)a.entities[k].name.len,
                          a.entities[k].name.ptr, a.entities[k].n_mentions);
        CHECK_STR(wr_buf_str(&got), wr_str_c(rows[i].joined));
        wr_buf_free(&got);
    }
}

static void check_arena_limits(void) {
    wr_status status = WR_MEMORY;
    size_t n = 0;
    for (; n < 10000 && status != WR_OK; n++) {
        wr_arena *arena;
        if (wr_arena_new("page", (size_t)16 << 20, &arena) != WR_OK) abort();
        wr_article article = article_of("Peter Hall left Paris. He told the BBC: \"I go home.\"");
        wr_page page = {.articles = &article, .n_articles = 1};
        wr_arena_fail_at(arena, n);
        status = tag_page(tagger, arena, &page, NULL);
        CHECK(status == WR_OK || status == WR_MEMORY);
        if (status == WR_OK) CHECK(wr_str_starts(page.model, WR_STR("tag:")));
        wr_arena_free(&arena);
    }
    CHECK(status == WR_OK && n > 2);
}

int main(void) {
    wr_arena *models, *arena;
    wr_str bytes;
    const char *why = "";
    if (wr_arena_new("models", (size_t)64 << 20, &models) != WR_OK ||
        wr_arena_new("page", (size_t)256 << 20, &arena) != WR_OK ||
        file_read_aligned(models, TAG_MODEL, &bytes) != WR_OK)
        return fprintf(stderr, "%s: cannot be read\n", TAG_MODEL), 1;
    CHECK(tagger_new(models, bytes, &tagger, &why) == WR_OK);
    check_names(arena);
    check_odd_texts(arena);
    check_memory_of_words(arena);
    check_joins(arena);
    check_arena_limits();
    wr_arena_free(&arena);
    wr_arena_free(&models);
    return check_summary();
}
