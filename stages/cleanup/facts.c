/* facts.c -- what the markup says about the page: meta, link, time, microdata */
#include "entity.h"
#include "reader.h"

#define VALUE_MAX ((size_t)256 << 10)

static const wr_str from_meta = {"meta", 4}, from_og = {"opengraph", 9}, from_link = {"link", 4},
                    from_time = {"time", 4}, from_micro = {"microdata", 9};

/* White space folded to single blanks, in place. */
static size_t fold(char *p, size_t len) {
    size_t n = 0;
    bool space = false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)p[i];
        bool nbsp = c == 0xC2 && i + 1 < len && (unsigned char)p[i + 1] == 0xA0;
        if (c <= ' ' || nbsp) {
            space = n > 0;
            i += nbsp;
            continue;
        }
        if (space) p[n++] = ' ';
        space = false;
        p[n++] = (char)c;
    }
    return n;
}

void facts_add(reader *r, wr_str name, wr_str value, wr_str origin, bool decode) {
    value = wr_str_trim(value);
    if (value.len == 0 || value.len > VALUE_MAX || r->n_facts == FACTS_MAX) return;
    wr_str text = value, copy = {0};
    char lower[96];
    if (name.len > sizeof lower) return;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = (signed char)name.ptr[i] > 0 ? wr_lower(name.ptr[i]) : '_';
    wr_fact *fact = NULL;
    if ((decode && entity_decode(r->arena, value, ENTITY_IN_ATTRIBUTE, &text) != WR_OK) ||
        wr_arena_copy(r->arena, text, &copy) != WR_OK)
        r->failed = true;
    else fact = WR_PUSH(r->arena, r->facts, r->n_facts, r->facts_cap);
    if (!fact) {
        r->failed = true;
        return;
    }
    char *bytes = r->arena ? (char *)(uintptr_t)copy.ptr : NULL;
    fact->value = wr_str_of(copy.ptr, fold(bytes, copy.len));
    fact->origin = origin;
    if (wr_arena_copy(r->arena, wr_str_of(lower, name.len), &fact->name) != WR_OK) r->failed = true;
    if (fact->value.len == 0) r->n_facts--;
}

/* ---- text of elements ---- */

static void capture_begin(reader *r, wr_str name, wr_str origin) {
    if (r->n_captures == sizeof r->captures / sizeof *r->captures) return;
    capture *c = &r->captures[r->n_captures++];
    c->element = r->n_open - 1;
    c->name = name;
    c->origin = origin;
    c->len = 0;
}

void facts_text(reader *r, const char *p, size_t n) {
    for (size_t i = 0; i < r->n_captures; i++) {
        capture *c = &r->captures[i];
        if (!r->now.links && c->len && r->len == n && c->len < sizeof c->text)
            c->text[c->len++] = ' ';
        if (n > sizeof c->text - c->len) continue;
        memcpy(c->text + c->len, p, n);
        c->len += n;
    }
}

void facts_close(reader *r, size_t index) {
    for (size_t i = r->n_captures; i-- > 0;) {
        capture *c = &r->captures[i];
        if (c->element != index) continue;
        facts_add(r, c->name, wr_str_of(c->text, c->len), c->origin, false);
        memmove(c, c + 1, (r->n_captures - i - 1) * sizeof *c);
        r->n_captures--;
    }
}

/* ---- tags ---- */

static void of_meta(reader *r) {
    const markup *m = r->m;
    wr_str name, content;
    if (!markup_attr_find(m, WR_STR("content"), &content)) return;
    if (markup_attr_find(m, WR_STR("property"), &name)) {
        bool og = memchr(name.ptr, ':', name.len) != NULL;
        facts_add(r, name, content, og ? from_og : from_meta, true);
    }
    if (markup_attr_find(m, WR_STR("name"), &name) ||
        markup_attr_find(m, WR_STR("http-equiv"), &name))
        facts_add(r, name, content, from_meta, true);
}

/* True when the blank-separated list holds the word, ASCII case ignored. */
static bool has_token(wr_str list, wr_str word) {
    for (size_t i = 0; i < list.len;) {
        size_t from = i;
        while (i < list.len && !wr_is_space(list.ptr[i]))
            i++;
        if (wr_str_eq_nocase(wr_str_slice(list, from, i), word)) return true;
        i++;
    }
    return false;
}

