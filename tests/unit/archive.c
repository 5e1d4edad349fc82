/* archive.c -- ZIP, tar, 7z, EPUB and DOCX as files of pages: what is found in archives that are
 * made here, with any kind of member, damaged, encrypted, nested and too large */
#include "check.h"

#include "stages/ingest/pages.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#define ARCHIVE_MAX ((size_t)256 << 10)

typedef struct part {
    const char *name;
    wr_str bytes;
} part;

typedef struct packed {
    char bytes[ARCHIVE_MAX];
    size_t len;
} packed;

#define B(literal)                                                                                 \
    { literal, sizeof(literal) - 1 }
#define PAGE(word)                                                                                 \
    B("<!DOCTYPE html><title>" word "</title><p>The " word " of the old harbour.</p>")

typedef enum shape { ZIP, STORED_ZIP, SECRET_ZIP, TAR, SEVEN } shape;

static void pack(shape how, const part *parts, size_t n, packed *out) {
    struct archive *a = archive_write_new();
    if (how == TAR) archive_write_set_format_ustar(a);
    else if (how == SEVEN) archive_write_set_format_7zip(a);
    else archive_write_set_format_zip(a);
    if (how == STORED_ZIP) archive_write_set_options(a, "zip:compression=store");
    if (how == SECRET_ZIP) {
        archive_write_set_options(a, "zip:encryption=aes256");
        archive_write_set_passphrase(a, "open");
    }
    archive_write_set_bytes_in_last_block(a, 1);
    CHECK(archive_write_open_memory(a, out->bytes, ARCHIVE_MAX, &out->len) == ARCHIVE_OK);
    struct archive_entry *e = archive_entry_new();
    for (size_t i = 0; i < n; i++) {
        archive_entry_clear(e);
        archive_entry_set_pathname(e, parts[i].name);
        archive_entry_set_filetype(e, AE_IFREG);
        archive_entry_set_perm(e, 0644);
        archive_entry_set_size(e, (la_int64_t)parts[i].bytes.len);
        CHECK(archive_write_header(a, e) == ARCHIVE_OK);
        archive_write_data(a, parts[i].bytes.ptr, parts[i].bytes.len);
    }
    archive_entry_free(e);
    CHECK(archive_write_close(a) == ARCHIVE_OK);
    archive_write_free(a);
}

static wr_arena *files, *arena;
static const ingest_limits usual = {(size_t)1 << 20, (uint64_t)4 << 20, 1000, 4, 1000};

/* "KIND:LENGTH@MEMBER" or "!status" of each record, joined by '|', the final status last. */
static const char *read_bytes(wr_str bytes, const ingest_limits *limits, bool seeks) {
    static char got[4000];
    ingest_memory memory;
    ingest_pages *pages;
    wr_str why = {0};
    size_t n = 0;
    wr_arena_reset(files);
    got[0] = 0;
    ingest_bytes *run = ingest_memory_open(&memory, bytes);
    if (!seeks) run->seek = NULL;
    wr_status status = ingest_pages_open(files, run, limits, &pages, &why);
    for (ingest_found found = INGEST_FOUND_PAGE; status == WR_OK && found != INGEST_FOUND_END;) {
        wr_page page;
        wr_arena_reset(arena);
        wr_status each = ingest_pages_next(pages, arena, &page, &found, &why);
        size_t left = sizeof got - n;
        if (found == INGEST_FOUND_PAGE)
            n += (size_t)snprintf(got + n, left, "%.*s:%zu@%.*s|", (int)page.kind.len,
                                  page.kind.ptr, page.raw.len, (int)page.file.len, page.file.ptr);
        else if (found == INGEST_FOUND_BAD)
            n += (size_t)snprintf(got + n, left, "!%s|", wr_status_label(each));
        else status = each;
        if (n > sizeof got - 600) break;
    }
    ingest_pages_close(&pages);
    snprintf(got + n, sizeof got - n, "%s", wr_status_label(status));
    return got;
}

static const char *read_packed(const packed *p, const ingest_limits *limits) {
    return read_bytes(wr_str_of(p->bytes, p->len), limits, true);
}

static const part members[] = {{"a.html", PAGE("quay")},
                               {"sub/b.txt", B("A plain text about the pier.")},
                               {"pic.png", B("\x89PNG\r\n\x1a\n....")},
                               {"lines.jsonl", B("{\"text\":\"one\"}\n{\"text\":\"two\"}\n")},
                               {".hidden", B("not looked at")},
                               {"__MACOSX/a.html", B("not looked at")},
                               {"z-\xc3\xbc.html", PAGE("mole")}};
