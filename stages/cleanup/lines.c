/* lines.c -- lines of plain text: where they are, which belong together */
#include "lines.h"

#include "space.h"

#define WIDTH_MIN    45
#define WIDTH_MAX    120
#define WIDTHS       512 /* longer lines count as this */
#define BREAKS_MIN   3   /* fewer forced breaks are no evidence of wrapping */
#define SENTENCE_MIN 60  /* a line cut in mid-sentence is longer */
#define HYPHENS_MAX  200

/* ---- splitting ---- */

static size_t white_at(const char *p, const char *end) {
    bool blank;
    if (wr_is_space(*p)) return 1;
    return (unsigned char)*p >= 0xC2 ? space_odd(p, end, &blank) : 0;
}

/* White space of two or three bytes that ends at `end`, or a single byte; 0 for other text. */
static size_t white_before(const char *start, const char *end) {
    if (wr_is_space(end[-1])) return 1;
    for (size_t n = 2; n <= 3; n++)
        if ((size_t)(end - start) >= n && white_at(end - n, end) == n) return n;
    return 0;
}

/* Length of a list mark with the space after it at the start of the line, else 0. */
static uint32_t list_mark(wr_str s) {
    static const wr_str marks[] = {{"\u2022", 3}, {"\u00b7", 2}, {"\u25cf", 3}, {"\u25aa", 3},
                                   {"\u25e6", 3}, {"\u2023", 3}, {"\u2043", 3}, {"*", 1},
                                   {"-", 1},      {"+", 1}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t len = marks[i].len;
        if (!wr_str_starts(s, marks[i]) || s.len <= len) continue;
        size_t space = white_at(s.ptr + len, s.ptr + s.len);
        if (space == 0 || len + space >= s.len) return 0;
        return (uint32_t)(len + space);
    }
    return 0;
}

static uint32_t count_chars(wr_str s) {
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}

wr_status lines_split(wr_arena *arena, wr_str text, line **lines, size_t *n) {
    size_t cap = 0;
    uint32_t breaks = 0;
    *lines = NULL;
    *n = 0;
    for (size_t at = 0; at < text.len;) {
        size_t stop = at;
        while (stop < text.len && text.ptr[stop] != '\n' && text.ptr[stop] != '\r')
            stop++;
        const char *p = text.ptr + at, *end = text.ptr + stop;
        uint32_t indent = 0;
        for (size_t white; p < end && (white = white_at(p, end)) > 0; p += white)
            indent += *p == '\t' ? 8 : 1;
        for (size_t white; end > p && (white = white_before(p, end)) > 0;)
            end -= white;
        if (end > p) {
            if (*n == LINES_MAX) return WR_LIMIT;
            line *l = WR_PUSH(arena, *lines, *n, cap);
            if (!l) return WR_MEMORY;
            l->text = wr_str_of(p, (size_t)(end - p));
            l->start = (size_t)(p - text.ptr);
            l->chars = count_chars(l->text);
            l->indent = indent;
            l->breaks = breaks;
            l->mark = list_mark(l->text);
            breaks = 0;
        }
        breaks++;
        at = stop + 1;
        if (stop + 1 < text.len && text.ptr[stop] == '\r' && text.ptr[stop + 1] == '\n') at++;
    }
    return WR_OK;
}

/* ---- characters and words ---- */

static bool is_lower_start(wr_str s) {
    if (s.len == 0) return false;
    unsigned char c = (unsigned char)s.ptr[0], d = s.len > 1 ? (unsigned char)s.ptr[1] : 0;
    if (c < 0x80) return c >= 'a' && c <= 'z';
    if (c == 0xC3) return d >= 0x9F && d != 0xB7; /* Latin-1 */
    if (c == 0xD0) return d >= 0xB0;              /* Cyrillic */
    if (c == 0xD1) return d <= 0x9F;
    if (c == 0xCE) return d >= 0xB1; /* Greek */
    if (c == 0xCF) return d <= 0x89;
    return false;
}

static wr_str first_word(wr_str s) {
    size_t n = 0;
    while (n < s.len && !white_at(s.ptr + n, s.ptr + s.len))
        n++;
    return wr_str_slice(s, 0, n);
}

static wr_str last_word(wr_str s) {
    size_t n = s.len;
    while (n > 0 && !white_before(s.ptr, s.ptr + n))
        n--;
    return wr_str_slice(s, n, s.len);
}

