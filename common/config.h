/* config.h -- a YAML file as a flat list of values, each with its place
 *
 *   stages:
 *     tag: {workers: 4}        stages.tag.workers = "4" at line 2, column 19
 *   directories: [/a, /b]      directories = "/a" and directories = "/b"
 *
 * Values are text; what they mean is the reader's to know (wr_options_set with the origin). Aliases
 * and tags are not used; a key given twice is an error. */
#ifndef WR_CONFIG_H
#define WR_CONFIG_H

#include <wireroom/buf.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WR_CONFIG_DEPTH 8u

typedef struct wr_config_entry {
    const char *keys[WR_CONFIG_DEPTH];    /* from the outside in */
    const char *origins[WR_CONFIG_DEPTH]; /* "FILE:line:column" of each key */
    size_t n_keys;
    const char *value;  /* NUL-terminated; "" for an empty one */
    const char *origin; /* "FILE:line:column" of the value */
    bool in_list;       /* one of several values of its key */
} wr_config_entry;

typedef struct wr_config {
    wr_config_entry *entries; /* in the order of the file */
    size_t n, cap;
} wr_config;

/* Reads `text`, which came from `file` (a name for origins). All memory from `arena`. WR_USAGE when
 * it is not such a file; one line "FILE:line:column: what is wrong" is appended to `error`. At most
 * 4,096 values. */
WR_API WR_MUSTUSE wr_status wr_config_parse(wr_arena *arena, const char *file, wr_str text,
                                            wr_config *out, wr_buf *error);

/* The same from the file itself. WR_NOTFOUND, WR_DENIED, WR_IO, WR_LIMIT (over 1 MiB). */
WR_API WR_MUSTUSE wr_status wr_config_read(wr_arena *arena, const char *file, wr_config *out,
                                           wr_buf *error);

#ifdef __cplusplus
}
#endif
#endif
