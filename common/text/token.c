/* token.c -- the words of a sentence, in one pass with a few characters of look-ahead */
#include "common/text/token.h"

#include "common/text/abbreviation.h"
#include "common/text/unicode.h"

typedef struct {
    const char *p;
    size_t end; /* of the sentence */
} view;

static uint32_t at(view v, size_t i, size_t *n) {
    *n = 1;
    return i < v.end ? wr_utf8_next(v.p + i, v.end - i, n) : 0;
}

static uint32_t peek(view v, size_t i) {
    size_t n;
    return at(v, i, &n);
}

static char byte(view v, size_t i) {
    return i < v.end ? v.p[i] : '\0';
}

static bool is_letter(uint32_t cp) {
    return cp < 0x80 ? wr_is_alpha((char)cp) : wr_u_is_letter(cp);
}

static bool is_word(uint32_t cp) {
    if (cp < 0x80) return wr_is_alpha((char)cp) || wr_is_digit((char)cp);
    return wr_u_is_word(cp);
}

/* Length of the apostrophe at i, 0 = none. */
static size_t apostrophe(view v, size_t i) {
    if (byte(v, i) == '\'') return 1;
    uint32_t cp = (unsigned char)byte(v, i) == 0xE2 ? peek(v, i) : 0;
    return cp == 0x2019 || cp == 0x2018 ? 3 : 0;
}

static bool is_han(uint32_t cp) {
    wr_script s = cp < 0x2E80 ? WR_SCRIPT_COMMON : wr_u_script(cp);
    return s == WR_SCRIPT_HAN || s == WR_SCRIPT_KANA;
}

/* End of the letters, marks and digits from i on. */
static size_t word_end(view v, size_t i) {
    size_t n;
    for (uint32_t cp; i < v.end && is_word(cp = at(v, i, &n)) && !is_han(cp);)
        i += n;
    return i;
}

static bool white(view v, size_t i) {
    return i >= v.end || wr_is_space(v.p[i]) || wr_u_is_space(peek(v, i));
}

/* End of the run without white space from i on, at most 2,048 bytes away. */
static size_t run_end(view v, size_t i) {
    size_t most = v.end - i > 2048 ? i + 2048 : v.end;
    while (i < most && !wr_is_space(v.p[i]))
        i++;
    while (i < v.end && ((unsigned char)v.p[i] & 0xC0) == 0x80)
        i--;
    return i;
}

static bool part_of_address(char c) {
    return wr_is_alpha(c) || wr_is_digit(c) || (c && strchr("-._~:/?#[]@!$&'()*+,;=%|", c)) ||
           (unsigned char)c >= 0x80;
}

/* End of the web or e-mail address at i, or i. */
static size_t address_end(view v, size_t i) {
    wr_str rest = wr_str_of(v.p + i, v.end - i);
    bool web = wr_str_starts(rest, WR_STR("http://")) || wr_str_starts(rest, WR_STR("https://")) ||
               wr_str_starts(rest, WR_STR("www."));
    size_t end = i, sign = 0;
    if (!web) { /* name@host.tld */
        while (end < v.end && end - i < 256 &&
               (wr_is_alpha(v.p[end]) || wr_is_digit(v.p[end]) || strchr("._%+-@", v.p[end])) &&
               v.p[end])
            sign += v.p[end] == '@', end++;
        if (sign != 1 || byte(v, i) == '@') return i;
        const char *mark = memchr(v.p + i, '@', end - i);
        while (end > i && !wr_is_alpha(v.p[end - 1]) && !wr_is_digit(v.p[end - 1]))
            end--;
        size_t dot = end;
        while (dot > i && v.p[dot - 1] != '.' && v.p[dot - 1] != '@')
            dot--;
        return v.p + dot > mark + 1 && dot > i && v.p[dot - 1] == '.' ? end : i;
    }
    size_t most = run_end(v, i);
    while (end < most && part_of_address(v.p[end])) {
        uint32_t cp = peek(v, end);
        if (cp == 0x201C || cp == 0x201D || cp == 0x2019 || cp == 0x2018 || cp == 0x2026) break;
        end++;
    }
    while (end > i && v.p[end - 1] && strchr(".,;:!?)'\"]", v.p[end - 1]))
        end--;
    while (end > i && end < v.end && ((unsigned char)v.p[end] & 0xC0) == 0x80)
        end--;
    return end;
}

