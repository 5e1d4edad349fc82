/* extraction.c -- pages to articles, as lines for the scorers
 *
 * usage: eval_extraction [DIAL] < LIST: one page a line, "set TAB id TAB path"; one JSON object a
 * page on standard output, see predict.h. A page that fails gives an empty text and a line on
 * stderr. */
#include <stages/boilerplate/boilerplate.h>
#include <stages/boilerplate/train/predict.h>
#include <stages/cleanup/cleanup.h>

#include <stdlib.h>

static bool read_file(wr_arena *arena, const char *path, wr_str *out) {
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    bool ok = fseek(file, 0, SEEK_END) == 0;
    long size = ok ? ftell(file) : -1;
    char *bytes = size >= 0 ? wr_arena_take(arena, (size_t)size + 1) : NULL;
    rewind(file);
    ok = bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size;
    fclose(file);
    if (ok) *out = wr_str_of(bytes, (size_t)size);
    return ok;
}

static wr_status run(wr_arena *arena, const struct boilerplate_options *options, const char *path,
                     wr_page *page, wr_str *why) {
    page->kind = WR_STR("html");
    if (!read_file(arena, path, &page->raw)) return *why = WR_STR("cannot be read"), WR_IO;
    WR_TRY(cleanup_page(arena, NULL, page, why));
    return boilerplate_page(arena, options, page, why);
}

int main(int argc, char **argv) {
    struct boilerplate_options options = BOILERPLATE_DEFAULTS;
    if (argc > 1) options.dial = strtol(argv[1], NULL, 10);
    wr_arena *arena;
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    if (wr_arena_new("page", (size_t)512 << 20, &arena) != WR_OK) return 111;
    while ((len = getline(&line, &cap, stdin)) > 0) {
        if (line[len - 1] == '\n') line[--len] = 0;
        wr_str row = wr_str_of(line, (size_t)len), why = wr_str_of(NULL, 0);
        size_t tab = wr_str_find_char(row, 0, '\t'), next = wr_str_find_char(row, tab + 1, '\t');
        if (next >= row.len) continue;
        wr_page page;
        memset(&page, 0, sizeof page);
        wr_arena_reset(arena);
        wr_status status = run(arena, &options, line + next + 1, &page, &why);
        if (status != WR_OK)
            fprintf(stderr, "%s: %s %.*s\n", line + next + 1, wr_status_label(status), (int)why.len,
                    why.ptr);
        predict_write(stdout, wr_str_slice(row, 0, tab), wr_str_slice(row, tab + 1, next), &page);
    }
    free(line);
    wr_arena_free(&arena);
    return 0;
}
