/* metadata_title.c -- the headline, without the site's name */
#include "metadata.h"
#include "words.h"

/* Letters and digits of the names the site goes by. */
struct names {
    char bytes[6][64];
    wr_str key[6];
    size_t n;
};

static void add_name(struct names *names, wr_str name) {
    if (names->n == 6) return;
    wr_str key = metadata_key(name, names->bytes[names->n], sizeof names->bytes[0]);
    if (key.len >= 2) names->key[names->n++] = key;
}

/* The part of a host that names the site: example of news.example.co.uk. */
static wr_str label_of(wr_str url) {
    size_t from = 0, to;
    for (size_t i = 0; i + 2 < url.len && i < 12; i++)
        if (url.ptr[i] == ':' && url.ptr[i + 1] == '/') from = i + 3;
    to = wr_str_find_char(url, from, '/');
    wr_str host = wr_str_slice(url, from, to), best = wr_str_of(NULL, 0);
    for (size_t i = 0; i < host.len;) {
        size_t end = wr_str_find_char(host, i, '.');
        if (end - i > best.len && end < host.len) best = wr_str_slice(host, i, end);
        i = end + 1;
    }
    return best;
}

static void collect_names(const struct metadata *m, struct names *names) {
    names->n = 0;
    add_name(names, m->article->site);
    add_name(names, label_of(m->article->url));
    for (size_t i = 0; i < m->page->n_facts; i++) {
        const wr_fact *fact = &m->page->facts[i];
        if (wr_str_ends(fact->name, WR_STR("publisher.name")) ||
            wr_str_eq(fact->name, WR_STR("application-name")))
            add_name(names, fact->value);
    }
}

static bool is_site(const struct names *names, wr_str part) {
    char bytes[64];
    wr_str key = metadata_key(part, bytes, sizeof bytes);
    if (key.len < 2) return false;
    for (size_t i = 0; i < names->n; i++) {
        wr_str a = key.len < names->key[i].len ? key : names->key[i];
        wr_str b = key.len < names->key[i].len ? names->key[i] : key;
        if (wr_str_eq(a, b) || (a.len >= 4 && a.len * 3 >= b.len && wr_str_starts(b, a)))
            return true;
        if (a.len >= 5 && wr_str_ends(b, a)) return true;
    }
    return false;
}

/* A separator of title parts at `i`: its length, 0 = none. *strong: cannot be part of a headline.
 */
static size_t separator_at(wr_str s, size_t i, bool *strong) {
    static const char *const marks[] = {"|", "»", "·", "•", "::", "//",
                                        "‹", "«", "—", "–", "-",  "―"};
    unsigned char first = (unsigned char)s.ptr[i]; /* nearly always none of theirs */
    if (wr_is_alpha((char)first) || first == ' ' ||
        (first > 0x7F && first != 0xC2 && first != 0xE2))
        return 0;
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
        wr_str mark = wr_str_c(marks[k]);
        if (!wr_str_starts(wr_str_slice(s, i, s.len), mark)) continue;
        bool blank = i && s.ptr[i - 1] == ' ' && i + mark.len < s.len && s.ptr[i + mark.len] == ' ';
        *strong = k < 8;
        return blank || k == 0 ? mark.len : 0;
    }
    return 0;
}

/* Takes tails (and heads) off that name the site, or that a known headline does not have. */
static wr_str without_site(wr_str title, const struct names *names, wr_str known) {
    for (int round = 0; round < 3; round++) {
        size_t first = 0, last = 0, len = 0, first_len = 0;
        bool strong = false, last_strong = false;
        for (size_t i = 1; i + 1 < title.len; i++) {
            size_t n = separator_at(title, i, &strong);
            if (!n) continue;
            if (!first) first = i, first_len = n;
            last = i, len = n, last_strong = strong;
        }
        if (!last) return title;
        wr_str head = wr_str_trim(wr_str_slice(title, 0, last));
        wr_str tail = wr_str_trim(wr_str_slice(title, last + len, title.len));
        if (metadata_same(head, known)) return head;
        bool drop = is_site(names, tail) ||
                    (last_strong && words_count(tail) <= 3 && words_count(head) >= 4);
        if (drop && head.len) {
            title = head;
            continue;
        }
        wr_str start = wr_str_trim(wr_str_slice(title, 0, first));
        if (!is_site(names, start)) return title;
        title = wr_str_trim(wr_str_slice(title, first + first_len, title.len));
    }
    return title;
}

struct candidate {
    wr_str text, origin;
    int votes;
};

enum { CANDIDATES = 12 };

