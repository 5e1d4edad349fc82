/* run.c -- `wireroom run`: the line from a directory to the store, kept alive */
#include "command.h"
#include "output.h"
#include "place.h"
#include "summary.h"
#include "supervise.h"

#include <wireroom/log.h>
#include <wireroom/transport.h>

#include <stdio.h>
#include <stdlib.h>

#define EXIT_PARTLY 1

static const wr_program program = {
    .name = "wireroom run",
    .summary = "starts the line and keeps it alive",
    .example =
        "wireroom run --once ./articles            read a directory in place, print a summary\n"
        "wireroom run /srv/news --store news.db    watch a directory until told to end\n"
        "wireroom run /srv/news --workers tag=4    with four taggers",
    .operands = "DIR...",
    .details = "Starts hub, ingest and the stages of the chain, and starts again what dies. A file "
               "dropped in "
               "DIR is taken when it was closed or moved in, and put to DIR/.wireroom/done when "
               "its pages are "
               "in the store, or to DIR/.wireroom/failed with a reason beside it. Nothing is lost "
               "when any of "
               "the processes, this one included, is killed: the next run goes on.\n\n"
               "With --once DIR is read in place and not changed; it may be read-only.\n\n"
               "SIGTERM or `wireroom drain` end it when all pages under way are stored; a second "
               "signal at "
               "once.\n\n"
               "Exit codes: 0; 1 with --once, when some file or page failed; 100 wrong usage or "
               "configuration, or another wireroom runs there; 111 try again.",
};

typedef struct teller {
    const plan *plan;
    uint64_t began, told;
    bool shown;
} teller;

static void erase(teller *t) {
    if (t->shown) fputs("\r\033[K", stderr);
    t->shown = false;
}

/* The text of a key in one of ingest's JSON lines, its escapes taken off. */
static void text_of(wr_str line, const char *key, wr_buf *out) {
    char quoted[32];
    int len = snprintf(quoted, sizeof quoted, "\"%s\":\"", key);
    const char *at = memmem(line.ptr, line.len, quoted, (size_t)len), *end = line.ptr + line.len;
    for (at = at ? at + len : end; at < end && *at != '"'; at++) {
        if (*at == '\\' && at + 1 < end) at++;
        wr_buf_add_char(out, *at);
    }
}

static void tell_failed(void *ctx, wr_str line) {
    teller *t = ctx;
    if (t->plan->set.quiet) return;
    wr_buf file = WR_BUF_INIT(1 << 16), text = WR_BUF_INIT(1 << 16);
    text_of(line, "file", &file);
    text_of(line, "text", &text);
    erase(t);
    fprintf(stderr, "failed %.*s: %.*s\n", (int)file.len, file.ptr, (int)text.len, text.ptr);
    wr_buf_free(&file);
    wr_buf_free(&text);
}

static void tell_progress(void *ctx, const progress *now) {
    teller *t = ctx;
    uint64_t ms = wr_now_ms() - t->began;
    if (t->plan->set.quiet || !output_progress() || ms < 200) return;
    fprintf(stderr, "\r\033[Kread %llu files   %llu pages   %llu under way   %llu failed   %.1f s",
            (unsigned long long)now->files, (unsigned long long)now->pages,
            (unsigned long long)now->open, (unsigned long long)now->rejected, (double)ms / 1000);
    t->shown = true;
    if (now->ended) erase(t);
}

/* To a person who watches: what runs and how to go on; the log is for warnings then. */
static void tell_begin(const plan *p, char **dirs, size_t n_dirs) {
    const settings *set = &p->set;
    if (set->once || set->quiet || !output_progress()) return;
    fprintf(stderr, "watching");
    for (size_t i = 0; i < n_dirs; i++)
        fprintf(stderr, " %s", dirs[i]);
    bool usual = strcmp(set->line, wr_line_default()) == 0;
    fprintf(stderr,
            "\nstore    %s\nline     %s   (wireroom top%s%s)\nend      Ctrl-C, or wireroom drain; "
            "pages under way are finished\n",
            set->store, set->line, usual ? "" : " --line ", usual ? "" : set->line);
}

static int run_in_place(plan *p, char **dirs, size_t n_dirs) {
    place at;
    int code = place_open(&at, p);
    if (code < 0) {
        progress done = {0};
        teller t = {.plan = p, .began = wr_now_ms()};
        supervise_hooks hooks = {&t, tell_failed, tell_progress};
        tell_begin(p, dirs, n_dirs);
        code = supervise(p, dirs, n_dirs, at.line_dir, &hooks, &done);
        double seconds = (double)(wr_now_ms() - t.began) / 1000;
        erase(&t);
        if (p->set.once && code == EXIT_GOOD) {
            if (!p->set.quiet) summary_print(&p->set, dirs[0], &done, seconds);
            if (!done.ended) code = EXIT_TEMPORARY;
            else if (done.failed || done.rejected || done.refused) code = EXIT_PARTLY;
        }
    }
    place_close(&at);
    return code;
}

static int with_plan(plan *p, char **operands, size_t n_operands) {
    size_t n_dirs = n_operands ? n_operands : p->set.directories.n;
    char **dirs = n_operands ? operands : p->set.directories.items;
    wr_log_level level;
    if (!n_dirs) {
        command_complain("run", "which directory? For example: wireroom run --once ./articles");
        return EXIT_PERMANENT;
    }
    const char *f = p->set.finished;
    if (strcmp(f, "move") != 0 && strcmp(f, "keep") != 0 && strcmp(f, "delete") != 0) {
        command_complain("run", "%s: finished is move, keep or delete, not \"%s\"",
                         settings_origin(p, "finished"), f);
        return EXIT_PERMANENT;
    }
    if (!p->set.log_level)
        p->set.log_level = p->set.once ? "error" : output_progress() ? "warn" : "info";
    if (!wr_log_level_of(p->set.log_level, &level)) {
        command_complain("run", "%s: log-level is error, warn, info or debug",
                         settings_origin(p, "log-level"));
        return EXIT_PERMANENT;
    }
    wr_log_open("wireroom", level);
    for (size_t i = 0; i < n_dirs; i++) {
        int code = place_check_dir(p, dirs[i]);
        if (code >= 0) return code;
    }
    return run_in_place(p, dirs, n_dirs);
}

static int run(int argc, char **argv) {
    static plan p;
    int n_operands = 0;
    int code = settings_read(&program, &p, argc, argv, &n_operands);
    if (code < 0) code = with_plan(&p, argv + 1, (size_t)n_operands);
    settings_free(&p);
    return code;
}

const command command_run = {"run", &program, run, NULL};