static void of_link(reader *r) {
    static const wr_str rels[] = {
        {"canonical", 9}, {"amphtml", 7}, {"author", 6}, {"publisher", 9}};
    wr_str rel, href;
    if (!markup_attr_find(r->m, WR_STR("rel"), &rel) ||
        !markup_attr_find(r->m, WR_STR("href"), &href))
        return;
    for (size_t i = 0; i < sizeof rels / sizeof *rels; i++)
        if (has_token(rel, rels[i])) facts_add(r, rels[i], href, from_link, true);
}

static bool wanted_prop(wr_str prop) {
    static const wr_str props[] = {{"headline", 8},      {"alternativeHeadline", 19},
                                   {"name", 4},          {"author", 6},
                                   {"creator", 7},       {"publisher", 9},
                                   {"editor", 6},        {"datePublished", 13},
                                   {"dateModified", 12}, {"dateCreated", 11},
                                   {"dateline", 8},      {"articleSection", 14},
                                   {"keywords", 8},      {"description", 11},
                                   {"image", 5},         {"url", 3},
                                   {"inLanguage", 10},   {"mainEntityOfPage", 16}};
    for (size_t i = 0; i < sizeof props / sizeof *props; i++)
        if (wr_str_eq_nocase(prop, props[i])) return true;
    return false;
}

static wr_str first_token(wr_str list) {
    size_t n = 0;
    list = wr_str_trim(list);
    while (n < list.len && !wr_is_space(list.ptr[n]))
        n++;
    return wr_str_slice(list, 0, n);
}

/* author.name for a name inside an author. */
static bool prop_path(reader *r, wr_str prop, bool pushed, wr_str *path) {
    for (size_t i = r->n_open - pushed; i-- > 0;) {
        const element *e = &r->open[i];
        if (e->dead || !e->itemscope || !e->words[WORDS_ITEMPROP].len) continue;
        wr_str outer = first_token(e->words[WORDS_ITEMPROP]);
        if (wr_arena_printf(r->arena, path, "%.*s.%.*s", (int)outer.len, outer.ptr, (int)prop.len,
                            prop.ptr) == WR_OK)
            return true;
        r->failed = true;
        return false;
    }
    *path = prop;
    return true;
}

static void of_itemprop(reader *r, wr_str props, bool pushed) {
    wr_str value, path, prop = first_token(props);
    if (!wanted_prop(prop) || !prop_path(r, prop, pushed, &path)) return;
    bool scope = pushed && r->open[r->n_open - 1].itemscope;
    if (markup_attr_find(r->m, WR_STR("content"), &value) ||
        markup_attr_find(r->m, WR_STR("datetime"), &value) ||
        (!pushed && (markup_attr_find(r->m, WR_STR("href"), &value) ||
                     markup_attr_find(r->m, WR_STR("src"), &value))))
        facts_add(r, path, value, from_micro, true);
    else if (pushed && !scope) capture_begin(r, path, from_micro);
}

void facts_of_tag(reader *r) {
    const markup *m = r->m;
    wr_str value;
    bool pushed = !(tag_table[m->tag].kind & TAG_VOID) && m->mode == MARKUP_DATA && !r->overflow &&
                  r->open[r->n_open - 1].name.ptr == m->name.ptr;
    switch (m->tag) {
    case TAG_meta: of_meta(r); break;
    case TAG_link: of_link(r); break;
    case TAG_html:
        if (markup_attr_find(m, WR_STR("lang"), &value) ||
            markup_attr_find(m, WR_STR("xml:lang"), &value))
            facts_add(r, WR_STR("lang"), value, from_meta, true);
        break;
    case TAG_time:
        if (markup_attr_find(m, WR_STR("datetime"), &value))
            facts_add(r, WR_STR("time"), value, from_time, true);
        else if (pushed) capture_begin(r, WR_STR("time"), from_time);
        break;
    case TAG_a:
        if (pushed && markup_attr_find(m, WR_STR("rel"), &value) &&
            has_token(value, WR_STR("author")))
            capture_begin(r, WR_STR("author"), from_link);
        break;
    default: break;
    }
    if (m->n_attrs && markup_attr_find(m, WR_STR("itemprop"), &value))
        of_itemprop(r, value, pushed);
}
