/* alias_name.c -- words of names and how they agree */
#include "alias_name.h"

#include "given_name.h"

typedef struct pair {
    wr_str a, b;
} pair;

#define LITERAL(s)                                                                                 \
    { s, sizeof s - 1 }

static const wr_str titles[] = {
#define T(word) LITERAL(word),
#include "alias_words.def"
};
static const wr_str courtesies[] = {
#define C(word) LITERAL(word),
#include "alias_words.def"
};
static const wr_str legal_forms[] = {
#define S(word) LITERAL(word),
#include "alias_words.def"
};
static const pair short_names[] = {
#define N(a, b) {LITERAL(a), LITERAL(b)},
#include "alias_words.def"
};

static wr_str without_stop(wr_str word) {
    while (word.len && word.ptr[word.len - 1] == '.')
        word.len--;
    return word;
}

static bool is_in(const wr_str *list, size_t n, wr_str word) {
    word = without_stop(word);
    for (size_t i = 0; i < n; i++)
        if (wr_str_eq_nocase(list[i], word)) return true;
    return false;
}

bool name_is_courtesy(wr_str word) {
    return is_in(courtesies, sizeof courtesies / sizeof *courtesies, word);
}

bool name_is_title(wr_str word) {
    return is_in(titles, sizeof titles / sizeof *titles, word) || name_is_courtesy(word);
}

char name_title_sex(wr_str word) {
    static const char *const men[] = {"mr", "sir"}, *const women[] = {"mrs", "ms", "miss", "lady",
                                                                      "dame"};
    word = without_stop(word);
    for (size_t i = 0; i < sizeof men / sizeof *men; i++)
        if (wr_str_eq_nocase(word, wr_str_c(men[i]))) return 'm';
    for (size_t i = 0; i < sizeof women / sizeof *women; i++)
        if (wr_str_eq_nocase(word, wr_str_c(women[i]))) return 'f';
    return 0;
}

bool name_is_reign(wr_str word) {
    static const char *const list[] = {"king",    "queen",  "prince", "princess", "pope",
                                       "emperor", "sultan", "sheikh", "lord"};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (wr_str_eq_nocase(word, wr_str_c(list[i]))) return true;
    return false;
}

wr_str name_without_titles(wr_str s, bool person) {
    size_t from = 0;
    for (size_t at = 0, words = 0; words < 5; words++) {
        size_t end = wr_str_find_char(s, at, ' ');
        if (end >= s.len) break;
        wr_str word = wr_str_slice(s, at, end);
        bool office = person && name_is_title(word) && !name_is_reign(word);
        at = end + 1;
        if (name_is_courtesy(word) || office) from = at;
        else if (!person || words > 1 || given_name_sex(word)) break; /* "US President Brandt" */
    }
    return wr_str_slice(s, from, s.len);
}

static bool is_legal_form(wr_str word) {
    return is_in(legal_forms, sizeof legal_forms / sizeof *legal_forms, word);
}

static wr_str without_possessive(wr_str word) {
    if (wr_str_ends(word, WR_STR("'s"))) word.len -= 2;
    else if (wr_str_ends(word, WR_STR("\xe2\x80\x99s"))) word.len -= 4;
    return word;
}

/* Copies the surface with brackets and quotation marks taken out and white space as one space. */
static wr_status clean(wr_arena *arena, wr_str s, wr_str *out) {
    char *copy = wr_arena_take(arena, s.len + 1);
    size_t n = 0;
    if (!copy) return WR_MEMORY;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool nbsp =
            (unsigned char)c == 0xc2 && i + 1 < s.len && (unsigned char)s.ptr[i + 1] == 0xa0;
        i += nbsp;
        if (nbsp || wr_is_space(c)) {
            if (n && copy[n - 1] != ' ') copy[n++] = ' ';
        } else if (!strchr("[]()\"", c)) {
            copy[n++] = c;
        }
    }
    while (n && copy[n - 1] == ' ')
        n--;
    *out = without_possessive(wr_str_of(copy, n));
    return WR_OK;
}

