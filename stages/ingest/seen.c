/* seen.c -- the set of finished files that stayed in place */
#include "seen.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define MET 1u

ingest_key ingest_key_of(wr_str path, uint64_t inode, uint64_t size, int64_t mtime_ns) {
    const uint64_t parts[3] = {inode, size, (uint64_t)mtime_ns};
    XXH64_hash_t seed = XXH3_64bits(parts, sizeof parts);
    XXH128_hash_t hash = XXH3_128bits_withSeed(path.ptr, path.len, seed);
    return (ingest_key){(hash.low64 & ~(uint64_t)MET) | 2, hash.high64};
}

static size_t find(const ingest_seen *seen, ingest_key key) {
    size_t i = (size_t)key.high & (seen->cap - 1);
    while (seen->slots[i].low &&
           ((seen->slots[i].low & ~(uint64_t)MET) != key.low || seen->slots[i].high != key.high))
        i = (i + 1) & (seen->cap - 1);
    return i;
}

static bool make_room(ingest_seen *seen) {
    if (seen->n * 3 < seen->cap * 2) return true;
    ingest_seen grown = *seen;
    grown.cap = seen->cap ? seen->cap * 2 : 1024;
    grown.slots = calloc(grown.cap, sizeof *grown.slots);
    if (!grown.slots) return false;
    for (size_t i = 0; i < seen->cap; i++) {
        ingest_key key = seen->slots[i];
        if (!key.low) continue;
        key.low &= ~(uint64_t)MET;
        grown.slots[find(&grown, key)] = seen->slots[i];
    }
    free(seen->slots);
    *seen = grown;
    return true;
}

static wr_status insert(ingest_seen *seen, ingest_key key, unsigned met) {
    if (!make_room(seen)) return WR_MEMORY;
    size_t i = find(seen, key);
    if (seen->slots[i].low) return WR_OK;
    seen->slots[i] = (ingest_key){key.low | met, key.high};
    seen->n++;
    seen->n_met += met;
    return WR_OK;
}

static wr_status load(ingest_seen *seen) {
    ingest_key keys[512];
    ssize_t got;
    off_t at = 0;
    while ((got = pread(seen->fd, keys, sizeof keys, at)) > 0) {
        size_t n = (size_t)got / sizeof *keys;
        for (size_t i = 0; i < n; i++)
            if (keys[i].low)
                WR_TRY(insert(seen, (ingest_key){keys[i].low & ~(uint64_t)MET, keys[i].high}, 0));
        at += (off_t)(n * sizeof *keys);
        if (n == 0) break;
    }
    return got < 0 || ftruncate(seen->fd, at) < 0 ? WR_IO : WR_OK;
}

wr_status ingest_seen_open(ingest_seen *seen, const char *path) {
    *seen = (ingest_seen){.fd = -1};
    if (!make_room(seen)) return WR_MEMORY;
    if (!path) return WR_OK;
    seen->path = strdup(path);
    seen->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (!seen->path || seen->fd < 0) return WR_IO;
    if (flock(seen->fd, LOCK_EX | LOCK_NB) < 0) return WR_LOCKED;
    return load(seen);
}

void ingest_seen_close(ingest_seen *seen) {
    free(seen->slots);
    free(seen->path);
    if (seen->fd >= 0) close(seen->fd);
    *seen = (ingest_seen){.fd = -1};
}

bool ingest_seen_has(ingest_seen *seen, ingest_key key) {
    ingest_key *slot = &seen->slots[find(seen, key)];
    if (!slot->low) return false;
    seen->n_met += !(slot->low & MET);
    slot->low |= MET;
    return true;
}

wr_status ingest_seen_add(ingest_seen *seen, ingest_key key) {
    WR_TRY(insert(seen, key, MET));
    if (seen->fd < 0) return WR_OK;
    return write(seen->fd, &key, sizeof key) == (ssize_t)sizeof key ? WR_OK : WR_IO;
}

wr_status ingest_seen_compact(ingest_seen *seen) {
    if (seen->fd < 0 || seen->n_met * 2 >= seen->n) return WR_OK;
    size_t len = strlen(seen->path) + 5;
    char *path = malloc(len);
    if (!path) return WR_MEMORY;
    snprintf(path, len, "%s.new", seen->path);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
    for (size_t i = 0; ok && i < seen->cap; i++) {
        ingest_key key = seen->slots[i];
        if (!(key.low & MET)) continue;
        key.low &= ~(uint64_t)MET;
        ok = write(fd, &key, sizeof key) == (ssize_t)sizeof key;
    }
    ok = ok && rename(path, seen->path) == 0;
    free(path);
    if (!ok) {
        if (fd >= 0) close(fd);
        return WR_IO;
    }
    close(seen->fd);
    seen->fd = fd;
    return WR_OK;
}
