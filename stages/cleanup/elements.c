/* elements.c -- the open elements: what a tag opens, what it closes without saying so */
#include "reader.h"

#define NONE SIZE_MAX

const element *elements_top(const reader *r) {
    return &r->open[r->n_open - 1];
}

wr_status elements_init(reader *r) {
    r->open_cap = 64;
    r->open = wr_arena_array(r->arena, r->open_cap, sizeof *r->open);
    r->cache = wr_arena_take(r->arena, sizeof *r->cache);
    if (!r->open || !r->cache) return WR_MEMORY;
    element *root = &r->open[0];
    root->tag = TAG_html;
    root->kind = TAG_BLOCK | TAG_SCOPE;
    root->name = WR_STR("html");
    root->number = r->numbers = 1;
    root->container = root->parent = 1;
    root->depth = 1;
    memset(root->near, 255, sizeof root->near);
    r->n_open = r->n_settled = 1;
    return WR_OK;
}

/* ---- closing ---- */

/* What an element's end means, whether it is popped or only dead. */
static void leave(reader *r, size_t i) {
    element *e = &r->open[i];
    if (e->dead) return;
    e->dead = true;
    r->count[e->tag]--;
    if (e->kind & TAG_SKIP) r->skip--;
    if (e->kind & TAG_STRONG) r->strong--;
    if (e->tag == TAG_svg) r->foreign--;
    if (r->link == i + 1) {
        r->link = 0;
        r->link_end = r->m->end;
    }
    if (r->n_captures) facts_close(r, i);
}

/* Closes the elements from index `i` up. */
static void pop_to(reader *r, size_t i) {
    bool block = false;
    while (r->n_open > i) {
        element *e = &r->open[r->n_open - 1];
        block |= (e->kind & TAG_BLOCK) != 0;
        /* Text of captures must be complete before the block is ended, blocks_end needs none. */
        leave(r, r->n_open - 1);
        r->n_open--;
    }
    if (r->n_settled > r->n_open) r->n_settled = r->n_open;
    if (r->open[r->n_open - 1].depth < r->joint) r->joint = r->open[r->n_open - 1].depth;
    if (block) blocks_end(r);
}

void elements_close_all(reader *r) {
    pop_to(r, 1);
    blocks_end(r);
}

static bool in_table(tag_id tag) {
    switch (tag) {
    case TAG_table:
    case TAG_tr:
    case TAG_td:
    case TAG_th:
    case TAG_tbody:
    case TAG_thead:
    case TAG_tfoot:
    case TAG_caption:
    case TAG_colgroup: return true;
    default: return false;
    }
}

/* Index of the innermost open element of that tag an end tag (or implied end) may reach. */
static size_t find_open(const reader *r, tag_id tag) {
    if (r->count[tag] == 0) return NONE;
    bool table = in_table(tag);
    for (size_t i = r->n_open; i-- > 1;) {
        const element *e = &r->open[i];
        if (e->tag == tag && !e->dead) return i;
        if (table ? e->tag == TAG_table : (e->kind & TAG_SCOPE) != 0) return NONE;
        if (tag == TAG_p && e->tag == TAG_button) return NONE;
    }
    return NONE;
}

static void close_tag(reader *r, tag_id tag) {
    size_t i = find_open(r, tag);
    if (i != NONE) pop_to(r, i);
}

/* <li>, <dd>, <dt>: closes the item before, but not one of an outer list. */
static void close_item(reader *r, tag_id one, tag_id two) {
    if (r->count[one] == 0 && r->count[two] == 0) return;
    for (size_t i = r->n_open; i-- > 1;) {
        const element *e = &r->open[i];
        if (!e->dead && (e->tag == one || e->tag == two)) {
            pop_to(r, i);
            return;
        }
        bool passes =
            !(e->kind & TAG_BLOCK) || e->tag == TAG_div || e->tag == TAG_p || e->tag == TAG_address;
        if (!passes) return;
    }
}

