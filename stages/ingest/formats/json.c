/* json.c -- JSON Lines, arrays and concatenated values as pages */
#include "records.h"

#include "common/text/jvalue.h"

typedef enum field {
    FIELD_html,
    FIELD_text,
    FIELD_url,
    FIELD_fetched,
    FIELD_content_type,
    FIELD_charset,
    FIELD_title,
    FIELD_published,
    FIELD_modified,
    FIELD_author,
    FIELD_site,
    FIELD_lang,
    FIELD_description,
    FIELD_section,
    FIELD_image,
    FIELD_COUNT
} field;

static const struct {
    const char *key;
    field what;
} fields[] = {
#define J(key, what) {key, FIELD_##what},
#include "json_fields.def"
#undef J
};

static const char *const hint_names[FIELD_COUNT] = {[FIELD_title] = "title",
                                                    [FIELD_published] = "published",
                                                    [FIELD_modified] = "modified",
                                                    [FIELD_author] = "author",
                                                    [FIELD_site] = "site",
                                                    [FIELD_lang] = "lang",
                                                    [FIELD_description] = "description",
                                                    [FIELD_section] = "section",
                                                    [FIELD_image] = "image"};

/* ---- where records end ---- */

static bool is_gap(char c) {
    return wr_is_space(c) || c == ',';
}

/* Bytes of the value at the begin of `s` (an object or array, or the rest of a line); 0 when its
 * end is not in `s`. Strings are respected, nothing is checked. */
static size_t value_bytes(wr_str s) {
    size_t depth = 0;
    bool inside = false;
    if (!s.len || (*s.ptr != '{' && *s.ptr != '[')) {
        size_t end = wr_str_find_char(s, 0, '\n');
        return end < s.len ? end + 1 : 0;
    }
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (inside) {
            if (c == '\\') i++;
            inside = c != '"';
            continue;
        }
        inside = c == '"';
        depth += c == '{' || c == '[';
        if ((c == '}' || c == ']') && --depth == 0) return i + 1;
    }
    return 0;
}

typedef struct json_state {
    bool begun, wrapped, over; /* wrapped: in such a list; over: behind its end */
    wr_str title;              /* what the object says it is */
} json_state;

/* What stands between records: white space, commas, and the brackets of an array around them all.
 */
static size_t gap_bytes(wr_str s, json_state *state) {
    size_t i = 0;
    for (; i < s.len && (is_gap(s.ptr[i]) || s.ptr[i] == '[' || s.ptr[i] == ']'); i++)
        state->over |= state->wrapped && s.ptr[i] == ']';
    return i;
}

/* Bytes of the record when the line is one: a whole value, or a damaged one before a line that
 * begins another, which then costs no other record. 0 when values do not keep to lines. */
static size_t line_record(wr_str view, size_t line) {
    wr_str text = wr_str_trim(wr_str_slice(view, 0, line));
    while (text.len && text.ptr[text.len - 1] == ',')
        text.len--;
    if (text.len < 2 || *text.ptr != '{') return 0;
    size_t value = value_bytes(text);
    if (value) return value == text.len ? line : value;
    bool next = line + 1 < view.len && view.ptr[line + 1] == '{' && text.ptr[1] == '"';
    return next ? line : 0;
}

/* Looks for the end of the record at the window's begin: its bytes, 0 = larger than the window. */
static wr_status find_record(ingest_input *in, size_t *len) {
    for (size_t want = (size_t)16 << 10;; want *= 2) {
        if (want > in->limit) want = in->limit;
        WR_TRY(ingest_input_fill(in, want));
        wr_str view = ingest_input_view(in);
        size_t line = wr_str_find_char(view, 0, '\n');
        bool whole_line = line + 1 < view.len || in->ended;
        if (whole_line && (*len = line_record(view, line)) > 0) return WR_OK;
        *len = value_bytes(view);
        if (*len || in->ended) {
            if (!*len) *len = view.len;
            return WR_OK;
        }
        if (want == in->limit) return WR_OK;
    }
}

/* ---- an object around all records: {"status": "ok", "articles": [{...}, {...}], "next": 2} ----
 */

/* A member at `at`: its key, and where its value begins; false when none does. */
static bool read_member(wr_str s, size_t at, wr_str *key, size_t *value) {
    while (at < s.len && is_gap(s.ptr[at]))
        at++;
    if (at >= s.len || s.ptr[at] != '"') return false;
    size_t end = wr_str_find_char(s, at + 1, '"');
    *key = wr_str_slice(s, at + 1, end);
    for (at = end + 1; at < s.len && wr_is_space(s.ptr[at]); at++) {
    }
    if (at >= s.len || s.ptr[at] != ':') return false;
    for (at++; at < s.len && wr_is_space(s.ptr[at]); at++) {
    }
    *value = at;
    return at < s.len;
}

