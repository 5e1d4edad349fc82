/* option_text.c -- what an option table says to people and shells: help, manual page, completion */
#include <wireroom/option.h>

#include <stdio.h>
#include <stdlib.h>

/* ---- help ---- */

static void help_row(const wr_option *o, wr_buf *out) {
    size_t from = out->len;
    wr_buf_printf(out, "  --%s", o->name);
    if (o->value) wr_buf_printf(out, " %s", o->value);
    size_t width = out->len - from;
    if (width < 26) wr_buf_printf(out, "%*s", (int)(26 - width), "");
    else wr_buf_printf(out, "\n%26s", "");
    wr_buf_add_str(out, wr_str_c(o->text));
    if (o->initial && *o->initial) wr_buf_printf(out, " [%s]", o->initial);
    wr_buf_add_char(out, '\n');
}

static void indent_lines(const char *text, wr_buf *out) {
    wr_str s = wr_str_c(text);
    for (size_t at = 0; at < s.len;) {
        size_t end = wr_str_find_char(s, at, '\n');
        wr_buf_printf(out, "  %.*s\n", (int)(end - at), s.ptr + at);
        at = end + 1;
    }
}

void wr_options_help(const wr_program *program, const wr_option_group *groups, size_t n_groups,
                     wr_buf *out) {
    if (program->example) {
        indent_lines(program->example, out);
        wr_buf_add_char(out, '\n');
    }
    wr_buf_printf(out, "%s: %s\nusage: %s [OPTION...]%s%s\n", program->name, program->summary,
                  program->name, program->operands ? " " : "",
                  program->operands ? program->operands : "");
    for (size_t g = 0; g < n_groups; g++) {
        if (!groups[g].rows || !groups[g].rows->name) continue;
        wr_buf_printf(out, "\n%s:\n", groups[g].title);
        for (const wr_option *o = groups[g].rows; o->name; o++)
            help_row(o, out);
    }
    wr_buf_printf(out,
                  "\nAlso: --help, --version, --man (manual page), --completion bash|zsh|fish\n"
                  "Each option can be set in the environment: --some-option as "
                  "WIREROOM_SOME_OPTION.\n");
}

/* ---- manual page ---- */

static void roff(const char *text, wr_buf *out) {
    bool line_start = true;
    for (const char *c = text; *c; c++) {
        if (line_start && (*c == '.' || *c == '\'')) wr_buf_add_str(out, WR_STR("\\&"));
        if (*c == '\\') wr_buf_add_str(out, WR_STR("\\e"));
        else if (*c == '-') wr_buf_add_str(out, WR_STR("\\-"));
        else if (*c == '\n' && c[1] == '\n') {
            wr_buf_add_str(out, WR_STR("\n.PP"));
        } else wr_buf_add_char(out, *c);
        line_start = *c == '\n';
    }
    wr_buf_add_char(out, '\n');
}

/* A sentence of the manual page: texts of options are written with and without the last stop. */
static void roff_sentence(const char *text, wr_buf *out) {
    roff(text, out);
    if (out->len < 2 || out->ptr[out->len - 2] == '.') return;
    out->len--;
    wr_buf_add_str(out, WR_STR(".\n"));
}

static void man_row(const wr_option *o, wr_buf *out) {
    char env[WR_OPTION_ENV_SIZE];
    wr_buf_add_str(out, WR_STR(".TP\n.B "));
    wr_buf_add_str(out, WR_STR("\\-\\-"));
    roff(o->name, out);
    if (o->value) {
        out->len--; /* the value stands on the same line */
        wr_buf_printf(out, " \\fI%s\\fP\n", o->value);
    }
    roff_sentence(o->text, out);
    if (o->initial && *o->initial) {
        wr_buf_add_str(out, WR_STR("Default: "));
        roff_sentence(o->initial, out);
    }
    wr_str name = wr_option_env(o->name, env);
    wr_buf_printf(out, "Environment: \\fB%.*s\\fP.\n", (int)name.len, name.ptr);
}

void wr_options_man(const wr_program *program, const wr_option_group *groups, size_t n_groups,
                    wr_buf *out) {
    char title[64];
    snprintf(title, sizeof title, "%s", program->name);
    for (char *c = title; *c; c++)
        *c = *c == ' ' ? '-' : *c;
    wr_buf_printf(out, ".TH %s 1 \"\" \"wireroom %s\"\n.SH NAME\n%s \\- ", title, WIREROOM_VERSION,
                  title);
    roff(program->summary, out);
    wr_buf_printf(out, ".SH SYNOPSIS\n.B %s\n[\\fIOPTION\\fP...] %s\n", program->name,
                  program->operands ? program->operands : "");
    if (program->details) {
        wr_buf_add_str(out, WR_STR(".SH DESCRIPTION\n"));
        roff(program->details, out);
    }
    if (program->example) {
        wr_buf_add_str(out, WR_STR(".SH EXAMPLES\n.nf\n"));
        roff(program->example, out);
        wr_buf_add_str(out, WR_STR(".fi\n"));
    }
    for (size_t g = 0; g < n_groups; g++) {
        if (!groups[g].rows || !groups[g].rows->name) continue;
        wr_buf_add_str(out, WR_STR(".SH "));
        for (const char *c = groups[g].title; *c; c++)
            wr_buf_add_char(out, (char)(wr_is_alpha(*c) ? *c & ~32 : *c));
        wr_buf_add_char(out, '\n');
        for (const wr_option *o = groups[g].rows; o->name; o++)
            man_row(o, out);
    }
    wr_buf_add_str(out, WR_STR(".SH EXIT STATUS\n0 success; 100 wrong usage or configuration, "
                               "trying again cannot help; 111 temporary failure, try again.\n"));
}

