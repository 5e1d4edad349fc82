/* option.h -- options as rows of a table: type, range, default, text and where the value goes
 *
 * A program lists its options once. From the rows come parsing, ranges, the environment variable
 * (WIREROOM_ + the name in capitals, '-' as '_'), --help, the manual page (--man), and completion
 * (--completion bash|zsh|fish). A value comes from the command line, else the environment, else a
 * configuration (wr_options_set), else the row's default. */
#ifndef WIREROOM_OPTION_H
#define WIREROOM_OPTION_H

#include <wireroom/buf.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum wr_option_type {
    WR_OPTION_END,      /* the row that ends a table (all zero) */
    WR_OPTION_FLAG,     /* bool: --name or --no-name; in text yes/no, true/false, on/off, 1/0 */
    WR_OPTION_INT,      /* int64_t */
    WR_OPTION_SIZE,     /* uint64_t bytes: 4096, 64k, 16M, 2G (powers of 1024) */
    WR_OPTION_DURATION, /* uint64_t milliseconds: 250ms, 2s, 5m, 1h, 7d; a bare number is seconds */
    WR_OPTION_STRING,   /* const char *, NULL without a default */
    WR_OPTION_PATH,     /* const char *, completed as a file name */
    WR_OPTION_LIST      /* wr_list: a,b,c; given again, it adds to the list */
} wr_option_type;

typedef struct wr_list {
    char **items; /* NUL-terminated */
    size_t n;
} wr_list;

typedef struct wr_option {
    const char *name; /* "arena-limit": --arena-limit, WIREROOM_ARENA_LIMIT; NULL ends the table */
    wr_option_type type;
    const char *value;   /* what --help calls the value: "N", "DIR"; NULL for flags */
    const char *initial; /* the default as text; NULL = zero, NULL, empty list */
    int64_t min, max;    /* INT, SIZE, DURATION (ms): the range allowed; both 0 = any */
    size_t offset;       /* of the member in the struct the table fills */
    const char *text;    /* one sentence for people */
} wr_option;

/* Rows. The member must have the type the option gives; a wrong size does not compile. */
#define WR_OPTION_AT(T, m, want)                                                                   \
    (offsetof(T, m) + 0 * sizeof(char[sizeof(((T *)0)->m) == sizeof(want) ? 1 : -1]))
#define WR_FLAG(T, m, name, text)                                                                  \
    { name, WR_OPTION_FLAG, NULL, NULL, 0, 0, WR_OPTION_AT(T, m, bool), text }
#define WR_INT(T, m, name, value, initial, min, max, text)                                         \
    { name, WR_OPTION_INT, value, initial, min, max, WR_OPTION_AT(T, m, int64_t), text }
#define WR_SIZE(T, m, name, value, initial, min, max, text)                                        \
    { name, WR_OPTION_SIZE, value, initial, min, max, WR_OPTION_AT(T, m, uint64_t), text }
#define WR_DURATION(T, m, name, value, initial, min, max, text)                                    \
    { name, WR_OPTION_DURATION, value, initial, min, max, WR_OPTION_AT(T, m, uint64_t), text }
#define WR_STRING(T, m, name, value, initial, text)                                                \
    { name, WR_OPTION_STRING, value, initial, 0, 0, WR_OPTION_AT(T, m, char *), text }
#define WR_PATH(T, m, name, value, initial, text)                                                  \
    { name, WR_OPTION_PATH, value, initial, 0, 0, WR_OPTION_AT(T, m, char *), text }
#define WR_LIST(T, m, name, value, initial, text)                                                  \
    { name, WR_OPTION_LIST, value, initial, 0, 0, WR_OPTION_AT(T, m, wr_list), text }
#define WR_OPTIONS_END                                                                             \
    { NULL, WR_OPTION_END, NULL, NULL, 0, 0, 0, NULL }

