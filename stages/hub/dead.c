/* dead.c -- dead letters as files */
#include "dead.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LIST_MAX 1000
#define EACH_MAX 100000
#define HEAD_MAX 8192 /* all of a letter but its payload */

static wr_status status_of_errno(void) {
    switch (errno) {
    case ENOENT: return WR_NOTFOUND;
    case ENOSPC:
    case EDQUOT: return WR_DISKFULL;
    case EACCES:
    case EPERM:
    case EROFS: return WR_DENIED;
    default: return WR_IO;
    }
}

/* ---- paths ---- */

/* "stage/id" as a file name; both halves are checked names, so the path stays inside the directory.
 */
static wr_status path_of(const dead_store *d, wr_str key, char path[static PATH_MAX]) {
    size_t slash = wr_str_find_char(key, 0, '/');
    wr_str stage = wr_str_slice(key, 0, slash), id = wr_str_slice(key, slash + 1, key.len);
    if (!d->dir) return WR_NOTFOUND;
    if (!hub_name_ok(stage) || !hub_name_ok(id)) return WR_USAGE;
    int len = snprintf(path, PATH_MAX, "%s/%.*s/%.*s.mp", d->dir, (int)stage.len, stage.ptr,
                       (int)id.len, id.ptr);
    return len > 0 && len < PATH_MAX ? WR_OK : WR_LIMIT;
}

static wr_status each_in(const char *dir, wr_str stage, size_t *n, void *ctx,
                         wr_status (*each)(void *ctx, wr_str key)) {
    DIR *open_dir = opendir(dir);
    if (!open_dir) return errno == ENOTDIR ? WR_OK : status_of_errno();
    wr_status status = WR_OK;
    for (struct dirent *e; status == WR_OK && *n < EACH_MAX && (e = readdir(open_dir));) {
        wr_str name = wr_str_c(e->d_name);
        if (!wr_str_ends(name, WR_STR(".mp"))) continue;
        name.len -= 3;
        char key[160];
        if (!hub_name_ok(name)) continue;
        int len = snprintf(key, sizeof key, "%.*s/%.*s", (int)stage.len, stage.ptr, (int)name.len,
                           name.ptr);
        ++*n;
        status = each(ctx, wr_str_of(key, (size_t)len));
    }
    closedir(open_dir);
    return status;
}

wr_status dead_each(const dead_store *d, wr_str stage, void *ctx,
                    wr_status (*each)(void *ctx, wr_str key)) {
    if (!d->dir) return WR_OK;
    DIR *top = opendir(d->dir);
    if (!top) return status_of_errno();
    wr_status status = WR_OK;
    size_t n = 0;
    for (struct dirent *e; status == WR_OK && (e = readdir(top));) {
        wr_str name = wr_str_c(e->d_name);
        if (!hub_name_ok(name) || (stage.len && !wr_str_eq(stage, name))) continue;
        char dir[PATH_MAX];
        int len = snprintf(dir, sizeof dir, "%s/%s", d->dir, e->d_name);
        if (len > 0 && len < PATH_MAX) status = each_in(dir, name, &n, ctx, each);
    }
    closedir(top);
    return status;
}

/* ---- opening ---- */

static wr_status count_one(void *ctx, wr_str key) {
    dead_store *d = ctx;
    char path[PATH_MAX];
    struct stat st;
    WR_TRY(path_of(d, key, path));
    if (stat(path, &st) == 0) {
        d->n++;
        d->bytes += (uint64_t)st.st_size;
    }
    return WR_OK;
}

wr_status dead_open(dead_store *d) {
    d->n = 0;
    d->bytes = 0;
    if (!d->dir) return WR_OK;
    if (mkdir(d->dir, 0700) != 0 && errno != EEXIST) return status_of_errno();
    return dead_each(d, (wr_str){0}, d, count_one);
}

/* ---- writing ---- */

static void write_letter(const hub_dead *l, wr_str payload, wr_buf *out) {
    char when[32];
    time_t now = time(NULL);
    struct tm utc;
    size_t len = strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    wr_write_map(out, 9);
    wr_write_kv_str(out, "id", l->id);
    wr_write_kv_str(out, "stage", wr_str_c(l->stage));
    wr_write_kv_str(out, "status", l->status);
    wr_write_kv_str(out, "text", wr_str_slice(l->text, 0, 1000));
    wr_write_kv_uint(out, "attempts", l->attempts);
    wr_write_kv_uint(out, "retries", l->retries);
    wr_write_kv_str(out, "time", wr_str_of(when, len));
    wr_write_str(out, WR_STR("history"));
    wr_write_array(out, l->n_history);
    for (size_t k = 0; k < l->n_history; k++) {
        wr_write_map(out, 4);
        wr_write_kv_str(out, "stage", wr_str_c(l->history[k].stage));
        wr_write_kv_str(out, "slot", wr_str_c(l->history[k].slot));
        wr_write_kv_str(out, "status", wr_str_c(l->history[k].status));
        wr_write_kv_str(out, "text", wr_str_c(l->history[k].text));
    }
    wr_write_str(out, WR_STR("payload"));
    wr_write_bin(out, payload);
}

static wr_status write_file(const char *path, const wr_buf *bytes) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return status_of_errno();
    wr_status status = WR_OK;
    for (size_t at = 0; at < bytes->len && status == WR_OK;) {
        ssize_t n = write(fd, bytes->ptr + at, bytes->len - at);
        if (n < 0 && errno != EINTR) status = status_of_errno();
        else if (n > 0) at += (size_t)n;
    }
    if (status == WR_OK && fsync(fd) != 0) status = status_of_errno();
    if (close(fd) != 0 && status == WR_OK) status = status_of_errno();
    return status;
}

