/* stories.c -- bench_stories N WINDOW_BYTES: near-duplicates and stories over N made-up articles
 *
 * Words follow Zipf's law over 200,000 made-up ones beside the commonest English ones; four
 * articles in ten report an event others report too (a few names and thirty words of its own,
 * spread over the next thousands of articles), one in ten is an edited copy. CPU time and memory of
 * the two cores as the aggregate stage runs them (copies skip the stories), beside hashing the
 * words alone. JSON lines. */
#include "stages/aggregate/dup.h"
#include "stages/aggregate/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define VOCABULARY 200000
#define RANKS      65536
#define EVENTS     4000 /* reported about at a time */
#define WORDS      320
#define TEXT_MAX   8192
#define NAMES      5
#define KEPT       2048 /* texts that may be copied */

static const char common[] =
    "the of and to in a is that for it was on as with be by at this are or from his had not but "
    "have an they which one you were her all she there would their we him been has when who will";

typedef struct text {
    char bytes[TEXT_MAX];
    size_t len;
    wr_mention mentions[WORDS];
    size_t n_mentions;
} text;

typedef struct maker {
    uint64_t seed;
    uint32_t ranks[RANKS]; /* a uniform number gives a word by its frequency */
    const char *stops[64];
    size_t n_stops;
    uint64_t events[EVENTS];
    text *kept;
} maker;

static uint64_t next(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 24;
}

/* Rank r stands there 1 / (r + 2) as often as the first: cumulative sums, then their inverse. */
static void open_maker(maker *m) {
    double sum = 0, total = 0;
    for (size_t r = 0; r < VOCABULARY; r++)
        total += 1.0 / (double)(r + 2);
    size_t k = 0;
    for (uint32_t r = 0; r < VOCABULARY; r++) {
        sum += 1.0 / (double)(r + 2);
        while (k < RANKS && (double)k < sum / total * RANKS)
            m->ranks[k++] = r;
    }
    static char words[sizeof common];
    memcpy(words, common, sizeof common);
    for (char *rest = words, *w; (w = strsep(&rest, " "));)
        m->stops[m->n_stops++] = w;
    for (size_t i = 0; i < EVENTS; i++)
        m->events[i] = next(&m->seed);
}

static void add_word(text *t, uint64_t number, char first) {
    char word[16];
    size_t n = 0;
    word[n++] = first;
    do
        word[n++] = (char)('a' + number % 26);
    while ((number /= 26) && n < sizeof word);
    if (t->len + n + 1 > TEXT_MAX) return;
    memcpy(t->bytes + t->len, word, n);
    t->len += n;
    t->bytes[t->len++] = ' ';
}

static void add_name(text *t, uint64_t number) {
    if (t->n_mentions < WORDS) t->mentions[t->n_mentions].start = t->len;
    add_word(t, number % 40000000, 'N');
    if (t->n_mentions < WORDS) t->mentions[t->n_mentions++].end = t->len - 1;
}

static void add_stop(maker *m, text *t) {
    const char *w = m->stops[next(&m->seed) % m->n_stops];
    size_t n = strlen(w);
    if (t->len + n + 1 > TEXT_MAX) return;
    memcpy(t->bytes + t->len, w, n);
    t->len += n;
    t->bytes[t->len++] = ' ';
}

static void write_text(maker *m, text *t, uint64_t event) {
    t->len = t->n_mentions = 0;
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t what = next(&m->seed) % 100, own = event + (next(&m->seed) % 30) * 7919;
        if (what < 45) add_stop(m, t);
        else if (event && what < 60) add_word(t, own * 2654435761u % 90000000, 'e');
        else if (event && what < 64) add_name(t, (event + next(&m->seed) % NAMES) * 40503u);
        else if (what > 97) add_name(t, m->ranks[next(&m->seed) % RANKS]);
        else add_word(t, m->ranks[next(&m->seed) % RANKS], 'w');
    }
}

/* The same text with a few words changed. */
static void write_copy(maker *m, text *t, const text *from) {
    *t = *from;
    for (size_t i = 0; i < 6; i++) {
        size_t at = next(&m->seed) % t->len;
        if (t->bytes[at] != ' ') t->bytes[at] = 'q';
    }
}

static void make(maker *m, text *t, size_t i) {
    uint64_t dice = next(&m->seed) % 10;
    size_t slot = next(&m->seed) % EVENTS;
    if (dice == 0 && i > KEPT) {
        write_copy(m, t, &m->kept[next(&m->seed) % KEPT]);
        return;
    }
    if (dice < 5) {
        write_text(m, t, m->events[slot]);
        if (next(&m->seed) % 8 == 0) m->events[slot] = next(&m->seed); /* it is over */
    } else write_text(m, t, 0);
    m->kept[i % KEPT] = *t;
}

