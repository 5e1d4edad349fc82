/* main.c -- `wireroom NAME ...`: finds the command */
#include "command.h"
#include "manual.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const command *const commands[] = {
    &command_run,   &command_send,    &command_status, &command_top,
    &command_tap,   &command_query,   &command_export, &command_store,
    &command_scale, &command_restart, &command_drain,  &command_dead,
    &command_check, &command_keygen,  &command_watch,  NULL,
};

void command_complain(const char *name, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(stderr, "wireroom %s: ", name);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static const command *find(const char *name) {
    for (const command *const *c = commands; *c; c++)
        if (strcmp((*c)->name, name) == 0) return *c;
    return NULL;
}

/* `wireroom serve` is the program wireroom-serve beside this one, as far as there is one. */
static void run_beside(char **argv) {
    char path[4096], name[256];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (strchr(argv[1], '/') || len <= 0) return;
    path[len] = 0;
    char *slash = strrchr(path, '/');
    size_t left = sizeof path - (size_t)(slash + 1 - path);
    int put = snprintf(slash + 1, left, "wireroom-%s", argv[1]);
    if (put < 0 || (size_t)put >= left) return;
    execv(path, argv + 1);
    snprintf(name, sizeof name, "wireroom-%s", argv[1]);
    execvp(name, argv + 1);
}

static int unknown(const char *name) {
    const char *best = NULL;
    size_t distance = SIZE_MAX;
    for (const command *const *c = commands; *c; c++)
        if (wr_nearer(wr_str_c(name), wr_str_c((*c)->name), &distance)) best = (*c)->name;
    fprintf(stderr, "wireroom: no command \"%s\"", name);
    if (best) fprintf(stderr, " (did you mean \"%s\"?)", best);
    fputs("; wireroom --help lists them\n", stderr);
    return EXIT_PERMANENT;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        manual_help(stderr);
        return EXIT_PERMANENT;
    }
    int code = manual_answer(argc, argv);
    if (code >= 0) return code;
    const command *found = find(argv[1]);
    if (found) return found->run(argc - 1, argv + 1);
    if (argv[1][0] != '-') run_beside(argv);
    return unknown(argv[1]);
}
