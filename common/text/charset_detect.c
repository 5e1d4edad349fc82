/* charset_detect.c -- what the bytes most likely are */
#include "common/text/charset.h"

const wr_encoding *wr_charset_detect(wr_str source) {
    (void)source;
    return wr_encoding_find(WR_STR("windows-1252"));
}
