/* watch.c -- `wireroom watch`: add, ls, rm, test, deliver */
#include "watch.h"

#include "command.h"
#include "output.h"

#include <common/store/json.h>
#include <common/store/read.h>
#include <stdio.h>
#include <unistd.h>

typedef struct watch_job {
    const watch_options *set;
    wr_arena *arena;
    wr_store *store;
    int n;       /* operands behind the order */
    char **args; /* of them: name, program, arguments */
} watch_job;

static const wr_option rows[] = {
    WR_PATH(watch_options, store, "store", "FILE", "wireroom.db", "The database."),
    WR_STRING(watch_options, words, "words", "QUERY", NULL,
              "add: words as for wireroom query search."),
    WR_STRING(watch_options, entity, "entity", "NAME", NULL,
              "add: a name, alias or key (PER/ada-lovelace) that is named."),
    WR_STRING(watch_options, source, "source", "HOST", NULL, "add: only from this host or source."),
    WR_STRING(watch_options, speaker, "speaker", "NAME", NULL, "add: who is quoted."),
    WR_STRING(watch_options, post, "post", "URL", NULL,
              "add: send the article there, with curl(1), in place of running a program."),
    WR_INT(watch_options, limit, "limit", "N", "20", 1, 100000, "test: articles at most."),
    WR_FLAG(watch_options, once, "once", "deliver: end when all is delivered."),
    WR_DURATION(watch_options, time_limit, "time-limit", "TIME", "30s", 1, 86400000,
                "deliver: how long a program may take."),
    WR_INT(watch_options, retries, "retries", "N", "3", 0, 100,
           "deliver: tries more when a program fails."),
    WR_DURATION(watch_options, pause, "pause", "TIME", "1s", 1, 86400000,
                "deliver: before the first of them; doubled each time."),
    WR_FLAG(watch_options, json, "json", "JSON lines also on a terminal."),
    WR_OPTIONS_END,
};

static const wr_program program = {
    .name = "wireroom watch",
    .summary = "saved queries that publish, and can run a program",
    .example = "wireroom watch add strikes --words 'strike OR walkout'\n"
               "wireroom watch add mayor --speaker 'Ada Moor' -- /usr/local/bin/notify --urgent\n"
               "wireroom watch add hook --entity 'LOC/glassford' --post https://example.org/hook\n"
               "wireroom watch test strikes       what it would have found, newest first\n"
               "wireroom watch deliver            runs the programs of what is found",
    .operands = "add NAME [-- PROGRAM ARGUMENT...] | ls | rm NAME | test NAME | deliver",
    .details =
        "All conditions must hold. What a watch finds from then on is published as watch/NAME/. "
        "The "
        "program is run without a shell; it gets the article as JSON on standard input, the name "
        "and "
        "the number of the message in WIREROOM_WATCH and WIREROOM_SEQ, and may be run twice for "
        "one "
        "number. Beside the line.\n\nExit codes: 0 done, 1 no such watch, 100 wrong usage, 111 not "
        "possible at this moment.",
};

/* The program and its arguments as a JSON list. */
static wr_status action_of(watch_job *job, wr_str *out) {
    static const char *const curl[] = {"curl",
                                       "--silent",
                                       "--show-error",
                                       "--fail",
                                       "--max-time",
                                       "20",
                                       "--header",
                                       "content-type: application/json",
                                       "--data-binary",
                                       "@-",
                                       "--proto",
                                       "=http,https",
                                       "--"};
    wr_buf json = WR_BUF_INIT(1 << 20);
    wr_buf_add_char(&json, '[');
    for (size_t i = 0; job->set->post && i < sizeof curl / sizeof *curl; i++) {
        wr_json_comma(&json);
        wr_json_str(&json, wr_str_c(curl[i]));
    }
    if (job->set->post) {
        wr_json_comma(&json);
        wr_json_str(&json, wr_str_c(job->set->post));
    }
    for (int i = 1; !job->set->post && i < job->n; i++) {
        wr_json_comma(&json);
        wr_json_str(&json, wr_str_c(job->args[i]));
    }
    wr_buf_add_char(&json, ']');
    wr_status status = json.status;
    if (status == WR_OK && json.len > 2) status = wr_arena_copy(job->arena, wr_buf_str(&json), out);
    wr_buf_free(&json);
    return status;
}

static wr_str or_empty(const char *text) {
    return text ? wr_str_c(text) : (wr_str){0};
}

static wr_status run_add(watch_job *job) {
    const watch_options *o = job->set;
    wr_watch w = {.name = wr_str_c(job->args[0]),
                  .words = or_empty(o->words),
                  .entity = or_empty(o->entity),
                  .source = or_empty(o->source),
                  .speaker = or_empty(o->speaker)};
    WR_TRY(action_of(job, &w.action));
    return wr_watch_add(job->store, &w);
}

