/* tap.c -- `wireroom tap`: what passes a point of the line, or what it publishes */
#include "client.h"
#include "stream.h"

#include <common/address.h>

#include <signal.h>

typedef struct options {
    client_options client;
    const char *publish, *replay;
    int64_t count, every, from;
    uint64_t timeout;
} options;

static const wr_option rows[] = {
    CLIENT_OPTIONS(options),
    WR_INT(options, count, "count", "N", "0", 0, 1 << 30, "end after so many, 0 = until Ctrl-C"),
    WR_INT(options, every, "every", "N", "1", 1, 1 << 30, "of a point: one of so many"),
    WR_INT(options, from, "from", "SEQ", "0", 0, INT64_MAX,
           "of a topic: begin with the message of this number, 1 = the first there is, 0 = what "
           "comes from now on"),
    WR_DURATION(options, timeout, "timeout", "TIME", "0", 0, 86400000,
                "end when nothing came for so long, 0 = never"),
    WR_STRING(options, publish, "publish", "ADDRESS", NULL,
              "where aggregate publishes [publish.ipc in the line's directory]"),
    WR_STRING(options, replay, "replay", "ADDRESS", NULL,
              "where it answers for what was missed [replay.ipc beside it]"),
    WR_OPTIONS_END,
};

static const wr_program program = {
    .name = "wireroom tap",
    .summary = "follows what the line publishes, or what passes a point of it",
    .example =
        "wireroom tap article/ quote/                  what is stored, as it comes\n"
        "wireroom tap quote/ada-lovelace/ --from 1     all of her quotes, from the beginning on\n"
        "wireroom tap boilerplate                      pages that stage has finished\n"
        "wireroom tap in --count 1 --json | jq .page   the next page handed in",
    .operands = "TOPIC/... | POINT",
    .details =
        "TOPIC, with a slash, is the beginning of a topic of the output stream: "
        "article/LANG/HOST/, "
        "entity/TYPE/SLUG/, quote/SLUG/, sys/. Each message is shown once and in order, whatever "
        "the stream skipped or aggregate was restarted: what was missed is asked for. As JSON a "
        "message is the published body after its topic; the numbers in seq are what --from takes, "
        "so a reader that keeps the last seq goes on with seq + 1.\n\n"
        "POINT is a stage (pages it has finished) or in (pages handed in). Never holds the line "
        "up: "
        "what is not taken in time is skipped, which shows as a gap in seq.\n\n"
        "Exit codes: 0, 100, 111 when nothing came in time or the line is not there.",
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
        wr_buf_clear(&page);
        output_safe(&page, client_string(t->payload, "file"));
        printf("%6llu  %.*s  %-10.*s  %7zu bytes  %.*s\n", (unsigned long long)t->seq,
               (int)t->id.len, t->id.ptr, (int)t->status.len, t->status.ptr, t->payload.len,
               (int)page.len, page.len ? page.ptr : "");
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

/* ---- topics ---- */

typedef struct following {
    output out;
    int64_t left;
} following;

static wr_str first_of(wr_str body, const char *const *keys) {
    wr_str text = {NULL, 0};
    for (; *keys && !text.len; keys++)
        text = client_string(body, *keys);
    return text;
}

/* A line for people: number, topic, what it says. */
static void print_line(wr_str topic, wr_str body) {
    static const char *const is_about[] = {"title", "text", "name", NULL};
    wr_buf line = WR_BUF_INIT((size_t)1 << 24);
    wr_str type = client_string(body, "type"), text = first_of(body, is_about);
    bool quote = wr_str_eq(type, WR_STR("quote"));
    if (!quote && wr_str_eq(type, WR_STR("entity"))) text = client_string(body, "name");
    if (quote) text = client_string(body, "text");
    wr_buf_printf(&line, "%8llu  ", (unsigned long long)client_number(body, "seq"));
    output_safe(&line, topic);
    wr_buf_add_str(&line, WR_STR("  "));
    output_safe(&line, wr_str_slice(text, 0, 300));
    if (quote && client_string(body, "speaker").len) {
        wr_buf_add_str(&line, WR_STR(" -- "));
        output_safe(&line, client_string(body, "speaker"));
    }
    printf("%.*s\n", (int)line.len, line.ptr);
    wr_buf_free(&line);
}

static void print_body(wr_str topic, wr_str body) {
    wr_buf line = WR_BUF_INIT((size_t)1 << 30), json = WR_BUF_INIT((size_t)1 << 30);
    wr_buf_add_str(&line, WR_STR("{\"topic\":"));
    output_json_string(&line, topic);
    if (wr_json_of_msgpack(body, &json) == WR_OK && json.len > 2) {
        wr_buf_add_char(&line, ',');
        wr_buf_add(&line, json.ptr + 1, json.len - 1);
        wr_buf_add_char(&line, '\n');
        fwrite(line.ptr, 1, line.len, stdout);
    }
    wr_buf_free(&json);
    wr_buf_free(&line);
}

static bool print_message(void *ctx, wr_str topic, wr_str body) {
    following *f = ctx;
    if (f->out.json) print_body(topic, body);
    else print_line(topic, body);
    return fflush(stdout) == 0 && --f->left != 0;
}

static int follow(const options *o, char **topics, size_t n) {
    char publish[WR_ENDPOINT_SIZE], replay[WR_ENDPOINT_SIZE];
    following f = {.left = o->count};
    stream_options set = {.publish = o->publish ? o->publish : publish,
                          .replay = o->replay ? o->replay : replay,
                          .topics = topics,
                          .n_topics = n,
                          .from = (uint64_t)o->from,
                          .timeout_ms = o->timeout,
                          .ended = &ended};
    wr_status status = wr_address_beside(o->client.line, "publish.ipc", publish, sizeof publish);
    if (status == WR_OK)
        status = wr_address_beside(o->client.line, "replay.ipc", replay, sizeof replay);
    output_open(&f.out, stdout, o->client.json, NULL, 0);
    if (status == WR_OK) status = stream_read(&set, print_message, &f);
    if (status == WR_NOTFOUND)
        command_complain("tap",
                         "nothing is published at %s; is `wireroom run` running, with the stage "
                         "aggregate? Another line: --line",
                         set.replay);
    else if (status != WR_OK && status != WR_TIMEOUT)
        command_complain("tap", "%s: %s", set.publish, wr_status_text(status));
    return status == WR_NOTFOUND ? EXIT_TEMPORARY : client_code(status);
}

/* ---- points ---- */

static void no_such_point(const char *point) {
    static const char *const topics[] = {"article", "entity", "quote", "sys"};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        if (strcmp(point, topics[i]) == 0) {
            command_complain("tap", "the line has no point \"%s\"; the topic is %s/", point, point);
            return;
        }
    command_complain("tap", "the line has no point \"%s\"; `wireroom status` lists the stages",
                     point);
}

static int watch_point(const options *o, const char *point) {
    wr_control *control = NULL;
    wr_status status = wr_control_open(o->client.line, &control);
    if (status == WR_OK) status = watch(o, point, control);
    if (control) wr_control_close(&control);
    if (status == WR_NOTFOUND) no_such_point(point);
    else if (status == WR_TIMEOUT) command_complain("tap", "nothing passed %s in that time", point);
    else if (status != WR_OK)
        command_complain("tap", "%s: %s", o->client.line, wr_status_text(status));
    return client_code(status);
}

static int run(int argc, char **argv) {
    options o = {0};
    int n = 0, n_topics = 0, code = client_read(&program, rows, &o, &o.client, argc, argv, &n);
    if (code >= 0) return code;
    for (int i = 1; i <= n; i++)
        n_topics += strchr(argv[i], '/') != NULL;
    if (n == 0) {
        command_complain("tap", "what? Topics (article/ quote/), a stage, or in; see --help");
        return EXIT_PERMANENT;
    }
    if (n_topics ? n_topics < n || n > STREAM_TOPICS : n > 1) {
        command_complain("tap", "either one point or topics, at most %d", STREAM_TOPICS);
        return EXIT_PERMANENT;
    }
    if (o.from && !n_topics) {
        command_complain("tap", "--from is for topics; a point shows what passes now");
        return EXIT_PERMANENT;
    }
    struct sigaction act = {.sa_handler = on_signal};
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    return n_topics ? follow(&o, argv + 1, (size_t)n) : watch_point(&o, argv[1]);
}

const command command_tap = {"tap", &program, run,
                             "in cleanup boilerplate tag aggregate article/ entity/per/ "
                             "entity/org/ entity/loc/ quote/ sys/"};
