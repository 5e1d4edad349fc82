/* dup.c -- sketches of texts and an index over them */
#include "dup.h"

#include <stdlib.h>

#define KEY_MAX    64 /* documents a key leads to */
#define RUN        4  /* words of a shingle */
#define SAMPLE     12 /* one shingle in so many is kept */
#define CONTAINED  0.42
#define SHARED_MIN 3    /* samples two documents must share to be compared */
#define RESEMBLE   0.62 /* length ratio from which a match is near, not an excerpt */

/* ---- words ---- */

static uint64_t mix(uint64_t h) { /* finaliser of splitmix64 */
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
    h = (h ^ h >> 27) * 0x94d049bb133111ebu;
    return h ^ h >> 31;
}

/* Letters and digits; of other scripts every byte above ASCII but general punctuation (e2 80-82).
 */
static bool word_byte(wr_str s, size_t i) {
    unsigned char c = (unsigned char)s.ptr[i];
    return c >= 0x80 || wr_is_alpha(s.ptr[i]) || wr_is_digit(s.ptr[i]);
}

/* Bytes of a sign that stands between words, or that is a word of its own (CJK): 0 = neither. */
static size_t special(wr_str s, size_t i, bool *word) {
    unsigned char c = (unsigned char)s.ptr[i];
    *word = false;
    if (c == 0xc2 && s.len - i >= 2) return 2; /* U+0080-00BF: spaces, marks, signs */
    if (c < 0xe2 || c > 0xef || s.len - i < 3) return 0;
    if (c == 0xe2) return 3;
    *word = c >= 0xe3 && c <= 0xe9; /* kana, CJK ideographs */
    return *word ? 3 : 0;
}

static uint64_t hash_word(wr_str s, size_t from, size_t to) {
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = from; i < to; i++)
        h = (h ^ (unsigned char)wr_lower(s.ptr[i])) * 0x100000001b3u;
    return mix(h);
}

/* The next word at or after *at: its hash; false at the end. */
static bool next_word(wr_str s, size_t *at, uint64_t *hash) {
    size_t i = *at;
    bool alone;
    while (i < s.len) {
        size_t skip = special(s, i, &alone);
        if (skip && alone) {
            *hash = hash_word(s, i, i + skip);
            *at = i + skip;
            return true;
        }
        if (!skip && word_byte(s, i)) break;
        i += skip ? skip : 1;
    }
    size_t from = i;
    while (i < s.len && word_byte(s, i) && !special(s, i, &alone))
        i++;
    *at = i;
    *hash = hash_word(s, from, i);
    return i > from;
}

wr_status dup_sketch_of(wr_arena *arena, wr_str text, dup_sketch *out) {
    uint64_t last[RUN] = {0}, word;
    uint32_t *samples = wr_arena_array(arena, DUP_SAMPLES_MAX, sizeof *samples);
    if (!samples) return WR_MEMORY;
    *out = (dup_sketch){.exact = 0x9e3779b97f4a7c15u, .samples = samples};
    for (size_t at = 0; next_word(text, &at, &word);) {
        out->exact = mix(out->exact + word);
        last[out->n_words++ % RUN] = word;
        if (out->n_words < RUN || out->n == DUP_SAMPLES_MAX) continue;
        uint64_t h = 0;
        for (size_t k = 0; k < RUN; k++)
            h = mix(h + last[(out->n_words + k) % RUN]);
        if (h % SAMPLE == 0) samples[out->n++] = (uint32_t)(h >> 32);
    }
    return WR_OK;
}

/* ---- index ---- */

typedef struct dup_document {
    uint64_t id, exact;
    uint64_t first; /* of its samples in the pool */
    uint32_t n, n_words;
} dup_document;

/* Open addressing, linear: a key may stand in many slots, one a document. */
typedef struct dup_slot {
    uint32_t key;
    uint32_t document; /* 1 + index, 0 = free */
} dup_slot;

struct dup_index {
    size_t limit;
    dup_document *documents;
    size_t n, cap;
    uint32_t *pool; /* samples of all documents */
    size_t n_pool, cap_pool;
    dup_slot *slots;
    size_t n_slots, used;
    uint8_t *hits; /* per document: keys shared with the sketch being looked up */
};

