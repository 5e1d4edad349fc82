/* file.h -- whole files into memory, for the trainer */
#ifndef TAG_TRAIN_FILE_H
#define TAG_TRAIN_FILE_H

#include <wireroom/arena.h>

/* The file's bytes, followed by a NUL. WR_IO when it cannot be read. */
WR_MUSTUSE wr_status file_read(wr_arena *arena, const char *path, wr_str *out);

/* The same at an address that is a multiple of 64. */
WR_MUSTUSE wr_status file_read_aligned(wr_arena *arena, const char *path, wr_str *out);

/* Takes the next line (without its line feed) from *rest; false at the end. */
bool file_line(wr_str *rest, wr_str *line);

/* Takes the next field up to a tab from *rest; an empty one at the end. */
wr_str file_field(wr_str *rest);

#endif
