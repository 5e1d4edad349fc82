/* quote_cast.c -- persons in view while an article is read */
#include "quote_cast.h"

#include "alias_name.h"
#include "given_name.h"
#include "role.h"

#define VIEW_MAX  16   /* subjects kept in mind */
#define VIEW_NEAR 3    /* paragraphs in which a subject wins over a person named later */
#define OFFICES   256  /* looked at; lists, not stories, state more */
#define NAMES_MAX 4096 /* the same for names */
#define PHRASE    6    /* words of a phrase that names an office */
#define LEAD_MAX  8    /* words of titles before a name */

/* A place where a person or organisation is named outside of quotations. */
typedef struct part {
    size_t start, end;
    size_t entity; /* index */
    bool person;
    bool owner; /* followed by 's: X's spokesman is not X */
} part;

/* An office stated with a name. */
typedef struct stated {
    size_t entity; /* index */
    wr_str role;
} stated;

/* Somebody in view: who, since which paragraph. */
typedef struct viewed {
    size_t entity; /* 1 + index, 0 = a person without a name */
    size_t para, token;
} viewed;

struct quote_cast {
    const wr_article *article;
    const quote_token *t;
    size_t n;
    part *parts;
    size_t n_parts;
    uint32_t *part_of;    /* of each token: 1 + part */
    uint32_t *antecedent; /* of each he and she, of each office that is a subject: 1 + entity */
    char *sex;            /* of each entity: 'm', 'f' or 0 */
    int *votes;           /* what pronouns tell of it: women above 0 */
    stated *offices;      /* the different ones, in text order */
    size_t n_offices, offices_cap;
    viewed *subjects; /* of the sentences, in text order */
    size_t n_subjects, subjects_cap;
    viewed other; /* named last, but no subject */
    wr_arena *arena;
};

static quote_class cls(const quote_cast *c, size_t i) {
    return i < c->n ? c->t[i].cls : QW_BREAK;
}

static wr_str word(const quote_cast *c, size_t i) {
    return i < c->n ? wr_str_slice(c->article->text, c->t[i].start, c->t[i].end) : WR_STR("");
}

/* ---- what is known of the entities ---- */

static char sex_of_word(wr_str w) {
    static const char *const men[] = {"king", "prince", "father", "husband", "son", "brother"},
                             *const women[] = {"queen",    "princess", "mother",  "wife",
                                               "daughter", "sister",   "actress", "duchess"};
    for (size_t i = 0; i < sizeof women / sizeof *women; i++)
        if (wr_str_eq_nocase(w, wr_str_c(women[i]))) return 'f';
    for (size_t i = 0; i < sizeof men / sizeof *men; i++)
        if (wr_str_eq_nocase(w, wr_str_c(men[i]))) return 'm';
    if (wr_str_ends(w, WR_STR("woman"))) return 'f';
    return w.len > 5 && wr_str_ends(w, WR_STR("man")) ? 'm' : 0;
}

static char sex_of_role(wr_str role) {
    for (size_t at = 0; at < role.len;) {
        size_t end = wr_str_find_char(role, at, ' ');
        char sex = sex_of_word(wr_str_slice(role, at, end));
        if (sex) return sex;
        at = end + 1;
    }
    return 0;
}

static char sex_of(const wr_article *a, const wr_entity *e) {
    for (size_t i = 0; i < e->n_mentions; i++) {
        char sex = role_sex(a->text, e->mentions[i].start);
        if (sex) return sex;
    }
    char sex = given_name_sex(wr_str_slice(e->name, 0, wr_str_find_char(e->name, 0, ' ')));
    return sex ? sex : sex_of_role(e->role);
}

static bool is_owner(wr_str text, size_t end) {
    wr_str rest = wr_str_slice(text, end, end + 4);
    return wr_str_starts(rest, WR_STR("'s")) || wr_str_starts(rest, WR_STR("\xe2\x80\x99s")) ||
           wr_str_starts(rest, WR_STR("' ")) || wr_str_starts(rest, WR_STR("\xe2\x80\x99 "));
}

