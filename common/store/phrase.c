/* phrase.c -- runs of words, and how many texts hold them */
#include <common/store/phrase.h>

#include <stdlib.h>

#define GUESSES    ((size_t)1 << 20) /* counters of each of the two rows, at most */
#define A_TEXT     1024              /* of them a text */
#define SEEN       ((size_t)1 << 15) /* of one text */
#define TEXT_WORDS 4096u             /* of a longer text the first ones */

struct phrase_counter {
    wr_arena *arena;
    uint16_t *guesses[2];
    size_t n_guesses, n_slots; /* powers of two; half of the slots are filled at most */
    uint32_t support;
    phrase *slots; /* open addressing; hash 0 = free */
    size_t n;
    uint64_t *seen; /* hashes of the text at hand */
    uint32_t *seen_in;
    uint32_t text; /* its number */
    uint64_t stop[1024];
};

typedef struct word {
    uint64_t hash;
    size_t start, end;
    bool stop, joined; /* joined: one blank or hyphen after the word before */
    bool topical;      /* has three letters */
} word;

/* ---- words ---- */

static uint64_t mix(uint64_t h) {
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
    h = (h ^ h >> 27) * 0x94d049bb133111ebu;
    return h ^ h >> 31;
}

static bool word_byte(wr_str s, size_t i) {
    unsigned char c = (unsigned char)s.ptr[i];
    if (c == 0xe2 || c == 0xc2) return false; /* general punctuation, Latin-1 signs */
    if (c >= 0x80 && c < 0xc0)                /* the rest of such a sign */
        for (size_t k = i; k-- > 0 && i - k < 3;) {
            unsigned char lead = (unsigned char)s.ptr[k];
            if (lead >= 0xc0) return lead != 0xe2 && lead != 0xc2;
        }
    return c >= 0x80 || wr_is_alpha(s.ptr[i]) || wr_is_digit(s.ptr[i]);
}

static uint64_t hash_word(wr_str s) {
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)wr_lower(s.ptr[i])) * 0x100000001b3u;
    return mix(h);
}

static size_t stop_slot(const phrase_counter *c, uint64_t hash) {
    size_t i = hash % 1024;
    while (c->stop[i] && c->stop[i] != hash)
        i = (i + 1) % 1024;
    return i;
}

static void read_stops(phrase_counter *c) {
    static const char *const lists[] = {
#define W(words) words,
#include <common/store/phrase_words.def>
#undef W
    };
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        wr_str list = wr_str_c(lists[k]);
        for (size_t at = 0; at < list.len;) {
            size_t end = wr_str_find_char(list, at, ' ');
            uint64_t hash = hash_word(wr_str_slice(list, at, end));
            c->stop[stop_slot(c, hash)] = hash;
            at = end + 1;
        }
    }
}

static bool next_word(const phrase_counter *c, wr_str s, size_t *at, word *out) {
    size_t i = *at, from = *at;
    while (i < s.len && !word_byte(s, i))
        i++;
    if (i == s.len) return false;
    *out =
        (word){.start = i, .joined = i == from + 1 && (s.ptr[from] == ' ' || s.ptr[from] == '-')};
    size_t letters = 0;
    for (; i < s.len && word_byte(s, i); i++)
        letters += !wr_is_digit(s.ptr[i]);
    out->end = *at = i;
    out->topical = letters >= 3;
    out->hash = hash_word(wr_str_slice(s, out->start, i));
    out->stop = letters == 0 || c->stop[stop_slot(c, out->hash)] != 0;
    return true;
}

/* ---- runs of a text, each once ---- */

typedef wr_status visit(phrase_counter *c, uint64_t hash, wr_str text, size_t n_words,
                        phrase_when when);

static bool is_new(phrase_counter *c, uint64_t hash) {
    size_t i = hash & (SEEN - 1);
    while (c->seen_in[i] == c->text) {
        if (c->seen[i] == hash) return false;
        i = (i + 1) & (SEEN - 1);
    }
    c->seen[i] = hash;
    c->seen_in[i] = c->text;
    return true;
}

/* The runs that end with the newest of the last words. */
static wr_status runs_of(phrase_counter *c, wr_str s, const word *last, size_t n, visit *take,
                         phrase_when when) {
    uint64_t hash = 0;
    const word *end = &last[n - 1];
    bool topical = false;
    for (size_t k = 1; k <= n; k++) {
        const word *w = &last[n - k];
        hash = mix(hash * 31 + w->hash);
        topical = topical || (w->topical && !w->stop);
        wr_str text = wr_str_slice(s, w->start, end->end);
        if (text.len > PHRASE_BYTES) break;
        if (!w->stop && !end->stop && topical && is_new(c, hash | 1))
            WR_TRY(take(c, hash | 1, text, k, when));
        if (!w->joined) break;
    }
    return WR_OK;
}

static wr_status walk(phrase_counter *c, wr_str s, size_t *n_words, visit *take, phrase_when when) {
    word last[PHRASE_WORDS];
    size_t n = 0, at = 0;
    word w;
    while (*n_words < TEXT_WORDS && next_word(c, s, &at, &w)) {
        if (n == PHRASE_WORDS) {
            memmove(last, last + 1, (PHRASE_WORDS - 1) * sizeof *last);
            n--;
        }
        last[n++] = w;
        ++*n_words;
        WR_TRY(runs_of(c, s, last, n, take, when));
    }
    return WR_OK;
}