static size_t string_end(wr_str s, size_t at) {
    for (size_t i = at + 1; i < s.len; i++) {
        if (s.ptr[i] == '\\') i++;
        else if (s.ptr[i] == '"') return i + 1;
    }
    return s.len;
}

static size_t value_end(wr_str s, size_t at) {
    if (s.ptr[at] == '"') return string_end(s, at);
    if (s.ptr[at] == '{' || s.ptr[at] == '[') {
        size_t n = value_bytes(wr_str_slice(s, at, s.len));
        return n ? at + n : s.len;
    }
    while (at < s.len && !is_gap(s.ptr[at]) && s.ptr[at] != '}')
        at++;
    return at;
}

/* Names of lists of records; "hits" of Elasticsearch is an object with such a list. */
static bool is_list_name(wr_str key) {
    static const char *const names[] = {"articles", "items",   "data",      "results",
                                        "hits",     "docs",    "documents", "news",
                                        "stories",  "entries", "records",   "posts"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (wr_str_eq_nocase(key, wr_str_c(names[i]))) return true;
    return false;
}

/* Offset of the first record's '{' in a list inside the object at s[0], 0 when there is none. */
static size_t find_list(wr_str s, wr_str *title) {
    size_t at = 1, value = 0;
    wr_str key;
    for (unsigned depth = 0; read_member(s, at, &key, &value);) {
        char c = s.ptr[value];
        size_t inner = value + 1;
        while (inner < s.len && wr_is_space(s.ptr[inner]))
            inner++;
        bool named = is_list_name(key);
        if (named && c == '[') return inner < s.len && s.ptr[inner] == '{' ? inner : 0;
        if (named && c == '{' && depth++ < 2) {
            at = value + 1;
            continue;
        }
        at = value_end(s, value);
        if (c == '"' && wr_str_eq_nocase(key, WR_STR("title")))
            *title = wr_str_slice(s, value + 1, at - 1);
    }
    return 0;
}

/* At the begin of the file: past a byte order mark and the object around the records. */
static wr_status begin_file(ingest_input *in, json_state *state) {
    state->begun = true;
    if (in->offset) return WR_OK; /* goes on in the middle */
    WR_TRY(ingest_input_fill(in, (size_t)16 << 10));
    wr_str view = ingest_input_view(in);
    size_t at = wr_str_starts(view, WR_STR("\xef\xbb\xbf")) ? 3 : 0;
    while (at < view.len && wr_is_space(view.ptr[at]))
        at++;
    wr_str object = wr_str_slice(view, at, view.len), title = wr_str_of(NULL, 0);
    size_t list = object.len && *object.ptr == '{' ? find_list(object, &title) : 0;
    state->wrapped = list > 0;
    if (list) WR_TRY(wr_arena_copy(in->arena, title, &state->title));
    WR_TRY(records_text(in->arena, &state->title));
    ingest_input_take(in, at + list);
    return WR_OK;
}

/* ---- what a record says ---- */

/* Equal but for ASCII case and '-', '_', ' ' in the record's key. */
static bool same_key(wr_str key, const char *want) {
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (c == '-' || c == '_' || c == ' ') continue;
        if (wr_lower(c) != *want++) return false;
    }
    return *want == 0;
}

static wr_status set_field(wr_arena *arena, wr_page *page, field what, wr_str value, wr_str *body) {
    switch (what) {
    case FIELD_html:
    case FIELD_text: /* of several the first */
        if (!body[what].len) body[what] = value;
        return WR_OK;
    case FIELD_url: page->url = value; return WR_OK;
    case FIELD_fetched: page->fetched = value; return WR_OK;
    case FIELD_content_type: page->content_type = value; return WR_OK;
    case FIELD_charset: return WR_OK; /* JSON is UTF-8, whatever the page was */
    case FIELD_published:
    case FIELD_modified: WR_TRY(records_date(arena, &value)); break;
    default: break;
    }
    return records_hint(arena, page, hint_names[what], value);
}

/* A member's value: a string, a number, an object's name or address, each of an array. */
static wr_status add_value(wr_arena *arena, wr_page *page, field what, const wr_jvalue *v,
                           wr_str *body) {
    static const wr_str names[] = {{"name", 4}, {"rendered", 8}, {"value", 5},
                                   {"url", 3},  {"title", 5},    {"text", 4}};
    wr_str text;
    if (v->type == WR_JVALUE_ARRAY) {
        for (const wr_jvalue *e = v->first; e; e = e->next)
            if (e->type != WR_JVALUE_ARRAY) WR_TRY(add_value(arena, page, what, e, body));
        return WR_OK;
    }
    if (v->type == WR_JVALUE_OBJECT) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const wr_jvalue *m = wr_jvalue_member(v, names[i]);
            if (m && m->type == WR_JVALUE_STRING) return add_value(arena, page, what, m, body);
        }
        return WR_OK;
    }
    if (v->type != WR_JVALUE_STRING && v->type != WR_JVALUE_NUMBER) return WR_OK;
    WR_TRY(wr_jvalue_text(arena, v, &text));
    return set_field(arena, page, what, text, body);
}

