/* seen.h -- which files that stay in place were worked on: a set of 128-bit keys, kept in a file
 *
 * Files that are moved or deleted when finished need no memory of their own; files that stay do.
 * The file only saves work: a key that is missing means the file is read again, and the store knows
 * its pages already. So keys are appended without sync, a torn end is cut off, and a damaged or
 * lost file is harmless. Memory: 32-64 bytes a key. */
#ifndef INGEST_SEEN_H
#define INGEST_SEEN_H

#include <wireroom/status.h>
#include <wireroom/str.h>

typedef struct ingest_key {
    uint64_t low, high;
} ingest_key;

typedef struct ingest_seen {
    ingest_key *slots; /* open addressing; 0,0 = free; bit 0 of low: met since opening */
    size_t n, cap, n_met;
    int fd;
    char *path;
} ingest_seen;

/* The key of a file: changes whenever the file may have other content. */
ingest_key ingest_key_of(wr_str path, uint64_t inode, uint64_t size, int64_t mtime_ns);

/* Opens the set; reads and locks `path` (NULL: a set in memory only). WR_LOCKED when another
 * process has it; WR_IO. */
WR_MUSTUSE wr_status ingest_seen_open(ingest_seen *seen, const char *path);
void ingest_seen_close(ingest_seen *seen);

/* True when the key is in the set; then it counts as met. */
bool ingest_seen_has(ingest_seen *seen, ingest_key key);

/* Adds the key of a finished file. WR_MEMORY; WR_IO: it is in the set, but not in the file. */
WR_MUSTUSE wr_status ingest_seen_add(ingest_seen *seen, ingest_key key);

/* Call when all files there are have been asked for: writes the file anew without the keys nobody
 * met, when those are more than half. */
WR_MUSTUSE wr_status ingest_seen_compact(ingest_seen *seen);

#endif
