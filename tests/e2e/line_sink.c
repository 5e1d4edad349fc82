/* line_sink.c -- the last stage of a test line: one line "<id>\n" in a file for each page, once
 *
 * As a real store does: what is in the file is known after a restart, a page that is there already
 * is a duplicate, and nothing is acknowledged before it is on disk. usage: line_sink NAME
 * [OPTION...] */
#include <wireroom/stage.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ID_BYTES 32

typedef struct settings {
    const char *store;
    bool count_only;
} settings;

static const wr_option rows[] = {
    WR_PATH(settings, store, "store", "FILE", NULL, "The file; without it pages are counted only."),
    WR_OPTIONS_END,
};

/* Ids are numbers in hex, so a bit for each is enough. */
typedef struct sink {
    int fd;
    unsigned char *seen;
    size_t n_bits;
    wr_buf lines;
    uint64_t pages;
} sink;

static bool bit(sink *s, uint64_t n, bool set) {
    if (n / 8 >= s->n_bits / 8) {
        size_t bits = s->n_bits;
        while (n / 8 >= bits / 8)
            bits *= 2;
        s->seen = realloc(s->seen, bits / 8);
        if (!s->seen) abort();
        memset(s->seen + s->n_bits / 8, 0, (bits - s->n_bits) / 8);
        s->n_bits = bits;
    }
    bool was = s->seen[n / 8] >> (n % 8) & 1;
    if (set) s->seen[n / 8] |= (unsigned char)(1u << (n % 8));
    return was;
}

static uint64_t number_of(const char *id) {
    char text[ID_BYTES + 1];
    memcpy(text, id, ID_BYTES);
    text[ID_BYTES] = 0;
    return strtoull(text + 16, NULL, 16) & 0xfffffff;
}

static void load(sink *s) {
    char line[ID_BYTES + 1];
    off_t at = 0;
    while (pread(s->fd, line, sizeof line, at) == sizeof line && line[ID_BYTES] == '\n') {
        bit(s, number_of(line), true);
        at += (off_t)sizeof line;
    }
    if (ftruncate(s->fd, at) != 0) perror("ftruncate"); /* the torn end of a killed write */
    lseek(s->fd, at, SEEK_SET);
}

static wr_status sink_open(const void *options, void **state) {
    const settings *set = options;
    sink *s = calloc(1, sizeof *s);
    if (!s) return WR_MEMORY;
    s->fd = -1;
    s->n_bits = 1 << 20;
    s->seen = calloc(1, s->n_bits / 8);
    s->lines.limit = (size_t)16 << 20;
    if (set->store) {
        s->fd = open(set->store, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (s->fd < 0) return WR_IO;
        load(s);
    }
    *state = s;
    return WR_OK;
}

static wr_status sink_page(void *state, wr_arena *arena, wr_page *page, wr_str *why) {
    sink *s = state;
    (void)arena;
    (void)why;
    s->pages++;
    if (s->fd < 0) return WR_OK;
    if (page->id.len != ID_BYTES) return WR_MALFORMED;
    if (bit(s, number_of(page->id.ptr), true)) return WR_DUPLICATE;
    wr_buf_add_str(&s->lines, page->id);
    wr_buf_add_char(&s->lines, '\n');
    return s->lines.status;
}

static wr_status sink_commit(void *state) {
    sink *s = state;
    if (s->fd < 0 || s->lines.len == 0) return WR_OK;
    off_t from = lseek(s->fd, 0, SEEK_CUR);
    ssize_t n = write(s->fd, s->lines.ptr, s->lines.len);
    if (n != (ssize_t)s->lines.len || fdatasync(s->fd) != 0) {
        if (ftruncate(s->fd, from) != 0 || lseek(s->fd, from, SEEK_SET) != from) return WR_IO;
        return WR_DISKFULL;
    }
    wr_buf_clear(&s->lines);
    return WR_OK;
}

static void sink_close(void *state) {
    sink *s = state;
    if (s->fd >= 0) close(s->fd);
    wr_buf_free(&s->lines);
    free(s->seen);
    free(s);
}

int main(int argc, char **argv) {
    if (argc < 2) return 100;
    const wr_stage stage = {.name = argv[1],
                            .summary = "counts pages",
                            .reads = "id",
                            .options = rows,
                            .options_size = sizeof(settings),
                            .open = sink_open,
                            .page = sink_page,
                            .commit = sink_commit,
                            .close = sink_close};
    argv[1] = argv[0];
    return wr_stage_main(&stage, argc - 1, argv + 1);
}
