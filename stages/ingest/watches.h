/* watches.h -- inotify watches and the directories they stand for */
#ifndef INGEST_WATCHES_H
#define INGEST_WATCHES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ingest_watches {
    int fd; /* inotify, -1 = none */
    struct ingest_watch {
        int wd;
        char *path; /* relative to the watched directory, "" = itself */
    } * items;      /* sorted by wd */
    size_t n, cap;
    bool full; /* the system allows no more: scans have to find what is in the others */
} ingest_watches;

void ingest_watches_open(ingest_watches *watches);
void ingest_watches_close(ingest_watches *watches);

/* Watches the open directory `dir` as `path`. A directory watched before gets the new path. */
void ingest_watches_add(ingest_watches *watches, int dir, const char *path);

/* The path of a watch, NULL when it is not known. */
const char *ingest_watches_path(const ingest_watches *watches, int wd);

/* The system dropped the watch; a directory was moved away: it and those below are dropped. */
void ingest_watches_gone(ingest_watches *watches, int wd);
void ingest_watches_drop(ingest_watches *watches, const char *path);

#endif
