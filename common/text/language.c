/* language.c -- which language a text is in: a classifier over letters in a row and words
 *
 * Trained by scripts/train.d/language, see docs of the model there. Scripts that only one language
 * of wide use is written in need no classifier; what it is not sure of is asked of CLD2, which
 * knows more languages. */
#include "common/text/language.h"

#include "common/text/classifier.h"
#include "common/text/cld2_shim.h"
#include "common/text/model.h"
#include "common/text/unicode.h"

#include <math.h>

enum { MOST_TEXT = 16384, BATCH = 1024, PER_LETTER = 4 };

static uint32_t fold(uint32_t cp) {
    if (cp < 0x80) return (uint32_t)(unsigned char)wr_lower((char)cp);
    return wr_u_lower(cp);
}

static bool is_letter(uint32_t cp) {
    if (cp < 0x80) return wr_is_alpha((char)cp);
    wr_uclass c = wr_u_class(cp);
    return c >= WR_U_UPPER && c <= WR_U_MARK;
}

size_t wr_language_features(wr_str text, size_t from, uint32_t *out, size_t most, size_t *next) {
    size_t n = 0, i = from, used;
    uint64_t last = ' ', word = 0; /* last: the last three letters, 21 bits each */
    const uint64_t mask = ((uint64_t)1 << 42) - 1;
    if (from == 0 && most) out[n++] = wr_classifier_hash(1); /* how frequent the language is */
    while (i < text.len && n + PER_LETTER + 1 <= most) {
        uint32_t cp = wr_utf8_next(text.ptr + i, text.len - i, &used);
        i += used;
        if (!is_letter(cp)) {
            if (last == ' ') continue;
            out[n++] = wr_classifier_hash(word ^ (uint64_t)7 << 60);
            out[n++] = wr_classifier_hash((last << 21 | ' ') & (mask << 21 | mask));
            last = ' ', word = 0;
            continue;
        }
        cp = fold(cp);
        bool wide = cp >= 0x2E80;
        uint64_t two = (last & 0x1FFFFF) << 21 | cp, three = (last & mask) << 21 | cp;
        if (cp >= 0x80) out[n++] = wr_classifier_hash(cp | (uint64_t)1 << 60);
        if (!wide || (last & 0x1FFFFF) != ' ')
            out[n++] = wr_classifier_hash(two | (uint64_t)2 << 60);
        if (!wide) {
            out[n++] = wr_classifier_hash(three);
            if (last > ((uint64_t)1 << 42))
                out[n++] = wr_classifier_hash((last * 0xD6E8FEB86659FD93u ^ cp) | 1);
        }
        last = last << 21 | cp;
        word = (word ^ cp) * 0x9FB21C651E98DF25u;
    }
    *next = i;
    return n;
}

/* Letters by script in the text. */
static wr_script main_script(wr_str text, size_t *n_letters) {
    size_t counts[WR_SCRIPT_COUNT] = {0}, used, best = 0;
    *n_letters = 0;
    for (size_t i = 0; i < text.len; i += used) {
        uint32_t cp = wr_utf8_next(text.ptr + i, text.len - i, &used);
        if (cp < 0x80) {
            counts[WR_SCRIPT_LATIN] += wr_is_alpha((char)cp);
            continue;
        }
        if (wr_u_is_letter(cp)) counts[wr_u_script(cp)]++;
    }
    for (size_t k = 1; k < WR_SCRIPT_COUNT; k++) {
        *n_letters += counts[k];
        if (counts[k] > counts[best] || best == 0) best = k;
    }
    /* Japanese is the script mixture with kana, Korean the one with Hangul. */
    if (best == WR_SCRIPT_HAN && counts[WR_SCRIPT_KANA] * 12 > counts[WR_SCRIPT_HAN])
        best = WR_SCRIPT_KANA;
    return counts[best] ? (wr_script)best : WR_SCRIPT_COMMON;
}

