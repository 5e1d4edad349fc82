/* file.c -- whole files into memory, for the trainer */
#include "file.h"

#include <stdio.h>

/* What cannot be measured before it is read: pipes. */
static wr_status read_stream(wr_arena *arena, FILE *f, wr_str *out) {
    char *bytes = NULL;
    size_t len = 0, cap = 0;
    for (size_t got = 1; got; len += got) {
        if (len == cap) {
            size_t more = cap ? cap * 2 : 1 << 20;
            bytes = wr_arena_grow(arena, bytes, cap, more, 1);
            if (!bytes) return WR_MEMORY;
            cap = more;
        }
        got = fread(bytes + len, 1, cap - len, f);
    }
    *out = wr_str_of(bytes, len);
    return ferror(f) ? WR_IO : WR_OK;
}

wr_status file_read(wr_arena *arena, const char *path, wr_str *out) {
    FILE *f = fopen(path, "rb");
    if (!f) return WR_IO;
    wr_status status = WR_IO;
    long size = -1;
    if (fseek(f, 0, SEEK_END) == 0) size = ftell(f);
    if (size >= 0 && fseek(f, 0, SEEK_SET) == 0) {
        char *bytes = wr_arena_take(arena, (size_t)size + 1);
        status = WR_MEMORY;
        if (bytes) status = fread(bytes, 1, (size_t)size, f) == (size_t)size ? WR_OK : WR_IO;
        *out = wr_str_of(bytes, (size_t)size);
    } else {
        status = read_stream(arena, f, out);
    }
    fclose(f);
    return status;
}

wr_status file_read_aligned(wr_arena *arena, const char *path, wr_str *out) {
    wr_str bytes;
    WR_TRY(file_read(arena, path, &bytes));
    char *room = wr_arena_take(arena, bytes.len + 64);
    if (!room) return WR_MEMORY;
    room += (64 - (uintptr_t)room % 64) % 64;
    memcpy(room, bytes.ptr, bytes.len);
    *out = wr_str_of(room, bytes.len);
    return WR_OK;
}

bool file_line(wr_str *rest, wr_str *line) {
    if (!rest->len) return false;
    size_t end = wr_str_find_char(*rest, 0, '\n');
    *line = wr_str_slice(*rest, 0, end);
    *rest = wr_str_slice(*rest, end + 1, rest->len);
    return true;
}

wr_str file_field(wr_str *rest) {
    size_t end = wr_str_find_char(*rest, 0, '\t');
    wr_str field = wr_str_slice(*rest, 0, end);
    *rest = wr_str_slice(*rest, end + 1, rest->len);
    return field;
}
