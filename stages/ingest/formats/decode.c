/* decode.c -- zstd, bzip2 and xz behind one loop */
#define ZSTD_STATIC_LINKING_ONLY /* memory functions of our own */
#include "decode.h"

#include <bzlib.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

#define IN_BYTES   ((size_t)64 << 10)
#define POOL_SLOTS 16
#define WINDOW_LOG 23
#define XZ_MEMORY  ((uint64_t)18 << 20)
#define RATIO_FROM ((uint64_t)1 << 20)

/* The libraries allocate and free for each member: what they free is kept and given again, so that
 * the arena does not grow with the number of members. */
typedef struct pool {
    wr_arena *arena;
    struct {
        void *ptr;
        size_t size;
        bool used;
    } slots[POOL_SLOTS];
} pool;

typedef struct decoder decoder;
struct decoder {
    ingest_bytes bytes;
    ingest_bytes *from;
    ingest_gzip_limits limits;
    decode_kind kind;
    pool memory;
    bool in_member, ended;
    wr_status status;
    wr_str why;
    ZSTD_DCtx *zstd;
    bz_stream bzip2;
    lzma_stream xz;
    lzma_allocator xz_memory;
    char *in;
    size_t in_at, in_len;
    ingest_marks marks;
};

static void *pool_take(void *opaque, size_t size) {
    pool *p = opaque;
    for (size_t i = 0; i < POOL_SLOTS; i++)
        if (p->slots[i].ptr && !p->slots[i].used && p->slots[i].size == size) {
            p->slots[i].used = true;
            return p->slots[i].ptr;
        }
    void *ptr = wr_arena_take(p->arena, size);
    for (size_t i = 0; ptr && i < POOL_SLOTS; i++)
        if (!p->slots[i].ptr) {
            p->slots[i].ptr = ptr;
            p->slots[i].size = size;
            p->slots[i].used = true;
            break;
        }
    return ptr;
}

static void pool_give(void *opaque, void *ptr) {
    pool *p = opaque;
    for (size_t i = 0; ptr && i < POOL_SLOTS; i++)
        if (p->slots[i].ptr == ptr) p->slots[i].used = false;
}

static void *bzip2_take(void *opaque, int n, int size) {
    return pool_take(opaque, (size_t)n * (size_t)size);
}

static void *xz_take(void *opaque, size_t n, size_t size) {
    return n && size > SIZE_MAX / n ? NULL : pool_take(opaque, n * size);
}

static wr_status fail(decoder *d, wr_status status, const char *why) {
    d->status = status;
    d->why = wr_str_c(why);
    return status;
}

/* ---- one step of each: takes from d->in, gives *len bytes at `to`, says when a member ended ----
 */

static wr_status step_zstd(decoder *d, char *to, size_t cap, size_t *len, bool *member_ended) {
    ZSTD_inBuffer in = {d->in, d->in_len, d->in_at};
    ZSTD_outBuffer out = {to, cap, 0};
    size_t left = ZSTD_decompressStream(d->zstd, &out, &in);
    d->in_at = in.pos;
    *len = out.pos;
    *member_ended = left == 0;
    if (!ZSTD_isError(left)) return WR_OK;
    switch (ZSTD_getErrorCode(left)) {
    case ZSTD_error_memory_allocation: return fail(d, WR_MEMORY, "not enough memory for the frame");
    case ZSTD_error_frameParameter_windowTooLarge:
        return fail(d, WR_LIMIT, "a Zstandard window of more than 8 MiB");
    default: return fail(d, WR_MALFORMED, "damaged Zstandard data");
    }
}

static wr_status step_bzip2(decoder *d, char *to, size_t cap, size_t *len, bool *member_ended) {
    if (!d->in_member) {
        d->bzip2 = (bz_stream){.bzalloc = bzip2_take, .bzfree = pool_give, .opaque = &d->memory};
        if (BZ2_bzDecompressInit(&d->bzip2, 0, 0) != BZ_OK)
            return fail(d, WR_MEMORY, "not enough memory for the stream");
    }
    d->bzip2.next_in = d->in + d->in_at;
    d->bzip2.avail_in = (unsigned)(d->in_len - d->in_at);
    d->bzip2.next_out = to;
    d->bzip2.avail_out = (unsigned)(cap < IN_BYTES ? cap : IN_BYTES);
    unsigned before = d->bzip2.avail_out;
    int got = BZ2_bzDecompress(&d->bzip2);
    d->in_at = d->in_len - d->bzip2.avail_in;
    *len = before - d->bzip2.avail_out;
    *member_ended = got == BZ_STREAM_END;
    if (*member_ended) BZ2_bzDecompressEnd(&d->bzip2);
    if (got == BZ_OK || got == BZ_STREAM_END) return WR_OK;
    return fail(d, got == BZ_MEM_ERROR ? WR_MEMORY : WR_MALFORMED, "damaged bzip2 data");
}

