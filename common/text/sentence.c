/* sentence.c -- the sentences of a paragraph, by rules
 *
 * A sentence can end after a run of stops with its closing marks, before white space. What stands
 * on the two sides decides: abbreviations, initials, list numbers and small letters speak against
 * it. Besides that: after a line break that is doubled, around rules (*** ____), after an emoticon,
 * before the next number of a list, and after the stops of scripts without spaces. */
#include "common/text/sentence.h"

#include "common/text/abbreviation.h"
#include "common/text/sentence_list.h"
#include "common/text/unicode.h"

wr_sentences wr_sentences_of(wr_str paragraph) {
    return (wr_sentences){paragraph, 0};
}

static uint32_t at(wr_str s, size_t i, size_t *n) {
    *n = 1;
    return i < s.len ? wr_utf8_next(s.ptr + i, s.len - i, n) : 0;
}

static uint32_t peek(wr_str s, size_t i) {
    size_t n;
    return at(s, i, &n);
}

static char byte(wr_str s, size_t i) {
    return i < s.len ? s.ptr[i] : '\0';
}

static size_t skip_white(wr_str s, size_t i) {
    while (i < s.len && wr_is_space(s.ptr[i]))
        i++;
    return i;
}

static size_t word_end(wr_str s, size_t i) {
    size_t n;
    while (i < s.len && wr_u_is_word(at(s, i, &n)))
        i += n;
    return i;
}

/* Start of the white-space delimited chunk that ends at `end`, not before `from`. */
static size_t chunk_start(wr_str s, size_t from, size_t end) {
    while (end > from && !wr_is_space(s.ptr[end - 1]))
        end--;
    return end;
}

static bool is_stop(uint32_t cp) {
    return cp == '.' || cp == '!' || cp == '?' || cp == 0x2026 || cp == 0x203C || cp == 0x203D;
}

/* Stops of scripts that need no space after them, or that have no other use. */
static bool is_full_stop(uint32_t cp) {
    return cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F || cp == 0xFF61 || cp == 0x0964 ||
           cp == 0x0965 || cp == 0x061F || cp == 0x06D4 || cp == 0x1362 || cp == 0x104B;
}

static bool is_quote(uint32_t cp) {
    return cp == '"' || cp == '\'' || cp == 0x201D || cp == 0x2019 || cp == 0x201C || cp == 0xBB ||
           cp == 0xAB || cp == 0x203A || cp == 0x300D || cp == 0x300F;
}

/* Past the closing marks at i; *quoted = one of them is a quotation mark. */
static size_t skip_closers(wr_str s, size_t i, bool *quoted) {
    *quoted = false;
    for (size_t n; i < s.len; i += n) {
        uint32_t cp = at(s, i, &n);
        if (is_quote(cp)) *quoted = true;
        else if (wr_u_class(cp) != WR_U_CLOSE && cp != '*') break;
    }
    return i;
}

/* What stands before and after a place where a sentence may end. */
typedef struct {
    wr_str s;
    size_t start;      /* of the sentence */
    size_t word, stop; /* the word before the stops, and where they begin */
    size_t after;      /* past stops and closers */
    size_t next;       /* first character of what follows */
    size_t list_end;   /* past the list mark the sentence begins with */
    bool quoted;
    size_t n_stops;
    uint32_t first_stop;
} place;

static size_t words_before(const place *p, size_t most) {
    size_t n = 0;
    for (size_t i = skip_white(p->s, p->start); i < p->stop && n < most; n++) {
        while (i < p->stop && !wr_is_space(p->s.ptr[i]))
            i++;
        i = skip_white(p->s, i);
    }
    return n;
}

/* The word that follows, opening marks left out. */
static wr_str next_word(const place *p) {
    size_t i = p->next, n;
    while (i < p->s.len) {
        uint32_t cp = at(p->s, i, &n);
        if (wr_u_is_word(cp) || wr_is_space((char)p->s.ptr[i])) break;
        i += n;
    }
    return wr_str_slice(p->s, i, word_end(p->s, i));
}

/* Words that begin sentences far more often than they begin names. */
static bool is_starter(wr_str w) {
    static const char words[] = " a after all also although an and another are as at because "
                                "before both but by can could despite did do does "
                                "during each even every few for from had has have he her here his "
                                "how however i if in instead is it its "
                                "just last later like many meanwhile more most much my no nobody "
                                "nor not nothing now of on once one "
                                "only or other our over perhaps please she should since so some "
                                "someone soon still such than thank thanks that the "
                                "their then there these they this those though three through thus "
                                "to today two under unless until was we "
                                "well were what when where whether which while who why will with "
                                "within without would yes yet "
                                "you your ";
    char key[14];
    if (w.len == 0 || w.len > 11) return false;
    key[0] = ' ';
    for (size_t i = 0; i < w.len; i++)
        key[i + 1] = wr_lower(w.ptr[i]);
    key[w.len + 1] = ' ';
    return memmem(words, sizeof words - 1, key, w.len + 2) != NULL;
}