static double cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

typedef struct spent {
    double words, dup, terms, story, worst;
    size_t copies, moved, merges, alone;
} spent;

static wr_status one(wr_arena *arena, dup_index *dups, story_set *set, text *t, size_t i,
                     spent *s) {
    static story_outcome out;
    static story_doc doc;
    wr_entity e = {.type = WR_STR("PER"), .mentions = t->mentions, .n_mentions = t->n_mentions};
    wr_article a = {.text = wr_str_of(t->bytes, t->len), .entities = &e, .n_entities = 1};
    dup_sketch sketch;
    dup_match *found;
    size_t n, at = 0, from;
    uint32_t hash, sum = 0;
    double t0 = cpu();
    while (story_next_word(a.text, &at, &from, &hash))
        sum += hash;
    double t1 = cpu();
    WR_TRY(dup_sketch_of(arena, a.text, &sketch));
    WR_TRY(dup_index_find(dups, arena, &sketch, &found, &n));
    if (dup_index_add(dups, i, &sketch) == WR_LIMIT) {
        WR_TRY(dup_index_forget(dups, dup_index_count(dups) / 2));
        WR_TRY(dup_index_add(dups, i, &sketch));
    }
    double t2 = cpu();
    WR_TRY(story_doc_of(arena, &a, &doc));
    double t3 = cpu();
    if (n == 0) WR_TRY(story_add(set, arena, (int64_t)i, 1 + (int32_t)(i / 20000), &doc, &out));
    double t4 = cpu();
    s->words += t1 - t0 + (sum == 1 ? 1e-12 : 0);
    s->dup += t2 - t1;
    s->terms += t3 - t2;
    s->story += t4 - t3;
    if (t4 - t1 > s->worst) s->worst = t4 - t1;
    s->copies += n > 0;
    if (n) return WR_OK;
    s->moved += out.n_changes;
    s->merges += out.n_merges;
    s->alone += out.changes[0].now.story == out.changes[0].now.number;
    return WR_OK;
}

int main(int argc, char **argv) {
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    size_t window = (argc > 2 ? strtoul(argv[2], NULL, 10) : (size_t)128 << 20) / 1100;
    static maker m = {.seed = 7};
    static text t;
    dup_index *dups;
    story_set *set;
    wr_arena *arena;
    spent s = {0};
    m.kept = calloc(KEPT, sizeof *m.kept);
    open_maker(&m);
    if (!m.kept || wr_arena_new("bench", (size_t)64 << 20, &arena) != WR_OK ||
        dup_index_new((size_t)1 << 30, &dups) != WR_OK ||
        story_new(&(story_options){.articles = window}, &set) != WR_OK)
        return 111;
    for (size_t i = 0; i < n; i++) {
        wr_arena_reset(arena);
        make(&m, &t, i);
        if (one(arena, dups, set, &t, i, &s) != WR_OK) return 111;
    }
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    double ms = 1e3 / (double)n;
    printf("{\"bench\": \"floor\", \"what\": \"hashing the words\", \"ms_per_article\": %.4f}\n",
           s.words * ms);
    printf("{\"bench\": \"stories\", \"articles\": %zu, \"ms_per_article\": %.4f, "
           "\"near_duplicates_ms\": %.4f, "
           "\"terms_ms\": %.4f, \"story_ms\": %.4f, \"worst_ms\": %.1f, \"times_floor\": %.1f, "
           "\"megabytes\": %.0f, "
           "\"of_stories\": %.0f, \"bytes_per_article\": %.0f, \"resident_megabytes\": %.0f, "
           "\"copies\": %.3f, "
           "\"alone\": %.3f, \"changes_per_article\": %.2f, \"merges\": %zu}\n",
           n, (s.dup + s.terms + s.story) * ms, s.dup * ms, s.terms * ms, s.story * ms,
           s.worst * 1e3, (s.dup + s.terms + s.story) / s.words,
           (double)(dup_index_bytes(dups) + story_bytes(set)) / 1e6, (double)story_bytes(set) / 1e6,
           (double)(dup_index_bytes(dups) + story_bytes(set)) / (double)n,
           (double)r.ru_maxrss / 1e3, (double)s.copies / (double)n,
           (double)s.alone / (double)(n - s.copies), (double)s.moved / (double)(n - s.copies),
           s.merges);
    story_free(&set);
    dup_index_free(&dups);
    wr_arena_free(&arena);
    free(m.kept);
    return 0;
}