#define N_MEMBERS (sizeof members / sizeof *members)
static const char members_found[] =
    "html:69@a.html|text:28@sub/b.txt|!unsupported|"
    "text:3@lines.jsonl|text:3@lines.jsonl|html:69@z-\xc3\xbc.html|ok";

static void test_kinds(packed *p) {
    static const shape shapes[] = {ZIP, STORED_ZIP, TAR, SEVEN};
    for (size_t i = 0; i < 4; i++) {
        pack(shapes[i], members, N_MEMBERS, p);
        CHECK_STR(wr_str_c(read_packed(p, &usual)), wr_str_c(members_found));
        const char *got = read_bytes(wr_str_of(p->bytes, p->len), &usual, false);
        CHECK_STR(wr_str_c(got), wr_str_c(members_found)); /* a pipe */
    }
}

static void test_nested(packed *p, packed *q) {
    const part inner[] = {{"x.html", PAGE("dock")}};
    pack(ZIP, inner, 1, p);
    const part outer[] = {{"in.zip", wr_str_of(p->bytes, p->len)}, {"y.html", PAGE("wharf")}};
    pack(TAR, outer, 2, q);
    CHECK_STR(wr_str_c(read_packed(q, &usual)), WR_STR("html:69@in.zip!/x.html|html:71@y.html|ok"));
    ingest_limits flat = usual;
    flat.depth = 1;
    CHECK_STR(wr_str_c(read_packed(q, &flat)), WR_STR("!limit|html:71@y.html|ok"));
}

static void test_limits(packed *p) {
    static char spaces[200000];
    memset(spaces, ' ', sizeof spaces);
    const part large[] = {{"a.txt", wr_str_of(spaces, sizeof spaces)},
                          {"b.txt", wr_str_of(spaces, sizeof spaces)},
                          {"c.txt", B("words")}};
    pack(ZIP, large, 3, p);
    ingest_limits small = usual;
    small.file_bytes = 150000;
    CHECK_STR(wr_str_c(read_packed(p, &small)), WR_STR("!limit|ok"));
    small = usual;
    small.entries = 2;
    pack(TAR, members, N_MEMBERS, p);
    CHECK_STR(wr_str_c(read_packed(p, &small)), WR_STR("html:69@a.html|text:28@sub/b.txt|limit"));
    static char zeros[3 << 20];
    const part bomb[] = {{"bomb.txt", wr_str_of(zeros, sizeof zeros)}};
    small = usual;
    small.ratio = 100;
    small.page_bytes = 8 << 20;
    memset(zeros, 'x', sizeof zeros);
    pack(ZIP, bomb, 1, p);
    CHECK_STR(wr_str_c(read_packed(p, &small)), WR_STR("!limit|ok"));
}

static void test_secret(packed *p) {
    pack(SECRET_ZIP, members, 2, p);
    CHECK_STR(wr_str_c(read_packed(p, &usual)), WR_STR("!unsupported|!unsupported|ok"));
}

/* One damaged member costs no other. */
static void test_damage(packed *p) {
    pack(ZIP, members, N_MEMBERS, p);
    const char *at = memmem(p->bytes, p->len, "b.txt", 5);
    for (int i = 0; at && i < 8; i++)
        p->bytes[at - p->bytes + 40 + i] ^= 0x5a;
    const char *got = read_packed(p, &usual);
    CHECK(strstr(got, "html:69@a.html|!malformed|!unsupported|text:3@lines.jsonl|") == got);
    pack(TAR, members, N_MEMBERS, p);
    at = memmem(p->bytes, p->len, "pic.png", 7);
    if (at) p->bytes[at - p->bytes] = 'q'; /* the check sum of its header is wrong now */
    got = read_packed(p, &usual);
    CHECK_STR(
        wr_str_c(got),
        WR_STR(
            "html:69@a.html|text:28@sub/"
            "b.txt|!malformed|text:3@lines.jsonl|text:3@lines.jsonl|html:69@z-\xc3\xbc.html|ok"));
}

static const part book[] = {
    {"mimetype", B("application/epub+zip")},
    {"O/ch 1.xhtml", PAGE("one")},
    {"two/ch2.xhtml", PAGE("two!")},
    {"META-INF/container.xml",
     B("<container><rootfiles><rootfile full-path=\"O/c.opf\"/></rootfiles></container>")},
    {"O/c.opf",
     B("<package xmlns:dc='x'><metadata><dc:title>Ports</dc:title><dc:creator>A. S.</dc:creator>"
       "</metadata><manifest><item id='c1' href='ch%201.xhtml'/><item id='c2' "
       "href='../two/ch2.xhtml'/><item id='no' href='no.xhtml'/></manifest><spine><itemref "
       "idref='c2'/><itemref idref='no'/><itemref idref='c1'/></spine></package>")},
};

