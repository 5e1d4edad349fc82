/* tag_model.c -- the model file refused unless whole, its tables, and the labels of the field */
#include "check.h"
#include "stages/tag/crf.h"
#include "stages/tag/hash.h"

#include <stdlib.h>

#define FEATURES 300

/* A small model in aligned memory: FEATURES features with known weights. */
static wr_str make_model(void) {
    const uint32_t buckets[3] = {FEATURES / 6, 4, 2};
    uint64_t at[MODEL_PARTS], size = model_layout(buckets, at);
    char *bytes = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!bytes) abort();
    memset(bytes, 0, size);
    uint16_t *tags = (uint16_t *)(void *)(bytes + at[3]);
    for (uint64_t i = 0; i < FEATURES; i++) {
        bool fresh;
        uint32_t slot = table_add(tags, buckets[0], hash_pair(i, 99), &fresh);
        CHECK(slot != TABLE_ABSENT);
        if (fresh) bytes[at[4] + slot * MODEL_ROW] = (char)(i % 100);
    }
    int16_t *transitions = (int16_t *)(void *)(bytes + at[0]);
    for (int i = 0; i < (LABEL_COUNT + 1) * LABEL_COUNT; i++)
        transitions[i] = (int16_t)((i * 7919) % 61 - 30);
    struct model_header head = {.magic = MODEL_MAGIC_BYTES,
                                .version = MODEL_VERSION,
                                .size = size,
                                .check = model_check(wr_str_of(bytes, size)),
                                .unit = 24,
                                .feature_buckets = buckets[0],
                                .word_buckets = buckets[1],
                                .name_buckets = buckets[2]};
    memcpy(bytes, &head, sizeof head);
    return wr_str_of(bytes, size);
}

static void check_refusals(wr_str good) {
    struct model m;
    const char *why;
    char *copy = aligned_alloc(64, (good.len + 63) / 64 * 64 + 64);
    if (!copy) abort();
    memcpy(copy, good.ptr, good.len);
    CHECK(model_read(wr_str_of(copy, good.len), &m, &why) == WR_OK);
    for (size_t len = 0; len < good.len; len += len < 200 ? 1 : 97)
        CHECK(model_read(wr_str_of(copy, len), &m, &why) == WR_TRUNCATED);
    CHECK(model_read(wr_str_of(copy, good.len + 1), &m, &why) == WR_MALFORMED);
    CHECK(model_read(wr_str_of(copy + 1, good.len - 1), &m, &why) == WR_INTERNAL);
    for (size_t i = 0; i < good.len; i += 61) {
        if (i >= offsetof(struct model_header, reserved) && i < sizeof(struct model_header))
            continue;
        if (i >= 12 && i < 16) continue; /* the training's number may be any */
        copy[i] = (char)(copy[i] ^ 0x55);
        CHECK(model_read(wr_str_of(copy, good.len), &m, &why) != WR_OK);
        copy[i] = (char)(copy[i] ^ 0x55);
    }
    memset(copy + offsetof(struct model_header, feature_buckets), 0xff, 12);
    CHECK(model_read(wr_str_of(copy, good.len), &m, &why) == WR_MALFORMED);
    free(copy);
}

static void check_table(const struct model *m) {
    size_t strangers = 0;
    for (uint64_t i = 0; i < FEATURES; i++) {
        const int8_t *w = model_weights(m, hash_pair(i, 99));
        CHECK(w && w[1] == 0);
    }
    for (uint64_t i = 0; i < 100000; i++)
        strangers += model_weights(m, hash_pair(i, 12345)) != NULL;
    CHECK(strangers < 40);
    CHECK(model_name(m, 5) == 0);
    struct table none = {NULL, 0};
    CHECK(table_find(&none, 42) == TABLE_ABSENT);
}

static void check_full_table(void) {
    static _Alignas(16) uint16_t tags[2 * TABLE_BUCKET];
    bool fresh;
    for (uint64_t i = 1; i <= 2 * TABLE_BUCKET; i++)
        CHECK(table_add(tags, 2, i << 40 | i, &fresh) != TABLE_ABSENT && fresh);
    CHECK(table_add(tags, 2, (uint64_t)3 << 40 | 3, &fresh) != TABLE_ABSENT && !fresh);
    CHECK(table_add(tags, 2, 999, &fresh) == TABLE_ABSENT);
    struct table t = {tags, 2};
    CHECK(table_find(&t, 999) == TABLE_ABSENT);
}

