/* nfc.c -- normalization form C: a quick check over everything, the full algorithm on what it
 * doubts
 *
 * Unicode Standard Annex 15. Work goes segment by segment: from one starter that cannot be changed
 * by what precedes to the next. */
#include "common/text/nfc.h"

#include "common/text/nfc_table.h"

enum { QC_NO = 0x100, QC_MAYBE = 0x200, S_BASE = 0xAC00, L_BASE = 0x1100, V_BASE = 0x1161 };
enum { T_BASE = 0x11A7, L_COUNT = 19, V_COUNT = 21, T_COUNT = 28, S_COUNT = 11172 };

static inline unsigned props(uint32_t cp) {
    return wr_nfc_props[(size_t)wr_nfc_index[cp >> 7] << 7 | (cp & 127)];
}

size_t wr_nfc_prefix(wr_str s) {
    size_t i = 0, safe = 0; /* safe: start of the last starter with NFC_QC yes */
    unsigned last = 0;
    while (i < s.len) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < 0x80) {
            i += wr_utf8_ascii(s.ptr + i, s.len - i);
            safe = i - 1, last = 0;
            continue;
        }
        if (c < 0xCC) { /* U+0080 to U+02FF */
            safe = i, last = 0;
            i += 2;
            continue;
        }
        size_t n;
        unsigned p = props(wr_utf8_next(s.ptr + i, s.len - i, &n)), ccc = p & 0xFF;
        if (p > 0xFF || (ccc && ccc < last)) return safe;
        if (!ccc) safe = i;
        last = ccc;
        i += n;
    }
    return s.len;
}

static const wr_nfc_decomposition *decomposition(uint32_t cp) {
    size_t low = 0, high = wr_nfc_n_decompositions;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (wr_nfc_decompositions[mid].cp < cp) low = mid + 1;
        else high = mid;
    }
    return low < wr_nfc_n_decompositions && wr_nfc_decompositions[low].cp == cp
               ? &wr_nfc_decompositions[low]
               : NULL;
}

/* The composition of two code points, 0 = none. */
static uint32_t composition(uint32_t a, uint32_t b) {
    if (a - L_BASE < L_COUNT && b - V_BASE < V_COUNT)
        return S_BASE + ((a - L_BASE) * V_COUNT + (b - V_BASE)) * T_COUNT;
    if (a - S_BASE < S_COUNT && (a - S_BASE) % T_COUNT == 0 && b - T_BASE - 1 < T_COUNT - 1)
        return a + (b - T_BASE);
    size_t low = 0, high = wr_nfc_n_compositions;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const wr_nfc_composition *row = &wr_nfc_compositions[mid];
        if (row->first < a || (row->first == a && row->second < b)) low = mid + 1;
        else high = mid;
    }
    if (low == wr_nfc_n_compositions) return 0;
    const wr_nfc_composition *row = &wr_nfc_compositions[low];
    return row->first == a && row->second == b ? row->cp : 0;
}

typedef struct {
    uint32_t *cps;
    size_t n;
} segment;

static void add(segment *seg, uint32_t cp) {
    seg->cps[seg->n++] = cp;
}

static void decompose(segment *seg, uint32_t cp) {
    if (cp - S_BASE < S_COUNT) {
        uint32_t s = cp - S_BASE;
        add(seg, L_BASE + s / (V_COUNT * T_COUNT));
        add(seg, V_BASE + s % (V_COUNT * T_COUNT) / T_COUNT);
        if (s % T_COUNT) add(seg, T_BASE + s % T_COUNT);
        return;
    }
    const wr_nfc_decomposition *d = decomposition(cp);
    if (!d) {
        add(seg, cp);
        return;
    }
    for (size_t i = 0; i < d->n; i++)
        add(seg, wr_nfc_decomposed[d->at + i]);
}