/* A formatting element ends: alone when blocks inside it are still open. */
static void end_format(reader *r, tag_id tag) {
    size_t i = find_open(r, tag);
    if (i == NONE) return;
    for (size_t j = i + 1; j < r->n_open; j++)
        if (r->open[j].kind & TAG_BLOCK) {
            leave(r, i);
            return;
        }
    pop_to(r, i);
}

/* An inline element, known or not: its end tag reaches no further than the nearest block. */
static void end_inline(reader *r) {
    const markup *m = r->m;
    for (size_t i = r->n_open; i-- > 1;) {
        const element *e = &r->open[i];
        bool same = m->tag == e->tag && (m->tag != TAG_other || wr_str_eq_nocase(e->name, m->name));
        if (same && !e->dead) {
            pop_to(r, i);
            return;
        }
        if (e->kind & TAG_BLOCK && !(m->tag == TAG_other && !(e->kind & TAG_SCOPE))) return;
    }
}

static void end_heading(reader *r) {
    for (size_t i = r->n_open; i-- > 1;) {
        const element *e = &r->open[i];
        if (e->kind & TAG_HEADING) {
            pop_to(r, i);
            return;
        }
        if (e->kind & TAG_SCOPE) return;
    }
}

void elements_end(reader *r) {
    tag_id tag = r->m->tag;
    unsigned kind = tag_table[tag].kind;
    if (r->overflow && !(kind & TAG_VOID)) {
        r->overflow--;
        if (kind & TAG_BLOCK) blocks_end(r);
        return;
    }
    if (tag == TAG_br) {
        blocks_end(r); /* </br> is <br> */
        r->breaks++;
        r->after_br = true;
    } else if (tag == TAG_body || tag == TAG_html) {
        blocks_end(r); /* what follows still belongs to the open elements */
        r->html_ended |= tag == TAG_html;
    } else if (kind & TAG_HEADING) {
        end_heading(r);
    } else if (kind & TAG_FORMAT) {
        end_format(r, tag);
    } else if (tag == TAG_form) {
        size_t i = find_open(r, tag);
        blocks_end(r);
        if (i != NONE && i + 1 == r->n_open) pop_to(r, i);
        else if (i != NONE) leave(r, i);
    } else if (kind & TAG_BLOCK) {
        blocks_end(r);
        close_tag(r, tag);
    } else if (!(kind & TAG_VOID)) {
        end_inline(r);
    }
}

/* ---- opening ---- */

/* Elements that end an open svg: the page goes on though the drawing was not closed. */
static bool breaks_out(tag_id tag, unsigned kind) {
    return (kind & (TAG_ENDS_P | TAG_HEADING)) || ((kind & TAG_FORMAT) && tag != TAG_a) ||
           tag == TAG_body || tag == TAG_br || tag == TAG_img || tag == TAG_span ||
           tag == TAG_meta || tag == TAG_head;
}

static void close_table_parts(reader *r, tag_id tag) {
    close_tag(r, TAG_td);
    close_tag(r, TAG_th);
    if (tag == TAG_td || tag == TAG_th) return;
    close_tag(r, TAG_tr);
    if (tag == TAG_tr) return;
    close_tag(r, TAG_caption);
    close_tag(r, TAG_tbody);
    close_tag(r, TAG_thead);
    close_tag(r, TAG_tfoot);
    close_tag(r, TAG_colgroup);
}

