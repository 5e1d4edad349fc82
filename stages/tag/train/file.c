/* file.c -- whole files into memory, for the trainer */
#include "file.h"

#include <stdio.h>

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
    }
    fclose(f);
    return status;
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
