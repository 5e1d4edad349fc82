/* output.c -- tables and JSON lines */
#include "output.h"

#include <stdlib.h>
#include <unistd.h>

#define OUTPUT_MAX ((size_t)1 << 30)

void output_open(output *out, FILE *to, bool json, const output_column *columns, size_t n_columns) {
    bool terminal = isatty(fileno(to));
    *out = (output){.json = json || !terminal,
                    .colour = terminal && !json && !getenv("NO_COLOR"),
                    .to = to,
                    .columns = columns,
                    .n_columns = n_columns,
                    .cells = WR_BUF_INIT(OUTPUT_MAX),
                    .line = WR_BUF_INIT(OUTPUT_MAX)};
}

/* Length of the well-formed UTF-8 sequence at the begin, 0 = none. */
static size_t sequence(wr_str s, uint32_t *point) {
    const unsigned char *b = (const unsigned char *)s.ptr;
    size_t len = b[0] < 0x80   ? 1
                 : b[0] < 0xc2 ? 0
                 : b[0] < 0xe0 ? 2
                 : b[0] < 0xf0 ? 3
                 : b[0] < 0xf5 ? 4
                               : 0;
    if (!len || len > s.len) return 0;
    uint32_t c = len == 1 ? b[0] : b[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((b[i] & 0xc0) != 0x80) return 0;
        c = c << 6 | (b[i] & 0x3f);
    }
    if ((len == 3 && (c < 0x800 || (c >= 0xd800 && c < 0xe000))) ||
        (len == 4 && (c < 0x10000 || c > 0x10ffff)))
        return 0;
    *point = c;
    return len;
}

/* East Asian wide blocks and combining marks, by the large ranges: good enough to align a column.
 */
static size_t width_of(uint32_t c) {
    if ((c >= 0x300 && c < 0x370) || (c >= 0x200b && c < 0x2010) || (c >= 0xfe00 && c < 0xfe10))
        return 0;
    bool wide = (c >= 0x1100 && c < 0x1160) || (c >= 0x2e80 && c < 0xa4d0) ||
                (c >= 0xac00 && c < 0xd7a4) || (c >= 0xf900 && c < 0xfb00) ||
                (c >= 0xff00 && c < 0xff61) || (c >= 0x1f300 && c < 0x1f650) ||
                (c >= 0x20000 && c < 0x40000);
    return wide ? 2 : 1;
}

size_t output_width(wr_str text) {
    size_t width = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t c = 0;
        size_t len = sequence(wr_str_slice(text, i, text.len), &c);
        width += len ? width_of(c) : 1;
        i += len ? len : 1;
    }
    return width;
}

void output_json_string(wr_buf *to, wr_str text) {
    wr_buf_add_char(to, '"');
    for (size_t i = 0; i < text.len;) {
        uint32_t c = 0;
        size_t len = sequence(wr_str_slice(text, i, text.len), &c);
        if (!len) wr_buf_add_str(to, WR_STR("\xef\xbf\xbd")), len = 1;
        else if (c == '"' || c == '\\') wr_buf_add_char(to, '\\'), wr_buf_add_char(to, (char)c);
        else if (c == '\n') wr_buf_add_str(to, WR_STR("\\n"));
        else if (c == '\t') wr_buf_add_str(to, WR_STR("\\t"));
        else if (c < 32 || c == 127) wr_buf_printf(to, "\\u%04x", c);
        else wr_buf_add(to, text.ptr + i, len);
        i += len;
    }
    wr_buf_add_char(to, '"');
}

void output_safe(wr_buf *to, wr_str text) {
    for (size_t i = 0; i < text.len;) {
        uint32_t c = 0;
        size_t len = sequence(wr_str_slice(text, i, text.len), &c);
        if (!len || c < 32 || (c >= 127 && c < 160))
            wr_buf_add_char(to, c == '\n' || c == '\t' ? ' ' : '?');
        else wr_buf_add(to, text.ptr + i, len);
        i += len ? len : 1;
    }
}

