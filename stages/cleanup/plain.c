/* plain.c -- lines of plain text to blocks */
#include "plain.h"

#include "lines.h"
#include "reader.h"
#include "space.h"

typedef struct builder {
    char *text;
    size_t len;
    bool space;
} builder;

/* Adds the text with white space folded. */
static void add(builder *b, wr_str s) {
    for (const char *p = s.ptr, *end = p + s.len; p < end;) {
        bool blank = true;
        size_t n = 0;
        if ((signed char)*p <= ' ') n = (unsigned char)*p < 0x80 ? 1 : space_odd(p, end, &blank);
        if (n) {
            b->space |= blank && (wr_is_space(*p) || n > 1);
            p += n;
            continue;
        }
        if (b->space && b->len) b->text[b->len++] = ' ';
        b->space = false;
        b->text[b->len++] = *p++;
    }
}

/* An address whose slug was broken by one space: the whole line is the address. */
static bool one_address(wr_str s) {
    size_t gap = wr_str_find_char(s, 0, ' ');
    if (gap == s.len || !lines_is_address(s)) return false;
    return lines_broken_address(wr_str_slice(s, 0, gap), wr_str_slice(s, gap + 1, s.len));
}

/* Addresses in the text, and text between double asterisks, which many scrapers write for bold. */
static void measure(wr_block *block) {
    wr_str s = block->text;
    for (size_t i = 0; i < s.len; i++) {
        bool begins = i == 0 || s.ptr[i - 1] == ' ' || s.ptr[i - 1] == '(';
        if (begins && lines_is_address(wr_str_slice(s, i, s.len))) {
            size_t end = wr_str_find_char(s, i, ' ');
            if (block->links++ == 0) block->href = wr_str_slice(s, i, end);
            block->link_bytes += end - i;
            i = end;
        } else if (wr_str_starts(wr_str_slice(s, i, s.len), WR_STR("**"))) {
            wr_str rest = wr_str_slice(s, i + 2, s.len);
            const char *close = rest.len ? memmem(rest.ptr, rest.len, "**", 2) : NULL;
            if (!close) continue;
            block->strong_bytes += (size_t)(close - rest.ptr);
            i += 3 + (size_t)(close - rest.ptr);
        }
    }
}

/* "## Heading": the level, and the mark's length. */
static uint64_t heading_mark(wr_str s, size_t *mark) {
    uint64_t level = 0;
    while (level < s.len && s.ptr[level] == '#')
        level++;
    if (level == 0 || level > 6 || level >= s.len || s.ptr[level] != ' ') return 0;
    *mark = level + 1;
    return level;
}

/* The text of the lines [from, to) without the first `mark` bytes. */
static void join_lines(builder *b, const line *lines, size_t from, size_t to, size_t mark,
                       uint64_t *flags) {
    b->len = 0;
    for (size_t i = from; i < to; i++) {
        line_join join = i > from ? lines[i].join : LINE_APART;
        if (join == LINE_NO_HYPHEN) b->len--;
        b->space = join == LINE_SPACE;
        wr_str text = wr_str_slice(lines[i].text, i == from ? mark : 0, lines[i].text.len);
        if (one_address(text)) {
            size_t gap = wr_str_find_char(text, 0, ' ');
            add(b, wr_str_slice(text, 0, gap));
            text = wr_str_slice(text, gap + 1, text.len);
            *flags |= BLOCK_JOINED;
        }
        add(b, text);
    }
}

/* One block of the lines [from, to). */
static wr_status add_block(wr_arena *arena, const line *lines, size_t from, size_t to,
                           wr_block *out) {
    const line *first = &lines[from], *last = &lines[to - 1];
    size_t room = 0, mark = first->mark;
    for (size_t i = from; i < to; i++)
        room += lines[i].text.len + 1;
    *out = (wr_block){.start = first->start,
                      .end = last->start + last->text.len,
                      .tag = WR_STR("line"),
                      .breaks = first->breaks,
                      .flags = (to - from > 1 ? BLOCK_JOINED : 0u) | (mark ? BLOCK_BULLET : 0u)};
    out->level = heading_mark(first->text, &mark);
    builder b = {.text = wr_arena_take(arena, room)};
    if (!b.text) return WR_MEMORY;
    join_lines(&b, lines, from, to, mark, &out->flags);
    if (b.len == 0 && mark) { /* nothing that shows after the mark: the mark is the text */
        out->flags &= ~(uint64_t)BLOCK_BULLET;
        out->level = 0;
        join_lines(&b, lines, from, to, 0, &out->flags);
    }
    out->text = wr_str_of(b.text, b.len);
    measure(out);
    return WR_OK;
}

wr_status plain_read(wr_arena *arena, wr_str text, wr_page *page) {
    line *lines;
    size_t n, n_blocks = 0;
    WR_TRY(lines_split(arena, text, &lines, &n));
    lines_decide(text, lines, n);
    wr_block *blocks = n ? wr_arena_array(arena, n, sizeof *blocks) : NULL;
    if (n && !blocks) return WR_MEMORY;
    for (size_t i = 0, next; i < n; i = next) {
        next = i + 1;
        while (next < n && lines[next].join != LINE_APART)
            next++;
        WR_TRY(add_block(arena, lines, i, next, &blocks[n_blocks]));
        if (blocks[n_blocks].text.len) n_blocks++;
    }
    page->blocks = blocks;
    page->n_blocks = n_blocks;
    return WR_OK;
}
