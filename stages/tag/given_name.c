/* given_name.c -- looks a first name up in the table */
#include "given_name.h"

static bool is_end(char c) {
    return c == 'F' || c == 'M';
}

/* The order of `name` and the entry at `at`, letter by letter. */
static int compare(wr_str name, size_t at) {
    for (size_t i = 0; i < name.len; i++, at++) {
        if (is_end(given_name_table[at])) return 1;
        int order = (unsigned char)wr_lower(name.ptr[i]) - (unsigned char)given_name_table[at];
        if (order) return order;
    }
    return is_end(given_name_table[at]) ? 0 : -1;
}

char given_name_sex(wr_str name) {
    size_t low = 0, high = given_name_bytes;
    while (low < high && name.len) {
        size_t at = low + (high - low) / 2, end;
        while (at > low && !is_end(given_name_table[at - 1]))
            at--;
        for (end = at; !is_end(given_name_table[end]);)
            end++;
        int order = compare(name, at);
        if (order == 0) return given_name_table[end] == 'F' ? 'f' : 'm';
        if (order < 0) high = at;
        else low = end + 1;
    }
    return 0;
}
