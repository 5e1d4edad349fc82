/* blocks.c -- text into blocks: white space folded, references decoded, hints of the place noted */
#include "entity.h"
#include "reader.h"
#include "space.h"

#define CHUNK       8192
#define WORDS_BYTES 320
#define PATH_STEPS  6

enum { PLAIN, SPACE, REFERENCE, LEAD, DROP };

/* clang-format off */
static const unsigned char text_class[256] = {
    DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, SPACE, SPACE, SPACE, SPACE, SPACE, DROP, DROP,
    DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP,
    SPACE, ['&'] = REFERENCE, [127] = DROP, [0xC2] = LEAD, [0xE2] = LEAD, [0xE3] = LEAD, [0xEF] = LEAD};
/* clang-format on */

/* ---- hints of the place a block begins in ---- */

static wr_str keep_text(reader *r, hint_text *slot, uint64_t key, wr_str text) {
    wr_str copy = {0};
    if (text.len && wr_arena_copy(r->arena, text, &copy) != WR_OK) r->failed = true;
    *slot = (hint_text){key, copy};
    return copy;
}

static wr_str path_of(reader *r, const element *e) {
    const element *steps[PATH_STEPS];
    size_t n = 0;
    uint64_t key = 1;
    for (size_t i = e->block;; i = r->open[i - 1].block) {
        key = hints_key(key, r->open[i].step_key);
        steps[n++] = &r->open[i];
        if (i == 0 || n == PATH_STEPS) break;
    }
    hint_text *slot = hints_text(r->cache, key);
    if (slot->key == key) return slot->text;
    char text[PATH_STEPS * (HINT_STEP_MAX + 1)];
    size_t len = 0;
    while (n--) {
        if (len) text[len++] = '/';
        len += hints_step(steps[n]->name, steps[n]->words[WORDS_CLASS], text + len);
    }
    return keep_text(r, slot, key, wr_str_of(text, len));
}

static void add_words(hint_words *words, const element *e) {
    for (size_t i = 0; i < WORDS_MAX; i++)
        if (e->words[i].len) hints_add_words(words, e->words[i]);
}

/* The block element that holds block element `e`. */
static const element *holder_of(const reader *r, const element *e) {
    return e->block ? &r->open[r->open[e->block - 1].block] : NULL;
}

static wr_str words_of(reader *r, const element *e) {
    const element *block = &r->open[e->block], *outer = holder_of(r, e);
    uint64_t key = 2;
    for (const element *i = e; i >= block; i--)
        if (i->words_key && (!i->dead || i == block)) key = hints_key(key, i->words_key);
    if (outer && outer->words_key) key = hints_key(key, outer->words_key);
    hint_text *slot = hints_text(r->cache, key);
    if (slot->key == key) return slot->text;
    char text[WORDS_BYTES];
    hint_words words = {.ptr = text, .cap = sizeof text};
    for (const element *i = e; i >= block; i--)
        if (!i->dead || i == block) add_words(&words, i);
    if (outer) add_words(&words, outer);
    return keep_text(r, slot, key, wr_str_of(text, words.len));
}

/* Most elements stand as far from the lists as the one before. */
static wr_str near_of(reader *r, const element *e) {
    wr_str near = wr_str_of((const char *)e->near, HINT_LISTS);
    if (wr_str_eq(near, r->last_near)) return r->last_near;
    if (wr_arena_copy(r->arena, near, &r->last_near) != WR_OK) r->failed = true;
    return r->last_near;
}

static void begin(reader *r, size_t at) {
    element *e = &r->open[r->n_open - 1];
    elements_settle(r);
    if (!e->path_text.len) {
        element *holder = &r->open[e->block];
        if (!holder->path_text.len) holder->path_text = path_of(r, holder);
        e->path_text = holder->path_text;
        e->words_text = words_of(r, e);
        e->near_text = near_of(r, e);
    }
    const element *holder = &r->open[e->block];
    const tag_info *known = &tag_table[holder->tag];
    r->now = (wr_block){.start = at,
                        .tag = known->len ? wr_str_of(known->name, known->len) : WR_STR("custom"),
                        .path = e->path_text,
                        .words = e->words_text,
                        .level = e->level,
                        .depth = e->depth,
                        .container = e->container,
                        .parent = e->parent,
                        .joint = r->joint < e->depth ? r->joint : e->depth,
                        .flags = e->flags | (r->after_br ? BLOCK_AFTER_BR : 0),
                        .near = e->near_text,
                        .breaks = r->breaks};
    r->joint = e->depth;
    r->filling = true;
    r->space = false;
    r->len = 0;
    r->link_counted = 0;
}

/* ---- text ---- */

/* Room for `more` bytes after the text of the block being filled, which may move. */
static bool reserve(reader *r, size_t more) {
    if (r->cap - r->len >= more) return true;
    size_t cap = r->len + more > CHUNK / 2 ? (r->len + more) * 2 : CHUNK;
    char *text = wr_arena_take(r->arena, cap);
    if (!text) {
        r->failed = true;
        return false;
    }
    if (r->len) memcpy(text, r->text, r->len);
    r->text = text;
    r->cap = cap;
    return true;
}

