/* tree.c -- events and scans of one watched directory */
#include "tree.h"

#include "name.h"
#include "watches.h"

#include <wireroom/transport.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#define DEPTH_MAX   64u
#define GONE_MS     200u  /* how often a directory that is not there is looked for */
#define THERE_MS    1000u /* how often it is looked whether it is still there */
#define SCAN_SHARE  20u   /* a scan of t ms is not repeated within 20 t */
#define EVENT_BYTES ((size_t)64 << 10)

struct ingest_tree {
    ingest_tree_config config;
    int root;
    unsigned incarnation;
    ingest_watches watches;
    ingest_tree_counts counts;

    char **stack; /* directories still to be scanned */
    size_t n_stack, cap_stack;
    DIR *dir; /* the one being scanned */
    char dir_path[PATH_MAX], path[PATH_MAX];
    bool scanning, scanned;
    uint64_t scan_ns, next_scan, look_at;

    size_t event_at, event_len;
    char events[EVENT_BYTES] __attribute__((aligned(__alignof__(struct inotify_event))));
};

ingest_tree *ingest_tree_open(const ingest_tree_config *config) {
    ingest_tree *tree = calloc(1, sizeof *tree);
    if (!tree) return NULL;
    tree->config = *config;
    tree->root = -1;
    tree->watches.fd = -1;
    if (config->watch) ingest_watches_open(&tree->watches);
    return tree;
}

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void forget_scan(ingest_tree *tree) {
    if (tree->dir) closedir(tree->dir);
    tree->dir = NULL;
    while (tree->n_stack)
        free(tree->stack[--tree->n_stack]);
    tree->scanning = false;
}

/* Lets go of the directory: it is not there any more. */
static void leave(ingest_tree *tree) {
    forget_scan(tree);
    ingest_watches_close(&tree->watches); /* what is queued there means nothing now */
    if (tree->config.watch) ingest_watches_open(&tree->watches);
    tree->event_at = tree->event_len = 0;
    if (tree->root >= 0) close(tree->root);
    tree->root = -1;
}

void ingest_tree_close(ingest_tree **tree) {
    if (!*tree) return;
    forget_scan(*tree);
    free((*tree)->stack);
    ingest_watches_close(&(*tree)->watches);
    if ((*tree)->root >= 0) close((*tree)->root);
    free(*tree);
    *tree = NULL;
}

static void push(ingest_tree *tree, const char *path) {
    if (tree->n_stack == tree->cap_stack) {
        size_t cap = tree->cap_stack ? tree->cap_stack * 2 : 64;
        char **grown = reallocarray(tree->stack, cap, sizeof *grown);
        if (!grown) return;
        tree->stack = grown;
        tree->cap_stack = cap;
    }
    char *copy = strdup(path);
    if (copy) tree->stack[tree->n_stack++] = copy;
}

static void begin_scan(ingest_tree *tree) {
    forget_scan(tree);
    push(tree, "");
    tree->scanning = true;
    tree->scan_ns = 0;
    tree->next_scan = UINT64_MAX;
    tree->counts.scans++;
}

static void end_scan(ingest_tree *tree, uint64_t now) {
    tree->scanning = false;
    tree->scanned = true;
    if (!tree->config.watch) return;
    uint64_t wait = tree->config.rescan_ms, least = tree->scan_ns / 1000000 * SCAN_SHARE;
    if (wait < least) wait = least;
    if (tree->next_scan > now + wait) tree->next_scan = now + wait;
    if (tree->next_scan < now + least) tree->next_scan = now + least;
}

