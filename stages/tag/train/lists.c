/* lists.c -- word clusters and name lists, read from tab-separated files into tables */
#include "lists.h"

#include "file.h"
#include "stages/tag/hash.h"

#include <stdio.h>
#include <stdlib.h>

static uint32_t number(wr_str s) {
    uint32_t v = 0;
    for (size_t i = 0; i < s.len && wr_is_digit(s.ptr[i]) && v < 100000000; i++)
        v = v * 10 + (uint32_t)(s.ptr[i] - '0');
    return v;
}

static uint16_t rank_of(size_t i) {
    return (uint16_t)(i < 1000 ? 1 : i < 5000 ? 2 : i < 20000 ? 3 : i < 80000 ? 4 : 5);
}

wr_status lists_words(wr_arena *arena, const char *path, size_t most, struct parts *parts) {
    wr_str text, line;
    WR_TRY(file_read(arena, path, &text));
    size_t lines = 0;
    for (wr_str rest = text; lines < most && file_line(&rest, &line);)
        lines++;
    WR_TRY(parts_room(arena, parts, 1, lines));
    for (size_t i = 0; i < lines && file_line(&text, &line); i++) {
        wr_str word = file_field(&line);
        uint16_t cluster[CLUSTERINGS];
        for (int k = 0; k < CLUSTERINGS; k++)
            cluster[k] = (uint16_t)number(file_field(&line));
        bool fresh;
        uint32_t slot =
            table_add(parts->tags[1], parts->buckets[1], hash_bytes(word.ptr, word.len), &fresh);
        if (slot == TABLE_ABSENT) return WR_LIMIT;
        if (!fresh) continue;
        parts->clusters[slot] = model_pack_clusters(cluster, rank_of(i));
        parts->n_words++;
    }
    return WR_OK;
}

enum kind {
    KIND_COUNTRY,
    KIND_REGION,
    KIND_DEMONYM,
    KIND_CAPITAL,
    KIND_ADMIN1,
    KIND_CITY,
    KIND_TOWN,
    KIND_NAME,
    KIND_FIRST,
    KIND_COMPANY,
    KIND_SHORT,
    KIND_PERSON,
    KIND_NONE
};

#define CITY_PEOPLE 300000

static const struct {
    const char *file, *type;
    enum kind kind;
} rows[] = {
    {"countries.tsv", "country", KIND_COUNTRY}, {"countries.tsv", "territory", KIND_COUNTRY},
    {"countries.tsv", "region", KIND_REGION},   {"countries.tsv", "demonym", KIND_DEMONYM},
    {"countries.tsv", "capital", KIND_CAPITAL}, {"admin1.tsv", "admin1", KIND_ADMIN1},
    {"cities.tsv", "city", KIND_TOWN},          {"cities.tsv", "city_alt", KIND_TOWN},
    {"names.tsv", "name", KIND_NAME},           {"names.tsv", "firstname", KIND_FIRST},
    {"companies.tsv", "company", KIND_COMPANY}, {"companies.tsv", "company_short", KIND_SHORT},
    {"people.tsv", "person", KIND_PERSON},
};

/* One name or beginning of a name; sorted by hash, then joined. */
struct entry {
    uint64_t hash;
    uint32_t mask;
};

struct entries {
    struct entry *items;
    size_t n, cap;
};

static wr_status push(wr_arena *arena, struct entries *e, uint64_t hash, uint32_t mask) {
    struct entry *entry = WR_PUSH(arena, e->items, e->n, e->cap);
    if (!entry) return WR_MEMORY;
    *entry = (struct entry){hash, mask};
    return WR_OK;
}

