/* story.c -- articles into fields, fields into stories */
#include "story.h"

#include "story_index.h"
#include "story_model.h"
#include "story_pair.h"

#include <stdlib.h>

#define NO_FIELD     UINT32_MAX
#define FIELDS_TRIED 3
#define NEAR_FIELD   (-640) /* mean odds from which articles make one field: -2.5 */
#define LEAVE_FIELD  (-768) /* and below which they part */
#define ONE_STORY    80     /* mean odds within the field above which they are one story: 0.3 */
#define EVERY_TIME   24     /* a field so small is looked at whenever it grows */
#define SHARE        6      /* a larger one when it has grown by one in so many */
#define COMPARABLE   30     /* cosine in thousandths below which a pair is not looked at */
#define DAYS_FREE    3      /* days between two articles that cost nothing */
#define DAY_COST     38     /* each further one: 0.15 */

typedef struct slot {
    int64_t article;
    uint32_t number, story, field; /* number 0 = free */
    uint32_t touched;              /* by the article of this number */
    int32_t day;
    bool settled, founder;   /* founder: the story with its number lives */
    int16_t odds[FIELD_MAX]; /* to the members of its field, by their places */
    story_sums sums;
    story_doc doc;
} slot;

typedef struct cluster {
    uint32_t n;
    uint32_t members[FIELD_MAX]; /* numbers, ascending */
} cluster;

struct story_set {
    size_t window;
    const struct forest *pair, *within;
    slot *slots;
    cluster *fields;
    uint32_t *free; /* fields not in use, the last one first */
    size_t n_free;
    uint32_t next;
    size_t count;
    story_index index;
    story_outcome *out; /* of the article being added */
};

/* ---- places ---- */

static slot *slot_of(const story_set *s, uint32_t number) {
    return &s->slots[number % s->window];
}

static size_t place_of(const cluster *f, uint32_t number) {
    size_t i = 0;
    while (i < f->n && f->members[i] != number)
        i++;
    return i;
}

/* The article will be told of in the outcome. */
static void touch(story_set *s, slot *a) {
    if (!s->out || a->touched == s->next || s->out->n_changes == STORY_CHANGES) return;
    a->touched = s->next;
    s->out->changes[s->out->n_changes++] =
        (story_change){.now = {.number = a->number}, .was = a->story};
}

static uint32_t field_new(story_set *s) {
    uint32_t at = s->free[--s->n_free];
    s->fields[at].n = 0;
    return at;
}

static void field_drop(story_set *s, uint32_t at) {
    s->fields[at].n = 0;
    s->free[s->n_free++] = at;
}

/* Takes a member out; the others' columns move up. */
static void leave(story_set *s, slot *a) {
    if (a->field == NO_FIELD) return;
    cluster *f = &s->fields[a->field];
    size_t at = place_of(f, a->number), behind = f->n - at - 1;
    memmove(f->members + at, f->members + at + 1, behind * sizeof *f->members);
    f->n--;
    for (size_t i = 0; i < f->n; i++) {
        int16_t *odds = slot_of(s, f->members[i])->odds;
        memmove(odds + at, odds + at + 1, behind * sizeof *odds);
    }
    if (f->n == 0) field_drop(s, a->field);
    touch(s, a);
    a->field = NO_FIELD;
}

/* Puts an article into a field that has room; odds[i] = to the member at i. */
static void enter(story_set *s, slot *a, uint32_t field, const int16_t *odds) {
    cluster *f = &s->fields[field];
    size_t at = f->n;
    while (at && f->members[at - 1] > a->number)
        at--;
    memmove(f->members + at + 1, f->members + at, (f->n - at) * sizeof *f->members);
    for (size_t i = 0, k = 0; i <= f->n; i++) {
        if (i == at) continue;
        slot *m = slot_of(s, f->members[i]);
        memmove(m->odds + at + 1, m->odds + at, (f->n - at) * sizeof *m->odds);
        m->odds[at] = a->odds[i] = odds[k++];
    }
    a->odds[at] = 0;
    f->members[at] = a->number;
    f->n++;
    touch(s, a);
    a->field = field;
    a->settled = false;
}

/* ---- pairs ---- */

static int clipped(int v) {
    return v > FIELD_CLIP ? FIELD_CLIP : v < -FIELD_CLIP ? -FIELD_CLIP : v;
}

