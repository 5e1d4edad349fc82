/* ingest.c -- what is one page: sniffing, gzip, names, pages; files and pages under way */
#include "check.h"

#include "stages/ingest/gzip.h"
#include "stages/ingest/ledger.h"
#include "stages/ingest/name.h"
#include "stages/ingest/pages.h"

#include <stdlib.h>
#include <zlib.h>

#define B(literal)                                                                                 \
    { literal, sizeof(literal) - 1 }

static void test_sniff(void) {
    static const struct {
        wr_str head;
        ingest_kind kind;
    } rows[] = {
        {B("Plain words, nothing else."), INGEST_TEXT},
        {B("a < b and c > d, <br> once"), INGEST_TEXT},
        {B("<!DOCTYPE html><p>x"), INGEST_HTML},
        {B("  \n<!-- note --><?xml version='1.0'?>\n<!doctype HTML PUBLIC '-//W3C//DTD'>"),
         INGEST_HTML},
        {B("<html xmlns='x'><body>"), INGEST_HTML},
        {B("<HEAD><TITLE>T</TITLE>"), INGEST_HTML},
        {B("\xef\xbb\xbf<html>"), INGEST_HTML},
        {B("Intro <p>one</p> <p>two</p> <div>three</div>"), INGEST_HTML},
        {B("<?xml version='1.0'?><rss><channel>"), INGEST_FEED},
        {B(" {\"a\": 1}"), INGEST_JSON},
        {B("[note] {1}"), INGEST_TEXT},
        {B("WARC/1.0\r\n"), INGEST_WARC},
        {B("<password> is what he typed"), INGEST_TEXT},
        {B("\xff\xfeH\0e\0l\0l\0o\0 \0w\0"), INGEST_TEXT},
        {B("\0H\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d"), INGEST_TEXT},
        {B("\xff\xfe<\0h\0t\0m\0l\0>\0"), INGEST_HTML},
        {B("\x1f\x8b\x08\0"), INGEST_GZIP},
        {B("%PDF-1.7 ..."), INGEST_UNSUPPORTED},
        {B("PK\x03\x04zip"), INGEST_ZIP},
        {B("\x01\x02\x03\x04\x05\x06"), INGEST_BINARY},
        {B("\0\0\0\0\0\0\0\0"), INGEST_BINARY},
        {B("caf\xe9 cr\xe8me"), INGEST_TEXT},
        {B("\x1b$B%K%e!<%9\x1b(B"), INGEST_TEXT},
        {B("<!--"), INGEST_TEXT},
        {B("<"), INGEST_TEXT},
        {B(""), INGEST_TEXT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char row[32];
        snprintf(row, sizeof row, "sniff %zu", i);
        CHECK_ROW(row, ingest_sniff(rows[i].head).kind == rows[i].kind);
    }
}

static void test_names(void) {
    static const struct {
        wr_str path, text;
    } rows[] = {
        {B("plain.txt"), B("plain.txt")},
        {B("sub/m\xc3\xbcll.html"), B("sub/m\xc3\xbcll.html")},
        {B("latin-\xfc.txt"), B("latin-%FC.txt")},
        {B("100%.txt"), B("100%25.txt")},
        {B("two\nlines"), B("two%0Alines")},
        {B("\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80"), B("%ED%A0%80%C0%AF%F4%90%80%80")},
        {B("cut\xe2\x82"), B("cut%E2%82")},
        {B("\xf0\x9f\x97\x9e"), B("\xf0\x9f\x97\x9e")},
    };
    wr_arena *arena = NULL;
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_str text;
        CHECK(ingest_name_text(arena, rows[i].path, &text) == WR_OK);
        CHECK_STR(text, rows[i].text);
    }
    wr_arena_fail_at(arena, 0);
    wr_str text;
    CHECK(ingest_name_text(arena, WR_STR("x"), &text) == WR_MEMORY);
    wr_arena_free(&arena);
    CHECK(ingest_name_wanted(WR_STR("a.txt")) && ingest_name_wanted(WR_STR("part")));
    CHECK(!ingest_name_wanted(WR_STR(".a")) && !ingest_name_wanted(WR_STR("a.tmp")));
    CHECK(!ingest_name_wanted(WR_STR("a.part")) && !ingest_name_wanted(WR_STR("")));
}

