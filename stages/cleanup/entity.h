/* entity.h -- character references of HTML: one at a time, or a whole run of text */
#ifndef CLEANUP_ENTITY_H
#define CLEANUP_ENTITY_H

#include <wireroom/arena.h>

/* What a reference stands for: at most two code points, at most 6 bytes of UTF-8. */
typedef struct entity_text {
    char bytes[8];
    unsigned len;
} entity_text;

enum { ENTITY_IN_TEXT, ENTITY_IN_ATTRIBUTE };

/* Reads the reference that begins at s[0] == '&' by the rules of the HTML standard (longest name,
 * the C1 range read as windows-1252, out of range = U+FFFD). Returns the bytes it takes, 0 when it
 * is no reference and the '&' stands for itself. In an attribute a name without ';' counts only
 * when neither '=' nor a letter or digit follows. O(32 + digits). */
size_t entity_read(wr_str s, int where, entity_text *out);

/* UTF-8 of a code point (0 < code <= 0x10FFFF, no surrogate): number of bytes written to out. */
unsigned entity_utf8(uint32_t code, char out[4]);

/* A copy of the run with its references decoded (when `where` is not negative), CR and CR LF as LF
 * and NUL as U+FFFD. Borrows `s` when nothing has to change. WR_MEMORY at the arena's limit. */
WR_MUSTUSE wr_status entity_decode(wr_arena *arena, wr_str s, int where, wr_str *out);

#endif