static int day_cost(const slot *a, const slot *b) {
    if (!a->day || !b->day) return 0;
    int64_t gap = (int64_t)a->day - b->day;
    if (gap < 0) gap = -gap;
    gap -= DAYS_FREE;
    return gap <= 0 ? 0 : gap > 80 ? 80 * DAY_COST : (int)gap * DAY_COST;
}

/* What pairs of `a` with at most FIELD_MAX others say, each by itself. */
static void pair_odds(const story_set *s, const slot *a, const uint32_t *others, size_t n,
                      int16_t *odds) {
    int16_t rows[FIELD_MAX + 1][PAIR_COLUMNS];
    memset(rows[0], 0, sizeof rows[0]);
    int32_t score[FIELD_MAX];
    size_t at[FIELD_MAX], m = 0;
    for (size_t i = 0; i < n; i++) {
        const slot *b = slot_of(s, others[i]);
        odds[i] = FIELD_APART;
        if (story_pair_columns(&a->doc, &a->sums, &b->doc, &b->sums, COMPARABLE, rows[m]))
            at[m++] = i;
    }
    forest_score(s->pair, rows[0], m, score);
    for (size_t k = 0; k < m; k++) {
        int v = clipped(score[k] / (FOREST_ONE / FIELD_ONE));
        odds[at[k]] = (int16_t)clipped(v - day_cost(a, slot_of(s, others[at[k]])));
    }
}

static int64_t sum_of(const int16_t *odds, size_t n) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += odds[i];
    return sum;
}

/* ---- which field ---- */

typedef struct choice {
    uint32_t field;
    int best;
    int16_t odds[FIELD_MAX]; /* to all members */
    int64_t mean;
} choice;

/* Fields of the likeliest articles that share terms with `a`. */
static size_t fields_near(const story_set *s, const slot *a, choice *out) {
    uint32_t found[STORY_FOUND],
        floor = a->number > s->window ? a->number - (uint32_t)s->window : 0;
    int16_t odds[STORY_FOUND];
    size_t n = story_index_find(&s->index, &a->doc, floor, found), m = 0, k = 0;
    for (size_t i = 0; i < n; i++)
        if (slot_of(s, found[i])->field != NO_FIELD) found[k++] = found[i];
    pair_odds(s, a, found, k, odds);
    for (size_t i = 0; i < k; i++) {
        uint32_t field = slot_of(s, found[i])->field;
        size_t at = 0;
        if (odds[i] < NEAR_FIELD) continue;
        while (at < m && out[at].field != field)
            at++;
        if (at == m) {
            if (m == FIELDS_TRIED && out[m - 1].best >= odds[i]) continue;
            if (m < FIELDS_TRIED) m++;
            at = m - 1;
            out[at] = (choice){.field = field, .best = odds[i]};
        } else if (odds[i] > out[at].best) out[at].best = odds[i];
        for (; at && out[at - 1].best < out[at].best; at--) {
            choice other = out[at];
            out[at] = out[at - 1];
            out[at - 1] = other;
        }
    }
    return m;
}

/* Mean odds between the members of two fields. */
static bool fields_join(story_set *s, uint32_t into, uint32_t other) {
    cluster from = s->fields[other];
    if (s->fields[into].n + from.n > FIELD_MAX) return false;
    int16_t odds[FIELD_MAX][FIELD_MAX];
    const cluster *f = &s->fields[into];
    int64_t sum = 0, size = (int64_t)f->n * from.n;
    uint32_t n = f->n;
    for (size_t i = 0; i < from.n; i++) {
        pair_odds(s, slot_of(s, from.members[i]), f->members, n, odds[i]);
        sum += sum_of(odds[i], n);
    }
    if (sum < NEAR_FIELD * size) return false;
    cluster to = *f;
    int16_t own[FIELD_MAX][FIELD_MAX];
    for (size_t i = 0; i < from.n; i++)
        memcpy(own[i], slot_of(s, from.members[i])->odds, sizeof own[i]);
    for (size_t i = 0; i < from.n; i++) {
        slot *a = slot_of(s, from.members[i]);
        int16_t row[FIELD_MAX];
        leave(s, a);
        for (size_t k = 0; k < f->n; k++) {
            size_t at = place_of(&to, f->members[k]);
            row[k] = at < to.n ? odds[i][at] : own[i][place_of(&from, f->members[k])];
        }
        enter(s, a, into, row);
    }
    return true;
}

/* The oldest member makes room. */
static void make_room(story_set *s, uint32_t field) {
    if (s->fields[field].n == FIELD_MAX) leave(s, slot_of(s, s->fields[field].members[0]));
}

