/* sniff.c -- magic bytes, HTML by its tags, text by what it does not contain */
#include "sniff.h"

typedef struct magic {
    wr_str bytes;
    size_t at;
    ingest_kind kind;
    const char *name;
} magic;

#define M(at, bytes, kind, name)                                                                   \
    { {bytes, sizeof(bytes) - 1}, at, INGEST_##kind, name }

/* First bytes that decide alone. Sources: RFC 1952, the formats' own specifications. */
static const magic magics[] = {
    M(0, "\x1f\x8b\x08", GZIP, "gzip"),
    M(0, "\x28\xb5\x2f\xfd", ZSTD, "zstd"),
    M(0, "BZh", BZIP2, "bzip2"),
    M(0,
      "\xfd"
      "7zXZ\x00",
      XZ, "xz"),
    M(0, "WARC/1.", WARC, "warc"),
    M(0, "filedesc://", UNSUPPORTED, "an ARC archive"),
    M(0, "PK\x03\x04", ZIP, "zip"),
    M(0, "PK\x05\x06", ZIP, "zip"),
    M(0, "7z\xbc\xaf\x27\x1c", 7Z, "7z"),
    M(0, "Rar!\x1a\x07", UNSUPPORTED, "a RAR archive"),
    M(257, "ustar", TAR, "tar"),
    M(0, "%PDF-", UNSUPPORTED, "a PDF document"),
    M(0, "{\\rtf", UNSUPPORTED, "an RTF document"),
    M(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", UNSUPPORTED, "an old or encrypted Office document"),
    M(0, "\x89PNG\r\n\x1a\n", UNSUPPORTED, "a PNG image"),
    M(0, "GIF8", UNSUPPORTED, "a GIF image"),
    M(0, "\xff\xd8\xff", UNSUPPORTED, "a JPEG image"),
    M(8, "WEBPVP8", UNSUPPORTED, "a WebP image"),
    M(4, "ftyp", UNSUPPORTED, "a video or image container"),
    M(0, "OggS", UNSUPPORTED, "Ogg media"),
    M(0, "\x1a\x45\xdf\xa3", UNSUPPORTED, "a Matroska or WebM video"),
    M(0, "ID3", UNSUPPORTED, "MP3 audio"),
    M(0,
      "\x7f"
      "ELF",
      UNSUPPORTED, "a program"),
    M(0, "SQLite format 3\x00", UNSUPPORTED, "an SQLite database"),
};

/* A ZIP archive by its first member: what is a document, and what only an archive. */
static ingest_verdict zip_kind(wr_str head) {
    const unsigned char *b = (const unsigned char *)head.ptr;
    if (head.len < 30) return (ingest_verdict){INGEST_ZIP, "zip"};
    size_t name_len = (size_t)(b[26] | b[27] << 8), extra_len = (size_t)(b[28] | b[29] << 8);
    wr_str name = wr_str_slice(head, 30, 30 + name_len);
    wr_str data = wr_str_slice(head, 30 + name_len + extra_len, head.len);
    bool typed = wr_str_eq(name, WR_STR("mimetype"));
    if (typed && wr_str_starts(data, WR_STR("application/vnd.oasis")))
        return (ingest_verdict){INGEST_UNSUPPORTED, "an OpenDocument file"};
    if (typed && wr_str_starts(data, WR_STR("application/epub+zip")))
        return (ingest_verdict){INGEST_EPUB, "epub"};
    if (wr_str_eq(name, WR_STR("META-INF/container.xml")))
        return (ingest_verdict){INGEST_EPUB, "epub"};
    if (wr_str_eq(name, WR_STR("[Content_Types].xml")) || wr_str_eq(name, WR_STR("_rels/.rels")) ||
        wr_str_eq(name, WR_STR("word/document.xml")))
        return (ingest_verdict){INGEST_OFFICE, "docx"};
    return (ingest_verdict){INGEST_ZIP, "zip"};
}

/* Elements whose tag at the begin of a run, or often inside it, means HTML. Sorted by nothing: the
 * list is short. */
static const char *const opening[] = {
    "html", "head", "body",   "title",   "meta",    "link", "style", "script", "base", "table",
    "div",  "p",    "h1",     "h2",      "h3",      "br",   "a",     "font",   "main", "header",
    "nav",  "form", "iframe", "article", "section", "ul",   "ol",    "img",    "span", "center"};

static bool is_opening(wr_str name) {
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++)
        if (wr_str_eq_nocase(name, wr_str_c(opening[i]))) return true;
    return false;
}

/* The element name after '<' or '</' at the begin of `s`; empty when no tag stands there. */
static wr_str tag_name(wr_str s) {
    size_t from = s.len > 1 && s.ptr[1] == '/' ? 2 : 1, to = from;
    while (to < s.len && to < from + 12 && (wr_is_alpha(s.ptr[to]) || wr_is_digit(s.ptr[to])))
        to++;
    bool closed = to < s.len && (wr_is_space(s.ptr[to]) || s.ptr[to] == '>' || s.ptr[to] == '/');
    return closed ? wr_str_slice(s, from, to) : wr_str_of(NULL, 0);
}

/* Without what may stand before the first tag: white space, comments, XML declarations. */
static wr_str skip_prolog(wr_str s) {
    for (;;) {
        while (s.len && wr_is_space(*s.ptr))
            s = wr_str_slice(s, 1, s.len);
        bool comment = wr_str_starts(s, WR_STR("<!--"));
        if (!comment && !wr_str_starts(s, WR_STR("<?"))) return s;
        wr_str end = comment ? WR_STR("-->") : WR_STR("?>");
        size_t at = 2;
        while (at < s.len && !wr_str_starts(wr_str_slice(s, at, s.len), end))
            at++;
        s = wr_str_slice(s, at + end.len, s.len);
    }
}

/* An object, or an array of objects, whose first member's name begins. */
static bool is_json(wr_str head) {
    static const char steps[] = "[{\"";
    size_t step = 0;
    for (size_t i = 0; i < head.len; i++) {
        char c = head.ptr[i];
        if (wr_is_space(c)) continue;
        if (step == 0 && c == '{') step = 1;
        if (c != steps[step]) return false;
        if (++step == 3) return true;
    }
    return false;
}

/* The name of the root element without its prefix; empty when the text does not begin as XML. */
static wr_str root_name(wr_str head) {
    wr_str s = skip_prolog(head);
    if (s.len >= 9 && wr_str_eq_nocase(wr_str_slice(s, 0, 9), WR_STR("<!doctype"))) {
        size_t end = wr_str_find_char(s, 0, '>'), subset = wr_str_find_char(s, 0, '[');
        if (subset < end) {
            const char *close = memmem(s.ptr, s.len, "]>", 2);
            end = close ? (size_t)(close - s.ptr) + 1 : s.len;
        }
        s = skip_prolog(wr_str_slice(s, end + 1, s.len));
    }
    if (!s.len || *s.ptr != '<') return wr_str_of(NULL, 0);
    size_t to = 1;
    while (to < s.len && !wr_is_space(s.ptr[to]) && s.ptr[to] != '>' && s.ptr[to] != '/')
        to++;
    if (to == s.len) return wr_str_of(NULL, 0);
    wr_str name = wr_str_slice(s, 1, to);
    size_t colon = wr_str_find_char(name, 0, ':');
    return colon < name.len ? wr_str_slice(name, colon + 1, name.len) : name;
}

/* Kinds of XML by their root element. */
static const struct {
    const char *root;
    ingest_kind kind;
    const char *name;
} xml_kinds[] = {{"rss", INGEST_FEED, "feed"},
                 {"feed", INGEST_FEED, "feed"},
                 {"rdf", INGEST_FEED, "feed"},
                 {"urlset", INGEST_SITEMAP, "sitemap"},
                 {"sitemapindex", INGEST_SITEMAP, "sitemap"},
                 {"nitf", INGEST_NITF, "nitf"},
                 {"newsitem", INGEST_NEWSML, "newsml"},
                 {"newsmessage", INGEST_NEWSML, "newsml"},
                 {"newsml", INGEST_NEWSML, "newsml"},
                 {"packageitem", INGEST_UNSUPPORTED, "a NewsML-G2 package that only names items"},
                 {"knowledgeitem", INGEST_UNSUPPORTED, "a NewsML-G2 knowledge item"},
                 {"conceptitem", INGEST_UNSUPPORTED, "a NewsML-G2 concept item"}};

static bool is_xml(wr_str head, ingest_verdict *out) {
    wr_str name = root_name(head);
    for (size_t i = 0; name.len && i < sizeof xml_kinds / sizeof *xml_kinds; i++)
        if (wr_str_eq_nocase(name, wr_str_c(xml_kinds[i].root))) {
            *out = (ingest_verdict){xml_kinds[i].kind, xml_kinds[i].name};
            return true;
        }
    return false;
}

/* A tar header without a magic word: its check sum, as an octal number, fits. */
static bool is_old_tar(wr_str head) {
    unsigned sum = 0, want = 0;
    size_t at = 148;
    if (head.len < 512 || !head.ptr[0]) return false;
    for (size_t i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? ' ' : (unsigned char)head.ptr[i];
    while (at < 156 && head.ptr[at] == ' ')
        at++;
    for (; at < 156 && (unsigned char)(head.ptr[at] - '0') < 8; at++)
        want = want * 8 + (unsigned)(head.ptr[at] - '0');
    return at < 156 && (head.ptr[at] == 0 || head.ptr[at] == ' ') && want == sum;
}

/* A mail: header fields from the first line on, two of them such as only mail has. mbox puts a line
 * "From ..." before. */
static bool is_mail(wr_str head) {
    static const wr_str fields[] = {{"received", 8},      {"return-path", 11},  {"message-id", 10},
                                    {"mime-version", 12}, {"delivered-to", 12}, {"from", 4},
                                    {"subject", 7},       {"date", 4},          {"to", 2},
                                    {"reply-to", 8},      {"content-type", 12}, {"x-mailer", 8}};
    size_t known = 0, at = 0;
    bool sure = false;
    if (wr_str_starts(head, WR_STR("From "))) at = wr_str_find_char(head, 0, '\n') + 1;
    for (size_t lines = 0; at < head.len && lines < 40; lines++) {
        size_t end = wr_str_find_char(head, at, '\n');
        wr_str line = wr_str_slice(head, at, end);
        at = end + 1;
        if (!wr_str_trim(line).len) break;
        if (line.ptr[0] == ' ' || line.ptr[0] == '\t') continue;
        size_t name = 0;
        while (name < line.len && (wr_is_alpha(line.ptr[name]) || wr_is_digit(line.ptr[name]) ||
                                   line.ptr[name] == '-'))
            name++;
        if (name == 0 || name == line.len || line.ptr[name] != ':') return false;
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            if (wr_str_eq_nocase(wr_str_slice(line, 0, name), fields[i])) {
                known++;
                sure |= i < 6;
            }
    }
    return sure && known >= 2;
}

static bool is_html(wr_str head) {
    wr_str s = skip_prolog(head);
    if (s.len >= 9 && wr_str_eq_nocase(wr_str_slice(s, 0, 9), WR_STR("<!doctype"))) {
        wr_str root = wr_str_trim(wr_str_slice(s, 9, s.len));
        return wr_str_eq_nocase(wr_str_slice(root, 0, 4), WR_STR("html"));
    }
    if (s.len && *s.ptr == '<' && is_opening(tag_name(s))) return true;
    unsigned tags = 0;
    for (size_t at = wr_str_find_char(head, 0, '<'); at < head.len && tags < 4;
         at = wr_str_find_char(head, at + 1, '<'))
        tags += is_opening(tag_name(wr_str_slice(head, at, head.len)));
    return tags >= 4;
}

/* UTF-16 or UTF-32 text: by its mark, or by every other byte being NUL. The charset itself is
 * cleanup's to find. */
static bool is_wide(wr_str head) {
    if (wr_str_starts(head, WR_STR("\xff\xfe")) || wr_str_starts(head, WR_STR("\xfe\xff")) ||
        wr_str_starts(head, wr_str_of("\0\0\xfe\xff", 4)))
        return true;
    size_t nul[2] = {0, 0}, pairs = head.len / 2;
    if (!head.len || !memchr(head.ptr, 0, head.len)) return false;
    for (size_t i = 0; i < 2 * pairs; i++)
        nul[i & 1] += head.ptr[i] == 0;
    size_t many = nul[0] > nul[1] ? nul[0] : nul[1], few = nul[0] + nul[1] - many;
    return pairs >= 4 && many * 10 >= pairs * 7 && few * 20 <= pairs;
}

/* Control characters no text uses; escape sequences of teletypes and ISO-2022 count as text. */
static size_t count_controls(wr_str head) {
    size_t n = 0;
    for (size_t from = 0; from < head.len;
         from += 128) { /* in bytes, so that it is done 16 at once */
        size_t to = from + 128 < head.len ? from + 128 : head.len;
        unsigned char some = 0;
        for (size_t i = from; i < to; i++) {
            unsigned char c = (unsigned char)head.ptr[i];
            some = (unsigned char)(some + ((c < 32) & ((unsigned char)(c - 8) > 5) & (c != 0x1b) &
                                           (c != 0x1a)));
        }
        n += some;
    }
    return n;
}

ingest_verdict ingest_sniff(wr_str head) {
    head = wr_str_slice(head, 0, INGEST_SNIFF_BYTES);
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        const magic *m = &magics[i];
        if (wr_str_starts(wr_str_slice(head, m->at, head.len), m->bytes))
            return m->kind == INGEST_ZIP ? zip_kind(head) : (ingest_verdict){m->kind, m->name};
    }
    if (is_old_tar(head)) return (ingest_verdict){INGEST_TAR, "tar"};
    ingest_verdict xml;
    if (is_wide(head)) {
        char narrow[INGEST_SNIFF_BYTES];
        size_t len = 0;
        for (size_t i = 0; i < head.len; i++)
            if (head.ptr[i] != 0 && (unsigned char)head.ptr[i] < 0x80) narrow[len++] = head.ptr[i];
        bool html = is_html(wr_str_of(narrow, len));
        bool whole = is_xml(wr_str_of(narrow, len), &xml);
        if (whole && (xml.kind == INGEST_NITF || xml.kind == INGEST_NEWSML)) return xml;
        return html ? (ingest_verdict){INGEST_HTML, "html"} : (ingest_verdict){INGEST_TEXT, "text"};
    }
    /* One stray control character in a hundred bytes is dirt in a text, more is no text. */
    if (count_controls(head) * 100 > head.len)
        return (ingest_verdict){INGEST_BINARY, "binary data"};
    if (wr_str_starts(head, WR_STR("\xef\xbb\xbf"))) head = wr_str_slice(head, 3, head.len);
    if (is_json(head)) return (ingest_verdict){INGEST_JSON, "json"};
    if (is_mail(head)) return (ingest_verdict){INGEST_MAIL, "mail"};
    if (is_xml(head, &xml)) return xml;
    return is_html(head) ? (ingest_verdict){INGEST_HTML, "html"}
                         : (ingest_verdict){INGEST_TEXT, "text"};
}
