/* metadata_authors.c -- the persons who wrote the article, and the agency it came from */
#include "lexicon.h"
#include "metadata.h"
#include "words.h"

enum { AUTHORS_MAX = 12, NAME_WORDS = 6 };

static const struct place places[] = {PLACE_ENDS("jsonld", "article.author.name"),
                                      PLACE_ENDS("jsonld", "posting.author.name"),
                                      PLACE("jsonld", "report.author.name"),
                                      PLACE("jsonld", "webpage.author.name"),
                                      PLACE_ENDS("jsonld", "article.creator.name"),
                                      PLACE("meta", "parsely-author"),
                                      PLACE("meta", "sailthru.author"),
                                      PLACE("meta", "cxenseparse:author"),
                                      PLACE("meta", "byl"),
                                      PLACE("meta", "article.author"),
                                      PLACE("microdata", "author.name"),
                                      PLACE("microdata", "author"),
                                      PLACE("meta", "dc.creator"),
                                      PLACE("meta", "dcterms.creator"),
                                      PLACE("meta", "author"),
                                      PLACE("", "article:author"),
                                      PLACE("", "og:article:author"),
                                      PLACE("microdata", "creator.name"),
                                      PLACE("microdata", "creator"),
                                      PLACE("jsonld", "person.name")};

static wr_status add_author(struct metadata *m, wr_str name, wr_str origin) {
    wr_article *a = m->article;
    for (size_t i = 0; i < a->n_authors; i++)
        if (metadata_same(a->authors[i].name, name)) return WR_OK;
    if (a->n_authors == AUTHORS_MAX) return WR_OK;
    if (!a->authors) {
        a->authors = wr_arena_array(m->arena, AUTHORS_MAX, sizeof *a->authors);
        if (!a->authors) return WR_MEMORY;
    }
    a->authors[a->n_authors].name = name;
    a->authors[a->n_authors++].origin = origin;
    return WR_OK;
}

static bool has_class(const struct word *word, uint32_t classes) {
    return lexicon_classes(word->hash) & classes;
}

/* "By" written together with the name, as lost mark-up leaves it. */
static wr_str without_glued(wr_str s) {
    if (s.len > 4 && wr_str_starts(s, WR_STR("By")) && s.ptr[2] >= 'A' && s.ptr[2] <= 'Z')
        return wr_str_slice(s, 2, s.len);
    return s;
}

static bool is_edge(char c) {
    return c == ':' || c == '-' || c == '.' || c == ' ' || c == '"' || c == '*';
}

/* The name alone: "By" before it, office and brackets after it are taken off. Empty when an office
 * stands in front. */
static wr_str bare_name(wr_str s) {
    struct word word;
    s = without_glued(s);
    size_t from = 0, to = s.len, n = 0;
    for (size_t at = 0; words_next(s, &at, &word);) {
        if (has_class(&word, 1u << LEXICON_ROLE) &&
            !(n == 0 && has_class(&word, 1u << LEXICON_BY))) {
            to = word.start;
            break;
        }
        if (n == 0 && has_class(&word, 1u << LEXICON_BY)) {
            from = word.end;
            continue;
        }
        n++;
    }
    for (size_t i = from; i < to; i++)
        if (s.ptr[i] == '(' || s.ptr[i] == '<' || s.ptr[i] == '[') to = i;
    wr_str name = wr_str_trim(wr_str_slice(s, from, to));
    while (name.len && is_edge(name.ptr[0]))
        name = wr_str_slice(name, 1, name.len);
    while (name.len && is_edge(name.ptr[name.len - 1]) && name.ptr[name.len - 1] != '.')
        name.len--;
    return name;
}

enum kind { KIND_NONE, KIND_PERSON, KIND_AGENCY };

