/* container.c -- fields from the container */
#include "container.h"

#include "pubdate.h"

static wr_str hint_of(const wr_page *page, wr_str name) {
    for (size_t i = 0; i < page->n_hints; i++)
        if (wr_str_eq(page->hints[i].name, name)) return page->hints[i].value;
    return (wr_str){0};
}

/* True when it was empty and is not any more. */
static bool fill(wr_str *field, wr_str value) {
    if (field->len || !value.len) return false;
    *field = value;
    return true;
}

static wr_status fill_dates(wr_arena *arena, const wr_page *page, wr_article *a) {
    struct pubdate date = pubdate_read(hint_of(page, WR_STR("published")), false, true);
    struct pubdate changed = pubdate_read(hint_of(page, WR_STR("modified")), false, true);
    if (!a->modified.len && changed.precision) WR_TRY(pubdate_write(arena, &changed, &a->modified));
    if (a->published.len || !date.precision) return WR_OK;
    WR_TRY(pubdate_write(arena, &date, &a->published));
    a->published_precision = pubdate_precision_name(date.precision);
    a->published_origin = WR_STR("container");
    return WR_OK;
}

static wr_status fill_author(wr_arena *arena, const wr_page *page, wr_article *a) {
    wr_str name = hint_of(page, WR_STR("author"));
    if (a->n_authors || !name.len) return WR_OK;
    a->authors = wr_arena_array(arena, 1, sizeof *a->authors);
    if (!a->authors) return WR_MEMORY;
    a->authors[0] = (wr_author){.name = name, .origin = WR_STR("container")};
    a->n_authors = 1;
    return WR_OK;
}

wr_status container_fill(wr_arena *arena, wr_page *page) {
    if (page->n_articles != 1) return WR_OK;
    wr_article *a = page->articles;
    if (fill(&a->site, hint_of(page, WR_STR("site")))) a->site_origin = WR_STR("container");
    if (fill(&a->url, page->url)) a->url_origin = WR_STR("container");
    fill(&a->section, hint_of(page, WR_STR("section")));
    fill(&a->description, hint_of(page, WR_STR("description")));
    fill(&a->image, hint_of(page, WR_STR("image")));
    WR_TRY(fill_author(arena, page, a));
    return fill_dates(arena, page, a);
}
