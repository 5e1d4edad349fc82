/* plain_files.c -- files of plain text through cleanup and boilerplate
 *
 * usage: plain_files [--explain] FILE...
 * One JSON object an article: file, ordinal, title, date, source, url, authors, agency, paragraphs,
 * removed. With --explain a line a block for people: label, confidence, article, text. */
#include "stages/boilerplate/boilerplate.h"
#include "stages/cleanup/cleanup.h"

#include <stdio.h>
#include <stdlib.h>

static void put(wr_str s) {
    putchar('"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\') printf("\\%c", c);
        else if (c < 0x20) printf("\\u%04x", c);
        else putchar(c);
    }
    putchar('"');
}

static void field(const char *name, wr_str s) {
    printf(",\"%s\":", name);
    if (s.len) put(s);
    else printf("null");
}

/* Removed blocks belong to the article they stand in, or else to the one that began before. */
static void put_removed(const wr_page *page, size_t ordinal) {
    size_t now = 0;
    bool more = false;
    printf(",\"removed\":[");
    for (size_t i = 0; i < page->n_blocks; i++) {
        const wr_block *b = &page->blocks[i];
        if (b->article) now = b->article - 1;
        if (now != ordinal || !b->reason.len) continue;
        printf("%s{\"text\":", more ? "," : "");
        put(b->text);
        printf(",\"reason\":");
        put(b->reason);
        printf("}");
        more = true;
    }
    printf("]");
}

static void put_article(const char *file, const wr_page *page, size_t ordinal) {
    const wr_article *a = &page->articles[ordinal];
    printf("{\"file\":");
    put(wr_str_c(file));
    printf(",\"ordinal\":%zu", ordinal);
    field("title", a->title);
    field("date", a->published);
    field("source", a->site);
    field("url", a->url);
    field("agency", a->agency);
    field("caption", a->caption);
    field("credit", a->credit);
    printf(",\"authors\":[");
    for (size_t i = 0; i < a->n_authors; i++) {
        if (i) printf(",");
        put(a->authors[i].name);
    }
    printf("],\"paragraphs\":[");
    bool more = false;
    for (size_t i = 0; i < a->n_paras; i++) {
        if (wr_str_eq(a->paras[i].kind, WR_STR("title"))) continue;
        if (more) printf(",");
        put(wr_str_slice(a->text, a->paras[i].start, a->paras[i].end));
        more = true;
    }
    printf("]");
    put_removed(page, ordinal);
    printf("}\n");
}

static void explain(const char *file, const wr_page *page) {
    printf("== %s\n", file);
    for (size_t i = 0; i < page->n_blocks; i++) {
        const wr_block *b = &page->blocks[i];
        printf("%-12.*s %.2f %zu  %.*s\n", (int)b->label.len, b->label.ptr, b->confidence,
               (size_t)b->article, b->text.len > 110 ? 110 : (int)b->text.len, b->text.ptr);
    }
}

static wr_status read_file(wr_arena *arena, const char *path, wr_str *out) {
    FILE *f = fopen(path, "rb");
    size_t cap = (size_t)16 << 20;
    char *bytes = f ? wr_arena_take(arena, cap) : NULL;
    if (!bytes) return f ? WR_MEMORY : WR_IO;
    *out = wr_str_of(bytes, fread(bytes, 1, cap, f));
    fclose(f);
    return WR_OK;
}

int main(int argc, char **argv) {
    bool tell = argc > 1 && strcmp(argv[1], "--explain") == 0;
    wr_arena *arena = NULL;
    if (argc < 2 + tell) {
        fprintf(stderr, "usage: plain_files [--explain] FILE...\n");
        return 100;
    }
    if (wr_arena_new("page", (size_t)256 << 20, &arena) != WR_OK) return 111;
    for (int i = 1 + tell; i < argc; i++) {
        wr_page page = {.kind = WR_STR("text")};
        wr_str why = {NULL, 0};
        wr_arena_reset(arena);
        wr_status status = read_file(arena, argv[i], &page.raw);
        if (status == WR_OK) status = cleanup_page(arena, NULL, &page, &why);
        if (status == WR_OK) status = boilerplate_page(arena, NULL, &page, &why);
        if (status != WR_OK && status != WR_FILTERED) {
            fprintf(stderr, "%s: %s\n", argv[i], wr_status_text(status));
            return 111;
        }
        const char *slash = strrchr(argv[i], '/');
        if (tell) explain(argv[i], &page);
        else
            for (size_t k = 0; k < page.n_articles; k++)
                put_article(slash ? slash + 1 : argv[i], &page, k);
    }
    wr_arena_free(&arena);
    return 0;
}
