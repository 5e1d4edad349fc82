/* main.c -- wireroom-explain: a file through all cores in one process, shown with reasons */
#include "show.h"

#include "stages/boilerplate/boilerplate.h"
#include "stages/cleanup/cleanup.h"
#include "stages/ingest/pages.h"
#include "stages/tag/names_file.h"
#include "stages/tag/tag.h"

#include <wireroom/data.h>
#include <wireroom/option.h>
#include <wireroom/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PAGE_BYTES    ((size_t)512 << 20)
#define FILE_BYTES    ((size_t)64 << 20)
#define MODEL_BYTES   ((size_t)64 << 20)
#define OUTPUT_BYTES  ((size_t)512 << 20)
#define DEFAULT_WIDTH 100
#define EXIT_PARTLY   1

struct options {
    bool json;
    const char *colour, *aliases;
    int64_t dial, width;
};

static const wr_option rows[] = {
    WR_FLAG(struct options, json, "json", "Print each page as one JSON object, as stages see it."),
    WR_STRING(struct options, colour, "color", "WHEN", "auto",
              "always, never or auto: on a terminal, unless NO_COLOR is set."),
    WR_INT(struct options, width, "width", "COLUMNS", "0", 0, 1000,
           "Wrap text there; 0 = the terminal's width, else 100."),
    WR_INT(struct options, dial, "dial", "N", "50", 0, 100,
           "0 keeps only what is surely the article, 100 whatever may be."),
    WR_PATH(struct options, aliases, "tag-aliases", "FILE", NULL,
            "A table of names of your own, on top of the installed one."),
    WR_OPTIONS_END,
};

static const wr_program program = {
    .name = "wireroom explain",
    .summary = "shows what the line makes of a file: kept, removed and why, names, quotes, dates",
    .example = "wireroom explain page.html        every block with label, confidence and reason\n"
               "wireroom explain --json FILE | jq '.articles[].title'",
    .operands = "FILE...",
    .details =
        "Runs the cores of all stages in this process; no pipeline is needed and none is "
        "touched. Lines that begin with + are kept, lines that begin with - are removed, with "
        "the reason.\n\nExit status: 0, 1 when a file or page could not be read, 100 for wrong "
        "usage.",
};

struct run {
    struct options options;
    show_style style;
    wr_arena *models, *file_arena, *page_arena;
    wr_str model;
    names_file names;
    struct tagger *tagger;
    wr_buf out, message;
};

static int complain(const char *what, wr_str why, wr_status status) {
    fprintf(stderr, "wireroom explain: %s: %.*s\n", what,
            (int)(why.len ? why.len : strlen(wr_status_text(status))),
            why.len ? why.ptr : wr_status_text(status));
    return EXIT_PARTLY;
}

static wr_status map_data(const char *name, wr_str *bytes) {
    char path[4096];
    WR_TRY(wr_data_path(name, path, sizeof path));
    return wr_data_map(path, bytes);
}

static wr_status open_tagger(struct run *r) {
    const char *why;
    WR_TRY(wr_arena_new("models", MODEL_BYTES, &r->models));
    WR_TRY(map_data("tag/model/names.bin", &r->model));
    WR_TRY(tagger_new(r->models, r->model, &r->tagger, &why));
    wr_status status = names_open(&r->names, r->options.aliases);
    if (status != WR_OK) {
        fprintf(stderr, "wireroom explain: %s\n", r->names.why);
        return status;
    }
    tagger_use_knowledge(r->tagger, r->names.knowledge);
    return WR_OK;
}

static wr_status run_cores(struct run *r, wr_page *page, wr_str *why) {
    struct boilerplate_options boilerplate = BOILERPLATE_DEFAULTS;
    struct cleanup_options cleanup = {0};
    boilerplate.dial = r->options.dial;
    WR_TRY(cleanup_page(r->page_arena, &cleanup, page, why));
    WR_TRY(boilerplate_page(r->page_arena, &boilerplate, page, why));
    return tag_page(r->tagger, r->page_arena, page, why);
}

