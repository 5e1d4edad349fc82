/* orders_command.c -- `wireroom scale`, `restart`, `drain`: orders to the supervisor */
#include "client.h"
#include "supervise.h"

typedef struct options {
    client_options client;
    uint64_t timeout;
} options;

static const wr_option rows[] = {
    CLIENT_OPTIONS(options),
    WR_DURATION(options, timeout, "timeout", "TIME", "60s", 100, 3600000,
                "how long to wait for the outcome"),
    WR_OPTIONS_END,
};

static const wr_program scale_program = {
    .name = "wireroom scale",
    .summary = "sets how many workers a stage has, while it runs",
    .example = "wireroom scale tag=4     four taggers from now on",
    .operands = "STAGE=N...",
    .details =
        "Returns when the workers have joined, or finished what they held. Nothing is lost. The "
        "number lasts until the line is started again; for good: --workers or the configuration.",
};
static const wr_program restart_program = {
    .name = "wireroom restart",
    .summary = "replaces a stage's processes by new ones, without loss",
    .example = "wireroom restart tag     after a new wireroom-tag was installed",
    .operands = "STAGE...",
    .details =
        "Each new worker joins before its predecessor finishes what it holds; aggregate hands the "
        "store over. Hub and ingest, of which one can run, end first and come back: STAGE may be "
        "one of these too. When the new process does not start, the old one goes on.",
};
static const wr_program drain_program = {
    .name = "wireroom drain",
    .summary = "ends the line when all pages under way are stored",
    .example = "wireroom drain",
};

static int order(const char *who, const options *o, const char *text) {
    wr_buf reply = WR_BUF_INIT(1 << 20);
    wr_status status = supervise_order(o->client.line, text, (int)o->timeout, &reply);
    if (status == WR_OK) {
        static const output_column columns[] = {{"outcome", "OUTCOME", false}};
        output out;
        output_open(&out, stdout, o->client.json, columns, 1);
        if (out.json) output_text(&out, wr_buf_str(&reply));
        else printf("%.*s\n", (int)reply.len, reply.ptr);
        if (out.json) output_close(&out);
    } else if (status == WR_NOTFOUND && !reply.len)
        command_complain(who, "no `wireroom run` at %s; another line: --line", o->client.line);
    else
        command_complain(who, "%.*s",
                         reply.len ? (int)reply.len : (int)strlen(wr_status_text(status)),
                         reply.len ? reply.ptr : wr_status_text(status));
    wr_buf_free(&reply);
    return client_code(status);
}

static int run_each(const char *who, const wr_program *program, int argc, char **argv) {
    options o = {0};
    int n = 0, code = client_read(program, rows, &o, &o.client, argc, argv, &n);
    if (code >= 0) return code;
    if (n < 1) {
        command_complain(who, "which stage? See --help");
        return EXIT_PERMANENT;
    }
    for (int i = 1; i <= n; i++) {
        char text[256];
        char *equals = strchr(argv[i], '=');
        bool scale = strcmp(who, "scale") == 0;
        if (scale != (equals != NULL) || strlen(argv[i]) > 200) {
            command_complain(who, "\"%s\": expected %s", argv[i], scale ? "STAGE=N" : "STAGE");
            return EXIT_PERMANENT;
        }
        if (equals) *equals = ' ';
        snprintf(text, sizeof text, "%s %s", who, argv[i]);
        code = order(who, &o, text);
        if (code != EXIT_GOOD) return code;
    }
    return EXIT_GOOD;
}

static int run_scale(int argc, char **argv) {
    return run_each("scale", &scale_program, argc, argv);
}

static int run_restart(int argc, char **argv) {
    return run_each("restart", &restart_program, argc, argv);
}

static int run_drain(int argc, char **argv) {
    options o = {0};
    int code = client_read(&drain_program, rows, &o, &o.client, argc, argv, NULL);
    return code >= 0 ? code : order("drain", &o, "drain");
}

const command command_scale = {"scale", &scale_program, run_scale, "cleanup= boilerplate= tag="};
const command command_restart = {"restart", &restart_program, run_restart,
                                 "hub ingest cleanup boilerplate tag aggregate"};
const command command_drain = {"drain", &drain_program, run_drain, ""};
