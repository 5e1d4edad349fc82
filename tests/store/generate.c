/* generate.c -- articles that look like news to a store */
#include "generate.h"

#include <wireroom/buf.h>

#include <math.h>
#include <stdio.h>
#include <time.h>

typedef struct maker {
    const generate *g;
    wr_arena *arena;
    uint64_t state;
    char *text;
    size_t len, cap;
    wr_article *a;
} maker;

static uint64_t next(maker *m) { /* splitmix64 */
    uint64_t z = m->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double chance(maker *m) {
    return (double)(next(m) >> 11) / 9007199254740992.0;
}

static uint64_t zipf(maker *m, double n) {
    return (uint64_t)exp(chance(m) * log(n)) - 1;
}

static void put(maker *m, const char *s, size_t len) {
    if (m->len + len > m->cap) return;
    memcpy(m->text + m->len, s, len);
    m->len += len;
}

/* A word for a number: the more frequent, the shorter. */
static size_t spell(uint64_t n, char out[64]) {
    static const char syllables[][4] = {"ba", "ce", "di", "fo", "gu", "la", "me",  "ni",
                                        "po", "ra", "se", "ti", "vo", "za", "ker", "lan"};
    size_t len = 0;
    n += 7;
    while (n && len < 56) {
        const char *s = syllables[n & 15];
        size_t k = strlen(s);
        memcpy(out + len, s, k);
        len += k;
        n >>= 4;
    }
    return len;
}

static size_t spell_name(uint64_t n, char out[64], bool surname_only) {
    size_t len = 0;
    if (!surname_only) {
        len = spell(n * 2654435761u % 997, out);
        out[0] = (char)(out[0] - 32);
        out[len++] = ' ';
    }
    size_t from = len;
    len += spell(n * 31 + 5, out + len);
    out[from] = (char)(out[from] - 32);
    return len;
}

static void put_word(maker *m) {
    char word[64];
    size_t len = spell(zipf(m, 60000), word);
    word[len++] = ' ';
    put(m, word, len);
}

static void mention(maker *m, uint64_t rank) {
    static const char *const types[] = {"PER", "ORG", "LOC", "MISC"};
    char name[64], full[64];
    size_t full_len = spell_name(rank, full, false);
    wr_article *a = m->a;
    wr_entity *e = NULL;
    for (size_t i = 0; i < a->n_entities && !e; i++)
        if (wr_str_eq(a->entities[i].name, wr_str_of(full, full_len))) e = &a->entities[i];
    size_t len = spell_name(rank, name, e != NULL);
    if (!e) {
        e = &a->entities[a->n_entities++];
        wr_str copy;
        if (wr_arena_copy(m->arena, wr_str_of(full, full_len), &copy) != WR_OK) return;
        *e = (wr_entity){.name = copy, .type = wr_str_c(types[rank % 4])};
        e->mentions = wr_arena_array(m->arena, m->g->mentions, sizeof *e->mentions);
        if (rank % 5 == 0 && wr_arena_printf(m->arena, &e->id, "Q%u", (unsigned)rank + 1) != WR_OK)
            return;
    }
    if (!e->mentions || m->len + len + 1 > m->cap) return;
    double confidence = 0.5 + 0.5 * chance(m);
    if (confidence > e->confidence) e->confidence = confidence; /* as sure as its surest mention */
    e->mentions[e->n_mentions++] = (wr_mention){m->len, m->len + len, confidence, {0}, 0};
    put(m, name, len);
    put(m, " ", 1);
}

static void end_para(maker *m, uint64_t start, wr_block *blocks, size_t *n_blocks) {
    while (m->len > start && m->text[m->len - 1] == ' ')
        m->len--;
    put(m, ".", 1);
    wr_str text = wr_str_of(m->text + start, m->len - start);
    blocks[*n_blocks] =
        (wr_block){.text = text, .start = start, .end = m->len, .tag = WR_STR("line")};
    m->a->paras[m->a->n_paras++] =
        (wr_para){.start = start, .end = m->len, .kind = WR_STR("paragraph"), .block = ++*n_blocks};
    put(m, "\n\n", 2);
}

static void write_text(maker *m, wr_block *blocks, size_t *n_blocks) {
    size_t paras = m->g->bytes / 330 + 1, per_para = m->g->mentions / paras + 1,
           left = m->g->mentions;
    for (size_t p = 0; p < paras; p++) {
        uint64_t start = m->len, first = m->len;
        for (size_t k = 0; k < per_para && left; k++, left--) {
            size_t until = m->len + 330 / per_para / 2;
            while (m->len < until)
                put_word(m);
            mention(m, zipf(m, chance(m) < 0.9 ? 1e5 : 5e6));
        }
        while (m->len < start + 320)
            put_word(m);
        if (p < m->g->quotes && m->a->n_entities) {
            wr_entity *e = &m->a->entities[0];
            m->a->quotes[m->a->n_quotes++] = (wr_quote){.start = first,
                                                        .end = first + 40,
                                                        .kind = WR_STR("full"),
                                                        .entity = 1,
                                                        .text = wr_str_of(m->text + first, 40),
                                                        .speaker = e->name,
                                                        .cue = WR_STR("said"),
                                                        .confidence = 0.8};
        }
        end_para(m, start, blocks, n_blocks);
    }
    m->len -= m->len >= 2 ? 2 : 0;
}

static void set_date(maker *m, uint64_t i, wr_article *a) {
    if (!m->g->per_day) return;
    uint64_t day = i / m->g->per_day;
    if (m->g->shuffled_days) day = next(m) % 365;
    time_t t = (time_t)(1704067200 + day * 86400);
    struct tm tm;
    gmtime_r(&t, &tm);
    if (wr_arena_printf(m->arena, &a->published, "%04d-%02d-%02dT08:00:00Z", tm.tm_year + 1900,
                        tm.tm_mon + 1, tm.tm_mday) != WR_OK)
        a->published = (wr_str){0};
}

static bool make_article(maker *m, uint64_t i, wr_page *page) {
    wr_article *a = m->a = &page->articles[page->n_articles];
    m->cap = m->g->bytes * 2 + 1024;
    m->len = 0;
    m->text = wr_arena_take(m->arena, m->cap);
    a->paras = wr_arena_array(m->arena, m->g->bytes / 330 + 2, sizeof *a->paras);
    a->entities = wr_arena_array(m->arena, m->g->mentions + 1, sizeof *a->entities);
    a->quotes = wr_arena_array(m->arena, m->g->quotes + 1, sizeof *a->quotes);
    if (!m->text || !a->paras || !a->entities || !a->quotes) return false;
    write_text(m, page->blocks, &page->n_blocks);
    a->text = wr_str_of(m->text, m->len);
    a->title = wr_str_of(m->text, 48);
    a->lang = WR_STR("en");
    a->site_origin = a->title_origin = WR_STR("heading");
    set_date(m, i, a);
    unsigned site = (unsigned)zipf(m, 2000);
    page->n_articles++;
    return wr_arena_printf(m->arena, &a->url, "https://www.site%u.example/%llu/%zu", site,
                           (unsigned long long)i, page->n_articles) == WR_OK &&
           wr_arena_printf(m->arena, &a->site, "Site %u", site) == WR_OK;
}

wr_page *generate_page(const generate *g, uint64_t i, wr_arena *arena) {
    maker m = {.g = g, .arena = arena, .state = g->seed * 1000003 + i};
    wr_page *page = wr_arena_take(arena, sizeof *page);
    size_t n = i % 16 == 15 ? 2 : 1;
    if (!page) return NULL;
    page->articles = wr_arena_array(arena, n, sizeof *page->articles);
    page->blocks =
        wr_arena_array(arena, n * (g->bytes / 330 + 2) + g->removed, sizeof *page->blocks);
    if (!page->articles || !page->blocks) return NULL;
    for (size_t k = 0; k < n; k++)
        if (!make_article(&m, i, page)) return NULL;
    for (size_t k = 0; k < g->removed; k++)
        page->blocks[page->n_blocks++] =
            (wr_block){.text = WR_STR("Read more stories in this section"),
                       .start = 10000 + k * 40,
                       .end = 10033 + k * 40,
                       .label = WR_STR("related"),
                       .reason = WR_STR("related")};
    if (wr_arena_printf(arena, &page->id, "%016llx%016llx", (unsigned long long)next(&m),
                        (unsigned long long)i) != WR_OK ||
        wr_arena_printf(arena, &page->file, "in/page-%08llu.txt", (unsigned long long)i) != WR_OK)
        return NULL;
    page->kind = WR_STR("text");
    page->size = 12000;
    page->encoding = WR_STR("UTF-8");
    page->lang = WR_STR("en");
    return page;
}
