/* show.c -- the page in colour */
#include "show.h"

#define LABEL_COLUMNS 22 /* sign, confidence, label */
#define REMOVED_MAX   160

static void paint(const show_style *style, const char *code, wr_buf *out) {
    if (style->colour) wr_buf_printf(out, "\033[%sm", code);
}

static void put(wr_buf *out, wr_str text) {
    for (size_t i = 0; i < text.len;
         i++) { /* nothing of a page reaches the terminal as a command */
        char c = text.ptr[i];
        wr_buf_add_char(out, (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c);
    }
}

/* Columns of UTF-8 text, one a code point. */
static size_t columns(wr_str text) {
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return n;
}

static const wr_para *para_of(const wr_page *page, const wr_block *b, const wr_article **article) {
    if (!b->article || b->article > page->n_articles) return NULL;
    *article = &page->articles[b->article - 1];
    for (size_t i = 0; i < (*article)->n_paras; i++)
        if ((*article)->paras[i].block == (uint64_t)(b - page->blocks) + 1)
            return &(*article)->paras[i];
    return NULL;
}

static const char *type_colour(wr_str type) {
    if (wr_str_eq(type, WR_STR("PER"))) return "1;33";
    if (wr_str_eq(type, WR_STR("ORG"))) return "1;36";
    if (wr_str_eq(type, WR_STR("LOC"))) return "1;35";
    return "1;34";
}

/* The entity whose mention begins at `at` of the article's text; *end = where it ends. */
static const wr_entity *entity_at(const wr_article *a, size_t at, size_t *end) {
    for (size_t i = 0; i < a->n_entities; i++)
        for (size_t k = 0; k < a->entities[i].n_mentions; k++)
            if (a->entities[i].mentions[k].start == at) {
                *end = a->entities[i].mentions[k].end;
                return &a->entities[i];
            }
    return NULL;
}

/* `text` wrapped at the width and indented; bytes [base, ...) of the article, when there is one. */
static void wrap(const show_style *style, const wr_article *a, size_t base, wr_str text,
                 wr_buf *out) {
    size_t column = LABEL_COLUMNS, painted_to = 0;
    for (size_t i = 0; i < text.len;) {
        size_t end = wr_str_find_char(text, i, ' ');
        size_t width = columns(wr_str_slice(text, i, end));
        if (column > LABEL_COLUMNS && column + 1 + width > style->width) {
            wr_buf_printf(out, "\n%*s", LABEL_COLUMNS, "");
            column = LABEL_COLUMNS;
        } else if (i) {
            wr_buf_add_char(out, ' ');
            column++;
        }
        for (size_t k = i; k < end; k++) {
            size_t stop;
            bool word = k == i || !(wr_is_alpha(text.ptr[k - 1]) || wr_is_digit(text.ptr[k - 1]));
            const wr_entity *e = style->colour && a && word ? entity_at(a, base + k, &stop) : NULL;
            if (e) {
                paint(style, type_colour(e->type), out);
                painted_to = stop - base;
            }
            put(out, wr_str_slice(text, k, k + 1));
            if (painted_to && k + 1 >= painted_to) {
                paint(style, "0", out);
                painted_to = 0;
            }
        }
        column += width;
        i = end + 1;
    }
    if (painted_to) paint(style, "0", out);
    wr_buf_add_char(out, '\n');
}

static wr_str shortened(wr_str text) {
    if (text.len <= REMOVED_MAX) return text;
    size_t len = REMOVED_MAX;
    while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
        len--;
    return wr_str_slice(text, 0, len);
}

static void show_block(const wr_page *page, const wr_block *b, const show_style *style,
                       wr_buf *out) {
    const wr_article *article = NULL;
    const wr_para *para = para_of(page, b, &article);
    bool kept = b->reason.len == 0;
    wr_str label = kept ? b->label : b->reason;
    paint(style, kept ? "32" : "31", out);
    wr_buf_printf(out, "%c %4.2f %-13.*s", kept ? '+' : '-', b->confidence, (int)label.len,
                  label.ptr);
    paint(style, "0", out);
    wr_buf_add_str(out, WR_STR("  "));
    if (!kept) paint(style, "2", out);
    wr_str text = kept ? b->text : shortened(b->text);
    wrap(style, para ? article : NULL, para ? para->start : 0, text, out);
    if (!kept) paint(style, "0", out);
}

static void line(const char *name, const show_style *style, wr_buf *out) {
    paint(style, "2", out);
    wr_buf_printf(out, "  %-*s", LABEL_COLUMNS - 2, name);
    paint(style, "0", out);
}

static void fact(const char *name, wr_str value, wr_str origin, const show_style *style,
                 wr_buf *out) {
    if (!value.len) return;
    line(name, style, out);
    put(out, value);
    if (origin.len) wr_buf_printf(out, "  (%.*s)", (int)origin.len, origin.ptr);
    wr_buf_add_char(out, '\n');
}

static void show_metadata(const wr_article *a, const show_style *style, wr_buf *out) {
    for (size_t i = 0; i < a->n_authors; i++)
        fact(i ? "" : "author", a->authors[i].name, a->authors[i].origin, style, out);
    fact("agency", a->agency, (wr_str){0}, style, out);
    fact("published", a->published.len ? a->published : WR_STR("no date stated"),
         a->published_origin, style, out);
    fact("site", a->site, a->site_origin, style, out);
    fact("url", a->url, a->url_origin, style, out);
    fact("caption", a->caption, a->credit, style, out);
}

static void show_entities(const wr_article *a, const show_style *style, wr_buf *out) {
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_entity *e = &a->entities[i];
        line(i ? "" : "entities", style, out);
        paint(style, type_colour(e->type), out);
        wr_buf_printf(out, "%-4.*s ", (int)e->type.len, e->type.ptr);
        put(out, e->name);
        paint(style, "0", out);
        wr_buf_printf(out, " x%zu", e->n_mentions);
        if (e->role.len) {
            wr_buf_add_str(out, WR_STR(", "));
            put(out, e->role);
        }
        if (e->id.len) wr_buf_printf(out, "  %.*s", (int)e->id.len, e->id.ptr);
        if (e->origin.len) wr_buf_printf(out, "  (%.*s)", (int)e->origin.len, e->origin.ptr);
        if (e->n_candidates) wr_buf_printf(out, "  ambiguous: %zu candidates", e->n_candidates);
        wr_buf_add_char(out, '\n');
    }
}

