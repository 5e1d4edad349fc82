/* store.c -- `wireroom store`: check, backup, forget, tidy */
#include "command.h"

#include <common/store/digest.h>
#include <common/store/store.h>
#include <stdio.h>
#include <unistd.h>

typedef struct store_options {
    const char *store;
} store_options;

typedef struct store_job {
    const store_options *set;
    wr_arena *arena;
    wr_store *store;
    const char *operand; /* NULL = none */
} store_job;

static const wr_option rows[] = {
    WR_PATH(store_options, store, "store", "FILE", "wireroom.db", "the database"),
    WR_OPTIONS_END,
};

static const wr_program program = {
    .name = "wireroom store",
    .summary = "checks, copies, shrinks the store",
    .example =
        "wireroom store check                   is it whole? Each fault is a line\n"
        "wireroom store backup copy.db          a copy of one committed state, while the "
        "line runs\n"
        "wireroom store forget 2025-01-01       no articles before that day any more\n"
        "wireroom store tidy                    merge the indexes, give free room back, bring\n"
        "                                       the tables of trends and pairs up to date",
    .operands = "check | backup FILE | forget DAY | tidy",
    .details =
        "check and backup may run beside the line; forget and tidy need the store for themselves "
        "(the line's own --keep does it while it runs).\n\nExit codes: 0 done, 1 check found "
        "faults, 100 wrong usage or no store, 111 not possible at this moment.",
};

static void print_fault(void *to, const char *what) {
    (void)to;
    printf("%s\n", what);
}

static wr_status run_check(store_job *job, int *code) {
    size_t n;
    WR_TRY(wr_store_check(job->store, print_fault, NULL, &n));
    if (n == 0) fprintf(stderr, "%s: whole\n", job->set->store);
    *code = n ? 1 : 0;
    return WR_OK;
}

static wr_status run_backup(store_job *job, int *code) {
    (void)code;
    return wr_store_backup(job->store, job->operand);
}

static wr_status run_forget(store_job *job, int *code) {
    size_t n, all = 0;
    (void)code;
    do {
        WR_TRY(wr_store_forget(job->store, wr_str_c(job->operand), false, 500, &n));
        all += n;
    } while (n);
    fprintf(stderr, "%zu articles forgotten\n", all);
    return wr_store_shrink(job->store, 0);
}

static wr_status digest(wr_store *store) {
    wr_digest *d = NULL;
    bool more = true;
    wr_status status = wr_digest_open(store, &d);
    if (status == WR_OK) status = wr_digest_plan(d);
    while (status == WR_OK && more)
        status = wr_digest_step(d, &more);
    wr_digest_close(&d);
    return status;
}

static wr_status run_tidy(store_job *job, int *code) {
    bool more = true;
    (void)code;
    while (more)
        WR_TRY(wr_store_tidy(job->store, 1000, &more));
    WR_TRY(digest(job->store));
    return wr_store_shrink(job->store, 0);
}

static const struct {
    const char *name, *operand;
    bool writes;
    wr_status (*run)(store_job *job, int *code);
} actions[] = {
    {"check", NULL, false, run_check},
    {"backup", "FILE", false, run_backup},
    {"forget", "DAY", true, run_forget},
    {"tidy", NULL, true, run_tidy},
};
#define N_ACTIONS (sizeof actions / sizeof *actions)

static int code_of(wr_status status) {
    switch (wr_status_verdict(status)) {
    case WR_VERDICT_PASS: return EXIT_GOOD;
    case WR_VERDICT_RETRY: return EXIT_TEMPORARY;
    default: return EXIT_PERMANENT;
    }
}

static int act(store_job *job, size_t i) {
    wr_str why = {0};
    int code = 0;
    wr_store_options o = {.path = job->set->store, .read_only = !actions[i].writes};
    if (access(job->set->store, F_OK) != 0) {
        command_complain("store", "%s: no such file", job->set->store);
        return EXIT_PERMANENT;
    }
    wr_status status = wr_store_open(&o, job->arena, &job->store, &why);
    if (status != WR_OK) {
        command_complain("store", "%.*s", (int)why.len, why.ptr ? why.ptr : "");
        return code_of(status);
    }
    status = actions[i].run(job, &code);
    if (status != WR_OK) {
        const char *text = wr_store_why(job->store).ptr;
        command_complain("store", "%s", text[0] ? text : wr_status_text(status));
    }
    wr_store_close(&job->store);
    return status == WR_OK ? code : code_of(status);
}

static int run(int argc, char **argv) {
    store_options set = {0};
    const wr_option_group group = {"Options", rows, &set};
    int n = 0, code = wr_options_read(&program, &group, 1, argc, argv, &n);
    if (code >= 0) return code;
    size_t i = 0;
    while (n > 0 && i < N_ACTIONS && strcmp(actions[i].name, argv[1]) != 0)
        i++;
    if (n < 1 || i == N_ACTIONS || n != (actions[i].operand ? 2 : 1)) {
        command_complain("store", "one of: %s", program.operands);
        return EXIT_PERMANENT;
    }
    store_job job = {.set = &set, .operand = n == 2 ? argv[2] : NULL};
    code = EXIT_TEMPORARY;
    if (wr_arena_new("store", 1 << 20, &job.arena) == WR_OK) code = act(&job, i);
    wr_arena_free(&job.arena);
    return code;
}

const command command_store = {"store", &program, run, "check backup forget tidy"};