bool ingest_tree_look(ingest_tree *tree) {
    uint64_t now = wr_now_ms();
    if (tree->root >= 0 && now < tree->look_at) return true;
    if (now < tree->look_at) return false;
    tree->look_at = now + (tree->root >= 0 ? THERE_MS : GONE_MS);
    struct stat named, held;
    bool there = stat(tree->config.dir, &named) == 0;
    if (tree->root >= 0) {
        if (there && fstat(tree->root, &held) == 0 && held.st_nlink &&
            held.st_ino == named.st_ino && held.st_dev == named.st_dev)
            return true;
        tree->counts.vanished++;
        leave(tree);
    }
    if (!there) return false;
    tree->root = open(tree->config.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (tree->root < 0) return false;
    tree->incarnation++;
    begin_scan(tree);
    return true;
}

/* tree->path = dir/name; false when it does not fit. */
static bool join(ingest_tree *tree, const char *dir, const char *name) {
    size_t a = strlen(dir), b = strlen(name);
    if (a + b + 2 > sizeof tree->path) {
        tree->counts.long_paths++;
        return false;
    }
    memmove(tree->path, dir, a);
    if (a) tree->path[a++] = '/';
    memcpy(tree->path + a, name, b + 1);
    return true;
}

static unsigned depth_of(const char *path) {
    unsigned depth = 0;
    for (; *path; path++)
        depth += *path == '/';
    return depth;
}

/* Milliseconds since anything last changed the file. Its change time cannot be set by hand. */
static uint64_t age_ms(const struct stat *st) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t age =
        (now.tv_sec - st->st_ctim.tv_sec) * 1000 + (now.tv_nsec - st->st_ctim.tv_nsec) / 1000000;
    return age > 0 ? (uint64_t)age : 0;
}

/* Whether somebody has the file open for writing, however long ago the last write was: a read lease
 * is refused then. Only the file's owner may ask; for others age has to do. */
static bool being_written(const ingest_tree *tree) {
    int fd = openat(tree->root, tree->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return false;
    bool refused = fcntl(fd, F_SETLEASE, F_RDLCK) < 0 && errno == EAGAIN;
    close(fd); /* gives a lease back */
    return refused;
}

/* Whether the file at tree->path can be named; if not yet, it is looked at again later. */
static bool settled(ingest_tree *tree, const struct stat *st) {
    if (!S_ISREG(st->st_mode) || !tree->config.watch) return true;
    uint64_t age = age_ms(st), settle = tree->config.settle_ms;
    if (age >= settle && !being_written(tree)) return true;
    ingest_tree_again(tree, age < settle ? settle - age + 1 : settle);
    return false;
}

/* Opens the next directory of the stack; watches it before it is read, so that nothing falls
 * between the two. False when the stack is empty. */
static bool next_dir(ingest_tree *tree) {
    while (!tree->dir && tree->n_stack) {
        char *path = tree->stack[--tree->n_stack];
        int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (*path ? O_NOFOLLOW : 0);
        int fd = openat(tree->root, *path ? path : ".", flags);
        if (fd >= 0) {
            if (tree->config.watch) ingest_watches_add(&tree->watches, fd, path);
            tree->dir = fdopendir(fd);
            if (!tree->dir) close(fd);
            else memcpy(tree->dir_path, path, strlen(path) + 1);
        } else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP) {
            tree->counts.unreadable_dirs++;
        }
        free(path);
    }
    return tree->dir != NULL;
}

/* One entry of the directory being scanned: true when it may be taken. */
static bool scan_entry(ingest_tree *tree, const char *name, ingest_candidate *out) {
    if (!ingest_name_wanted(wr_str_c(name)) || !join(tree, tree->dir_path, name)) return false;
    if (fstatat(dirfd(tree->dir), name, &out->st, AT_SYMLINK_NOFOLLOW) < 0) return false;
    if (S_ISDIR(out->st.st_mode)) {
        if (depth_of(tree->path) < DEPTH_MAX) push(tree, tree->path);
        else tree->counts.long_paths++;
        return false;
    }
    return settled(tree, &out->st);
}

static bool scan_next(ingest_tree *tree, ingest_candidate *out) {
    while (next_dir(tree)) {
        const struct dirent *entry;
        while ((entry = readdir(tree->dir)))
            if (scan_entry(tree, entry->d_name, out)) return true;
        closedir(tree->dir);
        tree->dir = NULL;
    }
    return false;
}

