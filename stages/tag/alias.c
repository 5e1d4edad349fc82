/* alias.c -- joins the names of an article */
#include "alias.h"

#include "alias_name.h"
#include "alias_page.h"
#include "role.h"

#define ROLE_MENTIONS 16 /* of a name, looked at for its office */

typedef struct cluster {
    wr_article *article;
    const struct knowledge *k;
    name *names;     /* one an entity */
    uint32_t *root;  /* union-find: parent, towards the entity that names the cluster */
    wr_str *renamed; /* canonical name given by knowledge, or empty */
    size_t n;
} cluster;

static bool is_person(const wr_entity *e) {
    return wr_str_eq(e->type, WR_STR("PER"));
}

static size_t root_of(cluster *c, size_t i) {
    while (c->root[i] != i)
        i = c->root[i] = c->root[c->root[i]];
    return i;
}

static wr_str type_of(const cluster *c, size_t i) {
    return c->article->entities[i].type;
}

static bool has_type(const cluster *c, size_t i, const char *type) {
    return wr_str_eq(type_of(c, i), wr_str_c(type));
}

/* Words of a name that count when the fullest one is looked for: initials do not. */
static size_t fullness(const name *a) {
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++)
        n += a->word[i].len > 2 || a->word[i].ptr[a->word[i].len - 1] != '.';
    bool address = wr_str_ends(a->text, WR_STR(".com")), small = false;
    for (size_t i = 0; i < a->text.len; i++)
        small = small || (unsigned char)(a->text.ptr[i] - 'a') < 26;
    size_t len = a->text.len < 62 ? a->text.len : 62;
    return n * 64 + (address ? 0 : len + small); /* OSLO gives way to Oslo */
}

/* Joins two clusters; the fuller name becomes the root, of equals the one that comes first. */
static void join(cluster *c, size_t a, size_t b) {
    a = root_of(c, a);
    b = root_of(c, b);
    if (a == b) return;
    size_t full_a = fullness(&c->names[a]), full_b = fullness(&c->names[b]);
    bool keep_a = full_a != full_b ? full_a > full_b : a < b;
    c->root[keep_a ? b : a] = (uint32_t)(keep_a ? a : b);
}

/* ---- types: one name, one type ---- */

static double mass(const wr_entity *e) {
    double sum = 0;
    for (size_t i = 0; i < e->n_mentions; i++)
        sum += e->mentions[i].confidence > 0 ? e->mentions[i].confidence : .5;
    return sum;
}

/* Two names that can be of one person as far as men and women go. */
static bool sexes_agree(char a, char b) {
    return !a || !b || a == b;
}

/* A hand-written row says what a single word is that the tagger took for a person, unless a person
 * of the article bears it ("Kremlin", "Democrats"). */
static void agree_with_knowledge(cluster *c) {
    static const char *const types[] = {"ORG", "MISC"};
    for (size_t i = 0; i < c->n; i++) {
        const name *a = &c->names[i];
        if (a->n != 1 || !has_type(c, i, "PER") || knowledge_find(c->k, WR_STR("PER"), a->text))
            continue;
        bool borne = false;
        for (size_t k = 0; k < c->n && !borne; k++)
            borne = c->names[k].n > 1 && has_type(c, k, "PER") &&
                    wr_str_eq_nocase(name_surname(&c->names[k]), a->text);
        for (size_t t = 0; t < sizeof types / sizeof *types && !borne; t++) {
            const known *row = knowledge_find(c->k, wr_str_c(types[t]), a->text);
            if (!row || !row->sure) continue;
            c->article->entities[i].type = row->type;
            break;
        }
    }
}

static bool same_name(const cluster *c, size_t a, size_t b) {
    return wr_str_eq(c->names[a].text, c->names[b].text) && c->names[a].sex == c->names[b].sex;
}

