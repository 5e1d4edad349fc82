/* claim.c -- renames between the watched directory and .wireroom/{work,done,failed} */
#include "claim.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static wr_status status_of(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR: return WR_NOTFOUND;
    case EACCES:
    case EPERM:
    case EROFS: return WR_DENIED;
    case ENOSPC:
    case EDQUOT: return WR_DISKFULL;
    case EEXIST: return WR_AGAIN;
    case ELOOP:
    case EISDIR: return WR_UNSUPPORTED;
    default: return WR_IO;
    }
}

static wr_status open_below(int dir, const char *name, int *out) {
    if (mkdirat(dir, name, 0755) < 0 && errno != EEXIST) return status_of(errno);
    *out = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return *out < 0 ? status_of(errno) : WR_OK;
}

static wr_status open_state(ingest_claims *claims, int base) {
    WR_TRY(open_below(base, "work", &claims->work));
    WR_TRY(open_below(base, "done", &claims->done));
    WR_TRY(open_below(base, "failed", &claims->failed));
    WR_TRY(open_below(base, "places", &claims->places));
    claims->lock = openat(base, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (claims->lock < 0) return status_of(errno);
    if (flock(claims->lock, LOCK_EX | LOCK_NB) < 0) return WR_LOCKED;
    if (ftruncate(claims->lock, 0) == 0) dprintf(claims->lock, "%d\n", (int)getpid());
    return WR_OK;
}

wr_status ingest_claims_open(ingest_claims *claims, int root, ingest_finish finish) {
    *claims = (ingest_claims){root, -1, -1, -1, -1, -1, finish};
    if (finish == INGEST_KEEP) return WR_OK;
    int base;
    WR_TRY(open_below(root, ".wireroom", &base));
    wr_status status = open_state(claims, base);
    close(base);
    if (status != WR_OK) ingest_claims_close(claims);
    return status;
}

void ingest_claims_close(ingest_claims *claims) {
    int *fds[] = {&claims->work, &claims->done, &claims->failed, &claims->places, &claims->lock};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        if (*fds[i] >= 0) close(*fds[i]);
        *fds[i] = -1;
    }
}

/* Makes the directories above the last part of `path`. */
static wr_status make_parents(int dir, const char *path) {
    char part[PATH_MAX];
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        int len = (int)(slash - path);
        snprintf(part, sizeof part, "%.*s", len, path);
        if (mkdirat(dir, part, 0755) < 0 && errno != EEXIST)
            return errno == ENOTDIR ? WR_AGAIN : status_of(errno);
    }
    return WR_OK;
}

/* Removes the directories above the last part as far as they are empty. */
static void drop_parents(int dir, const char *path) {
    char part[PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = strrchr(part, '/'); slash; slash = strrchr(part, '/')) {
        *slash = 0;
        if (unlinkat(dir, part, AT_REMOVEDIR) < 0) return;
    }
}

static wr_status move(int from, const char *path, int to, const char *as) {
    if (renameat2(from, path, to, as, RENAME_NOREPLACE) == 0) return WR_OK;
    if (errno == ENOTDIR && strchr(as, '/')) return WR_AGAIN; /* a file has a directory's name */
    if (errno != ENOENT || !strchr(as, '/')) return status_of(errno);
    WR_TRY(make_parents(to, as)); /* the rare case pays, not each file of a subdirectory */
    if (renameat2(from, path, to, as, RENAME_NOREPLACE) == 0) return WR_OK;
    return errno == ENOTDIR ? WR_AGAIN : status_of(errno);
}

wr_status ingest_take(const ingest_claims *claims, const char *path) {
    if (claims->finish == INGEST_KEEP) return WR_OK;
    wr_status status = move(claims->root, path, claims->work, path);
    if (status != WR_OK) drop_parents(claims->work, path);
    return status;
}

static const char *kind_of(mode_t mode) {
    return S_ISLNK(mode)    ? "a symbolic link (links are not followed)"
           : S_ISFIFO(mode) ? "a named pipe"
           : S_ISSOCK(mode) ? "a socket"
           : S_ISDIR(mode)  ? "a directory"
                            : "a device";
}

wr_status ingest_open(const ingest_claims *claims, const char *path, int *fd, const char **why) {
    int dir = claims->finish == INGEST_KEEP ? claims->root : claims->work;
    struct stat st;
    *why = NULL;
    if (fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW) < 0) return status_of(errno);
    if (!S_ISREG(st.st_mode)) {
        *why = kind_of(st.st_mode);
        return WR_UNSUPPORTED;
    }
    if (!st.st_size) return WR_EMPTY;
    *fd = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    return *fd < 0 ? status_of(errno) : WR_OK;
}

/* `path` with `suffix`, the last part cut so that it fits a directory entry. */
static void with_suffix(char *out, size_t size, const char *path, const char *suffix) {
    const char *slash = strrchr(path, '/');
    size_t head = slash ? (size_t)(slash + 1 - path) : 0, name = strlen(path) - head;
    size_t room = NAME_MAX - strlen(suffix);
    if (name > room) name = room;
    snprintf(out, size, "%.*s%s", (int)(head + name), path, suffix);
}

static wr_status move_free_name(int from, const char *path, int to, char *as, size_t size) {
    snprintf(as, size, "%s", path);
    wr_status status = move(from, path, to, as);
    for (unsigned i = 0; status == WR_AGAIN && i < 100; i++) {
        struct timespec now;
        char suffix[64];
        clock_gettime(CLOCK_REALTIME, &now);
        snprintf(suffix, sizeof suffix, ".%lld.%09ld", (long long)now.tv_sec, now.tv_nsec);
        with_suffix(as, size, path, suffix);
        for (char *c = as; i && *c; c++) /* a part of the path itself is taken by a file */
            if (*c == '/') *c = '~';
        status = move(from, path, to, as);
    }
    return status;
}

