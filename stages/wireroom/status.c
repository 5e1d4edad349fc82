/* status.c -- `wireroom status` and `wireroom top`: how the line is */
#include "client.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define EXIT_DEGRADED 1
#define EXIT_DOWN     2

typedef struct options {
    client_options client;
    int64_t count;
    uint64_t every;
} options;

static const wr_program status_program = {
    .name = "wireroom status",
    .summary = "how the line is, once",
    .example = "wireroom status          a table of the stages\nwireroom status --json   "
               "everything the hub knows",
    .details = "Exit codes: 0 all is well; 1 degraded: a stage has no worker or is paused, or "
               "there are dead "
               "letters; 2 no line there; 100 wrong usage.",
};
static const wr_program top_program = {
    .name = "wireroom top",
    .summary = "watches the stages at work",
    .example =
        "wireroom top                        a table, renewed each second; end it with Ctrl-C\n"
        "wireroom top --count 10 | jq .done  ten measurements as JSON lines",
    .details = "Exit codes: 0, 100, 111 when the line went away.",
};

static const wr_option status_rows[] = {CLIENT_OPTIONS(options), WR_OPTIONS_END};
static const wr_option top_rows[] = {
    CLIENT_OPTIONS(options),
    WR_DURATION(options, every, "every", "TIME", "1s", 50, 3600000, "time between two looks"),
    WR_INT(options, count, "count", "N", "0", 0, 1 << 30, "looks to take, 0 = until Ctrl-C"),
    WR_OPTIONS_END,
};

static const output_column columns[] = {
    {"stage", "STAGE", false},
    {"workers", "WORKERS", true},
    {"in_per_s", "IN/S", true},
    {"done_per_s", "OUT/S", true},
    {"queued", "QUEUED", true},
    {"leased", "HELD", true},
    {"done", "DONE", true},
    {"filtered", "FILTERED", true},
    {"duplicate", "DUPLICATE", true},
    {"failed", "FAILED", true},
    {"dead", "DEAD", true},
    {"worked_us_p50", "P50 us", true},
    {"worked_us_p99", "P99 us", true},
    {"resident_kb", "MEM KB", true},
    {"state", "STATE", false},
};
#define N_COLUMNS (sizeof columns / sizeof *columns)

static const char *state_of(wr_str stage) {
    if (client_number(stage, "paused")) return "paused";
    if (!client_number(stage, "workers")) return "no worker";
    return client_number(stage, "dead") ? "dead letters" : "ok";
}

/* One look knows no rates. */
static void without_rates(output_column *to) {
    memcpy(to, columns, sizeof columns);
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (strstr(to[i].key, "_per_s")) to[i].title = NULL;
}

static uint64_t memory_of(wr_str report, wr_str stage) {
    uint64_t kb = 0;
    wr_str workers = client_member(report, "workers"), worker;
    for (size_t i = 0; (worker = client_item(workers, i)).len; i++)
        if (wr_str_eq(client_string(worker, "stage"), stage))
            kb += client_number(client_member(worker, "figures"), "resident_kb");
    return kb;
}

static bool all_well(wr_str report) {
    wr_str stages = client_member(report, "stages"), stage;
    for (size_t i = 0; (stage = client_item(stages, i)).len; i++)
        if (strcmp(state_of(stage), "ok") != 0) return false;
    return true;
}

/* One row a stage; rates against the report before, which may be empty. */
static void print_stages(output *out, wr_str now, wr_str before, double seconds) {
    wr_str stages = client_member(now, "stages"), old = client_member(before, "stages"), stage;
    for (size_t i = 0; (stage = client_item(stages, i)).len; i++) {
        wr_str was = client_item(old, i), name = client_string(stage, "name");
        output_text(out, name);
        output_number(out, client_number(stage, "workers"));
        static const char *const rates[] = {"in", "done"};
        for (size_t r = 0; r < 2; r++) {
            uint64_t a = client_number(stage, rates[r]), b = client_number(was, rates[r]);
            output_real(out, was.len && seconds > 0 && a >= b ? (double)(a - b) / seconds : 0);
        }
        static const char *const keys[] = {"queued",   "leased",        "done",
                                           "filtered", "duplicate",     "failed",
                                           "dead",     "worked_us_p50", "worked_us_p99"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            output_number(out, client_number(stage, keys[k]));
        output_number(out, memory_of(now, name));
        output_text(out, wr_str_c(state_of(stage)));
    }
}

static int run_status(int argc, char **argv) {
    options o = {0};
    int code = client_read(&status_program, status_rows, &o, &o.client, argc, argv, NULL);
    if (code >= 0) return code;
    static const char *const words[] = {"status"};
    wr_arena *arena = NULL;
    wr_str report;
    if (wr_arena_new("status", (size_t)64 << 20, &arena) != WR_OK) return EXIT_TEMPORARY;
    wr_status status = client_ask("status", o.client.line, words, 1, 1000, arena, &report);
    bool well = status == WR_OK && all_well(report);
    if (status == WR_OK) {
        output out;
        output_column once[N_COLUMNS];
        without_rates(once);
        output_open(&out, stdout, o.client.json, once, N_COLUMNS);
        if (out.json) client_print_json(report); /* everything there is, in one object */
        else print_stages(&out, report, wr_str_of(NULL, 0), 0);
        output_close(&out);
    }
    wr_arena_free(&arena);
    return status != WR_OK ? EXIT_DOWN : well ? EXIT_GOOD : EXIT_DEGRADED;
}

static volatile sig_atomic_t ended;

static void on_signal(int number) {
    (void)number;
    ended = 1;
}

static void print_top(const options *o, wr_str now, wr_str before, double seconds) {
    output out;
    output_open(&out, stdout, o->client.json, columns, N_COLUMNS);
    if (!out.json)
        printf("\033[H\033[J%s   %llu pages under way (of %llu)   %.1f MB   up %llu s\n\n",
               o->client.line, (unsigned long long)client_number(now, "items"),
               (unsigned long long)client_number(now, "max_items"),
               (double)client_number(now, "bytes") / 1e6,
               (unsigned long long)client_number(now, "uptime_ms") / 1000);
    print_stages(&out, now, before, seconds);
    output_close(&out);
}

static int run_top(int argc, char **argv) {
    options o = {0};
    int code = client_read(&top_program, top_rows, &o, &o.client, argc, argv, NULL);
    if (code >= 0) return code;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    static const char *const words[] = {"status"};
    wr_arena *arenas[2] = {NULL, NULL};
    wr_str reports[2] = {{NULL, 0}, {NULL, 0}};
    uint64_t at[2] = {0, 0};
    wr_status status = WR_OK;
    for (int i = 0; i < 2 && status == WR_OK; i++)
        status = wr_arena_new("status", (size_t)64 << 20, &arenas[i]);
    for (int64_t n = 0; status == WR_OK && !ended && (!o.count || n < o.count); n++) {
        int now = (int)(n & 1);
        wr_arena_reset(arenas[now]);
        status = client_ask("top", o.client.line, words, 1, 2000, arenas[now], &reports[now]);
        at[now] = wr_now_ms();
        if (status != WR_OK) break;
        print_top(&o, reports[now], reports[!now], (double)(at[now] - at[!now]) / 1000);
        if (!o.count || n + 1 < o.count) usleep((useconds_t)(o.every * 1000));
    }
    for (int i = 0; i < 2; i++)
        wr_arena_free(&arenas[i]);
    return client_code(status);
}

const command command_status = {"status", &status_program, run_status, ""};
const command command_top = {"top", &top_program, run_top, ""};
