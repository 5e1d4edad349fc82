/* markup.c -- the tokenizer: text, tags, comments */
#include "markup.h"

static bool ends_name(char c) {
    return wr_is_space(c) ? c != '\v' : c == '/' || c == '>';
}

static bool is_white(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

void markup_open(markup *m, wr_str input, bool recover) {
    memset(m, 0, offsetof(markup, attrs));
    m->input = input;
    m->recover = recover;
}

bool markup_attr_find(const markup *m, wr_str name, wr_str *value) {
    for (size_t i = 0; i < m->n_attrs; i++)
        if (wr_str_eq_nocase(m->attrs[i].name, name)) {
            *value = m->attrs[i].value;
            return true;
        }
    return false;
}

static char peek(const markup *m, size_t at) {
    return at < m->input.len ? m->input.ptr[at] : 0;
}

static bool text_token(markup *m, size_t from, size_t to, markup_mode read) {
    m->kind = MARKUP_TEXT;
    m->read = read;
    m->text = wr_str_slice(m->input, from, to);
    m->start = from;
    m->end = m->at = to;
    return true;
}

static bool at_end(markup *m) {
    m->kind = MARKUP_EOF;
    m->at = m->start = m->end = m->input.len;
    return false;
}

/* ---- tags ---- */

/* The value in quotes that begins at `at`; returns the offset after the closing quote, SIZE_MAX
 * when there is none. */
static size_t quoted_value(markup *m, size_t at, char quote, wr_str *value) {
    bool *none = &m->no_quote[quote == '\''];
    size_t close = *none ? m->input.len : wr_str_find_char(m->input, at, quote);
    if (close < m->input.len) {
        *value = wr_str_slice(m->input, at, close);
        return close + 1;
    }
    *none = true;
    if (!m->recover) return SIZE_MAX;
    close = wr_str_find_char(m->input, at, '>');
    if (close == m->input.len) return SIZE_MAX;
    *value = wr_str_slice(m->input, at, close);
    return close;
}

static size_t skip_white(const markup *m, size_t at) {
    while (at < m->input.len && is_white(m->input.ptr[at]))
        at++;
    return at;
}

static void add_attr(markup *m, wr_str name, wr_str value) {
    if (m->n_attrs == MARKUP_ATTRS_MAX) return;
    m->attrs[m->n_attrs].name = name;
    m->attrs[m->n_attrs++].value = value;
}

/* After an attribute's name: its value if it has one. SIZE_MAX at the end of input. */
static size_t read_value(markup *m, size_t at, wr_str *value) {
    const char *p = m->input.ptr;
    size_t len = m->input.len;
    *value = wr_str_of(p + at, 0);
    size_t after = skip_white(m, at);
    if (after >= len || p[after] != '=') return after;
    at = skip_white(m, after + 1);
    if (at >= len) return SIZE_MAX;
    if (p[at] == '"' || p[at] == '\'') return quoted_value(m, at + 1, p[at], value);
    size_t from = at;
    while (at < len && !is_white(p[at]) && p[at] != '>')
        at++;
    *value = wr_str_slice(m->input, from, at);
    return at;
}

/* Everything between a tag's name and its '>'; false when the input ends before. */
static bool read_attrs(markup *m, size_t at) {
    const char *p = m->input.ptr;
    size_t len = m->input.len;
    m->n_attrs = 0;
    m->self_closing = false;
    for (;;) {
        while (at < len && (is_white(p[at]) || p[at] == '/')) {
            if (p[at] == '/' && at + 1 < len && p[at + 1] == '>') m->self_closing = true;
            at++;
        }
        if (at >= len) return false;
        if (p[at] == '>') {
            m->end = m->at = at + 1;
            return true;
        }
        size_t from = at++; /* a '=' here begins a name */
        while (at < len && p[at] != '=' && !ends_name(p[at]))
            at++;
        wr_str name = wr_str_slice(m->input, from, at), value;
        at = read_value(m, at, &value);
        if (at == SIZE_MAX) return false;
        add_attr(m, name, value);
    }
}

static bool read_tag(markup *m, size_t at, markup_kind kind) {
    const char *p = m->input.ptr;
    size_t len = m->input.len, name = at + (kind == MARKUP_END ? 2 : 1), end = name;
    while (end < len && !ends_name(p[end]))
        end++;
    m->name = wr_str_slice(m->input, name, end);
    m->start = at;
    if (!read_attrs(m, end)) return at_end(m);
    m->kind = kind;
    m->tag = tag_find(m->name);
    if (kind == MARKUP_END) return true;
    m->last = m->name;
    unsigned how = tag_table[m->tag].kind;
    if ((how & (TAG_RAWTEXT | TAG_RCDATA)) && !m->foreign)
        m->mode = m->tag == TAG_script ? MARKUP_SCRIPT
                  : how & TAG_RCDATA   ? MARKUP_RCDATA
                                       : MARKUP_RAWTEXT;
    else if (m->tag == TAG_plaintext && !m->foreign) m->mode = MARKUP_PLAINTEXT;
    return true;
}

/* ---- comments and declarations ---- */

static bool comment_token(markup *m, size_t start, size_t from, size_t to, size_t end) {
    m->kind = MARKUP_COMMENT;
    m->text = wr_str_slice(m->input, from, to < from ? from : to);
    m->start = start;
    m->end = m->at = end;
    return true;
}

/* Without its end the standard's states have taken up to "--!" off the data. */
static size_t open_comment_end(const markup *m, size_t from) {
    size_t to = m->input.len;
    wr_str data = wr_str_slice(m->input, from, to);
    if (wr_str_ends(data, WR_STR("--!"))) return to - 3;
    for (int i = 0; i < 2 && to > from && m->input.ptr[to - 1] == '-'; i++)
        to--;
    return to;
}

static bool read_comment(markup *m, size_t start) {
    const char *p = m->input.ptr;
    size_t len = m->input.len, from = start + 4;
    if (peek(m, from) == '>') return comment_token(m, start, from, from, from + 1);
    if (peek(m, from) == '-' && peek(m, from + 1) == '>')
        return comment_token(m, start, from, from, from + 2);
    for (size_t at = from; !m->no_comment_end;) {
        at = wr_str_find_char(m->input, at, '>');
        if (at == len) {
            m->no_comment_end = true;
            break;
        }
        if (at >= from + 2 && p[at - 1] == '-' && p[at - 2] == '-')
            return comment_token(m, start, from, at - 2, at + 1);
        if (at >= from + 3 && p[at - 1] == '!' && p[at - 2] == '-' && p[at - 3] == '-')
            return comment_token(m, start, from, at - 3, at + 1);
        at++;
    }
    size_t close = wr_str_find_char(m->input, from, '>');
    if (m->recover && close < len) return comment_token(m, start, from, close, close + 1);
    return comment_token(m, start, from, open_comment_end(m, from), len);
}

/* Bogus comments and document types end at the first '>'. */
static bool read_declaration(markup *m, size_t start, size_t from) {
    size_t close = wr_str_find_char(m->input, from, '>');
    comment_token(m, start, from, close, close < m->input.len ? close + 1 : close);
    if (wr_str_eq_nocase(wr_str_slice(m->input, start + 2, start + 9), WR_STR("doctype")))
        m->kind = MARKUP_DOCTYPE;
    return true;
}

static bool read_cdata(markup *m, size_t from) {
    wr_str rest = wr_str_slice(m->input, from, m->input.len);
    const char *hit = rest.ptr ? memmem(rest.ptr, rest.len, "]]>", 3) : NULL;
    size_t to = hit ? (size_t)(hit - m->input.ptr) : m->input.len;
    m->mode = MARKUP_DATA;
    text_token(m, from, to, MARKUP_CDATA);
    if (hit) m->end = m->at = to + 3;
    return true;
}

static bool read_markup(markup *m, size_t at) {
    char c = peek(m, at + 1);
    if (wr_is_alpha(c)) return read_tag(m, at, MARKUP_START);
    if (c == '/') {
        if (wr_is_alpha(peek(m, at + 2))) return read_tag(m, at, MARKUP_END);
        return read_declaration(m, at, at + 2);
    }
    if (c == '?') return read_declaration(m, at, at + 1);
    wr_str rest = wr_str_slice(m->input, at + 2, m->input.len);
    if (wr_str_starts(rest, WR_STR("--"))) return read_comment(m, at);
    if (m->foreign && wr_str_starts(rest, WR_STR("[CDATA["))) return read_cdata(m, at + 9);
    return read_declaration(m, at, at + 2);
}

/* ---- text ---- */

/* True when the '<' at `at` begins markup. */
static bool is_markup(const markup *m, size_t at) {
    if (at + 1 >= m->input.len) return false;
    char c = m->input.ptr[at + 1];
    return wr_is_alpha(c) || c == '!' || c == '?' || (c == '/' && at + 2 < m->input.len);
}

static bool read_data(markup *m) {
    size_t from = m->at, len = m->input.len, at = from;
    for (;;) {
        at = wr_str_find_char(m->input, at, '<');
        if (at == len) break;
        bool nothing = peek(m, at + 1) == '/' && peek(m, at + 2) == '>'; /* "</>" */
        if (nothing && at == from) from = at += 3;
        else if (nothing || is_markup(m, at)) break;
        else at++;
    }
    if (at > from) return text_token(m, from, at, MARKUP_DATA);
    return at == len ? at_end(m) : read_markup(m, at);
}

/* True when "</" at `at` is the end tag of the element that `name` opened. */
static bool is_end_tag(const markup *m, size_t at, wr_str name) {
    wr_str found = wr_str_slice(m->input, at + 2, at + 2 + name.len);
    if (name.len == 0 || peek(m, at + 1) != '/' || !wr_str_eq_nocase(found, name)) return false;
    size_t after = at + 2 + name.len;
    return after < m->input.len && ends_name(m->input.ptr[after]);
}

/* First end tag of `name` at or after `at`, or the end of input. */
static size_t find_end_tag(const markup *m, size_t at, wr_str name) {
    for (; at < m->input.len; at++) {
        at = wr_str_find_char(m->input, at, '<');
        if (at < m->input.len && is_end_tag(m, at, name)) return at;
    }
    return m->input.len;
}

/* The script data states: "<!--" hides an end tag only while a "<script" stands between. */
static size_t find_script_end(const markup *m, size_t at) {
    enum { PLAIN, ESCAPED, DOUBLE } state = PLAIN;
    const char *p = m->input.ptr;
    size_t len = m->input.len, dashes = SIZE_MAX; /* where the dashes of the last "<!--" began */
    for (; at < len; at++) {
        if (state == PLAIN) at = wr_str_find_char(m->input, at, '<');
        if (at >= len) break;
        if (p[at] == '>' && state != PLAIN && p[at - 1] == '-' && p[at - 2] == '-' &&
            at >= dashes + 2)
            state = PLAIN;
        if (p[at] != '<') continue;
        if (state != DOUBLE && is_end_tag(m, at, m->last)) return at;
        wr_str rest = wr_str_slice(m->input, at + 1, at + 9);
        if (state == PLAIN && wr_str_starts(rest, WR_STR("!--"))) {
            state = ESCAPED;
            dashes = at + 2;
            at += 3;
        } else if (state == ESCAPED &&
                   wr_str_eq_nocase(wr_str_slice(rest, 0, 6), WR_STR("script")) && rest.len > 6 &&
                   ends_name(rest.ptr[6])) {
            state = DOUBLE;
        } else if (state == DOUBLE &&
                   wr_str_eq_nocase(wr_str_slice(rest, 0, 7), WR_STR("/script")) && rest.len > 7 &&
                   ends_name(rest.ptr[7])) {
            state = ESCAPED;
        }
    }
    return len;
}

/* Where raw text that never ends is taken to end: a title at the next tag, the rest at once after
 * the line, so that what follows is read as markup. */
static size_t give_up(const markup *m, size_t at) {
    char stop = m->mode == MARKUP_RCDATA ? '<' : '\n';
    return wr_str_find_char(m->input, at, stop);
}

/* Where the text of the open raw text element ends. What was searched for to the end of the input
 * without success is not searched for again. */
static size_t find_raw_end(markup *m, size_t at) {
    size_t len = m->input.len, to = len;
    if (m->mode == MARKUP_SCRIPT && !m->no_script_end) {
        to = find_script_end(m, at);
        if (to < len || !m->recover) return to;
        m->no_script_end = true; /* the states go astray in this page: take the next end tag */
    }
    tag_id tag = tag_find(m->last);
    if (m->no_raw_end[tag]) return len;
    to = find_end_tag(m, at, m->last);
    m->no_raw_end[tag] = to == len;
    return to;
}

static bool read_raw(markup *m) {
    size_t from = m->at, len = m->input.len;
    markup_mode mode = m->mode;
    size_t to = mode == MARKUP_PLAINTEXT ? len : find_raw_end(m, from);
    if (to == len && mode != MARKUP_PLAINTEXT && m->recover) {
        to = give_up(m, from);
        m->mode = MARKUP_DATA;
    }
    if (to > from) return text_token(m, from, to, mode);
    m->mode = MARKUP_DATA;
    return to == len ? at_end(m) : read_data(m);
}

bool markup_next(markup *m) {
    if (m->at >= m->input.len) return at_end(m);
    if (m->mode == MARKUP_DATA) return read_data(m);
    if (m->mode == MARKUP_CDATA) return read_cdata(m, m->at);
    return read_raw(m);
}
