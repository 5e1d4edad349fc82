/* page.c -- one page through all of cleanup */
#include "cleanup.h"

#include "html.h"
#include "plain.h"

#define PAGE_BYTES ((uint64_t)16 << 20)

/* A page of markup begins with a tag, after white space and comments or not. */
static bool looks_like_html(wr_str raw) {
    wr_str head = wr_str_trim(wr_str_slice(raw, 0, 1024));
    if (wr_str_starts(head, WR_STR("\xEF\xBB\xBF"))) head = wr_str_slice(head, 3, head.len);
    if (head.len < 3 || head.ptr[0] != '<') return false;
    return wr_is_alpha(head.ptr[1]) || head.ptr[1] == '!' || head.ptr[1] == '?';
}

wr_status cleanup_page(wr_arena *arena, const struct cleanup_options *options, wr_page *page,
                       wr_str *why) {
    uint64_t limit = options && options->page_bytes ? options->page_bytes : PAGE_BYTES;
    if (page->raw.len == 0) return WR_EMPTY;
    if (page->raw.len > limit) {
        *why = WR_STR("the page is longer than option page_bytes allows");
        return WR_LIMIT;
    }
    bool html = page->kind.len ? wr_str_eq(page->kind, WR_STR("html")) : looks_like_html(page->raw);
    page->kind = html ? WR_STR("html") : WR_STR("text");
    WR_TRY(html ? html_read(arena, page->raw, page) : plain_read(arena, page->raw, page));
    page->size = page->raw.len;
    page->encoding = WR_STR("utf-8");
    page->raw = wr_str_of(NULL, 0);
    return WR_OK;
}
