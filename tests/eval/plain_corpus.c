/* plain_corpus.c -- pages of labelled lines: read, and what was found in them written */
#include "plain_corpus.h"

#include <stdlib.h>

static char *slurp(const char *path, size_t *len) {
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!f) {
        perror(path);
        return NULL;
    }
    size_t cap = 1 << 20, n = 0;
    char *bytes = malloc(cap);
    for (size_t got; bytes && (got = fread(bytes + n, 1, cap - n - 1, f)) > 0;) {
        n += got;
        if (cap - n < 2) bytes = realloc(bytes, cap *= 2);
    }
    if (f != stdin) fclose(f);
    if (bytes) bytes[n] = 0;
    *len = n;
    return bytes;
}

static char *cut(char **at, char end) {
    char *from = *at, *stop = strchr(from, end);
    if (!stop) return NULL;
    *stop = 0;
    *at = stop + 1;
    return from;
}

static int read_page(char **at, struct corpus_page *p) {
    char *fields[7];
    for (int i = 0; i < 7; i++)
        if (!(fields[i] = cut(at, i == 6 ? '\n' : '\t'))) return 1;
    *p = (struct corpus_page){.kind = fields[1], .set = fields[2], .id = fields[3]};
    p->fold = (int)strtol(fields[4], NULL, 10);
    p->weight = strtod(fields[5], NULL);
    p->n = strtoul(fields[6], NULL, 10);
    p->text = calloc(p->n + 1, sizeof *p->text);
    p->body = calloc(p->n + 1, 1);
    p->line_fold = calloc(p->n + 1, 1);
    p->start = calloc(p->n + 1, 1);
    if (!p->text || !p->body || !p->line_fold || !p->start) return 1;
    for (size_t i = 0; i < p->n; i++) {
        char *marks = *at, *tab = strchr(marks, '\t'), *end = tab ? strchr(tab, '\n') : NULL;
        if (!end || tab - marks < 3) return 1;
        p->body[i] = marks[0] == '1';
        p->start[i] = marks[1];
        p->line_fold[i] = (uint8_t)(marks[2] - '0');
        p->text[i] = wr_str_of(tab + 1, (size_t)(end - tab - 1));
        *at = end + 1;
    }
    p->labelled = strcmp(p->kind, "multi") != 0;
    return 0;
}

int corpus_read(const char *path, struct corpus *out) {
    size_t len = 0, cap = 0;
    char *at = slurp(path, &len), *end = at + len;
    *out = (struct corpus){NULL, 0};
    if (!at) return 1;
    while (at < end) {
        if (out->n == cap)
            out->page = realloc(out->page, (cap = cap ? 2 * cap : 1024) * sizeof *out->page);
        if (!out->page || read_page(&at, &out->page[out->n++])) {
            fprintf(stderr, "%s: page %zu is broken\n", path, out->n);
            return 1;
        }
    }
    return 0;
}

void corpus_write(FILE *out, const struct corpus_page *page, const struct plain_verdict *verdict) {
    bool title_stays = strncmp(page->set, "turku", 5) == 0;
    fprintf(out, "{\"kind\":\"%s\",\"set\":\"%s\",\"id\":\"%s\",\"keep\":[", page->kind, page->set,
            page->id);
    for (size_t i = 0; i < page->n; i++) {
        bool keep = verdict->body[i] || (title_stays && verdict->start[i]);
        fprintf(out, "%s%d", i ? "," : "", keep);
    }
    fprintf(out, "],\"starts\":[");
    bool more = false;
    for (size_t i = 0; i < page->n; i++)
        if (verdict->start[i]) fprintf(out, "%s%zu", more ? "," : "", i), more = true;
    fprintf(out, "]}\n");
}