static const char *language_of_script(wr_script script) {
    static const char *const only[WR_SCRIPT_COUNT] = {
        [WR_SCRIPT_GREEK] = "el",    [WR_SCRIPT_ARMENIAN] = "hy",  [WR_SCRIPT_HEBREW] = "he",
        [WR_SCRIPT_GURMUKHI] = "pa", [WR_SCRIPT_GUJARATI] = "gu",  [WR_SCRIPT_TAMIL] = "ta",
        [WR_SCRIPT_TELUGU] = "te",   [WR_SCRIPT_KANNADA] = "kn",   [WR_SCRIPT_MALAYALAM] = "ml",
        [WR_SCRIPT_SINHALA] = "si",  [WR_SCRIPT_THAI] = "th",      [WR_SCRIPT_LAO] = "lo",
        [WR_SCRIPT_MYANMAR] = "my",  [WR_SCRIPT_GEORGIAN] = "ka",  [WR_SCRIPT_HANGUL] = "ko",
        [WR_SCRIPT_KHMER] = "km",    [WR_SCRIPT_MONGOLIAN] = "mn", [WR_SCRIPT_TIBETAN] = "bo",
        [WR_SCRIPT_KANA] = "ja",     [WR_SCRIPT_ETHIOPIC] = "am",  [WR_SCRIPT_BENGALI] = "bn",
    };
    return only[script];
}

/* CLD2 where the classifier knows too few languages of the script. */
static wr_language ask_cld2(wr_str text) {
    wr_language found = {{"", 0}, 0};
    int percent = 0;
    wr_str code = wr_str_c(wr_cld2_detect(text.ptr, (int)text.len, &percent));
    if (wr_str_eq(code, WR_STR("un"))) return found;
    if (wr_str_eq(code, WR_STR("no"))) code = WR_STR("nb");
    if (wr_str_eq(code, WR_STR("iw"))) code = WR_STR("he");
    found.tag = code;
    found.confidence = percent / 100.0;
    return found;
}

static wr_language classify(wr_str text) {
    wr_classifier model = wr_classifier_of(wr_language_model, wr_language_model_len());
    int32_t scores[WR_CLASSIFIER_MOST] = {0};
    uint32_t hashes[BATCH];
    size_t n_all = 0;
    wr_language found = {{"", 0}, 0};
    if (!model.n_classes) return found;
    for (size_t at = 0; at < text.len;) {
        size_t n = wr_language_features(text, at, hashes, BATCH, &at);
        wr_classifier_add(&model, hashes, n, scores);
        n_all += n;
    }
    size_t best = 0;
    for (size_t k = 1; k < model.n_classes; k++)
        if (scores[k] > scores[best]) best = k;
    double sum = 0, scale = n_all ? WR_MODEL_SCALE / sqrt((double)n_all) : 0;
    for (size_t k = 0; k < model.n_classes; k++)
        sum += exp((scores[k] - scores[best]) * scale);
    found.tag = wr_classifier_name(&model, best);
    found.confidence = 1 / sum;
    return found;
}

wr_language wr_language_of(wr_str text) {
    if (text.len > MOST_TEXT) {
        text.len = MOST_TEXT;
        while (text.len && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
            text.len--;
    }
    size_t n_letters;
    wr_script script = main_script(text, &n_letters);
    const char *only = language_of_script(script);
    wr_language found = {{"", 0}, 0};
    if (!n_letters) return found;
    if (only) {
        found.tag = wr_str_c(only);
        found.confidence = 1 - 1 / (1.0 + (double)n_letters);
        return found;
    }
    found = classify(text);
    if (found.confidence < 0.5 && n_letters >= 20) {
        wr_language other = ask_cld2(text);
        if (other.tag.len && other.confidence > found.confidence) return other;
    }
    size_t dash = wr_str_find_char(found.tag, 0, '-'); /* sr-Latn, zh-Hant */
    found.tag.len = dash;
    return found;
}
