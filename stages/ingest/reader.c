/* reader.c -- descriptor, arenas and page reader of the file being read */
#include "reader.h"

#include "name.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_ARENA(limits) ((limits)->page_bytes + ((size_t)16 << 20))

struct ingest_reader {
    const ingest_limits *limits;
    wr_arena *file, *page;
    ingest_pages *pages;
    wr_str name;
    uint64_t submitted, completed;
    struct descriptor {
        ingest_bytes bytes;
        int fd;
    } from;
};

static wr_status fd_read(ingest_bytes *self, char *to, size_t cap, size_t *len, wr_str *why) {
    struct descriptor *from = (struct descriptor *)self;
    ssize_t got;
    do
        got = read(from->fd, to, cap);
    while (got < 0 && errno == EINTR);
    *len = got > 0 ? (size_t)got : 0;
    self->taken += *len;
    if (got >= 0) return WR_OK;
    *why = wr_str_c(strerror(errno));
    return WR_IO;
}

static wr_status fd_seek(ingest_bytes *self, uint64_t at) {
    struct descriptor *from = (struct descriptor *)self;
    if (at > INT64_MAX || lseek(from->fd, (off_t)at, SEEK_SET) < 0) return WR_IO;
    self->taken = at;
    return WR_OK;
}

wr_status ingest_reader_new(const ingest_limits *limits, ingest_reader **out) {
    ingest_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return WR_MEMORY;
    reader->limits = limits;
    reader->from.fd = -1;
    wr_status status = wr_arena_new("file", INGEST_FILE_ARENA(limits), &reader->file);
    if (status == WR_OK) status = wr_arena_new("page", PAGE_ARENA(limits), &reader->page);
    *out = reader;
    if (status != WR_OK) ingest_reader_free(out);
    return status;
}

void ingest_reader_free(ingest_reader **reader) {
    if (!*reader) return;
    ingest_reader_close(*reader);
    wr_arena_free(&(*reader)->file);
    wr_arena_free(&(*reader)->page);
    free(*reader);
    *reader = NULL;
}

static wr_status open_pages(ingest_reader *reader, wr_str name, ingest_place place, wr_str *why) {
    WR_TRY(ingest_name_text(reader->file, name, &reader->name));
    WR_TRY(
        ingest_pages_open(reader->file, &reader->from.bytes, reader->limits, &reader->pages, why));
    return ingest_pages_resume(reader->pages, place, why);
}

wr_status ingest_reader_open(ingest_reader *reader, int fd, wr_str name, ingest_place place,
                             wr_str *why) {
    ingest_reader_close(reader);
    wr_arena_reset(reader->file);
    struct stat st;
    reader->from = (struct descriptor){.bytes = {.read = fd_read}, .fd = fd};
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) { /* not a pipe */
        reader->from.bytes.seek = fd_seek;
        reader->from.bytes.size = (uint64_t)st.st_size;
    }
    wr_status status = open_pages(reader, name, place, why);
    if (status != WR_OK) ingest_reader_close(reader);
    return status;
}

/* *why of the last call stays valid: the arena is reset when the next file is opened. */
void ingest_reader_close(ingest_reader *reader) {
    if (reader->from.fd >= 0) close(reader->from.fd);
    reader->from.fd = -1;
    ingest_pages_close(&reader->pages);
}

bool ingest_reader_is_open(const ingest_reader *reader) {
    return reader->pages != NULL;
}

wr_status ingest_reader_next(ingest_reader *reader, wr_page *page, wr_buf *payload,
                             ingest_found *found, wr_str *why) {
    wr_arena_reset(reader->page);
    wr_buf_clear(payload);
    *why = wr_str_of(NULL, 0);
    WR_TRY(ingest_pages_next(reader->pages, reader->page, page, found, why));
    if (*found != INGEST_FOUND_PAGE) return WR_OK;
    wr_str member = page->file;
    page->file = reader->name;
    if (member.len)
        WR_TRY(wr_arena_printf(reader->page, &page->file, "%.*s!/%.*s", (int)reader->name.len,
                               reader->name.ptr, (int)member.len, member.ptr));
    page->submitted = reader->submitted;
    page->completed = reader->completed;
    wr_status status = wr_page_encode(page, payload);
    if (status != WR_OK) *found = INGEST_FOUND_BAD;
    return status;
}

void ingest_reader_stamp(ingest_reader *reader, uint64_t submitted, uint64_t completed) {
    reader->submitted = submitted;
    reader->completed = completed;
}

ingest_place ingest_reader_place(const ingest_reader *reader) {
    return ingest_pages_place(reader->pages);
}