static void find_field(story_set *s, slot *a) {
    choice near[FIELDS_TRIED];
    size_t n = fields_near(s, a, near), best = n;
    for (size_t i = 0; i < n; i++) {
        const cluster *f = &s->fields[near[i].field];
        pair_odds(s, a, f->members, f->n, near[i].odds);
        near[i].mean = sum_of(near[i].odds, f->n) / (int64_t)f->n;
        if (near[i].mean >= NEAR_FIELD && (best == n || near[i].mean > near[best].mean)) best = i;
    }
    if (best == n) {
        enter(s, a, field_new(s), NULL);
        a->settled = true;
        return;
    }
    uint32_t field = near[best].field;
    int16_t *odds = near[best].odds;
    if (s->fields[field].n == FIELD_MAX) {
        make_room(s, field);
        odds++;
    }
    enter(s, a, field, odds);
    for (size_t i = 0; i < n; i++)
        if (i != best && near[i].mean >= NEAR_FIELD) fields_join(s, field, near[i].field);
}

/* ---- stories of a field ---- */

static void set_story(story_set *s, slot *a, uint32_t story) {
    if (a->story == story) return;
    touch(s, a);
    a->story = story;
}

static void add_merge(story_set *s, uint32_t gone, uint32_t into) {
    if (s->out && s->out->n_merges < STORY_CHANGES)
        s->out->merges[s->out->n_merges++] = (story_merge){gone, into};
    slot *a = slot_of(s, gone);
    if (a->number != gone) return;
    touch(s, a);
    a->founder = false;
}

/* A story that has just gone may begin again in another part: its articles are told of in any case.
 */
static void touch_story(story_set *s, const cluster *f, uint32_t story) {
    for (size_t i = 0; i < f->n; i++) {
        slot *a = slot_of(s, f->members[i]);
        if (a->story == story) touch(s, a);
    }
}

/* A number for a story that begins: of its first article that has not begun one that lives. */
static uint32_t found_story(story_set *s, const cluster *f, const uint8_t *part, size_t p) {
    uint32_t old = 0;
    for (size_t i = 0; i < f->n; i++) {
        slot *a = slot_of(s, f->members[i]);
        if (part[i] != p) continue;
        if (!old) old = a->story;
        if (a->founder) continue;
        touch(s, a);
        a->founder = true;
        return a->number;
    }
    return old;
}

/* The part that holds most of a story; the first of equal ones. */
static size_t home_of(const story_set *s, const cluster *f, const uint8_t *part, uint32_t story) {
    uint8_t n[FIELD_MAX] = {0};
    size_t best = 0;
    for (size_t i = 0; i < f->n; i++)
        if (slot_of(s, f->members[i])->story == story) n[part[i]]++;
    for (size_t p = 0; p < f->n; p++)
        if (n[p] > n[best]) best = p;
    return best;
}

/* Gives each part its story: the oldest of those at home in it, which the others become; a part
 * that is no story's home begins one. */
static void name_parts(story_set *s, const cluster *f, const uint8_t *part) {
    uint32_t story[FIELD_MAX] = {0}, old[FIELD_MAX], seen[FIELD_MAX];
    size_t n_seen = 0, home[FIELD_MAX];
    for (size_t i = 0; i < f->n; i++) {
        old[i] = slot_of(s, f->members[i])->story;
        size_t k = 0;
        while (k < n_seen && seen[k] != old[i])
            k++;
        if (k < n_seen) continue;
        size_t p = home_of(s, f, part, old[i]);
        seen[n_seen] = old[i];
        home[n_seen++] = p;
        if (!story[p] || old[i] < story[p]) story[p] = old[i];
    }
    for (size_t k = 0; k < n_seen; k++)
        if (story[home[k]] != seen[k]) {
            touch_story(s, f, seen[k]);
            add_merge(s, seen[k], story[home[k]]);
        }
    for (size_t p = 0; p < f->n; p++)
        if (part[p] == p && !story[p]) story[p] = found_story(s, f, part, p);
    for (size_t i = 0; i < f->n; i++)
        set_story(s, slot_of(s, f->members[i]), story[part[i]]);
}

/* Before a field falls apart: a story stays with the part that has most of it, what is elsewhere
 * begins another. */
