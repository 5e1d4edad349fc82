/* facts.c -- what the page's markup states about the page, looked up by name */
#include "facts.h"

wr_str facts_find(const wr_page *page, wr_str origin, wr_str name) {
    for (size_t i = 0; i < page->n_facts; i++) {
        const wr_fact *fact = &page->facts[i];
        if (wr_str_eq(fact->name, name) && (!origin.len || wr_str_eq(fact->origin, origin)))
            return fact->value;
    }
    return wr_str_of(NULL, 0);
}

static void add_title(struct facts *facts, wr_str title) {
    if (!title.len || facts->n_titles == FACTS_TITLES) return;
    for (size_t i = 0; i < facts->n_titles; i++)
        if (wr_str_eq(facts->titles[i], title)) return;
    facts->titles[facts->n_titles++] = title;
}

void facts_collect(const wr_page *page, struct facts *out) {
    memset(out, 0, sizeof *out);
    wr_str headline = wr_str_of(NULL, 0);
    for (size_t i = 0; i < page->n_facts; i++) {
        const wr_fact *fact = &page->facts[i];
        bool jsonld = wr_str_eq(fact->origin, WR_STR("jsonld"));
        if (jsonld && wr_str_ends(fact->name, WR_STR(".headline")) && !headline.len)
            headline = fact->value;
        if (jsonld && wr_str_ends(fact->name, WR_STR(".articlebody")) &&
            fact->value.len > out->body.len)
            out->body = fact->value;
        bool description = wr_str_eq(fact->name, WR_STR("description")) ||
                           wr_str_eq(fact->name, WR_STR("og:description"));
        if (description && fact->value.len > out->description.len) out->description = fact->value;
    }
    add_title(out, facts_find(page, wr_str_of(NULL, 0), WR_STR("og:title")));
    add_title(out, headline);
    add_title(out, facts_find(page, wr_str_of(NULL, 0), WR_STR("title")));
    add_title(out, facts_find(page, wr_str_of(NULL, 0), WR_STR("twitter:title")));
}
