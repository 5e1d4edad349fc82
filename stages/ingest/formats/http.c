/* http.c -- stored HTTP responses */
#include "http.h"

#include "decode.h"

#include <brotli/decode.h>
#include <zlib.h>

wr_str http_field(wr_str header, wr_str name) {
    for (size_t at = 0; at < header.len;) {
        size_t end = wr_str_find_char(header, at, '\n');
        wr_str line = wr_str_slice(header, at, end);
        size_t colon = wr_str_find_char(line, 0, ':');
        if (colon < line.len && wr_str_eq_nocase(wr_str_trim(wr_str_slice(line, 0, colon)), name))
            return wr_str_trim(wr_str_slice(line, colon + 1, line.len));
        at = end + 1;
    }
    return wr_str_of(NULL, 0);
}

bool http_is_ok(const http_response *http) {
    size_t space = wr_str_find_char(http->header, 0, ' ');
    return wr_str_starts(wr_str_slice(http->header, space, http->header.len), WR_STR(" 200"));
}

bool http_is_page(wr_str type) {
    static const wr_str pages[] = {
        {"text/html", 9}, {"application/xhtml+xml", 21}, {"text/plain", 10}};
    type = wr_str_trim(wr_str_slice(type, 0, wr_str_find_char(type, 0, ';')));
    if (!type.len) return true;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (wr_str_eq_nocase(type, pages[i])) return true;
    return false;
}

/* The number a chunk's line begins with; false when the line is none. */
static bool chunk_size(wr_str line, size_t *size) {
    size_t n = 0;
    *size = 0;
    line = wr_str_trim(line);
    for (; n < line.len && n < 8; n++) {
        char c = wr_lower(line.ptr[n]);
        if (wr_is_digit(c)) *size = *size * 16 + (size_t)(c - '0');
        else if (c >= 'a' && c <= 'f') *size = *size * 16 + (size_t)(c - 'a' + 10);
        else break;
    }
    return n > 0 && (n == line.len || line.ptr[n] == ';' || wr_is_space(line.ptr[n]));
}

/* Chunks joined. A body that is not chunked, whatever its header says, stays as it is; one that
 * ends early gives what there is. */
static wr_status join_chunks(wr_arena *arena, wr_str *body) {
    char *to = NULL;
    size_t n = 0, size;
    for (size_t at = 0; at < body->len;) {
        size_t line = wr_str_find_char(*body, at, '\n');
        if (!chunk_size(wr_str_slice(*body, at, line), &size)) {
            if (!to) return WR_OK;
            break;
        }
        if (!to && !(to = wr_arena_take(arena, body->len))) return WR_MEMORY;
        if (!size) break;
        wr_str chunk = wr_str_slice(*body, line + 1, line + 1 + size);
        memcpy(to + n, chunk.ptr, chunk.len);
        n += chunk.len;
        at = line + 1 + size;
        while (at < body->len && (body->ptr[at] == '\r' || body->ptr[at] == '\n'))
            at++;
    }
    if (to) *body = wr_str_of(to, n);
    return WR_OK;
}

/* All a run gives, up to the page limit. */
static wr_status read_all(wr_arena *arena, const ingest_limits *limits, ingest_bytes *run,
                          size_t guess, wr_str *out, wr_str *why) {
    size_t cap = guess < 4096 ? 4096 : guess, len = 0, got;
    if (cap > limits->page_bytes) cap = limits->page_bytes;
    char *to = wr_arena_take(arena, cap);
    if (!to) return WR_MEMORY;
    for (;;) {
        wr_status status = run->read(run, to + len, cap - len, &got, why);
        len += got;
        *out = wr_str_of(to, len);
        if (status == WR_TRUNCATED && len) return WR_OK; /* a page that was cut is a page */
        if (status != WR_OK || !got) return status;
        if (len < cap) continue;
        if (cap == limits->page_bytes) {
            *why = WR_STR("a body larger than the limit (--page-limit)");
            return WR_LIMIT;
        }
        size_t more = cap * 2 > limits->page_bytes ? limits->page_bytes : cap * 2;
        char *grown = wr_arena_grow(arena, to, cap, more, 1);
        if (!grown) return WR_MEMORY;
        to = grown;
        cap = more;
    }
}

/* "deflate": a zlib stream by the standard, a raw one by some servers. */
static wr_status inflate_body(wr_arena *arena, const ingest_limits *limits, wr_str *body,
                              wr_str *why) {
    for (int bits = 15; bits >= -15; bits -= 30) {
        wr_arena_mark mark = wr_arena_here(arena);
        size_t cap =
            body->len * 20 < limits->page_bytes ? body->len * 20 + 4096 : limits->page_bytes;
        char *to = wr_arena_take(arena, cap);
        if (!to) return WR_MEMORY;
        z_stream z = {.next_in = (Bytef *)(uintptr_t)body->ptr,
                      .avail_in = (uInt)body->len,
                      .next_out = (Bytef *)to,
                      .avail_out = (uInt)cap};
        if (inflateInit2(&z, bits) != Z_OK) return WR_MEMORY;
        int got = inflate(&z, Z_FINISH);
        size_t len = cap - z.avail_out;
        inflateEnd(&z);
        if (got == Z_STREAM_END || (got == Z_BUF_ERROR && len && z.avail_out)) {
            *body = wr_str_of(to, len);
            return WR_OK;
        }
        wr_arena_rewind(arena, mark);
    }
    *why = WR_STR("damaged deflate data in a body, or too much of them");
    return WR_MALFORMED;
}