static void cut_stories(story_set *s, const cluster *f, const uint8_t *part) {
    for (size_t i = 0; i < f->n; i++) {
        uint32_t story = slot_of(s, f->members[i])->story;
        size_t home = home_of(s, f, part, story);
        uint8_t group[FIELD_MAX] = {0};
        if (part[i] == home) continue;
        for (size_t k = i; k < f->n; k++)
            group[k] = part[k] == part[i] && slot_of(s, f->members[k])->story == story;
        uint32_t begun = found_story(s, f, group, 1);
        for (size_t k = i; k < f->n; k++)
            if (group[k]) set_story(s, slot_of(s, f->members[k]), begun);
    }
}

static void read_odds(const story_set *s, const cluster *f, field_matrix odds) {
    for (size_t i = 0; i < f->n; i++)
        memcpy(odds[i], slot_of(s, f->members[i])->odds, sizeof odds[i]);
}

static wr_status part_field(story_set *s, wr_arena *arena, uint32_t field) {
    const cluster *f = &s->fields[field];
    const story_doc *docs[FIELD_MAX];
    uint8_t part[FIELD_MAX];
    field_matrix odds, within;
    read_odds(s, f, odds);
    for (size_t i = 0; i < f->n; i++)
        docs[i] = &slot_of(s, f->members[i])->doc;
    if (f->n > 1) WR_TRY(field_judge(arena, s->within, docs, f->n, odds, within));
    field_link(within, f->n, ONE_STORY, part);
    name_parts(s, f, part);
    for (size_t i = 0; i < f->n; i++) {
        slot *a = slot_of(s, f->members[i]);
        if (!a->settled) touch(s, a);
        a->settled = true;
    }
    return WR_OK;
}

/* Moves the articles of one part into a field of their own. */
static uint32_t split_off(story_set *s, const cluster *old, const uint8_t *part, size_t p) {
    uint32_t field = field_new(s);
    field_matrix odds;
    uint8_t from[FIELD_MAX];
    read_odds(s, old, odds);
    for (size_t i = 0, n = 0; i < old->n; i++) {
        int16_t row[FIELD_MAX];
        if (part[i] != p) continue;
        slot *a = slot_of(s, old->members[i]);
        leave(s, a);
        for (size_t k = 0; k < n; k++)
            row[k] = odds[i][from[k]];
        enter(s, a, field, row);
        from[n++] = (uint8_t)i;
    }
    return field;
}

/* A field that has fallen apart becomes several; no story lives on in two of them. */
static wr_status settle(story_set *s, wr_arena *arena, uint32_t field) {
    cluster old = s->fields[field];
    uint8_t part[FIELD_MAX];
    uint32_t fields[FIELD_MAX];
    size_t n = 0, most = 0;
    field_matrix odds;
    read_odds(s, &old, odds);
    field_link(odds, old.n, LEAVE_FIELD, part);
    uint8_t size[FIELD_MAX] = {0};
    for (size_t i = 0; i < old.n; i++)
        if (++size[part[i]] > size[most]) most = part[i];
    if (size[most] < old.n) cut_stories(s, &old, part);
    fields[n++] = field;
    for (size_t p = 0; p < old.n; p++)
        if (size[p] && p != most) {
            /* matrices are read before anything moves: `odds` of the members left stay right */
            cluster now = s->fields[field];
            uint8_t here[FIELD_MAX];
            for (size_t i = 0; i < now.n; i++)
                here[i] = part[place_of(&old, now.members[i])];
            fields[n++] = split_off(s, &now, here, p);
        }
    for (size_t i = 0; i < n; i++)
        WR_TRY(part_field(s, arena, fields[i]));
    return WR_OK;
}

/* Until its field is looked at, an article goes with the story it is most like. */
static void go_along(story_set *s, slot *a) {
    const cluster *f = &s->fields[a->field];
    int64_t best = 0;
    uint32_t story = a->number;
    for (size_t i = 0; i < f->n; i++) {
        uint32_t candidate = slot_of(s, f->members[i])->story;
        int64_t sum = 0, n = 0;
        for (size_t k = 0; k < f->n; k++) {
            if (f->members[k] == a->number) continue;
            if (slot_of(s, f->members[k])->story != candidate) continue;
            sum += a->odds[k];
            n++;
        }
        if (!n || sum <= 0 || sum * 16 / n <= best) continue;
        best = sum * 16 / n;
        story = candidate;
    }
    if (story == a->number) return;
    set_story(s, a, story);
    a->founder = false;
}