static void sort_parts(part *p, size_t n) {
    for (size_t gap = n / 2; gap; gap /= 2)
        for (size_t i = gap; i < n; i++)
            for (size_t k = i; k >= gap && p[k].start < p[k - gap].start; k -= gap) {
                part swap = p[k];
                p[k] = p[k - gap];
                p[k - gap] = swap;
            }
}

static wr_status find_parts(quote_cast *c, wr_arena *arena) {
    const wr_article *a = c->article;
    size_t n = 0;
    for (size_t i = 0; i < a->n_entities; i++)
        n += a->entities[i].n_mentions;
    c->parts = wr_arena_array(arena, n, sizeof *c->parts);
    if (!c->parts) return WR_MEMORY;
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_entity *e = &a->entities[i];
        bool person = wr_str_eq(e->type, WR_STR("PER"));
        if (!person && !wr_str_eq(e->type, WR_STR("ORG"))) continue;
        if (person) c->sex[i] = sex_of(a, e);
        for (size_t k = 0; k < e->n_mentions; k++) {
            size_t start = e->mentions[k].start, end = e->mentions[k].end;
            if (start >= end || end > a->text.len) continue;
            c->parts[c->n_parts++] = (part){start, end, i, person, is_owner(a->text, end)};
        }
    }
    sort_parts(c->parts, c->n_parts);
    size_t p = 0;
    for (size_t i = 0; i < c->n; i++) {
        while (p < c->n_parts && c->parts[p].end <= c->t[i].start)
            p++;
        if (p < c->n_parts && c->parts[p].start < c->t[i].end && c->t[i].cls != QW_QUOTE)
            c->part_of[i] = (uint32_t)(p + 1);
    }
    return WR_OK;
}

/* ---- offices ---- */

/* Words that mean an office, whatever it is called in the role: `general` covers `office`. */
static bool covers(wr_str general, wr_str office) {
    static const char *const rows[][2] = {{"senator", "sen"},
                                          {"governor", "gov"},
                                          {"representative", "rep"},
                                          {"general", "gen"},
                                          {"congressman", "rep"},
                                          {"congresswoman", "rep"},
                                          {"lawmaker", "senator"},
                                          {"lawmaker", "sen"},
                                          {"lawmaker", "rep"},
                                          {"lawmaker", "congressman"},
                                          {"leader", "president"},
                                          {"leader", "premier"},
                                          {"leader", "chancellor"},
                                          {"leader", "minister"},
                                          {"premier", "minister"},
                                          {"chief", "ceo"},
                                          {"spokesperson", "spokesman"},
                                          {"spokesman", "spokesperson"},
                                          {"spokeswoman", "spokesperson"},
                                          {"chair", "chairman"},
                                          {"chair", "chairwoman"},
                                          {"chairman", "chair"},
                                          {"chairwoman", "chair"},
                                          {"monarch", "king"},
                                          {"monarch", "queen"}};
    while (office.len && office.ptr[office.len - 1] == '.')
        office.len--;
    if (wr_str_eq_nocase(general, office)) return true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wr_str_eq_nocase(general, wr_str_c(rows[i][0])) &&
            wr_str_eq_nocase(office, wr_str_c(rows[i][1])))
            return true;
    return false;
}

static bool has_word(wr_str list, wr_str w) {
    for (size_t at = 0; at < list.len;) {
        size_t end = wr_str_find_char(list, at, ' ');
        if (wr_str_eq_nocase(wr_str_slice(list, at, end), w)) return true;
        at = end + 1;
    }
    return false;
}

static bool is_capital(wr_str w) {
    return w.len && (unsigned char)(*w.ptr - 'A') < 26;
}

/* Notes the office stated with a name, once for each person. */
static wr_status add_office(quote_cast *c, const part *here) {
    wr_str role = role_at(c->article->text, here->start, here->end);
    if (!role.len) role = c->article->entities[here->entity].role;
    if (!role.len || c->n_offices == OFFICES) return WR_OK;
    for (size_t i = 0; i < c->n_offices; i++)
        if (c->offices[i].entity == here->entity && wr_str_eq(c->offices[i].role, role))
            return WR_OK;
    stated *slot = WR_PUSH(c->arena, c->offices, c->n_offices, c->offices_cap);
    if (!slot) return WR_MEMORY;
    *slot = (stated){here->entity, role};
    return WR_OK;
}

