/* vectors.c -- a reader for one layout: {..., "vectors":{"word":[v1, ..., v100, norm, index], ...}}
 */
#include "vectors.h"

#include <math.h>
#include <stdlib.h>

#define MAX_WORDS 1000000

/* The JSON string at *at (on its opening quote), unescaped in place where it holds escapes. */
static wr_status read_string(wr_arena *arena, wr_str json, size_t *at, wr_str *out) {
    size_t from = ++*at, end = from;
    while (end < json.len && json.ptr[end] != '"')
        end += json.ptr[end] == '\\' ? 2 : 1;
    if (end >= json.len) return WR_TRUNCATED;
    *at = end + 1;
    wr_str raw = wr_str_slice(json, from, end);
    *out = raw;
    if (wr_str_find_char(raw, 0, '\\') == raw.len) return WR_OK;
    char *clean = wr_arena_take(arena, raw.len);
    if (!clean) return WR_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.ptr[i] == '\\') i++;
        clean[n++] = raw.ptr[i];
    }
    *out = wr_str_of(clean, n);
    return WR_OK;
}

/* The VECTOR_DIMS numbers after '[', scaled to length 1; *at moves behind ']'. */
static wr_status read_row(wr_str json, size_t *at, float *row) {
    double sum = 0;
    for (size_t k = 0; k < VECTOR_DIMS; k++) {
        while (*at < json.len &&
               (json.ptr[*at] == '[' || json.ptr[*at] == ',' || json.ptr[*at] == ':'))
            ++*at;
        char *end;
        row[k] = strtof(json.ptr + *at, &end);
        if (end == json.ptr + *at) return WR_MALFORMED;
        *at = (size_t)(end - json.ptr);
        sum += (double)row[k] * (double)row[k];
    }
    float scale = sum > 0 ? (float)(VECTOR_LENGTH / sqrt(sum)) : 0;
    for (size_t k = 0; k < VECTOR_DIMS; k++)
        row[k] *= scale;
    *at = wr_str_find_char(json, *at, ']') + 1;
    return *at <= json.len ? WR_OK : WR_TRUNCATED;
}

wr_status vectors_read(wr_arena *arena, wr_str json, struct vectors *out) {
    static const char key[] = "\"vectors\":{";
    const char *start = memmem(json.ptr, json.len, key, sizeof key - 1);
    if (!start) return WR_MALFORMED;
    size_t at = (size_t)(start - json.ptr) + sizeof key - 1;
    memset(out, 0, sizeof *out);
    out->words = wr_arena_array(arena, MAX_WORDS, sizeof *out->words);
    out->values = wr_arena_array(arena, MAX_WORDS, VECTOR_DIMS * sizeof *out->values);
    if (!out->words || !out->values) return WR_MEMORY;
    while (at < json.len && json.ptr[at] != '}') {
        if (json.ptr[at] == ',') at++;
        if (at >= json.len || json.ptr[at] != '"' || out->n == MAX_WORDS) return WR_MALFORMED;
        WR_TRY(read_string(arena, json, &at, &out->words[out->n]));
        WR_TRY(read_row(json, &at, out->values + out->n * VECTOR_DIMS));
        out->n++;
    }
    return out->n ? WR_OK : WR_EMPTY;
}
