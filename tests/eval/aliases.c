/* aliases.c -- eval_aliases: joins given mentions, for scripts/eval.d/aliases
 *
 * Argument: the knowledge file. Input, once a page: a line "ARTICLES", then for each a line
 * "BYTES MENTIONS", the text, a line "START END TYPE" a mention. Output: a line
 * "NAME<tab>TYPE<tab>START,START,..." an entity, an empty line after each article. */
#include "stages/tag/alias.h"

#include <stdio.h>
#include <stdlib.h>

static wr_str read_file(wr_arena *arena, const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(100);
    }
    fseek(f, 0, SEEK_END);
    size_t len = (size_t)ftell(f);
    rewind(f);
    char *bytes = wr_arena_take(arena, len + 1);
    if (!bytes || fread(bytes, 1, len, f) != len) exit(111);
    fclose(f);
    return wr_str_of(bytes, len);
}

/* One entity a surface and type, as the tagger gives them. */
static bool add_mention(wr_arena *arena, wr_article *a, size_t start, size_t end, wr_str type) {
    wr_str surface = wr_str_slice(a->text, start, end);
    wr_entity *e = NULL;
    for (size_t i = 0; i < a->n_entities && !e; i++)
        if (wr_str_eq(a->entities[i].name, surface) && wr_str_eq(a->entities[i].type, type))
            e = &a->entities[i];
    if (!e) {
        e = &a->entities[a->n_entities++];
        *e = (wr_entity){.name = surface, .type = type, .confidence = 1};
    }
    wr_mention *grown =
        wr_arena_grow(arena, e->mentions, e->n_mentions, e->n_mentions + 1, sizeof *grown);
    if (!grown) return false;
    e->mentions = grown;
    e->mentions[e->n_mentions++] = (wr_mention){.start = start, .end = end, .confidence = 1};
    return true;
}

static bool read_article(wr_arena *arena, wr_article *a) {
    size_t len, n;
    if (scanf("%zu %zu", &len, &n) != 2 || getchar() != '\n') return false;
    char *text = wr_arena_take(arena, len + 1);
    a->entities = wr_arena_array(arena, n, sizeof *a->entities);
    if (!text || !a->entities || fread(text, 1, len, stdin) != len) return false;
    a->text = wr_str_of(text, len);
    for (size_t i = 0; i < n; i++) {
        size_t start, end;
        char type[8];
        wr_str copy;
        if (scanf("%zu %zu %7s", &start, &end, type) != 3 ||
            wr_arena_copy(arena, wr_str_c(type), &copy) != WR_OK ||
            !add_mention(arena, a, start, end, copy))
            return false;
    }
    return true;
}

static void print_article(const wr_article *a) {
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_entity *e = &a->entities[i];
        printf("%.*s\t%.*s\t", (int)e->name.len, e->name.ptr, (int)e->type.len, e->type.ptr);
        for (size_t m = 0; m < e->n_mentions; m++)
            printf("%s%zu", m ? "," : "", (size_t)e->mentions[m].start);
        putchar('\n');
    }
    putchar('\n');
}

int main(int argc, char **argv) {
    wr_arena *arena, *models;
    struct knowledge *k = NULL;
    size_t n, line;
    if (wr_arena_new("eval", (size_t)64 << 20, &arena) != WR_OK ||
        wr_arena_new("models", (size_t)64 << 20, &models) != WR_OK)
        return 111;
    if (argc > 1) {
        wr_str file = read_file(models, argv[1]);
        if (knowledge_new(models, &file, 1, &k, NULL, &line) != WR_OK) {
            fprintf(stderr, "%s:%zu: bad row\n", argv[1], line);
            return 100;
        }
    }
    while (scanf("%zu", &n) == 1 && getchar() == '\n') {
        wr_arena_reset(arena);
        wr_page page = {.articles = wr_arena_array(arena, n, sizeof *page.articles),
                        .n_articles = n};
        if (!page.articles) return 111;
        for (size_t i = 0; i < n; i++)
            if (!read_article(arena, &page.articles[i])) return 111;
        if (aliases_resolve(arena, k, &page) != WR_OK) return 111;
        for (size_t i = 0; i < n; i++)
            print_article(&page.articles[i]);
    }
    wr_arena_free(&arena);
    wr_arena_free(&models);
    return 0;
}
