/* main.c -- wireroom-ingest: options, then the feed */
#include "feed.h"

#include <wireroom/log.h>
#include <wireroom/transport.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define EXIT_PERMANENT 100

#define T ingest_options
static const wr_option rows[] = {
    WR_STRING(T, line, "line", "ADDRESS", NULL,
              "the line to hand pages to, as ipc:///run/wireroom"),
    WR_STRING(T, finished, "finished", "WHAT", "move",
              "what becomes of a finished file: move (to .wireroom/done), keep or delete"),
    WR_FLAG(T, once, "once", "read what is there, change nothing in it, and end"),
    WR_PATH(T, state, "state", "DIR", NULL, "directory that notes which kept files are finished"),
    WR_SIZE(T, page_limit, "page-limit", "BYTES", "8M", 1, 48 << 20, "largest page that is read"),
    WR_SIZE(T, file_limit, "file-limit", "BYTES", "1024G", 1, 0x7fffffffffffffff,
            "largest decompressed size of a file"),
    WR_INT(T, ratio, "ratio-limit", "N", "1000", 2, 1000000,
           "largest ratio of decompressed to compressed bytes"),
    WR_INT(T, depth, "depth-limit", "N", "4", 1, 16, "compressions and archives inside each other"),
    WR_INT(T, entries, "entry-limit", "N", "1000000", 1, 1000000000, "members of one archive"),
    WR_INT(T, window, "window", "N", "512", 1, 65536, "pages under way at a time"),
    WR_SIZE(T, window_bytes, "window-bytes", "BYTES", "16M", 1, (int64_t)1 << 40,
            "bytes under way at a time"),
    WR_DURATION(T, settle_ms, "settle", "TIME", "2s", 0, 3600000,
                "how long a file found by a scan must be unchanged"),
    WR_DURATION(T, rescan_ms, "rescan", "TIME", "10s", 100, 86400000, "time between two scans"),
    WR_DURATION(T, lost_ms, "lost", "TIME", "0", 0, 86400000,
                "end when the line is not there for so long; 0 = wait for it"),
    WR_DURATION(T, drain_ms, "drain", "TIME", "10s", 0, 3600000,
                "how long to wait for pages under way when told to end"),
    WR_FLAG(T, report, "report", "write progress as JSON lines on standard output"),
    WR_STRING(T, log_level, "log-level", "LEVEL", "info", "error, warn, info or debug"),
    WR_OPTIONS_END,
};
#undef T

static const wr_program program = {
    .name = "wireroom-ingest",
    .summary = "hands the files dropped in directories to the line, page by page",
    .example = "wireroom-ingest /srv/news           watch a directory\n"
               "wireroom-ingest --once /srv/archive read a directory in place and end",
    .operands = "DIR...",
    .details =
        "A file is taken when it was closed after writing or moved into the directory, or when a "
        "scan "
        "finds it unchanged for some time. Names that begin with a dot or end with .tmp or .part "
        "are "
        "not looked at. It is renamed to DIR/.wireroom/work, and when all its pages are stored to "
        "DIR/.wireroom/done; a file that gives no page, and a symbolic link, pipe or device, to "
        "DIR/.wireroom/failed with a file NAME.reason beside it. Records that only point to a page "
        "elsewhere are listed in NAME.references beside the file: address, title and date. Empty "
        "files are given the "
        "settling "
        "time to fill. With --finished keep nothing is moved or written in DIR.\n\n"
        "Exit codes: 0, 100 (wrong usage, or the directory is watched by another process), 111 "
        "(try "
        "again).",
};

static int refuse(const char *text, const char *what) {
    fprintf(stderr, "wireroom-ingest: %s: %s\n", what, text);
    return EXIT_PERMANENT;
}

int main(int argc, char **argv) {
    ingest_options options = {0};
    const wr_option_group group = {"Options", rows, &options};
    int n_dirs = 0;
    int code = wr_options_read(&program, &group, 1, argc, argv, &n_dirs);
    if (code >= 0) return code;
    wr_log_level level;
    if (!wr_log_level_of(options.log_level, &level))
        return refuse("no log level (error, warn, info, debug)", options.log_level);
    wr_log_open("wireroom-ingest", level);
    if (!options.line) options.line = wr_line_default();
    const char *f = options.finished;
    if (strcmp(f, "move") != 0 && strcmp(f, "keep") != 0 && strcmp(f, "delete") != 0)
        return refuse("is not a way to finish (move, keep, delete)", f);
    if (n_dirs < 1 || n_dirs > (int)INGEST_DIRS_MAX)
        return refuse("give 1 to 64 directories, see --help", "DIR");
    for (int i = 1; options.once && i <= n_dirs; i++) {
        struct stat st;
        if (stat(argv[i], &st) < 0 || !S_ISDIR(st.st_mode))
            return refuse("no such directory", argv[i]);
    }
    return ingest_feed(&options, argv + 1, (size_t)n_dirs);
}
