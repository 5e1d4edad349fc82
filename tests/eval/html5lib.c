/* html5lib.c -- eval_html5lib: html5lib tokenizer cases through cleanup's tokenizer
 *
 * Each line of standard input is a case: STATE TAB LAST-START-TAG TAB INPUT-IN-HEX, STATE as in
 * enum markup_mode. Each line of standard output are its tokens, separated by blanks:
 * S:NAME[/][=NAME=VALUE]..., E:NAME, T:TEXT, C:TEXT, D: -- names and texts in hex. */
#include "stages/cleanup/entity.h"
#include "stages/cleanup/markup.h"

#include <stdio.h>
#include <stdlib.h>

static wr_arena *arena;

static void put_hex(wr_str s, bool lower) {
    for (size_t i = 0; i < s.len; i++)
        printf("%02x", (unsigned char)(lower ? wr_lower(s.ptr[i]) : s.ptr[i]));
}

static wr_str decoded(wr_str s, int where) {
    wr_str out;
    if (entity_decode(arena, s, where, &out) != WR_OK) exit(1);
    return out;
}

/* In data and CDATA a NUL stays (the tree builder drops it), elsewhere it is U+FFFD. */
static void put_text(wr_str s, markup_mode mode) {
    int where = mode == MARKUP_DATA || mode == MARKUP_RCDATA ? ENTITY_IN_TEXT : -1;
    bool keeps = mode == MARKUP_DATA || mode == MARKUP_CDATA;
    for (size_t from = 0; from <= s.len;) {
        size_t to = keeps ? wr_str_find_char(s, from, 0) : s.len;
        put_hex(decoded(wr_str_slice(s, from, to), where), false);
        if (to < s.len) fputs("00", stdout);
        from = to + 1;
    }
}

static void put_start(const markup *m) {
    fputs(" S:", stdout);
    put_hex(decoded(m->name, -1), true);
    if (m->self_closing) putchar('/');
    for (size_t i = 0; i < m->n_attrs; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again |= wr_str_eq_nocase(m->attrs[i].name, m->attrs[j].name);
        if (again) continue;
        putchar('=');
        put_hex(decoded(m->attrs[i].name, -1), true);
        putchar('=');
        put_hex(decoded(m->attrs[i].value, ENTITY_IN_ATTRIBUTE), false);
    }
}

static void run(int state, wr_str last, wr_str input) {
    static markup m;
    markup_open(&m, input, false);
    m.mode = (markup_mode)state;
    m.last = last;
    m.foreign = state == MARKUP_CDATA;
    while (markup_next(&m)) {
        switch (m.kind) {
        case MARKUP_TEXT:
            fputs(" T:", stdout);
            put_text(m.text, m.read);
            break;
        case MARKUP_START:
            put_start(&m);
            m.mode = MARKUP_DATA; /* it is the tree builder that switches, and there is none */
            break;
        case MARKUP_END:
            fputs(" E:", stdout);
            put_hex(decoded(m.name, -1), true);
            break;
        case MARKUP_COMMENT:
            fputs(" C:", stdout);
            put_hex(decoded(m.text, -1), false);
            break;
        case MARKUP_DOCTYPE: fputs(" D:", stdout); break;
        case MARKUP_EOF: break;
        }
    }
    putchar('\n');
}

int main(void) {
    char *text = NULL;
    size_t cap = 0;
    ssize_t got;
    if (wr_arena_new("eval", (size_t)64 << 20, &arena) != WR_OK) return 1;
    while ((got = getline(&text, &cap, stdin)) > 0) {
        wr_arena_reset(arena);
        wr_str row = wr_str_of(text, (size_t)got - 1);
        size_t tab = wr_str_find_char(row, 0, '\t'), tab2 = wr_str_find_char(row, tab + 1, '\t');
        wr_str hex = wr_str_slice(row, tab2 + 1, row.len);
        char *bytes = wr_arena_take(arena, hex.len / 2 + 1);
        if (!bytes) return 1;
        for (size_t i = 0; i + 1 < hex.len; i += 2) {
            char pair[3] = {hex.ptr[i], hex.ptr[i + 1], 0};
            bytes[i / 2] = (char)strtol(pair, NULL, 16);
        }
        run((int)strtol(text, NULL, 10), wr_str_slice(row, tab + 1, tab2),
            wr_str_of(bytes, hex.len / 2));
    }
    free(text);
    wr_arena_free(&arena);
    return 0;
}