/* Adds visible characters; [from, to) is where they stand in the page. */
static void put(reader *r, const char *p, size_t n, size_t from, size_t to) {
    if (!r->filling) begin(r, from);
    size_t before = r->len;
    if (r->space && r->len) r->text[r->len++] = ' ';
    r->space = false;
    memcpy(r->text + r->len, p, n);
    r->len += n;
    r->now.end = to;
    if (r->strong) r->now.strong_bytes += r->len - before;
    if (r->link) {
        if (r->link_counted != r->link_serial) {
            r->link_counted = r->link_serial;
            if (r->now.links++ == 0) r->now.href = r->href;
        }
        r->now.link_bytes += r->len - before;
    }
    if (r->n_captures) facts_text(r, r->text + before, r->len - before);
}

/* After a capital A with circumflex or tilde or a small one with circumflex a no-break space is
 * most likely the second byte of a character in a wrong encoding: it is left for the repair. */
static bool in_mojibake(const reader *r) {
    if (!r->filling || r->space || r->len < 2) return false;
    const unsigned char *p = (const unsigned char *)r->text + r->len;
    return p[-2] == 0xC3 && (p[-1] == 0x82 || p[-1] == 0x83 || p[-1] == 0xA2);
}

/* One past the run of characters that are copied as they are, single blanks inside included. */
static const unsigned char *plain_run(const unsigned char *p, const unsigned char *end) {
    for (;; p++) {
        while (p < end && text_class[*p] == PLAIN)
            p++;
        bool single = p + 1 < end && *p == ' ' && text_class[p[1]] == PLAIN;
        if (!single) return p;
    }
}

static void put_reference(reader *r, wr_str s, size_t at, size_t *took) {
    entity_text e;
    *took = entity_read(s, ENTITY_IN_TEXT, &e);
    if (*took == 0) {
        *took = 1;
        put(r, "&", 1, at, at + 1);
        return;
    }
    const unsigned char *p = (const unsigned char *)e.bytes;
    bool space = true;
    unsigned class = text_class[*p];
    if (e.len == 1 && class == DROP) return;
    if (!(e.len == 1 && class == SPACE) &&
        !(class == LEAD && space_odd(e.bytes, e.bytes + e.len, &space))) {
        put(r, e.bytes, e.len, at, at + *took);
        return;
    }
    r->space |= space;
}

void blocks_add(reader *r, wr_str raw, size_t at, bool refs) {
    const element *top = elements_top(r);
    if (r->filling && ((top->flags ^ (uint32_t)r->now.flags) & BLOCK_NOSCRIPT)) blocks_end(r);
    const unsigned char *p = (const unsigned char *)raw.ptr, *end = p + raw.len, *base = p;
    while (p < end && text_class[*p] == SPACE) /* most runs between tags are only this */
        p++, r->space = true;
    if (p == end || !reserve(r, (size_t)(end - p) + (size_t)(end - p) / 4 + 16)) return;
    while (p < end) {
        size_t from = at + (size_t)(p - base);
        bool space;
        size_t n;
        unsigned class = text_class[*p];
        switch (class) {
        case PLAIN: {
            const unsigned char *stop = plain_run(p, end);
            put(r, (const char *)p, (size_t)(stop - p), from, at + (size_t)(stop - base));
            p = stop;
            break;
        }
        case SPACE:
            if (*p == '\n' && (top->flags & BLOCK_IN_PRE) && r->filling) {
                const unsigned char *q = p + 1; /* a blank line in <pre> parts paragraphs */
                while (q < end && (*q == ' ' || *q == '\t' || *q == '\r'))
                    q++;
                if (q < end && *q == '\n') blocks_end(r);
            }
            r->space = true;
            p++;
            break;
        case REFERENCE:
            if (refs) put_reference(r, wr_str_of((const char *)p, (size_t)(end - p)), from, &n);
            else put(r, "&", n = 1, from, from + 1);
            p += n;
            break;
        case DROP: p++; break;
        default:
            n = space_odd((const char *)p, (const char *)end, &space);
            if (n && !in_mojibake(r)) {
                r->space |= space;
                p += n;
                break;
            }
            n = 1;
            while (p + n < end && (p[n] & 0xC0) == 0x80)
                n++;
            put(r, (const char *)p, n, from, from + n);
            p += n;
        }
    }
}

void blocks_end(reader *r) {
    r->space = false;
    if (!r->filling) return;
    r->filling = false;
    r->after_br = false;
    r->breaks = 0;
    if (r->n_blocks == BLOCKS_MAX) r->too_many = true;
    if (r->too_many || r->failed) return;
    wr_block *b = WR_PUSH(r->arena, r->blocks, r->n_blocks, r->blocks_cap);
    if (!b) {
        r->failed = true;
        return;
    }
    *b = r->now;
    b->text = wr_str_of(r->text, r->len);
    r->text += r->len; /* the next block goes behind it */
    r->cap -= r->len;
    r->len = 0;
}
