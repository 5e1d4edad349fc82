/* mojibake.c -- UTF-8 read in a wrong encoding, put right again
 *
 * Text is cut into runs: characters above 7F in a row that some wrong reading has. In a run each
 * wrong reading is undone: characters back to bytes, bytes that are well-formed UTF-8 to what they
 * were. What was there and what comes out are compared by how odd their neighbourhoods are (letters
 * of two scripts in one word, capitals after small letters, symbols inside words, controls). The
 * reading that takes away most oddness over the whole text is undone, where it does, and so on
 * until none takes away enough. */
#include "common/text/mojibake.h"

#include "common/text/mojibake_odd.h"
#include "common/text/mojibake_table.h"

enum { MOST_RUN = 256, MOST_ROUNDS = 6 };

/* How much oddness a reading must take away from a text before it is believed, in 1/100. */
static const int enough[WR_READINGS] = {
    [WR_READ_1252] = 100,     [WR_READ_LATIN1] = 100, [WR_READ_1254] = 110, [WR_READ_1250] = 110,
    [WR_READ_1251] = 110,     [WR_READ_1253] = 110,   [WR_READ_1257] = 110, [WR_READ_LATIN2] = 130,
    [WR_READ_MACROMAN] = 150, [WR_READ_437] = 150,
};

typedef struct {
    uint32_t cps[MOST_RUN + 2]; /* with the neighbours (0 = none) at both ends */
    size_t n;                   /* without them */
    size_t start, end;          /* in the text */
    bool suspect;               /* some reading has a lead byte and its continuation in a row */
} run;

static bool is_lead(uint8_t b) {
    return b >= 0xC2 && b <= 0xF4;
}

static bool is_tail(uint8_t b) {
    return b >= 0x80 && b <= 0xBF;
}

static bool starts_sequence(uint32_t a, uint32_t b) {
    const uint8_t *first = wr_mojibake_row(a), *second = wr_mojibake_row(b);
    for (size_t k = 0; k < WR_READINGS; k++)
        if (is_lead(first[k]) && is_tail(second[k])) return true;
    return false;
}

/* The next run at or after `i`; false when there is none. */
static bool next_run(wr_str s, size_t i, run *r) {
    size_t n;
    while (i < s.len) {
        if ((unsigned char)s.ptr[i] < 0x80) {
            i += wr_utf8_ascii(s.ptr + i, s.len - i);
            continue;
        }
        uint32_t cp = wr_utf8_next(s.ptr + i, s.len - i, &n);
        /* one character alone is never a sequence */
        if (i + n < s.len && (unsigned char)s.ptr[i + n] >= 0x80 &&
            wr_mojibake_row(cp) != wr_mojibake_bytes[0])
            break;
        i += n;
    }
    if (i >= s.len) return false;
    *r = (run){.n = 0, .start = i};
    r->cps[0] = i ? wr_utf8_prev(s, i, &n) : 0;
    while (i < s.len && r->n < MOST_RUN) {
        uint32_t cp = wr_utf8_next(s.ptr + i, s.len - i, &n);
        if (wr_mojibake_row(cp) == wr_mojibake_bytes[0]) break;
        if (r->n && starts_sequence(r->cps[r->n], cp)) r->suspect = true;
        r->cps[++r->n] = cp;
        i += n;
    }
    r->cps[r->n + 1] = i < s.len ? wr_utf8_next(s.ptr + i, s.len - i, &n) : 0;
    r->end = i;
    return true;
}

/* Undoes a reading in a run: the result with its neighbours in out, its length without them.
 * *n_left = letters that were in no sequence, *n_found = sequences. */
static size_t undo(const run *r, size_t reading, uint32_t *out, size_t *n_left, size_t *n_found) {
    size_t n = 0;
    *n_left = *n_found = 0;
    out[0] = r->cps[0];
    for (size_t i = 1; i <= r->n;) {
        char bytes[4];
        size_t len = 0, used = 0;
        for (size_t k = i; k <= r->n && len < 4; k++) {
            uint8_t b = wr_mojibake_row(r->cps[k])[reading];
            if (!b || (len && !is_tail(b))) break;
            bytes[len++] = (char)b;
        }
        uint32_t cp = len ? wr_utf8_next(bytes, len, &used) : 0;
        if (len && used > 1 && cp != WR_REPLACEMENT) {
            out[++n] = cp;
            (*n_found)++;
            i += used;
        } else {
            *n_left += wr_odd_is_letter(r->cps[i]);
            out[++n] = r->cps[i++];
        }
    }
    out[n + 1] = r->cps[r->n + 1];
    return n;
}

