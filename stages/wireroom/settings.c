/* settings.c -- options, environment and configuration file merged */
#include "settings.h"

#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define S settings
const wr_option settings_rows[] = {
    WR_FLAG(S, once, "once", "read the directories once, in place, print a summary and end"),
    WR_PATH(S, store, "store", "FILE", "wireroom.db", "the database that results go to"),
    WR_LIST(S, directories, "directories", "DIR,...", NULL,
            "directories to watch, as if given as arguments"),
    WR_STRING(S, finished, "finished", "WHAT", "move",
              "what becomes of a finished file: move (to DIR/.wireroom/done), keep or delete"),
    WR_LIST(S, chain, "chain", "STAGE,...", "cleanup,boilerplate,tag,aggregate",
            "the stages a page goes through, in order"),
    WR_LIST(S, workers, "workers", "STAGE=N,...", NULL,
            "processes of a stage, 1 where none is said"),
    WR_PATH(S, config, "config", "FILE", NULL, "the configuration file"),
    WR_STRING(S, line, "line", "ADDRESS", NULL,
              "where the hub is found, as ipc:///run/wireroom; with --once one of its own"),
    WR_STRING(S, listen, "listen", "ADDRESS", NULL,
              "where stages on other machines find the hub, as tcp://*:5680; asks for keys"),
    WR_PATH(S, key, "key", "FILE", NULL, "with listen: the hub's pair of keys (wireroom keygen)"),
    WR_PATH(S, allow, "allow", "FILE", NULL, "with listen: the public keys that may join"),
    WR_PATH(S, state, "state", "DIR", NULL,
            "dead letters, lock, notes on kept files [STORE.state]"),
    WR_SIZE(S, page_limit, "page-limit", "BYTES", "8M", 1, 48 << 20, "largest page that is read"),
    WR_SIZE(S, file_limit, "file-limit", "BYTES", "1024G", 1, 0x7fffffffffffffff,
            "largest decompressed size of a file"),
    WR_INT(S, ratio, "ratio-limit", "N", "1000", 2, 1000000,
           "largest ratio of decompressed to compressed bytes"),
    WR_INT(S, depth, "depth-limit", "N", "4", 1, 16, "compressions inside each other"),
    WR_INT(S, window, "window", "N", "512", 1, 65536, "pages ingest has under way at a time"),
    WR_SIZE(S, window_bytes, "window-bytes", "BYTES", "16M", 1, (int64_t)1 << 40,
            "bytes ingest has under way at a time"),
    WR_DURATION(S, settle, "settle", "TIME", "2s", 0, 3600000,
                "how long a file found by a scan must be unchanged"),
    WR_DURATION(S, rescan, "rescan", "TIME", "10s", 100, 86400000, "time between two scans"),
    WR_INT(S, max_items, "max-items", "N", "4096", 16, 1 << 20, "pages on the line at most"),
    WR_SIZE(S, max_bytes, "max-bytes", "BYTES", "64M", 1 << 20, (int64_t)1 << 40,
            "bytes on the line at most"),
    WR_DURATION(S, lease, "lease", "TIME", "60s", 100, 86400000,
                "how long a stage may take for a page before it counts as hung"),
    WR_INT(S, attempts, "attempts", "N", "3", 1, 100,
           "workers a page may crash or hang before it goes to the dead letters"),
    WR_INT(S, retries, "retries", "N", "100", 0, 10000,
           "times a stage may give a page back before it goes to the dead letters"),
    WR_DURATION(S, drain, "drain", "TIME", "10s", 0, 3600000,
                "how long pages under way may take when the line is told to end"),
    WR_STRING(S, log_level, "log-level", "LEVEL", NULL,
              "error, warn, info or debug [info; on a terminal warn; with --once error]"),
    WR_FLAG(S, quiet, "quiet", "no summary and no progress"),
    WR_FLAG(S, json, "json", "JSON also on a terminal"),
    WR_FLAG(S, print, "print", "check only: show every value and where it comes from"),
    WR_OPTIONS_END,
};
#undef S

