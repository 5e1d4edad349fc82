/* metadata_dates.c -- when the article was published and changed, as stated */
#include "features.h"
#include "metadata.h"
#include "pubdate.h"
#include "words.h"

static const struct place published[] = {PLACE_ENDS("jsonld", "article.datepublished"),
                                         PLACE_ENDS("jsonld", "posting.datepublished"),
                                         PLACE("jsonld", "report.datepublished"),
                                         PLACE("", "article:published_time"),
                                         PLACE("", "og:article:published_time"),
                                         PLACE("", "article:published"),
                                         PLACE("", "og:published_time"),
                                         PLACE("microdata", "datepublished"),
                                         PLACE_ENDS("microdata", "article.datepublished"),
                                         PLACE("jsonld", "webpage.datepublished"),
                                         PLACE_ENDS("jsonld", "article.datecreated"),
                                         PLACE("meta", "parsely-pub-date"),
                                         PLACE("meta", "cxenseparse:recs:publishtime"),
                                         PLACE("meta", "cxenseparse:publishtime"),
                                         PLACE("meta", "sailthru.date"),
                                         PLACE("meta", "datepublished"),
                                         PLACE("meta", "publish-date"),
                                         PLACE("meta", "publish_date"),
                                         PLACE("meta", "publishdate"),
                                         PLACE("meta", "publication_date"),
                                         PLACE("meta", "pubdate"),
                                         PLACE("meta", "published_at"),
                                         PLACE("meta", "originalpublicationdate"),
                                         PLACE("meta", "dc.date.issued"),
                                         PLACE("meta", "dcterms.issued"),
                                         PLACE("meta", "dc.date.created"),
                                         PLACE("meta", "dcterms.created"),
                                         PLACE("meta", "dcterms.date"),
                                         PLACE("meta", "dc.date"),
                                         PLACE("meta", "article.published"),
                                         PLACE("meta", "article.created"),
                                         PLACE("meta", "article_date_original"),
                                         PLACE("meta", "bt:pubdate"),
                                         PLACE("meta", "date.created"),
                                         PLACE("meta", "citation_publication_date"),
                                         PLACE("meta", "citation_date"),
                                         PLACE("meta", "date"),
                                         PLACE("microdata", "datecreated"),
                                         PLACE_ENDS("jsonld", ".datepublished"),
                                         PLACE_ENDS("jsonld", ".uploaddate")};

static const struct place modified[] = {PLACE_ENDS("jsonld", "article.datemodified"),
                                        PLACE_ENDS("jsonld", "posting.datemodified"),
                                        PLACE("", "article:modified_time"),
                                        PLACE("", "og:updated_time"),
                                        PLACE("microdata", "datemodified"),
                                        PLACE("jsonld", "webpage.datemodified"),
                                        PLACE("meta", "dcterms.modified"),
                                        PLACE("meta", "dc.date.modified"),
                                        PLACE("meta", "last-modified"),
                                        PLACE("meta", "lastmod")};

/* English pages of American habit write the month first. */
static bool month_first(const struct metadata *m) {
    wr_str lang =
        m->page->lang.len ? m->page->lang : facts_find(m->page, WR_STR("meta"), WR_STR("lang"));
    return lang.len == 0 || wr_str_eq_nocase(lang, WR_STR("en")) ||
           wr_str_eq_nocase(lang, WR_STR("en-us"));
}

static struct pubdate ask(const struct metadata *m, const struct place *places, size_t n,
                          wr_str *origin) {
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < m->page->n_facts; i++) {
            const wr_fact *fact = &m->page->facts[i];
            if (!metadata_states(m, &places[k], i)) continue;
            struct pubdate date = pubdate_read(fact->value, month_first(m), true);
            if (date.precision >= PUBDATE_DAY) return *origin = fact->origin, date;
        }
    return (struct pubdate){0};
}
#define ASK(m, places, origin) ask(m, places, sizeof(places) / sizeof *(places), origin)

/* A short line with a date beside the headline, or before the text. */
static struct pubdate read_lines(const struct metadata *m, wr_str *origin) {
    size_t n = m->page->n_blocks, at = m->headline < n ? m->headline : m->first;
    size_t from = at > 6 ? at - 6 : 0, to = m->first + 4 < n ? m->first + 4 : n;
    if (to < at + 12) to = at + 12 < n ? at + 12 : n;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = pass ? from : at; i < (pass ? at : to); i++) {
            const wr_block *block = &m->page->blocks[i];
            if (block->text.len > 200 || block->link_bytes * 2 > block->text.len) continue;
            if (words_count(block->text) > 25) continue;
            struct pubdate date = pubdate_read(block->text, month_first(m), false);
            if (date.precision >= PUBDATE_DAY) return *origin = WR_STR("text"), date;
        }
    return (struct pubdate){0};
}

static struct pubdate read_times(const struct metadata *m, wr_str *origin) {
    for (size_t i = 0; i < m->page->n_facts; i++) {
        const wr_fact *fact = &m->page->facts[i];
        if (!wr_str_eq(fact->name, WR_STR("time"))) continue;
        struct pubdate date = pubdate_read(fact->value, month_first(m), true);
        if (date.precision >= PUBDATE_DAY) return *origin = WR_STR("time"), date;
    }
    return (struct pubdate){0};
}

wr_status metadata_dates(struct metadata *m) {
    wr_article *a = m->article;
    wr_str origin = wr_str_of(NULL, 0), other = wr_str_of(NULL, 0);
    struct pubdate date = ASK(m, published, &origin), changed = ASK(m, modified, &other);
    if (!date.precision) date = read_lines(m, &origin);
    if (!date.precision) {
        date = pubdate_of_url(a->url);
        origin = WR_STR("link");
    }
    if (!date.precision) date = read_times(m, &origin);
    if (!date.precision) {
        date = pubdate_read(metadata_hint(m, WR_STR("published")), month_first(m), true);
        origin = WR_STR("container");
    }
    WR_TRY(pubdate_write(m->arena, &date, &a->published));
    if (a->published.len) {
        a->published_precision = pubdate_precision_name(date.precision);
        a->published_origin = origin;
    }
    return pubdate_write(m->arena, &changed, &a->modified);
}
