/* option.c -- option tables: values, ranges, sources, suggestions, texts */
#include "check.h"

#include <wireroom/option.h>

#include <stdlib.h>

typedef struct settings {
    bool loud;
    int64_t credit;
    uint64_t memory, lease;
    const char *name, *dir;
    wr_list stages;
} settings;

static const wr_option rows[] = {
    WR_FLAG(settings, loud, "loud", "Says more."),
    WR_INT(settings, credit, "credit", "N", "32", 1, 1000, "Pages held at a time."),
    WR_SIZE(settings, memory, "memory", "BYTES", "1M", 1024, (int64_t)1 << 30, "Most memory."),
    WR_DURATION(settings, lease, "lease-time", "TIME", "60s", 10, 3600000, "Longest time."),
    WR_STRING(settings, name, "name", "NAME", NULL, "Its name."),
    WR_PATH(settings, dir, "dir", "DIR", "/tmp", "Where."),
    WR_LIST(settings, stages, "stages", "A,B", "one, two", "The chain."),
    WR_OPTIONS_END,
};

static settings got;
static const wr_option_group group = {"Options", rows, &got};
static const wr_program program = {"wireroom-x", "does x", "wireroom-x FILE    does it", "FILE...",
                                   "First.\n\n.Second \\ one."};

static void numbers(void) {
    static const struct {
        const char *text;
        wr_status size, duration;
        uint64_t bytes, ms;
    } table[] = {
        {"0", WR_OK, WR_OK, 0, 0},
        {"4096", WR_OK, WR_OK, 4096, 4096000},
        {"64k", WR_OK, WR_USAGE, 65536, 0},
        {"2G", WR_OK, WR_USAGE, (uint64_t)2 << 30, 0},
        {"250ms", WR_USAGE, WR_OK, 0, 250},
        {"5m", WR_OK, WR_OK, 5 << 20, 300000},
        {"1h", WR_USAGE, WR_OK, 0, 3600000},
        {"", WR_USAGE, WR_USAGE, 0, 0},
        {"k", WR_USAGE, WR_USAGE, 0, 0},
        {"-1", WR_USAGE, WR_USAGE, 0, 0},
        {"1.5s", WR_USAGE, WR_USAGE, 0, 0},
        {"9223372036854775807", WR_OK, WR_USAGE, INT64_MAX, 0},
        {"9223372036854775808", WR_USAGE, WR_USAGE, 0, 0},
        {"99999999999G", WR_USAGE, WR_USAGE, 0, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint64_t v = 0;
        wr_str text = wr_str_c(table[i].text);
        CHECK_ROW(table[i].text, wr_parse_size(text, &v) == table[i].size);
        CHECK_ROW(table[i].text, table[i].size != WR_OK || v == table[i].bytes);
        CHECK_ROW(table[i].text, wr_parse_duration(text, &v) == table[i].duration);
        CHECK_ROW(table[i].text, table[i].duration != WR_OK || v == table[i].ms);
    }
    int64_t n;
    CHECK(wr_parse_int(WR_STR("-12"), &n) == WR_OK && n == -12);
    CHECK(wr_parse_int(WR_STR("-"), &n) == WR_USAGE);
}

/* Reads a command line given as words with spaces between. */
static wr_status read_words(const char *line, char **argv, int *n, wr_buf *error) {
    static char words[256];
    int argc = 0;
    snprintf(words, sizeof words, "x %s", line);
    for (char *at = words, *word; (word = strsep(&at, " "));)
        argv[argc++] = word;
    return wr_options_argv(&group, 1, argc, argv, n, error);
}

static void defaults_and_argv(void) {
    CHECK(wr_options_default(&group, 1) == WR_OK);
    CHECK(!got.loud && got.credit == 32 && got.memory == 1 << 20 && got.lease == 60000);
    CHECK(!got.name && strcmp(got.dir, "/tmp") == 0);
    CHECK(got.stages.n == 2 && strcmp(got.stages.items[1], "two") == 0);
    char *argv[16];
    int n;
    CHECK(read_words("a --loud --credit=7 --stages three --stages 4,5 b -- --lease-time", argv, &n,
                     NULL) == WR_OK);
    CHECK(n == 3 && strcmp(argv[1], "a") == 0 && strcmp(argv[3], "--lease-time") == 0);
    CHECK(got.loud && got.credit == 7 && got.stages.n == 3);
    CHECK(strcmp(got.stages.items[0], "three") == 0 && strcmp(got.stages.items[2], "5") == 0);
    CHECK(read_words("--no-loud", argv, &n, NULL) == WR_OK && !got.loud);
}

static void environment(void) {
    setenv("WIREROOM_LEASE_TIME", "2s", 1);
    CHECK(wr_options_env(&group, 1, NULL) == WR_OK && got.lease == 2000);
    setenv("WIREROOM_LEASE_TIME", "soon", 1);
    wr_buf error = WR_BUF_INIT(1000);
    CHECK(wr_options_env(&group, 1, &error) == WR_USAGE);
    CHECK_STR(wr_buf_str(&error), WR_STR("WIREROOM_LEASE_TIME: \"soon\" is not a duration such as "
                                         "250ms, 2s, 5m or 1h from 10ms to 1h\n"));
    unsetenv("WIREROOM_LEASE_TIME");
    wr_buf_free(&error);
}

static void errors(void) {
    static const struct {
        const char *argv, *says;
    } table[] = {
        {"--credti=3", "no option --credti (did you mean \"--credit\"?)\n"},
        {"--zebra", "no option --zebra\n"},
        {"-x", "no option -x (options begin with --)\n"},
        {"--credit", "--credit: a value is missing\n"},
        {"--credit=0", "--credit: \"0\" is not a whole number from 1 to 1000\n"},
        {"--memory=2G", "--memory: \"2G\" is not a size such as 64k, 16M or 2G from 1k to 1G\n"},
        {"--loud=maybe", "--loud: \"maybe\" is not yes or no\n"},
        {"--no-credit", "no option --no-credit\n"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        wr_buf error = WR_BUF_INIT(1000);
        char *argv[16];
        int n;
        CHECK_ROW(table[i].argv, read_words(table[i].argv, argv, &n, &error) == WR_USAGE);
        CHECK_STR(wr_buf_str(&error), wr_str_c(table[i].says));
        wr_buf_free(&error);
    }
    wr_buf error = WR_BUF_INIT(1000);
    CHECK(wr_options_set(&group, 1, "nmae", "x", "c.yaml:3:7", &error) == WR_NOTFOUND);
    CHECK_STR(wr_buf_str(&error),
              WR_STR("c.yaml:3:7: no option \"nmae\" (did you mean \"name\"?)\n"));
    wr_buf_free(&error);
}

static void texts(void) {
    wr_buf out = WR_BUF_INIT(1 << 16);
    wr_options_help(&program, &group, 1, &out);
    CHECK(wr_str_starts(wr_buf_str(&out), WR_STR("  wireroom-x FILE    does it\n")));
    wr_buf_clear(&out);
    wr_options_man(&program, &group, 1, &out);
    wr_buf_add_char(&out, 0);
    CHECK(strstr(out.ptr, ".B \\-\\-lease\\-time \\fITIME\\fP\n") != NULL);
    CHECK(strstr(out.ptr, "\n.PP\n\\&.Second \\e one.") != NULL);
    CHECK(strstr(out.ptr, "\\fBWIREROOM_LEASE_TIME\\fP") != NULL);
    static const char *const shells[] = {"bash", "zsh", "fish"};
    for (size_t i = 0; i < 3; i++) {
        wr_buf_clear(&out);
        CHECK(wr_options_completion(&program, &group, 1, shells[i], &out) == WR_OK);
        wr_buf_add_char(&out, 0);
        CHECK_ROW(shells[i], strstr(out.ptr, "lease-time") != NULL);
    }
    CHECK(wr_options_completion(&program, &group, 1, "csh", &out) == WR_USAGE);
    wr_buf_free(&out);
}

int main(void) {
    numbers();
    defaults_and_argv();
    environment();
    errors();
    texts();
    wr_options_free(&group, 1);
    CHECK(got.stages.n == 0);
    return check_summary();
}