static void complain(plan *p, const char *origin, const char *what, const char *name) {
    wr_buf_printf(&p->errors, "%s: %s \"%s\"", origin, what, name);
}

static void suggest(plan *p, const char *word, const char *const *candidates, size_t n) {
    const char *best = NULL;
    size_t distance = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        if (wr_nearer(wr_str_c(word), wr_str_c(candidates[i]), &distance)) best = candidates[i];
    if (best) wr_buf_printf(&p->errors, " (did you mean \"%s\"?)", best);
    wr_buf_add_char(&p->errors, '\n');
}

/* ---- the file ---- */

static const char *find_file(plan *p) {
    if (p->set.config) return p->set.config;
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    wr_str path = {NULL, 0};
    wr_status status = WR_NOTFOUND;
    if (xdg && *xdg) status = wr_arena_printf(p->arena, &path, "%s/wireroom/config.yaml", xdg);
    else if (home)
        status = wr_arena_printf(p->arena, &path, "%s/.config/wireroom/config.yaml", home);
    if (status == WR_OK && access(path.ptr, F_OK) == 0) return path.ptr;
    return access("/etc/wireroom/config.yaml", F_OK) == 0 ? "/etc/wireroom/config.yaml" : NULL;
}

static const wr_option *find_row(const char *name) {
    for (const wr_option *row = settings_rows; row->name; row++)
        if (strcmp(row->name, name) == 0) return row;
    return NULL;
}

/* The values of a list, joined as the command line writes them. */
static wr_status join_list(plan *p, size_t *at, const char **out) {
    const wr_config_entry *first = &p->config.entries[*at];
    wr_str text = wr_str_c("");
    for (; *at < p->config.n; (*at)++) {
        const wr_config_entry *e = &p->config.entries[*at];
        if (e->n_keys != 1 || strcmp(e->keys[0], first->keys[0]) != 0) break;
        if (strchr(e->value, ',')) {
            complain(p, e->origin, "a comma in a list's value", e->value);
            wr_buf_add_char(&p->errors, '\n');
        }
        WR_TRY(wr_arena_printf(p->arena, &text, "%s,%s", text.ptr, e->value));
    }
    (*at)--;
    *out = text.ptr;
    return WR_OK;
}

static void unknown_key(plan *p, const wr_config_entry *e) {
    const char *names[64] = {"stages"};
    size_t n = 1;
    for (const wr_option *row = settings_rows; row->name && n < 64; row++)
        names[n++] = row->name;
    complain(p, e->origins[0], "unknown key", e->keys[0]);
    suggest(p, e->keys[0], names, n);
}

static bool only_on_command_line(const char *name) {
    return strcmp(name, "config") == 0 || strcmp(name, "once") == 0 || strcmp(name, "print") == 0;
}

static wr_status apply_file(plan *p, const wr_option_group *group) {
    for (size_t i = 0; i < p->config.n; i++) {
        const wr_config_entry *e = &p->config.entries[i];
        if (strcmp(e->keys[0], "stages") == 0) continue;
        const wr_option *row = find_row(e->keys[0]);
        if (!row || only_on_command_line(row->name)) {
            unknown_key(p, e);
            continue;
        }
        const char *value = e->value;
        if (e->n_keys > 1 || (e->in_list && row->type != WR_OPTION_LIST)) {
            complain(p, e->origin, "one value expected for", e->keys[0]);
            wr_buf_add_char(&p->errors, '\n');
            continue;
        }
        if (e->in_list) WR_TRY(join_list(p, &i, &value));
        wr_status status = wr_options_set(group, 1, row->name, value, e->origin, &p->errors);
        if (status == WR_MEMORY) return status;
    }
    return WR_OK;
}

/* ---- the chain ---- */

static stage_plan *find_stage(plan *p, const char *name) {
    for (size_t i = 0; i < p->n_stages; i++)
        if (strcmp(p->stages[i].name, name) == 0) return &p->stages[i];
    return NULL;
}

