/* clean.c -- any text: valid UTF-8 and NFC comes out, and cleaning it again changes nothing */
#include "common/text/clean.h"
#include "common/text/nfc.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    if (!arena && wr_arena_new("fuzz", (size_t)256 << 20, &arena) != WR_OK) abort();
    if (size < 1) return 0;
    wr_arena_reset(arena);
    wr_str in, out, again, composed;
    size_t n;
    unsigned flags = data[0] & 7;
    if (wr_utf8_repair(arena, wr_str_of((const char *)data + 1, size - 1), &in, &n) != WR_OK)
        abort();
    if (!wr_utf8_valid(in)) abort();
    if (wr_text_clean(arena, in, flags, NULL, &out) != WR_OK) abort();
    if (!wr_utf8_valid(out)) abort();
    if (wr_nfc(arena, out, &composed, NULL) != WR_OK || !wr_str_eq(out, composed)) abort();
    if (wr_text_clean(arena, out, flags, NULL, &again) != WR_OK || !wr_str_eq(out, again)) abort();
    return 0;
}
