/* tap.c -- `wireroom tap`: what passes a point of the line */
#include "client.h"

#include <signal.h>

typedef struct options {
    client_options client;
    int64_t count, every;
    uint64_t timeout;
} options;

static const wr_option rows[] = {
    CLIENT_OPTIONS(options),
    WR_INT(options, count, "count", "N", "0", 0, 1 << 30, "end after so many, 0 = until Ctrl-C"),
    WR_INT(options, every, "every", "N", "1", 1, 1 << 30, "one of so many"),
    WR_DURATION(options, timeout, "timeout", "TIME", "0", 0, 86400000,
                "end when nothing came for so long, 0 = never"),
    WR_OPTIONS_END,
};

static const wr_program program = {
    .name = "wireroom tap",
    .summary = "shows copies of the pages that pass a point of the line",
    .example = "wireroom tap boilerplate                      what that stage has finished\n"
               "wireroom tap in --count 1 --json | jq .page   the next page handed in",
    .operands = "POINT",
    .details = "POINT is a stage (pages it has finished) or in (pages handed in). Never holds the "
               "line up: what "
               "is not taken in time is skipped, which shows as a gap in seq.\n\nExit codes: 0, "
               "100, 111 when "
               "nothing came in time or the line is not there.",
};

static volatile sig_atomic_t ended;

static void on_signal(int number) {
    (void)number;
    ended = 1;
}

static void print_copy(output *out, const wr_tapped *t) {
    wr_buf page = WR_BUF_INIT((size_t)1 << 30);
    if (!out->json || !t->payload.len || wr_json_of_msgpack(t->payload, &page) != WR_OK) {
        wr_buf_clear(&page);
        wr_buf_add_str(&page, WR_STR("null"));
    }
    if (out->json) {
        output_number(out, t->seq);
        output_text(out, t->point);
        output_text(out, t->id);
        output_text(out, t->status);
        output_both(out, wr_str_of(NULL, 0), wr_buf_str(&page));
    } else {
        wr_str file = client_string(t->payload, "file");
        printf("%6llu  %.*s  %-10.*s  %7zu bytes  %.*s\n", (unsigned long long)t->seq,
               (int)t->id.len, t->id.ptr, (int)t->status.len, t->status.ptr, t->payload.len,
               (int)file.len, file.ptr ? file.ptr : "");
    }
    fflush(stdout);
    wr_buf_free(&page);
}

static wr_status watch(const options *o, const char *point, wr_control *control) {
    static const output_column columns[] = {{"seq", "SEQ", true},
                                            {"point", NULL, false},
                                            {"id", "ID", false},
                                            {"status", "STATUS", false},
                                            {"page", NULL, false}};
    output out;
    uint64_t last = wr_now_ms();
    WR_TRY(wr_control_tap(control, point, (unsigned)o->every));
    output_open(&out, stdout, o->client.json, columns, sizeof columns / sizeof *columns);
    wr_status status = WR_OK;
    for (int64_t n = 0; !ended && (!o->count || n < o->count);) {
        wr_tapped t;
        status = wr_control_next(control, 200, &t);
        if (status == WR_TIMEOUT && (!o->timeout || wr_now_ms() - last < o->timeout)) continue;
        if (status != WR_OK) break;
        last = wr_now_ms();
        print_copy(&out, &t);
        n++;
    }
    wr_buf_free(&out.cells);
    wr_buf_free(&out.line);
    return ended ? WR_OK : status;
}

static int run(int argc, char **argv) {
    options o = {0};
    int n = 0, code = client_read(&program, rows, &o, &o.client, argc, argv, &n);
    if (code >= 0) return code;
    if (n != 1) {
        command_complain("tap", "which point? A stage, or in");
        return EXIT_PERMANENT;
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    wr_control *control = NULL;
    wr_status status = wr_control_open(o.client.line, &control);
    if (status == WR_OK) status = watch(&o, argv[1], control);
    if (control) wr_control_close(&control);
    if (status == WR_NOTFOUND)
        command_complain("tap", "the line has no point \"%s\"; `wireroom status` lists the stages",
                         argv[1]);
    else if (status != WR_OK)
        command_complain("tap", "%s: %s", o.client.line, wr_status_text(status));
    return client_code(status);
}

const command command_tap = {"tap", &program, run};
