/* plain_line.c -- one walk over a line of plain text */
#include "plain_line.h"

enum { C_OTHER, C_SPACE, C_LOWER, C_UPPER, C_DIGIT, C_HIGH }; /* as numbers in the table */

/* clang-format off */
static const uint8_t class_of[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0, 0,
    0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0,
    0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0,
    5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
    5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
    5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
    5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,
};
/* clang-format on */

#define MIX 0x9E3779B1u

static uint32_t finish(uint32_t h) {
    h ^= h >> 15;
    h *= 0x85EBCA6Bu;
    return h ^ (h >> 13);
}

/* The state of a walk: the current word and what was seen of the line. */
struct walk {
    const unsigned char *s;
    size_t n;
    struct plain_line *line;
    uint32_t word, word_shape;       /* hashes of the word being read */
    uint32_t letters, upper, digits; /* of the word */
    uint32_t first_kind;             /* class of the word's first letter or digit */
    bool stop;                       /* the word ends a sentence so far */
};

static enum plain_edge edge_ascii(unsigned char c) {
    switch (c) {
    case '.':
    case '!':
    case '?': return EDGE_STOP;
    case ':': return EDGE_COLON;
    case ',':
    case ';': return EDGE_COMMA;
    case '"':
    case '\'': return EDGE_QUOTE;
    case ')':
    case ']':
    case '}': return EDGE_CLOSE;
    case '*':
    case '|':
    case '>':
    case '<':
    case '+':
    case '-':
    case '~':
    case '#': return EDGE_BULLET;
    default: return EDGE_OTHER;
    }
}

static void mark(struct walk *w, enum plain_edge e) {
    struct plain_line *l = w->line;
    if (l->first == EDGE_NONE) l->first = (uint8_t)e;
    if (e == EDGE_STOP) w->stop = true;
    else if (e != EDGE_QUOTE && e != EDGE_CLOSE) w->stop = false;
    /* closing marks after a stop leave the stop standing */
    if (!((e == EDGE_QUOTE || e == EDGE_CLOSE) && l->last == EDGE_STOP)) l->last = (uint8_t)e;
    l->symbols++;
    l->commas += e == EDGE_COMMA;
    l->quotes += e == EDGE_QUOTE;
}

static void letter(struct walk *w, uint32_t code, bool upper) {
    if (!w->letters && !w->digits) w->first_kind = upper ? C_UPPER : C_LOWER;
    w->letters++;
    w->upper += upper;
    w->word = (w->word ^ code) * MIX;
    w->word_shape = (w->word_shape ^ code) * MIX;
    w->stop = false;
    struct plain_line *l = w->line;
    l->last = upper ? EDGE_UPPER : EDGE_LOWER;
    if (l->first == EDGE_NONE) l->first = l->last;
}

/* A character outside ASCII at s[i]; returns its length in bytes. */
static size_t high(struct walk *w, size_t i) {
    const unsigned char *s = w->s;
    unsigned char c = s[i];
    size_t len = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (c < 0xC2 || i + len > w->n) {
        mark(w, EDGE_OTHER);
        return 1;
    }
    uint32_t d = s[i + 1], e = len > 2 ? s[i + 2] : 0;
    if (c == 0xE2 && d == 0x80) { /* general punctuation */
        if (e >= 0x98 && e <= 0x9F) mark(w, e == 0x99 && w->letters ? EDGE_OTHER : EDGE_QUOTE);
        else if (e == 0xA6) mark(w, EDGE_STOP);
        else if (e >= 0x90 && e <= 0x95) mark(w, EDGE_COMMA);
        else if (e == 0xA2 || e == 0xBA) mark(w, EDGE_BULLET), w->line->seps++;
        else mark(w, EDGE_OTHER);
    } else if (c == 0xE2) { /* arrows, boxes, dingbats */
        mark(w, EDGE_BULLET);
        w->line->seps++;
    } else if (c == 0xC2) {
        if (d == 0xAB || d == 0xBB) mark(w, EDGE_QUOTE);
        else if (d == 0xB7) mark(w, EDGE_BULLET), w->line->seps++;
        else mark(w, EDGE_OTHER);
        if (d == 0xA9 || d == 0xAE) w->line->bits |= BIT_SIGN;
    } else if (c == 0xE3 && d == 0x80) { /* marks of CJK */
        mark(w, e == 0x82 ? EDGE_STOP : e == 0x81 ? EDGE_COMMA : EDGE_QUOTE);
    } else if (c == 0xEF && d == 0xBC) { /* full width */
        mark(w, e == 0x81 || e == 0x9F ? EDGE_STOP : e == 0x8C ? EDGE_COMMA : EDGE_OTHER);
    } else if (c == 0xF0) {
        mark(w, EDGE_BULLET);
    } else {
        bool upper = (c == 0xC3 && d < 0x9F) || (c == 0xCE && d >= 0x86 && d <= 0xAB) ||
                     (c == 0xD0 && d < 0xB0);
        uint32_t code = ((uint32_t)c << 16) | (d << 8) | e;
        if (c == 0xC3 && upper) code += 0x2000; /* Latin-1 folds by 0x20 in the second byte */
        letter(w, code, upper);
        if (c >= 0xE3 && c <= 0xED) w->line->wide++;
    }
    return len;
}

