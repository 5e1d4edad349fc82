/* metadata_dates.c -- when the article was published and changed, as stated */
#include "features.h"
#include "lexicon.h"
#include "metadata.h"
#include "pubdate.h"
#include "words.h"

#include <limits.h>

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
                                         PLACE("meta", "article:post_date"),
                                         PLACE("meta", "article:published_date"),
                                         PLACE("meta", "article:publicationdate"),
                                         PLACE("meta", "date_published"),
                                         PLACE("meta", "published_date"),
                                         PLACE("meta", "published-date"),
                                         PLACE("meta", "publisheddate"),
                                         PLACE("meta", "published_time"),
                                         PLACE("meta", "published_on"),
                                         PLACE("meta", "published"),
                                         PLACE("meta", "publish_time"),
                                         PLACE("meta", "publicationdate"),
                                         PLACE("meta", "release_date"),
                                         PLACE("meta", "dateposted"),
                                         PLACE("meta", "displaydate"),
                                         PLACE("meta", "mediator_published_time"),
                                         PLACE("meta", "rbpubdate"),
                                         PLACE("meta", "citation_publication_date"),
                                         PLACE("meta", "citation_date"),
                                         PLACE("meta", "date"),
                                         PLACE("", "dcterms:created"),
                                         PLACE("meta", "date_created"),
                                         PLACE("meta", "content_create_date"),
                                         PLACE("meta", "created"),
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