static wr_status print_page(struct run *r, const wr_page *page) {
    wr_buf_clear(&r->out);
    if (r->options.json) {
        wr_buf_clear(&r->message);
        WR_TRY(wr_page_encode(page, &r->message));
        WR_TRY(wr_json_of_msgpack(wr_buf_str(&r->message), &r->out));
        wr_buf_add_char(&r->out, '\n');
    } else {
        show_page(page, &r->style, &r->out);
    }
    if (r->out.status != WR_OK) return r->out.status;
    return fwrite(r->out.ptr, 1, r->out.len, stdout) == r->out.len ? WR_OK : WR_IO;
}

static int explain_pages(struct run *r, const char *name, ingest_pages *pages) {
    int code = 0;
    for (;;) {
        wr_page page = {0};
        ingest_found found;
        wr_str why = {0};
        wr_arena_reset(r->page_arena);
        wr_status status = ingest_pages_next(pages, r->page_arena, &page, &found, &why);
        if (found == INGEST_FOUND_END) return status == WR_OK ? code : complain(name, why, status);
        wr_str member = page.file;
        page.file = wr_str_c(name);
        if (member.len && wr_arena_printf(r->page_arena, &page.file, "%s!/%.*s", name,
                                          (int)member.len, member.ptr) != WR_OK)
            page.file = member;
        if (status == WR_OK) status = run_cores(r, &page, &why);
        if (status == WR_OK) status = print_page(r, &page);
        if (status != WR_OK) code = complain(name, why, status);
    }
}

static int explain_file(struct run *r, const char *name) {
    ingest_limits limits = INGEST_LIMITS_DEFAULT;
    ingest_memory memory;
    ingest_pages *pages;
    wr_str bytes = {0}, why = {0};
    wr_status status = wr_data_map(name, &bytes);
    if (status != WR_OK) return complain(name, WR_STR("cannot be read"), status);
    wr_arena_reset(r->file_arena);
    status =
        ingest_pages_open(r->file_arena, ingest_memory_open(&memory, bytes), &limits, &pages, &why);
    int code = status == WR_OK ? explain_pages(r, name, pages) : complain(name, why, status);
    if (status == WR_OK) ingest_pages_close(&pages);
    wr_data_unmap(&bytes);
    return code;
}

static bool choose_style(struct run *r) {
    bool terminal = isatty(STDOUT_FILENO);
    const char *no_color = getenv("NO_COLOR"), *when = r->options.colour;
    struct winsize size = {0};
    if (strcmp(when, "always") == 0) r->style.colour = true;
    else if (strcmp(when, "auto") == 0) r->style.colour = terminal && !(no_color && *no_color);
    else if (strcmp(when, "never") != 0) return false;
    r->style.width = (size_t)r->options.width;
    if (!r->style.width && terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        r->style.width = size.ws_col;
    if (r->style.width < 40) r->style.width = r->style.width ? 40 : DEFAULT_WIDTH;
    return true;
}

static void close_run(struct run *r) {
    wr_arena_free(&r->models);
    wr_arena_free(&r->file_arena);
    wr_arena_free(&r->page_arena);
    wr_data_unmap(&r->model);
    names_close(&r->names);
    wr_buf_free(&r->out);
    wr_buf_free(&r->message);
}

int main(int argc, char **argv) {
    struct run r = {.out = WR_BUF_INIT(OUTPUT_BYTES), .message = WR_BUF_INIT(OUTPUT_BYTES)};
    const wr_option_group group = {"Options", rows, &r.options};
    int n_files, code = wr_options_read(&program, &group, 1, argc, argv, &n_files);
    if (code >= 0) return code;
    if (!n_files || !choose_style(&r)) {
        fputs(n_files ? "wireroom explain: --color is always, never or auto\n"
                      : "wireroom explain: which file? See wireroom explain --help\n",
              stderr);
        return 100;
    }
    wr_status status = wr_arena_new("file", FILE_BYTES, &r.file_arena);
    if (status == WR_OK) status = wr_arena_new("page", PAGE_BYTES, &r.page_arena);
    if (status == WR_OK) status = open_tagger(&r);
    code = status == WR_OK ? 0 : complain("models", (wr_str){0}, status);
    for (int i = 1; i <= n_files && status == WR_OK; i++)
        if (explain_file(&r, argv[i]) != 0) code = EXIT_PARTLY;
    close_run(&r);
    return code;
}