static bool is_time_word(wr_str w) {
    static const char words[] =
        " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs "
        "fri sat sun "
        "january february march april may june july august september october november december "
        "eastern pacific central mountain gmt utc est edt pst pdt cst cdt mst mdt et pt ct mt bst "
        "cet ";
    char key[14];
    if (w.len < 2 || w.len > 11) return false;
    key[0] = ' ';
    for (size_t i = 0; i < w.len; i++)
        key[i + 1] = wr_lower(w.ptr[i]);
    key[w.len + 1] = ' ';
    return memmem(words, sizeof words - 1, key, w.len + 2) != NULL;
}

/* One letter and a stop: an initial, or the pronoun, or the last letter of "plan B". */
static bool ends_after_letter(const place *p, uint32_t letter) {
    if (!wr_u_is_upper(letter)) return false;
    size_t end = p->word;
    while (end > p->start && wr_is_space(p->s.ptr[end - 1]))
        end--;
    if (end <= p->start) return false;
    uint32_t first = peek(p->s, chunk_start(p->s, p->start, end));
    if (!wr_u_is_lower(first))
        return letter != 'I' && wr_u_is_digit(first) && is_starter(next_word(p));
    return letter == 'I' || is_starter(next_word(p));
}

static bool ends_after_abbreviation(const place *p, wr_str word, unsigned flags, bool upper) {
    wr_str next = next_word(p);
    bool digit = next.len && wr_is_digit(next.ptr[0]);
    if (flags & WR_ABBR_TITLE && !(flags & WR_ABBR_EITHER))
        return p->quoted && upper && is_starter(next);
    if (flags & WR_ABBR_NUMBER) {
        if (digit || !(flags & WR_ABBR_WORD)) return false;
        return upper && next.len > 2;
    }
    if (flags & WR_ABBR_MIDDLE || digit) return false;
    if (!upper) return false;
    if (wr_str_eq_nocase(word, WR_STR("a.m")) || wr_str_eq_nocase(word, WR_STR("p.m")))
        return !is_time_word(next) && (is_starter(next) || words_before(p, 4) >= 4);
    if (wr_str_eq_nocase(word, WR_STR("etc"))) return true;
    return is_starter(next);
}

/* A small letter follows: only in careless writing is that a new sentence. */
static bool ends_before_small(const place *p, wr_str word) {
    if (p->after > p->stop + p->n_stops || p->n_stops > 3 || p->first_stop == 0x2026) return false;
    if (p->first_stop == '.' && p->n_stops > 1) return false;
    size_t n;
    uint32_t first = at(p->s, p->word, &n);
    bool careless = wr_u_is_lower(peek(p->s, skip_white(p->s, p->start)));
    if (!careless && wr_u_is_upper(first)) return false; /* Yahoo! in */
    if (wr_str_find_char(word, 0, '.') < word.len) return false;
    if (careless) return word.len > 1 || p->first_stop != '.';
    return word.len >= 3 && !wr_u_is_digit(first);
}

/* The word before the stops: back from them to white space or an opening mark. */
static size_t word_start(wr_str s, size_t from, size_t stop) {
    size_t i = stop;
    while (i > from) {
        size_t n;
        uint32_t cp = wr_utf8_prev(s, i, &n);
        if (!wr_u_is_word(cp) && cp != '.' && cp != '\'' && cp != 0x2019 && cp != '@' && cp != '&')
            break;
        if (i - n < from || stop - i > 64) break;
        i -= n;
    }
    return i;
}

static bool ends_here(place *p) {
    wr_str s = p->s;
    size_t n;
    uint32_t next = at(s, p->next, &n);
    bool spaced = p->stop > p->start && wr_is_space(s.ptr[p->stop - 1]);
    bool opens = wr_u_class(next) == WR_U_OPEN || next == '"' || next == '\'';
    uint32_t head = next;
    for (size_t i = p->next; opens && i < s.len; i += n) {
        head = at(s, i, &n);
        if (wr_u_class(head) != WR_U_OPEN && head != '"' && head != '\'') break;
    }
    bool small = wr_u_is_lower(head);
    if (spaced && p->first_stop == '.') return p->n_stops >= 4 ? !small : p->n_stops == 1 && !small;
    if (p->stop < p->list_end) return false;
    p->word = word_start(s, p->start, p->stop);
    wr_str word = wr_str_slice(s, p->word, p->stop);
    if (small) {
        if (opens && !p->quoted && p->first_stop != '.') return false;
        if (p->first_stop == '.' && wr_abbreviation(word)) return false;
        return ends_before_small(p, word);
    }
    if (p->first_stop != '.' || p->n_stops > 1) return true;
    if (next == '.' || next == ',' || next == ';' || next == ':' || next == '-' || next == 0x2013 ||
        next == '/')
        return next == '-' && wr_str_find_char(word, 0, '.') == word.len &&
               !wr_abbreviation(word) && word.len > 1 && !wr_is_space(byte(s, p->next + 1));
    uint32_t letter = at(s, p->word, &n);
    if (word.len == n && wr_u_is_letter(letter)) return ends_after_letter(p, letter);
    unsigned flags = wr_abbreviation(word);
    if (flags) return ends_after_abbreviation(p, word, flags, !wr_u_is_digit(head));
    if (wr_str_eq(word, WR_STR("N\xC2\xB0")) ||
        (p->stop >= 2 && p->word == p->stop && peek(s, p->stop - 2) == 0xB0))
        return !wr_u_is_digit(head);
    return true;
}

