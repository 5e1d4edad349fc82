/* alias_page.c -- names joined over the articles of one page */
#include "alias_page.h"

void alias_sort_mentions(wr_mention *m, size_t n) {
    for (size_t gap = n / 2; gap; gap /= 2)
        for (size_t i = gap; i < n; i++)
            for (size_t k = i; k >= gap && m[k].start < m[k - gap].start; k -= gap) {
                wr_mention swap = m[k];
                m[k] = m[k - gap];
                m[k - gap] = swap;
            }
}

static bool is_person(const wr_entity *e) {
    return wr_str_eq(e->type, WR_STR("PER"));
}

/* Bears the word as the last or first of several. */
static bool bears(const wr_entity *e, wr_str word, bool surname) {
    size_t cut = surname ? e->name.len : wr_str_find_char(e->name, 0, ' ');
    while (surname && cut > 0 && e->name.ptr[cut - 1] != ' ')
        cut--;
    if (!is_person(e) || cut == 0 || cut == e->name.len) return false;
    wr_str part = surname ? wr_str_slice(e->name, cut, e->name.len) : wr_str_slice(e->name, 0, cut);
    return wr_str_eq_nocase(part, word);
}

/* The person of the page whose full name ends (or begins) in `word`, of several the one with that
 * office: NULL when none or several do. */
static const wr_entity *only_bearer(const wr_page *page, wr_str word, wr_str role, bool surname) {
    const wr_entity *found = NULL, *holder = NULL;
    bool several = false, holders = false;
    for (size_t i = 0; i < page->n_articles; i++)
        for (size_t k = 0; k < page->articles[i].n_entities; k++) {
            const wr_entity *e = &page->articles[i].entities[k];
            if (!bears(e, word, surname)) continue;
            several = several || (found && !wr_str_eq(found->name, e->name));
            found = e;
            if (!role.len || !wr_str_eq_nocase(e->role, role)) continue;
            holders = holders || (holder && !wr_str_eq(holder->name, e->name));
            holder = e;
        }
    if (several) return holders ? NULL : holder;
    return found;
}

static void drop_entity(wr_article *a, size_t i) {
    memmove(&a->entities[i], &a->entities[i + 1], (a->n_entities - i - 1) * sizeof *a->entities);
    a->n_entities--;
}

/* Gives entity i of the article the name, and joins it with the one that has it already. */
static wr_status rename_entity(wr_arena *arena, wr_article *a, size_t i, const wr_entity *as) {
    wr_entity *e = &a->entities[i];
    size_t other = 0;
    while (other < a->n_entities && (other == i || !is_person(&a->entities[other]) ||
                                     !wr_str_eq(a->entities[other].name, as->name)))
        other++;
    if (other == a->n_entities) {
        e->name = as->name;
        e->id = as->id;
        return WR_OK;
    }
    wr_entity *into = &a->entities[other < i ? other : i];
    const wr_entity *from = &a->entities[other < i ? i : other];
    wr_mention *all = wr_arena_array(arena, into->n_mentions + from->n_mentions, sizeof *all);
    if (!all) return WR_MEMORY;
    memcpy(all, into->mentions, into->n_mentions * sizeof *all);
    memcpy(all + into->n_mentions, from->mentions, from->n_mentions * sizeof *all);
    into->mentions = all;
    into->n_mentions += from->n_mentions;
    alias_sort_mentions(all, into->n_mentions);
    if (from->confidence > into->confidence) into->confidence = from->confidence;
    if (!into->role.len) into->role = from->role;
    into->name = as->name;
    into->id = as->id;
    drop_entity(a, other < i ? i : other);
    return WR_OK;
}

wr_status aliases_join_page(wr_arena *arena, wr_page *page) {
    size_t total = 0;
    for (size_t i = 0; i < page->n_articles; i++)
        total += page->articles[i].n_entities;
    if (page->n_articles < 2 || total > ENTITIES_MAX) return WR_OK;
    for (size_t i = 0; i < page->n_articles; i++) {
        wr_article *a = &page->articles[i];
        for (size_t k = a->n_entities; k-- > 0;) {
            wr_entity *e = &a->entities[k];
            if (!is_person(e) || e->n_candidates || wr_str_find_char(e->name, 0, ' ') < e->name.len)
                continue;
            const wr_entity *as = only_bearer(page, e->name, e->role, true);
            if (!as) as = only_bearer(page, e->name, e->role, false);
            if (as) {
                wr_entity copy = *as;
                WR_TRY(rename_entity(arena, a, k, &copy));
            }
        }
    }
    return WR_OK;
}
