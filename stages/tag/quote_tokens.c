/* quote_tokens.c -- tokens for finding speakers */
#include "quote_tokens.h"

#include "wordlist.h"

static const wordlist_row words[] = {
#define W(text, cls) {{text, sizeof text - 1}, QW_##cls, 0},
#include "quote_words.def"
#undef W
};

static const wordlist_row *find_word(wr_str s) {
    return wordlist_find(words, sizeof words / sizeof *words, s);
}

/* Length of an apostrophe at i: ' or U+2019; 0 = none. */
static size_t apostrophe(wr_str s, size_t i) {
    if (s.ptr[i] == '\'') return 1;
    bool curly = s.len - i >= 3 && memcmp(s.ptr + i, "\xe2\x80\x99", 3) == 0;
    return curly ? 3 : 0;
}

static bool word_byte(wr_str s, size_t i) {
    unsigned char c = (unsigned char)s.ptr[i];
    if (c == 0xe2) /* general punctuation, but for U+2019 inside a word */
        return false;
    if (c == 0xc2 && i + 1 < s.len && (unsigned char)s.ptr[i + 1] == 0xa0) /* no-break space */
        return false;
    return c >= 0x80 || wr_is_alpha(s.ptr[i]) || wr_is_digit(s.ptr[i]);
}

static size_t word_end(wr_str s, size_t i) {
    while (i < s.len) {
        if (word_byte(s, i)) {
            i++;
            continue;
        }
        size_t mark = apostrophe(s, i);
        if (!mark && s.ptr[i] == '-') mark = 1;
        if (!mark && s.ptr[i] == '@') mark = 1;
        bool date = s.ptr[i] == '/' && i > 0 && wr_is_digit(s.ptr[i - 1]); /* 9/11 */
        if (!mark && date) mark = 1;
        if (!mark || i + mark >= s.len || !word_byte(s, i + mark)) return i;
        i += mark;
    }
    return i;
}

/* "Mr", "Sen", "J", "U.S": a full stop after it belongs to the word. */
static bool is_abbreviation(wr_str w, bool capital) {
    static const char *const list[] = {"Mr",   "Mrs",  "Ms",  "Dr",   "Sen",  "Rep",  "Gov",
                                       "Gen",  "Lt",   "Col", "Capt", "Sgt",  "Rev",  "Prof",
                                       "St",   "Jr",   "Sr",  "Hon",  "Pres", "Amb",  "Atty",
                                       "Sens", "Reps", "Adm", "Maj",  "Cmdr", "Supt", "Fr"};
    if (w.len == 1) return capital;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (wr_str_eq(w, wr_str_c(list[i]))) return true;
    return false;
}

static quote_class sign_class(wr_str s, size_t i, size_t *len) {
    *len = 1;
    if ((unsigned char)s.ptr[i] == 0xe2 && s.len - i >= 3) {
        *len = 3;
        unsigned char last = (unsigned char)s.ptr[i + 2];
        bool dash = (unsigned char)s.ptr[i + 1] == 0x80 && last >= 0x92 && last <= 0x95;
        return dash ? QW_DASH : QW_OTHER;
    }
    switch (s.ptr[i]) {
    case ',': return QW_COMMA;
    case ':': return QW_COLON;
    case '-': return QW_DASH;
    case '(':
    case '[': return QW_OPEN;
    case ')':
    case ']': return QW_CLOSE;
    case '.':
    case '!':
    case '?':
    case ';': return QW_STOP;
    case '\n': return QW_BREAK;
    default: return QW_OTHER;
    }
}

/* "he's", "she'd", "they've": the pronoun. */
static const wordlist_row *contracted(wr_str w) {
    for (size_t i = 1; i < w.len && i < 6; i++) {
        if (!apostrophe(w, i)) continue;
        const wordlist_row *row = find_word(wr_str_slice(w, 0, i));
        return row && row->cls == QW_PRONOUN ? row : NULL;
    }
    return NULL;
}

static void classify(wr_str s, quote_token *t) {
    wr_str w = wr_str_slice(s, t->start, t->end);
    unsigned char first = (unsigned char)*w.ptr;
    t->capital = (unsigned char)(first - 'A') < 26 || first == '@' ||
                 (first == 0xc3 && w.len > 1 && (unsigned char)w.ptr[1] < 0xa0);
    t->possessive = wr_str_ends(w, WR_STR("'s")) || wr_str_ends(w, WR_STR("\xe2\x80\x99s"));
    const wordlist_row *known = find_word(w);
    if (!known) known = contracted(w);
    t->cls = known ? (quote_class)known->cls : t->capital ? QW_NAME : QW_WORD;
}

static size_t read_token(wr_str s, size_t i, quote_token *t) {
    t->start = i;
    if (!word_byte(s, i) && s.ptr[i] != '@') {
        size_t len;
        t->cls = sign_class(s, i, &len);
        return t->end = i + len;
    }
    t->end = word_end(s, s.ptr[i] == '@' ? i + 1 : i);
    classify(s, t);
    wr_str w = wr_str_slice(s, t->start, t->end);
    bool stop = t->end < s.len && s.ptr[t->end] == '.';
    bool comma = stop && t->end + 1 < s.len && s.ptr[t->end + 1] == ','; /* "R-Ohio., said" */
    if (stop && (comma || is_abbreviation(w, t->capital))) t->end++;
    return t->end;
}

wr_status quote_tokens(wr_arena *arena, wr_str text, const quote_span *spans, size_t n_spans,
                       quote_token **out, size_t *n) {
    size_t cap = 0, next = 0;
    *out = NULL;
    *n = 0;
    for (size_t i = 0; i < text.len;) {
        while (next < n_spans && spans[next].open < i)
            next++;
        bool quote = next < n_spans && spans[next].open == i;
        bool blank = (wr_is_space(text.ptr[i]) && text.ptr[i] != '\n') ||
                     wr_str_starts(wr_str_slice(text, i, i + 2), WR_STR("\xc2\xa0"));
        if (blank && !quote) {
            i += (unsigned char)text.ptr[i] == 0xc2 ? 2 : 1;
            continue;
        }
        quote_token *t = WR_PUSH(arena, *out, *n, cap);
        if (!t) return WR_MEMORY;
        if (!quote) {
            i = read_token(text, i, t);
            continue;
        }
        *t = (quote_token){.start = i, .end = spans[next].close, .cls = QW_QUOTE, .quote = next};
        i = spans[next].close;
    }
    return WR_OK;
}

size_t quote_count_words(wr_str text, size_t from, size_t to) {
    size_t n = 0;
    for (size_t i = from; i < to;) {
        if (!word_byte(text, i)) {
            i++;
            continue;
        }
        n++;
        i = word_end(wr_str_slice(text, 0, to), i);
    }
    return n;
}