static wr_str gzip_of(wr_str text, char *out, size_t cap) {
    z_stream z = {0};
    (void)deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_in = (Bytef *)(uintptr_t)text.ptr;
    z.avail_in = (uInt)text.len;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)cap;
    CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
    deflateEnd(&z);
    return wr_str_of(out, cap - z.avail_out);
}

/* Reads all pages of `file`; the number of pages, the last page's bytes in *raw, the status. */
static wr_status read_all(wr_str file, const ingest_limits *limits, size_t *n, char *raw,
                          size_t cap, size_t *len, wr_str *why, size_t fail_at) {
    wr_arena *arena = NULL, *page_arena = NULL;
    ingest_memory memory;
    ingest_pages *pages = NULL;
    *n = *len = 0;
    CHECK(wr_arena_new("file", 64 << 20, &arena) == WR_OK);
    CHECK(wr_arena_new("page", 1 << 20, &page_arena) == WR_OK);
    if (fail_at != SIZE_MAX) wr_arena_fail_at(arena, fail_at);
    static char said[256];
    wr_str text = {NULL, 0};
    wr_status status =
        ingest_pages_open(arena, ingest_memory_open(&memory, file), limits, &pages, &text);
    ingest_found found = status == WR_OK ? INGEST_FOUND_PAGE : INGEST_FOUND_END;
    while (found != INGEST_FOUND_END) {
        wr_page page;
        wr_arena_reset(page_arena);
        status = ingest_pages_next(pages, page_arena, &page, &found, &text);
        if (found != INGEST_FOUND_PAGE) continue;
        CHECK(page.id.len == 32 && page.size == page.raw.len && page.record == *n);
        CHECK(wr_str_eq(page.kind, WR_STR("text")) || wr_str_eq(page.kind, WR_STR("html")));
        (*n)++;
        *len = page.raw.len < cap ? page.raw.len : cap;
        memcpy(raw, page.raw.ptr, *len);
    }
    size_t said_len = text.len < sizeof said ? text.len : sizeof said;
    if (said_len) memcpy(said, text.ptr, said_len);
    *why = wr_str_of(said, said_len);
    ingest_pages_close(&pages);
    wr_arena_free(&arena);
    wr_arena_free(&page_arena);
    return status;
}

