/* sentence.c -- the sentences of a paragraph, by rules */
#include "common/text/sentence.h"

wr_sentences wr_sentences_of(wr_str paragraph) {
    return (wr_sentences){paragraph, 0};
}

static bool ends_here(wr_str s, size_t i) {
    while (i < s.len && (s.ptr[i] == '"' || s.ptr[i] == '\'' || s.ptr[i] == ')'))
        i++;
    if (wr_str_starts(wr_str_slice(s, i, s.len), WR_STR("\xE2\x80\x9D"))) i += 3;
    if (i >= s.len) return true;
    return wr_is_space(s.ptr[i]) && i + 1 < s.len && !(s.ptr[i + 1] >= 'a' && s.ptr[i + 1] <= 'z');
}

bool wr_sentences_next(wr_sentences *it, wr_span *out) {
    wr_str s = it->text;
    size_t i = it->at;
    while (i < s.len && wr_is_space(s.ptr[i]))
        i++;
    if (i == s.len) return false;
    out->start = i;
    while (i < s.len) {
        char c = s.ptr[i++];
        if ((c == '.' || c == '!' || c == '?') && ends_here(s, i)) {
            while (i < s.len && !wr_is_space(s.ptr[i]))
                i++;
            break;
        }
        if (c == '\n' && i < s.len && s.ptr[i] == '\n') break;
    }
    it->at = i;
    while (wr_is_space(s.ptr[i - 1]))
        i--;
    out->end = i;
    return true;
}
