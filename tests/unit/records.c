/* records.c -- files of many records: rows of a file's bytes and what is found in it */
#include "check.h"

#include "stages/ingest/pages.h"

#include <stdio.h>
#include <zlib.h>

#define B(literal)                                                                                 \
    { literal, sizeof(literal) - 1 }
#define NEWS_HEAD "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><article>\n"
#define NEWS_TAIL "</article></body></html>\n"
#define HTTP      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

static const struct {
    const char *name;
    wr_str bytes;
    const char *found; /* kind:bytes@url, or !status; joined by '|', the final status last */
} rows[] = {
    {"json lines",
     B("{\"url\":\"u1\",\"text\":\"one\"}\n{\"url\": \"u2\", \"HTML\": "
       "\"<p>\\u00e9\"}\n\n{\"title\":\"x\"}\n"
       "{\"text\":\"cut\n{\"text\":\"last\"}"),
     "text:one@u1|html:<p>\u00e9@u2|!empty|!malformed|text:last@|ok"},
    {"json array",
     B("[\n {\n \"maintext\": \"a ]}\\\" b\"\n },\n {\"body\":\"c\",\"link\":\"u\"}\n]\n"),
     "text:a ]}\" b@|text:c@u|ok"},
    {"json values", B("{\"text\":\"a\"} {\"text\":\"b\"}{\"text\":\"c\"}"),
     "text:a@|text:b@|text:c@|ok"},
    {"json lines with a mark", B("\xef\xbb\xbf{\"text\":\"one\"}\n{\"text\":\"two\"}\n"),
     "text:one@|text:two@|ok"},
    {"news-please",
     B("{\"authors\": [\"A. Sailor\"], \"date_download\": \"2026-03-12 08:00:00\", "
       "\"date_modify\": "
       "null, \"date_publish\": \"2026-03-11 10:15:00\", \"description\": \"d\", \"filename\": "
       "\"f\", "
       "\"image_url\": \"i\", \"language\": \"en\", \"localpath\": null, \"maintext\": \"Words.\", "
       "\"source_domain\": \"news.example\", \"title\": \"Old ships\", \"title_page\": null, "
       "\"url\": \"u1\"}"),
     "text:Words.@u1 title=Old ships published=2026-03-11 10:15:00 author=A. Sailor "
     "site=news.example lang=en description=d image=i|ok"},
    {"news crawl table",
     B("{\"domain\":\"news.example\",\"title\":\"Old "
       "ships\",\"text\":\"Words.\",\"date\":\"2026-03-11 "
       "00:00:00\",\"description\":\"\",\"url\":\"u1\",\"image_url\":\"i\"}\n"),
     "text:Words.@u1 title=Old ships published=2026-03-11 00:00:00 site=news.example image=i|ok"},
    {"tables of events",
     B("{\"status\":\"ok\",\"title\":\"Found\",\"articles\":[{\"url\":\"u1\",\"url_mobile\":\"\","
       "\"title\":\"Old ships\",\"seendate\":\"20260311T101500Z\",\"domain\":\"news.example\"},\n"
       "{\"DocumentIdentifier\":\"u2\",\"SourceCommonName\":\"news.example\",\"DATE\":"
       "20260311101500,\"html\":\"<p>Words.\"}],\"next\":{\"page\":2}}"),
     "!filtered|html:<p>Words.@u2 published=2026-03-11T10:15:00 site=news.example|ok"},
    {"json nested",
     B("[{\"meta\":{\"source\":{\"name\":\"Post\"},\"crawl_date\":\"2026\"},\"article\":{\"title\":"
       "{\"rendered\":\"Ships\"},\"content\":{\"rendered\":\"<p>One.\"},\"timestamp\":1773224100}}"
       "]"),
     "html:<p>One.@ title=Ships published=2026-03-11T10:15:00Z site=Post|ok"},
    {"search answer",
     B("{\"took\":1,\"hits\":{\"total\":{\"value\":2},\"hits\":[{\"_id\":\"1\",\"_source\":{"
       "\"url\":"
       "\"u1\",\"text\":\"One.\"}},{\"_source\":{\"text\":\"Two.\"}}]}}"),
     "text:One.@u1|text:Two.@|ok"},
    {"ninjs",
     B("{\"uri\":\"u1\",\"type\":\"text\",\"versioncreated\":\"2026-03-11T10:15:00Z\",\"urgency\":"
       "3,"
       "\"headline\":\"Old ships\",\"byline\":\"A. "
       "Sailor\",\"body_text\":\"no\",\"body_xhtml\":\"<p>One."
       "\"}\n{\"headlines\":[{\"role\":\"main\",\"value\":\"Two\"}],\"bodies\":[{\"contenttype\":"
       "\"text/html\",\"value\":\"<p>Two.</p>\"},{\"value\":\"short\"}]}"),
     "html:<p>One.@u1 title=Old ships published=2026-03-11T10:15:00Z author=A. Sailor|"
     "html:<p>Two.</p>@ title=Two|ok"},
    {"json feed",
     B("{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Port\", \"items\": [\n "
       "{\"id\": "
       "\"1\", \"url\": \"u1\", \"content_html\": \"<p>One\", \"date_published\": "
       "\"2026-03-11\"}\n]}\n"),
     "html:<p>One@u1 published=2026-03-11|ok"},
    {"warc",
     B("WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
       "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <u1>\r\nContent-Length: 52\r\n\r\n" HTTP
       "\r\n<p>1</p>\r\n\r\n"
       "WARC/1.1\r\nWARC-Type: conversion\r\nWARC-Target-URI: u2\r\nContent-Type: "
       "text/plain\r\nContent-Length: 5\r\n\r\nplain\r\n\r\n"
       "junk\nWARC/1.0\nWARC-Type: resource\nContent-Length: 8\n\n<p>2</p>\n\n"),
     "html:<p>1</p>@u1|text:plain@u2|!malformed|html:<p>2</p>@|ok"},
    {"warc chunked",
     B("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 96\r\n\r\n" HTTP
       "Transfer-Encoding: chunked\r\n\r\n4\r\n<p>o\r\n6;x\r\nne</p>\r\n0\r\n\r\n"),
     "html:<p>one</p>@|ok"},
    {"warc brotli, and one that says so but is not",
     B("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 104\r\n\r\n" HTTP
       "Content-Encoding: br\r\n\r\n"
       "\x1b\x2c\x00\xf8\x1d\x09\x76\x6c\xc5\x8a\x2e\x18\xf2\x92\x6c\x8c\xa7\x7d\x86\xde\xe0\x94"
       "\x4b\x59\x2a\xb2\x0b\x33\xd9\x80\x33\x2b\xa5\x31\xbd\x87\x33\x2a\r\n\r\n"
       "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 74\r\n\r\n" HTTP
       "Content-Encoding: br\r\n\r\n<p>1</p>\r\n\r\n"),
     "html:<p>Coded words, coded words, coded words.</p>@|html:<p>1</p>@|ok"},
    {"warc cut", B("WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 80\r\n\r\n<p>cut"),
     "!truncated|ok"},
    {"rss",
     B("<?xml version='1.0'?><rss version='2.0'><channel><title>News</title><link>x</link>"
       "<item><title>A &amp; b</title><link>u1</link><content:encoded><![CDATA[<p>One</p>]]>"
       "</content:encoded></item><item><link>u2</link><description>short</description></item>"
       "</channel></rss>"),
     "html:<p>One</p>@u1|!filtered|ok"},
    {"mail",
     B("From: A. Sailor <a@mail.example>\r\nSubject: =?utf-8?q?Old_ships?=\r\nDate: Mon, 10 Nov "
       "2025 "
       "09:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; "
       "boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nplain\r\n--x\r\nContent-Type: "
       "text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
       "quoted-printable\r\n\r\n<p>caf=C3=A9</p>\r\n--x--\r\n"),
     "html:<p>caf\u00e9</p>@|ok"},
    {"mbox",
     B("From a@mail.example Mon Nov 10 09:00:00 2025\nFrom: a@mail.example\nSubject: "
       "one\n\nOne.\n\n"
       "From here on it is text.\n\nFrom b@mail.example Mon Nov 10 10:00:00 2025\nFrom: "
       "b@mail.example\n"
       "To: c@mail.example\n\nTwo.\n"),
     "text:One.\n\nFrom here on it is text.\n\n@|text:Two.\n@|ok"},
    {"sitemap",
     B("<?xml version='1.0'?><urlset xmlns:news='n'><url><loc>u1</loc><lastmod>2026-01-02</lastmod>"
       "<news:news><news:title>A &amp; b</news:title></news:news></url><url><loc>u2</loc></url>"
       "</urlset>"),
     "!filtered|!filtered|ok"},
    {"sitemap index", B("<sitemapindex><sitemap><loc>u1</loc></sitemap></sitemapindex>"),
     "!filtered|ok"},
    {"nitf",
     B("<?xml version='1.0' encoding='iso-8859-1'?><!DOCTYPE nitf SYSTEM 'x.dtd' [<!ENTITY a "
       "'b'>]>"
       "<nitf><head><docdata><date.issue "
       "norm='20260311T101500Z'/></docdata></head><body><body.head>"
       "<hedline><hl1>Old ships</hl1></hedline><byline>By A. Sailor</byline><dateline>PORT"
       "</dateline></body.head><body.content><block><p>Caf\xe9 &amp; <em>more</em>.</p><hl2>Then"
       "</hl2></block><media><media-reference source='x'>no</media-reference><media-caption>Pier"
       "</media-caption></media></body.content></body></nitf>"),
     "html:" NEWS_HEAD "<h1>Old ships</h1>\n<p class=\"byline\">By A. Sailor</p>\n<p "
     "class=\"dateline\">PORT</p>\n<div><p>Caf\u00e9 &amp; <em>more</em>.</p><h2>Then</h2></div>"
     "<figure><figcaption>Pier</figcaption></figure>\n" NEWS_TAIL "@|ok"},
    {"newsml",
     B("<newsMessage><itemSet><newsItem "
       "xml:lang='en'><itemMeta><versionCreated>2026-03-11T10:15:00Z"
       "</versionCreated></itemMeta><contentMeta><headline>One</headline></contentMeta><contentSet>"
       "<inlineXML contenttype='application/xhtml+xml'><html><head><title>no</title></head><body>"
       "<p>First.</p></body></html></inlineXML></contentSet></newsItem><newsItem><contentMeta>"
       "<headline>Two</headline></contentMeta><contentSet><inlineData>Line &lt; one.\n\nTwo."
       "</inlineData></contentSet></newsItem><newsItem><contentSet><remoteContent/></contentSet>"
       "</newsItem></itemSet></newsMessage>"),
     "html:" NEWS_HEAD "<h1>One</h1>\n<p>First.</p>\n" NEWS_TAIL "@|html:" NEWS_HEAD
     "<h1>Two</h1>\n<p>Line &lt; one.</p>\n<p>Two.</p>\n" NEWS_TAIL "@|!empty|ok"},
    {"atom",
     B("<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title><entry><link rel='self' "
       "href='no'/><link href='u1'/><content "
       "type='html'>&lt;p&gt;One&lt;/p&gt;</content></entry></feed>"),
     "html:<p>One</p>@u1|ok"},
};

