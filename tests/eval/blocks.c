/* blocks.c -- eval_blocks FILE...: what cleanup makes of each file, as JSON lines
 *
 * A line {"file","kind","encoding","lang","facts":[{name,value,origin}],"n":blocks} a page, then
 * one line a block with all its fields ("near" as an array). A file whose name ends in .txt is
 * plain text. */
#include "stages/cleanup/cleanup.h"

#include <stdio.h>
#include <stdlib.h>

static void put_str(wr_str s) {
    putchar('"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\') printf("\\%c", c);
        else if (c < ' ') printf("\\u%04x", c);
        else putchar(c);
    }
    putchar('"');
}

static void put_field(const wr_field *f, const void *record) {
    const char *p = (const char *)record + f->offset;
    printf("\"%.*s\":", (int)f->key.len, f->key.ptr);
    if (f->type == WR_FIELD_STR) put_str(*(const wr_str *)(const void *)p);
    else if (f->type == WR_FIELD_UINT)
        printf("%llu", (unsigned long long)*(const uint64_t *)(const void *)p);
    else if (f->type == WR_FIELD_REAL) printf("%g", *(const double *)(const void *)p);
    else {
        wr_str s = *(const wr_str *)(const void *)p;
        for (size_t i = 0; i < s.len; i++)
            printf("%c%d", i ? ',' : '[', (unsigned char)s.ptr[i]);
        fputs(s.len ? "]" : "[]", stdout);
    }
}

static void put_record(const char *name, const void *record) {
    const wr_record *r = wr_schema_find(name);
    for (size_t i = 0; i < r->n_fields; i++) {
        putchar(i ? ',' : '{');
        put_field(&r->fields[i], record);
    }
    puts("}");
}

static void put_page(const char *file, const wr_page *page) {
    fputs("{\"file\":", stdout);
    put_str(wr_str_c(file));
    fputs(",\"kind\":", stdout);
    put_str(page->kind);
    fputs(",\"encoding\":", stdout);
    put_str(page->encoding);
    fputs(",\"lang\":", stdout);
    put_str(page->lang);
    printf(",\"n\":%zu,\"facts\":[", page->n_blocks);
    for (size_t i = 0; i < page->n_facts; i++) {
        fputs(i ? ",{\"name\":" : "{\"name\":", stdout);
        put_str(page->facts[i].name);
        fputs(",\"value\":", stdout);
        put_str(page->facts[i].value);
        fputs(",\"origin\":", stdout);
        put_str(page->facts[i].origin);
        putchar('}');
    }
    puts("]}");
    for (size_t i = 0; i < page->n_blocks; i++)
        put_record("block", &page->blocks[i]);
}

static wr_str read_file(wr_arena *arena, const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    fseek(f, 0, SEEK_END);
    size_t len = (size_t)ftell(f);
    rewind(f);
    char *bytes = wr_arena_take(arena, len + 1);
    if (!bytes || fread(bytes, 1, len, f) != len) {
        fprintf(stderr, "%s: not read\n", path);
        exit(1);
    }
    fclose(f);
    return wr_str_of(bytes, len);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: eval_blocks FILE...\n", stderr);
        return 2;
    }
    wr_arena *arena;
    if (wr_arena_new("blocks", (size_t)512 << 20, &arena) != WR_OK) return 1;
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        wr_arena_reset(arena);
        wr_page page = {0};
        wr_str why = {0};
        page.raw = read_file(arena, argv[i]);
        page.kind =
            wr_str_ends(wr_str_c(argv[i]), WR_STR(".txt")) ? WR_STR("text") : WR_STR("html");
        wr_status status = cleanup_page(arena, NULL, &page, &why);
        if (status == WR_OK) {
            put_page(argv[i], &page);
            continue;
        }
        fprintf(stderr, "%s: %s %.*s\n", argv[i], wr_status_label(status), (int)why.len, why.ptr);
        failed = 1;
    }
    wr_arena_free(&arena);
    return failed;
}