static const part document[] = {
    {"[Content_Types].xml", B("<Types/>")},
    {"_rels/.rels", B("<Relationships><Relationship Type='x/officeDocument' "
                      "Target='word/document.xml'/></Relationships>")},
    {"word/document.xml",
     B("<w:document><w:body><w:p><w:pPr><w:pStyle w:val='t1'/></w:pPr><w:r><w:t>Old</w:t></w:r>"
       "</w:p><w:p><w:r><w:t>A &amp; </w:t></w:r><w:del><w:r><w:delText>x</w:delText></w:r></w:del>"
       "<w:hyperlink r:id='r5'><w:r><w:t>b</w:t></w:r></w:hyperlink></w:p><w:tbl><w:tr><w:tc><w:p>"
       "<w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>")},
    {"word/_rels/document.xml.rels", B("<Relationships><Relationship Id='r5' Type='x/hyperlink' "
                                       "Target='https://a.example/?a&amp;b'/></Relationships>")},
    {"word/styles.xml",
     B("<w:styles><w:style w:styleId='t1'><w:name w:val='heading 1'/></w:style></w:styles>")},
};

static void test_documents(packed *p) {
    pack(STORED_ZIP, book, 5, p);
    CHECK_STR(wr_str_c(read_packed(p, &usual)),
              WR_STR("html:69@two/ch2.xhtml|!notfound|html:67@O/ch 1.xhtml|ok"));
    pack(ZIP, document, 5, p);
    static const char want[] =
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>\n<h1>Old</h1>\n<p>A "
        "&amp; <a href=\"https://a.example/?a&amp;b\">b</a></p>\n<table><tr><td><p>c</p>\n</td>"
        "</tr></table>\n</body></html>\n";
    ingest_memory memory;
    ingest_pages *pages;
    ingest_found found = INGEST_FOUND_END;
    wr_page page;
    wr_str why;
    wr_arena_reset(files);
    wr_arena_reset(arena);
    CHECK(ingest_pages_open(files, ingest_memory_open(&memory, wr_str_of(p->bytes, p->len)), &usual,
                            &pages, &why) == WR_OK);
    CHECK(ingest_pages_next(pages, arena, &page, &found, &why) == WR_OK);
    CHECK(found == INGEST_FOUND_PAGE);
    CHECK_STR(page.raw, wr_str_c(want));
    ingest_pages_close(&pages);
}

/* ---- damage of every kind: no crash, no end of the world, the same twice ---- */

static uint64_t seed = 0x9E3779B97F4A7C15u;

static size_t random_below(size_t n) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return n ? (size_t)(seed % n) : 0;
}

static void test_damaged(packed *p, packed *q, size_t times) {
    static const shape shapes[] = {ZIP, STORED_ZIP, TAR, SEVEN, ZIP, STORED_ZIP};
    for (size_t k = 0; k < 6; k++) {
        if (k == 4) pack(ZIP, document, 5, p);
        else if (k == 5) pack(STORED_ZIP, book, 5, p);
        else pack(shapes[k], members, N_MEMBERS, p);
        for (size_t i = 0; i < times; i++) {
            memcpy(q->bytes, p->bytes, p->len);
            size_t len = i % 4 ? p->len : 1 + random_below(p->len);
            for (size_t flips = i % 4 == 0 ? 0 : 1 + random_below(12); flips--;)
                q->bytes[random_below(len)] = (char)random_below(256);
            if (i % 4 == 3) { /* a part moved */
                size_t from = random_below(len), n = random_below(len - from);
                memmove(q->bytes + random_below(len - n), q->bytes + from, n);
            }
            const char *got = read_bytes(wr_str_of(q->bytes, len), &usual, i & 1);
            CHECK(*got);
        }
    }
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8"); /* for the names that are written */
    static packed p, q;
    if (wr_arena_new("file", (size_t)64 << 20, &files) != WR_OK ||
        wr_arena_new("page", (size_t)64 << 20, &arena) != WR_OK)
        return 1;
    test_kinds(&p);
    test_nested(&p, &q);
    test_limits(&p);
    test_secret(&p);
    test_damage(&p);
    test_documents(&p);
    test_damaged(&p, &q, 1700);
    wr_arena_free(&files);
    wr_arena_free(&arena);
    return check_summary();
}
