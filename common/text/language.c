/* language.c -- which language a text is in */
#include "common/text/language.h"

#include "common/text/cld2_shim.h"

wr_language wr_language_of(wr_str text) {
    enum { MOST = 16384 };
    wr_language found = {{"", 0}, 0};
    size_t len = text.len < MOST ? text.len : wr_utf8_valid_prefix(wr_str_slice(text, 0, MOST));
    int percent = 0;
    const char *code = wr_cld2_detect(text.ptr, (int)len, &percent);
    if (!code || wr_str_eq(wr_str_c(code), WR_STR("un"))) return found;
    found.tag = wr_str_c(code);
    found.confidence = percent / 100.0;
    return found;
}