/* Entities with one name but several types take the type with most mentions behind it. */
static void agree_on_types(cluster *c) {
    wr_entity *e = c->article->entities;
    for (size_t i = 0; i < c->n; i++) {
        size_t best = i;
        double best_mass = 0;
        for (size_t k = 0; k < c->n; k++) {
            if (!same_name(c, i, k)) continue;
            double m = mass(&e[k]);
            if (m > best_mass) best = k, best_mass = m;
        }
        for (size_t k = 0; k < c->n && best_mass > 0; k++)
            if (k != best && same_name(c, best, k)) {
                e[k].type = e[best].type;
                join(c, best, k);
            }
    }
}

/* ---- persons ---- */

/* How many persons of the article (clusters with a full name) that may be of the sex bear the word
 * as surname or first name; *one is the last found. */
static size_t bearers(cluster *c, wr_str word, char sex, bool surname, size_t *one) {
    size_t n = 0, last = SIZE_MAX;
    for (size_t i = 0; i < c->n; i++) {
        if (c->names[i].n < 2 || !has_type(c, i, "PER")) continue;
        wr_str other = surname ? name_surname(&c->names[i]) : c->names[i].word[0];
        size_t root = root_of(c, i);
        if (!wr_str_eq_nocase(other, word) || root == last) continue;
        if (!sexes_agree(c->names[i].sex, sex)) continue;
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen =
                c->names[k].n >= 2 && has_type(c, k, "PER") && root_of(c, k) == root &&
                wr_str_eq_nocase(surname ? name_surname(&c->names[k]) : c->names[k].word[0], word);
        n += !seen;
        last = root;
        *one = root;
    }
    return n;
}

static void join_full_names(cluster *c) {
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = i + 1; k < c->n; k++)
            if (has_type(c, i, "PER") && has_type(c, k, "PER") &&
                name_same_person(&c->names[i], &c->names[k]))
                join(c, i, k);
}

static wr_status list_candidates(cluster *c, wr_arena *arena, size_t i) {
    wr_entity *e = &c->article->entities[i];
    size_t cap = 0;
    for (size_t k = 0; k < c->n; k++) {
        if (c->names[k].n < 2 || !has_type(c, k, "PER") || root_of(c, k) != k ||
            !wr_str_eq_nocase(name_surname(&c->names[k]), c->names[i].word[0]))
            continue;
        wr_fact *f = WR_PUSH(arena, e->candidates, e->n_candidates, cap);
        if (!f) return WR_MEMORY;
        *f = (wr_fact){.name = c->names[k].text, .origin = WR_STR("article")};
    }
    return WR_OK;
}

/* The office stated first with one of the mentions looked at. */
static wr_str role_of(const cluster *c, size_t i) {
    const wr_entity *e = &c->article->entities[i];
    for (size_t k = 0; k < e->n_mentions && k < ROLE_MENTIONS; k++) {
        wr_str role = role_at(c->article->text, e->mentions[k].start, e->mentions[k].end);
        if (role.len) return role;
    }
    return wr_str_of(NULL, 0);
}

/* "Senator Lee" among several Lees: the one that is stated with the same office. */
static bool holder_of_role(cluster *c, size_t i, size_t *one) {
    wr_str role = role_of(c, i);
    size_t found = SIZE_MAX;
    for (size_t k = 0; k < c->n && role.len; k++) {
        const name *a = &c->names[k];
        if (a->n < 2 || !has_type(c, k, "PER") || !wr_str_eq_nocase(role_of(c, k), role)) continue;
        if (!wr_str_eq_nocase(name_surname(a), c->names[i].word[0]) &&
            !wr_str_eq_nocase(a->word[0], c->names[i].word[0]))
            continue;
        if (found != SIZE_MAX && root_of(c, found) != root_of(c, k)) return false;
        found = k;
    }
    if (found != SIZE_MAX) *one = found;
    return found != SIZE_MAX;
}

/* "King Olav" is not the Olav of a full name. */
static bool reigns(const cluster *c, size_t i) {
    wr_str role = role_of(c, i);
    size_t cut = role.len;
    while (cut > 0 && role.ptr[cut - 1] != ' ')
        cut--;
    return name_is_reign(wr_str_slice(role, cut, role.len));
}

/* A single word that one person of the article bears is that person; so it is when the tagger took
 * the surname for something else, unless it is known to be a place or organisation. */
