/* token.c -- the words of a sentence */
#include "common/text/token.h"

#include "common/text/unicode.h"

wr_tokens wr_tokens_of(wr_str text, wr_span sentence) {
    return (wr_tokens){text, sentence.start, sentence.end, false};
}

bool wr_tokens_next(wr_tokens *it, wr_token *out) {
    const char *p = it->text.ptr;
    size_t i = it->at, n;
    while (i < it->limit && wr_is_space(p[i]))
        i++;
    if (i >= it->limit) return false;
    *out = (wr_token){i, i, WR_TOKEN_PUNCT, i == 0 || wr_is_space(p[i - 1])};
    uint32_t cp = wr_utf8_next(p + i, it->limit - i, &n);
    if (!wr_u_is_word(cp)) {
        i += n;
    } else {
        out->kind = wr_u_is_digit(cp) ? WR_TOKEN_NUMBER : WR_TOKEN_WORD;
        while (i < it->limit && wr_u_is_word(wr_utf8_next(p + i, it->limit - i, &n)))
            i += n;
    }
    out->end = it->at = i;
    return true;
}
