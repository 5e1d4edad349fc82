/* text.c -- runs records through one function of common/text, for the scripts that score them
 *
 * usage: eval_text MODE < records > results
 *
 * A record is its length in decimal, a line feed, its bytes; so is a result. Modes and their
 * results: sentences  lines "start end" tokens     lines "start end kind" clean      the cleaned
 * text           mojibake   the repaired text nfc        the text in NFC            utf8       the
 * text with replacements charset    encoding, line feed, text  prescan    the label's encoding, or
 * windows-1252 language   "tag confidence" */
#include "common/text/charset.h"
#include "common/text/clean.h"
#include "common/text/language.h"
#include "common/text/mojibake.h"
#include "common/text/nfc.h"
#include "common/text/sentence.h"
#include "common/text/token.h"

#include <wireroom/buf.h>

#include <stdio.h>
#include <stdlib.h>

typedef wr_status mode_function(wr_arena *arena, wr_str in, wr_buf *out);

static wr_status add(wr_buf *out, wr_status status, wr_str s) {
    if (status == WR_OK) wr_buf_add_str(out, s);
    return status;
}

static wr_status sentences(wr_arena *arena, wr_str in, wr_buf *out) {
    (void)arena;
    wr_sentences it = wr_sentences_of(in);
    for (wr_span s; wr_sentences_next(&it, &s);)
        wr_buf_printf(out, "%zu %zu\n", s.start, s.end);
    return WR_OK;
}

static wr_status tokens(wr_arena *arena, wr_str in, wr_buf *out) {
    (void)arena;
    wr_sentences it = wr_sentences_of(in);
    for (wr_span s; wr_sentences_next(&it, &s);) {
        wr_tokens words = wr_tokens_of(in, s);
        for (wr_token t; wr_tokens_next(&words, &t);)
            wr_buf_printf(out, "%zu %zu %d\n", t.start, t.end, (int)t.kind);
    }
    return WR_OK;
}

static wr_status clean(wr_arena *arena, wr_str in, wr_buf *out) {
    wr_str s = {"", 0};
    wr_status status = wr_text_clean(arena, in, 0, NULL, &s);
    return add(out, status, s);
}

static wr_status mojibake(wr_arena *arena, wr_str in, wr_buf *out) {
    wr_str s = {"", 0};
    wr_status status = wr_mojibake_repair(arena, in, &s, NULL);
    return add(out, status, s);
}

static wr_status nfc(wr_arena *arena, wr_str in, wr_buf *out) {
    wr_str s = {"", 0};
    wr_status status = wr_nfc(arena, in, &s, NULL);
    return add(out, status, s);
}

static wr_status utf8(wr_arena *arena, wr_str in, wr_buf *out) {
    wr_str s = {"", 0};
    size_t n;
    wr_status status = wr_utf8_repair(arena, in, &s, &n);
    return add(out, status, s);
}

static wr_status charset(wr_arena *arena, wr_str in, wr_buf *out) {
    wr_decoded d;
    wr_status status = wr_charset_decode(arena, in, WR_STR(""), WR_STR(""), &d);
    if (status != WR_OK) return status;
    wr_buf_add_str(out, wr_encoding_name(d.encoding));
    wr_buf_add_char(out, '\n');
    return add(out, status, d.text);
}

static wr_status prescan(wr_arena *arena, wr_str in, wr_buf *out) {
    (void)arena;
    const wr_encoding *found = wr_encoding_find(wr_charset_prescan(in));
    wr_buf_add_str(out, found ? wr_encoding_name(found) : WR_STR("windows-1252"));
    return WR_OK;
}

static wr_status language(wr_arena *arena, wr_str in, wr_buf *out) {
    (void)arena;
    wr_language found = wr_language_of(in);
    wr_buf_printf(out, "%.*s %.3f", (int)found.tag.len, found.tag.ptr, found.confidence);
    return WR_OK;
}

static const struct {
    const char *name;
    mode_function *run;
} modes[] = {
    {"sentences", sentences}, {"tokens", tokens},   {"clean", clean},
    {"mojibake", mojibake},   {"nfc", nfc},         {"utf8", utf8},
    {"charset", charset},     {"prescan", prescan}, {"language", language},
};

int main(int argc, char **argv) {
    mode_function *run = NULL;
    for (size_t i = 0; argc == 2 && i < sizeof modes / sizeof *modes; i++)
        if (wr_str_eq(wr_str_c(argv[1]), wr_str_c(modes[i].name))) run = modes[i].run;
    wr_arena *arena;
    if (!run || wr_arena_new("eval", (size_t)1 << 30, &arena) != WR_OK) {
        fprintf(stderr, "usage: eval_text MODE < records\n");
        return 100;
    }
    wr_buf in = WR_BUF_INIT((size_t)1 << 30), out = WR_BUF_INIT((size_t)1 << 30);
    size_t len;
    while (scanf("%zu", &len) == 1 && getchar() == '\n') {
        wr_arena_reset(arena);
        wr_buf_clear(&in);
        wr_buf_clear(&out);
        char *p = wr_buf_reserve(&in, len + 1);
        if (!p || fread(p, 1, len, stdin) != len) return 1;
        if (run(arena, wr_str_of(p, len), &out) != WR_OK || out.status != WR_OK) return 1;
        printf("%zu\n", out.len);
        fwrite(out.ptr, 1, out.len, stdout);
    }
    wr_buf_free(&in);
    wr_buf_free(&out);
    wr_arena_free(&arena);
    return 0;
}