static size_t put_page(char *to, size_t cap, const wr_page *page, bool hints) {
    size_t n =
        (size_t)snprintf(to, cap, "%.*s:%.*s@%.*s", (int)page->kind.len, page->kind.ptr,
                         (int)page->raw.len, page->raw.ptr, (int)page->url.len, page->url.ptr);
    for (size_t i = 0; hints && i < page->n_hints && n < cap; i++)
        n += (size_t)snprintf(to + n, cap - n, " %.*s=%.*s", (int)page->hints[i].name.len,
                              page->hints[i].name.ptr, (int)page->hints[i].value.len,
                              page->hints[i].value.ptr);
    return n + (n < cap ? (size_t)snprintf(to + n, cap - n, "|") : 0);
}

static size_t read_row(wr_arena *files, wr_arena *arena, wr_str bytes, bool hints, char *got,
                       size_t cap) {
    static const ingest_limits limits = INGEST_LIMITS_DEFAULT;
    ingest_memory memory;
    ingest_pages *pages;
    wr_str why = {0};
    size_t n = 0;
    got[0] = 0;
    wr_arena_reset(files);
    wr_status status =
        ingest_pages_open(files, ingest_memory_open(&memory, bytes), &limits, &pages, &why);
    for (ingest_found found = INGEST_FOUND_PAGE; status == WR_OK && found != INGEST_FOUND_END;) {
        wr_page page;
        wr_arena_reset(arena);
        wr_status each = ingest_pages_next(pages, arena, &page, &found, &why);
        if (found == INGEST_FOUND_PAGE) n += put_page(got + n, cap - n, &page, hints);
        else if (found == INGEST_FOUND_BAD)
            n += (size_t)snprintf(got + n, cap - n, "!%s|", wr_status_label(each));
        else status = each;
        if (found == INGEST_FOUND_END) break;
    }
    ingest_pages_close(&pages);
    return n + (size_t)snprintf(got + n, cap - n, "%s", wr_status_label(status));
}

