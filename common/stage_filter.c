/* stage_filter.c -- a stage between two files: pages as msgpack, one after the other */
#include "common/stage_run.h"
#include "common/wire.h"

#include <wireroom/log.h>
#include <wireroom/transport.h>

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

/* Cuts a stream of bytes into objects, looking at every byte once. */
typedef struct splitter {
    int fd;
    wr_buf bytes;
    size_t start, at; /* of the object, and how far it is known */
    uint64_t open;    /* objects that still belong to it */
    bool end;
} splitter;

static wr_status fill(splitter *s) {
    if (s->start) {
        memmove(s->bytes.ptr, s->bytes.ptr + s->start, s->bytes.len - s->start);
        s->bytes.len -= s->start;
        s->at -= s->start;
        s->start = 0;
    }
    char *to = wr_buf_reserve(&s->bytes, 65536);
    if (!to) return s->bytes.status;
    ssize_t n = read(s->fd, to, 65536);
    if (n < 0) return errno == EINTR ? WR_OK : WR_IO;
    s->bytes.len += (size_t)n;
    s->end = n == 0;
    return WR_OK;
}

/* Goes on from where it stopped. WR_OK: the object is whole; WR_AGAIN: more bytes are needed. */
static wr_status scan(splitter *s) {
    while (s->open) {
        wr_wire_head h;
        const char *why;
        size_t left = s->at < s->bytes.len ? s->bytes.len - s->at : 0;
        if (left == 0) return WR_AGAIN;
        const unsigned char *p = (const unsigned char *)s->bytes.ptr + s->at;
        if (*p == 0xc1) return WR_MALFORMED;
        if (!wr_wire_head_read(p, left, &h, &why) || h.head > left) return WR_AGAIN;
        if (h.body > WR_PAYLOAD_MAX || h.children > WR_PAYLOAD_MAX) return WR_LIMIT;
        if (h.body > left - h.head) return WR_AGAIN;
        s->at += h.head + h.body;
        s->open += h.children;
        s->open--;
    }
    return WR_OK;
}

/* The next object; WR_CLOSED at the end. */
static wr_status split(splitter *s, wr_str *object) {
    s->open = 1;
    s->start = s->at;
    for (;;) {
        wr_status status = scan(s);
        if (status == WR_OK) {
            *object = wr_str_of(s->bytes.ptr + s->start, s->at - s->start);
            return WR_OK;
        }
        if (status != WR_AGAIN) return status;
        if (s->end) return s->start == s->bytes.len ? WR_CLOSED : WR_TRUNCATED;
        WR_TRY(fill(s));
    }
}

static wr_status write_all(int fd, wr_str bytes) {
    for (size_t at = 0; at < bytes.len;) {
        ssize_t n = write(fd, bytes.ptr + at, bytes.len - at);
        if (n < 0 && errno != EINTR) return errno == ENOSPC ? WR_DISKFULL : WR_IO;
        if (n > 0) at += (size_t)n;
    }
    return WR_OK;
}

static wr_status commit(wr_stage_run *run) {
    return run->stage->commit ? run->stage->commit(run->state) : WR_OK;
}

static wr_status filter_page(wr_stage_run *run, wr_str object, int out) {
    wr_str output, why;
    wr_status status = wr_stage_page(run, object, &output, &why);
    if (status == WR_OK) WR_TRY(write_all(out, output.ptr ? output : object));
    else {
        wr_log(WR_LOG_WARN, status, "page", "page %llu: %.*s", (unsigned long long)run->pages,
               (int)why.len, why.ptr ? why.ptr : "");
        if (wr_status_verdict(status) == WR_VERDICT_FATAL) return status;
    }
    return run->pages % (uint64_t)run->set->commit_pages == 0 ? commit(run) : WR_OK;
}

/* Waits until a predecessor has let go. */
static wr_status begin(wr_stage_run *run) {
    wr_status status = WR_OK;
    while (run->stage->begin && (status = run->stage->begin(run->state)) != WR_OK) {
        if (wr_status_verdict(status) != WR_VERDICT_RETRY) return status;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    return status;
}

static wr_status filter(wr_stage_run *run, int in, int out) {
    splitter s = {.fd = in, .bytes = WR_BUF_INIT(2 * WR_PAYLOAD_MAX + 65536)};
    wr_str object;
    wr_status status;
    while ((status = split(&s, &object)) == WR_OK)
        if ((status = filter_page(run, object, out)) != WR_OK) break;
    wr_buf_free(&s.bytes);
    if (status != WR_CLOSED) return status;
    return commit(run);
}

static int open_file(const char *path, bool write) {
    if (!path || strcmp(path, "-") == 0) return write ? STDOUT_FILENO : STDIN_FILENO;
    return open(path, write ? O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC : O_RDONLY | O_CLOEXEC,
                0666);
}

int wr_stage_filter(wr_stage_run *run) {
    int in = open_file(run->set->in, false);
    int out = in < 0 ? -1 : open_file(run->set->out, true);
    if (in < 0 || out < 0) {
        wr_log(WR_LOG_ERROR, errno == ENOENT ? WR_NOTFOUND : WR_IO, "open", "%s: cannot be opened",
               in < 0 ? run->set->in : run->set->out);
        if (in > STDERR_FILENO) close(in);
        return 100;
    }
    wr_status status = begin(run);
    if (status == WR_OK) status = filter(run, in, out);
    if (in > STDERR_FILENO) close(in);
    if (out > STDERR_FILENO && close(out) != 0 && status == WR_OK) status = WR_IO;
    if (status != WR_OK)
        wr_log(WR_LOG_ERROR, status, "filter", "after %llu pages: %s",
               (unsigned long long)run->pages, wr_status_text(status));
    return wr_exit_code(status);
}