static void write_reasons(int dir, const char *as, wr_str reasons) {
    char path[PATH_MAX + NAME_MAX];
    with_suffix(path, sizeof path, as, ".reason");
    int fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) return;
    if (write(fd, reasons.ptr, reasons.len) != (ssize_t)reasons.len) unlinkat(dir, path, 0);
    close(fd);
}

void ingest_reference_add(const ingest_claims *claims, const char *path, wr_str line, bool first) {
    char list[PATH_MAX + NAME_MAX];
    if (claims->finish == INGEST_KEEP || make_parents(claims->places, path) != WR_OK) return;
    with_suffix(list, sizeof list, path, ".references");
    int how = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (first ? O_TRUNC : 0);
    int fd = openat(claims->places, list, how, 0644);
    if (fd < 0) return;
    ssize_t written = write(fd, line.ptr, line.len);
    (void)written; /* a list that is cut is no reason to stop */
    close(fd);
}

static void move_references(const ingest_claims *claims, const char *path, int to, const char *as) {
    char from[PATH_MAX + NAME_MAX], list[PATH_MAX + NAME_MAX];
    with_suffix(from, sizeof from, path, ".references");
    with_suffix(list, sizeof list, as, ".references");
    if (renameat(claims->places, from, to, list) < 0) return;
    if (strchr(path, '/')) drop_parents(claims->places, path);
}

wr_status ingest_put(const ingest_claims *claims, const char *path, bool failed, wr_str reasons) {
    if (claims->finish == INGEST_KEEP) return WR_OK;
    wr_status status = WR_OK;
    if (claims->finish == INGEST_DELETE && !failed) {
        status = unlinkat(claims->work, path, 0) < 0 ? status_of(errno) : WR_OK;
        if (status == WR_OK) move_references(claims, path, claims->done, path);
    } else {
        int to = failed ? claims->failed : claims->done;
        char as[PATH_MAX];
        status = move_free_name(claims->work, path, to, as, sizeof as);
        if (status == WR_OK && reasons.len) write_reasons(to, as, reasons);
        if (status == WR_OK) move_references(claims, path, to, as);
    }
    if (status == WR_OK && strchr(path, '/')) drop_parents(claims->work, path);
    return status;
}

/* ---- progress: a line of numbers that ends in " .", then the reasons so far ---- */

#define PROGRESS_MAX ((size_t)80 << 10)

static int write_numbers(char *to, size_t cap, const ingest_progress *p) {
    const ingest_tally *t = &p->tally;
    return snprintf(to, cap,
                    "2 %016" PRIx64 " %016" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
                    " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %s .\n",
                    p->key.low, p->key.high, p->place.record, p->place.offset, p->place.mark.packed,
                    p->place.mark.unpacked, t->pages, t->passed, t->dropped, t->rejected,
                    t->references, wr_status_label(p->status));
}

static bool read_numbers(const char *text, ingest_progress *p, int *used) {
    ingest_tally *t = &p->tally;
    char label[32], end = 0;
    int n = sscanf(text,
                   "2 %" SCNx64 " %" SCNx64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
                   " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %31s %c%n",
                   &p->key.low, &p->key.high, &p->place.record, &p->place.offset,
                   &p->place.mark.packed, &p->place.mark.unpacked, &t->pages, &t->passed,
                   &t->dropped, &t->rejected, &t->references, label, &end, used);
    if (n != 13 || end != '.') return false;
    p->status = wr_status_of_label(label, strlen(label));
    return true;
}

void ingest_progress_save(const ingest_claims *claims, const char *path,
                          const ingest_progress *progress, wr_str reasons) {
    if (claims->places < 0 || make_parents(claims->places, path) != WR_OK) return;
    char fresh[PATH_MAX + NAME_MAX], text[512];
    with_suffix(fresh, sizeof fresh, path, "~");
    int len = write_numbers(text, sizeof text, progress);
    int fd = openat(claims->places, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return;
    bool written = write(fd, text, (size_t)len) == len &&
                   write(fd, reasons.ptr, reasons.len) == (ssize_t)reasons.len;
    close(fd);
    if (written) renameat(claims->places, fresh, claims->places, path);
    else unlinkat(claims->places, fresh, 0);
}

ingest_progress ingest_progress_load(const ingest_claims *claims, const char *path, ingest_key key,
                                     wr_buf *reasons) {
    ingest_progress progress = {0}, none = {0};
    int used = 0, fd = claims->places < 0 ? -1 : openat(claims->places, path, O_RDONLY | O_CLOEXEC);
    char *text = fd < 0 ? NULL : calloc(1, PROGRESS_MAX);
    ssize_t got = text ? read(fd, text, PROGRESS_MAX - 1) : 0;
    if (fd >= 0) close(fd);
    bool known = got > 0 && read_numbers(text, &progress, &used) && progress.key.low == key.low &&
                 progress.key.high == key.high;
    if (known && got > used + 1) wr_buf_add(reasons, text + used + 1, strlen(text + used + 1));
    free(text);
    return known ? progress : none;
}

void ingest_progress_drop(const ingest_claims *claims, const char *path) {
    if (claims->places < 0) return;
    if (unlinkat(claims->places, path, 0) == 0 && strchr(path, '/'))
        drop_parents(claims->places, path);
}

wr_status ingest_claims_keep_places(ingest_claims *claims, const char *dir) {
    if (claims->finish != INGEST_KEEP || claims->places >= 0) return WR_OK;
    return open_below(AT_FDCWD, dir, &claims->places);
}
