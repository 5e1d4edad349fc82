/* name.c -- which names are looked at, and names of any bytes as text */
#include "name.h"

bool ingest_name_wanted(wr_str name) {
    return name.len && name.ptr[0] != '.' && !wr_str_ends(name, WR_STR(".tmp")) &&
           !wr_str_ends(name, WR_STR(".part"));
}

/* Length of the well-formed UTF-8 sequence at the begin of `s` (Unicode 15, table 3-7), 0 = none.
 */
static size_t sequence(wr_str s) {
    const unsigned char *b = (const unsigned char *)s.ptr;
    if (b[0] < 0x80) return 1;
    if (b[0] < 0xc2 || b[0] > 0xf4) return 0;
    size_t len = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
    unsigned low = b[0] == 0xe0 ? 0xa0 : b[0] == 0xf0 ? 0x90 : 0x80;
    unsigned high = b[0] == 0xed ? 0x9f : b[0] == 0xf4 ? 0x8f : 0xbf;
    if (s.len < len || b[1] < low || b[1] > high) return 0;
    for (size_t i = 2; i < len; i++)
        if ((b[i] & 0xc0) != 0x80) return 0;
    return len;
}

wr_status ingest_name_text(wr_arena *arena, wr_str path, wr_str *out) {
    static const char hex[] = "0123456789ABCDEF";
    char *text = wr_arena_array(arena, path.len + 1, 3);
    if (!text) return WR_MEMORY;
    size_t len = 0;
    for (size_t i = 0; i < path.len;) {
        unsigned char c = (unsigned char)path.ptr[i];
        size_t n = sequence(wr_str_slice(path, i, path.len));
        if (n == 0 || c == '%' || c < 32 || c == 127) {
            text[len++] = '%';
            text[len++] = hex[c >> 4];
            text[len++] = hex[c & 15];
            i++;
            continue;
        }
        memcpy(text + len, path.ptr + i, n);
        len += n;
        i += n;
    }
    *out = wr_str_of(text, len);
    return WR_OK;
}