/* How well the phrase of tokens [from, to) with the head word fits a stated role; 0 = not at all.
 */
static int fit(const quote_cast *c, size_t from, size_t to, size_t head, wr_str role) {
    static const char *const lesser[] = {"vice", "deputy", "assistant", "former"};
    wr_str title = word(c, head);
    bool found = false, strange = false;
    int score = 4;
    for (size_t at = 0; at < role.len && !found;) {
        size_t end = wr_str_find_char(role, at, ' ');
        wr_str w = wr_str_slice(role, at, end);
        found = covers(title, w);
        bool said = false;
        for (size_t i = from; i < to; i++)
            said = said || wr_str_eq_nocase(word(c, i), w);
        strange = strange || (!found && !said && is_capital(w) && !name_is_title(w));
        for (size_t i = 0; i < 4; i++)
            if (!said && wr_str_eq_nocase(w, wr_str_c(lesser[i]))) score -= i < 3 ? 4 : 2;
        at = end + 1;
    }
    if (!found) return 0;
    for (size_t i = from; i < to; i++) {
        if (i == head || cls(c, i) == QW_LINK || cls(c, i) == QW_DET) continue;
        bool said_too = has_word(role, word(c, i));
        if (said_too) score += 2;
        else if (strange && c->t[i].capital) return 0; /* the Russian president, the US President */
    }
    return score;
}

/* How many subjects stand before the token. */
static size_t viewed_before(const quote_cast *c, size_t token) {
    size_t low = 0, high = c->n_subjects;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->subjects[middle].token < token) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* 0 for the last of the first `end` subjects, more for those before; VIEW_MAX = out of view. */
static size_t view_rank(const quote_cast *c, size_t entity, size_t end) {
    for (size_t i = 0; i < end && i < VIEW_MAX; i++)
        if (c->subjects[end - 1 - i].entity == entity + 1) return i;
    return VIEW_MAX;
}

static size_t head_of(const quote_cast *c, size_t from, size_t to) {
    size_t head = from;
    while (head + 1 < to && cls(c, head + 1) != QW_LINK && cls(c, head + 1) != QW_PREP)
        head++;
    return head;
}

/* The person whose stated role the phrase fits best, of equals the one in view; 1 + index or 0. */
static size_t holder_of(const quote_cast *c, size_t from, size_t to) {
    size_t best = 0, best_rank = 0, best_mentions = 0;
    int best_score = 0;
    while (from < to && cls(c, from) == QW_DET)
        from++;
    if (from == to) return 0;
    size_t end = viewed_before(c, from), head = head_of(c, from, to);
    if (word(c, head).len < 3) return 0;
    for (size_t i = 0; i < c->n_offices; i++) {
        const stated *here = &c->offices[i];
        int score = fit(c, from, to, head, here->role);
        if (score <= 0) continue;
        size_t rank = view_rank(c, here->entity, end);
        size_t mentions = c->article->entities[here->entity].n_mentions;
        bool better = score != best_score ? score > best_score
                      : rank != best_rank ? rank < best_rank
                                          : mentions > best_mentions;
        if (best && !better) continue;
        best = here->entity + 1;
        best_rank = rank;
        best_score = score;
        best_mentions = mentions;
    }
    return best;
}

/* ---- who is in view ---- */

static bool agrees(const quote_cast *c, size_t entity, char sex) {
    return !sex || !entity || !c->sex[entity - 1] || c->sex[entity - 1] == sex;
}

/* Who he or she is: 1 + index, 0 = nobody known. `now` is the subject of the sentence so far. */
static size_t meant(quote_cast *c, char sex, size_t now, size_t para) {
    if (now && agrees(c, now, sex)) return now;
    const viewed *found = NULL;
    for (size_t i = c->n_subjects; i-- > 0 && c->n_subjects - i <= VIEW_MAX && !found;)
        if (agrees(c, c->subjects[i].entity, sex)) found = &c->subjects[i];
    bool near = found && para - found->para <= VIEW_NEAR;
    if (!near && c->other.entity && agrees(c, c->other.entity, sex) &&
        (!found || c->other.para > found->para))
        found = &c->other;
    if (!found || !found->entity) return 0;
    if (!c->sex[found->entity - 1] && para - found->para <= 1) c->sex[found->entity - 1] = sex;
    return found->entity;
}

