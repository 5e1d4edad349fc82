/* map.c -- what was looked up before: a bounded hash table that forgets all when it is full */
#include <common/store/private.h>

#include <stdlib.h>
#include <xxhash.h>

wr_status store_map_init(store_map *map, size_t cap, uint64_t seed) {
    *map = (store_map){.keys = calloc(cap, sizeof *map->keys),
                       .values = calloc(cap, sizeof *map->values),
                       .cap = cap,
                       .seed = seed};
    return map->keys && map->values ? WR_OK : WR_MEMORY;
}

void store_map_free(store_map *map) {
    free(map->keys);
    free(map->values);
    *map = (store_map){0};
}

void store_map_clear(store_map *map) {
    if (map->n) memset(map->keys, 0, map->cap * sizeof *map->keys);
    map->n = 0;
}

uint64_t store_map_key(const store_map *map, wr_str a, uint64_t b) {
    uint64_t key =
        XXH3_64bits_withSeed(a.ptr ? a.ptr : "", a.len, map->seed ^ b * 0x9e3779b97f4a7c15u);
    return key ? key : 1; /* 0 marks a free slot */
}

static size_t slot_of(const store_map *map, uint64_t key) {
    size_t i = (size_t)key & (map->cap - 1); /* cap is a power of two */
    while (map->keys[i] && map->keys[i] != key)
        i = (i + 1) & (map->cap - 1);
    return i;
}

bool store_map_get(const store_map *map, uint64_t key, int64_t *value) {
    size_t i = slot_of(map, key);
    if (!map->keys[i]) return false;
    *value = map->values[i];
    return true;
}

void store_map_put(store_map *map, uint64_t key, int64_t value) {
    if (map->n >= map->cap / 4 * 3) store_map_clear(map);
    size_t i = slot_of(map, key);
    map->n += !map->keys[i];
    map->keys[i] = key;
    map->values[i] = value;
}