static wr_status join_short_names(cluster *c, wr_arena *arena) {
    for (size_t i = 0; i < c->n; i++) {
        const name *a = &c->names[i];
        bool person = has_type(c, i, "PER");
        if (a->n != 1 || a->word[0].len < 2) continue;
        if (!person && (has_type(c, i, "MISC") || knowledge_find(c->k, type_of(c, i), a->text)))
            continue;
        size_t one = 0, n = bearers(c, a->word[0], a->sex, true, &one);
        if (n == 0 && person && !reigns(c, i)) n = bearers(c, a->word[0], a->sex, false, &one);
        if (n > 1 && person && holder_of_role(c, i, &one)) n = 1;
        if (n == 1) {
            c->article->entities[i].type = WR_STR("PER");
            join(c, one, i);
        } else if (n > 1 && person) {
            WR_TRY(list_candidates(c, arena, i));
        }
    }
    return WR_OK;
}

/* "Mrs. Brandt" and "Brandt" are one, where no Mr. Brandt and no two Brandts are. */
static void join_titled(cluster *c) {
    const wr_entity *e = c->article->entities;
    for (size_t i = 0; i < c->n; i++) {
        size_t other = SIZE_MAX;
        bool several = false;
        if (!has_type(c, i, "PER") || !c->names[i].sex || e[i].n_candidates) continue;
        for (size_t k = 0; k < c->n; k++) {
            if (k == i || !has_type(c, k, "PER") || !wr_str_eq(c->names[i].text, c->names[k].text))
                continue;
            several = several || c->names[k].sex || e[k].n_candidates;
            other = k;
        }
        if (other != SIZE_MAX && !several) join(c, i, other);
    }
}

/* ---- organisations and other names ---- */

static bool first_word_is_unique(const cluster *c, size_t full) {
    wr_str word = c->names[full].word[0];
    for (size_t i = 0; i < c->n; i++)
        if (i != full && c->names[i].n > 1 && wr_str_eq(c->names[i].word[0], word)) return false;
    return true;
}

/* `short_name` is the beginning of `full`: "Helios" of "Helios Rhone". Only where no other name
 * begins so, and not for a place or a word known otherwise. */
static bool is_short_form(const cluster *c, size_t short_name, size_t full) {
    const name *a = &c->names[short_name], *b = &c->names[full];
    if (a->n != 1 || b->n < 2 || a->word[0].len < 4 || !wr_str_eq(a->word[0], b->word[0]))
        return false;
    return has_type(c, short_name, "ORG") && has_type(c, full, "ORG") &&
           first_word_is_unique(c, full);
}

static void join_organisations(cluster *c) {
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->n; k++) {
            if (i == k || has_type(c, i, "PER") || has_type(c, k, "PER")) continue;
            const name *a = &c->names[i], *b = &c->names[k];
            bool same_type = wr_str_eq(type_of(c, i), type_of(c, k));
            if (name_is_acronym(a, b) && !has_type(c, k, "LOC")) {
                c->article->entities[i].type = type_of(c, k);
                join(c, k, i);
            } else if (i < k && same_type && name_same_organisation(a, b)) {
                join(c, i, k);
            } else if (is_short_form(c, i, k)) {
                join(c, k, i);
            }
        }
}

/* ---- what is known everywhere ---- */

/* "State of Israel", "the West": without what may stand before a known name. */
static wr_str bare_place(const name *a) {
    static const char *const forms[] = {"state of ", "republic of ", "kingdom of ", "the "};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        wr_str form = wr_str_c(forms[i]);
        if (a->text.len > form.len && wr_str_eq_nocase(wr_str_slice(a->text, 0, form.len), form))
            return wr_str_slice(a->text, form.len, a->text.len);
    }
    return a->text;
}

static const known *look_up(const cluster *c, size_t i) {
    const known *row = knowledge_find(c->k, type_of(c, i), c->names[i].text);
    if (!row && has_type(c, i, "LOC"))
        row = knowledge_find(c->k, type_of(c, i), bare_place(&c->names[i]));
    return row;
}