/* Does the name that begins at token i stand where a subject stands? What leads up to it, past its
 * titles, tells: a preposition or a verb other than of speech makes it something else. */
static bool is_subject(const quote_cast *c, size_t i) {
    size_t at = i, office = i; /* the first word of the titles so far, the last office */
    while (at > 0 && i - at < LEAD_MAX) {
        quote_class before = cls(c, at - 1);
        const part *here = c->part_of[at - 1] ? &c->parts[c->part_of[at - 1] - 1] : NULL;
        bool named = before == QW_NAME && !(here && here->person && (here->owner || office == i));
        bool title =
            before == QW_WORD && (name_is_title(word(c, at - 1)) || role_leads(word(c, at - 1)) ||
                                  (office == at && at < i)); /* "communication director Ann Lee" */
        if (!named && !title && before != QW_DET) break;
        at--;
        if (name_is_title(word(c, at))) office = at;
    }
    if (at == 0) return true;
    switch (cls(c, at - 1)) {
    case QW_WORD:
    case QW_NAME:
    case QW_LINK:
    case QW_AUX:
    case QW_SAYING:
    case QW_PRONOUN: return false;
    case QW_PREP: return at > 1 && cls(c, at - 2) == QW_ACCORDING;
    default: return true;
    }
}

/* What a writer calls somebody for a change ("the 34-year-old", "the businessman"): who is in view.
 */
static size_t epithet(const quote_cast *c, size_t from, size_t to) {
    static const char *const heads[] = {
        "nominee",  "candidate",  "billionaire", "native",     "veteran", "star",   "singer",
        "actor",    "rapper",     "striker",     "comedian",   "mogul",   "tycoon", "author",
        "novelist", "politician", "democrat",    "republican", "winger"};
    wr_str head = word(c, head_of(c, from, to));
    char sex = sex_of_word(head);
    bool fits = wr_str_ends(head, WR_STR("-old")) ||
                wr_str_eq_nocase(head, WR_STR("businessman")) ||
                wr_str_eq_nocase(head, WR_STR("businesswoman")) ||
                wr_str_eq_nocase(head, WR_STR("actress"));
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        fits = fits || wr_str_eq_nocase(head, wr_str_c(heads[i]));
    if (!fits || !wr_str_eq_nocase(word(c, from), WR_STR("the"))) return 0;
    size_t end = viewed_before(c, from), who = end ? c->subjects[end - 1].entity : 0;
    return who && agrees(c, who, sex) ? who : 0;
}

/* "a nurse", "the spokeswoman": a person whose name the article may not tell. */
static bool is_somebody(const quote_cast *c, size_t from, size_t to) {
    wr_str head = word(c, head_of(c, from, to));
    return name_is_title(head) || sex_of_word(head) || wr_str_ends(head, WR_STR("person")) ||
           wr_str_ends(head, WR_STR("-old"));
}

/* The end of the phrase a determiner at token i opens. */
static size_t phrase_end(const quote_cast *c, size_t i) {
    size_t end = i + 1;
    while (end < i + 1 + PHRASE && (cls(c, end) == QW_WORD || cls(c, end) == QW_NAME) &&
           !c->part_of[end])
        end++;
    return end;
}

typedef struct reading {
    size_t para;
    size_t subject; /* of the sentence: 1 + entity */
    bool taken;     /* it has one, with or without a name */
} reading;

static wr_status set_subject(quote_cast *c, reading *r, size_t entity, size_t token) {
    if (r->taken) return WR_OK;
    r->taken = true;
    r->subject = entity;
    viewed *slot = WR_PUSH(c->arena, c->subjects, c->n_subjects, c->subjects_cap);
    if (!slot) return WR_MEMORY;
    *slot = (viewed){entity, r->para, token};
    return WR_OK;
}

static wr_status read_name(quote_cast *c, reading *r, size_t i) {
    const part *here = &c->parts[c->part_of[i] - 1];
    if (!here->person || (i > 0 && c->part_of[i - 1] == c->part_of[i])) return WR_OK;
    if (!here->owner && !r->taken && is_subject(c, i))
        return set_subject(c, r, here->entity + 1, i);
    c->other = (viewed){here->entity + 1, r->para, i};
    return WR_OK;
}

