/* corpus.c -- pages with gold, laid out as <dir>/<set>/<id>.html and .json, read into memory */
#include "corpus.h"

#include <stages/cleanup/cleanup.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <yajl/yajl_tree.h>

bool corpus_file(wr_arena *arena, const char *path, wr_str *out) {
    FILE *file = fopen(path, "rb");
    struct stat st;
    if (!file) return false;
    bool ok = fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode);
    char *bytes = ok ? wr_arena_take(arena, (size_t)st.st_size + 1) : NULL;
    ok = bytes && fread(bytes, 1, (size_t)st.st_size, file) == (size_t)st.st_size;
    fclose(file);
    if (ok) *out = wr_str_of(bytes, (size_t)st.st_size);
    return ok;
}

static wr_str text_of(wr_arena *arena, yajl_val root, const char *key) {
    const char *path[] = {key, NULL};
    yajl_val v = yajl_tree_get(root, path, yajl_t_string);
    wr_str out = wr_str_of(NULL, 0);
    if (v && wr_arena_copy(arena, wr_str_c(YAJL_GET_STRING(v)), &out) != WR_OK) abort();
    return out;
}

static unsigned fold_of(wr_str site, unsigned folds) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < site.len; i++)
        h = (h ^ (unsigned char)site.ptr[i]) * 16777619u;
    return (h ^ h >> 15) % folds;
}

static bool read_page(struct corpus *corpus, const char *dir, const char *set, const char *name,
                      unsigned folds) {
    char path[4096], error[256];
    struct corpus_page *page = WR_PUSH(corpus->arena, corpus->pages, corpus->n, corpus->cap);
    wr_str json, why = wr_str_of("", 0), id = wr_str_of(name, strlen(name) - 5);
    if (!page) return false;
    if (wr_arena_copy(corpus->arena, wr_str_c(set), &page->set) != WR_OK ||
        wr_arena_copy(corpus->arena, id, &page->id) != WR_OK)
        return false;
    snprintf(path, sizeof path, "%s/%s/%s", dir, set, name);
    if (!corpus_file(corpus->arena, path, &json)) return fprintf(stderr, "%s?\n", path), false;
    yajl_val root = yajl_tree_parse(json.ptr, error, sizeof error);
    if (!root) return fprintf(stderr, "%s: %s\n", path, error), false;
    page->gold = text_of(corpus->arena, root, "text");
    page->site = text_of(corpus->arena, root, "site");
    yajl_tree_free(root);
    page->fold = fold_of(page->site, folds);
    snprintf(path, sizeof path, "%s/%s/%.*s.html", dir, set, (int)id.len, id.ptr);
    if (!corpus_file(corpus->arena, path, &page->page.raw))
        return fprintf(stderr, "%s?\n", path), false;
    page->page.kind = WR_STR("html");
    wr_status status = cleanup_page(corpus->arena, NULL, &page->page, &why);
    if (status != WR_OK)
        fprintf(stderr, "%s: %s %.*s\n", path, wr_status_label(status), (int)why.len, why.ptr);
    return true;
}

static int is_gold(const struct dirent *entry) {
    return wr_str_ends(wr_str_c(entry->d_name), WR_STR(".json"));
}

static int is_set(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

bool corpus_read(struct corpus *corpus, const char *dir, unsigned folds) {
    struct dirent **sets;
    int n_sets = scandir(dir, &sets, is_set, alphasort);
    if (n_sets < 0) return fprintf(stderr, "no directory %s\n", dir), false;
    bool ok = wr_arena_new("corpus", (size_t)8 << 30, &corpus->arena) == WR_OK;
    for (int s = 0; s < n_sets; s++) {
        char path[4096];
        struct dirent **files;
        snprintf(path, sizeof path, "%s/%s", dir, sets[s]->d_name);
        int n = scandir(path, &files, is_gold, alphasort);
        for (int i = 0; i < n; i++) {
            ok = ok && read_page(corpus, dir, sets[s]->d_name, files[i]->d_name, folds);
            free(files[i]);
        }
        if (n >= 0) free(files);
        free(sets[s]);
    }
    free(sets);
    return ok && corpus->n > 0;
}