wr_status dup_index_new(size_t bytes, dup_index **out) {
    *out = calloc(1, sizeof **out);
    if (!*out) return WR_MEMORY;
    (*out)->limit = bytes;
    return WR_OK;
}

void dup_index_free(dup_index **index) {
    if (!*index) return;
    free((*index)->documents);
    free((*index)->pool);
    free((*index)->slots);
    free((*index)->hits);
    free(*index);
    *index = NULL;
}

size_t dup_index_bytes(const dup_index *x) {
    return x->cap * (sizeof *x->documents + 1) + x->cap_pool * sizeof *x->pool +
           x->n_slots * sizeof *x->slots;
}

size_t dup_index_count(const dup_index *x) {
    return x->n;
}

const char *dup_kind_name(dup_kind kind) {
    static const char *const names[] = {"identical", "near", "contains", "excerpt"};
    return names[kind];
}

/* False when the key has KEY_MAX documents already: what shares more than that is a template, and
 * every further one is found through the first. */
static bool put_slot(dup_slot *slots, size_t n, uint32_t key, uint32_t document) {
    size_t at = mix(key) & (n - 1), same = 0;
    while (slots[at].document) {
        same += slots[at].key == key;
        if (same == KEY_MAX) return false;
        at = (at + 1) & (n - 1);
    }
    slots[at] = (dup_slot){key, document};
    return true;
}

static bool grow_slots(dup_index *x, size_t more) {
    if ((x->used + more) * 3 < x->n_slots * 2) return true;
    size_t n = x->n_slots ? x->n_slots : 1024;
    while ((x->used + more) * 2 > n)
        n *= 2;
    if (dup_index_bytes(x) - x->n_slots * sizeof(dup_slot) + n * sizeof(dup_slot) > x->limit)
        return false;
    dup_slot *slots = calloc(n, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < x->n_slots; i++)
        if (x->slots[i].document) put_slot(slots, n, x->slots[i].key, x->slots[i].document);
    free(x->slots);
    x->slots = slots;
    x->n_slots = n;
    return true;
}

/* Grows one array by half, within the limit. */
static bool grow(dup_index *x, void **array, size_t *cap, size_t need, size_t size) {
    if (need <= *cap) return true;
    size_t more = *cap + *cap / 2 > need ? *cap + *cap / 2 : need + 256;
    if (dup_index_bytes(x) + (more - *cap) * size > x->limit) return false;
    void *grown = realloc(*array, more * size);
    if (!grown) return false;
    *array = grown;
    *cap = more;
    return true;
}

static bool grow_documents(dup_index *x) {
    if (x->n < x->cap) return true;
    size_t cap = x->cap;
    if (!grow(x, (void **)&x->documents, &cap, x->n + 1, sizeof *x->documents)) return false;
    uint8_t *hits = realloc(x->hits, cap);
    if (!hits) return false;
    memset(hits + x->cap, 0, cap - x->cap);
    x->hits = hits;
    x->cap = cap;
    return true;
}

static uint32_t pair_key(uint32_t a, uint32_t b) {
    return (uint32_t)(mix(((uint64_t)a << 32) | b) >> 32);
}

/* Keys of a sketch: its exact hash, and each pair of neighbouring samples. */
static size_t n_keys(const dup_sketch *s) {
    return s->n ? s->n : 1;
}

static uint32_t key_of(const dup_sketch *s, size_t i) {
    if (i == 0) return (uint32_t)(s->exact >> 32);
    return pair_key(s->samples[i - 1], s->samples[i]);
}

wr_status dup_index_add(dup_index *x, uint64_t id, const dup_sketch *s) {
    if (x->n >= UINT32_MAX - 1 || !grow_documents(x) ||
        !grow(x, (void **)&x->pool, &x->cap_pool, x->n_pool + s->n, sizeof *x->pool) ||
        !grow_slots(x, n_keys(s)))
        return WR_LIMIT;
    if (s->n) memcpy(x->pool + x->n_pool, s->samples, s->n * sizeof *x->pool);
    x->documents[x->n++] = (dup_document){id, s->exact, x->n_pool, s->n, s->n_words};
    x->n_pool += s->n;
    for (size_t i = 0; i < n_keys(s); i++)
        x->used += put_slot(x->slots, x->n_slots, key_of(s, i), (uint32_t)x->n);
    return WR_OK;
}