/* He and she, also of "he's" and "she'd". */
static char sex_of_pronoun(wr_str w) {
    size_t len = 0;
    while (len < w.len && wr_is_alpha(w.ptr[len]))
        len++;
    w.len = len;
    if (wr_str_eq_nocase(w, WR_STR("he"))) return 'm';
    return wr_str_eq_nocase(w, WR_STR("she")) ? 'f' : 0;
}

static wr_status read_pronoun(quote_cast *c, reading *r, size_t i) {
    char sex = sex_of_pronoun(word(c, i));
    if (!sex) return WR_OK;
    size_t who = meant(c, sex, r->subject, r->para);
    c->antecedent[i] = (uint32_t)who;
    return set_subject(c, r, who, i);
}

/* An office as the subject of speech: "The mayor said", "a spokeswoman added". */
static wr_status read_phrase(quote_cast *c, reading *r, size_t i) {
    quote_class before = i ? cls(c, i - 1) : QW_BREAK;
    bool opens = before == QW_STOP || before == QW_BREAK || before == QW_QUOTE ||
                 before == QW_COMMA || before == QW_CONJ;
    size_t end = phrase_end(c, i);
    if (!opens || end == i + 1 || c->part_of[end]) return WR_OK;
    bool speaks = cls(c, end) == QW_SAY || cls(c, end) == QW_AUX;
    if (!is_somebody(c, i, end)) return WR_OK;
    size_t who = holder_of(c, i, end);
    if (!who) who = epithet(c, i, end);
    return who || speaks ? set_subject(c, r, who, i) : WR_OK;
}

static bool ends_sentence(const quote_cast *c, size_t i) {
    if (cls(c, i) == QW_STOP || cls(c, i) == QW_BREAK) return true;
    if (cls(c, i) != QW_QUOTE || i + 1 >= c->n || !c->t[i + 1].capital) return false;
    wr_str q = word(c, i);
    for (size_t at = q.len; at > 0 && q.len - at < 4; at--) /* a stop inside the marks */
        if (q.ptr[at - 1] == '.') return cls(c, i + 1) != QW_SAY;
    return false;
}

/* A person whose first name does not tell: what he or she is called in the sentences that name
 * nobody else. */
static void learn_sexes(quote_cast *c) {
    size_t alone = 0, men = 0, women = 0; /* alone: 1 + entity */
    bool several = false;
    for (size_t i = 0; i < c->n; i++) {
        if (c->part_of[i] && c->parts[c->part_of[i] - 1].person) {
            size_t entity = c->parts[c->part_of[i] - 1].entity + 1;
            several = several || (alone && alone != entity);
            alone = entity;
        }
        wr_str w = word(c, i);
        men += alone && (wr_str_eq(w, WR_STR("he")) || wr_str_eq(w, WR_STR("his")));
        women += alone && (wr_str_eq(w, WR_STR("she")) || wr_str_eq(w, WR_STR("her")));
        if (!ends_sentence(c, i)) continue;
        if (alone && !several && !c->sex[alone - 1] && !men != !women)
            c->votes[alone - 1] += women ? 1 : -1;
        alone = men = women = 0;
        several = false;
    }
    for (size_t i = 0; i < c->article->n_entities; i++)
        if (!c->sex[i] && c->votes[i]) c->sex[i] = c->votes[i] > 0 ? 'f' : 'm';
}

static wr_status read_article(quote_cast *c) {
    reading r = {.para = 0};
    for (size_t i = 0; i < c->n; i++) {
        if (c->part_of[i]) WR_TRY(read_name(c, &r, i));
        else if (cls(c, i) == QW_PRONOUN) WR_TRY(read_pronoun(c, &r, i));
        else if (cls(c, i) == QW_DET && !r.taken) WR_TRY(read_phrase(c, &r, i));
        if (ends_sentence(c, i)) {
            if (cls(c, i) == QW_BREAK && i && cls(c, i - 1) != QW_BREAK) r.para++;
            r.taken = false;
            r.subject = 0;
        }
    }
    return WR_OK;
}