void output_both(output *out, wr_str text, wr_str json) {
    const output_column *column = &out->columns[out->at];
    if (out->json) {
        wr_buf_add_char(&out->line, out->at ? ',' : '{');
        output_json_string(&out->line, wr_str_c(column->key));
        wr_buf_add_char(&out->line, ':');
        wr_buf_add_str(&out->line, json);
    } else if (column->title) {
        output_safe(&out->cells, text);
        wr_buf_add_char(&out->cells, 0);
    }
    if (++out->at < out->n_columns) return;
    out->at = 0;
    out->n_rows++;
    if (!out->json) return;
    wr_buf_add_str(&out->line, WR_STR("}\n"));
    fwrite(out->line.ptr, 1, out->line.len, out->to);
    wr_buf_clear(&out->line);
}

void output_text(output *out, wr_str text) {
    wr_buf json = WR_BUF_INIT(OUTPUT_MAX);
    if (out->json) output_json_string(&json, text);
    output_both(out, text, wr_buf_str(&json));
    wr_buf_free(&json);
}

void output_number(output *out, uint64_t number) {
    char text[32];
    int len = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    output_both(out, wr_str_of(text, (size_t)len), wr_str_of(text, (size_t)len));
}

void output_real(output *out, double number) {
    char text[64];
    int len = snprintf(text, sizeof text, "%.3g", number);
    output_both(out, wr_str_of(text, (size_t)len), wr_str_of(text, (size_t)len));
}

static void print_cell(const output *out, wr_str text, size_t width, bool right, bool last) {
    size_t pad = width - output_width(text);
    if (right) fprintf(out->to, "%*s", (int)pad, "");
    fwrite(text.ptr, 1, text.len, out->to);
    if (!right && !last) fprintf(out->to, "%*s", (int)pad, "");
    if (!last) fputs("  ", out->to);
}

static void print_table(const output *out) {
    size_t widths[64] = {0}, shown[64], n = 0;
    for (size_t c = 0; c < out->n_columns && n < 64; c++) {
        if (!out->columns[c].title) continue;
        widths[n] = output_width(wr_str_c(out->columns[c].title));
        shown[n++] = c;
    }
    const char *cell = out->cells.ptr;
    for (size_t i = 0; i < n * out->n_rows; i++, cell += strlen(cell) + 1) {
        size_t width = output_width(wr_str_c(cell));
        if (width > widths[i % n]) widths[i % n] = width;
    }
    fputs(output_bold(out), out->to);
    for (size_t i = 0; i < n; i++)
        print_cell(out, wr_str_c(out->columns[shown[i]].title), widths[i],
                   out->columns[shown[i]].right, i + 1 == n);
    fprintf(out->to, "%s\n", output_plain(out));
    cell = out->cells.ptr;
    for (size_t i = 0; i < n * out->n_rows; i++, cell += strlen(cell) + 1) {
        print_cell(out, wr_str_c(cell), widths[i % n], out->columns[shown[i % n]].right,
                   i % n + 1 == n);
        if (i % n + 1 == n) fputc('\n', out->to);
    }
}

bool output_close(output *out) {
    if (!out->json && out->n_rows && out->cells.status == WR_OK) print_table(out);
    wr_buf_free(&out->cells);
    wr_buf_free(&out->line);
    return fflush(out->to) == 0 && !ferror(out->to);
}

bool output_progress(void) {
    return isatty(STDERR_FILENO);
}

const char *output_red(const output *out) {
    return out->colour ? "\033[31m" : "";
}

const char *output_yellow(const output *out) {
    return out->colour ? "\033[33m" : "";
}

const char *output_bold(const output *out) {
    return out->colour ? "\033[1m" : "";
}

const char *output_plain(const output *out) {
    return out->colour ? "\033[0m" : "";
}
