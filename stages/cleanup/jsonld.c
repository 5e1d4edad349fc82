/* jsonld.c -- facts from JSON-LD scripts */
#include "entity.h"
#include "reader.h"

#include "common/text/jvalue.h"

static const wr_str from_jsonld = {"jsonld", 6};

/* Members of an article (or page, organisation, ...) that are passed on. */
static const wr_str members[] = {{"headline", 8},      {"alternativeHeadline", 19},
                                 {"name", 4},          {"datePublished", 13},
                                 {"dateModified", 12}, {"dateCreated", 11},
                                 {"uploadDate", 10},   {"author", 6},
                                 {"creator", 7},       {"editor", 6},
                                 {"contributor", 11},  {"publisher", 9},
                                 {"provider", 8},      {"sourceOrganization", 18},
                                 {"articleBody", 11},  {"articleSection", 14},
                                 {"url", 3},           {"mainEntityOfPage", 16},
                                 {"image", 5},         {"thumbnailUrl", 12},
                                 {"description", 11},  {"@id", 3},
                                 {"keywords", 8},      {"inLanguage", 10},
                                 {"dateline", 8},      {"isAccessibleForFree", 19},
                                 {"genre", 5}};

/* Members of an object that stands for one of those. */
static const wr_str inner[] = {{"name", 4},        {"url", 3},        {"@id", 3},
                               {"@type", 5},       {"caption", 7},    {"jobTitle", 8},
                               {"creditText", 10}, {"contentUrl", 10}};

static bool is_one_of(wr_str key, const wr_str *list, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (wr_str_eq_nocase(key, list[i])) return true;
    return false;
}
#define ONE_OF(key, list) is_one_of(key, list, sizeof(list) / sizeof *(list))

/* Takes <tags> out of a text, in place (values are copies). */
static wr_str without_tags(wr_arena *arena, wr_str s) {
    wr_str copy;
    if (!memchr(s.ptr, '<', s.len) || wr_arena_copy(arena, s, &copy) != WR_OK) return s;
    char *to = (char *)(uintptr_t)copy.ptr;
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool tag = s.ptr[i] == '<' && i + 1 < s.len &&
                   (wr_is_alpha(s.ptr[i + 1]) || s.ptr[i + 1] == '/' || s.ptr[i + 1] == '!');
        size_t close = tag ? wr_str_find_char(s, i, '>') : s.len;
        if (close == s.len) {
            to[n++] = s.ptr[i];
            continue;
        }
        to[n++] = ' ';
        i = close;
    }
    return wr_str_of(to, n);
}

static void add(reader *r, wr_str path, const wr_jvalue *value) {
    wr_str text;
    if (value->type == WR_JVALUE_NULL) return;
    if (wr_jvalue_text(r->arena, value, &text) != WR_OK ||
        entity_decode(r->arena, text, ENTITY_IN_TEXT, &text) != WR_OK) {
        r->failed = true;
        return;
    }
    facts_add(r, path, without_tags(r->arena, text), from_jsonld, false);
}

static wr_str join(reader *r, wr_str a, wr_str b) {
    wr_str path = {0};
    if (wr_arena_printf(r->arena, &path, "%.*s.%.*s", (int)a.len, a.ptr, (int)b.len, b.ptr) !=
        WR_OK)
        r->failed = true;
    return path;
}

static bool is_agent(wr_str key) {
    static const wr_str agents[] = {{"author", 6},
                                    {"creator", 7},
                                    {"editor", 6},
                                    {"contributor", 11},
                                    {"publisher", 9},
                                    {"provider", 8},
                                    {"sourceOrganization", 18}};
    return ONE_OF(key, agents);
}

/* The object's type, the first when it has several; "thing" when it has none. */
static wr_str type_of(const wr_jvalue *object) {
    const wr_jvalue *type = wr_jvalue_member(object, WR_STR("@type"));
    if (type && type->type == WR_JVALUE_ARRAY) type = type->first;
    wr_str name = type && type->type == WR_JVALUE_STRING ? type->text : WR_STR("thing");
    for (size_t i = name.len; i-- > 0;) /* schema:NewsArticle, http://schema.org/NewsArticle */
        if (name.ptr[i] == '/' || name.ptr[i] == ':' || name.ptr[i] == '#')
            return wr_str_slice(name, i + 1, name.len);
    return name;
}

/* One value of a member: a scalar or an object that stands for it. */
static void of_value(reader *r, wr_str path, wr_str key, const wr_jvalue *v) {
    if (v->type == WR_JVALUE_OBJECT) {
        bool address = wr_str_eq_nocase(key, WR_STR("image")) ||
                       wr_str_eq_nocase(key, WR_STR("mainEntityOfPage"));
        for (const wr_jvalue *m = v->first; m; m = m->next) {
            bool plain = m->type == WR_JVALUE_STRING || m->type == WR_JVALUE_NUMBER;
            if (!plain || !ONE_OF(m->key, inner)) continue;
            bool is_address =
                wr_str_eq_nocase(m->key, WR_STR("url")) || wr_str_eq_nocase(m->key, WR_STR("@id"));
            add(r, address && is_address ? path : join(r, path, m->key), m);
        }
        return;
    }
    if (v->type == WR_JVALUE_ARRAY) return;
    if (is_agent(key) && v->type == WR_JVALUE_STRING) {
        bool link = wr_str_starts(v->text, WR_STR("http"));
        path = join(r, path, link ? WR_STR("url") : WR_STR("name"));
    }
    add(r, path, v);
}

static void of_object(reader *r, const wr_jvalue *object) {
    wr_str type = type_of(object);
    if (wr_jvalue_member(object, WR_STR("@type")))
        facts_add(r, WR_STR("@type"), type, from_jsonld, true);
    for (const wr_jvalue *m = object->first; m && !r->failed; m = m->next) {
        if (!ONE_OF(m->key, members)) continue;
        wr_str path = join(r, type, m->key);
        if (m->type != WR_JVALUE_ARRAY) {
            of_value(r, path, m->key, m);
            continue;
        }
        for (const wr_jvalue *v = m->first; v && !r->failed; v = v->next)
            of_value(r, path, m->key, v);
    }
}

/* Objects that stand for themselves: the top level, @graph, mainEntity; three levels are enough. */
static void of_top(reader *r, const wr_jvalue *v, int levels) {
    if (!v || levels == 0 || r->failed) return;
    if (v->type == WR_JVALUE_ARRAY) {
        for (const wr_jvalue *e = v->first; e; e = e->next)
            of_top(r, e, levels - 1);
        return;
    }
    if (v->type != WR_JVALUE_OBJECT) return;
    of_object(r, v);
    of_top(r, wr_jvalue_member(v, WR_STR("@graph")), levels - 1);
    of_top(r, wr_jvalue_member(v, WR_STR("mainEntity")), levels - 1);
}

void jsonld_facts(reader *r, wr_str text) {
    for (size_t i = 0; i < text.len; i++) { /* past comment and CDATA marks */
        if (text.ptr[i] != '{' && text.ptr[i] != '[') continue;
        if (wr_str_starts(wr_str_slice(text, i, text.len), WR_STR("[CDATA["))) {
            i += 6;
            continue;
        }
        wr_jvalue *root;
        if (wr_jvalue_read(r->arena, wr_str_slice(text, i, text.len), &root) != WR_OK)
            r->failed = true;
        of_top(r, root, 5);
        return;
    }
}