wr_status quote_cast_new(wr_arena *arena, const wr_article *article, const quote_token *tokens,
                         size_t n_tokens, quote_cast **out) {
    quote_cast *c = wr_arena_take(arena, sizeof *c);
    if (!c) return WR_MEMORY;
    *c = (quote_cast){.article = article, .t = tokens, .n = n_tokens, .arena = arena};
    c->part_of = wr_arena_array(arena, n_tokens, sizeof *c->part_of);
    c->antecedent = wr_arena_array(arena, n_tokens, sizeof *c->antecedent);
    c->sex = wr_arena_array(arena, article->n_entities + 1, 1);
    c->votes = wr_arena_array(arena, article->n_entities + 1, sizeof *c->votes);
    if (!c->part_of || !c->antecedent || !c->sex || !c->votes) return WR_MEMORY;
    WR_TRY(find_parts(c, arena));
    learn_sexes(c);
    for (size_t i = 0; i < c->n_parts; i++)
        if (c->parts[i].person) WR_TRY(add_office(c, &c->parts[i]));
    *out = c;
    return read_article(c);
}

/* ---- phrases ---- */

/* Who or what is the head of the phrase: nothing but an "of ..." follows. The Brandt campaign is
 * not Brandt; a person goes before an organisation ("Kestrel director Ann Lee"). */
static size_t named_in(const quote_cast *c, size_t from, size_t to) {
    size_t found = 0;
    for (size_t i = from; i < to; i++) {
        if (!c->part_of[i]) continue;
        const part *here = &c->parts[c->part_of[i] - 1];
        size_t next = i + 1;
        while (next < to && c->part_of[next] == c->part_of[i])
            next++;
        quote_class k = cls(c, next);
        bool head = next >= to || (k != QW_NAME && k != QW_WORD && k != QW_TIME && k != QW_SAY);
        bool object = i > from && cls(c, i - 1) == QW_WORD && /* "the court granted Lee" */
                      wr_str_ends(word(c, i - 1), WR_STR("ed"));
        if (head && !here->owner && here->person && !object) return here->entity + 1;
        if (head && !here->owner && !found) found = here->entity + 1;
        bool behind = i > from && (cls(c, i - 1) == QW_LINK || cls(c, i - 1) == QW_PREP);
        if (behind && found == here->entity + 1) found = 0; /* "officials of Kestrel" */
        i = next - 1;
    }
    return found;
}

/* "Another critic, Ann Lee, wrote": the name behind the phrase. */
static size_t apposed(const quote_cast *c, size_t to) {
    size_t i = to + 1;
    while (cls(c, to) == QW_COMMA && i < to + 4 && cls(c, i) == QW_NAME && !c->part_of[i])
        i++;
    if (cls(c, to) != QW_COMMA || i >= c->n || !c->part_of[i]) return 0;
    const part *here = &c->parts[c->part_of[i] - 1];
    return here->person && !here->owner ? here->entity + 1 : 0;
}

/* "Mr. Alemu" that the tagger missed, where another place has the name. */
static size_t known_by_surname(const quote_cast *c, size_t from, size_t to) {
    size_t found = 0;
    if (cls(c, to - 1) != QW_NAME || cls(c, from) == QW_DET) return 0;
    for (size_t i = 0; i < c->article->n_entities && i < NAMES_MAX; i++) {
        const wr_entity *e = &c->article->entities[i];
        size_t cut = e->name.len;
        while (cut > 0 && e->name.ptr[cut - 1] != ' ')
            cut--;
        if (!wr_str_eq(e->type, WR_STR("PER")) ||
            !wr_str_eq(wr_str_slice(e->name, cut, e->name.len), word(c, to - 1)))
            continue;
        if (found) return 0;
        found = i + 1;
    }
    return found;
}

size_t quote_cast_find(const quote_cast *c, size_t from, size_t to) {
    if (from >= to || to > c->n) return 0;
    if (cls(c, from) == QW_PRONOUN) return c->antecedent[from];
    size_t entity = named_in(c, from, to);
    if (!entity) entity = known_by_surname(c, from, to);
    if (!entity && cls(c, from) == QW_DET) entity = holder_of(c, from, to);
    if (!entity) entity = apposed(c, to);
    if (!entity && cls(c, from) == QW_DET) entity = epithet(c, from, to);
    return entity;
}
