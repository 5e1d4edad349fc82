/* model.h -- the tagger's model: one read-only file, used where it lies in memory
 *
 * Layout (little endian), each part starting at a multiple of 64 bytes, in this order:
 *   struct model_header
 *   int16   transitions[LABEL_COUNT + 1][LABEL_COUNT]   last row: start of a sentence
 *   uint16  calibration[TYPE_COUNT][MODEL_MARGINS]      probability * 65535
 *   uint32  masks[256]                                  kinds of name lists, MASK_PREFIX
 *   uint16  tags of features;  int8   weights[slot][MODEL_ROW]
 *   uint16  tags of words;     uint32 clusters[slot]
 *   uint16  tags of names;     uint8  mask number[slot]
 * Every value is in bounds whatever the bytes, so a file that passes model_read is safe to use. */
#ifndef TAG_MODEL_H
#define TAG_MODEL_H

#include "label.h"
#include "table.h"

#define MODEL_MAGIC "WRTAGGER"
#define MODEL_MAGIC_BYTES                                                                          \
    { 0x57, 0x52, 0x54, 0x41, 0x47, 0x47, 0x45, 0x52 }
#define MODEL_VERSION 1u
#define MODEL_ROW     (LABEL_COUNT - 1) /* a weight for each label but O, whose score is 0 */
#define MODEL_MARGINS 64
#define MODEL_MASKS   256
#define CLUSTERINGS   3
#define MASK_PREFIX   0x80000000u /* longer names begin so */
#define MASK_KINDS    16

struct model_header {
    char magic[8];
    uint32_t version;
    uint32_t trained; /* number of the training, for provenance */
    uint64_t size;    /* of the whole file */
    uint64_t check;   /* XXH3 of all bytes after the header */
    uint32_t unit;    /* scores are logarithms of odds times this */
    uint32_t feature_buckets, word_buckets, name_buckets;
    uint32_t reserved[4];
};

/* Scores of the labels that follow one label; probabilities, times 65535, by margin. */
struct model_step {
    int16_t to[LABEL_COUNT];
};
struct model_margins {
    uint16_t at[MODEL_MARGINS];
};

struct model {
    uint32_t trained, unit;
    const struct model_step *steps;          /* from each label, LABEL_COUNT = from the start */
    const struct model_margins *calibration; /* of each type */
    const uint32_t *masks;
    struct table features, words, names;
    const int8_t *weights;
    const uint32_t *clusters;
    const uint8_t *name_masks;
};

/* A view of `bytes` (borrowed, 64-byte aligned). WR_TRUNCATED, WR_MALFORMED (no such file, sizes or
 * check sum wrong) or WR_VERSION; *why (may be NULL) says which in static text. O(bytes). */
WR_MUSTUSE wr_status model_read(wr_str bytes, struct model *out, const char **why);

/* Bytes of a file with these numbers of buckets, and where its parts lie (offsets in file order:
 * transitions, calibration, masks, then tags and values of features, words, names). */
#define MODEL_PARTS 9
uint64_t model_layout(const uint32_t buckets[3], uint64_t offsets[MODEL_PARTS]);

/* The check sum over a file's bytes as the header holds it. */
uint64_t model_check(wr_str bytes);

/* Clusters of a lower-case word by its hash, each from 1, and its frequency class; all 0 when the
 * word is not known. */
void model_clusters(const struct model *m, uint64_t hash, uint16_t cluster[CLUSTERINGS],
                    uint16_t *rank);
/* The packed form: 6, 9 and 12 bits of clusters from 0, then 3 bits of rank. */
uint32_t model_pack_clusters(const uint16_t cluster[CLUSTERINGS], uint16_t rank);

/* What lists hold the name with this hash: a bit for each kind, and MASK_PREFIX. */
static inline uint32_t model_name(const struct model *m, uint64_t hash) {
    uint32_t slot = table_find(&m->names, hash);
    return slot == TABLE_ABSENT ? 0 : m->masks[m->name_masks[slot]];
}

/* The MODEL_ROW weights of a feature, or NULL. */
static inline const int8_t *model_weights(const struct model *m, uint64_t hash) {
    uint32_t slot = table_find(&m->features, hash);
    return slot == TABLE_ABSENT ? NULL : m->weights + (size_t)slot * MODEL_ROW;
}

#endif
