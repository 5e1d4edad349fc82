/* dead.c -- `wireroom dead`: pages that no stage could take */
#include "client.h"

typedef struct options {
    client_options client;
} options;

static const wr_option rows[] = {CLIENT_OPTIONS(options), WR_OPTIONS_END};

static const wr_program program = {
    .name = "wireroom dead",
    .summary = "lists, shows, retries or drops the dead letters",
    .example =
        "wireroom dead ls                    what there is, and why\n"
        "wireroom dead show tag/0a1b...      one letter with its history and its page\n"
        "wireroom dead retry all             hand them in again, each to the stage it failed in",
    .operands = "ls [STAGE] | show KEY | retry KEY|all | drop KEY|all",
    .details = "A dead letter is a page whose stage crashed or hung on it again and again, or gave "
               "it back too "
               "often. It is kept, with its page, in STATE/dead until it is retried or dropped.",
};

static const output_column columns[] = {
    {"key", "KEY", false},   {"status", "STATUS", false}, {"attempts", "ATTEMPTS", true},
    {"time", "TIME", false}, {"bytes", "BYTES", true},    {"text", "TEXT", false},
};

static void print_letters(const options *o, wr_str reply) {
    output out;
    wr_str letters = client_member(reply, "letters"), letter;
    output_open(&out, stdout, o->client.json, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; (letter = client_item(letters, i)).len; i++) {
        output_text(&out, client_string(letter, "key"));
        output_text(&out, client_string(letter, "status"));
        output_number(&out, client_number(letter, "attempts"));
        output_text(&out, client_string(letter, "time"));
        output_number(&out, client_number(letter, "bytes"));
        output_text(&out, client_string(letter, "text"));
    }
    if (!out.json && !out.n_rows) puts("no dead letters");
    output_close(&out);
}

static int run(int argc, char **argv) {
    options o = {0};
    int n = 0, code = client_read(&program, rows, &o, &o.client, argc, argv, &n);
    if (code >= 0) return code;
    static const char *const verbs[] = {"ls", "show", "retry", "drop"};
    size_t verb = 0;
    while (verb < 4 && (n < 1 || strcmp(argv[1], verbs[verb]) != 0))
        verb++;
    if (verb == 4 || n > 2 || (verb > 0 && n != 2)) {
        command_complain("dead", "expected %s", program.operands);
        return EXIT_PERMANENT;
    }
    const char *words[] = {"dead", argv[1], n > 1 ? argv[2] : NULL};
    wr_arena *arena = NULL;
    wr_str reply;
    if (wr_arena_new("reply", (size_t)256 << 20, &arena) != WR_OK) return EXIT_TEMPORARY;
    wr_status status =
        client_ask("dead", o.client.line, words, n > 1 ? 3 : 2, 10000, arena, &reply);
    if (status == WR_OK && verb == 0) print_letters(&o, reply);
    else if (status == WR_OK) client_print_json(reply);
    wr_arena_free(&arena);
    return client_code(status);
}

const command command_dead = {"dead", &program, run, "ls show retry drop all"};