static void use_knowledge(cluster *c) {
    for (size_t i = 0; i < c->n; i++) {
        const known *row = look_up(c, i);
        if (!row && has_type(c, i, "ORG") &&
            (row = knowledge_find(c->k, WR_STR("LOC"), c->names[i].text)) &&
            wr_str_eq(row->id, row->country)) /* a country is a place, whatever it does */
            c->article->entities[i].type = WR_STR("LOC");
        size_t root = root_of(c, i);
        bool clash = root != i && c->renamed[root].len;
        bool person = has_type(c, i, "PER");
        if (!row || clash || (person && root != i)) continue;
        if (person && c->names[i].sex == 'f' && c->names[i].n == 1) /* a wife, not the known man */
            continue;
        if (!person || c->names[i].n == 1) /* a full name stays as the article states it */
            c->renamed[root] = row->canonical;
        c->article->entities[root].id = row->id;
        c->article->entities[root].country = row->country;
    }
    for (size_t i = 0; i < c->n; i++) /* the same canonical name, the same entity */
        for (size_t k = 0; k < c->n; k++) {
            size_t a = root_of(c, i), b = root_of(c, k);
            if (a == b || !c->renamed[a].len || !wr_str_eq(type_of(c, a), type_of(c, b))) continue;
            wr_str other = c->renamed[b].len ? c->renamed[b] : c->names[b].text;
            if (!wr_str_eq(c->renamed[a], other)) continue;
            wr_entity *from = &c->article->entities[a];
            wr_str id = from->id, country = from->country, canonical = c->renamed[a];
            join(c, a, b);
            size_t root = root_of(c, a);
            c->renamed[root] = canonical;
            c->article->entities[root].id = id;
            c->article->entities[root].country = country;
        }
}

/* ---- result ---- */

static wr_status gather(cluster *c, wr_arena *arena, size_t root, wr_entity *out) {
    const wr_entity *e = c->article->entities;
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += root_of(c, i) == root ? e[i].n_mentions : 0;
    *out = e[root];
    out->mentions = wr_arena_array(arena, n, sizeof *out->mentions);
    out->n_mentions = 0;
    if (!out->mentions) return WR_MEMORY;
    for (size_t i = 0; i < c->n; i++) {
        if (root_of(c, i) != root) continue;
        memcpy(out->mentions + out->n_mentions, e[i].mentions,
               e[i].n_mentions * sizeof *out->mentions);
        out->n_mentions += e[i].n_mentions;
        if (e[i].confidence > out->confidence) out->confidence = e[i].confidence;
    }
    alias_sort_mentions(out->mentions, n);
    out->name = c->renamed[root].len ? c->renamed[root] : c->names[root].text;
    if (!out->name.len) out->name = e[root].name;
    return WR_OK;
}

static wr_status rebuild(cluster *c, wr_arena *arena) {
    wr_entity *joined = wr_arena_array(arena, c->n, sizeof *joined);
    size_t n = 0;
    if (!joined) return WR_MEMORY;
    for (size_t i = 0; i < c->n; i++)
        if (root_of(c, i) == i) WR_TRY(gather(c, arena, i, &joined[n++]));
    for (size_t i = 1; i < n; i++) /* in order of first mention; nearly so already */
        for (size_t k = i; k > 0 && joined[k].n_mentions && joined[k - 1].n_mentions &&
                           joined[k].mentions[0].start < joined[k - 1].mentions[0].start;
             k--) {
            wr_entity swap = joined[k];
            joined[k] = joined[k - 1];
            joined[k - 1] = swap;
        }
    c->article->entities = joined;
    c->article->n_entities = n;
    return WR_OK;
}

/* Titles that the tagger took for a part of the name leave the mentions. */
static void trim_titles(wr_article *article, wr_entity *e) {
    for (size_t i = 0; i < e->n_mentions; i++) {
        wr_mention *m = &e->mentions[i];
        if (m->start > m->end || m->end > article->text.len) continue;
        m->start =
            m->end - name_without_titles(wr_str_slice(article->text, m->start, m->end), true).len;
    }
}

