/* listed.c -- the longest name of the table at each word with a capital */
#include "listed.h"

#include "common/text/token.h"

#define NAME_TOKENS 6

typedef struct search {
    wr_arena *arena;
    const struct knowledge *k;
    wr_str lang;
    wr_article *article;
    size_t cap;
    uint32_t *entity_of; /* of each row of the table: 1 + entity */
} search;

/* What the table says of a name: places of the language, places, bodies that are known by hand,
 * persons by their full name; anything that the user has listed. */
static const known *look_up(const search *s, wr_str name) {
    static const char *const types[] = {"LOC", "ORG", "PER", "MISC"};
    const known *row = knowledge_find_in(s->k, s->lang, WR_STR("LOC"), name);
    if (row) return row;
    bool full = wr_str_find_char(name, 0, ' ') < name.len;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        row = knowledge_find(s->k, wr_str_c(types[i]), name);
        if (row && (row->own || i == 0 || (i == 1 && row->sure) || (i == 2 && full))) return row;
    }
    return NULL;
}

static wr_status add(search *s, const known *row, size_t start, size_t end) {
    wr_article *a = s->article;
    uint32_t *slot = &s->entity_of[knowledge_row(s->k, row)];
    wr_str type = wr_str_slice(row->type, 0, wr_str_find_char(row->type, 0, ':'));
    wr_str called = wr_str_eq(type, WR_STR("PER")) && !row->own ? row->name : row->canonical;
    for (size_t i = 0; i < a->n_entities && !*slot; i++) /* the same under another name */
        if (wr_str_eq(a->entities[i].name, called) && wr_str_eq(a->entities[i].type, type))
            *slot = (uint32_t)i + 1;
    if (!*slot) {
        wr_entity *e = WR_PUSH(s->arena, a->entities, a->n_entities, s->cap);
        if (!e) return WR_MEMORY;
        *e = (wr_entity){.name = called,
                         .type = type,
                         .id = row->id,
                         .country = row->country,
                         .origin = WR_STR("gazetteer"),
                         .confidence = LISTED_TRUST};
        *slot = (uint32_t)a->n_entities;
    }
    wr_entity *e = &a->entities[*slot - 1];
    bool grown = (e->n_mentions & (e->n_mentions - 1)) == 0; /* at 0, 1, 2, 4, ... */
    if (grown) {
        size_t n = e->n_mentions ? e->n_mentions * 2 : 1;
        e->mentions = wr_arena_grow(s->arena, e->mentions, e->n_mentions, n, sizeof *e->mentions);
        if (!e->mentions) return WR_MEMORY;
    }
    e->mentions[e->n_mentions++] =
        (wr_mention){.start = start, .end = end, .confidence = LISTED_TRUST};
    return WR_OK;
}

/* Behind an article that is written with its word (l', d', dell'): where the word begins. */
static size_t elided(wr_str text, size_t start, size_t end) {
    for (size_t i = start + 1; i < end && i < start + 6; i++) {
        if (text.ptr[i] == '\'') return i + 1;
        if (wr_str_starts(wr_str_slice(text, i, end), WR_STR("\xe2\x80\x99"))) return i + 3;
    }
    return start;
}

static bool may_begin(wr_str text, size_t at) {
    unsigned char c = (unsigned char)text.ptr[at];
    return wr_is_alpha((char)c) ? c < 'a' : c >= 0x80;
}

/* A part of a compound with hyphens is another name. */
static bool joined(wr_str text, size_t start, size_t end) {
    bool before = start > 0 && text.ptr[start - 1] == '-';
    return before ||
           (end + 1 < text.len && text.ptr[end] == '-' && !wr_is_space(text.ptr[end + 1]));
}

/* The longest name from token i on that begins at byte `start`: how many tokens, 0 = none. */
static size_t longest(const search *s, const wr_token *t, size_t n, size_t start,
                      const known **row) {
    for (size_t len = n < NAME_TOKENS ? n : NAME_TOKENS; len > 0; len--) {
        size_t end = t[len - 1].end;
        if (joined(s->article->text, start, end)) continue;
        *row = look_up(s, wr_str_slice(s->article->text, start, end));
        if (*row) return len;
    }
    return 0;
}

static wr_status search_para(search *s, size_t start, size_t end) {
    wr_str text = s->article->text;
    wr_tokens words = wr_tokens_of(wr_str_slice(text, 0, end), (wr_span){start, end});
    wr_token t[NAME_TOKENS], next;
    size_t n = 0;
    for (bool more = true; more || n;) {
        while (more && n < NAME_TOKENS && (more = wr_tokens_next(&words, &next)))
            t[n++] = next;
        if (!n) break;
        const known *row = NULL;
        size_t taken = 0, from = t[0].start;
        if (may_begin(text, from)) taken = longest(s, t, n, from, &row);
        if (!taken && (from = elided(text, from, t[0].end)) > t[0].start && from < t[0].end &&
            may_begin(text, from))
            taken = longest(s, t, n, from, &row);
        if (taken) WR_TRY(add(s, row, from, t[taken - 1].end));
        if (!taken) taken = 1;
        memmove(t, t + taken, (n - taken) * sizeof *t);
        n -= taken;
    }
    return WR_OK;
}

wr_status listed_find(wr_arena *arena, const struct knowledge *k, wr_str lang,
                      wr_article *article) {
    search s = {.arena = arena, .k = k, .lang = lang, .article = article};
    article->entities = NULL;
    article->n_entities = 0;
    if (!k) return WR_OK;
    s.entity_of = wr_arena_array(arena, knowledge_rows(k), sizeof *s.entity_of);
    if (!s.entity_of) return WR_MEMORY;
    if (!article->n_paras) return search_para(&s, 0, article->text.len);
    for (size_t i = 0; i < article->n_paras; i++) {
        const wr_para *p = &article->paras[i];
        if (p->start > p->end || p->end > article->text.len) return WR_MALFORMED;
        WR_TRY(search_para(&s, p->start, p->end));
    }
    return WR_OK;
}
