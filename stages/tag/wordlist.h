/* wordlist.h -- words with what a grammar knows of them, looked up whatever their letters' case */
#ifndef WR_TAG_WORDLIST_H
#define WR_TAG_WORDLIST_H

#include <wireroom/str.h>

#define WORDLIST_LONGEST 14 /* bytes of a word in a list */

typedef struct wordlist_row {
    wr_str text; /* in small letters; the rows in byte order */
    int cls, value;
} wordlist_row;

/* The row of the word, or NULL. O(log n). */
static inline const wordlist_row *wordlist_find(const wordlist_row *rows, size_t n, wr_str word) {
    char lower[WORDLIST_LONGEST];
    if (word.len > WORDLIST_LONGEST) return NULL;
    for (size_t i = 0; i < word.len; i++)
        lower[i] = wr_lower(word.ptr[i]);
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = wr_str_cmp(wr_str_of(lower, word.len), rows[middle].text);
        if (order == 0) return &rows[middle];
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return NULL;
}

#endif