/* A stop at i: past it and its closers in p, true when the sentence ends there. */
static bool try_stop(place *p, size_t i) {
    size_t n;
    p->stop = p->word = i;
    p->first_stop = peek(p->s, i);
    p->n_stops = 0;
    for (;;) {
        uint32_t cp = at(p->s, i, &n);
        if (is_stop(cp)) {
            i += n;
            p->n_stops++;
        } else if (cp == ' ' && byte(p->s, i + 1) == '.' && byte(p->s, i - 1) == '.' &&
                   (byte(p->s, i + 2) == ' ' || byte(p->s, i + 2) == '.' || i + 2 >= p->s.len ||
                    is_quote(peek(p->s, i + 2)))) {
            bool glued = p->stop > p->start && !wr_is_space(p->s.ptr[p->stop - 1]);
            if (glued && p->n_stops == 1)
                break; /* "word. . . ." : the first stop is the sentence's */
            i += 1;
        } else break;
    }
    bool bracketed = p->stop > p->start && strchr("[(", p->s.ptr[p->stop - 1]) && byte(p->s, i) &&
                     strchr("])", byte(p->s, i));
    p->word = word_start(p->s, p->start, p->stop);
    p->after = skip_closers(p->s, i, &p->quoted);
    p->next = skip_white(p->s, p->after);
    if (p->next >= p->s.len) return false;
    if (p->next == p->after || bracketed || p->stop == p->start || wr_list_emoticon(p->s, p->next))
        return false;
    if (p->s.ptr[p->next] == '.') {
        size_t dots =
            p->next; /* an ellipsis after the stop: the sentence ends when a capital follows it */
        while (dots < p->s.len && (p->s.ptr[dots] == '.' || p->s.ptr[dots] == ' '))
            dots++;
        uint32_t cp = peek(p->s, dots);
        return wr_u_is_upper(cp) && p->word < p->stop;
    }
    return ends_here(p);
}

static const unsigned char interesting[256] = {
    ['.'] = 1,  ['!'] = 1,  ['?'] = 1,  ['\n'] = 2, [')'] = 3,  ['('] = 3,  ['*'] = 4,
    ['_'] = 4,  ['='] = 4,  ['#'] = 4,  ['~'] = 4,  ['-'] = 4,  [0xE2] = 5, [0xE3] = 6,
    [0xEF] = 6, [0xE0] = 6, [0xD8] = 6, [0xDB] = 6, [0xE1] = 6,
};

/* End of the sentence that starts at `start`. */
static size_t sentence_end(wr_str s, size_t start) {
    wr_list list = wr_list_open(s, start);
    place p = {.s = s, .start = start, .list_end = list.found ? list.end : start};
    size_t limit = list.found ? wr_list_next(&list, s, start) : s.len;
    for (size_t i = start; i < limit;) {
        unsigned kind = interesting[(unsigned char)s.ptr[i]];
        if (!kind) {
            i++;
            continue;
        }
        size_t n, end;
        if (kind == 1 || kind == 5) {
            if (kind == 5 && !is_stop(at(s, i, &n))) {
                i += n;
                continue;
            }
            bool ends = try_stop(&p, i);
            if (ends) return p.after;
            i = p.after > i ? p.after : i + 1;
        } else if (kind == 2) {
            size_t next = skip_white(s, i);
            if (memchr(s.ptr + i + 1, '\n', next - i - 1)) return i;
            i = next;
        } else if (kind == 3) {
            if (wr_list_emoticon_end(s, start, i) && wr_is_space(byte(s, i + 1)) &&
                wr_u_is_upper(peek(s, skip_white(s, i + 1))))
                return i + 1;
            i++;
        } else if (kind == 4) {
            end = wr_list_rule(s, start, i);
            if (end && i > start) return i;
            if (end) return end;
            i++;
        } else {
            uint32_t cp = at(s, i, &n);
            i += n;
            bool quoted;
            if (is_full_stop(cp)) return skip_closers(s, i, &quoted);
        }
    }
    return limit;
}

bool wr_sentences_next(wr_sentences *it, wr_span *out) {
    wr_str s = it->text;
    size_t start = skip_white(s, it->at);
    if (start >= s.len) return false;
    size_t end = sentence_end(s, start);
    it->at = end;
    while (end > start && wr_is_space(s.ptr[end - 1]))
        end--;
    *out = (wr_span){start, end};
    return true;
}