/* What ends because this start tag comes. */
static void close_implied(reader *r, tag_id tag, unsigned kind) {
    if (r->foreign && breaks_out(tag, kind))
        for (size_t i = 1; i < r->n_open; i++)
            if (r->open[i].tag == TAG_svg) {
                pop_to(r, i);
                break;
            }
    if ((kind & TAG_ENDS_P) && r->count[TAG_select]) close_tag(r, TAG_select);
    if ((kind & TAG_ENDS_P) && r->count[TAG_p]) close_tag(r, TAG_p);
    if ((kind & TAG_HEADING) && (elements_top(r)->kind & TAG_HEADING)) pop_to(r, r->n_open - 1);
    switch (tag) {
    case TAG_li: close_item(r, TAG_li, TAG_li); break;
    case TAG_dd:
    case TAG_dt: close_item(r, TAG_dd, TAG_dt); break;
    case TAG_tr:
    case TAG_td:
    case TAG_th:
    case TAG_tbody:
    case TAG_thead:
    case TAG_tfoot:
    case TAG_caption:
    case TAG_colgroup: close_table_parts(r, tag); break;
    case TAG_option:
    case TAG_optgroup:
        if (elements_top(r)->tag == TAG_option) pop_to(r, r->n_open - 1);
        break;
    case TAG_a:
    case TAG_button:
    case TAG_select:
    case TAG_nobr:
        if (r->count[tag]) kind &TAG_FORMAT ? end_format(r, tag) : close_tag(r, tag);
        break;
    case TAG_rb:
    case TAG_rt:
    case TAG_rtc:
    case TAG_rp:
        if (elements_top(r)->tag == TAG_rt || elements_top(r)->tag == TAG_rp)
            pop_to(r, r->n_open - 1);
        break;
    case TAG_body:
        if (r->count[TAG_head]) close_tag(r, TAG_head);
        break;
    default: break;
    }
    bool of_head = tag == TAG_link || tag == TAG_meta || tag == TAG_base || tag == TAG_noscript ||
                   tag == TAG_template || tag == TAG_basefont || tag == TAG_bgsound;
    if (elements_top(r)->tag == TAG_head && !of_head) pop_to(r, r->n_open - 1);
}

static uint32_t tag_flags(tag_id tag) {
    switch (tag) {
    case TAG_article: return BLOCK_IN_ARTICLE;
    case TAG_main: return BLOCK_IN_MAIN;
    case TAG_section: return BLOCK_IN_SECTION;
    case TAG_nav: return BLOCK_IN_NAV;
    case TAG_aside: return BLOCK_IN_ASIDE;
    case TAG_header: return BLOCK_IN_HEADER;
    case TAG_footer: return BLOCK_IN_FOOTER;
    case TAG_figure: return BLOCK_IN_FIGURE;
    case TAG_figcaption: return BLOCK_IN_FIGCAPTION;
    case TAG_table: return BLOCK_IN_TABLE;
    case TAG_ul:
    case TAG_ol:
    case TAG_dl: return BLOCK_IN_LIST;
    case TAG_li:
    case TAG_dt:
    case TAG_dd: return BLOCK_IN_ITEM;
    case TAG_td:
    case TAG_th: return BLOCK_IN_CELL;
    case TAG_blockquote: return BLOCK_IN_QUOTE;
    case TAG_form: return BLOCK_IN_FORM;
    case TAG_button: return BLOCK_IN_BUTTON;
    case TAG_p: return BLOCK_IN_PARA;
    case TAG_pre:
    case TAG_listing:
    case TAG_code: return BLOCK_IN_PRE;
    case TAG_noscript: return BLOCK_NOSCRIPT;
    case TAG_h1:
    case TAG_h2:
    case TAG_h3:
    case TAG_h4:
    case TAG_h5:
    case TAG_h6: return BLOCK_IN_HEADING;
    default: return 0;
    }
}

