/* crf.c -- Viterbi forwards for the labels, and backwards for the margins */
#include "crf.h"

#define NEVER (-(1 << 28))

/* Score of a label at a token. */
static inline int32_t emission(const struct scores *s, int label) {
    return label == LABEL_OUT ? 0 : s->of[label - 1];
}

static void first_step(const struct model *m, struct crf *crf) {
    for (int b = 0; b < LABEL_COUNT; b++)
        crf->forward[0][b] =
            b < LABEL_STARTS ? m->steps[LABEL_COUNT].to[b] + emission(crf->scores, b) : NEVER;
}

/* Labels that start something come after any closed label, the others after B or I of their type.
 */
static inline __attribute__((always_inline)) void step(const struct model *m, const int32_t *before,
                                                       const struct scores *s, int32_t *now,
                                                       uint8_t *from) {
    for (int b = 0; b < LABEL_STARTS; b++) {
        now[b] = before[0] + m->steps[0].to[b];
        from[b] = 0;
    }
    static const int closed[] = {1, 2, 3, 4, 13, 14, 15, 16};
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        int a = closed[i];
        for (int b = 0; b < LABEL_STARTS; b++) {
            int32_t v = before[a] + m->steps[a].to[b];
            bool better = v > now[b];
            now[b] = better ? v : now[b];
            from[b] = better ? (uint8_t)a : from[b];
        }
    }
    for (int b = LABEL_STARTS; b < LABEL_COUNT; b++) {
        int begin = label_of(PLACE_BEGIN, label_type_of(b));
        int inner = label_of(PLACE_INNER, label_type_of(b));
        int32_t v = before[begin] + m->steps[begin].to[b];
        int32_t w = before[inner] + m->steps[inner].to[b];
        now[b] = w > v ? w : v;
        from[b] = (uint8_t)(w > v ? inner : begin);
    }
    for (int b = 1; b < LABEL_COUNT; b++)
        now[b] += s->of[b - 1];
}

TAG_WIDE void crf_decode(const struct model *m, struct crf *crf, size_t n) {
    first_step(m, crf);
    for (size_t i = 1; i < n; i++)
        step(m, crf->forward[i - 1], &crf->scores[i], crf->forward[i], crf->came_from[i]);
    int best = LABEL_OUT;
    for (int b = 1; b < LABEL_COUNT; b++)
        if (!label_open(b) && crf->forward[n - 1][b] > crf->forward[n - 1][best]) best = b;
    for (size_t i = n; i-- > 0;) {
        crf->labels[i] = (uint8_t)best;
        if (i) best = crf->came_from[i][best];
    }
}

TAG_WIDE void crf_look_back(const struct model *m, struct crf *crf, size_t n) {
    for (int a = 0; a < LABEL_COUNT; a++)
        crf->backward[n - 1][a] = label_open(a) ? NEVER : 0;
    for (size_t i = n - 1; i-- > 0;) {
        int32_t after[LABEL_COUNT];
        for (int b = 0; b < LABEL_COUNT; b++)
            after[b] = crf->backward[i + 1][b] + emission(&crf->scores[i + 1], b);
        for (int a = 0; a < LABEL_COUNT; a++) {
            int32_t best = NEVER;
            if (label_open(a)) {
                int inner = label_of(PLACE_INNER, label_type_of(a));
                int last = label_of(PLACE_LAST, label_type_of(a));
                int32_t v = m->steps[a].to[inner] + after[inner];
                int32_t w = m->steps[a].to[last] + after[last];
                best = v > w ? v : w;
            } else {
                for (int b = 0; b < LABEL_STARTS; b++) {
                    int32_t v = m->steps[a].to[b] + after[b];
                    best = v > best ? v : best;
                }
            }
            crf->backward[i][a] = best;
        }
    }
}

int32_t crf_margin(const struct crf *crf, size_t n, size_t from, size_t to) {
    int32_t best = crf->forward[n - 1][crf->labels[n - 1]], margin = INT32_MAX;
    for (size_t i = from; i < to; i++)
        for (int b = 0; b < LABEL_COUNT; b++) {
            int32_t loss = best - (crf->forward[i][b] + crf->backward[i][b]);
            if (b != crf->labels[i] && loss < margin) margin = loss;
        }
    return margin < 0 ? 0 : margin;
}

double crf_confidence(const struct model *m, enum label_type type, int32_t margin) {
    int32_t cell = margin / (int32_t)(m->unit / 4 ? m->unit / 4 : 1);
    if (cell >= MODEL_MARGINS) cell = MODEL_MARGINS - 1;
    return m->calibration[type].at[cell] / 65535.0;
}
