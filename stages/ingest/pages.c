/* pages.c -- peels compressions off a file, picks its format, numbers its pages */
#include "pages.h"

#include "formats/decode.h"
#include "formats/records.h"
#include "gzip.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

struct ingest_pages {
    const ingest_format *format;
    ingest_limits limits; /* depth: what is left of it below the layers that were peeled off */
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

static const ingest_format whole_text = {"text", whole_next, NULL, false};
static const ingest_format whole_html = {"html", whole_next, NULL, false};

static const ingest_format *find_format(ingest_kind kind) {
    switch (kind) {
    case INGEST_HTML: return &whole_html;
    case INGEST_JSON: return &records_json;
    case INGEST_WARC: return &records_warc;
    case INGEST_FEED: return &records_feed;
    case INGEST_MAIL: return &records_mail;
    case INGEST_NITF: return &records_nitf;
    case INGEST_NEWSML: return &records_newsml;
    case INGEST_SITEMAP: return &records_sitemap;
    case INGEST_ZIP: return &records_zip;
    case INGEST_TAR: return &records_tar;
    case INGEST_7Z: return &records_7z;
    case INGEST_EPUB: return &records_epub;
    case INGEST_OFFICE: return &records_docx;
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

static wr_status layer_borrow(ingest_bytes *self, const char **bytes, size_t *len, wr_str *why) {
    layer *l = (layer *)self;
    *len = 0;
    if (l->in.len || l->in.ended) return WR_UNSUPPORTED;
    WR_TRY(l->in.from->borrow(l->in.from, bytes, len, why));
    self->taken += *len;
    return WR_OK;
}

static void layer_empty(layer *l, uint64_t taken) {
    l->in.start = l->in.len = 0;
    l->in.lent = NULL;
    l->in.ended = false;
    l->in.status = WR_OK;
    l->bytes.taken = taken;
}

static wr_status layer_seek(ingest_bytes *self, uint64_t at) {
    layer *l = (layer *)self;
    layer_empty(l, at);
    return l->in.from->seek(l->in.from, at);
}

static bool layer_mark(const ingest_bytes *self, uint64_t at, ingest_mark *out) {
    const ingest_bytes *from = ((const layer *)self)->in.from;
    return from->mark(from, at, out);
}

static wr_status layer_go(ingest_bytes *self, ingest_mark mark) {
    layer *l = (layer *)self;
    layer_empty(l, mark.unpacked);
    return l->in.from->go(l->in.from, mark);
}

static wr_status layer_recover(ingest_bytes *self) {
    layer *l = (layer *)self;
    layer_empty(l, self->taken);
    return l->in.from->recover(l->in.from);
}

static void layer_close(ingest_bytes *self) {
    ingest_bytes *from = ((layer *)self)->in.from;
    if (from->close) from->close(from);
}

static ingest_bytes *layer_open(wr_arena *arena, ingest_bytes *from) {
    layer *l = wr_arena_take(arena, sizeof *l);
    if (!l) return NULL;
    ingest_input_open(&l->in, arena, from, INGEST_SNIFF_BYTES);
    l->bytes = (ingest_bytes){.read = layer_read,
                              .borrow = from->borrow ? layer_borrow : NULL,
                              .seek = from->seek ? layer_seek : NULL,
                              .size = from->size,
                              .mark = from->mark ? layer_mark : NULL,
                              .go = from->go ? layer_go : NULL,
                              .recover = from->recover ? layer_recover : NULL,
                              .close = layer_close};
    return &l->bytes;
}

static wr_status open_packed(wr_arena *arena, ingest_kind kind, ingest_bytes *from,
                             const ingest_limits *limits, ingest_bytes **out) {
    ingest_gzip_limits most = {limits->file_bytes, limits->ratio};
    switch (kind) {
    case INGEST_GZIP: return ingest_gzip_open(arena, from, most, out);
    case INGEST_ZSTD: return decode_open(arena, DECODE_ZSTD, from, most, out);
    case INGEST_BZIP2: return decode_open(arena, DECODE_BZIP2, from, most, out);
    default: return decode_open(arena, DECODE_XZ, from, most, out);
    }
}

/* *out is the run as far as it was opened, also when this fails. */
static wr_status peel(wr_arena *arena, ingest_limits *limits, ingest_bytes **out,
                      ingest_verdict *verdict, wr_str *why) {
    for (;;) {
        layer *l = (layer *)layer_open(arena, *out);
        if (!l) return WR_MEMORY;
        *out = &l->bytes;
        wr_status status = ingest_input_fill(&l->in, INGEST_SNIFF_BYTES);
        if (status != WR_OK) {
            *why = l->in.why;
            return status;
        }
        wr_str head = ingest_input_view(&l->in);
        if (!head.len) return WR_EMPTY;
        *verdict = ingest_sniff(head);
        bool packed = verdict->kind == INGEST_GZIP || verdict->kind == INGEST_ZSTD ||
                      verdict->kind == INGEST_BZIP2 || verdict->kind == INGEST_XZ;
        bool archive = verdict->kind == INGEST_ZIP || verdict->kind == INGEST_TAR ||
                       verdict->kind == INGEST_7Z;
        if (!packed && !archive) return WR_OK;
        if (!limits->depth) {
            *why = WR_STR("more compressions and archives inside each other than the limit");
            return WR_LIMIT;
        }
        limits->depth--;
        if (archive) return WR_OK;
        WR_TRY(open_packed(arena, verdict->kind, &l->bytes, limits, out));
    }
}

static wr_status open_format(wr_arena *arena, ingest_pages *pages, ingest_bytes **run,
                             wr_str *why) {
    ingest_verdict verdict;
    WR_TRY(peel(arena, &pages->limits, run, &verdict, why));
    if (verdict.kind == INGEST_UNSUPPORTED || verdict.kind == INGEST_BINARY) {
        WR_TRY(wr_arena_printf(arena, why, "the file is %s", verdict.name));
        return verdict.kind == INGEST_BINARY ? WR_BINARY : WR_UNSUPPORTED;
    }
    pages->format = find_format(verdict.kind);
    ingest_input_open(&pages->in, arena, *run, pages->limits.page_bytes + ((size_t)64 << 10));
    return WR_OK;
}

wr_status ingest_pages_open(wr_arena *arena, ingest_bytes *file, const ingest_limits *limits,
                            ingest_pages **out, wr_str *why) {
    ingest_bytes *run = file;
    *out = NULL;
    *why = wr_str_of(NULL, 0);
    ingest_pages *pages = wr_arena_take(arena, sizeof *pages);
    if (!pages) return WR_MEMORY;
    pages->limits = *limits;
    wr_status status = open_format(arena, pages, &run, why);
    if (status == WR_OK) *out = pages;
    else if (run->close) run->close(run);
    return status;
}

void ingest_pages_close(ingest_pages **pages) {
    if (!*pages) return;
    ingest_bytes *run = (*pages)->in.from;
    if ((*pages)->format->close && (*pages)->state) (*pages)->format->close((*pages)->state);
    if (run->close) run->close(run);
    *pages = NULL;
}

static wr_status go_on(ingest_input *in, ingest_place place) {
    uint64_t skipped;
    if (ingest_input_seek(in, place.offset) == WR_OK) return WR_OK;
    if (place.mark.packed && place.mark.unpacked <= place.offset && in->from->go)
        WR_TRY(ingest_input_go(in, place.mark));
    return ingest_input_skip(in, place.offset - in->offset, &skipped);
}

wr_status ingest_pages_resume(ingest_pages *pages, ingest_place place, wr_str *why) {
    if (!pages->format->resumable || !place.offset) return WR_OK;
    wr_status status = go_on(&pages->in, place);
    if (status != WR_OK) *why = pages->in.why;
    pages->record = place.record;
    return status;
}

/* Most pages say at once what they are. */
static bool begins_as_html(wr_str raw) {
    static const wr_str heads[] = {{"<!doctype html", 14}, {"<html", 5}};
    raw = wr_str_slice(raw, 0, 64);
    if (wr_str_starts(raw, WR_STR("\xef\xbb\xbf"))) raw = wr_str_slice(raw, 3, raw.len);
    raw = wr_str_trim(raw);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (raw.len > heads[i].len &&
            wr_str_eq_nocase(wr_str_slice(raw, 0, heads[i].len), heads[i]))
            return true;
    return false;
}

static wr_str kind_of(wr_str raw) {
    if (begins_as_html(raw)) return WR_STR("html");
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
    *why = wr_str_of(NULL, 0); /* of an earlier record it may be gone */
    page->offset = pages->in.offset;
    wr_status status =
        pages->format->next(&pages->in, &pages->state, &pages->limits, arena, page, found, why);
    page->record = pages->record;
    if (*found == INGEST_FOUND_END) return status;
    pages->record++;
    if (*found == INGEST_FOUND_BAD) return status;
    if (!page->kind.len) page->kind = kind_of(page->raw);
    return ingest_page_identify(arena, page);
}

ingest_place ingest_pages_place(const ingest_pages *pages) {
    ingest_place place = {.record = pages->record, .offset = pages->in.offset};
    const ingest_bytes *run = pages->in.from;
    if (run->mark && !run->mark(run, place.offset, &place.mark)) place.mark = (ingest_mark){0, 0};
    return place;
}

const char *ingest_pages_format(const ingest_pages *pages) {
    return pages->format->name;
}