/* A table and the struct it fills. */
typedef struct wr_option_group {
    const char *title;     /* heading in --help: "Options", "Line" */
    const wr_option *rows; /* ended by WR_OPTIONS_END */
    void *into;
} wr_option_group;

/* What --help and the manual page say besides the options. */
typedef struct wr_program {
    const char *name;     /* "wireroom-tag", or "wireroom scale" */
    const char *summary;  /* one line */
    const char *example;  /* command lines with what they do, shown first; "\n" between lines */
    const char *operands; /* "FILE...", or NULL when it takes none */
    const char *details;  /* paragraphs for the manual page, blank line between; or NULL */
} wr_program;

/* Sets all members of all groups to their defaults. WR_USAGE when a default does not parse (a
 * programming error, found by the unit tests). */
WR_API WR_MUSTUSE wr_status wr_options_default(const wr_option_group *groups, size_t n_groups);

/* Sets one option from text. `origin` ("--credit", "WIREROOM_CREDIT", "config.yaml:3:7") begins the
 * message that is appended to `error` (may be NULL). WR_NOTFOUND: no such option (the message has
 * a suggestion); WR_USAGE: the value is wrong. Strings are borrowed from `value`, lists are
 * copied.*/
WR_API WR_MUSTUSE wr_status wr_options_set(const wr_option_group *groups, size_t n_groups,
                                           const char *name, const char *value, const char *origin,
                                           wr_buf *error);

/* Sets every option whose environment variable is set. */
WR_API WR_MUSTUSE wr_status wr_options_env(const wr_option_group *groups, size_t n_groups,
                                           wr_buf *error);

/* Reads argv: strings are borrowed from it. Operands (what is no option) are moved to the front of
 * argv[1..], their number goes to *n_operands; "--" ends the options. Does not set defaults. */
WR_API WR_MUSTUSE wr_status wr_options_argv(const wr_option_group *groups, size_t n_groups,
                                            int argc, char **argv, int *n_operands, wr_buf *error);

/* All of it for a program without a configuration file: defaults, environment, argv; answers
 * --help,
 * --man, --version and --completion SHELL on standard output, errors on standard error. Returns -1
 * when the program should go on, else its exit code (0 or 100), the lists freed. *n_operands as
 * above; with program->operands NULL an operand is an error. */
WR_API int wr_options_read(const wr_program *program, const wr_option_group *groups,
                           size_t n_groups, int argc, char **argv, int *n_operands);

/* The environment variable of an option, NUL-terminated in `out`. */
#define WR_OPTION_ENV_SIZE 96
WR_API wr_str wr_option_env(const char *name, char *out);

/* Frees the lists. */
WR_API void wr_options_free(const wr_option_group *groups, size_t n_groups);

/* The texts themselves. `shell`: "bash", "zsh" or "fish", else WR_USAGE. */
WR_API void wr_options_help(const wr_program *program, const wr_option_group *groups,
                            size_t n_groups, wr_buf *out);
WR_API void wr_options_man(const wr_program *program, const wr_option_group *groups,
                           size_t n_groups, wr_buf *out);
WR_API WR_MUSTUSE wr_status wr_options_completion(const wr_program *program,
                                                  const wr_option_group *groups, size_t n_groups,
                                                  const char *shell, wr_buf *out);

/* Numbers as options write them. WR_USAGE when `text` is none. */
WR_API WR_MUSTUSE wr_status wr_parse_int(wr_str text, int64_t *out);
WR_API WR_MUSTUSE wr_status wr_parse_size(wr_str text, uint64_t *out);
WR_API WR_MUSTUSE wr_status wr_parse_duration(wr_str text, uint64_t *out_ms);

/* For "did you mean": true when `candidate` is so near to `word` that a typing error explains it;
 * *distance (start with SIZE_MAX) is the best so far and is lowered. O(product of the lengths),
 * words over 63 bytes never match. */
WR_API bool wr_nearer(wr_str word, wr_str candidate, size_t *distance);

#ifdef __cplusplus
}
#endif
#endif
