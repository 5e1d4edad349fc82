/* client.c -- asking a running line, and reading its answers */
#include "client.h"

#include <stdlib.h>

int client_read(const wr_program *program, const wr_option *rows, void *options,
                client_options *client, int argc, char **argv, int *n_operands) {
    const wr_option_group group = {"Options", rows, options};
    int code = wr_options_read(program, &group, 1, argc, argv, n_operands);
    if (code < 0 && !client->line) client->line = wr_line_default();
    if (code < 0 && client->key) setenv("WIREROOM_KEY", client->key, 1);
    if (code < 0 && client->hub_key) setenv("WIREROOM_HUB_KEY", client->hub_key, 1);
    return code;
}

static wr_cursor value_at(wr_str map, const char *key) {
    wr_cursor at = wr_cursor_of(map);
    for (size_t n = map.len ? wr_read_map(&at) : 0; n-- && !at.bad;) {
        if (wr_str_eq(wr_read_str(&at), wr_str_c(key))) return at;
        wr_read_any(&at);
    }
    return wr_cursor_of(wr_str_of(NULL, 0));
}

uint64_t client_number(wr_str map, const char *key) {
    wr_cursor at = value_at(map, key);
    return at.at ? wr_read_uint(&at) : 0;
}

wr_str client_string(wr_str map, const char *key) {
    wr_cursor at = value_at(map, key);
    return at.at ? wr_read_str(&at) : wr_str_of(NULL, 0);
}

wr_str client_member(wr_str map, const char *key) {
    wr_cursor at = value_at(map, key);
    return at.at ? wr_read_any(&at) : wr_str_of(NULL, 0);
}

wr_str client_item(wr_str array, size_t i) {
    wr_cursor at = wr_cursor_of(array);
    size_t n = array.len ? wr_read_array(&at) : 0;
    if (i >= n) return wr_str_of(NULL, 0);
    while (i--)
        wr_read_any(&at);
    return wr_read_any(&at);
}

wr_str client_text(wr_str reply) {
    return client_string(reply, "text");
}

wr_status client_ask(const char *who, const char *line, const char *const *words, size_t n_words,
                     int timeout_ms, wr_arena *arena, wr_str *reply) {
    wr_control *control = NULL;
    *reply = wr_str_of(NULL, 0);
    wr_status status = wr_control_open(line, &control);
    if (status == WR_OK)
        status = wr_control_call(control, words, n_words, timeout_ms, arena, reply);
    if (control) wr_control_close(&control);
    if (status == WR_OK) return status;
    wr_str text = client_text(*reply);
    if (status == WR_TIMEOUT && !text.len)
        command_complain(
            who, "no answer from the line at %s; is `wireroom run` running? Another line: --line",
            line);
    else
        command_complain(who, "%.*s",
                         text.len ? (int)text.len : (int)strlen(wr_status_text(status)),
                         text.len ? text.ptr : wr_status_text(status));
    return status;
}

void client_print_json(wr_str msg) {
    wr_buf json = WR_BUF_INIT((size_t)1 << 30);
    if (wr_json_of_msgpack(msg, &json) == WR_OK) printf("%.*s\n", (int)json.len, json.ptr);
    wr_buf_free(&json);
}

int client_code(wr_status status) {
    wr_verdict verdict = wr_status_verdict(status);
    return verdict == WR_VERDICT_PASS    ? EXIT_GOOD
           : verdict == WR_VERDICT_RETRY ? EXIT_TEMPORARY
                                         : EXIT_PERMANENT;
}
