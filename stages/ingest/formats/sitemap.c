/* sitemap.c -- addresses of a sitemap, a news sitemap or an index of sitemaps: references, no pages
 */
#include "items.h"
#include "records.h"
#include "xml.h"

static wr_status read_entry(wr_arena *arena, wr_str item, wr_page *page, wr_str *title) {
    xml_reader r;
    xml_open(&r, item);
    for (xml_token token; (token = xml_next(&r)) != XML_END;) {
        wr_str value;
        if (token != XML_OPEN) continue;
        bool loc = xml_is(&r, "loc"), named = xml_is(&r, "title");
        const char *hint = xml_is(&r, "publication_date") ? "published"
                           : xml_is(&r, "lastmod")        ? "modified"
                           : named                        ? "title"
                           : xml_is(&r, "name")           ? "site"
                           : xml_is(&r, "language")       ? "lang"
                                                          : NULL;
        if (!loc && !hint) continue;
        WR_TRY(xml_text(arena, &r, &value));
        if (loc && !page->url.len) page->url = value; /* not image:loc behind it */
        if (named) *title = value;
        if (hint) WR_TRY(records_hint(arena, page, hint, value));
    }
    return WR_OK;
}

static wr_status sitemap_next(ingest_input *in, void **state, const ingest_limits *limits,
                              wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    static const wr_str names[] = {{"url", 3}, {"sitemap", 7}};
    wr_str item, text, title = {NULL, 0};
    (void)state;
    WR_TRY(items_next(in, limits, names, 2, &item, found, why));
    if (*found == INGEST_FOUND_END) return WR_OK;
    *found = INGEST_FOUND_BAD;
    page->offset = in->offset;
    size_t taken = item.len;
    wr_status status = xml_utf8(arena, item, &text);
    if (status == WR_OK) status = read_entry(arena, text, page, &title);
    if (status == WR_OK) status = records_reference(arena, page, title, why);
    ingest_input_take(in, taken);
    return status;
}

const ingest_format records_sitemap = {"sitemap", sitemap_next, NULL, true};
