/* page.c -- one page through all of cleanup: bytes, text, blocks, clean blocks, language */
#include "cleanup.h"

#include "html.h"
#include "plain.h"

#include "common/text/charset.h"
#include "common/text/clean.h"
#include "common/text/language.h"

#define PAGE_BYTES   ((uint64_t)16 << 20)
#define SAMPLE_BYTES 1024 /* of prose, for the language */
#define PIECE_BYTES  160  /* of a block at most, when there are enough */
#define PROSE_BYTES  80   /* shorter blocks are judged only when there are no others */

typedef struct job {
    wr_arena *arena;
    wr_page *page;
    wr_decoded decoded;
    uint64_t repairs[WR_REPAIR_COUNT];
} job;

/* ---- what the bytes are ---- */

/* A page of markup begins with a tag, after white space or not. */
static bool looks_like_html(wr_str text) {
    wr_str head = wr_str_trim(wr_str_slice(text, 0, 1024));
    if (head.len < 3 || head.ptr[0] != '<') return false;
    return wr_is_alpha(head.ptr[1]) || head.ptr[1] == '!' || head.ptr[1] == '?';
}

/* Text has next to no control characters: 1 in 16 of the first 4,096 bytes is something else. */
static bool looks_binary(wr_str text) {
    size_t n = text.len < 4096 ? text.len : 4096, odd = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        odd += (c < ' ' && !wr_is_space((char)c) && c != 0x1B) || c == 0x7F;
    }
    return odd > 4 && odd * 16 > n;
}

/* The charset parameter of a media type. */
static wr_str charset_of(wr_str type) {
    const wr_str key = WR_STR("charset=");
    for (size_t i = 0; i + key.len <= type.len; i++) {
        if (!wr_str_eq_nocase(wr_str_slice(type, i, i + key.len), key)) continue;
        wr_str value = wr_str_slice(type, i + key.len, type.len);
        value = wr_str_trim(wr_str_slice(value, 0, wr_str_find_char(value, 0, ';')));
        if (value.len > 1 && (value.ptr[0] == '"' || value.ptr[0] == '\''))
            value = wr_str_slice(value, 1, wr_str_find_char(value, 1, value.ptr[0]));
        return value;
    }
    return wr_str_of(NULL, 0);
}

static wr_status decode(job *j) {
    wr_page *page = j->page;
    wr_str http = page->charset.len ? page->charset : charset_of(page->content_type);
    bool text = wr_str_eq(page->kind, WR_STR("text"));
    wr_str meta = text ? wr_str_of(NULL, 0) : wr_charset_prescan(page->raw);
    return wr_charset_decode(j->arena, page->raw, http, meta, &j->decoded);
}

/* ---- clean blocks ---- */

static wr_status clean_blocks(job *j) {
    wr_page *page = j->page;
    size_t kept = 0;
    bool same = j->decoded.same && j->decoded.skip == 0;
    for (size_t i = 0; i < page->n_blocks; i++) {
        wr_block *b = &page->blocks[i];
        if (wr_utf8_ascii(b->text.ptr, b->text.len) < b->text.len)
            WR_TRY(wr_text_clean(j->arena, b->text, WR_CLEAN_FOLD, j->repairs, &b->text));
        if (b->text.len == 0) continue;
        if (b->link_bytes > b->text.len)
            b->link_bytes = b->text.len; /* repair makes text shorter */
        if (b->strong_bytes > b->text.len) b->strong_bytes = b->text.len;
        if (!same) {
            b->start = wr_charset_source(&j->decoded, b->start);
            b->end = wr_charset_source(&j->decoded, b->end);
        }
        if (kept < i) page->blocks[kept] = *b;
        kept++;
    }
    page->n_blocks = kept;
    return WR_OK;
}

static wr_status clean_facts(job *j, size_t from) {
    for (size_t i = from; i < j->page->n_facts; i++) {
        wr_str *value = &j->page->facts[i].value;
        if (wr_utf8_ascii(value->ptr, value->len) < value->len)
            WR_TRY(wr_text_clean(j->arena, *value, WR_CLEAN_FOLD, j->repairs, value));
    }
    return WR_OK;
}