static void set_workers(plan *p, stage_plan *stage, const char *text, const char *origin) {
    int64_t n;
    if (wr_parse_int(wr_str_c(text), &n) != WR_OK || n < 0 || n > 64) {
        wr_buf_printf(&p->errors, "%s: \"%s\" is not a number of workers (0 to 64)\n", origin,
                      text);
        return;
    }
    stage->workers = n;
    stage->workers_origin = origin;
}

static void unknown_stage(plan *p, const char *origin, const char *name) {
    const char *names[SETTINGS_STAGES_MAX];
    for (size_t i = 0; i < p->n_stages; i++)
        names[i] = p->stages[i].name;
    complain(p, origin, "no stage of the chain is called", name);
    suggest(p, name, names, p->n_stages);
}

static void apply_stage_entry(plan *p, const wr_config_entry *e) {
    static const char *const known[] = {"workers", "command", "options"};
    if (e->n_keys < 2) {
        if (*e->value) complain(p, e->origin, "expected a map of stages, not", e->value);
        if (*e->value) wr_buf_add_char(&p->errors, '\n');
        return;
    }
    stage_plan *stage = find_stage(p, e->keys[1]);
    if (!stage) {
        unknown_stage(p, e->origins[1], e->keys[1]);
        return;
    }
    if (e->n_keys == 2 && !*e->value) return;
    bool options = e->n_keys == 4 && strcmp(e->keys[2], "options") == 0;
    if (options && stage->n_options < sizeof stage->options / sizeof *stage->options)
        stage->options[stage->n_options++] = e;
    else if (e->n_keys == 3 && !e->in_list && strcmp(e->keys[2], "workers") == 0)
        set_workers(p, stage, e->value, e->origin);
    else if (e->n_keys == 3 && !e->in_list && strcmp(e->keys[2], "command") == 0)
        stage->command = e->value;
    else {
        wr_buf_printf(&p->errors, "%s: unknown key \"%s\" in stages.%s",
                      e->origins[e->n_keys > 2 ? 2 : 1], e->n_keys > 2 ? e->keys[2] : e->value,
                      e->keys[1]);
        suggest(p, e->n_keys > 2 ? e->keys[2] : "", known, 3);
    }
}

static bool plain_name(const char *name) {
    size_t len = strlen(name);
    for (size_t i = 0; i < len; i++)
        if (!wr_is_alpha(name[i]) && !wr_is_digit(name[i]) && name[i] != '-' && name[i] != '_')
            return false;
    return len > 0 && len < 32;
}

static void build_chain(plan *p) {
    const char *origin = settings_origin(p, "chain");
    for (size_t i = 0; i < p->set.chain.n && i < SETTINGS_STAGES_MAX; i++) {
        const char *name = p->set.chain.items[i];
        if (!plain_name(name)) {
            complain(p, origin, "not the name of a stage (letters, digits, -):", name);
            wr_buf_add_char(&p->errors, '\n');
        } else if (find_stage(p, name)) {
            complain(p, origin, "twice in the chain:", name);
            wr_buf_add_char(&p->errors, '\n');
        } else
            p->stages[p->n_stages++] =
                (stage_plan){.name = name, .workers = 1, .workers_origin = "default"};
    }
    if (!p->n_stages) wr_buf_printf(&p->errors, "%s: the chain is empty\n", origin);
    for (size_t i = 0; i < p->config.n; i++)
        if (strcmp(p->config.entries[i].keys[0], "stages") == 0)
            apply_stage_entry(p, &p->config.entries[i]);
    origin = settings_origin(p, "workers");
    for (size_t i = 0; i < p->set.workers.n; i++) {
        char *item = p->set.workers.items[i], *equals = strchr(item, '=');
        wr_str name;
        if (!equals ||
            wr_arena_copy(p->arena, wr_str_of(item, (size_t)(equals - item)), &name) != WR_OK) {
            complain(p, origin, "expected STAGE=N, not", item);
            wr_buf_add_char(&p->errors, '\n');
            continue;
        }
        stage_plan *stage = find_stage(p, name.ptr);
        if (stage) set_workers(p, stage, equals + 1, origin);
        else unknown_stage(p, origin, name.ptr);
    }
}

