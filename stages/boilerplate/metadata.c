/* metadata.c -- site, address, section, language, image of the article; order of the other parts */
#include "metadata.h"
#include "words.h"

bool metadata_matches(const struct place *place, const wr_fact *fact) {
    wr_str name = place->name, got = fact->name;
    if (got.len < name.len || (got.len > name.len && !place->ends)) return false;
    if (got.ptr[got.len - 1] != name.ptr[name.len - 1]) return false; /* most differ here */
    if (place->origin.len && !wr_str_eq(place->origin, fact->origin)) return false;
    return memcmp(got.ptr + got.len - name.len, name.ptr, name.len) == 0;
}

wr_str metadata_hint(const struct metadata *m, wr_str name) {
    for (size_t i = 0; i < m->page->n_hints; i++)
        if (wr_str_eq(m->page->hints[i].name, name)) return m->page->hints[i].value;
    return wr_str_of(NULL, 0);
}

bool metadata_same(wr_str a, wr_str b) {
    return a.len && b.len && words_hash(a) == words_hash(b);
}

wr_str metadata_key(wr_str s, char *out, size_t cap) {
    size_t n = 0;
    for (size_t i = 0; i < s.len && n < cap; i++) {
        char c = wr_lower(s.ptr[i]);
        if (wr_is_alpha(c) || wr_is_digit(c) || (unsigned char)c >= 0x80) out[n++] = c;
    }
    return wr_str_of(out, n);
}

bool metadata_states(const struct metadata *m, const struct place *place, size_t i) {
    return !(m->skip && m->skip[i]) && metadata_matches(place, &m->page->facts[i]);
}

/* A page may carry JSON-LD about several stories: only the first whose headline is the title is
 * asked. An object's facts stand together, its @type first. */
static wr_status skip_others(struct metadata *m) {
    size_t n = m->page->n_facts, start = 0;
    bool mine = false, known = false, story = false;
    bool *skip = wr_arena_array(m->arena, n + 1, sizeof *skip);
    if (!skip) return WR_MEMORY;
    for (size_t i = 0; i <= n; i++) {
        const wr_fact *fact = i < n ? &m->page->facts[i] : NULL;
        bool jsonld = fact && wr_str_eq(fact->origin, WR_STR("jsonld"));
        if (!jsonld || wr_str_eq(fact->name, WR_STR("@type"))) {
            for (size_t k = start; k < i && story && (!mine || known); k++)
                skip[k] = true;
            known |= mine && story;
            start = i;
            mine = story = false;
        }
        if (!jsonld || !wr_str_ends(fact->name, WR_STR(".headline"))) continue;
        story = true;
        mine = metadata_same(fact->value, m->article->title);
    }
    if (known) m->skip = skip;
    return WR_OK;
}

/* The first fact that matches the first row of the table, else the second, ... */
static const wr_fact *ask(const struct metadata *m, const struct place *places, size_t n) {
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < m->page->n_facts; i++)
            if (metadata_states(m, &places[k], i)) return &m->page->facts[i];
    return NULL;
}
#define ASK(m, places) ask(m, places, sizeof(places) / sizeof *(places))

/* ---- site ---- */

/* The host of an address without "www.". */
static wr_str host_of(wr_str url) {
    size_t from = 0;
    for (size_t i = 0; i + 2 < url.len && i < 12; i++)
        if (url.ptr[i] == ':' && url.ptr[i + 1] == '/' && url.ptr[i + 2] == '/') from = i + 3;
    if (!from) return wr_str_of(NULL, 0);
    size_t to = from;
    while (to < url.len && url.ptr[to] != '/' && url.ptr[to] != ':' && url.ptr[to] != '?')
        to++;
    wr_str host = wr_str_slice(url, from, to);
    return wr_str_starts(host, WR_STR("www.")) ? wr_str_slice(host, 4, host.len) : host;
}

void metadata_site(struct metadata *m) {
    static const struct place places[] = {PLACE("", "og:site_name"),
                                          PLACE_ENDS("jsonld", "article.publisher.name"),
                                          PLACE("jsonld", "website.name"),
                                          PLACE_ENDS("jsonld", "posting.publisher.name"),
                                          PLACE("jsonld", "newsmediaorganization.name"),
                                          PLACE_ENDS("jsonld", ".publisher.name"),
                                          PLACE("microdata", "publisher.name"),
                                          PLACE("meta", "application-name"),
                                          PLACE("meta", "publisher"),
                                          PLACE("meta", "dc.publisher")};
    static const struct place urls[] = {PLACE("link", "canonical"), PLACE("", "og:url")};
    wr_article *a = m->article;
    const wr_fact *site = ASK(m, places), *url = ASK(m, urls);
    if (site) a->site = site->value, a->site_origin = site->origin;
    bool absolute = url && wr_str_starts(url->value, WR_STR("http"));
    if (absolute) a->url = url->value, a->url_origin = url->origin;
    else if (m->page->url.len) a->url = m->page->url, a->url_origin = WR_STR("container");
    if (a->site.len == 0 && a->url.len) {
        a->site = host_of(a->url);
        a->site_origin = a->site.len ? a->url_origin : wr_str_of(NULL, 0);
    }
}