static wr_status both(phrase_counter *c, wr_str title, wr_str text, visit *take, phrase_when when) {
    size_t n_words = 0;
    c->text++;
    WR_TRY(walk(c, title, &n_words, take, when));
    return walk(c, text, &n_words, take, when);
}

/* ---- the first pass ---- */

static uint16_t *guess_of(phrase_counter *c, int row, uint64_t hash) {
    return &c->guesses[row][(row ? hash >> 40 : hash >> 12) & (c->n_guesses - 1)];
}

static wr_status guess(phrase_counter *c, uint64_t hash, wr_str text, size_t n_words,
                       phrase_when when) {
    (void)text, (void)n_words, (void)when;
    for (int row = 0; row < 2; row++) {
        uint16_t *g = guess_of(c, row, hash);
        *g = (uint16_t)(*g + (*g < UINT16_MAX));
    }
    return WR_OK;
}

void phrase_guess(phrase_counter *c, wr_str title, wr_str text) {
    wr_status status = both(c, title, text, guess, PHRASE_NOW);
    (void)status; /* nothing in it can fail */
}

void phrase_guessed(phrase_counter *c, uint32_t support) {
    for (c->support = support; c->support < UINT16_MAX; c->support++) {
        size_t likely = 0; /* a counter stands for one phrase, or for a few */
        for (size_t i = 0; i < c->n_guesses; i++)
            likely += c->guesses[0][i] >= c->support;
        if (likely < c->n_slots / 4) return;
    }
}

/* ---- the second pass ---- */

static phrase *slot_of(const phrase_counter *c, uint64_t hash) {
    size_t i = (hash >> 8) & (c->n_slots - 1);
    while (c->slots[i].hash && c->slots[i].hash != hash)
        i = (i + 1) & (c->n_slots - 1);
    return &c->slots[i];
}

static size_t capitals(wr_str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += (unsigned char)(s.ptr[i] - 'A') < 26;
    return n;
}

static bool form_better(wr_str a, wr_str b) {
    size_t x = capitals(a), y = capitals(b);
    return x != y ? x < y : wr_str_cmp(a, b) < 0;
}

static wr_status count(phrase_counter *c, uint64_t hash, wr_str text, size_t n_words,
                       phrase_when when) {
    if (*guess_of(c, 0, hash) < c->support || *guess_of(c, 1, hash) < c->support)
        return WR_OK; /* cannot be there: most are not, and this table is the smaller one */
    phrase *p = slot_of(c, hash);
    if (!p->hash) {
        if (when == PHRASE_BASE || c->n == c->n_slots / 2) return WR_OK;
        *p = (phrase){.hash = hash, .n_words = (uint8_t)n_words};
        c->n++;
    }
    if (when == PHRASE_BASE) p->base++;
    else if (when == PHRASE_FADE) p->fade++;
    else p->now++;
    if (when == PHRASE_BASE || (p->text.len && !form_better(text, p->text))) return WR_OK;
    return wr_arena_copy(c->arena, text, &p->text);
}

wr_status phrase_count(phrase_counter *c, phrase_when when, wr_str title, wr_str text) {
    return both(c, title, text, count, when);
}

const phrase *phrase_at(const phrase_counter *c, size_t i, size_t *n) {
    *n = c->n_slots;
    return c->slots[i].hash ? &c->slots[i] : NULL;
}

/* ---- the counter ---- */

wr_status phrase_counter_new(wr_arena *arena, size_t texts, phrase_counter **out) {
    phrase_counter *c = calloc(1, sizeof *c);
    if (!c) return WR_AGAIN;
    c->arena = arena;
    c->n_guesses = 1u << 12;
    while (c->n_guesses < GUESSES && c->n_guesses < texts * A_TEXT)
        c->n_guesses *= 2;
    c->n_slots = c->n_guesses / 4;
    c->guesses[0] = calloc(c->n_guesses, sizeof **c->guesses);
    c->guesses[1] = calloc(c->n_guesses, sizeof **c->guesses);
    c->slots = calloc(c->n_slots, sizeof *c->slots);
    c->seen = calloc(SEEN, sizeof *c->seen);
    c->seen_in = calloc(SEEN, sizeof *c->seen_in);
    if (!c->guesses[0] || !c->guesses[1] || !c->slots || !c->seen || !c->seen_in) {
        phrase_counter_free(&c);
        return WR_AGAIN;
    }
    read_stops(c);
    *out = c;
    return WR_OK;
}

void phrase_counter_free(phrase_counter **counter) {
    phrase_counter *c = *counter;
    if (!c) return;
    free(c->guesses[0]);
    free(c->guesses[1]);
    free(c->slots);
    free(c->seen);
    free(c->seen_in);
    free(c);
    *counter = NULL;
}

/* ---- comparing ---- */

static size_t fold_words(wr_str s, char *out, size_t cap) {
    size_t n = 0;
    out[n++] = ' ';
    for (size_t i = 0; i < s.len && n + 2 < cap; i++)
        if (word_byte(s, i)) out[n++] = wr_lower(s.ptr[i]);
        else if (out[n - 1] != ' ') out[n++] = ' ';
    if (out[n - 1] != ' ') out[n++] = ' ';
    return n;
}

bool phrase_within(wr_str part, wr_str whole) {
    char a[256], b[256];
    size_t n = fold_words(part, a, sizeof a), m = fold_words(whole, b, sizeof b);
    return n > 1 && n <= m && memmem(b, m, a, n) != NULL;
}
