/* watches.c -- the map from watch descriptors to directories */
#include "watches.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define EVENTS                                                                                     \
    (IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF |    \
     IN_ONLYDIR | IN_EXCL_UNLINK)

void ingest_watches_open(ingest_watches *watches) {
    *watches = (ingest_watches){.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
}

void ingest_watches_close(ingest_watches *watches) {
    for (size_t i = 0; i < watches->n; i++)
        free(watches->items[i].path);
    free(watches->items);
    if (watches->fd >= 0) close(watches->fd);
    *watches = (ingest_watches){.fd = -1};
}

/* Where `wd` stands, or would. */
static size_t find(const ingest_watches *watches, int wd) {
    size_t low = 0, high = watches->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (watches->items[mid].wd < wd) low = mid + 1;
        else high = mid;
    }
    return low;
}

static bool stands_at(const ingest_watches *watches, size_t i, int wd) {
    return i < watches->n && watches->items[i].wd == wd;
}

static bool make_room(ingest_watches *watches) {
    if (watches->n < watches->cap) return true;
    size_t cap = watches->cap ? watches->cap * 2 : 64;
    struct ingest_watch *grown = reallocarray(watches->items, cap, sizeof *grown);
    if (!grown) return false;
    watches->items = grown;
    watches->cap = cap;
    return true;
}

void ingest_watches_add(ingest_watches *watches, int dir, const char *path) {
    if (watches->fd < 0) return;
    char self[64]; /* the open directory itself: no race with renames, no limit on the path */
    snprintf(self, sizeof self, "/proc/self/fd/%d", dir);
    int wd = inotify_add_watch(watches->fd, self, EVENTS);
    if (wd < 0) {
        watches->full |= errno == ENOSPC || errno == ENOMEM;
        return;
    }
    char *copy = strdup(path);
    size_t i = find(watches, wd);
    if (copy && stands_at(watches, i, wd)) {
        free(watches->items[i].path);
        watches->items[i].path = copy;
    } else if (copy && make_room(watches)) {
        struct ingest_watch *at = &watches->items[i];
        memmove(at + 1, at, (watches->n - i) * sizeof *at);
        *at = (struct ingest_watch){wd, copy};
        watches->n++;
    } else {
        free(copy);
        inotify_rm_watch(watches->fd, wd);
    }
}

const char *ingest_watches_path(const ingest_watches *watches, int wd) {
    size_t i = find(watches, wd);
    return stands_at(watches, i, wd) ? watches->items[i].path : NULL;
}

static void erase(ingest_watches *watches, size_t i) {
    free(watches->items[i].path);
    watches->n--;
    memmove(&watches->items[i], &watches->items[i + 1], (watches->n - i) * sizeof *watches->items);
}

void ingest_watches_gone(ingest_watches *watches, int wd) {
    size_t i = find(watches, wd);
    if (stands_at(watches, i, wd)) erase(watches, i);
}

void ingest_watches_drop(ingest_watches *watches, const char *path) {
    size_t len = strlen(path);
    for (size_t i = 0; i < watches->n;) {
        const char *other = watches->items[i].path;
        if (strncmp(other, path, len) == 0 && (other[len] == 0 || other[len] == '/')) {
            inotify_rm_watch(watches->fd, watches->items[i].wd);
            erase(watches, i);
        } else i++;
    }
}
