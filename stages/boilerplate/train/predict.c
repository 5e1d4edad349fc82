/* predict.c -- articles as lines for the scorers of extraction and metadata */
#include "predict.h"

static void write_string(FILE *out, wr_str s) {
    putc('"', out);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\') fprintf(out, "\\%c", c);
        else if (c < 0x20) fprintf(out, "\\u%04x", c);
        else putc(c, out);
    }
    putc('"', out);
}

static void write_member(FILE *out, const char *key, wr_str value) {
    fprintf(out, ", \"%s\": ", key);
    write_string(out, value);
}

/* The gold's authors hold agencies too. */
static void write_authors(FILE *out, const wr_article *article) {
    if (!article->n_authors && !article->agency.len) return;
    fputs(", \"authors\": [", out);
    for (size_t i = 0; i < article->n_authors; i++) {
        if (i) fputs(", ", out);
        write_string(out, article->authors[i].name);
    }
    if (article->n_authors && article->agency.len) fputs(", ", out);
    if (article->agency.len) write_string(out, article->agency);
    putc(']', out);
}

wr_str predict_body(const wr_article *article) {
    size_t from = 0;
    if (article->n_paras && wr_str_eq(article->paras[0].kind, WR_STR("title")))
        from = article->n_paras > 1 ? article->paras[1].start : article->text.len;
    return wr_str_slice(article->text, from, article->text.len);
}

const wr_article *predict_main(const wr_page *page) {
    return page->n_articles ? page->articles : NULL;
}

void predict_write(FILE *out, wr_str set, wr_str id, const wr_page *page) {
    const wr_article *article = predict_main(page);
    fputs("{\"set\": ", out);
    write_string(out, set);
    write_member(out, "id", id);
    write_member(out, "text", article ? predict_body(article) : wr_str_of(NULL, 0));
    if (article && article->title.len) write_member(out, "title", article->title);
    if (article) write_authors(out, article);
    if (article && article->published.len) write_member(out, "date", article->published);
    if (article) fprintf(out, ", \"quality\": %.3f", article->quality);
    fputs("}\n", out);
}
