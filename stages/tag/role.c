/* role.c -- titles before and appositions behind names */
#include "role.h"

#include "alias_name.h"

#define ROLE_WORDS 6
#define ROLE_BYTES 80

/* The word that ends at `end`, within the same line. */
static wr_str word_before(wr_str text, size_t end) {
    size_t at = end;
    while (at > 0 && (wr_is_alpha(text.ptr[at - 1]) || text.ptr[at - 1] == '-' ||
                      text.ptr[at - 1] == '.' || (unsigned char)text.ptr[at - 1] >= 0x80))
        at--;
    return wr_str_slice(text, at, end);
}

bool role_leads(wr_str w) {
    static const char *const words[] = {
        "former",  "acting", "deputy",  "vice",     "prime",    "foreign",  "senior",  "chief",
        "interim", "new",    "then",    "police",   "party",    "press",    "finance", "defence",
        "team",    "club",   "city",    "state",    "union",    "campaign", "school",  "opposition",
        "defense", "co",     "leading", "managing", "executive"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (wr_str_eq_nocase(w, wr_str_c(words[i]))) return true;
    bool small = w.len > 4 && (unsigned char)(*w.ptr - 'a') < 26;
    return small && (wr_str_ends(w, WR_STR("al")) || wr_str_ends(w, WR_STR("ic")));
}

static bool is_modifier(wr_str w) {
    static const char *const openers[] = {"the",   "a",   "an", "then", "when", "but",
                                          "and",   "as",  "at", "in",   "on",   "after",
                                          "while", "for", "by", "with"};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        if (w.len && *w.ptr < 'a' && wr_str_eq_nocase(w, wr_str_c(openers[i]))) return false;
    if (role_leads(w)) return true;
    return w.len && (unsigned char)(*w.ptr - 'A') < 26;
}

static bool is_office(wr_str w) {
    return name_is_title(w) && !name_is_courtesy(w);
}

/* "Lee." ends a sentence; "Sen.", "U.S." do not. */
static bool ends_sentence(wr_str w) {
    return wr_str_ends(w, WR_STR(".")) && !is_office(w) && w.len > 2 &&
           wr_str_find_char(w, 0, '.') + 1 == w.len;
}

static wr_str role_before(wr_str text, size_t start) {
    size_t end = start;
    while (end > 0 && text.ptr[end - 1] == ' ')
        end--;
    size_t from = end;
    bool office = false;
    for (size_t n = 0; n < ROLE_WORDS; n++) {
        wr_str w = word_before(text, from);
        bool stop = ends_sentence(w);
        if (!w.len || stop || (n == 0 ? !is_office(w) : !is_office(w) && !is_modifier(w))) break;
        office = true;
        from = (size_t)(w.ptr - text.ptr);
        size_t gap = from;
        if (gap == 0 || text.ptr[gap - 1] != ' ') break;
        wr_str next = word_before(text, gap - 1);
        if (!next.len || ends_sentence(next) || (!is_office(next) && !is_modifier(next))) break;
        from = gap - 1;
    }
    while (from < end && text.ptr[from] == ' ')
        from++;
    return office ? wr_str_slice(text, from, end) : wr_str_of(NULL, 0);
}

/* ", [the|a|an] [words] OFFICE [of ...]," behind the name. */
static wr_str role_behind(wr_str text, size_t end) {
    if (!wr_str_starts(wr_str_slice(text, end, text.len), WR_STR(", "))) return wr_str_of(NULL, 0);
    size_t from = end + 2, to = from;
    while (to < text.len && to - from < ROLE_BYTES && !strchr(",.;:\n!?\"", text.ptr[to]) &&
           (unsigned char)text.ptr[to] != 0xe2)
        to++;
    if (to == text.len || (text.ptr[to] != ',' && text.ptr[to] != '.')) return wr_str_of(NULL, 0);
    static const char *const articles[] = {"the ", "a ", "an ", "its ", "his ", "her ", "their "};
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++)
        if (wr_str_starts(wr_str_slice(text, from, to), wr_str_c(articles[i]))) {
            from += strlen(articles[i]);
            break;
        }
    wr_str role = wr_str_slice(text, from, to);
    size_t at = 0;
    for (size_t n = 0; n < ROLE_WORDS && at < role.len; n++) {
        size_t stop = wr_str_find_char(role, at, ' ');
        wr_str w = wr_str_slice(role, at, stop);
        if (is_office(w)) return role;
        if (wr_str_eq(w, WR_STR("who")) || wr_str_eq(w, WR_STR("and")) ||
            wr_str_eq(w, WR_STR("of")))
            break;
        at = stop + 1;
    }
    return wr_str_of(NULL, 0);
}

wr_str role_at(wr_str text, size_t start, size_t end) {
    wr_str role = role_before(text, start);
    return role.len ? role : role_behind(text, end);
}

char role_sex(wr_str text, size_t start) {
    size_t end = start;
    while (end > 0 && text.ptr[end - 1] == ' ')
        end--;
    return start > end ? name_title_sex(word_before(text, end)) : 0;
}

void roles_find(wr_article *article) {
    for (size_t i = 0; i < article->n_entities; i++) {
        wr_entity *e = &article->entities[i];
        if (!wr_str_eq(e->type, WR_STR("PER"))) continue;
        for (size_t k = 0; k < e->n_mentions && !e->role.len; k++) {
            if (e->mentions[k].start > e->mentions[k].end || e->mentions[k].end > article->text.len)
                continue;
            e->role = role_at(article->text, e->mentions[k].start, e->mentions[k].end);
        }
    }
}
