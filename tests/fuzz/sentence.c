/* sentence.c -- any text: sentences and words in order, no byte but white space outside them */
#include "common/text/sentence.h"
#include "common/text/language.h"
#include "common/text/token.h"
#include "common/text/unicode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts unless s[from..to) is white space. */
static void white(wr_str s, size_t from, size_t to) {
    size_t n;
    for (size_t i = from; i < to; i += n)
        if (!wr_u_is_space(wr_utf8_next(s.ptr + i, to - i, &n))) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)64 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    wr_str s;
    size_t n, last = 0;
    if (wr_utf8_repair(arena, wr_str_of((const char *)data, size), &s, &n) != WR_OK) abort();
    wr_sentences it = wr_sentences_of(s);
    for (wr_span span; wr_sentences_next(&it, &span); last = span.end) {
        if (span.start < last || span.end <= span.start || span.end > s.len) abort();
        white(s, last, span.start);
        wr_tokens words = wr_tokens_of(s, span);
        size_t at = span.start;
        for (wr_token t; wr_tokens_next(&words, &t); at = t.end) {
            if (t.start < at || t.end <= t.start || t.end > span.end) abort();
            white(s, at, t.start);
            if (!wr_utf8_valid(wr_str_slice(s, t.start, t.end))) abort();
        }
        white(s, at, span.end);
    }
    white(s, last, s.len);
    wr_language found = wr_language_of(s);
    if (!(found.confidence >= 0 && found.confidence <= 1)) abort();
    return 0;
}