/* Hosts written bare: example.com, bbc.co.uk */
static bool is_domain(wr_str ending) {
    static const char *const known[] = {"com", "org",  "net", "edu", "gov", "co", "uk", "io",
                                        "tv",  "info", "eu",  "ca",  "au",  "in", "de", "fr",
                                        "mil", "int",  "biz", "ru",  "cn",  "jp", "us", "news"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (wr_str_eq(ending, wr_str_c(known[i]))) return true;
    return false;
}

/* End of a number: digits with . , : / between them, then letters (th, s, m, km). */
static size_t number_end(view v, size_t i, size_t start) {
    for (;;) {
        while (i < v.end && wr_u_is_digit(peek(v, i))) {
            size_t n;
            at(v, i, &n);
            i += n;
        }
        char c = byte(v, i);
        if (c && strchr(".,:/", c) && wr_is_digit(byte(v, i + 1))) i++;
        else break;
    }
    /* 212-555-0199, 2020-01-31: groups of digits with two hyphens or more */
    size_t k = i, groups = 0;
    while (byte(v, k) == '-' && wr_is_digit(byte(v, k + 1))) {
        for (k++; wr_is_digit(byte(v, k));)
            k++;
        groups++;
    }
    if (groups >= 2 && k > start) return k;
    return word_end(v, i);
}

/* The clitic ('s, 're, n't, ...) that ends at `end`, as its start; `end` when there is none. */
static size_t clitic_start(view v, size_t start, size_t end) {
    static const char *const endings[] = {"s", "m", "d", "re", "ve", "ll"};
    for (size_t len = 1; len <= 2 && start + len < end; len++) {
        size_t mark = end - len, quote = 0;
        if (v.p[mark - 1] == '\'') quote = 1;
        else if (mark >= start + 3 && apostrophe(v, mark - 3) == 3) quote = 3;
        if (!quote || mark - quote <= start) continue;
        for (size_t k = 0; k < 6; k++)
            if (wr_str_eq_nocase(wr_str_of(v.p + mark, len), wr_str_c(endings[k])))
                return mark - quote;
        if (len == 1 && wr_lower(v.p[mark]) == 't' && wr_lower(v.p[mark - quote - 1]) == 'n' &&
            mark - quote - 1 > start)
            return mark - quote - 1;
    }
    return end;
}

/* True when nothing but closing marks stands between i and the end of the sentence. */
static bool at_last(view v, size_t i) {
    while (i < v.end) {
        size_t n;
        uint32_t cp = at(v, i, &n);
        if (wr_u_class(cp) != WR_U_CLOSE && cp != '"' && cp != '\'' && !wr_u_is_space(cp))
            return false;
        i += n;
    }
    return true;
}

/* Does the stop at i belong to the word before it? */
static bool keeps_stop(view v, size_t start, size_t i) {
    if (byte(v, i) != '.' || byte(v, i + 1) == '.') return false;
    wr_str word = wr_str_of(v.p + start, i - start);
    bool last = at_last(v, i + 1);
    unsigned flags = wr_abbreviation(word);
    if (flags) return !last || !(flags & WR_ABBR_WORD || flags == WR_ABBR_NUMBER);
    size_t n;
    uint32_t cp = at(v, start, &n);
    return n == word.len && wr_u_is_upper(cp) && !last; /* an initial */
}

/* End of a word: letters and what may stand inside. */
static size_t letters_end(view v, size_t start) {
    size_t i = word_end(v, start), n;
    for (;;) {
        char c = byte(v, i);
        size_t quote = apostrophe(v, i);
        if (quote && is_letter(peek(v, i + quote))) i = word_end(v, i + quote);
        else if (c == '.' && is_letter(peek(v, i + 1)) && i > start) {
            size_t dot = i, next = word_end(v, i + 1);
            while (dot > start && v.p[dot - 1] != '.')
                dot--;
            at(v, dot, &n);
            size_t n_after;
            at(v, i + 1, &n_after);
            bool single = i - dot == n && next - i - 1 == n_after; /* U.S */
            bool degree = wr_str_eq_nocase(wr_str_of(v.p + start, next - start), WR_STR("ph.d"));
            bool host = is_domain(wr_str_of(v.p + i + 1, next - i - 1)) && i - start > 1;
            if (!single && !degree && !host) break;
            i = next;
        } else if (c == '&' && i > start && wr_u_is_upper(peek(v, i + 1)) &&
                   wr_u_is_upper(peek(v, i - 1)) && i - start <= 3) {
            i = word_end(v, i + 1); /* AT&T */
        } else if (c == '_' && (byte(v, i + 1) == '_' || is_word(peek(v, i + 1)))) {
            i = word_end(v, i + 1);
        } else break;
    }
    return i;
}

static size_t word_token_end(view v, size_t start) {
    size_t i = letters_end(v, start);
    size_t clitic = clitic_start(v, start, i);
    if (clitic < i) return clitic;
    return keeps_stop(v, start, i) ? i + 1 : i;
}

/* A clitic or a shortened word at an apostrophe: 's n't 're '90s 'em; else the mark alone. */
static size_t apostrophe_end(view v, size_t i, size_t quote, bool glued) {
    size_t end = word_end(v, i + quote);
    wr_str rest = wr_str_of(v.p + i + quote, end - i - quote);
    static const char *const clitics[] = {"s", "m", "d", "re", "ve", "ll"};
    for (size_t k = 0; glued && k < 6; k++)
        if (wr_str_eq_nocase(rest, wr_str_c(clitics[k]))) return end;
    static const char *const shortened[] = {"em", "n", "tis", "twas", "cause"};
    for (size_t k = 0; !glued && k < 5; k++)
        if (wr_str_eq_nocase(rest, wr_str_c(shortened[k])) && apostrophe(v, end) == 0) return end;
    bool decade = !glued && rest.len >= 2 && wr_is_digit(rest.ptr[0]) && wr_is_digit(rest.ptr[1]) &&
                  (rest.len == 2 || (rest.len == 3 && wr_lower(rest.ptr[2]) == 's'));
    return decade && apostrophe(v, end) == 0 ? end : i + quote;
}

static size_t punct_end(view v, size_t i) {
    size_t n;
    uint32_t cp = at(v, i, &n);
    size_t end = i + n;
    if (cp == 0 || cp >= 0x80 || !strchr(".-!?*=~_+`'#<>|/\\", (int)cp)) return end;
    if (cp == '!' || cp == '?') {
        while (byte(v, end) == '!' || byte(v, end) == '?')
            end++;
        return end;
    }
    while (byte(v, end) == (char)cp)
        end++;
    return end;
}

wr_tokens wr_tokens_of(wr_str text, wr_span sentence) {
    if (sentence.end > text.len) sentence.end = text.len;
    return (wr_tokens){text, sentence.start, sentence.end};
}

static size_t other_end(view v, size_t i, uint32_t cp, size_t n, wr_token_kind *kind) {
    wr_uclass class = wr_u_class(cp);
    if ((cp == '@' || cp == '#') && is_word(peek(v, i + 1)) &&
        (i == 0 || !is_word(peek(v, i - 1)))) {
        *kind = WR_TOKEN_ADDRESS;
        size_t end = word_end(v, i + 1);
        while (byte(v, end) == '_')
            end = word_end(v, end + 1);
        return end;
    }
    if (class == WR_U_CURRENCY || class == WR_U_SYMBOL || class == WR_U_OTHER) {
        *kind = WR_TOKEN_SYMBOL;
        return cp < 0x80 ? punct_end(v, i) : i + n;
    }
    return punct_end(v, i);
}

bool wr_tokens_next(wr_tokens *it, wr_token *out) {
    view v = {it->text.ptr, it->limit};
    size_t i = it->at, n;
    while (i < v.end && white(v, i)) {
        at(v, i, &n);
        i += n;
    }
    if (i >= v.end) return false;
    bool glued = i == it->at && i > 0 && !wr_is_space(v.p[i - 1]);
    uint32_t cp = at(v, i, &n);
    size_t end = i, quote = apostrophe(v, i);
    wr_token_kind kind = WR_TOKEN_PUNCT;
    if (is_word(cp) || cp == '_') {
        kind = WR_TOKEN_ADDRESS;
        end = glued ? i : address_end(v, i);
        if (end == i) {
            kind = wr_u_is_digit(cp) ? WR_TOKEN_NUMBER : WR_TOKEN_WORD;
            if (is_han(cp)) end = i + n;
            else end = wr_u_is_digit(cp) ? number_end(v, i, i) : word_token_end(v, i);
            if (end == i) end = i + n;
        }
    } else if (quote) {
        end = apostrophe_end(v, i, quote, glued);
        if (end > i + quote) kind = WR_TOKEN_WORD;
        else if (quote == 1) end = punct_end(v, i);
    } else if (cp == '.' && wr_is_digit(byte(v, i + 1)) && !glued) {
        kind = WR_TOKEN_NUMBER;
        end = number_end(v, i + 1, i);
    } else end = other_end(v, i, cp, n, &kind);
    *out = (wr_token){i, end, kind, !glued};
    it->at = end;
    return true;
}
