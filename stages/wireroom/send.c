/* send.c -- `wireroom send`: hands files or standard input to a running line and waits for the
 * outcome */
#include "client.h"

#include <stages/ingest/ledger.h>
#include <stages/ingest/reader.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXIT_PARTLY 1

typedef struct options {
    client_options client;
    const char *name;
    uint64_t page_limit, file_limit, timeout;
    int64_t window;
    bool quiet;
} options;

static const wr_option rows[] = {
    CLIENT_OPTIONS(options),
    WR_STRING(options, name, "name", "NAME", "-",
              "the file name that standard input's pages carry"),
    WR_SIZE(options, page_limit, "page-limit", "BYTES", "8M", 1, 48 << 20,
            "largest page that is read"),
    WR_SIZE(options, file_limit, "file-limit", "BYTES", "1024G", 1, 0x7fffffffffffffff,
            "largest decompressed size of a file"),
    WR_INT(options, window, "window", "N", "64", 1, 4096, "pages under way at a time"),
    WR_DURATION(options, timeout, "timeout", "TIME", "60s", 10, 86400000,
                "give up when nothing happened for so long"),
    WR_FLAG(options, quiet, "quiet", "print failures only"),
    WR_OPTIONS_END,
};

static const wr_program program = {
    .name = "wireroom send",
    .summary = "hands files or standard input to the line and waits for the outcome",
    .example = "wireroom send page.html             one file\n"
               "curl -s URL | wireroom send -       standard input",
    .operands = "FILE... | -",
    .details = "The files stay where they are. Prints one line a page: how its journey "
               "ended.\n\nExit codes: 0 all "
               "pages are stored (or were before), 1 some failed, 100 wrong usage or no such file, "
               "111 the line "
               "is not there or gave no answer in time.",
};

typedef struct sending {
    const options *options;
    ingest_ledger ledger;
    ingest_reader *reader;
    ingest_limits limits;
    wr_source *source;
    wr_arena *arena;
    wr_buf payload;
    output out;
    char **names;
    int n_names, next;
    ingest_file *reading;
    uint64_t last, hold_until;
} sending;

static const output_column columns[] = {{"file", "FILE", false},     {"record", "RECORD", true},
                                        {"id", "ID", false},         {"outcome", "OUTCOME", false},
                                        {"status", "STATUS", false}, {"stage", "STAGE", false},
                                        {"text", "TEXT", false}};

static void print_outcome(sending *s, const char *file, uint64_t record, wr_str id,
                          wr_verdict verdict, wr_str status, wr_str stage, wr_str text) {
    bool good = verdict == WR_VERDICT_PASS || verdict == WR_VERDICT_DROP;
    if (good && s->options->quiet) return;
    output_text(&s->out, wr_str_c(file));
    output_number(&s->out, record);
    output_text(&s->out, id);
    output_text(&s->out, verdict == WR_VERDICT_PASS   ? WR_STR("stored")
                         : verdict == WR_VERDICT_DROP ? WR_STR("dropped")
                                                      : WR_STR("failed"));
    output_text(&s->out, status);
    output_text(&s->out, stage);
    output_text(&s->out, text);
}

static void bad(sending *s, ingest_file *file, uint64_t record, wr_status status, wr_str why) {
    if (!why.len) why = wr_str_c(wr_status_text(status));
    print_outcome(s, file->owner, record, wr_str_of(NULL, 0), WR_VERDICT_REJECT,
                  wr_str_c(wr_status_label(status)), WR_STR("ingest"), why);
    ingest_file_bad(&s->ledger, file, record, status, why);
}

static void end_file(sending *s, ingest_file *file) {
    if (file && ingest_file_finished(file)) ingest_file_free(&s->ledger, file);
}

static void end_reading(sending *s) {
    ingest_file *file = s->reading;
    ingest_reader_close(s->reader);
    s->reading = NULL;
    if (!file->tally.pages && !file->open)
        bad(s, file, 0, WR_EMPTY, WR_STR("the file holds no page"));
    ingest_file_end(file);
    end_file(s, file);
}

static void begin_reading(sending *s) {
    char *name = s->names[s->next++];
    bool standard = strcmp(name, "-") == 0;
    const char *base = strrchr(name, '/');
    wr_str why = {NULL, 0}, carried = wr_str_c(standard ? s->options->name
                                               : base   ? base + 1
                                                        : name);
    s->reading = ingest_file_begin(&s->ledger, name);
    int fd = standard ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
    wr_status status = fd < 0 ? WR_IO : WR_OK;
    if (fd < 0) why = wr_str_c(strerror(errno));
    if (status == WR_OK)
        status = ingest_reader_open(s->reader, fd, carried, (ingest_place){0}, &why);
    if (status == WR_OK) return;
    bad(s, s->reading, 0, status, why);
    end_reading(s);
}

static void read_page(sending *s) {
    wr_page page;
    ingest_found found;
    wr_str why = {NULL, 0};
    ingest_file *file = s->reading;
    uint64_t record = ingest_reader_place(s->reader).record;
    wr_status status = ingest_reader_next(s->reader, &page, &s->payload, &found, &why);
    if (found == INGEST_FOUND_PAGE)
        status = ingest_page_add(&s->ledger, file,
                                 (ingest_place){.record = page.record, .offset = page.offset},
                                 page.id, &s->payload);
    if (status != WR_OK) bad(s, file, record, status, why);
    if (found == INGEST_FOUND_END) end_reading(s);
}