static bool is_due(const story_set *s, const cluster *f) {
    size_t waiting = 0;
    for (size_t i = 0; i < f->n; i++)
        waiting += !slot_of(s, f->members[i])->settled;
    return f->n > 1 && (f->n <= EVERY_TIME || waiting * SHARE >= f->n);
}

/* ---- the set ---- */

wr_status story_new(const story_options *o, story_set **out) {
    if (o->articles < 64 || o->articles > UINT32_MAX / 64) return WR_USAGE;
    story_set *s = calloc(1, sizeof *s);
    if (!s) return WR_MEMORY;
    s->window = o->articles;
    s->pair = o->pair ? o->pair : &story_pair_forest;
    s->within = o->within ? o->within : &story_field_forest;
    s->slots = calloc(s->window, sizeof *s->slots);
    s->fields = calloc(s->window, sizeof *s->fields);
    s->free = calloc(s->window, sizeof *s->free);
    if (!s->slots || !s->fields || !s->free || !story_index_open(&s->index, s->window)) {
        story_free(&s);
        return WR_MEMORY;
    }
    story_restored(s, 1);
    *out = s;
    return WR_OK;
}

void story_free(story_set **set) {
    story_set *s = *set;
    if (!s) return;
    story_index_close(&s->index);
    free(s->slots);
    free(s->fields);
    free(s->free);
    free(s);
    *set = NULL;
}

static void forget(story_set *s, slot *a) {
    if (!a->number) return;
    if (s->out) s->out->forgotten = a->article;
    story_outcome *out = s->out;
    s->out = NULL;
    leave(s, a);
    s->out = out;
    a->number = 0;
    s->count--;
}

static void finish(story_set *s) {
    for (size_t i = 0; i < s->out->n_changes; i++) {
        story_change *c = &s->out->changes[i];
        const slot *a = slot_of(s, c->now.number);
        c->now = (story_state){.number = a->number,
                               .article = a->article,
                               .story = a->story,
                               .field = a->field == NO_FIELD ? 0 : a->field + 1,
                               .settled = a->settled,
                               .founder = a->founder};
        if (i == 0) c->was = 0;
    }
    s->out = NULL;
}

wr_status story_add(story_set *s, wr_arena *arena, int64_t article, int32_t day,
                    const story_doc *doc, story_outcome *out) {
    wr_status status = WR_OK;
    out->n_changes = out->n_merges = 0;
    out->forgotten = 0;
    s->out = out;
    slot *a = slot_of(s, s->next);
    forget(s, a);
    a->article = article;
    a->number = a->story = s->next;
    a->field = NO_FIELD;
    a->touched = 0;
    a->day = day;
    a->founder = true;
    a->doc = *doc;
    story_sums_of(doc, &a->sums);
    s->count++;
    touch(s, a);
    find_field(s, a);
    if (is_due(s, &s->fields[a->field])) status = settle(s, arena, a->field);
    else if (s->fields[a->field].n > 1) go_along(s, a);
    story_index_add(&s->index, a->number, doc);
    finish(s);
    s->next++;
    return status;
}

wr_status story_restore(story_set *s, const story_state *state, int32_t day, const story_doc *doc) {
    if (state->field > s->window || !state->number) return WR_MALFORMED;
    slot *a = slot_of(s, state->number);
    if (a->number) return WR_MALFORMED;
    a->article = state->article;
    a->number = state->number;
    a->story = state->story;
    a->field = NO_FIELD;
    a->day = day;
    a->doc = *doc;
    story_sums_of(doc, &a->sums);
    s->count++;
    if (state->field) {
        uint32_t field = state->field - 1;
        cluster *f = &s->fields[field];
        int16_t odds[FIELD_MAX];
        if (f->n == FIELD_MAX) return WR_MALFORMED;
        pair_odds(s, a, f->members, f->n, odds);
        enter(s, a, field, odds);
    }
    a->settled = state->settled;
    a->founder = state->founder;
    story_index_add(&s->index, a->number, doc);
    return WR_OK;
}

void story_restored(story_set *s, uint32_t next) {
    s->next = next;
    s->n_free = 0;
    for (size_t i = s->window; i-- > 0;)
        if (s->fields[i].n == 0) s->free[s->n_free++] = (uint32_t)i;
}

size_t story_count(const story_set *s) {
    return s->count;
}

size_t story_bytes(const story_set *s) {
    return s->window * (sizeof *s->slots + sizeof *s->fields + sizeof *s->free) +
           story_index_bytes(&s->index);
}
