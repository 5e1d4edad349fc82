/* names_file.c -- reads the tables of names, and the user's again when it changes */
#include "names_file.h"

#include <wireroom/data.h>

#include <stdio.h>

#define NAMES_BYTES ((size_t)64 << 20)

/* A copy, so that a file that is cut while it is in use does no harm. */
static wr_status read_own(names_file *names, wr_arena *arena, wr_str *out) {
    *out = wr_str_of("", 0);
    if (!names->own) return WR_OK;
    FILE *f = fopen(names->own, "rb");
    wr_status status = f && fstat(fileno(f), &names->seen) == 0 ? WR_OK : WR_NOTFOUND;
    size_t size = status == WR_OK && names->seen.st_size > 0 ? (size_t)names->seen.st_size : 0;
    if (status == WR_OK && !S_ISREG(names->seen.st_mode)) status = WR_IO;
    char *bytes = status == WR_OK ? wr_arena_take(arena, size + 1) : NULL;
    if (status == WR_OK && !bytes) status = WR_MEMORY;
    if (status == WR_OK) *out = wr_str_of(bytes, fread(bytes, 1, size, f));
    if (status == WR_OK && ferror(f)) status = WR_IO;
    if (f) (void)fclose(f);
    if (status != WR_OK)
        snprintf(names->why, sizeof names->why, "%s: %s", names->own,
                 status == WR_MEMORY ? "too large" : "cannot be read");
    return status;
}

static wr_status read_tables(names_file *names) {
    wr_arena *arena;
    struct knowledge *knowledge;
    size_t line = 0, file = 0;
    wr_str own;
    WR_TRY(wr_arena_new("names", NAMES_BYTES, &arena));
    wr_status status = read_own(names, arena, &own);
    if (status == WR_OK) {
        wr_str files[] = {names->installed, own};
        status = knowledge_new(arena, files, 2, &knowledge, &file, &line);
        if (status == WR_MALFORMED)
            snprintf(names->why, sizeof names->why,
                     "%s:%zu: a row is type (PER, ORG, LOC or MISC), name, canonical name and, if "
                     "known, id and country, tab-separated",
                     file ? names->own : "tag/knowledge.tsv", line);
        else if (status != WR_OK)
            snprintf(names->why, sizeof names->why, "%s: too many names",
                     names->own ? names->own : "tag/knowledge.tsv");
    }
    if (status != WR_OK) {
        wr_arena_free(&arena);
        return status;
    }
    wr_arena_free(&names->arena);
    names->arena = arena;
    names->knowledge = knowledge;
    return WR_OK;
}

wr_status names_open(names_file *names, const char *own) {
    char path[4096];
    *names = (names_file){.own = own};
    snprintf(names->why, sizeof names->why, "tag/knowledge.tsv: cannot be read");
    WR_TRY(wr_data_path("tag/knowledge.tsv", path, sizeof path));
    WR_TRY(wr_data_map(path, &names->installed));
    names->looked = time(NULL);
    return read_tables(names);
}

bool names_changed(names_file *names, wr_status *status) {
    struct stat now;
    time_t clock = names->own ? time(NULL) : 0;
    *status = WR_OK;
    if (!names->own || clock == names->looked) return false;
    names->looked = clock;
    if (stat(names->own, &now) != 0) now = (struct stat){.st_size = -1};
    const struct stat *seen = &names->seen;
    if (now.st_size == seen->st_size && now.st_ino == seen->st_ino &&
        now.st_mtim.tv_sec == seen->st_mtim.tv_sec && now.st_mtim.tv_nsec == seen->st_mtim.tv_nsec)
        return false;
    *status = read_tables(names);
    names->seen = now;
    return true;
}

void names_close(names_file *names) {
    wr_arena_free(&names->arena);
    wr_data_unmap(&names->installed);
}
