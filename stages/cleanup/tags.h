/* tags.h -- HTML element names as numbers, and what kind of element each is */
#ifndef CLEANUP_TAGS_H
#define CLEANUP_TAGS_H

#include <wireroom/str.h>

enum {
    TAG_INLINE = 1 << 0,
    TAG_BLOCK = 1 << 1,   /* ends a block of text before and after */
    TAG_VOID = 1 << 2,    /* has no content and no end tag */
    TAG_ENDS_P = 1 << 3,  /* its start tag closes an open <p> */
    TAG_SKIP = 1 << 4,    /* its text is not text of the page */
    TAG_RAWTEXT = 1 << 5, /* holds no tags and no references until its end tag */
    TAG_RCDATA = 1 << 6,  /* holds no tags until its end tag */
    TAG_SCOPE = 1 << 7,   /* end tags inside do not close what is outside */
    TAG_FORMAT = 1 << 8,  /* may be misnested with blocks: its end tag ends only itself */
    TAG_STRONG = 1 << 9,  /* bold or emphasis */
    TAG_HEADING = 1 << 10,
    TAG_LEAF = 1 << 11 /* holds text: the container of its block is its parent */
};

typedef enum tag_id {
    TAG_other,
#define T(name, kind) TAG_##name,
#include "tags.def"
#undef T
    TAG_COUNT
} tag_id;

typedef struct tag_info {
    const char *name;
    unsigned char len;
    unsigned short kind;
} tag_info;

/* Indexed by tag_id. */
extern const tag_info tag_table[TAG_COUNT];

/* The element with that name, ASCII case ignored; TAG_other when it is not in tags.def. */
tag_id tag_find(wr_str name);

#endif