static void show_quotes(const wr_article *a, const show_style *style, wr_buf *out) {
    bool first = true;
    for (size_t i = 0; i < a->n_quotes; i++) {
        const wr_quote *q = &a->quotes[i];
        if (wr_str_eq(q->kind, WR_STR("scare"))) continue;
        line(first ? "quotes" : "", style, out);
        first = false;
        wr_str who =
            q->speaker.len ? q->speaker : wr_str_slice(a->text, q->speaker_start, q->speaker_end);
        put(out, who.len ? who : WR_STR("(speaker not found)"));
        wr_buf_add_str(out, WR_STR(": \""));
        put(out, shortened(q->text));
        wr_buf_add_str(out, WR_STR("\"\n"));
    }
}

static void show_dates(const wr_article *a, const show_style *style, wr_buf *out) {
    for (size_t i = 0; i < a->n_dates; i++) {
        const wr_date *d = &a->dates[i];
        line(i ? "" : "dates", style, out);
        put(out, wr_str_slice(a->text, d->start, d->end));
        wr_buf_add_str(out, WR_STR(" = "));
        put(out, d->value.len ? d->value : WR_STR("? (the page states no date)"));
        wr_buf_add_char(out, '\n');
    }
}

static void show_head(const wr_page *page, const show_style *style, wr_buf *out) {
    paint(style, "1", out);
    put(out, page->file);
    paint(style, "0", out);
    wr_buf_printf(out, "  %.*s, %llu bytes, %.*s", (int)page->kind.len, page->kind.ptr,
                  (unsigned long long)page->size, (int)page->encoding.len, page->encoding.ptr);
    if (page->lang.len)
        wr_buf_printf(out, ", %.*s (%.2f)", (int)page->lang.len, page->lang.ptr,
                      page->lang_confidence);
    for (size_t i = 0; i < page->n_repairs; i++)
        wr_buf_printf(out, "%s%.*s %llu", i ? ", " : "; repaired: ", (int)page->repairs[i].name.len,
                      page->repairs[i].name.ptr, (unsigned long long)page->repairs[i].n);
    wr_buf_add_str(out, WR_STR("\n\n"));
}

void show_page(const wr_page *page, const show_style *style, wr_buf *out) {
    show_head(page, style, out);
    for (size_t i = 0; i < page->n_blocks; i++)
        show_block(page, &page->blocks[i], style, out);
    for (size_t i = 0; i < page->n_articles; i++) {
        const wr_article *a = &page->articles[i];
        wr_buf_add_char(out, '\n');
        paint(style, "1", out);
        wr_buf_printf(out, "article %zu  ", i + 1);
        put(out, a->title);
        paint(style, "0", out);
        wr_buf_add_char(out, '\n');
        show_metadata(a, style, out);
        show_entities(a, style, out);
        show_quotes(a, style, out);
        show_dates(a, style, out);
    }
}