wr_status dup_index_forget(dup_index *x, size_t keep) {
    if (keep >= x->n) return WR_OK;
    dup_index old = *x;
    *x = (dup_index){.limit = old.limit};
    wr_status status = WR_OK;
    for (size_t i = old.n - keep; i < old.n && status == WR_OK; i++) {
        const dup_document *d = &old.documents[i];
        dup_sketch s = {d->exact, d->n_words, d->n, old.pool + d->first};
        status = dup_index_add(x, d->id, &s);
    }
    free(old.documents);
    free(old.pool);
    free(old.slots);
    free(old.hits);
    return status;
}

static int by_value(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int by_id(const void *a, const void *b) {
    uint64_t x = ((const dup_match *)a)->id, y = ((const dup_match *)b)->id;
    return (x > y) - (x < y);
}

/* Samples of the document that are in the sorted ones. */
static size_t shared(const dup_index *x, const dup_document *d, const uint32_t *sorted, size_t n) {
    size_t same = 0;
    for (size_t i = 0; i < d->n; i++) {
        uint32_t key = x->pool[d->first + i];
        same += bsearch(&key, sorted, n, sizeof key, by_value) != NULL;
    }
    return same;
}

static bool judge(const dup_index *x, const dup_document *d, const dup_sketch *s,
                  const uint32_t *sorted, dup_match *out) {
    out->id = d->id;
    if (d->exact == s->exact) {
        out->kind = DUP_IDENTICAL;
        out->score = 1;
        return true;
    }
    size_t smaller = d->n < s->n ? d->n : s->n, same = shared(x, d, sorted, s->n);
    if (same > smaller) same = smaller;
    out->score = smaller ? (double)same / (double)smaller : 0;
    if (same < SHARED_MIN || out->score < CONTAINED) return false;
    double longer = d->n_words > s->n_words ? d->n_words : s->n_words;
    double shorter = d->n_words > s->n_words ? s->n_words : d->n_words;
    if (shorter / longer >= RESEMBLE) out->kind = DUP_NEAR;
    else out->kind = d->n_words > s->n_words ? DUP_EXCERPT : DUP_CONTAINS;
    return true;
}

wr_status dup_index_find(dup_index *x, wr_arena *arena, const dup_sketch *s, dup_match **out,
                         size_t *n) {
    uint32_t *found = NULL, *sorted = wr_arena_array(arena, s->n, sizeof *sorted);
    size_t n_found = 0, cap = 0;
    *out = NULL;
    *n = 0;
    if (!sorted) return WR_MEMORY;
    if (!x->n) return WR_OK;
    wr_status status = WR_OK;
    for (size_t i = 0; i < n_keys(s) && status == WR_OK; i++) {
        uint32_t key = key_of(s, i);
        for (size_t at = mix(key) & (x->n_slots - 1); x->slots[at].document;
             at = (at + 1) & (x->n_slots - 1)) {
            uint32_t d = x->slots[at].document - 1;
            if (x->slots[at].key != key || x->hits[d]) continue;
            uint32_t *slot = WR_PUSH(arena, found, n_found, cap);
            if (!slot) {
                status = WR_MEMORY;
                break;
            }
            *slot = d;
            x->hits[d] = 1;
        }
    }
    for (size_t i = 0; i < n_found; i++)
        x->hits[found[i]] = 0;
    if (status == WR_OK && n_found && !(*out = wr_arena_array(arena, n_found, sizeof **out)))
        status = WR_MEMORY;
    if (status != WR_OK) return status;
    if (s->n) memcpy(sorted, s->samples, s->n * sizeof *sorted);
    qsort(sorted, s->n, sizeof *sorted, by_value);
    for (size_t i = 0; i < n_found; i++)
        *n += judge(x, &x->documents[found[i]], s, sorted, &(*out)[*n]);
    if (*n) qsort(*out, *n, sizeof **out, by_id);
    return WR_OK;
}
