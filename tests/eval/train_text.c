/* train_text.c -- trains the linear classifiers of common/text
 *
 * usage: train_text language|charset BITS EPOCHS OUT [CLASS=SHARE]... < records
 *
 * A record: class, a space, length in decimal, a line feed, its bytes. Multinomial logistic
 * regression over hashed features (each counts 1 / sqrt(their number)), AdaGrad, classes drawn
 * evenly; the weights are written as int8 in units of WR_MODEL_SCALE. Deterministic. */
#include "common/text/charset.h"
#include "common/text/charset_features.h"
#include "common/text/classifier.h"
#include "common/text/language.h"
#include "common/text/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_FEATURES = 2048, CHUNK = 64 };

typedef struct {
    char *text;
    size_t len;
} record;

static struct {
    char name[16];
    record *records;
    size_t n, cap;
    double share; /* how often it is drawn, of the usual 1 */
} classes[WR_CLASSIFIER_MOST];
static size_t n_classes, width;
static unsigned bits;
static float *weights, *squares;
static uint64_t seed = 88172645463325252u;

static uint64_t draw(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void *must(void *p) {
    if (!p) {
        fprintf(stderr, "out of memory\n");
        exit(111);
    }
    return p;
}

static void read_records(void) {
    char name[16];
    size_t len;
    while (scanf("%15s %zu", name, &len) == 2 && getchar() == '\n') {
        size_t k = 0;
        while (k < n_classes && strcmp(classes[k].name, name) != 0)
            k++;
        if (k == n_classes) {
            if (n_classes == WR_CLASSIFIER_MOST) exit(100);
            classes[n_classes].share = 1;
            memcpy(classes[n_classes++].name, name, sizeof name);
        }
        if (classes[k].n == classes[k].cap) {
            classes[k].cap = classes[k].cap ? classes[k].cap * 2 : 1024;
            classes[k].records =
                must(realloc(classes[k].records, classes[k].cap * sizeof *classes[k].records));
        }
        char *text = must(malloc(len + 1));
        if (fread(text, 1, len, stdin) != len) exit(1);
        classes[k].records[classes[k].n++] = (record){text, len};
    }
}

static void train_one(const uint32_t *hashes, size_t n, size_t truth, float rate) {
    float scores[WR_CLASSIFIER_MOST] = {0}, sum = 0, top = -1e30f;
    float x = 1 / sqrtf((float)n);
    for (size_t i = 0; i < n; i++) {
        const float *w = weights + (size_t)(hashes[i] >> (32 - bits)) * width;
        for (size_t k = 0; k < width; k++)
            scores[k] += w[k];
    }
    for (size_t k = 0; k < n_classes; k++) {
        scores[k] *= x;
        if (scores[k] > top) top = scores[k];
    }
    for (size_t k = 0; k < n_classes; k++)
        sum += scores[k] = expf(scores[k] - top);
    for (size_t k = 0; k < width; k++)
        scores[k] = k < n_classes ? (scores[k] / sum - (k == truth)) * x : 0;
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(hashes[i] >> (32 - bits)) * width;
        for (size_t k = 0; k < width; k++) {
            float g = scores[k];
            squares[at + k] += g * g;
            weights[at + k] -= rate * g / sqrtf(squares[at + k] + 1e-6f);
        }
    }
}

static size_t draw_class(double total) {
    double at = (double)(draw() >> 11) / (double)((uint64_t)1 << 53) * total;
    size_t k = 0;
    while (k + 1 < n_classes && (at -= classes[k].share) >= 0)
        k++;
    return k;
}

static double read_shares(int argc, char **argv) {
    double total = 0;
    for (int i = 5; i < argc; i++)
        for (size_t k = 0; k < n_classes; k++) {
            size_t len = strlen(classes[k].name);
            if (strncmp(argv[i], classes[k].name, len) == 0 && argv[i][len] == '=')
                classes[k].share = strtod(argv[i] + len + 1, NULL);
        }
    for (size_t k = 0; k < n_classes; k++)
        total += classes[k].share;
    return total;
}

/* A piece of a record: all of it, or some words of it. */
static wr_str piece(const record *r) {
    wr_str s = wr_str_of(r->text, r->len);
    uint64_t kind = draw() % 4;
    if (kind >= 2 || s.len < 40) return s;
    size_t len = kind ? 12 + draw() % 30 : 30 + draw() % 90, from = draw() % s.len;
    while (from > 0 && s.ptr[from - 1] != ' ')
        from--;
    size_t to = from + len < s.len ? from + len : s.len;
    while (to < s.len && s.ptr[to] != ' ')
        to++;
    return wr_str_slice(s, from, to);
}

static void write_model(const char *path) {
    FILE *f = must(fopen(path, "wb"));
    uint32_t head[3] = {(uint32_t)n_classes, (uint32_t)width, bits};
    fwrite("WRM1", 1, 4, f);
    fwrite(head, 4, 3, f);
    for (size_t k = 0; k < n_classes; k++)
        fwrite(classes[k].name, 1, 16, f);
    size_t clipped = 0;
    for (size_t i = 0; i < width << bits; i++) {
        long w = lroundf(weights[i] / (float)WR_MODEL_SCALE);
        clipped += w > 127 || w < -127;
        fputc((int)(unsigned char)(int8_t)(w > 127 ? 127 : w < -127 ? -127 : w), f);
    }
    fclose(f);
    fprintf(stderr, "%zu classes, %zu weights clipped\n", n_classes, clipped);
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fprintf(stderr,
                "usage: train_text language|charset BITS EPOCHS OUT [CLASS=SHARE]... < records\n");
        return 100;
    }
    bool language = strcmp(argv[1], "language") == 0;
    bits = (unsigned)strtoul(argv[2], NULL, 10);
    size_t epochs = strtoul(argv[3], NULL, 10);
    read_records();
    double total = read_shares(argc, argv);
    width = (n_classes + 15) / 16 * 16;
    weights = must(calloc(width << bits, sizeof *weights));
    squares = must(calloc(width << bits, sizeof *squares));
    size_t per_epoch = 0;
    for (size_t k = 0; k < n_classes; k++)
        if (classes[k].n > per_epoch) per_epoch = classes[k].n;
    if (per_epoch > 8000) per_epoch = 8000;
    static uint32_t hashes[MOST_FEATURES];
    for (size_t e = 0; e < epochs; e++) {
        float rate = 0.5f * (1 - (float)e / (float)epochs) + 0.02f;
        for (size_t i = 0; i < per_epoch * n_classes; i++) {
            size_t k = draw_class(total), next, n;
            wr_str s = piece(&classes[k].records[draw() % classes[k].n]);
            if (language) n = wr_language_features(s, 0, hashes, MOST_FEATURES, &next);
            else n = wr_charset_features(s, 0, hashes, MOST_FEATURES, &next);
            if (n) train_one(hashes, n, k, rate);
        }
        fprintf(stderr, "epoch %zu\n", e + 1);
    }
    write_model(argv[4]);
    return 0;
}