static void test_pages(void) {
    static char one[4096], two[4096], both[8192], nested[8192], big[200000], bomb[100000],
        raw[65536];
    wr_str a = gzip_of(WR_STR("First member. "), one, sizeof one);
    wr_str b = gzip_of(WR_STR("Second member."), two, sizeof two);
    memcpy(both, a.ptr, a.len);
    memcpy(both + a.len, b.ptr, b.len);
    wr_str members = wr_str_of(both, a.len + b.len);
    wr_str padded = wr_str_of(both, members.len + 100); /* zeros follow */
    wr_str inner = gzip_of(members, nested, sizeof nested);
    memset(big, 'x', sizeof big);
    wr_str tight = gzip_of(wr_str_of(big, sizeof big), bomb, sizeof bomb);
    static char damaged[4096], trailing[4096];
    memcpy(damaged, a.ptr, a.len);
    damaged[a.len - 6] ^= 1; /* check sum */
    memcpy(trailing, a.ptr, a.len);
    memcpy(trailing + a.len, "junk", 4);
    ingest_limits limits = INGEST_LIMITS_DEFAULT, small = INGEST_LIMITS_DEFAULT;
    ingest_limits shallow = INGEST_LIMITS_DEFAULT, few = INGEST_LIMITS_DEFAULT;
    small.page_bytes = 10;
    shallow.depth = 1;
    few.file_bytes = 1000;
    const struct {
        const char *name;
        wr_str file;
        const ingest_limits *limits;
        wr_status status;
        wr_str text; /* the page, when there is one */
    } rows[] = {
        {"text", B("Some text."), &limits, WR_OK, B("Some text.")},
        {"page limit reached", B("0123456789"), &small, WR_OK, B("0123456789")},
        {"page limit passed", B("0123456789x"), &small, WR_LIMIT, B("")},
        {"empty", B(""), &limits, WR_EMPTY, B("")},
        {"one member", a, &limits, WR_OK, B("First member. ")},
        {"two members", members, &limits, WR_OK, B("First member. Second member.")},
        {"padding", padded, &limits, WR_OK, B("First member. Second member.")},
        {"gzip in gzip", inner, &limits, WR_OK, B("First member. Second member.")},
        {"too deep", inner, &shallow, WR_LIMIT, B("")},
        {"too many bytes", tight, &few, WR_LIMIT, B("")},
        {"check sum", wr_str_of(damaged, a.len), &limits, WR_MALFORMED, B("")},
        {"trailing bytes", wr_str_of(trailing, a.len + 4), &limits, WR_MALFORMED, B("")},
        {"cut header", wr_str_of(both, 5), &limits, WR_TRUNCATED, B("")},
        {"cut data", wr_str_of(both, a.len - 9), &limits, WR_TRUNCATED, B("")},
        {"cut trailer", wr_str_of(both, a.len - 3), &limits, WR_TRUNCATED, B("")},
        {"pdf", B("%PDF-1.4 and so on"), &limits, WR_UNSUPPORTED, B("")},
        {"binary", B("\1\2\3\4\5\6\7"), &limits, WR_BINARY, B("")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n, len;
        wr_str why;
        wr_status status =
            read_all(rows[i].file, rows[i].limits, &n, raw, sizeof raw, &len, &why, SIZE_MAX);
        CHECK_ROW(rows[i].name, status == rows[i].status);
        CHECK_ROW(rows[i].name, n == (rows[i].text.len > 0));
        CHECK_STR(wr_str_of(raw, len), rows[i].text);
        CHECK_ROW(rows[i].name, status == WR_OK || status == WR_EMPTY || why.len > 0);
    }
    for (size_t fail_at = 0;; fail_at++) { /* every step of memory refused once */
        size_t n, len;
        wr_str why;
        wr_status status = read_all(inner, &limits, &n, raw, sizeof raw, &len, &why, fail_at);
        CHECK(status == WR_OK || status == WR_MEMORY);
        if (status == WR_OK) break;
        CHECK(fail_at < 100);
    }
}

/* 64 MiB of zeros are 64 KB of gzip: the ratio ends it after a MiB, not the memory. */
static void test_bomb(void) {
    static char zeros[1 << 20], packed[1 << 20];
    z_stream z = {0};
    (void)deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_out = (Bytef *)packed;
    z.avail_out = sizeof packed;
    for (int i = 0; i < 64; i++) {
        z.next_in = (Bytef *)zeros;
        z.avail_in = sizeof zeros;
        CHECK(deflate(&z, i == 63 ? Z_FINISH : Z_NO_FLUSH) != Z_STREAM_ERROR);
    }
    wr_str bomb = wr_str_of(packed, sizeof packed - z.avail_out);
    deflateEnd(&z);
    wr_arena *arena = NULL;
    CHECK(wr_arena_new("file", 4 << 20, &arena) == WR_OK);
    ingest_memory memory;
    ingest_bytes *out;
    ingest_gzip_limits limits = {1u << 30, 100};
    CHECK(ingest_gzip_open(arena, ingest_memory_open(&memory, bomb), limits, &out) == WR_OK);
    wr_status status;
    size_t len = 0;
    wr_str why = {NULL, 0};
    do
        status = out->read(out, zeros, sizeof zeros, &len, &why);
    while (status == WR_OK && len);
    CHECK(status == WR_LIMIT && why.len);
    CHECK(out->taken < (uint64_t)8 << 20);
    wr_arena_free(&arena);
}

static void test_input(void) {
    wr_arena *arena = NULL;
    CHECK(wr_arena_new("file", 1 << 20, &arena) == WR_OK);
    static char text[100000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i % 26);
    ingest_memory memory;
    ingest_input in;
    ingest_input_open(&in, arena, ingest_memory_open(&memory, wr_str_of(text, sizeof text)), 70000);
    CHECK(ingest_input_fill(&in, 70001) == WR_LIMIT);
    CHECK(ingest_input_fill(&in, 30000) == WR_OK && ingest_input_view(&in).len >= 30000);
    ingest_input_take(&in, 29999);
    CHECK(ingest_input_fill(&in, 70000) == WR_OK && ingest_input_view(&in).len == 70000);
    CHECK(ingest_input_view(&in).ptr[0] == text[29999] && in.offset == 29999);
    uint64_t skipped;
    CHECK(ingest_input_skip(&in, 70001, &skipped) == WR_OK && skipped == 70001);
    CHECK(in.offset == 100000 && ingest_input_fill(&in, 1) == WR_OK && in.ended);
    CHECK(ingest_input_view(&in).len == 0);
    CHECK(ingest_input_skip(&in, 5, &skipped) == WR_OK && skipped == 0);
    wr_arena_free(&arena);
}

static void add(ingest_ledger *ledger, ingest_file *file, uint64_t record, size_t bytes) {
    wr_buf payload = WR_BUF_INIT(1 << 20);
    CHECK(wr_buf_reserve(&payload, bytes) != NULL);
    payload.len = bytes;
    ingest_place place = {.record = record, .offset = record * 100};
    CHECK(ingest_page_add(ledger, file, place, WR_STR("0123456789abcdef0123456789abcdef"),
                          &payload) == WR_OK);
    file->place = (ingest_place){.record = record + 1, .offset = (record + 1) * 100};
    CHECK(payload.ptr == NULL);
}

static uint64_t send(ingest_ledger *ledger) {
    uint64_t ref;
    ingest_slot *slot = ingest_next_waiting(ledger, &ref);
    if (!slot) return 0;
    ingest_page_sent(ledger, ref);
    return ref;
}

static ingest_file *end(ingest_ledger *ledger, uint64_t ref, wr_verdict verdict) {
    return ingest_page_end(ledger, ref, verdict, WR_STR("malformed"), WR_STR("cleanup"),
                           WR_STR("why"));
}

static void test_ledger(void) {
    wr_arena *arena = NULL;
    ingest_ledger l;
    CHECK(wr_arena_new("ledger", 1 << 20, &arena) == WR_OK);
    CHECK(ingest_ledger_open(&l, arena, 4, 1000) == WR_OK);
    ingest_file *file = ingest_file_begin(&l, NULL);
    add(&l, file, 0, 10);
    add(&l, file, 1, 10);
    add(&l, file, 2, 10);
    uint64_t a = send(&l), b = send(&l), c = send(&l);
    CHECK(a && b && c && !send(&l));
    CHECK(end(&l, b, WR_VERDICT_PASS) == file);
    CHECK(ingest_file_place(&l, file).record == 0);
    CHECK(end(&l, a, WR_VERDICT_DROP) == file);
    CHECK(ingest_file_place(&l, file).record == 2 && ingest_file_place(&l, file).offset == 200);
    CHECK(end(&l, a, WR_VERDICT_PASS) == NULL); /* an answer that comes twice */
    CHECK(end(&l, 0, WR_VERDICT_PASS) == NULL && end(&l, 99, WR_VERDICT_PASS) == NULL);
    ingest_restarted(&l); /* c waits again, in order before a new one */
    add(&l, file, 3, 10);
    CHECK(send(&l) == c);
    uint64_t d = send(&l);
    CHECK(d && !send(&l));
    ingest_page_again(&l, d);
    CHECK(send(&l) == d);
    ingest_file_end(file);
    CHECK(end(&l, c, WR_VERDICT_REJECT) == file && !ingest_file_finished(file));
    CHECK(file->status == WR_MALFORMED);
    CHECK_STR(wr_buf_str(&file->reasons),
              WR_STR("record=2 status=malformed stage=cleanup text=\"why\"\n"));
    ingest_restarted(&l);
    CHECK(end(&l, d, WR_VERDICT_PASS) == file && ingest_file_finished(file)); /* while it waits */
    CHECK(!send(&l));
    CHECK(file->tally.pages == 4 && file->tally.passed == 2 && file->tally.dropped == 1 &&
          file->tally.rejected == 1 && l.total.pages == 4);
    ingest_file_free(&l, file);

    file =
        ingest_file_begin(&l, NULL); /* room: in bytes, in pages; one large page alone is allowed */
    add(&l, file, 0, 5000);
    CHECK(!ingest_ledger_room(&l));
    CHECK(end(&l, send(&l), WR_VERDICT_PASS) == file && ingest_ledger_room(&l));
    for (uint64_t i = 0; i < 4; i++)
        add(&l, file, i + 1, 1);
    CHECK(!ingest_ledger_room(&l));
    wr_buf payload = WR_BUF_INIT(10);
    CHECK(ingest_page_add(&l, file, (ingest_place){.record = 9}, WR_STR("x"), &payload) ==
          WR_LIMIT);
    ingest_file_bad(&l, file, 7, WR_LIMIT, wr_str_of(NULL, 0));
    CHECK(file->status == WR_LIMIT && file->reasons.len > 10);
    ingest_ledger_close(&l);
    wr_arena_free(&arena);
}

int main(void) {
    test_sniff();
    test_names();
    test_pages();
    test_bomb();
    test_input();
    test_ledger();
    return check_summary();
}