/* What a name names, by its words. `sure`: the place holds names only. */
static enum kind kind_of(const struct metadata *m, wr_str name, bool sure) {
    struct word word;
    size_t n = 0, upper = 0, dense = 0, org = 0, agency = 0, digits = 0, small = 0;
    for (size_t at = 0; words_next(name, &at, &word); n++) {
        size_t len;
        uint32_t c = words_code(name, word.start, &len);
        bool cased = word.upper || words_lower(c) == c;
        upper += word.upper;
        small += !word.upper && cased && c < 0x250 && !word.dense;
        dense += word.dense > 0;
        org += has_class(&word, 1u << LEXICON_ORG);
        agency += has_class(&word, 1u << LEXICON_AGENCY) && (word.all_upper || word.chars > 4);
        digits += word.digits;
    }
    if (n == 0 || n > NAME_WORDS || digits || name.len > 80) return KIND_NONE;
    if (agency && n <= 3) return KIND_AGENCY;
    if (org || metadata_same(name, m->article->site)) return KIND_NONE;
    char a[64], b[64];
    wr_str key = metadata_key(name, a, sizeof a),
           site = metadata_key(m->article->site, b, sizeof b);
    if (site.len >= 4 && wr_str_starts(key, site)) return KIND_NONE;
    if (dense) return n <= 3 ? KIND_PERSON : KIND_NONE;
    if (n == 1) return sure && upper && name.len >= 3 ? KIND_PERSON : KIND_NONE;
    return sure ? (upper || small == 0 ? KIND_PERSON : KIND_NONE)
                : (upper >= 2 && small <= 2 ? KIND_PERSON : KIND_NONE);
}

static wr_status add_piece(struct metadata *m, wr_str piece, wr_str origin, bool sure) {
    wr_str name = bare_name(wr_str_trim(piece));
    enum kind kind = kind_of(m, name, sure);
    if (kind == KIND_AGENCY && !m->article->agency.len) m->article->agency = name;
    return kind == KIND_PERSON ? add_author(m, name, origin) : WR_OK;
}

/* The length of what separates two names at byte i, 0 = nothing does. */
static size_t joint_at(wr_str s, size_t i) {
    static const char *const joints[] = {
        ",",     ";",    "/",   "|",      "&",     "•",     "·",   " and ", " und ", " y ", " et ",
        " och ", " og ", " e ", " with ", " And ", " AND ", " и ", " en ",  "、",    " - ", " – "};
    for (size_t k = 0; k < sizeof joints / sizeof *joints; k++) {
        wr_str joint = wr_str_c(joints[k]);
        if (wr_str_starts(wr_str_slice(s, i, s.len), joint)) return joint.len;
    }
    return 0;
}

static wr_status add_names(struct metadata *m, wr_str value, wr_str origin, bool sure) {
    if (value.len > 300 || wr_str_starts(value, WR_STR("http")) ||
        wr_str_starts(value, WR_STR("//")) || wr_str_starts(value, WR_STR("/")))
        return WR_OK;
    size_t from = 0;
    for (size_t i = 0; i < value.len;) {
        size_t len = joint_at(value, i);
        if (!len) {
            i++;
            continue;
        }
        WR_TRY(add_piece(m, wr_str_slice(value, from, i), origin, sure));
        from = i += len;
    }
    return add_piece(m, wr_str_slice(value, from, value.len), origin, sure);
}

/* Links to authors' pages: the first one's; teasers of other stories have theirs further down. */
static wr_status ask_links(struct metadata *m) {
    for (size_t i = 0; i < m->page->n_facts && !m->article->n_authors; i++) {
        const wr_fact *fact = &m->page->facts[i];
        if (wr_str_eq(fact->name, WR_STR("author")) && wr_str_eq(fact->origin, WR_STR("link")))
            WR_TRY(add_names(m, fact->value, fact->origin, true));
    }
    return WR_OK;
}

/* Marked up as often as this, the authors are those of a list of stories: the first is this one's.
 */