/* Takes the mentions with a title of the sex out of `e` into *out, which is left empty when none or
 * all have it. */
static wr_status take_sex(wr_arena *arena, const wr_article *article, wr_entity *e, char sex,
                          wr_entity *out) {
    size_t n = 0, kept = 0;
    for (size_t k = 0; k < e->n_mentions; k++)
        n += role_sex(article->text, e->mentions[k].start) == sex;
    *out = *e;
    out->n_mentions = 0;
    if (!n || n == e->n_mentions) return WR_OK;
    out->mentions = wr_arena_array(arena, n, sizeof *out->mentions);
    if (!out->mentions) return WR_MEMORY;
    for (size_t k = 0; k < e->n_mentions; k++) {
        wr_mention m = e->mentions[k];
        bool taken = role_sex(article->text, m.start) == sex;
        *(taken ? &out->mentions[out->n_mentions++] : &e->mentions[kept++]) = m;
    }
    e->n_mentions = kept;
    return WR_OK;
}

/* Mentions of a surname that one time is a man's and one time a woman's become several entities:
 * his, hers, and those without a title. */
static wr_status split_by_title(wr_arena *arena, wr_article *article) {
    size_t n = article->n_entities, at = n;
    wr_entity *e = wr_arena_array(arena, n * 3, sizeof *e);
    if (!e) return WR_MEMORY;
    if (n) memcpy(e, article->entities, n * sizeof *e);
    for (size_t i = 0; i < n; i++) {
        if (!is_person(&e[i])) continue;
        trim_titles(article, &e[i]);
        WR_TRY(take_sex(arena, article, &e[i], 'f', &e[at]));
        if (!e[at].n_mentions) continue; /* "Mr." and none are one */
        at++;
        WR_TRY(take_sex(arena, article, &e[i], 'm', &e[at]));
        at += e[at].n_mentions > 0;
    }
    article->entities = e;
    article->n_entities = at;
    return WR_OK;
}

static wr_status read_name(wr_arena *arena, const wr_article *article, size_t i, name *out) {
    const wr_entity *e = &article->entities[i];
    WR_TRY(name_read(arena, e->name, is_person(e), out));
    for (size_t k = 0; is_person(e) && k < e->n_mentions; k++) {
        char sex = role_sex(article->text, e->mentions[k].start);
        if (sex) out->sex = sex;
    }
    return WR_OK;
}

static wr_status resolve_article(wr_arena *arena, const struct knowledge *k, wr_article *article) {
    WR_TRY(split_by_title(arena, article));
    size_t n = article->n_entities;
    cluster c = {.article = article, .k = k, .n = n};
    c.names = wr_arena_array(arena, n, sizeof *c.names);
    c.root = wr_arena_array(arena, n, sizeof *c.root);
    c.renamed = wr_arena_array(arena, n, sizeof *c.renamed);
    if (!c.names || !c.root || !c.renamed) return WR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        c.root[i] = (uint32_t)i;
        WR_TRY(read_name(arena, article, i, &c.names[i]));
        if (!c.names[i].n)
            c.names[i] = (name){
                .text = article->entities[i].name, .word = {article->entities[i].name}, .n = 1};
    }
    if (n <= ENTITIES_MAX) {
        agree_with_knowledge(&c);
        agree_on_types(&c);
        join_full_names(&c);
        WR_TRY(join_short_names(&c, arena));
        join_titled(&c);
        join_organisations(&c);
    }
    use_knowledge(&c);
    WR_TRY(rebuild(&c, arena));
    roles_find(article);
    return WR_OK;
}

wr_status aliases_resolve(wr_arena *arena, const struct knowledge *k, wr_page *page) {
    for (size_t i = 0; i < page->n_articles; i++) {
        wr_article *a = &page->articles[i];
        bool listed = a->n_entities && a->entities[0].origin.len; /* as they stand in the list */
        if (!listed) WR_TRY(resolve_article(arena, k, a));
    }
    return aliases_join_page(arena, page);
}
