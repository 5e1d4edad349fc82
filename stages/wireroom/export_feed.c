/* export_feed.c -- articles as an RSS 2.0 feed and as IPTC ninjs 3.1 */
#include "export.h"

#include <common/store/json.h>
#include <time.h>

#define RSS_ITEMS   50
#define SUMMARY_MAX 600

static void element(wr_buf *out, const char *name, wr_str text) {
    if (text.len == 0) return;
    wr_buf_printf(out, "<%s>", name);
    export_xml(out, text);
    wr_buf_printf(out, "</%s>\n", name);
}

/* The first paragraph, or the description the page gives. */
static wr_str summary_of(const wr_stored *a) {
    wr_str s = a->description;
    for (size_t i = 0; i < a->n_paras && s.len == 0; i++)
        if (wr_str_eq(a->paras[i].kind, WR_STR("paragraph")))
            s = wr_str_slice(a->text, a->paras[i].start, a->paras[i].end);
    if (s.len <= SUMMARY_MAX) return s;
    s.len = SUMMARY_MAX;
    while (s.len && ((unsigned char)s.ptr[s.len] & 0xc0) == 0x80)
        s.len--;
    return s;
}

/* RFC 822, in which feeds write dates; the day when no more is stated. */
static void pub_date(wr_buf *out, wr_str day) {
    struct tm tm = {0};
    char text[64];
    char iso[16] = "";
    if (day.len != 10) return;
    memcpy(iso, day.ptr, 10);
    if (!strptime(iso, "%Y-%m-%d", &tm)) return;
    strftime(text, sizeof text, "%a, %d %b %Y 00:00:00 GMT", &tm);
    element(out, "pubDate", wr_str_c(text));
}

static wr_status rss_item(export_job *job, const wr_stored *a) {
    wr_buf *out = &job->text;
    wr_buf_add_str(out, WR_STR("<item>\n"));
    element(out, "title", a->title.len ? a->title : a->id);
    element(out, "link", a->url);
    element(out, "description", summary_of(a));
    wr_buf_add_str(out, WR_STR("<guid isPermaLink=\"false\">"));
    export_xml(out, a->id);
    wr_buf_add_str(out, WR_STR("</guid>\n"));
    pub_date(out, a->day);
    element(out, "dc:source", a->site.len ? a->site : a->host);
    for (size_t i = 0; i < a->n_entities && i < 20; i++)
        element(out, "category", a->entities[i].name);
    wr_buf_add_str(out, WR_STR("</item>\n"));
    return out->status;
}

wr_status export_rss(export_job *job) {
    wr_buf *out = &job->text;
    wr_buf_add_str(out, WR_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<rss version=\"2.0\" "
                               "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n"));
    element(out, "title", wr_str_c(job->set->title));
    element(out, "link", WR_STR("https://wireroom.invalid/"));
    element(out, "description", WR_STR("Articles from a wireroom store, newest day first"));
    WR_TRY(export_articles(job, true, job->set->limit ? job->set->limit : RSS_ITEMS, rss_item));
    wr_buf_add_str(out, WR_STR("</channel>\n</rss>\n"));
    return out->status;
}

/* ---- ninjs ---- */

static void member(wr_buf *out, const char *key, wr_str value) {
    if (value.len == 0) return;
    wr_json_key(out, key);
    wr_json_str(out, value);
}

static void role_value(wr_buf *out, const char *list, const char *role, wr_str value,
                       const char *content_type) {
    if (value.len == 0) return;
    wr_json_key(out, list);
    wr_buf_printf(out, "[{\"role\":\"%s\"", role);
    if (content_type) member(out, "contentType", wr_str_c(content_type));
    member(out, "value", value);
    wr_buf_add(out, "}]", 2);
}

/* people, organisations, places, subjects: entities of one type. */
static void named(wr_buf *out, const char *list, const wr_stored *a, const char *type) {
    bool any = false;
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_stored_entity *e = &a->entities[i];
        if (!wr_str_eq(e->type, wr_str_c(type))) continue;
        if (!any) wr_json_key(out, list);
        wr_buf_add_char(out, any ? ',' : '[');
        any = true;
        wr_buf_add_char(out, '{');
        member(out, "name", e->name);
        if (e->wikidata.len) {
            wr_json_key(out, "uri");
            wr_buf_add_str(out, WR_STR("\"http://www.wikidata.org/entity/"));
            wr_buf_add_str(out, e->wikidata);
            wr_buf_add_char(out, '"');
        }
        wr_buf_add_char(out, '}');
    }
    if (any) wr_buf_add_char(out, ']');
}

static wr_status by_line(export_job *job, const wr_stored *a) {
    wr_json *authors;
    wr_buf line = WR_BUF_INIT(65536);
    if (a->authors.len == 0) return WR_OK;
    WR_TRY(wr_json_parse(job->arena, a->authors, &authors));
    for (const wr_json *name = authors->items; name; name = name->next) {
        if (line.len) wr_buf_add(&line, ", ", 2);
        wr_buf_add_str(&line, name->string);
    }
    member(&job->text, "by", wr_buf_str(&line));
    wr_buf_free(&line);
    return WR_OK;
}

static wr_status ninjs_item(export_job *job, const wr_stored *a) {
    wr_buf *out = &job->text;
    wr_buf_add_str(out, WR_STR("{\"uri\":\"urn:wireroom:"));
    wr_buf_add_str(out, a->id);
    wr_buf_add_str(out, WR_STR("\",\"standard\":{\"name\":\"ninjs\",\"version\":\"3.1\",\"schema\":"
                               "\"https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json\"},"
                               "\"type\":\"text\",\"representationType\":\"complete\""));
    member(out, "language", a->lang);
    member(out, "contentCreated", a->published);
    member(out, "versionCreated", a->modified);
    role_value(out, "headlines", "main", a->title, NULL);
    role_value(out, "descriptions", "summary", a->description, NULL);
    role_value(out, "bodies", "main", a->text, "text/plain");
    WR_TRY(by_line(job, a));
    member(out, "slugline", a->section);
    named(out, "people", a, "PER");
    named(out, "organisations", a, "ORG");
    named(out, "places", a, "LOC");
    named(out, "subjects", a, "MISC");
    if (a->site.len || a->host.len) {
        wr_json_key(out, "infoSources");
        wr_buf_add_str(out, WR_STR("[{\"name\":"));
        wr_json_str(out, a->site.len ? a->site : a->host);
        wr_buf_add(out, "}]", 2);
    }
    if (a->url.len) {
        wr_json_key(out, "altIds");
        wr_buf_add_str(out, WR_STR("[{\"role\":\"url\",\"value\":"));
        wr_json_str(out, a->url);
        wr_buf_add(out, "}]", 2);
    }
    wr_buf_add(out, "}\n", 2);
    return out->status;
}

wr_status export_ninjs(export_job *job) {
    return export_articles(job, false, job->set->limit, ninjs_item);
}
