/* page.c -- one page through all of cleanup */
#include "cleanup.h"

#include "html.h"

#define PAGE_BYTES ((uint64_t)16 << 20)

wr_status cleanup_page(wr_arena *arena, const struct cleanup_options *options, wr_page *page,
                       wr_str *why) {
    uint64_t limit = options && options->page_bytes ? options->page_bytes : PAGE_BYTES;
    if (page->raw.len == 0) return WR_EMPTY;
    if (page->raw.len > limit) {
        *why = WR_STR("the page is longer than option page_bytes allows");
        return WR_LIMIT;
    }
    WR_TRY(html_read(arena, page->raw, page));
    page->size = page->raw.len;
    page->encoding = WR_STR("utf-8");
    page->raw = wr_str_of(NULL, 0);
    return WR_OK;
}