static bool names_many_stories(const struct metadata *m, const struct place *place) {
    enum { MANY = 6 };
    size_t n = 0;
    if (!wr_str_eq(place->origin, WR_STR("microdata"))) return false;
    for (size_t i = 0; i < m->page->n_facts; i++)
        n += metadata_states(m, place, i);
    return n >= MANY;
}

static wr_status ask_facts(struct metadata *m) {
    for (size_t k = 0; k < sizeof places / sizeof *places && !m->article->n_authors; k++) {
        bool many = names_many_stories(m, &places[k]);
        for (size_t i = 0; i < m->page->n_facts && !(many && m->article->n_authors); i++) {
            const wr_fact *fact = &m->page->facts[i];
            if (metadata_states(m, &places[k], i))
                WR_TRY(add_names(m, fact->value, fact->origin, true));
        }
    }
    return WR_OK;
}

enum {
#define N(name, words) NEAR_LIST_##name,
#include <wireroom/structure_lists.def>
#undef N
};

static bool near_author(const wr_block *block) {
    return block->near.len > NEAR_LIST_author &&
           (unsigned char)block->near.ptr[NEAR_LIST_author] <= 1;
}

/* The words after "by" in a short line, cut before a date: empty when there is none. */
static wr_str after_by(wr_str s) {
    struct word word;
    size_t from = s.len, to = s.len;
    for (size_t at = 0; words_next(s, &at, &word);) {
        bool by = has_class(&word, 1u << LEXICON_BY) && word.chars <= 3;
        if (from == s.len && by) from = word.end;
        else if (from < s.len && (word.digits || lexicon_month(word.hash))) {
            to = word.start;
            break;
        }
    }
    return wr_str_slice(s, from, to);
}

/* Names in an element of the author list: a link's text when it stands in front. */
static wr_str named_by(const wr_block *block) {
    size_t n = block->link_bytes;
    if (block->links == 1 && n > 4 && n + 1 < block->text.len && block->text.ptr[n] == ' ')
        return wr_str_slice(block->text, 0, n);
    wr_str by = after_by(block->text);
    return by.len ? by : block->text;
}

static bool has_year(wr_str s) {
    struct word word;
    for (size_t at = 0; words_next(s, &at, &word);)
        if (word.digits && word.chars == 4) return true;
    return false;
}

/* Lines like "By Ann Example" beside the headline, or names in an element of that class. */
static wr_status ask_lines(struct metadata *m) {
    size_t n = m->page->n_blocks, at = m->headline < n ? m->headline : m->first;
    size_t from = at > 3 ? at - 3 : 0, to = m->first + 4 < n ? m->first + 4 : n;
    if (to < at + 12) to = at + 12 < n ? at + 12 : n;
    for (int pass = 0; pass < 3; pass++)
        for (size_t k = from; k < to && !m->article->n_authors; k++) {
            size_t i =
                k - from < to - at ? k - from + at : k - (to - at); /* those after it first */
            const wr_block *block = &m->page->blocks[i];
            struct word word;
            size_t pos = 0, words = words_count(block->text);
            if (i == at || block->text.len > 160 || !words_next(block->text, &pos, &word)) continue;
            bool by =
                has_class(&word, 1u << LEXICON_BY) && word.chars <= 3 && pos < block->text.len;
            if (pass == 0 ? by : pass == 1 ? near_author(block) && words <= 7 : false)
                WR_TRY(add_names(m, named_by(block), WR_STR("byline"), false));
            else if (pass == 2 && words <= 15 && block->reason.len && has_year(block->text))
                WR_TRY(add_names(m, after_by(block->text), WR_STR("byline"), false));
        }
    return WR_OK;
}

wr_status metadata_authors(struct metadata *m) {
    WR_TRY(ask_facts(m));
    if (!m->article->n_authors) WR_TRY(ask_lines(m));
    if (!m->article->n_authors) WR_TRY(ask_links(m));
    wr_str hint = metadata_hint(m, WR_STR("author"));
    if (m->article->n_authors || !hint.len) return WR_OK;
    return add_names(m, hint, WR_STR("container"), true);
}