/* Merges runs of marks into canonical order: stable, bottom up, with `spare` of the same size. */
static void sort_marks(uint32_t *cps, size_t n, uint32_t *spare) {
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t from = 0; from < n; from += 2 * width) {
            size_t mid = from + width < n ? from + width : n;
            size_t to = mid + width < n ? mid + width : n;
            for (size_t a = from, b = mid, k = from; k < to; k++) {
                bool left =
                    a < mid && (b >= to || (props(cps[a]) & 0xFF) <= (props(cps[b]) & 0xFF));
                spare[k] = left ? cps[a++] : cps[b++];
            }
        }
        memcpy(cps, spare, n * sizeof *cps);
    }
}

static void reorder(segment *seg, uint32_t *spare) {
    for (size_t i = 0; i < seg->n;) {
        size_t from = i;
        while (i < seg->n && (props(seg->cps[i]) & 0xFF))
            i++;
        if (i > from + 1) sort_marks(seg->cps + from, i - from, spare);
        if (i == from) i++;
    }
}

static void compose(segment *seg) {
    size_t starter = SIZE_MAX, n = 0;
    unsigned last = 0; /* class of the last code point kept after the starter */
    for (size_t i = 0; i < seg->n; i++) {
        uint32_t cp = seg->cps[i];
        unsigned ccc = props(cp) & 0xFF;
        bool blocked = n != starter + 1 && (last == 0 || last >= ccc);
        if (starter != SIZE_MAX && !blocked) {
            uint32_t both = composition(seg->cps[starter], cp);
            if (both) {
                seg->cps[starter] = both;
                continue;
            }
        }
        if (!ccc) starter = n;
        last = ccc;
        seg->cps[n++] = cp;
    }
    seg->n = n;
}

/* End of the segment that starts at `from`: the next character that is a starter with NFC_QC yes
 * (nothing before it can change it). */
static size_t segment_end(wr_str s, size_t from, size_t *n_cps) {
    size_t i = from, n, cps = 0;
    while (i < s.len) {
        uint32_t cp = wr_utf8_next(s.ptr + i, s.len - i, &n);
        if (i > from && props(cp) == 0) break;
        cps++;
        i += n;
    }
    *n_cps = cps;
    return i;
}

wr_status wr_nfc(wr_arena *arena, wr_str s, wr_str *out, uint64_t *n_changed) {
    *out = s;
    size_t good = wr_nfc_prefix(s);
    if (good == s.len) return WR_OK;
    /* NFC of UTF-8 is at most 3 times as long (UAX 15, table of expansion factors). */
    if (s.len > SIZE_MAX / 4) return WR_MEMORY;
    size_t cap = 0;
    char *p = wr_arena_take(arena, (s.len - good) * 3 + good), *to = p;
    segment seg = {NULL, 0};
    uint32_t *spare = NULL;
    uint64_t changed = 0;
    if (!p) return WR_MEMORY;
    for (size_t i = 0; i < s.len;) {
        size_t n = wr_nfc_prefix(wr_str_of(s.ptr + i, s.len - i));
        memcpy(to, s.ptr + i, n);
        to += n, i += n;
        if (i == s.len) break;
        size_t n_cps, end = segment_end(s, i, &n_cps);
        if (n_cps * 4 > cap) { /* a code point decomposes to at most 4 */
            cap = n_cps * 8;
            seg.cps = wr_arena_array(arena, cap, sizeof *seg.cps);
            spare = wr_arena_array(arena, cap, sizeof *spare);
            if (!seg.cps || !spare) return WR_MEMORY;
        }
        seg.n = 0;
        char *from = to;
        for (size_t k = i, used; k < end; k += used)
            decompose(&seg, wr_utf8_next(s.ptr + k, s.len - k, &used));
        reorder(&seg, spare);
        compose(&seg);
        for (size_t k = 0; k < seg.n; k++)
            to += wr_utf8_put(to, seg.cps[k]);
        changed += (size_t)(to - from) != end - i || memcmp(from, s.ptr + i, end - i) != 0;
        i = end;
    }
    if (!changed) return WR_OK;
    if (n_changed) *n_changed += changed;
    *out = wr_str_of(p, (size_t)(to - p));
    return WR_OK;
}