/* Score of a labelling, or INT32_MIN when it is not allowed. */
static int32_t path_score(const struct model *m, const struct crf *c, const int *labels, int n) {
    int32_t sum = 0;
    for (int i = 0; i < n; i++) {
        int before = i ? labels[i - 1] : LABEL_OUT;
        if (!label_follows(before, labels[i])) return INT32_MIN;
        sum += m->steps[i ? before : LABEL_COUNT].to[labels[i]];
        sum += labels[i] ? c->scores[i].of[labels[i] - 1] : 0;
    }
    return label_open(labels[n - 1]) ? INT32_MIN : sum;
}

#define PATH 3
/* The best of all labellings, and the best with another label at token `not_at`. */
static void try_all(const struct model *m, const struct crf *c, int32_t *best,
                    int32_t without[PATH]) {
    *best = INT32_MIN;
    for (int i = 0; i < PATH; i++)
        without[i] = INT32_MIN;
    for (int code = 0; code < LABEL_COUNT * LABEL_COUNT * LABEL_COUNT; code++) {
        int labels[PATH] = {code % LABEL_COUNT, code / LABEL_COUNT % LABEL_COUNT,
                            code / LABEL_COUNT / LABEL_COUNT};
        int32_t v = path_score(m, c, labels, PATH);
        if (v > *best) *best = v;
        for (int i = 0; i < PATH; i++)
            if (labels[i] != c->labels[i] && v > without[i]) without[i] = v;
    }
}

static void check_field(const struct model *m) {
    static struct crf c;
    uint32_t dice = 7;
    for (int round = 0; round < 30; round++) {
        for (int i = 0; i < PATH; i++)
            for (int k = 0; k < MODEL_ROW; k++) {
                dice = dice * 1103515245 + 12345;
                c.scores[i].of[k] = (int16_t)((dice >> 16) % 400 - 200);
            }
        crf_decode(m, &c, PATH);
        crf_look_back(m, &c, PATH);
        int labels[PATH] = {c.labels[0], c.labels[1], c.labels[2]};
        int32_t best, without[PATH];
        try_all(m, &c, &best, without);
        CHECK(path_score(m, &c, labels, PATH) == best);
        for (size_t i = 0; i < PATH; i++)
            CHECK(crf_margin(&c, PATH, i, i + 1) == best - without[i]);
    }
    crf_decode(m, &c, 1);
    CHECK(!label_open(c.labels[0]) && c.labels[0] < LABEL_STARTS);
}

static void check_words(const struct model *m) {
    static const struct {
        const char *text;
        unsigned flags;
        const char *same_brief; /* another word of the same brief shape */
    } rows[] = {
        {"Berlin", WORD_CAPITAL | WORD_ALPHA, "Oslo"},
        {"berlin", WORD_ALPHA, "a"},
        {"UNO", WORD_CAPITAL | WORD_UPPER | WORD_ALPHA, "X"},
        {"A", WORD_CAPITAL | WORD_ALPHA, "ABC"},
        {"\xC3\x89tat", WORD_CAPITAL | WORD_ALPHA, "Staat"},
        {"\xC3\xA9tat", WORD_ALPHA, "staat"},
        {"\xC5\xBDiga", WORD_CAPITAL | WORD_ALPHA, "Riga"},
        {"\xD0\x9C\xD0\xB8\xD1\x80", WORD_CAPITAL | WORD_ALPHA, "Mir"},
        {"3.5", WORD_DIGIT, "10.75"},
        {"G7", WORD_CAPITAL | WORD_ALPHA | WORD_DIGIT, "AB12"},
        {"\xE2\x80\x99s", WORD_ALPHA, "'s"},
        {"\xFF\xFE", WORD_CAPITAL | WORD_ALPHA, "\xFF"},
        {"", 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct word w, other;
        word_read(m, wr_str_c(rows[i].text), &w);
        word_read(m, wr_str_c(rows[i].same_brief), &other);
        CHECK_ROW(rows[i].text, w.flags == rows[i].flags);
        CHECK_ROW(rows[i].text, w.brief == other.brief);
    }
    struct word a, b;
    word_read(m, WR_STR("\xC3\x89TAT"), &a);
    word_read(m, WR_STR("\xC3\xA9tat"), &b);
    CHECK(a.lower == b.lower && a.exact != b.exact);
    word_read(m, WR_STR("1987"), &a);
    word_read(m, WR_STR("2026"), &b);
    CHECK(a.lower == b.lower);
}

int main(void) {
    wr_str bytes = make_model();
    struct model m;
    CHECK(model_read(bytes, &m, NULL) == WR_OK);
    check_refusals(bytes);
    check_table(&m);
    check_full_table();
    check_field(&m);
    check_words(&m);
    union {
        const char *from;
        void *to;
    } own = {.from = bytes.ptr};
    free(own.to);
    return check_summary();
}