static size_t count_words(wr_str s) {
    size_t n = 0;
    bool inside = false;
    for (size_t i = 0; i < s.len; i++) {
        bool white = white_at(s.ptr + i, s.ptr + s.len) > 0;
        n += !white && !inside;
        inside = !white;
    }
    return n;
}

/* The last character that is no closing quote or bracket, 0 when there is none. */
static char final_char(wr_str s) {
    while (s.len) {
        char c = s.ptr[s.len - 1];
        wr_str end = wr_str_slice(s, s.len >= 3 ? s.len - 3 : 0, s.len);
        if (c == '"' || c == '\'' || c == ')' || c == ']') s.len--;
        else if (wr_str_eq(end, WR_STR("\u201d")) || wr_str_eq(end, WR_STR("\u2019"))) s.len -= 3;
        else if (wr_str_ends(end, WR_STR("\u00bb"))) s.len -= 2;
        else if (wr_str_eq(end, WR_STR("\u2026")) || wr_str_eq(end, WR_STR("\u3002"))) return '.';
        else return c;
    }
    return 0;
}

static bool ends_sentence(wr_str s) {
    char c = final_char(s);
    return c == '.' || c == '!' || c == '?';
}

/* Ends in a letter or a comma: a sentence that goes on, if it is one. */
static bool ends_open(wr_str s) {
    char c = s.len ? s.ptr[s.len - 1] : 0;
    bool lower = c >= 'a' && c <= 'z';
    if ((unsigned char)c >= 0x80) { /* a letter of two bytes, not a mark of three */
        wr_str last = wr_str_slice(s, s.len >= 2 ? s.len - 2 : 0, s.len);
        lower = (unsigned char)last.ptr[0] >= 0xC3 && (unsigned char)last.ptr[0] <= 0xD1;
    }
    return lower || c == ',';
}

bool lines_is_address(wr_str token) {
    return wr_str_starts(token, WR_STR("http://")) || wr_str_starts(token, WR_STR("https://")) ||
           wr_str_starts(token, WR_STR("www."));
}

/* ---- hard wrapping ---- */

/* The width the text was wrapped at, 0 when it was not. */
static uint32_t wrap_width(const line *lines, size_t n) {
    uint32_t by_length[WIDTHS] = {0}, breaks = 0, forced = 0, width = 0;
    for (size_t i = 0; i + 1 < n; i++)
        if (lines[i + 1].breaks == 1) {
            by_length[lines[i].chars < WIDTHS ? lines[i].chars : WIDTHS - 1]++;
            breaks++;
        }
    if (breaks < BREAKS_MIN) return 0;
    for (uint32_t seen = 0; width < WIDTHS - 1; width++) {
        seen += by_length[width];
        if ((uint64_t)seen * 100 >= (uint64_t)breaks * 97) break;
    }
    if (width < WIDTH_MIN || width > WIDTH_MAX) return 0;
    for (size_t i = 0; i + 1 < n; i++)
        if (lines[i + 1].breaks == 1)
            forced += lines[i].chars + 1 + count_chars(first_word(lines[i + 1].text)) > width;
    return forced >= BREAKS_MIN && forced * 10 >= breaks * 6 ? width : 0;
}

static bool was_wrapped(const line *a, const line *b, uint32_t width) {
    if (b->breaks != 1 || b->mark || b->indent >= a->indent + 2) return false;
    if (a->chars + 1 + count_chars(first_word(b->text)) > width) return true;
    return is_lower_start(b->text) && a->chars * 2 > width && !ends_sentence(a->text);
}

/* ---- hyphens ---- */

static bool is_word_byte(char c) {
    return wr_is_alpha(c) || (unsigned char)c >= 0x80;
}

/* True when a + mark + b stands somewhere in the text as a word, within one line. */
static bool text_has(wr_str text, wr_str a, const char *mark, wr_str b) {
    char word[128];
    size_t gap = strlen(mark), len = a.len + gap + b.len;
    if (len > sizeof word) return false;
    memcpy(word, a.ptr, a.len);
    memcpy(word + a.len, mark, gap);
    memcpy(word + a.len + gap, b.ptr, b.len);
    for (const char *p = text.ptr, *end = p + text.len; p < end; p++) {
        p = memmem(p, (size_t)(end - p), word, len);
        if (!p) return false;
        bool left = p == text.ptr || !is_word_byte(p[-1]);
        if (left && (p + len == end || !is_word_byte(p[len]))) return true;
    }
    return false;
}