static bool fill(sending *s) {
    if (!ingest_ledger_room(&s->ledger)) return false;
    if (s->reading) read_page(s);
    else if (s->next < s->n_names) begin_reading(s);
    else return false;
    return true;
}

static wr_status submit(sending *s) {
    uint64_t ref;
    if (wr_now_ms() < s->hold_until) return WR_OK;
    for (ingest_slot *slot; (slot = ingest_next_waiting(&s->ledger, &ref));) {
        wr_status status =
            wr_source_submit(s->source, ref, wr_str_c(slot->id), wr_buf_str(&slot->payload));
        if (status == WR_AGAIN) return WR_OK;
        WR_TRY(status);
        ingest_page_sent(&s->ledger, ref);
    }
    return WR_OK;
}

static void take(sending *s, const wr_outcome *o) {
    if (o->event == WR_EVENT_RESTARTED) {
        ingest_restarted(&s->ledger);
        return;
    }
    s->last = wr_now_ms();
    if (o->verdict == WR_VERDICT_RETRY) {
        ingest_page_again(&s->ledger, o->ref);
        s->hold_until = s->last + 50;
        return;
    }
    if (o->ref < 1 || o->ref > s->ledger.window) return;
    const ingest_slot *slot = &s->ledger.slots[o->ref - 1];
    if (slot->state == INGEST_FREE) return;
    print_outcome(s, slot->file->owner, slot->place.record, wr_str_c(slot->id), o->verdict,
                  o->status, o->stage, o->text);
    end_file(s, ingest_page_end(&s->ledger, o->ref, o->verdict, o->status, o->stage, o->text));
}

static wr_status send_all(sending *s) {
    s->last = wr_now_ms();
    for (;;) {
        wr_outcome outcome;
        while (fill(s))
            ;
        WR_TRY(submit(s));
        if (!s->ledger.n_files && s->next == s->n_names) return WR_OK;
        wr_status status = wr_source_next(s->source, -1, 100, &outcome);
        if (status == WR_OK) take(s, &outcome);
        else if (status == WR_TIMEOUT && wr_now_ms() - s->last >= s->options->timeout)
            return WR_TIMEOUT;
        else if (status != WR_TIMEOUT && status != WR_AGAIN) return status;
    }
}

static wr_status open_sending(sending *s) {
    const options *o = s->options;
    WR_TRY(wr_arena_new("ledger", (size_t)16 << 20, &s->arena));
    WR_TRY(ingest_ledger_open(&s->ledger, s->arena, (size_t)o->window, (size_t)16 << 20));
    WR_TRY(ingest_reader_new(&s->limits, &s->reader));
    wr_source_config config = {.line = o->client.line,
                               .name = "send",
                               .build = WIREROOM_VERSION,
                               .window = (unsigned)o->window};
    return wr_source_open(&config, &s->source);
}

static int run_sending(sending *s) {
    wr_status status = open_sending(s);
    output_open(&s->out, stdout, s->options->client.json, columns,
                sizeof columns / sizeof *columns);
    if (status == WR_OK) status = send_all(s);
    output_close(&s->out);
    if (status == WR_TIMEOUT)
        command_complain(
            "send",
            "no answer from the line at %s; is `wireroom run` running? Pages that were handed "
            "over may still be stored; sending them again does no harm",
            s->options->client.line);
    else if (status != WR_OK)
        command_complain("send", "%s: %s", s->options->client.line, wr_status_text(status));
    int code = client_code(status);
    if (status == WR_OK && s->ledger.total.rejected) code = EXIT_PARTLY;
    if (s->source) wr_source_close(&s->source);
    if (s->ledger.slots) ingest_ledger_close(&s->ledger);
    ingest_reader_free(&s->reader);
    wr_buf_free(&s->payload);
    wr_arena_free(&s->arena);
    return code;
}

static int run(int argc, char **argv) {
    options o = {0};
    int n = 0, code = client_read(&program, rows, &o, &o.client, argc, argv, &n);
    if (code >= 0) return code;
    if (n < 1) {
        command_complain("send", "which file? - is standard input");
        return EXIT_PERMANENT;
    }
    for (int i = 1; i <= n; i++) {
        struct stat st;
        bool there = strcmp(argv[i], "-") == 0 || stat(argv[i], &st) == 0;
        if (there && (strcmp(argv[i], "-") == 0 || !S_ISDIR(st.st_mode))) continue;
        command_complain("send", "%s: %s", argv[i],
                         there ? "is a directory; read it with wireroom run --once"
                               : strerror(errno));
        return EXIT_PERMANENT;
    }
    sending s = {.options = &o,
                 .limits = {(size_t)o.page_limit, o.file_limit, 1000, 4},
                 .payload = WR_BUF_INIT(WR_PAYLOAD_MAX),
                 .names = argv + 1,
                 .n_names = n};
    return run_sending(&s);
}

const command command_send = {"send", &program, run, NULL};