static wr_status store(dead_store *d, const hub_dead *l, const wr_buf *bytes) {
    char path[PATH_MAX], dir[PATH_MAX], key[160];
    char fresh[PATH_MAX + 8];
    snprintf(key, sizeof key, "%s/%.*s", l->stage, (int)l->id.len, l->id.ptr);
    WR_TRY(path_of(d, wr_str_c(key), path));
    snprintf(dir, sizeof dir, "%.*s", (int)(strrchr(path, '/') - path), path);
    snprintf(fresh, sizeof fresh, "%s.tmp", path);
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) return status_of_errno();
    struct stat st = {0};
    bool again = stat(path, &st) == 0;
    wr_status status = write_file(fresh, bytes);
    if (status == WR_OK && rename(fresh, path) != 0) status = status_of_errno();
    if (status != WR_OK) {
        unlink(fresh);
        return status;
    }
    if (again) d->bytes -= (uint64_t)st.st_size < d->bytes ? (uint64_t)st.st_size : d->bytes;
    else d->n++;
    d->bytes += bytes->len;
    return WR_OK;
}

wr_status dead_write(dead_store *d, const hub_dead *letter, wr_str payload) {
    if (!d->dir) return WR_UNSUPPORTED;
    wr_buf bytes = WR_BUF_INIT(payload.len + 65536);
    write_letter(letter, payload, &bytes);
    wr_status status = bytes.status;
    if (status == WR_OK && (d->n >= d->max_n || d->bytes + bytes.len > d->max_bytes))
        status = WR_LIMIT;
    if (status == WR_OK) status = store(d, letter, &bytes);
    wr_buf_free(&bytes);
    return status;
}

/* ---- reading ---- */

static wr_status read_file(const char *path, size_t most, wr_buf *out, uint64_t *size) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return status_of_errno();
    wr_status status = fstat(fd, &st) == 0 ? WR_OK : WR_IO;
    if (status == WR_OK) *size = (uint64_t)st.st_size;
    size_t want = status == WR_OK && *size < most ? (size_t)*size : most;
    char *at = status == WR_OK ? wr_buf_reserve(out, want) : NULL;
    ssize_t n = at ? pread(fd, at, want, 0) : -1;
    if (n < 0) status = out->status != WR_OK ? out->status : WR_IO;
    else out->len += (size_t)n;
    close(fd);
    return status;
}

wr_status dead_read(const dead_store *d, wr_str key, wr_buf *out) {
    char path[PATH_MAX];
    uint64_t size;
    WR_TRY(path_of(d, key, path));
    return read_file(path, out->limit - out->len, out, &size);
}

wr_status dead_drop(dead_store *d, wr_str key) {
    char path[PATH_MAX];
    struct stat st;
    WR_TRY(path_of(d, key, path));
    if (stat(path, &st) != 0 || unlink(path) != 0) return status_of_errno();
    d->n -= d->n > 0;
    d->bytes -= (uint64_t)st.st_size < d->bytes ? (uint64_t)st.st_size : d->bytes;
    return WR_OK;
}

wr_str dead_payload(wr_str letter) {
    wr_cursor c = wr_cursor_of(letter);
    for (size_t n = wr_read_map(&c); n > 0 && !c.bad; n--) {
        if (wr_str_eq(wr_read_str(&c), WR_STR("payload"))) return wr_read_str(&c);
        wr_read_any(&c);
    }
    return (wr_str){0};
}

typedef struct listing {
    const dead_store *d;
    wr_buf *rows;
    size_t n;
} listing;

/* One letter's row: its map without history and payload, plus key and bytes. */
static wr_status list_one(void *ctx, wr_str key) {
    listing *l = ctx;
    char path[PATH_MAX];
    uint64_t size = 0;
    wr_buf head = WR_BUF_INIT(HEAD_MAX);
    if (l->n >= LIST_MAX) return WR_LIMIT;
    wr_status status = path_of(l->d, key, path);
    if (status == WR_OK) status = read_file(path, HEAD_MAX, &head, &size);
    wr_cursor c = wr_cursor_of(wr_buf_str(&head));
    size_t n = status == WR_OK ? wr_read_map(&c) : 0;
    if (n >= 7 && !c.bad) {
        size_t from = l->rows->len;
        wr_write_map(l->rows, 9);
        wr_write_kv_str(l->rows, "key", key);
        wr_write_kv_uint(l->rows, "bytes", size);
        for (size_t k = 0; k < 7; k++) {
            wr_write_str(l->rows, wr_read_str(&c));
            wr_buf_add_str(l->rows, wr_read_any(&c));
        }
        if (c.bad) l->rows->len = from;
        else l->n++;
    }
    wr_buf_free(&head);
    return WR_OK;
}

wr_status dead_list(const dead_store *d, wr_str stage, wr_buf *out) {
    wr_buf rows = WR_BUF_INIT((size_t)16 << 20);
    listing l = {.d = d, .rows = &rows};
    wr_status status = dead_each(d, stage, &l, list_one);
    if (status == WR_LIMIT) status = WR_OK;
    if (status == WR_OK) {
        wr_write_map(out, 3);
        wr_write_kv_uint(out, "n", d->n);
        wr_write_kv_uint(out, "bytes", d->bytes);
        wr_write_str(out, WR_STR("letters"));
        wr_write_array(out, l.n);
        wr_buf_add_str(out, wr_buf_str(&rows));
    }
    wr_buf_free(&rows);
    return status;
}
