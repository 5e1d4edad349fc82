/* bytes.c -- runs of bytes in memory, and the sliding window on a run */
#include "bytes.h"

#define WINDOW_MIN ((size_t)16 << 10)

static wr_status memory_read(ingest_bytes *self, char *to, size_t cap, size_t *len, wr_str *why) {
    const ingest_memory *run = (const ingest_memory *)self;
    (void)why;
    wr_str left = wr_str_slice(run->all, (size_t)self->taken, run->all.len);
    *len = left.len < cap ? left.len : cap;
    if (*len) memcpy(to, left.ptr, *len);
    self->taken += *len;
    return WR_OK;
}

static wr_status memory_seek(ingest_bytes *self, uint64_t at) {
    const ingest_memory *run = (const ingest_memory *)self;
    self->taken = at < run->all.len ? at : run->all.len;
    return WR_OK;
}

ingest_bytes *ingest_memory_open(ingest_memory *run, wr_str all) {
    *run = (ingest_memory){.bytes = {.read = memory_read, .seek = memory_seek, .size = all.len},
                           .all = all};
    return &run->bytes;
}

#define MARK_SPACE ((uint64_t)256 << 10)

void ingest_marks_add(ingest_marks *marks, ingest_mark mark) {
    const ingest_mark *last = &marks->at[(marks->n - 1) % INGEST_MARKS];
    if (marks->n && mark.unpacked < last->unpacked + MARK_SPACE) return;
    marks->at[marks->n++ % INGEST_MARKS] = mark;
}

bool ingest_marks_find(const ingest_marks *marks, uint64_t unpacked, ingest_mark *out) {
    size_t kept = marks->n < INGEST_MARKS ? marks->n : INGEST_MARKS;
    for (size_t i = 0; i < kept; i++) {
        *out = marks->at[(marks->n - 1 - i) % INGEST_MARKS];
        if (out->unpacked <= unpacked) return true;
    }
    return false;
}

void ingest_input_open(ingest_input *in, wr_arena *arena, ingest_bytes *from, size_t limit) {
    *in = (ingest_input){.from = from, .arena = arena, .limit = limit ? limit : 1};
    in->offset = from->taken;
}

/* Room for one more byte at least: by moving the view to the front, or by a larger buffer. */
static wr_status make_room(ingest_input *in) {
    if (in->start + in->len < in->cap) return WR_OK;
    if (in->start) {
        memmove(in->buffer, in->buffer + in->start, in->len);
        in->start = 0;
        return WR_OK;
    }
    size_t cap = in->cap ? in->cap * 2 : WINDOW_MIN;
    if (cap > in->limit) cap = in->limit;
    char *grown = wr_arena_grow(in->arena, in->buffer, in->cap, cap, 1);
    if (!grown) return WR_MEMORY;
    in->buffer = grown;
    in->cap = cap;
    return WR_OK;
}

/* Looks at the run's own memory, which is as good as a copy while nothing more is asked for. */
static bool borrow(ingest_input *in) {
    if (in->len || in->ended || !in->from->borrow) return false;
    wr_status status = in->from->borrow(in->from, &in->lent, &in->len, &in->why);
    in->start = 0;
    if (status == WR_OK) return true;
    in->lent = NULL;
    in->len = 0;
    if (status != WR_UNSUPPORTED) in->status = status;
    return false;
}

/* Copies what was lent to the window's own buffer. */
static wr_status settle(ingest_input *in) {
    if (!in->lent) return WR_OK;
    if (in->len > in->cap) {
        size_t cap = in->cap ? in->cap : WINDOW_MIN;
        while (cap < in->len)
            cap *= 2;
        char *grown = wr_arena_take(in->arena, cap);
        if (!grown) return WR_MEMORY;
        in->buffer = grown;
        in->cap = cap;
    }
    if (in->len) memcpy(in->buffer, in->lent + in->start, in->len);
    in->start = 0;
    in->lent = NULL;
    return WR_OK;
}

wr_status ingest_input_fill(ingest_input *in, size_t want) {
    if (in->len >= want) return WR_OK;
    if (want > in->limit) return WR_LIMIT;
    WR_TRY(in->status);
    if (borrow(in) && in->len >= want) return WR_OK;
    WR_TRY(in->status);
    if (in->len > in->limit) return WR_OK; /* lent: more than the buffer may hold */
    WR_TRY(settle(in));
    while (in->len < want && !in->ended) {
        WR_TRY(make_room(in));
        size_t at = in->start + in->len, got = 0;
        in->status = in->from->read(in->from, in->buffer + at, in->cap - at, &got, &in->why);
        WR_TRY(in->status);
        in->len += got;
        in->ended = got == 0;
    }
    return WR_OK;
}

wr_str ingest_input_view(const ingest_input *in) {
    if (in->lent) return wr_str_of(in->lent + in->start, in->len);
    return wr_str_of(in->buffer ? in->buffer + in->start : NULL, in->len);
}

void ingest_input_take(ingest_input *in, size_t n) {
    if (n > in->len) n = in->len;
    in->len -= n;
    in->start = in->len ? in->start + n : 0;
    in->offset += n;
}

wr_status ingest_input_skip(ingest_input *in, uint64_t n, uint64_t *skipped) {
    *skipped = 0;
    while (*skipped < n) {
        if (!in->len) WR_TRY(ingest_input_fill(in, 1));
        if (!in->len) return WR_OK;
        uint64_t left = n - *skipped;
        size_t step = left < in->len ? (size_t)left : in->len;
        ingest_input_take(in, step);
        *skipped += step;
    }
    return WR_OK;
}

static wr_status forget(ingest_input *in, wr_status status) {
    if (status != WR_OK) return status;
    in->start = in->len = 0;
    in->lent = NULL;
    in->ended = false;
    in->status = WR_OK;
    return WR_OK;
}

wr_status ingest_input_seek(ingest_input *in, uint64_t at) {
    if (!in->from->seek) return WR_UNSUPPORTED;
    WR_TRY(forget(in, in->from->seek(in->from, at)));
    in->offset = at;
    return WR_OK;
}

wr_status ingest_input_go(ingest_input *in, ingest_mark mark) {
    if (!in->from->go) return WR_UNSUPPORTED;
    WR_TRY(forget(in, in->from->go(in->from, mark)));
    in->offset = mark.unpacked;
    return WR_OK;
}

wr_status ingest_input_recover(ingest_input *in) {
    if (in->status != WR_MALFORMED || !in->from->recover) return WR_UNSUPPORTED;
    in->offset += in->len;
    return forget(in, in->from->recover(in->from));
}
