/* gzip.c -- streaming gunzip on zlib, its memory taken from the arena */
#include "gzip.h"

#include <zlib.h>

#define IN_BYTES   ((size_t)32 << 10)
#define RATIO_FROM ((uint64_t)1 << 20)

typedef struct gzip_run {
    ingest_bytes bytes;
    ingest_bytes *from;
    ingest_gzip_limits limits;
    z_stream z;
    bool in_member, from_ended;
    uint64_t members, compressed;
    unsigned char in[IN_BYTES];
} gzip_run;

static void *take(void *arena, unsigned n, unsigned size) {
    return wr_arena_array(arena, n, size);
}

static void give_back(void *arena, void *block) { /* goes with the arena */
    (void)arena;
    (void)block;
}

static wr_status refuse(wr_status status, wr_str text, wr_str *why) {
    *why = text;
    return status;
}

static wr_status more_input(gzip_run *run, wr_str *why) {
    if (run->z.avail_in || run->from_ended) return WR_OK;
    size_t got = 0;
    WR_TRY(run->from->read(run->from, (char *)run->in, IN_BYTES, &got, why));
    run->z.next_in = run->in;
    run->z.avail_in = (uInt)got;
    run->compressed += got;
    run->from_ended = got == 0;
    return WR_OK;
}

/* Between members: the end, padding, or the next member. */
static wr_status next_member(gzip_run *run, bool *ended, wr_str *why) {
    *ended = false;
    for (;;) {
        WR_TRY(more_input(run, why));
        if (!run->z.avail_in) {
            *ended = true;
            return WR_OK;
        }
        if (!run->members || *run->z.next_in) break;
        run->z.next_in++; /* padding */
        run->z.avail_in--;
    }
    if (run->members && *run->z.next_in != 0x1f)
        return refuse(WR_MALFORMED, WR_STR("other bytes follow the last gzip member"), why);
    if (inflateReset(&run->z) != Z_OK) return WR_INTERNAL;
    run->in_member = true;
    run->members++;
    return WR_OK;
}

static wr_status check_limits(const gzip_run *run, wr_str *why) {
    uint64_t out = run->bytes.taken, in = run->compressed - run->z.avail_in;
    if (out > run->limits.bytes)
        return refuse(WR_LIMIT, WR_STR("decompresses to more bytes than the limit"), why);
    if (out > RATIO_FROM && run->limits.ratio && out / run->limits.ratio > in)
        return refuse(WR_LIMIT, WR_STR("decompresses to more times its size than the limit"), why);
    return WR_OK;
}

static wr_status inflate_status(int code, const gzip_run *run, wr_str *why) {
    if (code == Z_OK || code == Z_STREAM_END) return WR_OK;
    if (code == Z_BUF_ERROR && run->from_ended)
        return refuse(WR_TRUNCATED, WR_STR("the gzip data end in the middle of a member"), why);
    if (code == Z_BUF_ERROR) return WR_OK;
    if (code == Z_MEM_ERROR) return WR_MEMORY;
    return refuse(WR_MALFORMED, WR_STR("the gzip data are damaged"), why);
}

static wr_status gzip_read(ingest_bytes *self, char *to, size_t cap, size_t *len, wr_str *why) {
    gzip_run *run = (gzip_run *)self;
    *len = 0;
    while (*len == 0) {
        if (!run->in_member) {
            bool ended;
            WR_TRY(next_member(run, &ended, why));
            if (ended) return WR_OK;
        }
        WR_TRY(more_input(run, why));
        run->z.next_out = (Bytef *)to;
        run->z.avail_out = cap > 1u << 30 ? 1u << 30 : (uInt)cap;
        uInt room = run->z.avail_out;
        int code = inflate(&run->z, Z_NO_FLUSH);
        *len = room - run->z.avail_out;
        self->taken += *len;
        if (code == Z_STREAM_END) run->in_member = false;
        WR_TRY(inflate_status(code, run, why));
        WR_TRY(check_limits(run, why));
    }
    return WR_OK;
}

wr_status ingest_gzip_open(wr_arena *arena, ingest_bytes *from, ingest_gzip_limits limits,
                           ingest_bytes **out) {
    gzip_run *run = wr_arena_take(arena, sizeof *run);
    if (!run) return WR_MEMORY;
    run->bytes = (ingest_bytes){gzip_read, NULL, 0};
    run->from = from;
    run->limits = limits;
    run->z.zalloc = take;
    run->z.zfree = give_back;
    run->z.opaque = arena;
    if (inflateInit2(&run->z, 15 + 16) != Z_OK) return WR_MEMORY;
    *out = &run->bytes;
    return WR_OK;
}
