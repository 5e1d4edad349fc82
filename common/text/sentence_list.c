/* sentence_list.c -- list numbers, rules and emoticons */
#include "common/text/sentence_list.h"

#include "common/text/unicode.h"

wr_list wr_list_open(wr_str s, size_t start) {
    wr_list list = {.found = false, .bullet = {"", 0}, .ending = {"", 0}};
    size_t i = start, n;
    if (i >= s.len) return list;
    uint32_t cp = wr_utf8_next(s.ptr + i, s.len - i, &n);
    if (cp == 0x2022 || cp == 0x2043 || cp == 0x25CF || cp == 0xB7) {
        i += n;
        while (i < s.len && s.ptr[i] == ' ')
            i++;
        list.bullet = wr_str_slice(s, start, i);
    }
    size_t from = i;
    while (i < s.len && i < from + 3 && wr_is_digit(s.ptr[i]))
        list.value = list.value * 10 + (unsigned)(s.ptr[i++] - '0');
    if (i == from && i < s.len && s.ptr[i] >= 'a' && s.ptr[i] < 'z') {
        list.letters = true;
        list.value = (unsigned char)s.ptr[i++];
    }
    size_t mark = i;
    if (i == from) return list;
    if (i < s.len && s.ptr[i] == '.') i++;
    if (i < s.len && s.ptr[i] == ')') i++;
    list.ending = wr_str_slice(s, mark, i);
    list.end = i;
    list.found = i > mark && i < s.len && s.ptr[i] == ' ';
    return list;
}

static size_t write_number(char *to, unsigned value) {
    size_t n = 0;
    char digits[12];
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (size_t i = 0; i < n; i++)
        to[i] = digits[n - 1 - i];
    return n;
}

size_t wr_list_next(const wr_list *list, wr_str s, size_t start) {
    char mark[40];
    size_t n = 0;
    mark[n++] = ' '; /* the marks of one list differ in their number alone */
    if (list->bullet.len > 12) return s.len;
    memcpy(mark + n, list->bullet.ptr, list->bullet.len);
    n += list->bullet.len;
    if (list->letters) mark[n++] = (char)(list->value + 1);
    else n += write_number(mark + n, list->value + 1);
    memcpy(mark + n, list->ending.ptr, list->ending.len);
    n += list->ending.len;
    mark[n++] = ' ';
    const char *hit = memmem(s.ptr + start, s.len - start, mark, n);
    if (!hit) return s.len;
    size_t at = (size_t)(hit - s.ptr), used;
    if (at + n >= s.len) return s.len;
    uint32_t next = wr_utf8_next(s.ptr + at + n, s.len - at - n, &used);
    return wr_u_is_upper(next) || next == '"' || next == 0x201C ? at : s.len;
}

static const char *const emoticons[] = {":)",  ":-)", ";)", ";-)", ":(",
                                        ":-(", ":D",  ":P", "=)",  ":-D"};

bool wr_list_emoticon(wr_str s, size_t i) {
    if (i >= s.len || (s.ptr[i] != ':' && s.ptr[i] != ';' && s.ptr[i] != '=')) return false;
    for (size_t k = 0; k < sizeof emoticons / sizeof *emoticons; k++) {
        wr_str e = wr_str_c(emoticons[k]);
        if (wr_str_starts(wr_str_slice(s, i, s.len), e) &&
            (i + e.len == s.len || wr_is_space(s.ptr[i + e.len])))
            return true;
    }
    return false;
}

bool wr_list_emoticon_end(wr_str s, size_t start, size_t i) {
    for (size_t len = 2; len <= 3; len++)
        if (i + 1 >= start + len && wr_list_emoticon(s, i + 1 - len)) return true;
    return false;
}

size_t wr_list_rule(wr_str s, size_t start, size_t i) {
    if (i > start && !wr_is_space(s.ptr[i - 1])) return 0;
    size_t end = i;
    while (end < s.len && s.ptr[end] == s.ptr[i])
        end++;
    return end - i >= (s.ptr[i] == '-' ? 4u : 3u) && (end == s.len || wr_is_space(s.ptr[end])) ? end
                                                                                               : 0;
}