static wr_status step_xz(decoder *d, char *to, size_t cap, size_t *len, bool *member_ended) {
    if (!d->in_member) {
        d->xz_memory = (lzma_allocator){xz_take, pool_give, &d->memory};
        d->xz = (lzma_stream)LZMA_STREAM_INIT;
        d->xz.allocator = &d->xz_memory;
        if (lzma_stream_decoder(&d->xz, XZ_MEMORY, 0) != LZMA_OK)
            return fail(d, WR_MEMORY, "not enough memory for the stream");
    }
    d->xz.next_in = (const uint8_t *)d->in + d->in_at;
    d->xz.avail_in = d->in_len - d->in_at;
    d->xz.next_out = (uint8_t *)to;
    d->xz.avail_out = cap;
    lzma_ret got = lzma_code(&d->xz, LZMA_RUN);
    d->in_at = d->in_len - d->xz.avail_in;
    *len = cap - d->xz.avail_out;
    *member_ended = got == LZMA_STREAM_END;
    if (*member_ended) lzma_end(&d->xz);
    if (got == LZMA_OK || got == LZMA_STREAM_END || got == LZMA_BUF_ERROR) return WR_OK;
    if (got == LZMA_MEMLIMIT_ERROR)
        return fail(d, WR_LIMIT, "an xz dictionary of more than 16 MiB");
    return fail(d, got == LZMA_MEM_ERROR ? WR_MEMORY : WR_MALFORMED, "damaged xz data");
}

/* ---- the loop ---- */

static wr_status more_input(decoder *d) {
    d->in_at = d->in_len = 0;
    wr_status status = d->from->read(d->from, d->in, IN_BYTES, &d->in_len, &d->why);
    if (status != WR_OK) return d->status = status;
    d->ended = d->in_len == 0;
    return WR_OK;
}

/* Between members: xz allows zeros there, and all end at the end of input. */
static void skip_padding(decoder *d) {
    while (d->kind == DECODE_XZ && !d->in_member && d->in_at < d->in_len && d->in[d->in_at] == 0)
        d->in_at++;
}

static wr_status check_limits(decoder *d) {
    uint64_t out = d->bytes.taken, in = d->from->taken;
    if (out > d->limits.bytes) return fail(d, WR_LIMIT, "more decompressed bytes than the limit");
    if (out > RATIO_FROM && out / d->limits.ratio > in)
        return fail(d, WR_LIMIT, "compressed more densely than the limit");
    return WR_OK;
}

static wr_status decoder_read(ingest_bytes *self, char *to, size_t cap, size_t *len, wr_str *why) {
    decoder *d = (decoder *)self;
    *len = 0;
    while (d->status == WR_OK && *len == 0) {
        skip_padding(d);
        if (d->in_at == d->in_len && !d->ended && more_input(d) != WR_OK) break;
        skip_padding(d);
        if (d->in_at == d->in_len && !d->in_member) {
            if (d->ended) return WR_OK;
            continue;
        }
        if (!d->in_member) {
            ingest_mark mark = {d->from->taken - (d->in_len - d->in_at), self->taken};
            ingest_marks_add(&d->marks, mark);
        }
        size_t before = d->in_at;
        bool member_ended = false;
        wr_status status = d->kind == DECODE_ZSTD    ? step_zstd(d, to, cap, len, &member_ended)
                           : d->kind == DECODE_BZIP2 ? step_bzip2(d, to, cap, len, &member_ended)
                                                     : step_xz(d, to, cap, len, &member_ended);
        if (status != WR_OK) break;
        d->in_member = !member_ended;
        self->taken += *len;
        bool stuck = d->ended && before == d->in_at && *len == 0 && d->in_member;
        if (stuck) fail(d, WR_TRUNCATED, "the compressed data end too early");
        else (void)check_limits(d);
    }
    if (d->status != WR_OK) *why = d->why;
    return d->status;
}

static bool decoder_mark(const ingest_bytes *self, uint64_t at, ingest_mark *out) {
    return ingest_marks_find(&((const decoder *)self)->marks, at, out);
}

static void end_member(decoder *d) {
    if (d->in_member && d->kind == DECODE_BZIP2) BZ2_bzDecompressEnd(&d->bzip2);
    if (d->in_member && d->kind == DECODE_XZ) lzma_end(&d->xz);
    if (d->kind == DECODE_ZSTD) ZSTD_DCtx_reset(d->zstd, ZSTD_reset_session_only);
    d->in_member = false;
}

static wr_status decoder_go(ingest_bytes *self, ingest_mark mark) {
    decoder *d = (decoder *)self;
    if (!d->from->seek) return WR_UNSUPPORTED;
    WR_TRY(d->from->seek(d->from, mark.packed));
    end_member(d);
    d->in_at = d->in_len = 0;
    d->ended = false;
    d->status = WR_OK;
    d->marks.n = 0;
    self->taken = mark.unpacked;
    return WR_OK;
}

static void decoder_close(ingest_bytes *self) { /* the decoders' own memory goes with the arena */
    decoder *d = (decoder *)self;
    if (d->from->close) d->from->close(d->from);
}

wr_status decode_open(wr_arena *arena, decode_kind kind, ingest_bytes *from,
                      ingest_gzip_limits limits, ingest_bytes **out) {
    decoder *d = wr_arena_take(arena, sizeof *d);
    char *in = wr_arena_take(arena, IN_BYTES);
    if (!d || !in) return WR_MEMORY;
    d->bytes = (ingest_bytes){.read = decoder_read, .close = decoder_close};
    if (from->seek) {
        d->bytes.mark = decoder_mark;
        d->bytes.go = decoder_go;
    }
    d->from = from;
    d->limits = limits;
    d->kind = kind;
    d->memory.arena = arena;
    d->in = in;
    if (kind == DECODE_ZSTD) {
        ZSTD_customMem memory = {pool_take, pool_give, &d->memory};
        d->zstd = ZSTD_createDCtx_advanced(memory);
        if (!d->zstd) return WR_MEMORY;
        ZSTD_DCtx_setParameter(d->zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
    }
    *out = &d->bytes;
    return WR_OK;
}
