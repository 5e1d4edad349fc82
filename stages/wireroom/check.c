/* check.c -- `wireroom check`: the configuration, before anything is started */
#include "command.h"
#include "output.h"
#include "place.h"
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const wr_program program = {
    .name = "wireroom check",
    .summary = "checks the configuration, shows what it comes to",
    .example =
        "wireroom check --config wireroom.yaml     is it right? Errors come with line and column\n"
        "wireroom check --print                    every value and where it comes from",
    .operands = "[DIR...]",
    .details = "Takes the options of wireroom run. Directories that are given are looked at as "
               "well.\n\nExit "
               "codes: 0 all is right, 100 something is not.",
};

static const output_column columns[] = {
    {"name", "NAME", false}, {"value", "VALUE", false}, {"origin", "ORIGIN", false}};

static void value_text(const wr_option *row, const settings *set, wr_buf *out) {
    const char *member = (const char *)set + row->offset;
    bool flag;
    uint64_t number;
    const char *text;
    wr_list list;
    switch (row->type) {
    case WR_OPTION_FLAG:
        memcpy(&flag, member, sizeof flag);
        wr_buf_printf(out, "%s", flag ? "yes" : "no");
        break;
    case WR_OPTION_INT:
    case WR_OPTION_SIZE:
    case WR_OPTION_DURATION:
        memcpy(&number, member, sizeof number);
        wr_buf_printf(out, "%llu%s", (unsigned long long)number,
                      row->type == WR_OPTION_DURATION ? "ms" : "");
        break;
    case WR_OPTION_LIST:
        memcpy(&list, member, sizeof list);
        for (size_t i = 0; i < list.n; i++)
            wr_buf_printf(out, "%s%s", i ? "," : "", list.items[i]);
        break;
    case WR_OPTION_STRING:
    case WR_OPTION_PATH:
        memcpy(&text, member, sizeof text);
        wr_buf_printf(out, "%s", text ? text : "");
        break;
    case WR_OPTION_END: break;
    }
}

static void print_row(output *out, const char *name, wr_str value, const char *origin) {
    output_text(out, wr_str_c(name));
    output_text(out, value);
    output_text(out, wr_str_c(origin));
}

static void print_all(const plan *p) {
    output out;
    output_open(&out, stdout, p->set.json, columns, 3);
    wr_buf text = WR_BUF_INIT(1 << 20);
    for (const wr_option *row = settings_rows; row->name; row++) {
        if (strcmp(row->name, "print") == 0 || strcmp(row->name, "json") == 0) continue;
        wr_buf_clear(&text);
        value_text(row, &p->set, &text);
        print_row(&out, row->name, wr_buf_str(&text), settings_origin(p, row->name));
    }
    for (size_t i = 0; i < p->n_stages; i++) {
        const stage_plan *stage = &p->stages[i];
        char name[96];
        wr_buf_clear(&text);
        wr_buf_printf(&text, "%lld", (long long)stage->workers);
        snprintf(name, sizeof name, "stages.%s.workers", stage->name);
        print_row(&out, name, wr_buf_str(&text), stage->workers_origin);
        if (!stage->command) continue;
        snprintf(name, sizeof name, "stages.%s.command", stage->name);
        print_row(&out, name, wr_str_c(stage->command), p->file ? p->file : "default");
    }
    wr_buf_free(&text);
    output_close(&out);
}

/* Whether every stage of the chain can be started. */
static int check_stages(const plan *p) {
    char path[4096], own[4096];
    ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
    int code = EXIT_GOOD;
    own[len > 0 ? len : 0] = 0;
    char *slash = strrchr(own, '/');
    if (slash) *slash = 0;
    for (size_t i = 0; i < p->n_stages; i++) {
        const stage_plan *stage = &p->stages[i];
        snprintf(path, sizeof path, "%.3900s/wireroom-%s", own, stage->name);
        bool found = stage->command || access(path, X_OK) == 0;
        char *dirs = found ? NULL : strdup(getenv("PATH") ? getenv("PATH") : ""), *rest = dirs;
        for (char *dir; rest && !found && (dir = strsep(&rest, ":"));) {
            snprintf(path, sizeof path, "%.3900s/wireroom-%s", dir, stage->name);
            found = access(path, X_OK) == 0;
        }
        free(dirs);
        if (found) continue;
        command_complain(
            "check", "%s: there is no program wireroom-%s; say stages.%s.command, or install it",
            settings_origin(p, "chain"), stage->name, stage->name);
        code = EXIT_PERMANENT;
    }
    return code;
}

static int run(int argc, char **argv) {
    static plan p;
    int n = 0, code = settings_read(&program, &p, argc, argv, &n);
    if (code < 0) {
        code = check_stages(&p);
        for (size_t i = 0; i < (n ? (size_t)n : p.set.directories.n); i++)
            if (place_check_dir(&p, n ? argv[1 + i] : p.set.directories.items[i]) >= 0)
                code = EXIT_PERMANENT;
        if (p.set.print) print_all(&p);
        else if (code == EXIT_GOOD && !p.set.quiet)
            printf("%s: all is right\n", p.file ? p.file : "no configuration file, defaults");
    }
    settings_free(&p);
    return code;
}

const command command_check = {"check", &program, run, NULL};
