/* client.h -- what the commands that ask a running line have in common */
#ifndef WIREROOM_CLIENT_H
#define WIREROOM_CLIENT_H

#include "command.h"
#include "output.h"

#include <common/wire.h>
#include <wireroom/transport.h>

typedef struct client_options {
    const char *line, *key, *hub_key;
    bool json;
} client_options;

/* Rows to begin a command's table with; `T` holds `client_options client`. */
#define CLIENT_OPTIONS(T)                                                                          \
    WR_STRING(T, client.line, "line", "ADDRESS", NULL, "the line, as ipc:///run/wireroom"),        \
        WR_PATH(T, client.key, "key", "FILE", NULL, "own pair of keys, for a line over TCP"),      \
        WR_PATH(T, client.hub_key, "hub-key", "FILE", NULL, "the hub's public key, for that"),     \
        WR_FLAG(T, client.json, "json", "JSON lines also on a terminal")

/* wr_options_read for a command with one group, then the default line. */
int client_read(const wr_program *program, const wr_option *rows, void *options,
                client_options *client, int argc, char **argv, int *n_operands);

/* Asks the line once. Prints what is wrong, with what to do next. The reply is in `arena`. */
WR_MUSTUSE wr_status client_ask(const char *who, const char *line, const char *const *words,
                                size_t n_words, int timeout_ms, wr_arena *arena, wr_str *reply);

/* The reply's "text". */
wr_str client_text(wr_str reply);

/* The number or text at a key of a msgpack map; 0 or empty when it is not there. */
uint64_t client_number(wr_str map, const char *key);
wr_str client_string(wr_str map, const char *key);
/* The object at a key, as its bytes; element i of an array, empty beyond its end. */
wr_str client_member(wr_str map, const char *key);
wr_str client_item(wr_str array, size_t i);

/* msgpack as one line of JSON on standard output. */
void client_print_json(wr_str msg);

/* The exit code for a status: 100 for what trying again cannot help, else 111. */
int client_code(wr_status status);

#endif
