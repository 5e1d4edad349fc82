/* language.c -- languages by script and by letters; charsets by detection */
#include "check.h"

#include "common/text/charset.h"
#include "common/text/language.h"

int main(void) {
    static const char *const rows[][2] = {
        {"The council will meet on Thursday to talk about the new bridge.", "en"},
        {"Der Stadtrat will am Donnerstag \u00fcber die neue Br\u00fccke sprechen.", "de"},
        {"Le conseil se r\u00e9unira jeudi pour parler du nouveau pont.", "fr"},
        {"El consejo se reunir\u00e1 el jueves para hablar del nuevo puente.", "es"},
        {"\u0421\u043e\u0432\u0435\u0442 \u0441\u043e\u0431\u0435\u0440\u0451\u0442\u0441\u044f "
         "\u0432 "
         "\u0447\u0435\u0442\u0432\u0435\u0440\u0433",
         "ru"},
        {"\u03a4\u03bf \u03c3\u03c5\u03bc\u03b2\u03bf\u03cd\u03bb\u03b9\u03bf", "el"},
        {"\u6728\u66dc\u65e5\u306b\u4f1a\u8b70\u304c\u3042\u308b", "ja"},
        {"\u6211\u4eec\u661f\u671f\u56db\u5f00\u4f1a\u3002", "zh"},
        {"\ubaa9\uc694\uc77c\uc5d0 \ud68c\uc758", "ko"},
        {"", ""},
        {"123 456", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_language found = wr_language_of(wr_str_c(rows[i][0]));
        CHECK_STR(found.tag, wr_str_c(rows[i][1]));
        CHECK_ROW(rows[i][1], found.confidence >= 0 && found.confidence <= 1);
    }
    static const char *const bytes[][2] = {
        {"Die Br\xFC"
         "cke \xFC"
         "ber den Flu\xDF ist f\xFCr \xC4ltere zu schmal.",
         "windows-1252"},
        {"\xD1\xEE\xE2\xE5\xF2 \xF1\xEE\xE1\xE5\xF0\xE5\xF2\xF1\xFF \xE2 "
         "\xF7\xE5\xF2\xE2\xE5\xF0\xE3",
         "windows-1251"},
        {"\xF3\xCF\xD7\xC5\xD4 \xD3\xCF\xC2\xC5\xD2\xC5\xD4\xD3\xD1 \xD7 "
         "\xDE\xC5\xD4\xD7\xC5\xD2\xC7",
         "KOI8-R"},
        {"\x96\xD8\x97\x6A\x93\xFA\x82\xC9\x89\xEF\x8B\x63\x82\xAA\x82\xA0\x82\xE9", "Shift_JIS"},
    };
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
        CHECK_STR(wr_encoding_name(wr_charset_detect(wr_str_c(bytes[i][0]))),
                  wr_str_c(bytes[i][1]));
    return check_summary();
}
