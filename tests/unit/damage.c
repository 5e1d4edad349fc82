/* damage.c -- damaged and hostile pages: nothing crashes, nothing takes a second, memory is bounded
 *
 * The damage is done by a fixed random generator to a page written here: cut everywhere, bits
 * flipped, parts doubled, taken out and moved; then bombs that are large on purpose. */
#include "check.h"

#include "stages/cleanup/cleanup.h"

#include <stdlib.h>
#include <time.h>

static const char page_text[] =
    "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Old ships &mdash; "
    "News</title>"
    "<meta property=\"og:title\" content='Old \"ships\"'><link rel=canonical "
    "href=https://a.example/1>"
    "<script "
    "type=\"application/ld+json\">{\"@graph\":[{\"@type\":\"NewsArticle\",\"headline\":\"Old "
    "ships\",\"author\":[{\"name\":\"A. Sailor\"}]}]}</script><style>p > a {color:red}</style>"
    "<script><!-- if (a<b) document.write('<script src=x></scr'+'ipt>') --></script></head>"
    "<body class=\"home articlePage-12\"><!-- a comment --><nav id=menu><ul><li><a href=\"/a\">One"
    "</a><li><a href='/b'>Two</a></ul></nav><article itemscope><h1 itemprop=\"headline\">Old "
    "ships</h1><p class=\"lead\">The council said on Monday that \xe2\x80\x9cthree "
    "ships\xe2\x80\x9d "
    "would be "
    "sold &amp; scrapped&nbsp;&#8212; soon.<br>Next line <b>bold <i>both</b> "
    "rest</i></p><table><tr>"
    "<td>a<td>b<tr><th>c</table><svg viewBox=\"0 0 1 1\"><title>x</title><path d=\"M0 0\"/></svg>"
    "<select><option>1<option>2</select><button>Go<div>on</div></button><pre>a\n\nb</pre><textarea>"
    "<p>no</textarea><noscript><p>Script!</p></noscript><figure><img alt=x src=y><figcaption>A pier"
    "</figcaption></figure><template><p>t</p></template></article><footer "
    "hidden>\xc2\xa9 2025</footer></body></html>";

static uint64_t seed = 0x9E3779B97F4A7C15u;

static size_t random_below(size_t n) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return n ? (size_t)(seed % n) : 0;
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Reads the bytes both ways; false when the result breaks a rule. */
static bool read_both(wr_arena *arena, const char *bytes, size_t len) {
    static const wr_str kinds[] = {{"html", 4}, {"text", 4}};
    for (size_t k = 0; k < 2; k++) {
        wr_arena_reset(arena);
        wr_page page = {.raw = wr_str_of(bytes, len), .kind = kinds[k]};
        wr_str why = {0};
        wr_status status = cleanup_page(arena, NULL, &page, &why);
        if (status == WR_INTERNAL || wr_status_verdict(status) == WR_VERDICT_FATAL) return false;
        uint64_t at = 0;
        for (size_t i = 0; status == WR_OK && i < page.n_blocks; i++) {
            const wr_block *b = &page.blocks[i];
            if (b->start < at || b->end < b->start || b->end > len || b->text.len == 0)
                return false;
            at = b->end;
        }
    }
    return true;
}

static size_t damage(char *bytes, size_t len) {
    size_t at = random_below(len), n = random_below(60);
    if (at + n > len) n = len - at;
    switch (random_below(6)) {
    case 0: return at; /* cut */
    case 1:
        for (size_t i = 0; i < 1 + n / 8; i++)
            bytes[random_below(len)] ^= (char)(1 << random_below(8));
        return len;
    case 2: memmove(bytes + at, bytes + at + n, len - at - n); return len - n;
    case 3: memmove(bytes + len, bytes + at, n); return len + n;
    case 4: memset(bytes + at, "<>\"'&/-! \0\xff\x80="[random_below(13)], n); return len;
    default:
        for (size_t i = 0; i < n; i++)
            bytes[at + i] = (char)random_below(256);
        return len;
    }
}

