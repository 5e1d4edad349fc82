/* charset_detect.c -- what the bytes most likely are
 *
 * A linear classifier over the bytes above 7F and their neighbours names an encoding and a
 * language; the first in its order that the bytes do not contradict is taken. */
#include "common/text/charset.h"

#include "common/text/charset_features.h"
#include "common/text/charset_step.h"
#include "common/text/charset_table.h"
#include "common/text/classifier.h"
#include "common/text/model.h"

enum { SAMPLE = 65536, FIRST = 320, MOST = 2560, SURE = 900, BATCH = 320 };

static const wr_encoding *encoding_of_class(const wr_classifier *model, size_t k) {
    wr_str name = wr_classifier_name(model, k);
    return wr_encoding_find(wr_str_slice(name, 0, wr_str_find_char(name, 0, ':')));
}

/* ISO 8859 and KOI8 have controls (KOI8: box drawing) where the windows encodings have quotes. */
static bool has_no_use_for_c1(const wr_encoding *encoding) {
    return wr_str_starts(encoding->name, WR_STR("ISO-8859"));
}

/* How many of the bytes the encoding has no character for. */
static size_t contradictions(const wr_encoding *encoding, wr_str s, const uint32_t counts[256]) {
    if (encoding->kind != WR_KIND_SINGLE) return wr_charset_count_bad(encoding, s);
    size_t bad = 0;
    bool iso = has_no_use_for_c1(encoding);
    for (size_t b = 0x80; b < 0x100; b++) {
        unsigned cp = encoding->high[b - 0x80];
        if (cp == 0 || (cp < 0xA0 && (iso || cp >= 0x80))) bad += counts[b];
    }
    return bad;
}

static size_t top(const wr_classifier *model, const int32_t *scores) {
    size_t best = 0;
    for (size_t k = 1; k < model->n_classes; k++)
        if (scores[k] > scores[best]) best = k;
    return best;
}

/* True when no class of another encoding comes near the best. */
static bool is_sure(const wr_classifier *model, const int32_t *scores) {
    size_t best = top(model, scores);
    wr_str name = wr_classifier_name(model, best);
    wr_str label = wr_str_slice(name, 0, wr_str_find_char(name, 0, ':') + 1);
    for (size_t k = 0; k < model->n_classes; k++)
        if (scores[k] > scores[best] - SURE && !wr_str_starts(wr_classifier_name(model, k), label))
            return false;
    return true;
}

const wr_encoding *wr_charset_detect(wr_str source) {
    const wr_encoding *fallback = wr_encoding_find(WR_STR("windows-1252"));
    wr_classifier model = wr_classifier_of(wr_charset_model, wr_charset_model_len());
    wr_str s = wr_str_slice(source, 0, SAMPLE);
    int32_t scores[WR_CLASSIFIER_MOST] = {0};
    uint32_t hashes[BATCH], counts[256] = {0};
    size_t n_all = 0;
    for (size_t at = 0; at < s.len && n_all < MOST;) {
        size_t n = wr_charset_features(s, at, hashes, BATCH, &at);
        wr_classifier_add(&model, hashes, n, scores);
        n_all += n;
        if (n_all >= FIRST && is_sure(&model, scores)) break;
    }
    if (!n_all || !model.n_classes) return fallback;
    size_t high = 0;
    for (size_t i = 0; i < s.len; i++)
        counts[(unsigned char)s.ptr[i]]++;
    for (size_t b = 0x80; b < 0x100; b++)
        high += counts[b];
    for (size_t tries = 0; tries < model.n_classes; tries++) {
        size_t best = top(&model, scores);
        const wr_encoding *encoding = encoding_of_class(&model, best);
        if (encoding && contradictions(encoding, s, counts) <= high / 64) return encoding;
        scores[best] = INT32_MIN;
    }
    return fallback;
}
