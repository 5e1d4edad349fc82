/* manual.c -- help, manual page and completion of `wireroom` from the table of commands */
#include "manual.h"

#include "command.h"

#include <stdlib.h>

static const char example[] =
    "  wireroom run --once ./articles     read every page in a directory, print a summary\n"
    "  wireroom run /srv/news             watch a directory: what is dropped there goes through "
    "the line\n"
    "  wireroom top                       watch the stages at work\n";

void manual_help(FILE *to) {
    fputs(example, to);
    fputs("\nwireroom: drop news pages in, get clean articles, who is in them and who said what\n"
          "usage: wireroom COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:\n",
          to);
    for (const command *const *c = commands; *c; c++)
        fprintf(to, "  %-10s %s\n", (*c)->name, (*c)->program->summary);
    fputs("  explain    shows what the line makes of a file: kept, removed and why\n"
          "\nwireroom COMMAND --help tells more. Also: --version, --man, --completion "
          "bash|zsh|fish\n",
          to);
}

static void man(void) {
    printf(".TH WIREROOM 1 \"\" \"wireroom " WIREROOM_VERSION
           "\"\n.SH NAME\nwireroom \\- a streaming news "
           "pipeline\n.SH SYNOPSIS\n.B wireroom\n.I command\n[option...] [argument...]\n.SH "
           "EXAMPLES\n.nf\n%s.fi\n.SH COMMANDS\n",
           example);
    for (const command *const *c = commands; *c; c++)
        printf(".TP\n.B %s\n%s. See\n.BR wireroom\\-%s (1).\n", (*c)->name, (*c)->program->summary,
               (*c)->name);
    puts(
        ".SH EXIT STATUS\n0 on success, 100 for wrong usage or configuration, 111 when trying "
        "again may "
        "help; other codes are listed with the commands.\n.SH ENVIRONMENT\nEach option of a "
        "command can "
        "be set in the environment: \\-\\-some\\-option as WIREROOM_SOME_OPTION. NO_COLOR switches "
        "colours off.");
}

/* ---- completion: the commands' own options are asked from the commands when they are needed ----
 */

/* "  tap) echo in cleanup ... ;;" for each command whose operands are words. */
static void word_cases(const char *indent) {
    for (const command *const *c = commands; *c; c++)
        if ((*c)->words) printf("%s%s) echo '%s' ;;\n", indent, (*c)->name, (*c)->words);
    printf("%s*) return 1 ;;\n", indent);
}

static void complete_bash(const char *names) {
    puts("_wireroom_words() {\n    case $1 in");
    word_cases("    ");
    printf(
        "    esac\n}\n"
        "_wireroom() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} words\n"
        "    if [ \"$COMP_CWORD\" = 1 ]; then\n"
        "        COMPREPLY=($(compgen -W '%s' -- \"$cur\"))\n"
        "    elif [[ $cur == -* ]]; then\n"
        "        COMPREPLY=($(compgen -W \"$(wireroom \"${COMP_WORDS[1]}\" --help 2>/dev/null |\n"
        "            sed -n 's/^  \\(--[a-z-]*\\).*/\\1/p')\" -- \"$cur\"))\n"
        "    elif words=$(_wireroom_words \"${COMP_WORDS[1]}\"); then\n"
        "        compopt +o filenames\n"
        "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
        "        [[ ${COMPREPLY-} != *[=/] ]] || compopt -o nospace\n"
        "    else\n"
        "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
        "    fi\n"
        "}\n"
        "complete -o filenames -F _wireroom wireroom\n",
        names);
}

static void complete_zsh(const char *names) {
    puts("#compdef wireroom\n_wireroom_words() {\n    case $1 in");
    word_cases("    ");
    printf("    esac\n}\n"
           "local words_of\n"
           "if (( CURRENT == 2 )); then\n"
           "    compadd %s\n"
           "elif [[ $PREFIX == -* ]]; then\n"
           "    compadd -- ${(f)\"$(wireroom $words[2] --help 2>/dev/null |\n"
           "        sed -n 's/^  \\(--[a-z-]*\\).*/\\1/p')\"}\n"
           "elif words_of=$(_wireroom_words $words[2]); then\n"
           "    compadd -- ${=words_of}\n"
           "else\n"
           "    _files\n"
           "fi\n",
           names);
}

static void complete_fish(void) {
    for (const command *const *c = commands; *c; c++) {
        printf("complete -c wireroom -n __fish_use_subcommand -f -a %s -d '%s'\n", (*c)->name,
               (*c)->program->summary);
        if ((*c)->words)
            printf("complete -c wireroom -n '__fish_seen_subcommand_from %s' -f -a '%s'\n",
                   (*c)->name, (*c)->words);
    }
    puts("complete -c wireroom -n __fish_use_subcommand -f -a explain -d 'what the line makes of a "
         "file'\n"
         "complete -c wireroom -n 'not __fish_use_subcommand' -a "
         "'(wireroom (commandline -opc)[2] --help 2>/dev/null | sed -n \"s/^  "
         "\\(--[a-z-]*\\).*/\\1/p\")'");
}

static int completion(const char *shell) {
    char names[1024] = "explain help";
    for (const command *const *c = commands; *c; c++) {
        size_t len = strlen(names);
        snprintf(names + len, sizeof names - len, " %s", (*c)->name);
    }
    if (strcmp(shell, "bash") == 0) complete_bash(names);
    else if (strcmp(shell, "zsh") == 0) complete_zsh(names);
    else if (strcmp(shell, "fish") == 0) complete_fish();
    else {
        fprintf(stderr, "wireroom --completion: bash, zsh or fish, not \"%s\"\n", shell);
        return EXIT_PERMANENT;
    }
    return EXIT_GOOD;
}

static int help_of(const char *name) {
    for (const command *const *c = commands; *c; c++) {
        if (strcmp((*c)->name, name) != 0) continue;
        char command_name[64], help[] = "--help";
        snprintf(command_name, sizeof command_name, "%s", name);
        char *argv[] = {command_name, help, NULL};
        return (*c)->run(2, argv);
    }
    fprintf(stderr, "wireroom help: no command \"%s\"\n", name);
    return EXIT_PERMANENT;
}

int manual_answer(int argc, char **argv) {
    const char *word = argv[1];
    if (strcmp(word, "help") == 0 && argc > 2) return help_of(argv[2]);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        manual_help(stdout);
        return EXIT_GOOD;
    }
    if (strcmp(word, "--version") == 0) {
        puts("wireroom " WIREROOM_VERSION);
        return EXIT_GOOD;
    }
    if (strcmp(word, "--man") == 0) {
        man();
        return EXIT_GOOD;
    }
    if (strcmp(word, "--completion") == 0) return completion(argc > 2 ? argv[2] : "");
    return -1;
}