static uint32_t role_flags(wr_str role) {
    static const struct {
        wr_str role;
        uint32_t flags;
    } roles[] = {{{"main", 4}, BLOCK_IN_MAIN},
                 {{"navigation", 10}, BLOCK_IN_NAV},
                 {{"complementary", 13}, BLOCK_IN_ASIDE},
                 {{"contentinfo", 11}, BLOCK_IN_FOOTER},
                 {{"banner", 6}, BLOCK_IN_HEADER},
                 {{"article", 7}, BLOCK_IN_ARTICLE}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (wr_str_eq_nocase(role, roles[i].role)) return roles[i].flags;
    return 0;
}

/* "display:none" or "visibility:hidden" in a style attribute, white space aside. */
static bool style_hides(wr_str style) {
    char flat[160];
    size_t n = 0;
    for (size_t i = 0; i < style.len && n < sizeof flat; i++)
        if (!wr_is_space(style.ptr[i])) flat[n++] = wr_lower(style.ptr[i]);
    return memmem(flat, n, "display:none", 12) || memmem(flat, n, "visibility:hidden", 17);
}

/* Where an attribute's words go, WORDS_MAX = nowhere. */
static size_t words_slot(wr_str name) {
    switch (name.len) {
    case 2: return wr_str_eq_nocase(name, WR_STR("id")) ? WORDS_ID : WORDS_MAX;
    case 4: return wr_str_eq_nocase(name, WR_STR("role")) ? WORDS_ROLE : WORDS_MAX;
    case 5: return wr_str_eq_nocase(name, WR_STR("class")) ? WORDS_CLASS : WORDS_MAX;
    case 7: return wr_str_eq_nocase(name, WR_STR("data-qa")) ? WORDS_TEST : WORDS_MAX;
    case 8:
        if (wr_str_eq_nocase(name, WR_STR("itemprop"))) return WORDS_ITEMPROP;
        return wr_str_eq_nocase(name, WR_STR("property")) ? WORDS_PROPERTY : WORDS_MAX;
    case 11: return wr_str_eq_nocase(name, WR_STR("data-testid")) ? WORDS_TEST + 1 : WORDS_MAX;
    case 14: return wr_str_eq_nocase(name, WR_STR("data-component")) ? WORDS_TEST + 2 : WORDS_MAX;
    default: return WORDS_MAX;
    }
}

static void read_attributes(reader *r, element *e) {
    const markup *m = r->m;
    for (size_t i = 0; i < m->n_attrs; i++) {
        wr_str name = m->attrs[i].name, value = m->attrs[i].value;
        size_t slot = words_slot(name);
        if (slot < WORDS_MAX) {
            if (e->words[slot].ptr) continue;
            e->words[slot] = value;
            if (slot == WORDS_ROLE) e->flags |= role_flags(value);
            continue;
        }
        switch (name.len) {
        case 4:
            if (e->tag == TAG_a && wr_str_eq_nocase(name, WR_STR("href")) && !r->link) {
                r->link = r->n_open + 1; /* the element is pushed there */
                r->link_serial++;
                r->href = value;
            }
            break;
        case 5:
            if (wr_str_eq_nocase(name, WR_STR("style")) && style_hides(value))
                e->flags |= BLOCK_HIDDEN;
            break;
        case 6:
            if (wr_str_eq_nocase(name, WR_STR("hidden"))) e->flags |= BLOCK_HIDDEN;
            break;
        case 9: e->itemscope |= wr_str_eq_nocase(name, WR_STR("itemscope")); break;
        case 11:
            if (wr_str_eq_nocase(name, WR_STR("aria-hidden")) &&
                wr_str_eq_nocase(value, WR_STR("true")))
                e->flags |= BLOCK_HIDDEN;
            break;
        case 14: /* a declarative shadow root is shown */
            if (e->tag == TAG_template && wr_str_eq_nocase(name, WR_STR("shadowrootmode")))
                e->kind &= ~(unsigned)TAG_SKIP;
            break;
        default: break;
        }
    }
}

/* The hints of one element whose parents have theirs. */
static void settle(reader *r, element *e, const element *up) {
    unsigned lists = 0;
    e->step_key = e->tag == TAG_other ? hints_of(r->cache, e->name)->hash : e->tag;
    for (size_t slot = 0; slot < WORDS_MAX; slot++) {
        if (e->words[slot].len == 0) continue;
        const hint_value *known = hints_of(r->cache, e->words[slot]);
        lists |= known->lists;
        e->words_key = hints_key(e->words_key + slot, known->hash);
        if (slot == WORDS_CLASS) e->step_key = hints_key(e->step_key, known->hash);
    }
    memcpy(e->near, up->near, sizeof e->near);
    if (e->kind & TAG_BLOCK)
        for (size_t i = 0; i < sizeof e->near; i++)
            e->near[i] = (uint8_t)(e->near[i] + (e->near[i] != 255));
    for (; lists; lists &= lists - 1)
        e->near[__builtin_ctz(lists)] = 0;
}

void elements_settle(reader *r) {
    for (; r->n_settled < r->n_open; r->n_settled++)
        settle(r, &r->open[r->n_settled], &r->open[r->n_settled - 1]);
}

/* The numbers blocks in it get. */
static void place(reader *r, element *e, const element *up) {
    bool block = (e->kind & TAG_BLOCK) != 0;
    e->depth = up->depth + block;
    e->number = up->number;
    e->block = block ? r->n_open : up->block;
    e->container = up->container;
    e->parent = up->parent;
    e->level = up->level;
    if (e->kind & TAG_HEADING) e->level = (uint32_t)(e->tag - TAG_h1) + 1;
    if (!block) return;
    const element *holder = &r->open[up->block];
    e->number = ++r->numbers;
    e->container = e->kind & TAG_LEAF ? holder->number : e->number;
    e->parent = holder->number;
    if (e->kind & TAG_LEAF && up->block) {
        const element *above = &r->open[up->block - 1];
        e->parent = r->open[above->block].number;
    }
}

static void push(reader *r, tag_id tag, unsigned kind) {
    const markup *m = r->m;
    if (r->n_open == DEPTH_MAX) {
        r->overflow++;
        return;
    }
    if (r->n_open == r->open_cap) {
        element *grown =
            wr_arena_grow(r->arena, r->open, r->open_cap, r->open_cap * 2, sizeof *r->open);
        if (!grown) {
            r->failed = true;
            return;
        }
        r->open = grown;
        r->open_cap *= 2;
    }
    const element *up = elements_top(r);
    element *e = &r->open[r->n_open];
    memset(e, 0, sizeof *e);
    e->tag = tag;
    e->kind = kind;
    e->name = m->name;
    e->flags = up->flags | tag_flags(tag);
    read_attributes(r, e);
    place(r, e, up);
    r->count[tag]++;
    if (e->kind & TAG_SKIP) r->skip++;
    if (e->kind & TAG_STRONG) r->strong++;
    if (tag == TAG_svg) r->foreign++;
    r->n_open++;
}

void elements_start(reader *r) {
    const markup *m = r->m;
    tag_id tag = m->tag;
    unsigned kind = tag_table[tag].kind;
    if (tag == TAG_other && memchr(m->name.ptr, '-', m->name.len)) kind = TAG_BLOCK;
    if (r->foreign && (kind & (TAG_RAWTEXT | TAG_RCDATA))) kind = TAG_INLINE;
    if (tag == TAG_html && r->html_ended) {
        elements_close_all(r); /* a second page in the same file */
        r->html_ended = false;
        r->have_title = false;
        r->overflow = 0;
        r->joint = 0; /* it shares no element with what stands before */
        facts_add(r, WR_STR("document"), WR_STR("next"), WR_STR("markup"), false);
    }
    if (tag == TAG_html || (tag == TAG_body && r->count[TAG_body])) return;
    close_implied(r, tag, kind);
    if (tag == TAG_ruby || tag == TAG_rp) r->ruby_marked = tag == TAG_rp;
    if (tag == TAG_rt && r->ruby_marked) kind &= ~(unsigned)TAG_SKIP; /* text (reading) */
    if (kind & TAG_BLOCK) blocks_end(r);
    if (tag == TAG_br) {
        r->breaks++;
        r->after_br = true;
    }
    if (kind & TAG_VOID || (r->foreign && m->self_closing)) return;
    /* Two links side by side are two words. */
    if (tag == TAG_a && r->link_end == m->start) r->space = true;
    push(r, tag, kind);
}
