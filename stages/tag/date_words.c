/* date_words.c -- tokens of the date grammar */
#include "date_words.h"

#include "wordlist.h"

static const wordlist_row words[] = {
#define W(text, cls, value) {{text, sizeof text - 1}, DW_##cls, value},
#include "date_words.def"
#undef W
};

static const wordlist_row *find_word(wr_str s) {
    return wordlist_find(words, sizeof words / sizeof *words, s);
}

/* Letters of any script: bytes above ASCII count, but not the punctuation of U+2000-203F. */
static bool is_letter(wr_str s, size_t i) {
    unsigned char c = (unsigned char)s.ptr[i];
    if (c < 0x80) return wr_is_alpha(s.ptr[i]);
    return c != 0xe2;
}

static size_t read_number(wr_str s, size_t i, date_token *t) {
    size_t from = i;
    t->value = 0;
    while (i < s.len && wr_is_digit(s.ptr[i])) {
        if (t->value < 100000000) t->value = t->value * 10 + (s.ptr[i] - '0');
        i++;
    }
    t->width = (unsigned char)(i - from < 255 ? i - from : 255);
    t->cls = DW_NUMBER;
    size_t tail = i;
    while (tail < s.len && wr_is_alpha(s.ptr[tail]))
        tail++;
    wr_str suffix = wr_str_slice(s, i, tail);
    static const char ordinals[] = "stndrdth";
    for (size_t k = 0; k < 8 && suffix.len == 2; k += 2)
        if (wr_str_eq_nocase(suffix, wr_str_of(ordinals + k, 2))) {
            t->cls = DW_NTH;
            return tail;
        }
    bool tens = t->value % 10 == 0 && (t->width == 4 || t->width == 2);
    if (suffix.len == 1 && *suffix.ptr == 's' && tens) {
        t->cls = DW_DECADE;
        return tail;
    }
    return i;
}

static date_class sign_class(char c) {
    switch (c) {
    case '-': return DW_HYPHEN;
    case ',': return DW_COMMA;
    case '.': return DW_DOT;
    case ':': return DW_COLON;
    case '/': return DW_SLASH;
    case '$': return DW_MONEY;
    case '!':
    case '?':
    case '\n': return DW_STOP;
    default: return DW_OTHER;
    }
}

static size_t read_token(wr_str s, size_t i, date_token *t) {
    t->capital = (unsigned char)(s.ptr[i] - 'A') < 26;
    if (wr_is_digit(s.ptr[i])) return read_number(s, i, t);
    if (!is_letter(s, i)) {
        t->cls = sign_class(s.ptr[i]);
        return i + ((unsigned char)s.ptr[i] == 0xe2 && s.len - i >= 3 ? 3 : 1);
    }
    size_t end = i;
    while (end < s.len && is_letter(s, end))
        end++;
    const wordlist_row *w = find_word(wr_str_slice(s, i, end));
    if (w) {
        t->cls = (date_class)w->cls;
        t->value = w->value;
    }
    return end;
}

wr_status date_tokens(wr_arena *arena, wr_str text, date_token **out, size_t *n) {
    size_t cap = 0, last = SIZE_MAX;
    *out = NULL;
    *n = 0;
    for (size_t i = 0; i < text.len;) {
        if (wr_is_space(text.ptr[i]) && text.ptr[i] != '\n') {
            i++;
            continue;
        }
        date_token *t = WR_PUSH(arena, *out, *n, cap);
        if (!t) return WR_MEMORY;
        t->start = i;
        t->glued = i == last;
        i = last = t->end = read_token(text, i, t);
    }
    return WR_OK;
}