/* What undoing the reading gains in a run, in 1/100; 0 = leave it. In a text of which the reading
 * is `known` a run that it explains to the last character need not look odd. */
static int gain(const run *r, size_t reading, bool known, uint32_t *out, size_t *n_out) {
    size_t n_left, n_found;
    *n_out = undo(r, reading, out, &n_left, &n_found);
    if (!n_found) return 0;
    int before = wr_oddness(r->cps, r->n + 2), after = wr_oddness(out, *n_out + 2);
    if (known && n_left == 0 && after <= before + 25 * (int)n_found) return 1;
    if (before <= 0) return 0;
    /* its lead bytes are symbols, which may stand in a row: not alone */
    bool touches = wr_is_alpha((char)(r->cps[0] < 0x80 ? r->cps[0] : 0)) ||
                   wr_is_alpha((char)(r->cps[r->n + 1] < 0x80 ? r->cps[r->n + 1] : 0));
    if (reading >= WR_READ_MACROMAN && n_found < 2 && !touches && !known) return 0;
    int won = before - after + 25 * (int)n_found - 100 * (int)n_left;
    return won > 0 ? won : 0;
}

static wr_status rewrite(wr_arena *arena, wr_str s, size_t reading, bool known, wr_str *out,
                         uint64_t *counted) {
    char *p = wr_arena_take(arena, s.len),
         *to = p; /* a sequence is shorter than its wrong reading */
    if (!p) return WR_MEMORY;
    run r;
    size_t at = 0;
    while (next_run(s, at, &r)) {
        uint32_t result[MOST_RUN + 2];
        size_t n;
        bool better = r.suspect && gain(&r, reading, known, result, &n) > 0;
        size_t copy = better ? r.start : r.end;
        memcpy(to, s.ptr + at, copy - at);
        to += copy - at;
        at = r.end;
        if (!better) continue;
        for (size_t i = 1; i <= n; i++)
            to += wr_utf8_put(to, result[i]);
        (*counted)++;
    }
    memcpy(to, s.ptr + at, s.len - at);
    to += s.len - at;
    *out = wr_str_of(p, (size_t)(to - p));
    return WR_OK;
}

/* The reading that gains most over the text, WR_READINGS = none gains enough. *known = it explains
 * more runs than it leaves. */
static size_t find_reading(wr_str s, bool *known) {
    int total[WR_READINGS] = {0};
    size_t better[WR_READINGS] = {0}, n_runs = 0;
    run r;
    for (size_t at = 0; next_run(s, at, &r); at = r.end) {
        if (!r.suspect) continue;
        uint32_t result[MOST_RUN + 2];
        size_t n;
        n_runs++;
        for (size_t k = 0; k < WR_READINGS; k++) {
            int won = gain(&r, k, false, result, &n);
            total[k] += total[k] < 1000000 ? won : 0;
            better[k] += won > 0;
        }
    }
    size_t best = WR_READINGS;
    for (size_t k = 0; k < WR_READINGS; k++)
        if (total[k] >= enough[k] && (best == WR_READINGS || total[k] > total[best])) best = k;
    *known = best < WR_READINGS && better[best] * 2 >= n_runs;
    return best;
}

wr_status wr_mojibake_repair(wr_arena *arena, wr_str in, wr_str *out, uint64_t *n_repaired) {
    uint64_t unused = 0;
    if (!n_repaired) n_repaired = &unused;
    *out = in;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        bool known;
        size_t reading = find_reading(*out, &known);
        if (reading == WR_READINGS) break;
        WR_TRY(rewrite(arena, *out, reading, known, out, n_repaired));
    }
    return WR_OK;
}
