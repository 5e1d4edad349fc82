/* html.c -- the walk over a page's tokens */
#include "html.h"

#include "reader.h"

#include "entity.h"

/* The start tag of an element whose content has no tags. */
static void begin_raw(reader *r) {
    const markup *m = r->m;
    wr_str type;
    r->raw = m->tag;
    r->raw_jsonld = m->tag == TAG_script && markup_attr_find(m, WR_STR("type"), &type) &&
                    memmem(type.ptr, type.len, "ld+json", 7) != NULL;
    bool block = tag_table[m->tag].kind & TAG_BLOCK && m->tag != TAG_title;
    if (block) blocks_end(r);
}

static void add_title(reader *r, wr_str text) {
    wr_str decoded;
    if (r->have_title || r->skip) return;
    r->have_title = true;
    if (entity_decode(r->arena, text, ENTITY_IN_TEXT, &decoded) != WR_OK) r->failed = true;
    else facts_add(r, WR_STR("title"), decoded, WR_STR("title"), false);
}

static void add_text(reader *r) {
    const markup *m = r->m;
    switch (m->read) {
    case MARKUP_DATA:
    case MARKUP_CDATA:
    case MARKUP_PLAINTEXT:
        if (r->skip == 0) blocks_add(r, m->text, m->start, m->read == MARKUP_DATA);
        break;
    case MARKUP_RCDATA:
        if (r->raw == TAG_title) add_title(r, m->text);
        break;
    case MARKUP_SCRIPT:
        if (r->raw_jsonld) jsonld_facts(r, m->text);
        break;
    case MARKUP_RAWTEXT:
        if (r->raw == TAG_xmp && r->skip == 0) blocks_add(r, m->text, m->start, false);
        break;
    }
}

static void start_tag(reader *r) {
    bool raw = r->m->mode != MARKUP_DATA && r->m->mode != MARKUP_PLAINTEXT;
    if (raw) begin_raw(r);
    else elements_start(r);
    r->m->foreign = r->foreign > 0;
    facts_of_tag(r);
}

static void end_tag(reader *r) {
    if (tag_table[r->m->tag].kind & (TAG_RAWTEXT | TAG_RCDATA) && !r->foreign) {
        if (r->m->tag == TAG_xmp) blocks_end(r);
        return;
    }
    elements_end(r);
    r->m->foreign = r->foreign > 0;
}

wr_status html_read(wr_arena *arena, wr_str text, wr_page *page) {
    reader *r = wr_arena_take(arena, sizeof *r);
    markup *m = wr_arena_take(arena, sizeof *m);
    if (!r || !m) return WR_MEMORY;
    r->arena = arena;
    r->m = m;
    r->facts = page->facts;
    r->n_facts = r->facts_cap = page->n_facts;
    WR_TRY(elements_init(r));
    markup_open(m, text, true);
    while (!r->failed && !r->too_many && markup_next(m)) {
        if (m->kind == MARKUP_TEXT) add_text(r);
        else if (m->kind == MARKUP_START) start_tag(r);
        else if (m->kind == MARKUP_END) end_tag(r);
    }
    elements_close_all(r);
    if (r->failed || r->too_many) return r->failed ? WR_MEMORY : WR_LIMIT;
    page->blocks = r->blocks;
    page->n_blocks = r->n_blocks;
    page->facts = r->facts;
    page->n_facts = r->n_facts;
    return WR_OK;
}