/* Enters a name word by word; with `split`, hyphens and apostrophes are words of their own. */
static wr_status add_name(wr_arena *arena, struct entries *e, wr_str name, uint32_t mask,
                          bool split) {
    uint64_t hash = 0, path[8];
    size_t n = 0;
    for (size_t at = 0; at < name.len;) {
        size_t end = at;
        bool mark = false;
        while (end < name.len && name.ptr[end] != ' ') {
            mark = split && (name.ptr[end] == '-' || name.ptr[end] == '\'');
            if (mark) break;
            end++;
        }
        if (mark && end == at) end++;
        if (end > at) {
            if (n == 6) return WR_OK;
            hash = hash_pair(hash, hash_bytes(name.ptr + at, end - at));
            path[n++] = hash;
        }
        at = end < name.len && name.ptr[end] == ' ' ? end + 1 : end;
    }
    for (size_t i = 0; i + 1 < n; i++)
        WR_TRY(push(arena, e, path[i], MASK_PREFIX));
    return n ? push(arena, e, path[n - 1], mask) : WR_OK;
}

static wr_status add_file(wr_arena *arena, const char *dir, const char *file, struct entries *e) {
    wr_str path, text, line;
    WR_TRY(wr_arena_printf(arena, &path, "%s/%s", dir, file));
    WR_TRY(file_read(arena, path.ptr, &text));
    while (file_line(&text, &line)) {
        wr_str type = file_field(&line), name = file_field(&line);
        enum kind kind = KIND_NONE;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            if (strcmp(rows[i].file, file) == 0 && wr_str_eq(type, wr_str_c(rows[i].type)))
                kind = rows[i].kind;
        if (kind == KIND_NONE || name.len < 2) continue;
        if (kind == KIND_TOWN) { /* canonical, qid, source, iso2, admin1, population */
            for (int skip = 0; skip < 5; skip++)
                (void)file_field(&line);
            if (number(file_field(&line)) >= CITY_PEOPLE) kind = KIND_CITY;
        }
        WR_TRY(add_name(arena, e, name, 1u << kind, false));
        if (wr_str_find_char(name, 0, '-') < name.len || wr_str_find_char(name, 0, '\'') < name.len)
            WR_TRY(add_name(arena, e, name, 1u << kind, true));
    }
    return WR_OK;
}

static int by_hash(const void *a, const void *b) {
    uint64_t x = ((const struct entry *)a)->hash, y = ((const struct entry *)b)->hash;
    return (x > y) - (x < y);
}

/* The number of the combination `mask`, entered when new. */
static int mask_number(struct parts *parts, uint32_t mask) {
    for (size_t i = 0; i < parts->n_masks; i++)
        if (parts->masks[i] == mask) return (int)i;
    if (parts->n_masks == MODEL_MASKS) return -1;
    parts->masks[parts->n_masks] = mask;
    return (int)parts->n_masks++;
}

wr_status lists_names(wr_arena *arena, const char *dir, struct parts *parts) {
    static const char *const files[] = {"countries.tsv", "admin1.tsv",    "cities.tsv",
                                        "names.tsv",     "companies.tsv", "people.tsv"};
    struct entries e = {NULL, 0, 0};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        WR_TRY(add_file(arena, dir, files[i], &e));
    if (!e.n) return WR_EMPTY;
    qsort(e.items, e.n, sizeof *e.items, by_hash);
    size_t n = 0;
    for (size_t i = 1; i < e.n; i++) {
        if (e.items[i].hash == e.items[n].hash) e.items[n].mask |= e.items[i].mask;
        else e.items[++n] = e.items[i];
    }
    n++;
    WR_TRY(parts_room(arena, parts, 2, n));
    for (size_t i = 0; i < n; i++) {
        bool fresh;
        int mask = mask_number(parts, e.items[i].mask);
        uint32_t slot = table_add(parts->tags[2], parts->buckets[2], e.items[i].hash, &fresh);
        if (slot == TABLE_ABSENT || mask < 0) return WR_LIMIT;
        if (!fresh) continue;
        parts->name_masks[slot] = (uint8_t)mask;
        parts->n_names++;
    }
    return WR_OK;
}