/* Reading from a place in the middle gives what comes after it. */
static void resume(wr_arena *files, wr_arena *arena) {
    static const ingest_limits limits = INGEST_LIMITS_DEFAULT;
    wr_str bytes = rows[0].bytes, why = {0};
    ingest_memory memory;
    ingest_pages *pages;
    wr_page page;
    ingest_found found;
    wr_arena_reset(files);
    CHECK(ingest_pages_open(files, ingest_memory_open(&memory, bytes), &limits, &pages, &why) ==
          WR_OK);
    CHECK(ingest_pages_next(pages, arena, &page, &found, &why) == WR_OK);
    ingest_place place = ingest_pages_place(pages);
    ingest_pages_close(&pages);
    wr_arena_reset(files);
    CHECK(ingest_pages_open(files, ingest_memory_open(&memory, bytes), &limits, &pages, &why) ==
          WR_OK);
    CHECK(ingest_pages_resume(pages, place, &why) == WR_OK);
    CHECK(ingest_pages_next(pages, arena, &page, &found, &why) == WR_OK);
    CHECK(page.record == 1);
    CHECK_STR(page.url, WR_STR("u2"));
    ingest_pages_close(&pages);
}

/* A record a gzip member, as crawlers write them; returns the bytes. */
static size_t pack_members(char *to, size_t cap, int n) {
    size_t len = 0;
    for (int i = 0; i < n; i++) {
        char record[9000], body[8000];
        int words = 0;
        while (words < 7000)
            words +=
                snprintf(body + words, sizeof body - (size_t)words, "<p>%d of %d</p> ", i, words);
        int bytes = snprintf(record, sizeof record,
                             "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: u%d\r\n"
                             "Content-Type: text/html\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
                             i, words, body);
        z_stream z = {0};
        CHECK(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
        z.next_in = (Bytef *)record;
        z.avail_in = (uInt)bytes;
        z.next_out = (Bytef *)to + len;
        z.avail_out = (uInt)(cap - len);
        CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
        len += z.total_out;
        deflateEnd(&z);
    }
    return len;
}

/* A damaged member costs its record only; a cut file gives what comes before the cut. */
static void members(wr_arena *files, wr_arena *arena) {
    static char bytes[256 << 10], got[256 << 10];
    size_t len = pack_members(bytes, sizeof bytes, 12), pages = 0, bad = 0;
    bytes[len / 2] ^= 0x55;
    bytes[len / 2 + 1] ^= 0x55;
    read_row(files, arena, wr_str_of(bytes, len), false, got, sizeof got);
    for (const char *at = got; (at = strchr(at, '|')); at++)
        pages += at[-1] != 'd', bad += at[-1] == 'd';
    CHECK(pages == 11 && bad == 1);
    len = pack_members(bytes, sizeof bytes, 12) - 100;
    read_row(files, arena, wr_str_of(bytes, len), false, got, sizeof got);
    CHECK(strstr(got, "@u10|truncated") != NULL);
}

/* From each place in a file of many members the same pages come as the first time. */
static void places(wr_arena *files, wr_arena *arena) {
    static const ingest_limits limits = INGEST_LIMITS_DEFAULT;
    enum { N = 400 };
    static char bytes[4 << 20];
    static ingest_place at[N];
    static char ids[N][33];
    size_t len = pack_members(bytes, sizeof bytes, N), n = 0, marked = 0;
    ingest_memory memory;
    ingest_pages *pages;
    wr_page page;
    ingest_found found;
    wr_str why;
    wr_arena_reset(files);
    CHECK(ingest_pages_open(files, ingest_memory_open(&memory, wr_str_of(bytes, len)), &limits,
                            &pages, &why) == WR_OK);
    for (; n < N; n++) {
        at[n] = ingest_pages_place(pages);
        marked += at[n].mark.packed > 0;
        wr_arena_reset(arena);
        if (ingest_pages_next(pages, arena, &page, &found, &why) != WR_OK) break;
        memcpy(ids[n], page.id.ptr, 32);
    }
    ingest_pages_close(&pages);
    CHECK(n == N && marked > N / 2);
    for (size_t i = 0; i < N; i += 7) {
        wr_arena_reset(files);
        wr_arena_reset(arena);
        ingest_bytes *run = ingest_memory_open(&memory, wr_str_of(bytes, len));
        CHECK(ingest_pages_open(files, run, &limits, &pages, &why) == WR_OK);
        CHECK(ingest_pages_resume(pages, at[i], &why) == WR_OK);
        CHECK(ingest_pages_next(pages, arena, &page, &found, &why) == WR_OK);
        CHECK(page.record == i && page.offset - at[i].offset <= 4 &&
              memcmp(page.id.ptr, ids[i], 32) == 0);
        ingest_pages_close(&pages);
    }
}

int main(void) {
    wr_arena *files, *arena;
    if (wr_arena_new("file", (size_t)64 << 20, &files) != WR_OK ||
        wr_arena_new("page", (size_t)64 << 20, &arena) != WR_OK)
        return 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char got[2000];
        bool hints = strstr(rows[i].found, " title=") || strstr(rows[i].found, " published=");
        read_row(files, arena, rows[i].bytes, hints, got, sizeof got);
        CHECK_STR(wr_str_c(got), wr_str_c(rows[i].found));
        for (size_t cut = 1; cut < rows[i].bytes.len; cut++) /* any end: no crash */
            read_row(files, arena, wr_str_slice(rows[i].bytes, 0, cut), false, got, sizeof got);
    }
    resume(files, arena);
    members(files, arena);
    places(files, arena);
    wr_arena_free(&files);
    wr_arena_free(&arena);
    return check_summary();
}