/* One event: true when it names a file that may be taken. */
static bool take_event(ingest_tree *tree, const struct inotify_event *event, uint64_t now,
                       ingest_candidate *out) {
    if (event->mask & IN_Q_OVERFLOW) {
        tree->counts.overflows++;
        ingest_tree_again(tree, 0);
        return false;
    }
    if (event->mask & IN_IGNORED) ingest_watches_gone(&tree->watches, event->wd);
    const char *dir = ingest_watches_path(&tree->watches, event->wd);
    if (!dir) return false;
    if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF) && !*dir) tree->look_at = now;
    if (!event->len || !ingest_name_wanted(wr_str_c(event->name))) return false;
    if (!join(tree, dir, event->name)) return false;
    if (event->mask & IN_MOVED_FROM) {
        if (event->mask & IN_ISDIR) ingest_watches_drop(&tree->watches, tree->path);
        return false;
    }
    if (fstatat(tree->root, tree->path, &out->st, AT_SYMLINK_NOFOLLOW) < 0) return false;
    if (S_ISDIR(out->st.st_mode)) {
        if (depth_of(tree->path) < DEPTH_MAX) {
            push(tree, tree->path);
            if (!tree->scanning) tree->scanning = true, tree->scan_ns = 0;
        }
        return false;
    }
    if (!S_ISREG(out->st.st_mode)) return true;
    if (event->mask & IN_CREATE) /* being written, or a hard link, which gives no other event */
        return out->st.st_nlink > 1 && settled(tree, &out->st);
    return out->st.st_size > 0 || settled(tree, &out->st); /* made first, written later? */
}

static bool event_next(ingest_tree *tree, uint64_t now, ingest_candidate *out) {
    for (;;) {
        if (tree->event_at >= tree->event_len) {
            ssize_t got = tree->watches.fd < 0
                              ? 0
                              : read(tree->watches.fd, tree->events, sizeof tree->events);
            tree->event_at = 0;
            tree->event_len = got > 0 ? (size_t)got : 0;
            if (got <= 0) return false;
        }
        const struct inotify_event *event =
            (const struct inotify_event *)(const void *)(tree->events + tree->event_at);
        tree->event_at += sizeof *event + event->len;
        if (take_event(tree, event, now, out)) return true;
    }
}

bool ingest_tree_next(ingest_tree *tree, ingest_candidate *out) {
    uint64_t now = wr_now_ms();
    out->path = tree->path;
    if (tree->root < 0) return false;
    if (event_next(tree, now, out)) return true;
    if (!tree->scanning && now >= tree->next_scan) begin_scan(tree);
    if (!tree->scanning) return false;
    uint64_t began = now_ns();
    bool found = scan_next(tree, out);
    tree->scan_ns += now_ns() - began;
    if (!found) end_scan(tree, wr_now_ms());
    return found;
}

bool ingest_tree_scanned(const ingest_tree *tree) {
    return tree->scanned && !tree->scanning;
}

int ingest_tree_dir(const ingest_tree *tree) {
    return tree->root;
}

unsigned ingest_tree_incarnation(const ingest_tree *tree) {
    return tree->incarnation;
}

int ingest_tree_fd(const ingest_tree *tree) {
    return tree->watches.fd;
}

uint64_t ingest_tree_due(const ingest_tree *tree) {
    if (tree->root < 0) return tree->look_at;
    if (tree->scanning || tree->event_at < tree->event_len) return 0;
    return tree->next_scan < tree->look_at ? tree->next_scan : tree->look_at;
}

void ingest_tree_again(ingest_tree *tree, uint64_t ms) {
    uint64_t at = wr_now_ms() + ms;
    if (tree->next_scan > at) tree->next_scan = at;
}

const ingest_tree_counts *ingest_tree_counted(const ingest_tree *tree) {
    return &tree->counts;
}