/* Ends of addresses and regions of locales of English that writes the day first. */
static bool day_first_place(wr_str place) {
    static const char *const places[] = {"uk", "gb", "ie", "au", "nz", "in", "za",
                                         "sg", "hk", "my", "ng", "ke", "gh", "pk",
                                         "lk", "bd", "jm", "mt", "zw", "tt"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (wr_str_eq_nocase(place, wr_str_c(places[i]))) return true;
    return false;
}

static wr_str country_of(wr_str url) {
    size_t from = wr_str_find_char(url, 0, '/');
    while (from < url.len && url.ptr[from] == '/')
        from++;
    size_t to = wr_str_find_char(url, from, '/'), dot = to;
    while (dot > from && url.ptr[dot - 1] != '.')
        dot--;
    return wr_str_slice(url, dot, to);
}

/* English pages of American habit write the month first. */
static bool month_first(const struct metadata *m) {
    static const wr_str names[] = {{"lang", 4}, {"og:locale", 9}, {"content-language", 16}};
    wr_str lang = m->page->lang;
    if (lang.len && !wr_str_eq_nocase(wr_str_slice(lang, 0, 2), WR_STR("en"))) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wr_str stated = facts_find(m->page, wr_str_of(NULL, 0), names[i]);
        if (stated.len < 5 || !wr_str_eq_nocase(wr_str_slice(stated, 0, 2), WR_STR("en"))) continue;
        return !day_first_place(wr_str_slice(stated, 3, 5));
    }
    return !day_first_place(country_of(m->article->url));
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

/* ---- lines beside the headline ---- */

/* The first date of a line that a word of a change stands before (`changed`), or none does. */
static struct pubdate date_of_line(wr_str text, bool month_first_here, bool changed) {
    for (size_t from = 0; from < text.len;) {
        wr_str rest = wr_str_slice(text, from, text.len);
        struct pubdate date = pubdate_read(rest, month_first_here, false);
        struct word word;
        bool change = false;
        if (date.precision < PUBDATE_DAY) break;
        for (size_t at = 0; words_next(wr_str_slice(rest, 0, date.start), &at, &word);)
            change |= lexicon_classes(word.hash) >> LEXICON_CHANGED & 1;
        if (change == changed) return date;
        from += date.end;
    }
    return (struct pubdate){0};
}

static bool has_label(const wr_block *block, const char *const *labels, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (wr_str_eq(block->label, wr_str_c(labels[i]))) return true;
    return false;
}

/* What may hold the story's own date: no caption, no reader's comment, no other story. A line that
 * begins with a date is no caption, though it stands where captions do. */
static bool may_be_dateline(const struct metadata *m, size_t i, size_t most_words) {
    static const char *const others[] = {"title", "related", "navigation", "legal", "hidden"};
    static const char *const pictures[] = {"caption", "credit"};
    const wr_block *block = &m->page->blocks[i];
    if (block->text.len > 200 || has_label(block, others, sizeof others / sizeof *others))
        return false;
    bool own = i <= m->first || i == m->last; /* in front, or just behind the text */
    if (!own && wr_str_eq(block->label, WR_STR("comments"))) return false;
    size_t words = words_count(block->text);
    if (has_label(block, pictures, sizeof pictures / sizeof *pictures))
        return words <= 9 && pubdate_read(block->text, false, false).start <= 12;
    return words <= (block->reason.len ? most_words : 8);
}

/* Blocks around the headline (or the start of the text), from nearest to farthest, those after it
 * first. */
struct reach {
    size_t at, to, from; /* after it up to `to`, before it down to `from` */
};

static struct reach reach_of(const struct metadata *m, size_t before, size_t after) {
    size_t n = m->page->n_blocks, at = m->headline < n ? m->headline : m->first;
    struct reach r = {at, at + after, at > before ? at - before : 0};
    if (m->first < n && m->first + 3 > r.to) r.to = m->first + 3;
    if (r.to >= n) r.to = n ? n - 1 : 0;
    return r;
}

/* The blocks behind the text, where some sign their stories. */
static struct reach reach_after(const struct metadata *m, size_t after) {
    size_t to = m->last - 1 + after, end = m->page->n_blocks - 1;
    return (struct reach){m->last - 1, to < end ? to : end, m->last - 1};
}

/* The k-th block of the reach; false behind the last. */
static bool reach_block(const struct reach *r, size_t k, size_t *i) {
    size_t after = r->to > r->at ? r->to - r->at : 0;
    if (k >= after + (r->at - r->from)) return false;
    *i = k < after ? r->at + 1 + k : r->at - 1 - (k - after);
    return true;
}

static struct pubdate nearest_line(const struct metadata *m, struct reach r, size_t most_words,
                                   bool changed) {
    bool order = month_first(m);
    for (size_t k = 0, i; reach_block(&r, k, &i); k++) {
        if (i >= m->page->n_blocks || !may_be_dateline(m, i, most_words)) continue;
        struct pubdate date = date_of_line(m->page->blocks[i].text, order, changed);
        if (date.precision >= PUBDATE_DAY) return date;
    }
    return (struct pubdate){0};
}

/* Some line there has this day. */
static bool is_shown(const struct metadata *m, struct reach r, const struct pubdate *day) {
    bool order = month_first(m);
    for (size_t k = 0, i; reach_block(&r, k, &i); k++) {
        if (i >= m->page->n_blocks || m->page->blocks[i].text.len > 200) continue;
        struct pubdate date = pubdate_read(m->page->blocks[i].text, order, false);
        struct pubdate other = pubdate_other(date);
        if (date.precision < PUBDATE_DAY) continue;
        if (pubdate_same_day(&date, day) || (date.either && pubdate_same_day(&other, day)))
            return true;
    }
    return false;
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

/* ---- stated and shown ---- */

/* `shown` tells the instant `stated` in the time of another place: its offset, INT_MAX = it does
 * not. */
static int offset_between(const struct pubdate *stated, const struct pubdate *shown) {
    bool clocks = stated->precision >= PUBDATE_MINUTE && shown->precision >= PUBDATE_MINUTE;
    if (!clocks || !stated->zoned || shown->zoned) return INT_MAX;
    int64_t offset = pubdate_minutes(shown) - (pubdate_minutes(stated) - stated->offset);
    bool zone = offset % 15 == 0 && offset >= -12 * 60 && offset <= 14 * 60;
    return zone ? (int)offset : INT_MAX;
}

/* The date the page shows to its readers and the one its markup states. They mostly agree; then the
 * one in the markup is more exact. Else what is shown counts: it is in the time of the place, and
 * the markup often keeps the day an address was first used. */
static struct pubdate settle(const struct pubdate *stated, struct pubdate shown,
                             const struct pubdate *changed) {
    if (shown.either) {
        struct pubdate other = pubdate_other(shown);
        bool agrees = pubdate_same_day(stated, &shown) || pubdate_same_day(changed, &shown);
        if (!agrees && (pubdate_same_day(stated, &other) || pubdate_same_day(changed, &other)))
            shown = other;
    }
    if (pubdate_same_day(stated, &shown)) return *stated;
    int offset = offset_between(stated, &shown);
    if (offset == INT_MAX) return shown;
    shown.zoned = true;
    shown.offset = offset;
    shown.second = stated->second;
    shown.precision = stated->precision;
    return shown;
}

/* Where nothing is stated: the dateline, the address, the first <time>, a longer line, the
 * container. */
static struct pubdate find_date(const struct metadata *m, struct pubdate shown, wr_str *origin) {
    struct pubdate date = shown;
    *origin = WR_STR("text");
    if (!date.precision) date = pubdate_of_url(m->article->url), *origin = WR_STR("link");
    if (!date.precision) date = read_times(m, origin);
    if (!date.precision)
        date = nearest_line(m, reach_of(m, 6, 12), 25, false), *origin = WR_STR("text");
    if (!date.precision && m->last) date = nearest_line(m, reach_after(m, 5), 12, false);
    if (!date.precision) {
        date = pubdate_read(metadata_hint(m, WR_STR("published")), month_first(m), true);
        *origin = WR_STR("container");
    }
    return date;
}

wr_status metadata_dates(struct metadata *m) {
    wr_article *a = m->article;
    wr_str origin = wr_str_of(NULL, 0), other = wr_str_of(NULL, 0);
    struct pubdate date = ASK(m, published, &origin), changed = ASK(m, modified, &other);
    struct pubdate shown = nearest_line(m, reach_of(m, 3, 8), 20, false);
    if (!date.precision) date = find_date(m, shown, &origin);
    else if (shown.precision && !is_shown(m, reach_of(m, 6, 12), &date)) {
        shown = settle(&date, shown, &changed);
        if (!pubdate_same_day(&date, &shown)) date = shown, origin = WR_STR("text");
    }
    if (!changed.precision) changed = nearest_line(m, reach_of(m, 3, 8), 20, true);
    WR_TRY(pubdate_write(m->arena, &date, &a->published));
    if (a->published.len) {
        a->published_precision = pubdate_precision_name(date.precision);
        a->published_origin = origin;
    }
    return pubdate_write(m->arena, &changed, &a->modified);
}