static wr_status add_count(job *j, wr_str name, uint64_t n, size_t *cap) {
    if (n == 0) return WR_OK;
    wr_count *c = WR_PUSH(j->arena, j->page->repairs, j->page->n_repairs, *cap);
    if (!c) return WR_MEMORY;
    c->name = name;
    c->n = n;
    return WR_OK;
}

static wr_status count_repairs(job *j) {
    size_t cap = 0;
    j->page->repairs = NULL;
    j->page->n_repairs = 0;
    WR_TRY(add_count(j, WR_STR("replaced"), j->decoded.n_replaced, &cap));
    for (int i = 0; i < WR_REPAIR_COUNT; i++)
        WR_TRY(add_count(j, wr_repair_name((wr_repair)i), j->repairs[i], &cap));
    uint64_t joined = 0;
    for (size_t i = 0; i < j->page->n_blocks; i++)
        joined += j->page->blocks[i].flags >> 23 & 1;
    return add_count(j, WR_STR("joined"), joined, &cap);
}

/* ---- language ---- */

static bool is_prose(const wr_block *b) {
    return b->text.len >= PROSE_BYTES && b->link_bytes * 2 < b->text.len;
}

/* The beginnings of blocks of prose (or of the others) from all over the page. */
static size_t sample(const wr_page *page, bool prose, char *to) {
    size_t all = 0, seen = 0, n = 0;
    for (size_t i = 0; i < page->n_blocks; i++)
        if (is_prose(&page->blocks[i]) == prose)
            all += page->blocks[i].text.len < PIECE_BYTES ? page->blocks[i].text.len : PIECE_BYTES;
    for (size_t i = 0; i < page->n_blocks && SAMPLE_BYTES - n >= 16; i++) {
        wr_str text = page->blocks[i].text;
        if (is_prose(&page->blocks[i]) != prose) continue;
        seen += text.len < PIECE_BYTES ? text.len : PIECE_BYTES;
        if (all > SAMPLE_BYTES && n * all > seen * SAMPLE_BYTES) continue; /* ahead of its share */
        size_t room = SAMPLE_BYTES - n - 1;
        if (all > SAMPLE_BYTES && room > PIECE_BYTES) room = PIECE_BYTES;
        if (text.len > room) {
            text.len = room;
            text.len = wr_utf8_valid_prefix(text);
        }
        memcpy(to + n, text.ptr, text.len);
        n += text.len;
        to[n++] = '\n';
    }
    return n;
}

static wr_status find_language(job *j) {
    wr_page *page = j->page;
    char *text = wr_arena_take(j->arena, SAMPLE_BYTES);
    if (!text) return WR_MEMORY;
    size_t n = sample(page, true, text);
    if (n < 2 * PROSE_BYTES) n = sample(page, false, text);
    wr_language found = wr_language_of(wr_str_of(text, n));
    page->lang = found.tag;
    page->lang_confidence = found.confidence;
    return WR_OK;
}

wr_status cleanup_page(wr_arena *arena, const struct cleanup_options *options, wr_page *page,
                       wr_str *why) {
    uint64_t limit = options && options->page_bytes ? options->page_bytes : PAGE_BYTES;
    job j = {.arena = arena, .page = page};
    if (page->raw.len == 0) return WR_EMPTY;
    if (page->raw.len > limit) {
        *why = WR_STR("the page is longer than option page_bytes allows");
        return WR_LIMIT;
    }
    WR_TRY(decode(&j));
    if (looks_binary(j.decoded.text)) {
        *why = WR_STR("control characters in the first 4096 bytes");
        return WR_BINARY;
    }
    size_t facts = page->n_facts;
    wr_str text = j.decoded.text;
    bool html = page->kind.len ? wr_str_eq(page->kind, WR_STR("html")) : looks_like_html(text);
    wr_status status = html ? html_read(arena, text, page) : plain_read(arena, text, page);
    if (status == WR_LIMIT) *why = WR_STR("the page has too many lines or blocks");
    WR_TRY(status);
    WR_TRY(clean_blocks(&j));
    WR_TRY(clean_facts(&j, facts));
    WR_TRY(count_repairs(&j));
    WR_TRY(find_language(&j));
    page->kind = html ? WR_STR("html") : WR_STR("text");
    page->encoding = wr_encoding_name(j.decoded.encoding);
    page->size = page->raw.len;
    page->raw = wr_str_of(NULL, 0);
    return WR_OK;
}