/* English month names and their usual short forms, given a capitalised word. */
static bool is_month(const unsigned char *s, size_t len) {
    static const char names[12][10] = {"january",   "february", "march",    "april",
                                       "may",       "june",     "july",     "august",
                                       "september", "october",  "november", "december"};
    while (len && class_of[s[len - 1]] == C_OTHER)
        len--;
    while (len && class_of[*s] == C_OTHER)
        s++, len--;
    if (len < 3 || len > 9) return false;
    for (size_t m = 0; m < 12; m++) {
        const char *name = names[m];
        if ((*s | 32) != name[0] || (s[1] | 32) != name[1] || (s[2] | 32) != name[2]) continue;
        if (len == 3 || (m == 8 && len == 4)) return true;
        for (size_t i = 3; i < len; i++)
            if ((s[i] | 32) != name[i]) return false;
        return name[len] == 0;
    }
    return false;
}

struct sums {
    const struct plain_lex *lex;
    uint16_t *cells;
    size_t n;
    int32_t sum;
};

static void look_up(struct sums *u, uint32_t h) {
    uint32_t cell = finish(h) >> (32 - PLAIN_LEX_BITS);
    if (u->lex) u->sum += u->lex->weight[cell];
    if (u->cells) u->cells[u->n++] = (uint16_t)cell;
}

static void end_word(struct walk *w, struct plain_tokens *tokens, struct sums *u,
                     uint32_t *before) {
    struct plain_line *l = w->line;
    l->stops += w->stop;
    if (!w->letters && !w->digits) {
        l->seps += w->n > 1 && l->words > 0; /* a mark that stands alone parts two things */
        return;
    }
    l->letters += w->letters;
    l->upper += w->upper;
    l->digits += w->digits;
    bool capital = w->first_kind == C_UPPER;
    if (capital) l->caps++;
    if (w->letters && w->letters <= 3 && !w->upper && !w->digits) l->small++;
    if (w->letters >= 5 || (capital && l->words) || w->digits >= 2)
        tokens->hash[tokens->n++] = finish(w->word);
    if (l->words < PLAIN_LEX_WORDS) {
        uint32_t h = w->word_shape;
        look_up(u, h);
        look_up(u, l->words ? h * 31 + *before : h ^ 0x5bd1e995u);
        *before = h;
    }
    l->words++;
    l->hash = (l->hash ^ w->word) * MIX + 1;
    l->shape = (l->shape ^ w->word_shape) * MIX + 1;
}