/* ---- completion ---- */

static void complete_bash(const wr_program *program, const wr_option_group *groups, size_t n_groups,
                          wr_buf *out) {
    wr_buf_printf(out, "complete -o default -W '");
    for (size_t g = 0; g < n_groups; g++)
        for (const wr_option *o = groups[g].rows; o && o->name; o++)
            wr_buf_printf(out, "--%s ", o->name);
    wr_buf_printf(out, "--help --version --man --completion' %s\n", program->name);
}

static void quoted(const char *text, char quote_bracket, wr_buf *out) {
    for (const char *c = text; *c; c++) {
        if (*c == '\'') wr_buf_add_str(out, WR_STR("'\\''"));
        else if (quote_bracket && (*c == '[' || *c == ']' || *c == ':'))
            wr_buf_printf(out, "\\%c", *c);
        else wr_buf_add_char(out, *c);
    }
}

static void complete_zsh(const wr_program *program, const wr_option_group *groups, size_t n_groups,
                         wr_buf *out) {
    wr_buf_printf(out, "#compdef %s\n_arguments", program->name);
    for (size_t g = 0; g < n_groups; g++)
        for (const wr_option *o = groups[g].rows; o && o->name; o++) {
            wr_buf_printf(out, " \\\n  '--%s%s[", o->name, o->type == WR_OPTION_FLAG ? "" : "=");
            quoted(o->text, '[', out);
            wr_buf_add_char(out, ']');
            if (o->type != WR_OPTION_FLAG)
                wr_buf_printf(out, ":%s:%s", o->value ? o->value : "value",
                              o->type == WR_OPTION_PATH ? "_files" : "");
            wr_buf_add_char(out, '\'');
        }
    wr_buf_add_str(out, WR_STR(" \\\n  '*:file:_files'\n"));
}

static void complete_fish(const wr_program *program, const wr_option_group *groups, size_t n_groups,
                          wr_buf *out) {
    for (size_t g = 0; g < n_groups; g++)
        for (const wr_option *o = groups[g].rows; o && o->name; o++) {
            wr_buf_printf(out, "complete -c %s -l %s %s-d '", program->name, o->name,
                          o->type == WR_OPTION_FLAG   ? ""
                          : o->type == WR_OPTION_PATH ? "-r "
                                                      : "-x ");
            quoted(o->text, 0, out);
            wr_buf_add_str(out, WR_STR("'\n"));
        }
}

wr_status wr_options_completion(const wr_program *program, const wr_option_group *groups,
                                size_t n_groups, const char *shell, wr_buf *out) {
    static const struct {
        const char *shell;
        void (*write)(const wr_program *, const wr_option_group *, size_t, wr_buf *);
    } rows[] = {{"bash", complete_bash}, {"zsh", complete_zsh}, {"fish", complete_fish}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].shell, shell) == 0) {
            rows[i].write(program, groups, n_groups, out);
            return out->status;
        }
    return WR_USAGE;
}

/* ---- the whole of it ---- */

/* Answers --help and its like anywhere before "--": the exit code, or -1 when there is none. */
static int answer(const wr_program *program, const wr_option_group *groups, size_t n_groups,
                  int argc, char **argv, wr_buf *out) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
            wr_options_help(program, groups, n_groups, out);
        else if (strcmp(word, "--man") == 0) wr_options_man(program, groups, n_groups, out);
        else if (strcmp(word, "--version") == 0)
            wr_buf_printf(out, "%s %s\n", program->name, WIREROOM_VERSION);
        else if (strcmp(word, "--completion") == 0) {
            if (i + 1 < argc &&
                wr_options_completion(program, groups, n_groups, argv[i + 1], out) == WR_OK)
                return 0;
            fprintf(stderr, "%s: --completion: bash, zsh or fish\n", program->name);
            return 100;
        } else continue;
        return 0;
    }
    return -1;
}

static wr_status read_all(const wr_program *program, const wr_option_group *groups, size_t n_groups,
                          int argc, char **argv, int *n_operands, wr_buf *error) {
    WR_TRY(wr_options_default(groups, n_groups));
    WR_TRY(wr_options_env(groups, n_groups, error));
    WR_TRY(wr_options_argv(groups, n_groups, argc, argv, n_operands, error));
    if (program->operands || *n_operands == 0) return WR_OK;
    wr_buf_printf(error, "it takes no \"%s\"\n", argv[1]);
    return WR_USAGE;
}

int wr_options_read(const wr_program *program, const wr_option_group *groups, size_t n_groups,
                    int argc, char **argv, int *n_operands) {
    wr_buf text = WR_BUF_INIT((size_t)1 << 20);
    int operands = 0;
    int code = answer(program, groups, n_groups, argc, argv, &text);
    if (code < 0) {
        wr_status status = read_all(program, groups, n_groups, argc, argv, &operands, &text);
        if (status != WR_OK) {
            code = 100;
            fprintf(stderr, "%s: %.*s", program->name, (int)text.len, text.ptr ? text.ptr : "");
            if (text.len == 0) fprintf(stderr, "%s\n", wr_status_text(status));
            fprintf(stderr, "%s --help lists the options\n", program->name);
        }
    } else if (text.len) {
        fwrite(text.ptr, 1, text.len, stdout);
        if (fflush(stdout) != 0) code = 111;
    }
    if (code >= 0) wr_options_free(groups, n_groups);
    wr_buf_free(&text);
    if (n_operands) *n_operands = operands;
    return code;
}