/* The record, and objects in it that hold its members: {"meta": {...}, "article": {...}}. */
#define OBJECTS_MAX 8u

static bool is_nested_name(wr_str key) {
    static const char *const names[] = {"article", "_source",  "document", "doc",        "item",
                                        "page",    "record",   "story",    "news",       "fields",
                                        "meta",    "metadata", "data",     "attributes", "post"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (wr_str_eq_nocase(key, wr_str_c(names[i]))) return true;
    return false;
}

static size_t list_objects(const wr_jvalue *root, const wr_jvalue **objects) {
    size_t n = 0;
    if (root && root->type == WR_JVALUE_OBJECT) objects[n++] = root;
    for (size_t i = 0; i < n; i++)
        for (const wr_jvalue *m = objects[i]->first; m && n < OBJECTS_MAX; m = m->next)
            if (m->type == WR_JVALUE_OBJECT && m->first && is_nested_name(m->key)) objects[n++] = m;
    return n;
}

static wr_status read_record(wr_arena *arena, wr_str record, wr_page *page, wr_str *why) {
    wr_jvalue *root;
    bool have[FIELD_COUNT] = {false};
    wr_str body[2] = {{0}, {0}};
    if (!wr_jvalue_valid(record)) {
        *why = WR_STR("a record that is not JSON");
        return WR_MALFORMED;
    }
    WR_TRY(wr_jvalue_read(arena, record, &root));
    const wr_jvalue *objects[OBJECTS_MAX];
    size_t n = list_objects(root, objects);
    for (size_t i = 0; i < sizeof fields / sizeof *fields * n; i++) {
        size_t row = i / n;
        const wr_jvalue *object = objects[i % n];
        for (const wr_jvalue *m = have[fields[row].what] ? NULL : object->first; m; m = m->next) {
            bool empty = m->type == WR_JVALUE_NULL || (m->type == WR_JVALUE_STRING && !m->text.len);
            bool own = m->type == WR_JVALUE_OBJECT && is_nested_name(m->key);
            if (empty || own || !same_key(m->key, fields[row].key)) continue;
            have[fields[row].what] = true;
            WR_TRY(add_value(arena, page, fields[row].what, m, body));
            break;
        }
    }
    page->raw = body[FIELD_html].len ? body[FIELD_html] : body[FIELD_text];
    if (body[FIELD_html].len) page->kind = WR_STR("html");
    if (page->raw.len) return WR_OK;
    wr_str title = records_hint_of(page, "title");
    if (page->url.len && title.len) return records_reference(arena, page, title, why);
    *why = WR_STR("a record without a member of text or markup");
    return WR_EMPTY;
}

static wr_status json_next(ingest_input *in, void **state, const ingest_limits *limits,
                           wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {
    *found = INGEST_FOUND_END;
    json_state *s = *state ? *state : wr_arena_take(in->arena, sizeof *s);
    if (!s) return WR_MEMORY;
    *state = s;
    wr_status begun = s->begun ? WR_OK : begin_file(in, s);
    for (size_t gap = 1; gap;) {
        wr_status filled = begun == WR_OK ? ingest_input_fill(in, 4096) : begun;
        if (filled != WR_OK) {
            *why = in->why;
            return filled;
        }
        gap = gap_bytes(ingest_input_view(in), s);
        ingest_input_take(in, gap);
    }
    if (s->over || (!in->len && in->ended)) return WR_OK;
    page->offset = in->offset;
    size_t len;
    wr_status status = find_record(in, &len);
    if (status != WR_OK) {
        *why = in->why;
        return status;
    }
    *found = INGEST_FOUND_BAD;
    if (len == 0 || len > limits->page_bytes) { /* on to the next line */
        *why = WR_STR("a record larger than the limit (--page-limit)");
        for (bool more = true; more;) {
            wr_str view = ingest_input_view(in);
            size_t line = wr_str_find_char(view, 0, '\n');
            more = line == view.len && !in->ended;
            ingest_input_take(in, line + (line < view.len));
            if (more) WR_TRY(ingest_input_fill(in, 1));
        }
        return WR_LIMIT;
    }
    wr_str view = ingest_input_view(in), record = wr_str_trim(wr_str_slice(view, 0, len));
    while (record.len &&
           (record.ptr[record.len - 1] == ',' || wr_is_space(record.ptr[record.len - 1])))
        record.len--;
    page->feed = s->title;
    status = read_record(arena, record, page, why);
    if (status == WR_OK) *found = INGEST_FOUND_PAGE;
    ingest_input_take(in, len);
    return status;
}

const ingest_format records_json = {"json", json_next, NULL, true};