static void *brotli_take(void *arena, size_t size) {
    return wr_arena_take(arena, size);
}

static void brotli_give(void *arena, void *block) { /* goes with the arena */
    (void)arena;
    (void)block;
}

/* Brotli has no mark at its begin: a body that does not decode was stored decoded, or is damaged.
 */
static wr_status brotli_body(wr_arena *arena, const ingest_limits *limits, wr_str *body,
                             wr_str *why) {
    BrotliDecoderState *b = BrotliDecoderCreateInstance(brotli_take, brotli_give, arena);
    size_t cap = body->len * 8 < limits->page_bytes ? body->len * 8 + 4096 : limits->page_bytes;
    size_t left = body->len, len = 0;
    const uint8_t *in = (const uint8_t *)body->ptr;
    char *to = b ? wr_arena_take(arena, cap) : NULL;
    wr_status status = to ? WR_OK : WR_MEMORY;
    BrotliDecoderResult got = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (status == WR_OK && got == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
        if (len == cap) {
            size_t more = cap * 2 < limits->page_bytes ? cap * 2 : limits->page_bytes;
            char *grown = more > cap ? wr_arena_grow(arena, to, cap, more, 1) : NULL;
            status = grown ? WR_OK : more > cap ? WR_MEMORY : WR_LIMIT;
            if (status == WR_LIMIT) *why = WR_STR("a body larger than the limit (--page-limit)");
            if (!grown) break;
            to = grown;
            cap = more;
        }
        size_t room = cap - len;
        uint8_t *out = (uint8_t *)to + len;
        got = BrotliDecoderDecompressStream(b, &left, &in, &room, &out, NULL);
        len = cap - room;
    }
    if (b) BrotliDecoderDestroyInstance(b);
    WR_TRY(status);
    bool cut = got == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT && len;
    if (got != BROTLI_DECODER_RESULT_SUCCESS && !cut) {
        if (wr_str_starts(wr_str_trim(*body), WR_STR("<"))) return WR_OK;
        *why = WR_STR("damaged brotli data in a body");
        return WR_MALFORMED;
    }
    *body = wr_str_of(to, len);
    return WR_OK;
}

static wr_status decode_body(wr_arena *arena, const ingest_limits *limits, wr_str encoding,
                             wr_str *body, wr_str *why) {
    ingest_memory memory;
    ingest_bytes *run = ingest_memory_open(&memory, *body);
    ingest_gzip_limits most = {limits->page_bytes, limits->ratio};
    size_t guess = body->len * 5;
    bool gzip =
        wr_str_eq_nocase(encoding, WR_STR("gzip")) || wr_str_eq_nocase(encoding, WR_STR("x-gzip"));
    /* Many archives keep the header and store the body decoded. */
    if (gzip && !wr_str_starts(*body, WR_STR("\x1f\x8b"))) return WR_OK;
    if (wr_str_eq_nocase(encoding, WR_STR("zstd")) &&
        !wr_str_starts(*body, WR_STR("\x28\xb5\x2f\xfd")))
        return WR_OK;
    if (gzip) {
        wr_status status = ingest_gzip_whole(arena, *body, guess, limits->page_bytes, body);
        if (status != WR_MALFORMED) {
            if (status == WR_LIMIT) *why = WR_STR("a body larger than the limit (--page-limit)");
            return status;
        }
        WR_TRY(ingest_gzip_open(arena, run, most, &run)); /* as far as it is there */
    } else if (wr_str_eq_nocase(encoding, WR_STR("br")))
        return brotli_body(arena, limits, body, why);
    else if (wr_str_eq_nocase(encoding, WR_STR("zstd")))
        WR_TRY(decode_open(arena, DECODE_ZSTD, run, most, &run));
    else if (wr_str_eq_nocase(encoding, WR_STR("deflate")))
        return inflate_body(arena, limits, body, why);
    else {
        /* A body in no known encoding that reads as markup was stored decoded as well. */
        if (wr_str_starts(wr_str_trim(*body), WR_STR("<"))) return WR_OK;
        *why = WR_STR("a body in a content encoding that is not read");
        return WR_UNSUPPORTED;
    }
    return read_all(arena, limits, run, guess, body, why);
}

wr_status http_body(wr_arena *arena, const ingest_limits *limits, const http_response *http,
                    wr_str *out, wr_str *why) {
    *out = http->body;
    if (wr_str_eq_nocase(http_field(http->header, WR_STR("transfer-encoding")), WR_STR("chunked")))
        WR_TRY(join_chunks(arena, out));
    wr_str encoding = http_field(http->header, WR_STR("content-encoding"));
    if (!encoding.len || !out->len || wr_str_eq_nocase(encoding, WR_STR("identity"))) return WR_OK;
    return decode_body(arena, limits, encoding, out, why);
}
