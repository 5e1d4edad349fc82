/* dup.h -- near-duplicates: the same text again, edited, shortened, in other furniture
 *
 * A sketch holds the hashes of every twelfth run of four words, chosen by the hash itself (modulo
 * sampling), so two texts sample the same runs wherever they stand; the share of one sketch in the
 * other estimates containment (A. Broder, "On the resemblance and containment of documents", 1997).
 * Two neighbouring samples make a key of the index: common phrases give long lists of documents,
 * pairs of them do not. What is found depends on the set of documents only, not on their order, but
 * for templates: of texts that more than 64 documents share, the first ones stand for all. */
#ifndef AGGREGATE_DUP_H
#define AGGREGATE_DUP_H

#include <wireroom/page.h>

#define DUP_SAMPLES_MAX 512 /* of a longer text the first ones */

typedef struct dup_sketch {
    uint64_t exact; /* hash of all words in order: equal = the same text but for spacing */
    uint32_t n_words;
    uint32_t n;              /* samples */
    const uint32_t *samples; /* in text order */
} dup_sketch;

typedef enum dup_kind {
    DUP_IDENTICAL, /* the same words */
    DUP_NEAR,      /* most of each in the other */
    DUP_CONTAINS,  /* the new one holds most of the old one */
    DUP_EXCERPT    /* most of the new one stands in the old one */
} dup_kind;

typedef struct dup_match {
    uint64_t id; /* of the document found */
    dup_kind kind;
    double score; /* share of the smaller sketch that is in the other, 0-1 */
} dup_match;

typedef struct dup_index dup_index;

/* The sketch of an article's text; samples in `arena`. Texts without a sample (under some ten
 * words) match identical ones only. O(text). WR_MEMORY at the arena's limit. */
WR_MUSTUSE wr_status dup_sketch_of(wr_arena *arena, wr_str text, dup_sketch *out);

/* An index that takes at most `bytes` of memory; "identical", "near", ... for people. */
WR_MUSTUSE wr_status dup_index_new(size_t bytes, dup_index **out);
void dup_index_free(dup_index **index);
const char *dup_kind_name(dup_kind kind);

/* All documents of the index that duplicate the sketch, lowest id first, in `arena`. Does not add
 * it. */
WR_MUSTUSE wr_status dup_index_find(dup_index *index, wr_arena *arena, const dup_sketch *sketch,
                                    dup_match **out, size_t *n);

/* Adds a document (ids may come in any order, each once). WR_LIMIT when the index is full: forget
 * some. */
WR_MUSTUSE wr_status dup_index_add(dup_index *index, uint64_t id, const dup_sketch *sketch);

/* Keeps the `keep` documents added last. */
WR_MUSTUSE wr_status dup_index_forget(dup_index *index, size_t keep);

/* Bytes the index holds, and documents. */
size_t dup_index_bytes(const dup_index *index);
size_t dup_index_count(const dup_index *index);

#endif
