/* gzip.c -- gunzip: members that fit in memory by libdeflate, others streamed by zlib
 *
 * Archives of records hold one member each, small ones: decoding such a member whole is two to
 * three times as fast. The first member is always streamed, so a file of one needs no large
 * buffers.
 */
#include "gzip.h"

#include <libdeflate.h>
#include <zlib.h>

#define IN_BYTES    ((size_t)32 << 10)
#define WHOLE_IN    ((size_t)1 << 20)
#define WHOLE_OUT   ((size_t)1 << 20) /* at first */
#define WHOLE_MAX   ((size_t)4 << 20)
#define REFILL_FROM ((size_t)128 << 10)
#define SLOW_MAX    64u
#define RATIO_FROM  ((uint64_t)1 << 20)

typedef struct gzip_run {
    ingest_bytes bytes;
    ingest_bytes *from;
    wr_arena *arena;
    ingest_gzip_limits limits;
    z_stream z;
    bool in_member, from_ended, whole; /* whole: the large buffers are there */
    unsigned slow, slow_next;          /* members to be streamed before the next try of a whole */
    uint64_t members, compressed;      /* compressed: bytes read from the run below */
    unsigned char *in;
    size_t in_at, in_len, in_cap;
    struct libdeflate_decompressor *inflater;
    char *out; /* of a member decoded whole, what was not yet given */
    size_t out_at, out_len, out_cap;
    ingest_marks marks;
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

/* Reads until `want` bytes are in the buffer, or all there are. */
static wr_status more_input(gzip_run *run, size_t want, wr_str *why) {
    while (run->in_len - run->in_at < want && !run->from_ended) {
        if (run->in_at) {
            memmove(run->in, run->in + run->in_at, run->in_len - run->in_at);
            run->in_len -= run->in_at;
            run->in_at = 0;
        }
        size_t got = 0;
        WR_TRY(run->from->read(run->from, (char *)run->in + run->in_len, run->in_cap - run->in_len,
                               &got, why));
        run->in_len += got;
        run->compressed += got;
        run->from_ended = got == 0;
    }
    return WR_OK;
}

/* ---- members decoded whole ---- */

/* Large buffers, from the second member on. Without memory for them all is streamed. */
static bool have_buffers(gzip_run *run) {
    if (run->whole || !run->members) return run->whole;
    unsigned char *in = wr_arena_take(run->arena, WHOLE_IN);
    run->out = in ? wr_arena_take(run->arena, WHOLE_OUT) : NULL;
    if (run->out) run->inflater = libdeflate_alloc_decompressor();
    if (!run->inflater) {
        run->slow = UINT32_MAX;
        return false;
    }
    memcpy(in, run->in + run->in_at, run->in_len - run->in_at);
    run->in = in;
    run->in_len -= run->in_at;
    run->in_at = 0;
    run->in_cap = WHOLE_IN;
    run->out_cap = WHOLE_OUT;
    return run->whole = true;
}

/* A larger buffer for a member that did not fit, once. */
static bool have_larger(gzip_run *run) {
    char *larger = run->out_cap < WHOLE_MAX ? wr_arena_take(run->arena, WHOLE_MAX) : NULL;
    if (!larger) return false;
    run->out = larger;
    run->out_cap = WHOLE_MAX;
    return true;
}

/* Tries the member at the buffer's begin; false when it has to be streamed: it is too large, or
 * damaged. After a failure fewer are tried. */
static wr_status whole_member(gzip_run *run, bool *done, wr_str *why) {
    *done = false;
    if (run->slow) {
        if (run->slow != UINT32_MAX) run->slow--;
        return WR_OK;
    }
    if (!have_buffers(run)) return WR_OK;
    for (size_t want = REFILL_FROM;; want = WHOLE_IN) {
        WR_TRY(more_input(run, want, why));
        size_t used = 0, given = 0, have = run->in_len - run->in_at;
        enum libdeflate_result result = libdeflate_gzip_decompress_ex(
            run->inflater, run->in + run->in_at, have, run->out, run->out_cap, &used, &given);
        if (result == LIBDEFLATE_SUCCESS) {
            run->in_at += used;
            run->out_at = 0;
            run->out_len = given;
            run->slow_next = 0;
            *done = true;
            return WR_OK;
        }
        if (result == LIBDEFLATE_INSUFFICIENT_SPACE && have_larger(run)) continue;
        if (result != LIBDEFLATE_BAD_DATA || run->from_ended || have >= WHOLE_IN) break;
        if (want == WHOLE_IN) break;
    }
    run->slow = run->slow_next;
    run->slow_next = run->slow_next * 2 + 1 < SLOW_MAX ? run->slow_next * 2 + 1 : SLOW_MAX;
    return WR_OK;
}

/* ---- the loop ---- */

/* Between members: the end, padding, or the next member. */
static wr_status next_member(gzip_run *run, bool *ended, wr_str *why) {
    *ended = false;
    for (;;) {
        WR_TRY(more_input(run, 1, why));
        *ended = run->in_at == run->in_len;
        if (*ended) return WR_OK;
        if (!run->members || run->in[run->in_at]) break;
        run->in_at++; /* padding */
    }
    if (run->members && run->in[run->in_at] != 0x1f)
        return refuse(WR_MALFORMED, WR_STR("other bytes follow the last gzip member"), why);
    ingest_mark mark = {run->compressed - (run->in_len - run->in_at), run->bytes.taken};
    ingest_marks_add(&run->marks, mark);
    bool whole;
    WR_TRY(whole_member(run, &whole, why));
    run->members++;
    if (whole) return WR_OK;
    if (inflateReset(&run->z) != Z_OK) return WR_INTERNAL;
    run->in_member = true;
    return WR_OK;
}

static wr_status check_limits(const gzip_run *run, wr_str *why) {
    uint64_t out = run->bytes.taken, in = run->compressed - (run->in_len - run->in_at);
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

static wr_status stream_member(gzip_run *run, char *to, size_t cap, size_t *len, wr_str *why) {
    WR_TRY(more_input(run, 1, why));
    run->z.next_in = run->in + run->in_at;
    run->z.avail_in = (uInt)(run->in_len - run->in_at);
    run->z.next_out = (Bytef *)to;
    run->z.avail_out = cap > 1u << 30 ? 1u << 30 : (uInt)cap;
    uInt room = run->z.avail_out;
    int code = inflate(&run->z, Z_NO_FLUSH);
    run->in_at = run->in_len - run->z.avail_in;
    *len = room - run->z.avail_out;
    run->bytes.taken += *len;
    if (code == Z_STREAM_END) run->in_member = false;
    return inflate_status(code, run, why);
}

static wr_status gzip_read(ingest_bytes *self, char *to, size_t cap, size_t *len, wr_str *why) {
    gzip_run *run = (gzip_run *)self;
    *len = 0;
    while (*len == 0) {
        size_t left = run->out_len - run->out_at;
        if (left) {
            *len = left < cap ? left : cap;
            memcpy(to, run->out + run->out_at, *len);
            run->out_at += *len;
            self->taken += *len;
        } else if (run->in_member) {
            WR_TRY(stream_member(run, to, cap, len, why));
        } else {
            bool ended;
            WR_TRY(next_member(run, &ended, why));
            if (ended) return WR_OK;
        }
        WR_TRY(check_limits(run, why));
    }
    return WR_OK;
}

/* ---- other ways through the run ---- */

/* A member that was decoded whole stands in memory already. */
static wr_status gzip_borrow(ingest_bytes *self, const char **bytes, size_t *len, wr_str *why) {
    gzip_run *run = (gzip_run *)self;
    *len = 0;
    while (run->out_at == run->out_len) {
        bool ended;
        if (run->in_member) return WR_UNSUPPORTED;
        WR_TRY(next_member(run, &ended, why));
        if (ended) return WR_UNSUPPORTED;
    }
    *bytes = run->out + run->out_at;
    *len = run->out_len - run->out_at;
    run->out_at = run->out_len;
    self->taken += *len;
    return check_limits(run, why);
}

static bool gzip_mark(const ingest_bytes *self, uint64_t at, ingest_mark *out) {
    return ingest_marks_find(&((const gzip_run *)self)->marks, at, out);
}

static wr_status gzip_go(ingest_bytes *self, ingest_mark mark) {
    gzip_run *run = (gzip_run *)self;
    if (!run->from->seek) return WR_UNSUPPORTED;
    WR_TRY(run->from->seek(run->from, mark.packed));
    run->in_at = run->in_len = run->out_at = run->out_len = 0;
    run->in_member = run->from_ended = false;
    run->compressed = mark.packed;
    run->members = 1; /* so that what is no member there is damage */
    run->marks.n = 0;
    self->taken = mark.unpacked;
    return WR_OK;
}

/* The next bytes that a member may begin with: RFC 1952, deflate, no reserved flags. */
static wr_status gzip_recover(ingest_bytes *self) {
    gzip_run *run = (gzip_run *)self;
    wr_str why;
    run->in_member = false;
    run->out_at = run->out_len = 0;
    for (size_t skip = 1;; skip = 1) {
        WR_TRY(more_input(run, 5, &why));
        if (run->in_len - run->in_at < 5) return WR_NOTFOUND;
        run->in_at += skip;
        const unsigned char *from = run->in + run->in_at;
        size_t left = run->in_len - run->in_at;
        const unsigned char *hit = memchr(from, 0x1f, left);
        run->in_at = hit ? (size_t)(hit - run->in) : run->in_len - 1;
        if (!hit) continue;
        WR_TRY(more_input(run, 5, &why));
        if (run->in_len - run->in_at < 5) return WR_NOTFOUND;
        hit = run->in + run->in_at;
        if (hit[1] == 0x8b && hit[2] == 8 && !(hit[3] & 0xe0)) return WR_OK;
    }
}

static void gzip_close(ingest_bytes *self) {
    gzip_run *run = (gzip_run *)self;
    if (run->inflater) libdeflate_free_decompressor(run->inflater);
    run->inflater = NULL;
    if (run->from->close) run->from->close(run->from);
}

wr_status ingest_gzip_open(wr_arena *arena, ingest_bytes *from, ingest_gzip_limits limits,
                           ingest_bytes **out) {
    gzip_run *run = wr_arena_take(arena, sizeof *run);
    if (!run || !(run->in = wr_arena_take(arena, IN_BYTES))) return WR_MEMORY;
    run->bytes = (ingest_bytes){
        .read = gzip_read, .borrow = gzip_borrow, .recover = gzip_recover, .close = gzip_close};
    if (from->seek) {
        run->bytes.mark = gzip_mark;
        run->bytes.go = gzip_go;
    }
    run->in_cap = IN_BYTES;
    run->from = from;
    run->arena = arena;
    run->limits = limits;
    run->z.zalloc = take;
    run->z.zfree = give_back;
    run->z.opaque = arena;
    if (inflateInit2(&run->z, 15 + 16) != Z_OK) return WR_MEMORY;
    *out = &run->bytes;
    return WR_OK;
}

wr_status ingest_gzip_whole(wr_arena *arena, wr_str packed, size_t guess, size_t most,
                            wr_str *out) {
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    size_t cap = guess < 4096 ? 4096 : guess, given = 0;
    wr_status status = inflater ? WR_LIMIT : WR_MEMORY;
    while (status == WR_LIMIT) {
        if (cap > most) cap = most;
        wr_arena_mark mark = wr_arena_here(arena);
        char *to = wr_arena_take(arena, cap);
        size_t used;
        enum libdeflate_result got =
            to ? libdeflate_gzip_decompress_ex(inflater, packed.ptr, packed.len, to, cap, &used,
                                               &given)
               : LIBDEFLATE_BAD_DATA;
        *out = wr_str_of(to, given);
        status = !to                                    ? WR_MEMORY
                 : got == LIBDEFLATE_SUCCESS            ? WR_OK
                 : got == LIBDEFLATE_INSUFFICIENT_SPACE ? WR_LIMIT
                                                        : WR_MALFORMED;
        if (status != WR_OK) wr_arena_rewind(arena, mark);
        if (cap == most) break;
        cap *= 4;
    }
    libdeflate_free_decompressor(inflater);
    return status;
}
