/* settings.h -- what `wireroom run` and `wireroom check` know: options, configuration file, the
 * chain
 *
 * One option table; a key at the top of the configuration file is the option of that name. Besides,
 * the file holds `stages`, a map from stage to workers: N            processes of the stage
 *   command: "..."        what to start, when it is no wireroom-NAME
 *   options: {NAME: VALUE}  given to it as --NAME VALUE
 * Precedence: command line, environment, configuration file, default. The file is --config, else
 * WIREROOM_CONFIG, else the first there is of $XDG_CONFIG_HOME/wireroom/config.yaml and
 * /etc/wireroom/config.yaml. */
#ifndef WIREROOM_SETTINGS_H
#define WIREROOM_SETTINGS_H

#include <common/config.h>
#include <wireroom/option.h>

#define SETTINGS_STAGES_MAX 64u

typedef struct settings {
    const char *config, *line, *store, *state, *finished, *log_level, *listen, *key, *allow;
    wr_list directories, chain, workers;
    int64_t attempts, retries, max_items, window, ratio, depth;
    uint64_t max_bytes, lease, page_limit, file_limit, window_bytes, settle, rescan, drain;
    bool once, quiet, json, print;
} settings;

typedef struct stage_plan {
    const char *name, *command; /* command: NULL = wireroom-NAME */
    int64_t workers;
    const wr_config_entry *options[32];
    size_t n_options;
    const char *workers_origin;
} stage_plan;

typedef struct plan {
    settings set;
    stage_plan stages[SETTINGS_STAGES_MAX]; /* the chain, in order */
    size_t n_stages;
    const char *file; /* the configuration file that was read, or NULL */
    wr_config config;
    wr_arena *arena;
    wr_buf errors;
    int argc;
    char **argv;
} plan;

extern const wr_option settings_rows[];

/* Reads everything into `plan` (zeroed by this). Returns -1 to go on, else the exit code; what is
 * wrong was printed. *n_operands as wr_options_read. */
int settings_read(const wr_program *program, plan *plan, int argc, char **argv, int *n_operands);
void settings_free(plan *plan);

/* Where the option's value came from: "--store", "WIREROOM_STORE", "config.yaml:3:8", "default".
 * The text is in the plan's arena. */
const char *settings_origin(const plan *plan, const char *option);

#endif
