/* command.h -- the commands of `wireroom`: one file each, one row in the table of main.c
 *
 * A command reads its options with wr_options_read (program->name is "wireroom NAME"), so --help,
 * --man and --completion come with it. Results go to standard output through output.h, everything
 * else to standard error.
 * Exit codes: 0, 100 (wrong usage or configuration), 111 (try again); what else a command returns
 * its manual page says. */
#ifndef WIREROOM_COMMAND_H
#define WIREROOM_COMMAND_H

#include <wireroom/option.h>

#define EXIT_GOOD      0
#define EXIT_PERMANENT 100
#define EXIT_TEMPORARY 111

typedef struct command {
    const char *name; /* "scale" */
    const wr_program *program;
    int (*run)(int argc, char **argv); /* argv[0] is the name */
    const char *words;                 /* for completion: what its operands may be; NULL = files */
} command;

extern const command command_run, command_send, command_tap, command_top, command_status;
extern const command command_query, command_export, command_store;
extern const command command_scale, command_restart, command_drain, command_dead, command_check;
extern const command command_keygen, command_watch;

/* The commands, ended by one without a name. */
extern const command *const commands[];

/* `text` on standard error, after "wireroom NAME: ": what went wrong, where, and what to do next.
 */
void command_complain(const char *name, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
