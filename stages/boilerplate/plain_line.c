/* plain_line.c -- one walk over a line of plain text */
#include "plain_line.h"

#include <endian.h>

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

#define MIX        0x9E3779B1u
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint32_t finish(uint32_t h) {
    h ^= h >> 15;
    h *= 0x85EBCA6Bu;
    return h ^ (h >> 13);
}

static uint64_t mix(uint64_t state, uint64_t value) {
    state = (state ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return state ^ (state >> 29);
}

/* The state of a walk: the current word and what was seen of the line. */
struct walk {
    const unsigned char *s;
    size_t n, safe; /* the text's length, and how many bytes may be read */
    struct plain_line *line;
    uint64_t word, shape; /* hashes of the word being read; shape differs once it has digits */
    uint32_t letters, upper, digits; /* of the word */
    uint32_t more;                   /* bytes of the line beyond one a character */
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

static void add_value(struct walk *w, uint64_t value) {
    w->word = mix(w->word, value);
    if (w->digits) w->shape = mix(w->shape, value);
}

/* A letter outside ASCII. */
static void letter(struct walk *w, uint32_t code, bool upper) {
    if (!w->letters && !w->digits) w->first_kind = upper ? C_UPPER : C_LOWER;
    w->letters++;
    w->upper += upper;
    add_value(w, code);
    w->stop = false;
    struct plain_line *l = w->line;
    l->last = upper ? EDGE_UPPER : EDGE_LOWER;
    if (l->first == EDGE_NONE) l->first = l->last;
}

/* Up to eight bytes at s[i], the first in the lowest place. */
static uint64_t load(const struct walk *w, size_t i, size_t len) {
    uint64_t v = 0;
    if (i + 8 <= w->safe) {
        memcpy(&v, w->s + i, 8);
        v = le64toh(v);
        return len < 8 ? v & ((UINT64_C(1) << (8 * len)) - 1) : v;
    }
    for (size_t k = 0; k < len; k++)
        v |= (uint64_t)w->s[i + k] << (8 * k);
    return v;
}

/* How many of the letters in `v` are capitals; `fold` has 0x20 in each of their places. */
static uint32_t capitals(uint64_t v, uint64_t fold) {
    return (uint32_t)(((~v & fold) >> 5) * EACH(1) >> 56);
}

/* A run of ASCII letters, taken eight at a time, capitals folded; returns its end. */
static size_t letters(struct walk *w, size_t i) {
    size_t end = i + 1;
    while (end < w->n && (class_of[w->s[end]] & ~1u) == C_LOWER)
        end++;
    struct plain_line *l = w->line;
    if (!w->letters && !w->digits) w->first_kind = class_of[w->s[i]];
    if (l->first == EDGE_NONE) l->first = class_of[w->s[i]] == C_UPPER ? EDGE_UPPER : EDGE_LOWER;
    l->last = class_of[w->s[end - 1]] == C_UPPER ? EDGE_UPPER : EDGE_LOWER;
    w->letters += (uint32_t)(end - i);
    w->stop = false;
    for (; i < end; i += 8) {
        size_t len = end - i < 8 ? end - i : 8;
        uint64_t v = load(w, i, len), fold = EACH(0x20);
        if (len < 8) fold &= (UINT64_C(1) << (8 * len)) - 1;
        w->upper += capitals(v, fold);
        add_value(w, v | fold);
    }
    return end;
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
    w->more += (uint32_t)len - 1;
    return len;
}

/* English month names and their usual short forms, given a capitalised word. */
static bool is_month(const unsigned char *s, size_t len) {
    const char *name;
    while (len && class_of[s[len - 1]] == C_OTHER)
        len--;
    while (len && class_of[*s] == C_OTHER)
        s++, len--;
    if (len < 3 || len > 9) return false;
    switch ((s[0] | 32) << 16 | (s[1] | 32) << 8 | (s[2] | 32)) {
    case 'j' << 16 | 'a' << 8 | 'n': name = "january"; break;
    case 'f' << 16 | 'e' << 8 | 'b': name = "february"; break;
    case 'm' << 16 | 'a' << 8 | 'r': name = "march"; break;
    case 'a' << 16 | 'p' << 8 | 'r': name = "april"; break;
    case 'm' << 16 | 'a' << 8 | 'y': name = "may"; break;
    case 'j' << 16 | 'u' << 8 | 'n': name = "june"; break;
    case 'j' << 16 | 'u' << 8 | 'l': name = "july"; break;
    case 'a' << 16 | 'u' << 8 | 'g': name = "august"; break;
    case 's' << 16 | 'e' << 8 | 'p': name = "september"; break;
    case 'o' << 16 | 'c' << 8 | 't': name = "october"; break;
    case 'n' << 16 | 'o' << 8 | 'v': name = "november"; break;
    case 'd' << 16 | 'e' << 8 | 'c': name = "december"; break;
    default: return false;
    }
    if (len == 3 || (len == 4 && *name == 's' && (s[3] | 32) == 't')) return true;
    for (size_t i = 3; i < len; i++)
        if ((s[i] | 32) != name[i]) return false; /* also where the name ends first */
    return name[len] == 0;
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

/* What every word adds to its line, whatever it is made of. */
static void add_word(struct plain_line *l, uint32_t word, uint32_t shape, bool content,
                     bool capital, struct plain_tokens *tokens, struct sums *u, uint32_t *before) {
    if (content) tokens->hash[tokens->n++] = (finish(word) & ~1u) | capital;
    if (l->words < PLAIN_LEX_WORDS) {
        look_up(u, shape);
        look_up(u, l->words ? shape * 31 + *before : shape ^ 0x5bd1e995u);
        *before = shape;
    }
    l->words++;
    l->hash = (l->hash ^ word) * MIX + 1;
    l->shape = (l->shape ^ shape) * MIX + 1;
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
    uint32_t word = (uint32_t)(w->word ^ (w->word >> 32));
    uint32_t shape = w->digits ? (uint32_t)(w->shape ^ (w->shape >> 32)) : word;
    bool content = w->letters >= 5 || (capital && l->words) || w->digits >= 2;
    add_word(l, word, shape, content, capital, tokens, u, before);
}

static void digit(struct walk *w, unsigned char c) {
    if (!w->letters && !w->digits) w->first_kind = C_DIGIT;
    if (!w->digits++) w->shape = mix(w->word, '0');
    w->word = mix(w->word, c);
    w->stop = false;
    w->line->last = EDGE_DIGIT;
    if (w->line->first == EDGE_NONE) w->line->first = EDGE_DIGIT;
}

/* An ASCII mark at s[i] of a word that began at `from`. */
static void ascii_mark(struct walk *w, size_t from, size_t i) {
    const unsigned char *s = w->s;
    unsigned char c = s[i], next = i + 1 < w->n ? s[i + 1] : ' ';
    if (c == '\'' && w->letters && class_of[next] >= C_LOWER) return; /* an apostrophe */
    if (c == '@') w->line->bits |= BIT_AT;
    if (c == '|') w->line->seps++;
    if (c == '/' && i > from && class_of[next] >= C_LOWER) w->line->bits |= BIT_SLASH;
    if (c == ':' && w->digits && class_of[next] == C_DIGIT) w->line->bits |= BIT_TIME;
    if (c == ':' && next == '/' && i + 2 < w->n && s[i + 2] == '/') w->line->bits |= BIT_URL;
    mark(w, edge_ascii(c));
}

static size_t read_word(struct walk *w, size_t i) {
    const unsigned char *s = w->s;
    size_t from = i;
    w->word = w->shape = 0;
    w->letters = w->upper = w->digits = w->first_kind = 0;
    w->stop = false;
    while (i < w->n) {
        unsigned char c = s[i];
        switch (class_of[c]) {
        case C_LOWER:
        case C_UPPER: i = letters(w, i); continue;
        case C_SPACE: return i;
        case C_DIGIT: digit(w, c), i++; break;
        case C_HIGH:
            if (c == 0xC2 && i + 1 < w->n && s[i + 1] == 0xA0) return i;
            i += high(w, i);
            break;
        default: ascii_mark(w, from, i), i++;
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

/* The way agencies open a story: a place in capitals, often with the agency in brackets, then a
 * dash or colon, all within the first 60 bytes ("NEWTOWN, Ohio (XYZ) -- ..."). */
static bool is_lead(wr_str t) {
    size_t end = t.len < 60 ? t.len : 60, run = 0, longest = 0;
    bool bracket = false;
    for (size_t i = 0; i + 2 < end; i++) {
        unsigned char c = (unsigned char)t.ptr[i];
        uint8_t k = class_of[c];
        run = k == C_UPPER ? run + 1 : 0;
        if (run > longest) longest = run;
        if (c == '(') bracket = true;
        bool starts_small = k == C_LOWER && (i == 0 || t.ptr[i - 1] == ' ');
        if (starts_small || c == '"' || c == '?' || c == '!') return false;
        bool dash = (c == '-' && (t.ptr[i + 1] == '-' || t.ptr[i + 1] == ' ')) ||
                    (c == 0xE2 && (unsigned char)t.ptr[i + 1] == 0x80 &&
                     ((unsigned char)t.ptr[i + 2] == 0x93 || (unsigned char)t.ptr[i + 2] == 0x94));
        bool colon = c == ':' && i && (t.ptr[i - 1] == ')' || longest >= 4);
        if (dash || colon) return i >= 3 && (longest >= 4 || (bracket && longest >= 2));
    }
    return false;
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

/* How many of the eight bytes in `v` are ASCII letters before the first that is not. */
static size_t letter_run(uint64_t v) {
    uint64_t x = (v | EACH(0x20)) & EACH(0x7f);
    uint64_t from_a = x + EACH(0x80 - 'a'), past_z = x + EACH(0x7f - 'z');
    uint64_t other = ~(from_a & ~past_z & ~v) & EACH(0x80);
    return other ? (size_t)__builtin_ctzll(other) / 8 : 8;
}

/* The common word: up to 16 ASCII letters, then a blank, or a comma or full stop and a blank, or
 * the line's end. Returns the end of it, or `i` when the word is of another kind (nothing is done
 * then). */
static size_t quick_word(struct walk *w, size_t i, struct plain_tokens *tokens, struct sums *u,
                         uint32_t *before) {
    const unsigned char *s = w->s;
    if (i + 18 > w->safe) return i;
    uint64_t a = load(w, i, 8), b = 0, fold = EACH(0x20), hash;
    size_t len = letter_run(a);
    uint32_t upper;
    if (len < 8) {
        if (!len) return i;
        uint64_t mask = (UINT64_C(1) << (8 * len)) - 1;
        a &= mask;
        upper = capitals(a, fold & mask);
        hash = mix(0, a | (fold & mask));
    } else {
        b = load(w, i + 8, 8);
        size_t more = letter_run(b);
        if (more == 8) return i;
        uint64_t mask = (UINT64_C(1) << (8 * more)) - 1;
        b &= mask;
        upper = capitals(a, fold) + capitals(b, fold & mask);
        hash = mix(0, a | fold);
        if (more) hash = mix(hash, b | (fold & mask));
        len += more;
    }
    unsigned char end = s[i + len];
    size_t next = i + len + 1;
    bool mark_after = (end == ',' || end == '.') && (next == w->n || s[next] == ' ');
    if (end != ' ' && !mark_after && next <= w->n) return i;
    struct plain_line *l = w->line;
    bool capital = class_of[s[i]] == C_UPPER;
    bool last_upper = class_of[s[i + len - 1]] == C_UPPER;
    uint32_t word = (uint32_t)(hash ^ (hash >> 32));
    if (l->first == EDGE_NONE) l->first = capital ? EDGE_UPPER : EDGE_LOWER;
    l->last = last_upper ? EDGE_UPPER : EDGE_LOWER;
    l->letters += (uint32_t)len;
    l->upper += upper;
    l->caps += capital;
    l->small += len <= 3 && !upper;
    if (mark_after) {
        l->symbols++;
        l->commas += end == ',';
        l->stops += end == '.';
        l->last = end == ',' ? EDGE_COMMA : EDGE_STOP;
    }
    add_word(l, word, word, len >= 5 || (capital && l->words), capital, tokens, u, before);
    if (capital && len >= 3 && len <= 9 && is_month(s + i, len)) l->bits |= BIT_MONTH;
    return i + len + mark_after;
}

void plain_line_scan(wr_str text, const struct plain_lex *lex, struct plain_tokens *tokens,
                     struct plain_line *line, uint16_t *cells, size_t *n_cells) {
    *line = (struct plain_line){.text = text, .token = (uint32_t)tokens->n};
    /* a short line is read from a copy with room behind it, so that it can be read in eights */
    unsigned char room[96];
    struct walk w = {(const unsigned char *)text.ptr, text.len, text.len, .line = line};
    if (text.len && text.len <= sizeof room - 18) {
        memcpy(room, text.ptr, text.len);
        memset(room + text.len, 0, 18);
        w.s = room;
        w.safe = text.len + 18;
    }
    struct sums u = {lex, cells, 0, 0};
    uint32_t before = 0;
    for (size_t i = 0; i < text.len;) {
        unsigned char c = w.s[i];
        if (class_of[c] == C_SPACE) {
            i++;
            continue;
        }
        if (c == 0xC2 && i + 1 < text.len && w.s[i + 1] == 0xA0) {
            i += 2;
            w.more++;
            continue;
        }
        size_t from = i;
        i = quick_word(&w, from, tokens, &u, &before);
        if (i != from) continue;
        i = read_word(&w, from);
        end_word(&w, tokens, &u, &before);
        if (w.first_kind == C_UPPER && w.letters <= 9 && w.letters >= 3 &&
            is_month(w.s + from, i - from))
            line->bits |= BIT_MONTH;
        if (w.digits == 4 && is_year(w.s, from, i)) line->bits |= BIT_YEAR;
    }
    line->chars = (uint32_t)text.len - w.more;
    if (line->words) look_up(&u, before ^ 0xc2b2ae35u);
    if (line->words && line->words <= 8) look_up(&u, line->shape ^ 0x27d4eb2fu);
    if (line->wide > 2 * line->words) line->words += line->wide / 2;
    if (!line->letters && line->digits) line->bits |= BIT_NUMBER;
    if (bracketed(text)) line->bits |= BIT_BRACKET;
    if (line->words >= 8 && line->first == EDGE_UPPER && is_lead(text)) line->bits |= BIT_LEAD;
    line->n_token = (uint32_t)(tokens->n - line->token);
    line->lex = u.sum;
    line->lex_words = (uint8_t)(line->words < PLAIN_LEX_WORDS ? line->words : PLAIN_LEX_WORDS);
    if (n_cells) *n_cells = u.n;
    line->cue = (uint8_t)plain_cue_of(line);
}
