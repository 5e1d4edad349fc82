/* abbreviation.c -- English words that are written with a stop */
#include "common/text/abbreviation.h"

enum { T = WR_ABBR_TITLE, N = WR_ABBR_NUMBER, M = WR_ABBR_MIDDLE, E = WR_ABBR_EITHER };
enum { W = WR_ABBR_WORD, LONGEST = 8 };

typedef struct {
    char word[LONGEST]; /* lower case, inner stops kept */
    unsigned char flags;
} row;

/* Sorted by word. */
static const row rows[] = {
    {"a.k.a", M},   {"a.m", E},      {"adj", M},      {"adm", T},      {"al", E},
    {"ala", E},     {"apr", E},      {"apt", N | W},  {"ariz", E},     {"ark", E | W},
    {"art", N | W}, {"assn", E},     {"asst", T},     {"attn", M},     {"aug", E},
    {"ave", E},     {"avg", M},      {"bldg", E},     {"blvd", E},     {"brig", T},
    {"bros", E},    {"ca", N | W},   {"cal", E | W},  {"calif", E},    {"capt", T},
    {"cf", M},      {"ch", N},       {"chap", N | W}, {"cmdr", T},     {"co", E},
    {"col", T | W}, {"colo", E},     {"conn", E},     {"corp", E},     {"cpl", T},
    {"ct", E},      {"dec", E},      {"del", E | W},  {"dept", M},     {"det", T},
    {"dist", E},    {"div", E},      {"dr", T},       {"drs", T},      {"e.g", M},
    {"ed", E | W},  {"eds", E},      {"eg", M},       {"eq", N},       {"esp", M},
    {"esq", E},     {"est", M},      {"etc", E},      {"ex", N | W},   {"ext", N},
    {"feb", E},     {"fig", N | W},  {"figs", N | W}, {"fla", E},      {"fr", T},
    {"fri", E},     {"ft", E},       {"ga", E},       {"gen", T},      {"gov", T},
    {"govs", T},    {"hon", T},      {"hr", E},       {"hrs", E},      {"hwy", N},
    {"i.e", M},     {"ie", M},       {"ill", E | W},  {"inc", E},      {"ind", E},
    {"insp", T},    {"jan", E},      {"jr", E},       {"jul", E},      {"jun", E},
    {"kan", E},     {"ky", E},       {"la", E | W},   {"lb", E},       {"lbs", E},
    {"lt", T},      {"ltd", E},      {"maj", T},      {"mar", E | W},  {"mass", E | W},
    {"max", M | W}, {"md", E},       {"messrs", T},   {"mfg", E},      {"mgr", T},
    {"mich", E},    {"min", E | W},  {"minn", E},     {"misc", M},     {"miss", E | W},
    {"mo", E | W},  {"mon", E},      {"mont", E},     {"mr", T},       {"mrs", T},
    {"ms", T},      {"msgr", T},     {"mt", T},       {"neb", E},      {"nev", E},
    {"no", N | W},  {"nos", N},      {"nov", E},      {"oct", E},      {"okla", E},
    {"op", N | W},  {"ore", E | W},  {"oz", E},       {"p", N},        {"p.m", E},
    {"pa", E | W},  {"penn", E},     {"pfc", T},      {"pg", N},       {"ph.d", E},
    {"phd", E},     {"pl", E},       {"pp", N},       {"pres", T},     {"prof", T},
    {"profs", T},   {"prop", E | W}, {"pt", N},       {"pvt", T},      {"rd", E},
    {"ref", N | W}, {"rep", T},      {"reps", T},     {"rev", T},      {"rs", N},
    {"rt", T},      {"sat", E | W},  {"sec", N | W},  {"sen", T},      {"sens", T},
    {"sept", E},    {"sgt", T},      {"sr", E},       {"st", T | E},   {"ste", T},
    {"sun", E | W}, {"supt", T},     {"tel", N},      {"tenn", E},     {"tex", E},
    {"thu", E},     {"thur", E},     {"thurs", E},    {"tue", E},      {"tues", E},
    {"univ", M},    {"v", M},        {"va", E},       {"viz", M},      {"vol", N},
    {"vols", N},    {"vs", M},       {"vt", E},       {"wash", E | W}, {"wed", E | W},
    {"wis", E},     {"wk", E},       {"wm", T},       {"yr", E},       {"yrs", E},
};

/* Single letters with stops between: U.S, a.k.a, N.A.T.O */
static bool letters_and_stops(wr_str w) {
    for (size_t i = 0; i < w.len; i++)
        if (i % 2 ? w.ptr[i] != '.' : !wr_is_alpha(w.ptr[i])) return false;
    return w.len >= 3 && w.len % 2 == 1;
}

unsigned wr_abbreviation(wr_str word) {
    char lower[LONGEST] = {0};
    if (word.len == 0) return 0;
    if (word.len < LONGEST) {
        for (size_t i = 0; i < word.len; i++)
            lower[i] = wr_lower(word.ptr[i]);
        size_t low = 0, high = sizeof rows / sizeof *rows;
        while (low < high) {
            size_t mid = (low + high) / 2;
            int c = memcmp(rows[mid].word, lower, LONGEST);
            if (c == 0) {
                bool capital = word.ptr[0] != lower[0];
                unsigned flags = rows[mid].flags;
                /* "sat.", "no." in small letters are words, but for numbers that may follow */
                if (flags & W && !capital && !(flags & N)) return 0;
                return flags;
            }
            if (c < 0) low = mid + 1;
            else high = mid;
        }
    }
    return letters_and_stops(word) ? E : 0;
}