static wr_status run_ls(watch_job *job) {
    static const output_column columns[] = {
        {"name", "NAME", false},     {"words", "WORDS", false},     {"entity", "ENTITY", false},
        {"source", "SOURCE", false}, {"speaker", "SPEAKER", false}, {"action", "ACTION", false},
        {"runs", "RUNS", true},      {"failed", "FAILED", true},    {"created", NULL, false},
    };
    wr_watch *list;
    size_t n;
    output out;
    WR_TRY(wr_watch_list(wr_store_db(job->store), job->arena, &list, &n));
    output_open(&out, stdout, job->set->json, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < n; i++) {
        const wr_str texts[] = {list[i].name,   list[i].words,   list[i].entity,
                                list[i].source, list[i].speaker, list[i].action};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            output_text(&out, texts[k]);
        output_number(&out, (uint64_t)list[i].runs);
        output_number(&out, (uint64_t)list[i].failed);
        output_text(&out, list[i].created);
    }
    return output_close(&out) ? WR_OK : WR_IO;
}

static wr_status run_rm(watch_job *job) {
    return wr_watch_remove(job->store, wr_str_c(job->args[0]));
}

static wr_status find(watch_job *job, wr_watch *out) {
    wr_watch *list;
    size_t n;
    WR_TRY(wr_watch_list(wr_store_db(job->store), job->arena, &list, &n));
    for (size_t i = 0; i < n; i++)
        if (wr_str_eq(list[i].name, wr_str_c(job->args[0]))) {
            *out = list[i];
            return WR_OK;
        }
    return WR_NOTFOUND;
}

static wr_status run_test(watch_job *job) {
    static const output_column columns[] = {{"article", NULL, false},
                                            {"date", "DATE", false},
                                            {"source", "SOURCE", false},
                                            {"title", "TITLE", false}};
    wr_watch w;
    int64_t *ids;
    size_t n;
    output out;
    wr_reader *reader = NULL;
    WR_TRY(find(job, &w));
    WR_TRY(wr_watch_match(wr_store_db(job->store), job->arena, &w, 0, 1u << 20, &ids, &n));
    WR_TRY(wr_reader_open(wr_store_db(job->store), &reader));
    output_open(&out, stdout, job->set->json, columns, sizeof columns / sizeof *columns);
    wr_status status = WR_OK;
    for (size_t i = 0; status == WR_OK && i < n && i < (size_t)job->set->limit; i++) {
        wr_stored a;
        status = wr_reader_article(reader, job->arena, ids[n - 1 - i], &a);
        if (status != WR_OK) break;
        output_text(&out, a.id);
        output_text(&out, a.published);
        output_text(&out, a.host);
        output_text(&out, a.title);
    }
    wr_reader_close(&reader);
    return output_close(&out) ? status : WR_IO;
}

static wr_status run_deliver(watch_job *job) {
    return watch_deliver(job->set, job->store, job->arena);
}

static const struct {
    const char *name;
    int least, most; /* operands */
    bool writes;
    wr_status (*run)(watch_job *job);
} orders[] = {
    {"add", 1, 100, true, run_add},       {"ls", 0, 0, false, run_ls},
    {"rm", 1, 1, true, run_rm},           {"test", 1, 1, false, run_test},
    {"deliver", 0, 0, true, run_deliver},
};
#define N_ORDERS (sizeof orders / sizeof *orders)

static int code_of(wr_status status) {
    if (status == WR_OK) return EXIT_GOOD;
    if (status == WR_NOTFOUND) return 1;
    return wr_status_verdict(status) == WR_VERDICT_RETRY ? EXIT_TEMPORARY : EXIT_PERMANENT;
}

static int act(watch_job *job, size_t i) {
    wr_str why = {0};
    wr_store_options o = {.path = job->set->store,
                          .read_only = !orders[i].writes,
                          .beside = orders[i].writes,
                          .busy_ms = 30000};
    if (access(job->set->store, F_OK) != 0) {
        command_complain("watch", "%s: no such file", job->set->store);
        return EXIT_PERMANENT;
    }
    wr_status status = wr_store_open(&o, job->arena, &job->store, &why);
    if (status != WR_OK) {
        command_complain("watch", "%.*s", (int)why.len, why.ptr ? why.ptr : "");
        return code_of(status);
    }
    status = orders[i].run(job);
    if (status != WR_OK) {
        const char *text = wr_store_why(job->store).ptr;
        command_complain("watch", "%s",
                         status == WR_NOTFOUND ? "no such watch"
                         : text[0]             ? text
                                               : wr_status_text(status));
    }
    wr_store_close(&job->store);
    return code_of(status);
}

static int run(int argc, char **argv) {
    watch_options set = {0};
    const wr_option_group group = {"Options", rows, &set};
    int n = 0, code = wr_options_read(&program, &group, 1, argc, argv, &n);
    if (code >= 0) return code;
    size_t i = 0;
    while (n > 0 && i < N_ORDERS && strcmp(orders[i].name, argv[1]) != 0)
        i++;
    if (n < 1 || i == N_ORDERS || n - 1 < orders[i].least || n - 1 > orders[i].most) {
        command_complain("watch", "one of: %s", program.operands);
        return EXIT_PERMANENT;
    }
    watch_job job = {.set = &set, .n = n - 1, .args = argv + 2};
    code = EXIT_TEMPORARY;
    if (wr_arena_new("watch", (size_t)256 << 20, &job.arena) == WR_OK) code = act(&job, i);
    wr_arena_free(&job.arena);
    wr_options_free(&group, 1);
    return code;
}

const command command_watch = {"watch", &program, run, "add ls rm test deliver"};