static size_t read_word(struct walk *w, size_t i) {
    const unsigned char *s = w->s;
    size_t from = i;
    w->word = w->word_shape = w->letters = w->upper = w->digits = w->first_kind = 0;
    w->stop = false;
    for (; i < w->n; w->line->chars++) {
        unsigned char c = s[i];
        switch (class_of[c]) {
        case C_LOWER: letter(w, c, false), i++; break;
        case C_UPPER: letter(w, c | 32u, true), i++; break;
        case C_DIGIT:
            if (!w->letters && !w->digits) w->first_kind = C_DIGIT;
            w->word = (w->word ^ c) * MIX;
            if (!w->digits++) w->word_shape = (w->word_shape ^ '0') * MIX;
            w->stop = false;
            w->line->last = EDGE_DIGIT;
            if (w->line->first == EDGE_NONE) w->line->first = EDGE_DIGIT;
            i++;
            break;
        case C_SPACE: return i;
        case C_HIGH:
            if (c == 0xC2 && i + 1 < w->n && s[i + 1] == 0xA0) return i;
            i += high(w, i);
            break;
        default:
            if (c == '@') w->line->bits |= BIT_AT;
            if (c == '|') w->line->seps++;
            if (c == '/' && i > from && i + 1 < w->n && class_of[s[i + 1]] >= C_LOWER)
                w->line->bits |= BIT_SLASH;
            if (c == ':' && w->digits && i + 1 < w->n && class_of[s[i + 1]] == C_DIGIT)
                w->line->bits |= BIT_TIME;
            if (c == ':' && i + 2 < w->n && s[i + 1] == '/' && s[i + 2] == '/')
                w->line->bits |= BIT_URL;
            if (c == '\'' && w->letters && i + 1 < w->n && class_of[s[i + 1]] >= C_LOWER) {
                i++; /* an apostrophe */
                break;
            }
            mark(w, edge_ascii(c));
            i++;
        }
    }
    return i;
}

static bool is_year(const unsigned char *s, size_t from, size_t to) {
    while (from < to && class_of[s[from]] == C_OTHER)
        from++;
    while (from < to && class_of[s[to - 1]] == C_OTHER)
        to--;
    return to - from == 4 &&
           ((s[from] == '1' && s[from + 1] == '9') || (s[from] == '2' && s[from + 1] == '0')) &&
           class_of[s[from + 2]] == C_DIGIT && class_of[s[from + 3]] == C_DIGIT;
}

static bool bracketed(wr_str t) {
    if (t.len < 6) return false;
    if (wr_str_ends(t, WR_STR("**")) && !wr_str_starts(t, WR_STR("**"))) return true;
    if (t.ptr[t.len - 1] != ']') return false;
    size_t open = t.len;
    while (open && t.ptr[open - 1] != '[')
        open--;
    return open > 1 && t.len - open < 60;
}

void plain_line_scan(wr_str text, const struct plain_lex *lex, struct plain_tokens *tokens,
                     struct plain_line *line, uint16_t *cells, size_t *n_cells) {
    *line = (struct plain_line){.text = text, .token = (uint32_t)tokens->n};
    struct walk w = {.s = (const unsigned char *)text.ptr, .n = text.len, .line = line};
    struct sums u = {lex, cells, 0, 0};
    uint32_t before = 0;
    for (size_t i = 0; i < text.len;) {
        unsigned char c = w.s[i];
        if (class_of[c] == C_SPACE) {
            i++;
            line->chars++;
        } else if (c == 0xC2 && i + 1 < text.len && w.s[i + 1] == 0xA0) {
            i += 2;
            line->chars++;
        } else {
            size_t from = i;
            i = read_word(&w, i);
            end_word(&w, tokens, &u, &before);
            if (w.first_kind == C_UPPER && w.letters <= 9 && w.letters >= 3 &&
                is_month(w.s + from, i - from))
                line->bits |= BIT_MONTH;
            if (w.digits == 4 && is_year(w.s, from, i)) line->bits |= BIT_YEAR;
        }
    }
    if (line->words) look_up(&u, before ^ 0xc2b2ae35u);
    if (line->words && line->words <= 8) look_up(&u, line->shape ^ 0x27d4eb2fu);
    if (line->wide > 2 * line->words) line->words += line->wide / 2;
    if (!line->letters && line->digits) line->bits |= BIT_NUMBER;
    if (bracketed(text)) line->bits |= BIT_BRACKET;
    line->n_token = (uint32_t)(tokens->n - line->token);
    line->lex = u.sum;
    line->lex_words = (uint8_t)(line->words < PLAIN_LEX_WORDS ? line->words : PLAIN_LEX_WORDS);
    if (n_cells) *n_cells = u.n;
    line->cue = (uint8_t)plain_cue_of(line);
}