/* How line b goes on line a, which ends in a hyphen. */
static line_join join_hyphen(wr_str text, const line *a, const line *b, size_t *searches) {
    wr_str left = last_word(a->text), right = first_word(b->text);
    left.len--;
    while (left.len && !is_word_byte(*left.ptr))
        left.ptr++, left.len--;
    size_t n = 0;
    while (n < right.len && is_word_byte(right.ptr[n]))
        n++;
    right.len = n;
    if (left.len == 0) return LINE_SPACE; /* a dash between words */
    if (left.len < 2 || right.len < 2 || !is_lower_start(right) || (*searches)++ >= HYPHENS_MAX)
        return LINE_HYPHEN;
    return text_has(text, left, "", right) ? LINE_NO_HYPHEN : LINE_HYPHEN;
}

/* ---- sentences over a blank line ---- */

static bool open_quote(wr_str s) {
    size_t straight = 0;
    int curly = 0;
    for (size_t i = 0; i < s.len; i++) {
        straight += s.ptr[i] == '"';
        if (wr_str_starts(wr_str_slice(s, i, s.len), WR_STR("\u201c"))) curly++;
        if (wr_str_starts(wr_str_slice(s, i, s.len), WR_STR("\u201d"))) curly--;
    }
    return (straight & 1) || curly > 0;
}

/* Words a sentence cannot end with: what follows must belong to it. */
static bool is_open_word(wr_str word) {
    static const char words[] = " a an the and or but nor of to in on at by for with from into "
                                "onto over under between among "
                                "against about after before during through that which who whom "
                                "whose where when while as than "
                                "if because although is are was were be been being has have had "
                                "will would can could may might "
                                "must shall should do does did not its his her their our my your "
                                "this these those more most very "
                                "such both either neither no any each every some many ";
    char key[16];
    if (word.len == 0 || word.len + 2 > sizeof key) return false;
    key[0] = key[word.len + 1] = ' ';
    for (size_t i = 0; i < word.len; i++)
        key[i + 1] = wr_lower(word.ptr[i]);
    return memmem(words, sizeof words - 1, key, word.len + 2) != NULL;
}

/* Prose that goes on from a line cut in mid-sentence, see plain.h. */
static bool goes_on(const line *a, const line *b) {
    if (b->breaks != 2 || a->mark || b->mark) return false;
    if (a->chars <= SENTENCE_MIN || !ends_open(a->text) || !is_lower_start(b->text)) return false;
    wr_str word = first_word(b->text), last = last_word(a->text);
    for (size_t i = 0; i < word.len; i++)
        if (!wr_is_alpha(word.ptr[i]) || word.ptr[i] < 'a')
            if (!(i + 1 == word.len && word.ptr[i] == ',')) return false;
    if (lines_is_address(first_word(a->text)) || lines_is_address(last)) return false;
    if (count_words(b->text) < 5 || !ends_sentence(b->text)) return false;
    bool quote = open_quote(a->text) && open_quote(b->text);
    return quote || is_open_word(last) || a->text.ptr[a->text.len - 1] == ',';
}

/* ---- addresses ---- */

/* Both parts of a slug, with nothing else on their lines. */
static bool is_slug_rest(wr_str s) {
    size_t dashes = 0;
    if (s.len < 4) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool known = wr_is_digit(c) || (c >= 'a' && c <= 'z') || strchr("-/._?=&%#", c);
        if (!known || c == 0) return false;
        dashes += c == '-';
    }
    return dashes >= 2 || (dashes && wr_is_digit(s.ptr[s.len - 1]));
}

bool lines_broken_address(wr_str head, wr_str rest) {
    if (!lines_is_address(head) || !is_slug_rest(rest)) return false;
    size_t dashes = 0, slash = 0;
    for (size_t i = 0; i < head.len; i++) {
        if (head.ptr[i] == '/') dashes = 0, slash++;
        dashes += head.ptr[i] == '-';
    }
    char last = head.ptr[head.len - 1];
    return slash >= 3 && dashes >= 2 && (wr_is_alpha(last) || last == '-');
}

void lines_decide(wr_str text, line *lines, size_t n) {
    uint32_t width = wrap_width(lines, n);
    size_t searches = 0;
    for (size_t i = 1; i < n; i++) {
        const line *a = &lines[i - 1];
        line *b = &lines[i];
        if (b->breaks <= 2 && lines_broken_address(a->text, b->text)) b->join = LINE_ADDRESS;
        else if (width && was_wrapped(a, b, width))
            b->join =
                wr_str_ends(a->text, WR_STR("-")) ? join_hyphen(text, a, b, &searches) : LINE_SPACE;
        else if (goes_on(a, b)) b->join = LINE_SPACE;
    }
}