/* Places that state a title, and what each one's word counts. */
static const struct {
    struct place place;
    int votes;
} places[] = {{PLACE_ENDS("jsonld", "article.headline"), 24},
              {PLACE_ENDS("jsonld", "posting.headline"), 24},
              {PLACE("", "og:title"), 20},
              {PLACE("microdata", "headline"), 20},
              {PLACE("", "twitter:title"), 12},
              {PLACE_ENDS("jsonld", ".headline"), 12},
              {PLACE("meta", "dc.title"), 12},
              {PLACE("meta", "parsely-title"), 12},
              {PLACE("meta", "sailthru.title"), 12},
              {PLACE("title", "title"), 14}};

static void add_candidate(struct candidate *list, size_t *n, wr_str text, wr_str origin,
                          int votes) {
    for (size_t i = 0; i < *n; i++)
        if (metadata_same(list[i].text, text)) {
            list[i].votes += votes;
            return;
        }
    if (*n < CANDIDATES) list[(*n)++] = (struct candidate){text, origin, votes};
}

static void add_stated(const struct metadata *m, const struct names *names, wr_str known,
                       struct candidate *list, size_t *n) {
    for (size_t k = 0; k < sizeof places / sizeof *places; k++)
        for (size_t i = 0; i < m->page->n_facts; i++) {
            const wr_fact *fact = &m->page->facts[i];
            if (!metadata_matches(&places[k].place, fact)) continue;
            wr_str text = without_site(fact->value, names, known);
            if (words_count(text) == 0 || is_site(names, text)) continue;
            add_candidate(list, n, text, fact->origin, places[k].votes);
            break;
        }
}

/* The heading is a kicker and the title that og:title states alone. */
static bool is_behind_kicker(wr_str heading, wr_str title) {
    if (title.len >= heading.len || !wr_str_ends(heading, title) || words_count(title) < 2)
        return false;
    char before = heading.ptr[heading.len - title.len - 1];
    return before == ' ' || before == '-';
}

static const wr_fact *first_fact(const struct metadata *m, const struct place *place) {
    for (size_t i = 0; i < m->page->n_facts; i++)
        if (metadata_matches(place, &m->page->facts[i])) return &m->page->facts[i];
    return NULL;
}

/* JSON-LD states the same headline twice, and it stands on the page as a heading: its block, else
 * n_blocks. */
static size_t stated_twice(const struct metadata *m) {
    static const struct place one = PLACE_ENDS("jsonld", "article.headline"),
                              two = PLACE_ENDS("jsonld", "article.alternativeheadline");
    const wr_fact *a = first_fact(m, &one), *b = first_fact(m, &two);
    size_t n = m->page->n_blocks;
    if (!a || !b || !metadata_same(a->value, b->value)) return n;
    for (size_t i = 0; i < n; i++)
        if (m->page->blocks[i].level && metadata_same(m->page->blocks[i].text, a->value)) return i;
    return n;
}

/* What the headline's block says is not always the headline. */
static void look_closer(struct metadata *m, const struct names *names, wr_str heading) {
    static const struct place og = PLACE("", "og:title");
    wr_article *a = m->article;
    const wr_fact *fact = first_fact(m, &og);
    size_t other = stated_twice(m);
    if (!wr_str_eq(a->title_origin, WR_STR("heading"))) return;
    if (other < m->page->n_blocks) {
        m->headline = other;
        a->title = m->page->blocks[other].text;
    } else if (fact) {
        wr_str title = without_site(fact->value, names, heading);
        bool whole = wr_str_eq(fact->value, title);
        if (whole && is_behind_kicker(heading, title))
            a->title = title, a->title_origin = fact->origin;
    }
}

/* The heading when it is one; another title only when more places agree on that. */
wr_status metadata_title(struct metadata *m) {
    struct names names;
    struct candidate list[CANDIDATES];
    size_t n = 0, best = 0;
    collect_names(m, &names);
    wr_str heading = wr_str_of(NULL, 0);
    if (m->headline < m->page->n_blocks) {
        heading = without_site(m->page->blocks[m->headline].text, &names, heading);
        bool usable = heading.len < 400 && words_count(heading) > 0 && !is_site(&names, heading);
        int votes = m->page->blocks[m->headline].level == 1 ? 43 : 36;
        if (usable) add_candidate(list, &n, heading, WR_STR("heading"), votes);
    }
    add_stated(m, &names, heading, list, &n);
    wr_str hint = metadata_hint(m, WR_STR("title"));
    if (words_count(hint)) add_candidate(list, &n, hint, WR_STR("container"), 20);
    for (size_t i = 1; i < n; i++)
        if (list[i].votes > list[best].votes) best = i;
    if (n) {
        m->article->title = list[best].text;
        m->article->title_origin = list[best].origin;
        look_closer(m, &names, heading);
    }
    return WR_OK;
}