/* ---- section, description, language ---- */

static wr_status fill_keywords(struct metadata *m) {
    static const struct place places[] = {PLACE("", "article:tag"),
                                          PLACE_ENDS("jsonld", "article.keywords")};
    enum { MOST = 30 };
    wr_fact *list = wr_arena_array(m->arena, MOST, sizeof *list);
    if (!list) return WR_MEMORY;
    size_t n = 0;
    for (size_t k = 0; k < sizeof places / sizeof *places && n == 0; k++)
        for (size_t i = 0; i < m->page->n_facts && n < MOST; i++) {
            const wr_fact *fact = &m->page->facts[i];
            if (!metadata_states(m, &places[k], i)) continue;
            list[n].name = WR_STR("keyword");
            list[n].value = fact->value;
            list[n++].origin = fact->origin;
        }
    if (n) m->article->keywords = list, m->article->n_keywords = n;
    return WR_OK;
}

static void fill_plain(struct metadata *m) {
    static const struct place sections[] = {PLACE("", "article:section"),
                                            PLACE_ENDS("jsonld", ".articlesection"),
                                            PLACE("microdata", "articlesection"),
                                            PLACE("meta", "parsely-section"),
                                            PLACE("meta", "section"),
                                            PLACE("meta", "cxenseparse:section")};
    static const struct place descriptions[] = {PLACE("", "og:description"),
                                                PLACE("meta", "description"),
                                                PLACE_ENDS("jsonld", "article.description")};
    static const struct place languages[] = {
        PLACE("meta", "lang"), PLACE_ENDS("jsonld", "article.inlanguage"),
        PLACE("meta", "content-language"), PLACE("meta", "og:locale")};
    wr_article *a = m->article;
    const wr_fact *section = ASK(m, sections), *description = ASK(m, descriptions);
    if (section && section->value.len < 100) a->section = section->value;
    if (description) a->description = description->value;
    const wr_fact *lang = ASK(m, languages);
    a->lang = m->page->lang;
    if (!a->lang.len && lang && lang->value.len < 12) a->lang = lang->value;
}

/* ---- image ---- */

static wr_str text_near_image(const struct metadata *m, uint64_t flag, wr_str label) {
    size_t from = m->headline < m->page->n_blocks ? m->headline : m->first;
    size_t to = m->first + 6 < m->page->n_blocks ? m->first + 6 : m->page->n_blocks;
    for (size_t i = from; i < to; i++) {
        const wr_block *block = &m->page->blocks[i];
        bool like = (flag && block->flags & flag) || wr_str_eq(block->label, label);
        if (block->reason.len && like && block->text.len < 600) return block->text;
    }
    return wr_str_of(NULL, 0);
}

static void fill_image(struct metadata *m) {
    static const struct place images[] = {PLACE("", "og:image"),
                                          PLACE_ENDS("jsonld", "article.image"),
                                          PLACE_ENDS("jsonld", "article.thumbnailurl"),
                                          PLACE("", "twitter:image"), PLACE("microdata", "image")};
    static const struct place credits[] = {PLACE_ENDS("jsonld", "article.image.credittext")};
    static const struct place captions[] = {PLACE_ENDS("jsonld", "article.image.caption")};
    const wr_fact *image = ASK(m, images), *credit = ASK(m, credits), *caption = ASK(m, captions);
    wr_article *a = m->article;
    if (image && image->value.len < 2048) a->image = image->value;
    a->caption = text_near_image(m, UINT64_C(1) << 8, WR_STR("caption"));
    if (!a->caption.len && caption) a->caption = caption->value;
    a->credit = credit ? credit->value : text_near_image(m, 0, WR_STR("credit"));
}

wr_status metadata_fill(struct metadata *m) {
    metadata_site(m);
    WR_TRY(metadata_title(m));
    WR_TRY(skip_others(m));
    WR_TRY(metadata_authors(m));
    WR_TRY(metadata_dates(m));
    fill_plain(m);
    fill_image(m);
    return fill_keywords(m);
}
