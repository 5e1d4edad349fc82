/* knowledge.c -- the table of known names, hashed by type and name */
#include "knowledge.h"

struct knowledge {
    known *rows;
    size_t n, cap;
    uint32_t *slots; /* 1 + row */
    size_t n_slots;  /* a power of two, at least twice the rows */
};

/* FNV-1a, 64 bits. */
static uint64_t hash(wr_str type, wr_str name) {
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < type.len; i++)
        h = (h ^ (unsigned char)type.ptr[i]) * 0x100000001b3u;
    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.ptr[i]) * 0x100000001b3u;
    return h ^ h >> 29;
}

static size_t find_slot(const struct knowledge *k, wr_str type, wr_str name) {
    size_t at = hash(type, name) & (k->n_slots - 1);
    for (; k->slots[at]; at = (at + 1) & (k->n_slots - 1)) {
        const known *row = &k->rows[k->slots[at] - 1];
        if (wr_str_eq(row->name, name) && wr_str_eq(row->type, type)) break;
    }
    return at;
}

static wr_str next_cell(wr_str line, size_t *at) {
    size_t end = wr_str_find_char(line, *at, '\t');
    wr_str cell = wr_str_slice(line, *at, end);
    *at = end < line.len ? end + 1 : line.len;
    return cell;
}

static bool is_type(wr_str type) {
    size_t colon = wr_str_find_char(type, 0, ':');
    bool lang = type.len - colon >= 3 && type.len - colon <= 4; /* :de, :fil */
    if (lang || colon == type.len) type.len = colon;
    return wr_str_eq(type, WR_STR("PER")) || wr_str_eq(type, WR_STR("ORG")) ||
           wr_str_eq(type, WR_STR("LOC")) || wr_str_eq(type, WR_STR("MISC"));
}

static wr_status read_row(struct knowledge *k, wr_arena *arena, wr_str line) {
    size_t at = 0;
    known row = {.type = next_cell(line, &at)};
    row.name = next_cell(line, &at);
    row.canonical = next_cell(line, &at);
    row.id = next_cell(line, &at);
    row.country = next_cell(line, &at);
    wr_str source = next_cell(line, &at);
    row.own = source.len == 0;
    row.sure = row.own || wr_str_eq(source, WR_STR("wireroom"));
    if (wr_str_eq(row.type, WR_STR("type"))) return WR_OK;
    if (!is_type(row.type) || !row.name.len || !row.canonical.len) return WR_MALFORMED;
    known *slot = WR_PUSH(arena, k->rows, k->n, k->cap);
    if (!slot) return WR_MEMORY;
    *slot = row;
    return WR_OK;
}

static wr_status read_file(struct knowledge *k, wr_arena *arena, wr_str file, size_t *line) {
    for (size_t at = 0; at < file.len;) {
        size_t end = wr_str_find_char(file, at, '\n');
        wr_str row = wr_str_slice(file, at, end);
        ++*line;
        if (row.len && row.ptr[row.len - 1] == '\r') row.len--;
        if (row.len && *row.ptr != '#') WR_TRY(read_row(k, arena, row));
        at = end + 1;
    }
    return WR_OK;
}

wr_status knowledge_new(wr_arena *arena, const wr_str *files, size_t n_files,
                        struct knowledge **out, size_t *file, size_t *line) {
    size_t ignored[2];
    struct knowledge *k = wr_arena_take(arena, sizeof *k);
    if (!k) return WR_MEMORY;
    if (!line) line = &ignored[0];
    if (!file) file = &ignored[1];
    for (size_t i = 0; i < n_files; i++) {
        *file = i;
        *line = 0;
        WR_TRY(read_file(k, arena, files[i], line));
    }
    k->n_slots = 16;
    while (k->n_slots < k->n * 2)
        k->n_slots *= 2;
    k->slots = wr_arena_array(arena, k->n_slots, sizeof *k->slots);
    if (!k->slots || k->n >= UINT32_MAX) return WR_MEMORY;
    for (size_t i = 0; i < k->n; i++)
        k->slots[find_slot(k, k->rows[i].type, k->rows[i].name)] = (uint32_t)(i + 1);
    *out = k;
    return WR_OK;
}

const known *knowledge_find(const struct knowledge *k, wr_str type, wr_str name) {
    if (!k) return NULL;
    size_t at = find_slot(k, type, name);
    return k->slots[at] ? &k->rows[k->slots[at] - 1] : NULL;
}

const known *knowledge_find_in(const struct knowledge *k, wr_str lang, wr_str type, wr_str name) {
    char key[16];
    size_t len = 0;
    while (len < lang.len && wr_is_alpha(lang.ptr[len]))
        len++;
    if (len < 2 || len > 3 || type.len > 8) return NULL;
    memcpy(key, type.ptr, type.len);
    key[type.len] = ':';
    for (size_t i = 0; i < len; i++)
        key[type.len + 1 + i] = wr_lower(lang.ptr[i]);
    return knowledge_find(k, wr_str_of(key, type.len + 1 + len), name);
}

size_t knowledge_rows(const struct knowledge *k) {
    return k->n;
}

size_t knowledge_row(const struct knowledge *k, const known *row) {
    return (size_t)(row - k->rows);
}
