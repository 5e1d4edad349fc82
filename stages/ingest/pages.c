/* pages.c -- peels compressions off a file, picks its format, numbers its pages */
#include "pages.h"

#include "formats/decode.h"
#include "formats/records.h"
#include "gzip.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

struct ingest_pages {
    const ingest_format *format;
    const ingest_limits *limits;
    ingest_input in;
    void *state;
    uint64_t record;
};

/* A file that is one page: all of it. */
static wr_status whole_next(ingest_input *in, void **state, const ingest_limits *limits,
                            wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    (void)state;
    (void)arena;
    *found = INGEST_FOUND_END;
    if (in->ended && !in->len) return WR_OK;
    wr_status status = ingest_input_fill(in, limits->page_bytes + 1);
    if (status != WR_OK) {
        *why = in->why;
        return status;
    }
    wr_str view = ingest_input_view(in);
    if (view.len > limits->page_bytes) {
        *why = WR_STR("the page is larger than the limit (--page-limit)");
        return WR_LIMIT;
    }
    if (!view.len) return WR_OK;
    page->raw = view;
    ingest_input_take(in, view.len);
    *found = INGEST_FOUND_PAGE;
    return WR_OK;
}

static const ingest_format whole_text = {"text", whole_next, false};
static const ingest_format whole_html = {"html", whole_next, false};

static const ingest_format *find_format(ingest_kind kind) {
    switch (kind) {
    case INGEST_HTML: return &whole_html;
    case INGEST_JSON: return &records_json;
    case INGEST_WARC: return &records_warc;
    case INGEST_FEED: return &records_feed;
    case INGEST_MAIL: return &records_mail;
    default: return &whole_text;
    }
}

/* The run below all compressions, and what its first bytes are. Each layer is judged on a window of
 * its own, which the next layer reads through. */
typedef struct layer {
    ingest_bytes bytes;
    ingest_input in;
} layer;

static wr_status layer_read(ingest_bytes *self, char *to, size_t cap, size_t *len, wr_str *why) {
    layer *l = (layer *)self;
    *len = 0;
    if (!l->in.len) {
        if (l->in.ended) return WR_OK;
        wr_status status = l->in.from->read(l->in.from, to, cap, len, why);
        l->in.ended = status == WR_OK && *len == 0;
        self->taken += *len;
        return status;
    }
    wr_str view = ingest_input_view(&l->in);
    *len = view.len < cap ? view.len : cap;
    memcpy(to, view.ptr, *len);
    ingest_input_take(&l->in, *len);
    self->taken += *len;
    return WR_OK;
}

static wr_status layer_seek(ingest_bytes *self, uint64_t at) {
    layer *l = (layer *)self;
    if (!l->in.from->seek) return WR_UNSUPPORTED;
    l->in.start = l->in.len = 0;
    l->in.ended = false;
    self->taken = at;
    return l->in.from->seek(l->in.from, at);
}

static wr_status peel(wr_arena *arena, ingest_bytes *from, const ingest_limits *limits,
                      ingest_bytes **out, ingest_verdict *verdict, wr_str *why) {
    for (unsigned depth = 0;; depth++) {
        layer *l = wr_arena_take(arena, sizeof *l);
        if (!l) return WR_MEMORY;
        ingest_input_open(&l->in, arena, from, INGEST_SNIFF_BYTES);
        l->bytes = (ingest_bytes){layer_read, from->seek ? layer_seek : NULL, 0};
        wr_status status = ingest_input_fill(&l->in, INGEST_SNIFF_BYTES);
        if (status != WR_OK) {
            *why = l->in.why;
            return status;
        }
        wr_str head = ingest_input_view(&l->in);
        if (!head.len) return WR_EMPTY;
        *verdict = ingest_sniff(head);
        *out = &l->bytes;
        bool packed = verdict->kind == INGEST_GZIP || verdict->kind == INGEST_ZSTD ||
                      verdict->kind == INGEST_BZIP2 || verdict->kind == INGEST_XZ;
        if (!packed) return WR_OK;
        if (depth >= limits->depth) {
            *why = WR_STR("compressed more times than the limit");
            return WR_LIMIT;
        }
        ingest_gzip_limits gzip = {limits->file_bytes, limits->ratio};
        if (verdict->kind == INGEST_GZIP) WR_TRY(ingest_gzip_open(arena, &l->bytes, gzip, &from));
        else
            WR_TRY(decode_open(arena,
                               verdict->kind == INGEST_ZSTD    ? DECODE_ZSTD
                               : verdict->kind == INGEST_BZIP2 ? DECODE_BZIP2
                                                               : DECODE_XZ,
                               &l->bytes, gzip, &from));
    }
}

wr_status ingest_pages_open(wr_arena *arena, ingest_bytes *file, const ingest_limits *limits,
                            ingest_pages **out, wr_str *why) {
    ingest_bytes *run;
    ingest_verdict verdict;
    WR_TRY(peel(arena, file, limits, &run, &verdict, why));
    if (verdict.kind == INGEST_UNSUPPORTED || verdict.kind == INGEST_BINARY) {
        WR_TRY(wr_arena_printf(arena, why, "the file is %s", verdict.name));
        return verdict.kind == INGEST_BINARY ? WR_BINARY : WR_UNSUPPORTED;
    }
    ingest_pages *pages = wr_arena_take(arena, sizeof *pages);
    if (!pages) return WR_MEMORY;
    pages->format = find_format(verdict.kind);
    pages->limits = limits;
    ingest_input_open(&pages->in, arena, run, limits->page_bytes + ((size_t)64 << 10));
    *out = pages;
    return WR_OK;
}

wr_status ingest_pages_resume(ingest_pages *pages, ingest_place place, wr_str *why) {
    if (!pages->format->resumable || !place.offset) return WR_OK;
    ingest_input *in = &pages->in;
    if (in->from->seek && in->from->seek(in->from, place.offset) == WR_OK) {
        in->start = in->len = 0;
        in->ended = false;
        in->offset = place.offset;
    } else {
        uint64_t skipped;
        wr_status status = ingest_input_skip(in, place.offset, &skipped);
        if (status != WR_OK) {
            *why = in->why;
            return status;
        }
    }
    pages->record = place.record;
    return WR_OK;
}

static wr_str kind_of(wr_str raw) {
    return ingest_sniff(raw).kind == INGEST_HTML ? WR_STR("html") : WR_STR("text");
}

wr_status ingest_page_identify(wr_arena *arena, wr_page *page) {
    XXH128_hash_t hash = XXH3_128bits(page->raw.ptr, page->raw.len);
    page->size = page->raw.len;
    return wr_arena_printf(arena, &page->id, "%016llx%016llx", (unsigned long long)hash.high64,
                           (unsigned long long)hash.low64);
}

wr_status ingest_pages_next(ingest_pages *pages, wr_arena *arena, wr_page *page,
                            ingest_found *found, wr_str *why) {
    *page = (wr_page){0};
    *found = INGEST_FOUND_END;
    page->offset = pages->in.offset;
    wr_status status =
        pages->format->next(&pages->in, &pages->state, pages->limits, arena, page, found, why);
    page->record = pages->record;
    if (*found == INGEST_FOUND_END) return status;
    pages->record++;
    if (*found == INGEST_FOUND_BAD) return status;
    if (!page->kind.len) page->kind = kind_of(page->raw);
    return ingest_page_identify(arena, page);
}

ingest_place ingest_pages_place(const ingest_pages *pages) {
    return (ingest_place){pages->record, pages->in.offset};
}

const char *ingest_pages_format(const ingest_pages *pages) {
    return pages->format->name;
}
