/* warc.c -- WARC records as pages */
#include "http.h"
#include "records.h"

#define HEADER_MAX ((size_t)32 << 10)
#define LENGTH_MAX ((uint64_t)1 << 50)

typedef struct warc_header {
    wr_str type, uri, date, content_type;
    uint64_t length;
    bool has_length;
} warc_header;

/* The run below cannot be read on. Where its members stand alone, as in a .warc.gz, only the
 * damaged one is lost. */
static wr_status fail(ingest_input *in, wr_status status, ingest_found *found, wr_str *why) {
    *why = in->why;
    *found = ingest_input_recover(in) == WR_OK ? INGEST_FOUND_BAD : INGEST_FOUND_END;
    return status;
}

/* Fills as far as the run goes: what was read before the run broke is good. */
static wr_status fill(ingest_input *in, size_t want) {
    wr_status status = ingest_input_fill(in, want);
    return in->status != WR_OK && in->len ? WR_OK : status;
}

/* Length of the header block with its blank line, 0 when its end is not in the view. */
static size_t header_bytes(wr_str view) {
    for (size_t at = wr_str_find_char(view, 0, '\n'); at < view.len;
         at = wr_str_find_char(view, at + 1, '\n')) {
        if (wr_str_starts(wr_str_slice(view, at + 1, view.len), WR_STR("\r\n"))) return at + 3;
        if (at + 1 < view.len && view.ptr[at + 1] == '\n') return at + 2;
    }
    return 0;
}

static wr_str without_angles(wr_str uri) { /* wget writes <uri> */
    bool angles = uri.len > 1 && *uri.ptr == '<' && uri.ptr[uri.len - 1] == '>';
    return angles ? wr_str_slice(uri, 1, uri.len - 1) : uri;
}

static void read_header(wr_str block, warc_header *h) {
    wr_str number = http_field(block, WR_STR("content-length"));
    *h = (warc_header){.type = http_field(block, WR_STR("warc-type")),
                       .uri = without_angles(http_field(block, WR_STR("warc-target-uri"))),
                       .date = http_field(block, WR_STR("warc-date")),
                       .content_type = http_field(block, WR_STR("content-type"))};
    for (size_t i = 0; i < number.len && wr_is_digit(number.ptr[i]) && h->length < LENGTH_MAX;
         i++) {
        h->length = h->length * 10 + (uint64_t)(number.ptr[i] - '0');
        h->has_length = true;
    }
}

/* Bytes before the next line that begins a record; all but a last few when there is none. */
static size_t to_next_record(wr_str view) {
    const wr_str mark = WR_STR("\nWARC/1.");
    for (size_t at = wr_str_find_char(view, 0, '\n'); at < view.len;
         at = wr_str_find_char(view, at + 1, '\n'))
        if (wr_str_starts(wr_str_slice(view, at, view.len), mark)) return at + 1;
    return view.len > mark.len ? view.len - mark.len : view.len;
}

/* Goes to the next record's begin, over line ends; anything else between is damage. */
static wr_status find_begin(ingest_input *in, bool *damaged) {
    *damaged = false;
    for (;;) {
        WR_TRY(fill(in, 1)); /* at the end of a member no more than the next one */
        wr_str view = ingest_input_view(in);
        size_t white = 0;
        while (white < view.len && wr_is_space(view.ptr[white]))
            white++;
        if (white) {
            ingest_input_take(in, white);
            continue;
        }
        WR_TRY(fill(in, 16));
        view = ingest_input_view(in);
        if (!view.len || wr_str_starts(view, WR_STR("WARC/1."))) return WR_OK;
        *damaged = true;
        ingest_input_take(in, to_next_record(view));
    }
}