static void damaged_pages(wr_arena *arena) {
    size_t whole = sizeof page_text - 1;
    char *bytes = malloc(whole * 2);
    if (!bytes) return;
    bool right = true;
    for (size_t cut = 0; cut <= whole; cut++)
        right &= read_both(arena, page_text, cut);
    CHECK(right);
    for (int i = 0; i < 10000 && right; i++) {
        memcpy(bytes, page_text, whole);
        size_t len = whole;
        for (size_t times = 1 + random_below(4); times--;)
            len = damage(bytes, len ? len : 1);
        right &= read_both(arena, bytes, len < whole * 2 - 64 ? len : whole);
    }
    CHECK(right);
    free(bytes);
}

/* A piece repeated to a megabyte (the first to four) is read at more than a megabyte a second. */
static void bombs(wr_arena *arena) {
    static const char *pieces[] = {
        "<div>",
        "<p>",
        "<a href=x>",
        "<b>",
        "<table>",
        "<table><tr><td>",
        "<ul><li>",
        "</div>",
        "<div><span></div>",
        "<button>",
        "<svg>",
        "<svg><p>",
        "<!--",
        "<!-- -->",
        "<",
        "</",
        "</>",
        "&",
        "&#",
        "&notit",
        "<title>",
        "<script>",
        "<script><!--<script></script>",
        "<textarea>",
        "<a b=\"",
        "<a b='",
        "<a ",
        "<a b c=d ",
        "\"",
        " ",
        "x",
        "x ",
        "\xff",
        "\xc2\xa0",
        "\xe2\x80",
        "<x-y>",
        "<x-y></y-x>",
        "</x-y>",
        "<h1><h2>",
        "<select><option>",
        "<br>",
        "x<br>",
        "\n",
        "x\n",
        "x-\ny",
        "{",
        "[\"",
        "<time>",
        "<i itemprop=name>",
        "<script type=ld+json>[[[[{\"a\":",
        "<section><table><td><div>",
        "</section>",
        "<form></form>",
        "\xc3\x83\xc2\xa9",
        "http://a-b-c/d ",
        "<p><b><i><u><a>",
        "<head>",
        "<body>",
        "</html><html>",
        "<![CDATA[",
        "<?",
        "<dl><dt><dd>",
        "A line of sixty characters and more that ends in which\n\nand goes on in prose here.\n"};
    char *bytes = malloc((size_t)4 << 20);
    if (!bytes) return;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t piece = strlen(pieces[i]), len = (size_t)(i ? 1 : 4) << 20;
        for (size_t at = 0; at < len; at++)
            bytes[at] = pieces[i][at % piece];
        double start = seconds();
        CHECK_ROW(pieces[i], read_both(arena, bytes, len));
        double took = seconds() - start;
#if !defined(__SANITIZE_ADDRESS__)
        CHECK_ROW(pieces[i], took < 4); /* both ways, on a machine that is busy */
#endif
    }
    free(bytes);
}

static void limits(wr_arena *arena) {
    char *line = calloc(1, (size_t)17 << 20);
    wr_str why = {0};
    wr_page page = {.raw = wr_str_of(line, (size_t)17 << 20), .kind = WR_STR("text")};
    CHECK(line && cleanup_page(arena, NULL, &page, &why) == WR_LIMIT && why.len);
    page.raw.len = 5000;
    CHECK(cleanup_page(arena, NULL, &page, &why) == WR_BINARY);
    page.raw.len = 0;
    CHECK(cleanup_page(arena, NULL, &page, &why) == WR_EMPTY);
    free(line);
}

/* Every take of memory fails once: an error, never a crash. */
static void memory_fails(wr_arena *arena) {
    wr_status status = WR_MEMORY;
    size_t n = 0;
    for (; status != WR_OK && n < 2000; n++) {
        wr_arena_reset(arena);
        wr_page page = {.raw = wr_str_of(page_text, sizeof page_text - 1), .kind = WR_STR("html")};
        wr_str why = {0};
        wr_arena_fail_at(arena, n);
        status = cleanup_page(arena, NULL, &page, &why);
        wr_arena_fail_at(arena, SIZE_MAX);
        if (status != WR_OK && status != WR_MEMORY) break;
    }
    CHECK(status == WR_OK && n > 20);
}

int main(void) {
    wr_arena *arena;
    if (wr_arena_new("test", (size_t)256 << 20, &arena) != WR_OK) return 1;
    limits(arena);
    memory_fails(arena);
    damaged_pages(arena);
    bombs(arena);
    wr_arena_free(&arena);
    return check_summary();
}
