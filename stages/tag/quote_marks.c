/* quote_marks.c -- pairs of quotation marks, as writers and typesetters really leave them */
#include "quote_marks.h"

typedef enum mark {
    MARK_NONE,
    MARK_STRAIGHT,   /* " */
    MARK_LEFT,       /* U+201C */
    MARK_RIGHT,      /* U+201D */
    MARK_LOW,        /* U+201E */
    MARK_LEFT_ANGLE, /* U+00AB */
    MARK_RIGHT_ANGLE,
    MARK_GRAVES,     /* `` */
    MARK_APOSTROPHES /* '' */
} mark;

/* The mark at i and its length in bytes. */
static mark mark_at(wr_str s, size_t i, size_t *len) {
    const unsigned char *p = (const unsigned char *)s.ptr + i;
    size_t left = s.len - i;
    *len = 1;
    if (*p == '"') return MARK_STRAIGHT;
    *len = 2;
    if (left >= 2 && p[0] == '`' && p[1] == '`') return MARK_GRAVES;
    if (left >= 2 && p[0] == '\'' && p[1] == '\'') return MARK_APOSTROPHES;
    if (left >= 2 && p[0] == 0xc2 && (p[1] == 0xab || p[1] == 0xbb))
        return p[1] == 0xab ? MARK_LEFT_ANGLE : MARK_RIGHT_ANGLE;
    *len = 3;
    if (left >= 3 && p[0] == 0xe2 && p[1] == 0x80) {
        if (p[2] == 0x9c) return MARK_LEFT;
        if (p[2] == 0x9d) return MARK_RIGHT;
        if (p[2] == 0x9e) return MARK_LOW;
    }
    *len = 1;
    return MARK_NONE;
}

static bool is_blank(wr_str s, size_t i) {
    return i >= s.len || wr_is_space(s.ptr[i]);
}

static bool space_before(wr_str s, size_t i) {
    return i == 0 || wr_is_space(s.ptr[i - 1]);
}

/* Could a mark at [i, i+len) open a quotation: something other than space follows, and what stands
 * before is space, an opening bracket or a dash. */
static bool may_open(wr_str s, size_t i, size_t len) {
    if (is_blank(s, i + len)) return false;
    if (space_before(s, i)) return true;
    char before = s.ptr[i - 1];
    return before == '(' || before == '[' || before == '-' || before == '/' || before == ':' ||
           (unsigned char)before >= 0x80;
}

static bool closes(mark open, mark m, wr_str s, size_t i, size_t len) {
    bool looks_closing = !space_before(s, i) || is_blank(s, i + len);
    switch (m) {
    case MARK_RIGHT: return open != MARK_GRAVES;
    case MARK_APOSTROPHES: return open == MARK_GRAVES;
    case MARK_STRAIGHT: return looks_closing;
    case MARK_LEFT: /* closes the low mark of German style; else a wrong mark where none can open */
        return open == MARK_LOW || is_blank(s, i + len) ||
               (open != MARK_LEFT_ANGLE && !may_open(s, i, len));
    case MARK_RIGHT_ANGLE: return open == MARK_LEFT_ANGLE;
    case MARK_LEFT_ANGLE: return open == MARK_LEFT_ANGLE && !may_open(s, i, len);
    default: return false;
    }
}

static bool opens(mark m, wr_str s, size_t i, size_t len) {
    switch (m) {
    case MARK_LEFT:
    case MARK_LOW:
    case MARK_GRAVES: return i + len < s.len && s.ptr[i + len] != '\n';
    case MARK_LEFT_ANGLE: return true;
    case MARK_STRAIGHT: return may_open(s, i, len);
    case MARK_RIGHT: /* a wrong mark: only where nothing could be closed */
        return space_before(s, i) && may_open(s, i, len);
    default: return false;
    }
}

/* Reads one quotation from the mark at `open`; its paragraph ends at `stop`. */
static quote_span read_span(wr_str s, size_t open, size_t len, mark m, size_t stop) {
    quote_span q = {.open = open, .start = open + len};
    size_t i = q.start, inner = 0;
    while (i < stop) {
        size_t here;
        mark c = mark_at(s, i, &here);
        if (c == MARK_LEFT && m == MARK_LEFT && may_open(s, i, here) && i > q.start)
            inner = i; /* a second opening mark: the first was never closed */
        if (c != MARK_NONE && i > q.start && closes(m, c, s, i, here)) {
            q.end = i;
            q.close = i + here;
            return q;
        }
        if (inner) break;
        i += here;
    }
    q.end = inner ? inner : stop;
    q.close = q.end;
    q.unclosed = true;
    return q;
}

static quote_span trimmed(wr_str s, quote_span q) {
    while (q.start < q.end && wr_is_space(s.ptr[q.start]))
        q.start++;
    while (q.end > q.start && wr_is_space(s.ptr[q.end - 1]))
        q.end--;
    return q;
}

/* Marks around nothing but signs are misprints. */
static bool says_something(wr_str s, const quote_span *q) {
    for (size_t i = q->start; i < q->end; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (wr_is_alpha(s.ptr[i]) || wr_is_digit(s.ptr[i]) || (c >= 0x80 && c != 0xe2)) return true;
    }
    return false;
}

wr_status quote_spans(wr_arena *arena, wr_str s, quote_span **out, size_t *n) {
    size_t cap = 0;
    bool open_before = false; /* the paragraph before ended inside a quotation */
    *out = NULL;
    *n = 0;
    for (size_t para = 0; para < s.len;) {
        size_t stop = wr_str_find_char(s, para, '\n');
        bool open_now = false, first = true;
        for (size_t i = para; i < stop;) {
            size_t len;
            mark m = mark_at(s, i, &len);
            if (m == MARK_NONE || !opens(m, s, i, len)) {
                first = first && wr_is_space(s.ptr[i]);
                i += len;
                continue;
            }
            quote_span q = trimmed(s, read_span(s, i, len, m, stop));
            i = q.close > i ? q.close : i + len;
            if (q.end <= q.start || !says_something(s, &q)) continue;
            q.continued = first && open_before;
            open_now = q.unclosed && q.close == stop;
            quote_span *slot = WR_PUSH(arena, *out, *n, cap);
            if (!slot) return WR_MEMORY;
            *slot = q;
            first = false;
        }
        if (stop > para) open_before = open_now;
        para = stop + 1;
    }
    return WR_OK;
}
