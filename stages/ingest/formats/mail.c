/* mail.c -- mail as pages: one message, an mbox of many, or a page saved as MHTML
 *
 * gmime takes a message apart; the page is its first part of markup, else its first of text. */
#include "records.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wcast-qual"
#include <gmime/gmime.h>
#pragma GCC diagnostic pop

/* ---- where messages end ---- */

/* "From someone Mon Aug 22 09:45:00 2011": the line mbox puts before a message. */
static bool is_from_line(wr_str s) {
    wr_str line = wr_str_slice(s, 0, wr_str_find_char(s, 0, '\n'));
    size_t digits = 0;
    for (size_t i = 0; i < line.len; i++)
        digits += wr_is_digit(line.ptr[i]);
    return wr_str_starts(line, WR_STR("From ")) && digits >= 4 &&
           memchr(line.ptr, ':', line.len) != NULL;
}

/* Offset of the next message's From line after the first byte, or s.len. */
static size_t next_message(wr_str s) {
    for (size_t at = wr_str_find_char(s, 0, '\n'); at < s.len;
         at = wr_str_find_char(s, at + 1, '\n')) {
        bool blank = s.ptr[at > 0 ? at - 1 : 0] == '\n' ||
                     (at > 1 && s.ptr[at - 1] == '\r' && s.ptr[at - 2] == '\n');
        if (blank && is_from_line(wr_str_slice(s, at + 1, s.len))) return at + 1;
    }
    return s.len;
}

/* ---- one message ---- */

static wr_status copy_text(wr_arena *arena, const char *text, wr_str *out) {
    *out = wr_str_c(text);
    WR_TRY(wr_arena_copy(arena, *out, out));
    return records_text(arena, out);
}

static wr_status hint(wr_arena *arena, wr_page *page, const char *name, const char *text) {
    wr_str value;
    if (!text) return WR_OK;
    WR_TRY(copy_text(arena, text, &value));
    return records_hint(arena, page, name, value);
}

static wr_status set_hints(wr_arena *arena, GMimeMessage *message, wr_page *page) {
    WR_TRY(hint(arena, page, "title", g_mime_message_get_subject(message)));
    InternetAddressList *from = g_mime_message_get_from(message);
    if (from && internet_address_list_length(from) > 0) {
        InternetAddress *first = internet_address_list_get_address(from, 0);
        WR_TRY(hint(arena, page, "author", internet_address_get_name(first)));
    }
    GDateTime *date = g_mime_message_get_date(message);
    if (!date) return WR_OK;
    char *iso = g_date_time_format(date, "%Y-%m-%dT%H:%M:%S%:z");
    wr_status status = hint(arena, page, "published", iso);
    g_free(iso);
    return status;
}

/* The first part of that subtype of text which is no attachment, NULL when there is none. */
static GMimePart *find_part(GMimeObject *root, const char *subtype) {
    GMimePart *found = NULL;
    GMimePartIter *iter = g_mime_part_iter_new(root);
    do {
        GMimeObject *part = g_mime_part_iter_get_current(iter);
        if (!part || !GMIME_IS_PART(part)) continue;
        if (g_mime_part_is_attachment((GMimePart *)part)) continue;
        GMimeContentType *type = g_mime_object_get_content_type(part);
        if (type && g_mime_content_type_is_type(type, "text", subtype)) found = (GMimePart *)part;
    } while (!found && g_mime_part_iter_next(iter));
    g_mime_part_iter_free(iter);
    return found;
}

static wr_status read_part(wr_arena *arena, GMimePart *part, wr_page *page) {
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content) return WR_OK;
    const char *charset = g_mime_object_get_content_type_parameter((GMimeObject *)part, "charset");
    const char *location = g_mime_part_get_content_location(part);
    if (charset) WR_TRY(copy_text(arena, charset, &page->charset));
    if (location && strncmp(location, "http", 4) == 0)
        WR_TRY(copy_text(arena, location, &page->url));
    GMimeStream *to = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, to);
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)to);
    wr_status status =
        wr_arena_copy(arena, wr_str_of((const char *)bytes->data, bytes->len), &page->raw);
    g_object_unref(to);
    return status;
}

static wr_status read_body(wr_arena *arena, GMimeMessage *message, wr_page *page) {
    GMimeObject *root = g_mime_message_get_mime_part(message);
    GMimePart *part = root ? find_part(root, "html") : NULL;
    if (part) page->kind = WR_STR("html");
    else if (root) part = find_part(root, "plain");
    WR_TRY(part ? read_part(arena, part, page) : WR_OK);
    if (!page->kind.len) page->kind = WR_STR("text");
    return set_hints(arena, message, page);
}

static wr_status read_message(wr_arena *arena, wr_str bytes, wr_page *page, wr_str *why) {
    if (is_from_line(bytes))
        bytes = wr_str_slice(bytes, wr_str_find_char(bytes, 0, '\n') + 1, bytes.len);
    g_mime_init(); /* does its work once */
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    wr_status status = message ? read_body(arena, message, page) : WR_MALFORMED;
    if (status == WR_MALFORMED) *why = WR_STR("a mail that is damaged");
    if (status == WR_OK && !page->raw.len) {
        *why = WR_STR("a mail without a part of text or markup");
        status = WR_EMPTY;
    }
    if (message) g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
    return status;
}

static wr_status mail_next(ingest_input *in, void **state, const ingest_limits *limits,
                           wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    (void)state;
    *found = INGEST_FOUND_END;
    size_t end = 0;
    for (size_t want = (size_t)64 << 10; !end; want *= 2) {
        if (want > in->limit) want = in->limit;
        wr_status status = ingest_input_fill(in, want);
        if (status != WR_OK) {
            *why = in->why;
            return status;
        }
        wr_str view = ingest_input_view(in);
        if (!view.len) return WR_OK;
        size_t next = is_from_line(view) ? next_message(view) : view.len;
        if (next < view.len || (in->ended && in->len < want)) end = next;
        else if (want == in->limit) break;
    }
    *found = INGEST_FOUND_BAD;
    wr_str view = ingest_input_view(in);
    if (!end || end > limits->page_bytes) {
        ingest_input_take(in, end ? end : view.len);
        *why = WR_STR("a mail larger than the limit (--page-limit)");
        return WR_LIMIT;
    }
    wr_status status = read_message(arena, wr_str_slice(view, 0, end), page, why);
    if (status == WR_OK) *found = INGEST_FOUND_PAGE;
    ingest_input_take(in, end);
    return status;
}

const ingest_format records_mail = {"mail", mail_next, NULL, true};