wr_status name_read(wr_arena *arena, wr_str surface, bool person, name *out) {
    *out = (name){.n = 0};
    WR_TRY(clean(arena, surface, &out->text));
    out->text = name_without_titles(out->text, person);
    size_t at;
    for (at = 0; at < out->text.len && out->n < NAME_WORDS;) {
        size_t end = wr_str_find_char(out->text, at, ' ');
        out->word[out->n++] = wr_str_slice(out->text, at, end);
        at = end + 1;
    }
    if (person && out->n > 1) out->sex = given_name_sex(out->word[0]);
    return WR_OK;
}

wr_str name_surname(const name *a) {
    size_t n = a->n;
    wr_str last = without_stop(a->word[n - 1]);
    bool suffix = wr_str_eq_nocase(last, WR_STR("jr")) || wr_str_eq_nocase(last, WR_STR("sr")) ||
                  wr_str_eq(last, WR_STR("II")) || wr_str_eq(last, WR_STR("III"));
    return a->word[n - 1 - (suffix && n > 1)];
}

static bool is_initial(wr_str word) {
    return without_stop(word).len == 1;
}

static bool is_short_of(wr_str a, wr_str b) {
    for (size_t i = 0; i < sizeof short_names / sizeof *short_names; i++)
        if (wr_str_eq_nocase(short_names[i].a, a) && wr_str_eq_nocase(short_names[i].b, b))
            return true;
    return false;
}

bool name_same_person(const name *a, const name *b) {
    if (a->n < 2 || b->n < 2 || !wr_str_eq_nocase(name_surname(a), name_surname(b))) return false;
    if (a->sex && b->sex && a->sex != b->sex) return false;
    wr_str x = a->word[0], y = b->word[0];
    if (wr_str_eq_nocase(x, y) || is_short_of(x, y) || is_short_of(y, x)) return true;
    bool initial = is_initial(x) || is_initial(y);
    return initial && x.len && y.len && wr_lower(*x.ptr) == wr_lower(*y.ptr);
}

static bool is_small_word(wr_str w) {
    static const char *const small[] = {"of", "the", "and", "for", "on",
                                        "in", "to",  "de",  "du",  "la"};
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        if (wr_str_eq_nocase(w, wr_str_c(small[i]))) return true;
    return false;
}

bool name_is_acronym(const name *acronym, const name *full) {
    if (acronym->n != 1 || full->n < 2) return false;
    wr_str a = acronym->word[0];
    size_t at = 0, letters = 0;
    for (size_t i = 0; i < full->n; i++) {
        wr_str w = full->word[i];
        while (at < a.len && a.ptr[at] == '.')
            at++;
        if (at < a.len && w.len && a.ptr[at] == w.ptr[0]) {
            at++;
            letters++;
            continue;
        }
        if (!is_small_word(w)) return false;
    }
    while (at < a.len && a.ptr[at] == '.')
        at++;
    return at == a.len && letters >= 2;
}

/* Words [*from, *to) without a leading The and trailing legal forms. */
static void core_words(const name *a, size_t *from, size_t *to) {
    *from = 0;
    *to = a->n;
    if (*to > 1 && wr_str_eq_nocase(a->word[0], WR_STR("the"))) ++*from;
    while (*to > *from + 1 && is_legal_form(a->word[*to - 1]))
        --*to;
}

static wr_str core_word(wr_str w) {
    if (w.len && w.ptr[w.len - 1] == ',') w.len--;
    if (wr_str_ends(w, WR_STR(".com"))) w.len -= 4;
    return w;
}

bool name_same_organisation(const name *a, const name *b) {
    size_t i, i_end, k, k_end;
    core_words(a, &i, &i_end);
    core_words(b, &k, &k_end);
    if (i_end - i != k_end - k) return false;
    for (; i < i_end; i++, k++)
        if (!wr_str_eq_nocase(core_word(a->word[i]), core_word(b->word[k]))) return false;
    return true;
}