/* The page in a record's block; WR_OK with page->raw empty when there is none to be had. */
static wr_status read_block(wr_arena *arena, const ingest_limits *limits, const warc_header *h,
                            wr_str block, wr_page *page, wr_str *why) {
    page->url = h->uri;
    page->fetched = h->date;
    WR_TRY(records_text(arena, &page->url));
    WR_TRY(records_text(arena, &page->fetched));
    bool response = wr_str_eq_nocase(h->type, WR_STR("response"));
    if (!response) {
        page->content_type = h->content_type;
        WR_TRY(records_text(arena, &page->content_type));
        bool about = wr_str_starts(h->uri, WR_STR("metadata:")); /* the crawler's own logs */
        if (!about && http_is_page(h->content_type)) page->raw = block;
        return WR_OK;
    }
    if (!wr_str_starts(block, WR_STR("HTTP/"))) return WR_OK; /* DNS and the like */
    size_t head = header_bytes(block);
    if (!head) {
        *why = WR_STR("an HTTP response without an end of its header");
        return WR_TRUNCATED;
    }
    http_response http = {.header = wr_str_slice(block, 0, head),
                          .body = wr_str_slice(block, head, block.len)};
    if (!http_is_ok(&http)) return WR_OK;
    page->content_type = http_field(http.header, WR_STR("content-type"));
    if (!http_is_page(page->content_type)) return WR_OK;
    WR_TRY(records_text(arena, &page->content_type));
    return http_body(arena, limits, &http, &page->raw, why);
}

/* One record at the window's begin. */
static wr_status read_record(ingest_input *in, const ingest_limits *limits, wr_arena *arena,
                             wr_page *page, bool *wanted, wr_str *why) {
    warc_header h;
    size_t head = 0;
    for (size_t want = 1024; !head && want <= HEADER_MAX; want *= 2) { /* no more than is there */
        head = header_bytes(wr_str_slice(ingest_input_view(in), 0, HEADER_MAX));
        if (!head) WR_TRY(fill(in, want));
    }
    if (!head) head = header_bytes(wr_str_slice(ingest_input_view(in), 0, HEADER_MAX));
    *wanted = true;
    if (head) read_header(wr_str_slice(ingest_input_view(in), 0, head), &h);
    if (!head && in->status != WR_OK) {
        ingest_input_take(in, in->len);
        return in->status;
    }
    if (!head || !h.has_length || h.length >= LENGTH_MAX) {
        ingest_input_take(in, 7); /* so that the search for the next one goes on behind it */
        *why = WR_STR("a WARC header that is damaged");
        return WR_MALFORMED;
    }
    *wanted = wr_str_eq_nocase(h.type, WR_STR("response")) ||
              wr_str_eq_nocase(h.type, WR_STR("resource")) ||
              wr_str_eq_nocase(h.type, WR_STR("conversion"));
    uint64_t skipped;
    if (!*wanted || h.length > limits->page_bytes) {
        *why = WR_STR("a record larger than the limit (--page-limit)");
        WR_TRY(ingest_input_skip(in, head + h.length, &skipped));
        return *wanted ? WR_LIMIT : WR_OK;
    }
    size_t whole = head + (size_t)h.length;
    WR_TRY(fill(in, whole));
    wr_str view = ingest_input_view(in); /* the fill may have moved it */
    read_header(wr_str_slice(view, 0, head), &h);
    bool cut = view.len < whole;
    if (cut && in->status != WR_OK) {
        ingest_input_take(in, view.len);
        return in->status;
    }
    wr_status status = read_block(arena, limits, &h, wr_str_slice(view, head, whole), page, why);
    ingest_input_take(in, cut ? view.len : whole);
    *wanted = status != WR_OK || page->raw.len > 0 || cut;
    if (!cut) return status;
    *why = WR_STR("the file ends inside a record");
    return WR_TRUNCATED;
}

static wr_status warc_next(ingest_input *in, void **state, const ingest_limits *limits,
                           wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    (void)state;
    for (;;) {
        bool damaged, wanted = false;
        *found = INGEST_FOUND_END;
        wr_status status = find_begin(in, &damaged);
        if (status != WR_OK) return fail(in, status, found, why);
        *found = INGEST_FOUND_BAD;
        if (damaged) {
            *why = WR_STR("bytes that are no WARC record");
            return WR_MALFORMED;
        }
        *found = INGEST_FOUND_END;
        if (!in->len) return WR_OK;
        *page = (wr_page){.offset = in->offset};
        status = read_record(in, limits, arena, page, &wanted, why);
        if (status != WR_OK && status == in->status) return fail(in, status, found, why);
        if (!wanted) continue;
        *found = status == WR_OK ? INGEST_FOUND_PAGE : INGEST_FOUND_BAD;
        return status;
    }
}

const ingest_format records_warc = {"warc", warc_next, NULL, true};