/* ---- all of it ---- */

const char *settings_origin(const plan *p, const char *option) {
    wr_str text;
    for (int i = 1; i < p->argc; i++) {
        const char *word = p->argv[i];
        if (strcmp(word, "--") == 0) break;
        if (strncmp(word, "--", 2) != 0) continue;
        word += strncmp(word, "--no-", 5) == 0 ? 5 : 2;
        size_t len = strcspn(word, "=");
        if (len == strlen(option) && strncmp(word, option, len) == 0)
            return wr_arena_printf(p->arena, &text, "--%s", option) == WR_OK ? text.ptr : "--";
    }
    if (wr_arena_printf(p->arena, &text, "WIREROOM_%s", option) != WR_OK) return "";
    char *name = p->arena ? strdup(text.ptr) : NULL;
    for (char *c = name ? name + 9 : NULL; c && *c; c++)
        *c = *c == '-' ? '_' : wr_is_alpha(*c) ? (char)(*c & ~32) : *c;
    bool in_environment = name && getenv(name);
    wr_status copied = name ? wr_arena_copy(p->arena, wr_str_c(name), &text) : WR_MEMORY;
    free(name);
    if (in_environment && copied == WR_OK) return text.ptr;
    for (size_t i = 0; i < p->config.n; i++)
        if (strcmp(p->config.entries[i].keys[0], option) == 0) return p->config.entries[i].origin;
    return "default";
}

static wr_status merge(plan *p, const wr_option_group *group) {
    int n_operands;
    wr_options_free(group, 1); /* of the first reading, which was for --config and --help */
    WR_TRY(wr_options_default(group, 1));
    if (p->file) {
        wr_status status = wr_config_read(p->arena, p->file, &p->config, &p->errors);
        if (status != WR_OK) return status;
        WR_TRY(apply_file(p, group));
    }
    WR_TRY(wr_options_env(group, 1, &p->errors));
    char **argv = wr_arena_array(p->arena, (size_t)p->argc + 1, sizeof *argv);
    if (!argv) return WR_MEMORY;
    memcpy(argv, p->argv, (size_t)p->argc * sizeof *argv);
    WR_TRY(wr_options_argv(group, 1, p->argc, argv, &n_operands, &p->errors));
    build_chain(p);
    return p->errors.len ? WR_USAGE : WR_OK;
}

int settings_read(const wr_program *program, plan *p, int argc, char **argv, int *n_operands) {
    *p = (plan){.errors = WR_BUF_INIT(1 << 20), .argc = argc};
    wr_option_group group = {"Options", settings_rows, &p->set};
    if (wr_arena_new("settings", (size_t)16 << 20, &p->arena) != WR_OK) return EXIT_TEMPORARY;
    p->argv = wr_arena_array(p->arena, (size_t)argc + 1, sizeof *p->argv);
    if (!p->argv) return EXIT_TEMPORARY;
    memcpy(p->argv, argv, (size_t)argc * sizeof *argv); /* reading moves the operands */
    int code = wr_options_read(program, &group, 1, argc, argv, n_operands);
    if (code >= 0) return code;
    p->file = find_file(p);
    wr_status status = merge(p, &group);
    if (status == WR_OK) return -1;
    fwrite(p->errors.ptr, 1, p->errors.len, stderr);
    if (!p->errors.len) command_complain("run", "%s", wr_status_text(status));
    return status == WR_MEMORY || status == WR_IO ? EXIT_TEMPORARY : EXIT_PERMANENT;
}

void settings_free(plan *p) {
    wr_option_group group = {"Options", settings_rows, &p->set};
    wr_options_free(&group, 1);
    wr_buf_free(&p->errors);
    wr_arena_free(&p->arena);
}
