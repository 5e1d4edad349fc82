/* html.c -- markup to blocks: rows of markup and the blocks it gives, "tag:text" joined by '|' */
#include "check.h"

#include "stages/cleanup/cleanup.h"

#include <stdio.h>

static const struct {
    const char *html, *blocks;
} rows[] = {
    {"<p>One <b>two</b>\n three</p>", "p:One two three"},
    {"<p>one<p>two<div>three<p>four</div>five", "p:one|p:two|div:three|p:four|html:five"},
    {"<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e", "li:a|li:b|li:c|li:d|html:e"},
    {"<dl><dt>a<dd>b<dt>c</dl>", "dt:a|dd:b|dt:c"},
    {"<table><tr><td>a<td>b<tr><th>c</table>d", "td:a|td:b|th:c|html:d"},
    {"<td><div>a</td></div>b", "div:a|html:b"},
    {"<table><td>a</div></p>b</table>", "td:a|td:b"},
    {"a<br>b<br/>c</br>d<hr>e", "html:a|html:b|html:c|html:d|html:e"},
    {"<h1>a<h2>b</h1>c", "h1:a|h2:b|html:c"},
    {"<script>x<p>y</script>a<style>b</style>c", "html:ac"},
    {"<script><!--<script></script>--></script>a", "html:a"},
    {"<select><option>x<option>y</select>a", "html:a"},
    {"<svg><title>x</title><style>y</style><text>z</text></svg>a", "html:a"},
    {"<svg><path d='x'><p>a", "p:a"},
    {"<template><p>x</p></template>a", "html:a"},
    {"<template shadowrootmode=open><p>x</p></template>a", "p:x|html:a"},
    {"<title>t<body><p>a", "p:a"},
    {"<!-- x <p>a", "html:a"},
    {"<!-- x --> y <!----!> z", "html:y z"},
    {"<a href='x>b</a><p>a", "html:b|p:a"},
    {"a &amp; b &lt;c&gt; &copy 2 &notit; &bogus; &#8217; &#x80; &#0;",
     "html:a & b <c> \u00a9 2 \u00acit; &bogus; \u2019 \u20ac \ufffd"},
    {"a&nbsp;&nbsp;b &#160; c\u00a0\u3000d", "html:a b c d"},
    {"<p>&nbsp;</p><p> \n </p>", ""},
    {"<button>x<div>y</div></div>z", "button:x|div:y|button:z"},
    {"<p><a href=x>one</a><a href=y>two</a></p>", "p:one two"},
    {"<b><p>a</b>b</p>c", "p:ab|html:c"},
    {"<pre>a\nb\n\nc</pre>", "pre:a b|pre:c"},
    {"<noscript>x</noscript>y", "noscript:x|html:y"},
    {"<my-card><p>a</p>b</my-card>c", "p:a|custom:b|html:c"},
    {"1 < 2 </> <3 </ x> 4 <? y> 5 <!z> 6", "html:1 < 2 <3 4 5 6"},
    {"a<textarea>b<p>c</textarea>d<iframe><p>x</iframe>e", "html:a|html:d|html:e"},
    {"<p><ruby>a<rp>(<rt>b<rp>)</ruby> <ruby>c<rt>d</ruby>", "p:a(b) c"},
    {"<html><body><p>a</body></html><html><body>b", "p:a|body:b"},
};

static void blocks_of_rows(wr_arena *arena) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_arena_reset(arena);
        wr_page page = {.raw = wr_str_c(rows[i].html), .kind = WR_STR("html")};
        wr_str why = {0};
        char got[1000] = "";
        size_t n = 0;
        CHECK(cleanup_page(arena, NULL, &page, &why) == WR_OK);
        for (size_t j = 0; j < page.n_blocks; j++) {
            const wr_block *b = &page.blocks[j];
            n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s:%.*s", j ? "|" : "",
                                  (int)b->tag.len, b->tag.ptr, (int)b->text.len, b->text.ptr);
        }
        CHECK_STR(wr_str_c(got), wr_str_c(rows[i].blocks));
    }
}

int main(void) {
    wr_arena *arena;
    if (wr_arena_new("test", (size_t)64 << 20, &arena) != WR_OK) return 1;
    blocks_of_rows(arena);
    wr_arena_free(&arena);
    return check_summary();
}
