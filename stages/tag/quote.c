/* quote.c -- quotations of an article, with their speakers named after its entities */
#include "quote.h"

#include "quote_speaker.h"

#define CUE_BYTES    16 /* between a cue and a word picked out */
#define SPEECH_WORDS 4  /* a quotation with fewer is a fragment, or nobody's words */

typedef struct cast {
    const wr_article *article;
    const quote_token *t;
    size_t last;   /* 1 + entity that spoke last, 0 = none */
    char last_sex; /* 'm', 'f' or 0 */
} cast;

static bool is_person(const wr_entity *e) {
    return wr_str_eq(e->type, WR_STR("PER"));
}

static bool can_speak(const wr_entity *e) {
    return is_person(e) || wr_str_eq(e->type, WR_STR("ORG"));
}

/* The entity named last inside [start, end): a person before an organisation. 0 = none. */
static size_t entity_in(const wr_article *a, size_t start, size_t end) {
    size_t best = 0, best_start = 0;
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_entity *e = &a->entities[i];
        if (!can_speak(e)) continue;
        for (size_t k = 0; k < e->n_mentions; k++) {
            size_t at = e->mentions[k].start, stop = e->mentions[k].end;
            if (at >= end || stop <= start) continue;
            bool owner =
                stop + 1 < end && stop < a->text.len &&
                (a->text.ptr[stop] == '\'' ||
                 wr_str_starts(wr_str_slice(a->text, stop, stop + 3), WR_STR("\xe2\x80\x99")));
            if (owner) /* X's spokesman is not X */
                continue;
            bool better = !best || (is_person(e) && !is_person(&a->entities[best - 1])) ||
                          (is_person(e) == is_person(&a->entities[best - 1]) && at > best_start);
            if (better) {
                best = i + 1;
                best_start = at;
            }
        }
    }
    return best;
}

/* "a nurse from Voss": what follows a preposition is no subject. */
static bool after_preposition(wr_str text, size_t start) {
    static const char *const words[] = {" from ", " in ", " of ",  " at ",    " near ",   " by ",
                                        " with ", " to ", " for ", " about ", " against "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (wr_str_ends(wr_str_slice(text, 0, start), wr_str_c(words[i]))) return true;
    return false;
}

/* The person named last before `at`, and not before `floor`, subjects before others. */
static size_t person_before(const wr_article *a, size_t floor, size_t at) {
    size_t best = 0, best_start = 0;
    bool best_subject = false;
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_entity *e = &a->entities[i];
        if (!is_person(e)) continue;
        for (size_t k = 0; k < e->n_mentions; k++) {
            size_t start = e->mentions[k].start;
            if (start >= at || start < floor) continue;
            bool subject = !after_preposition(a->text, start);
            bool better = subject != best_subject ? subject : start > best_start;
            if (best && !better) continue;
            best = i + 1;
            best_start = start;
            best_subject = subject;
        }
    }
    return best;
}

static size_t para_start(wr_str text, size_t at, int back) {
    while (at > 0) {
        if (text.ptr[at - 1] == '\n' && (at < 2 || text.ptr[at - 2] != '\n') && back-- == 0)
            return at;
        at--;
    }
    return 0;
}

/* The entity an office ("the president") stands for: the one named last whose role holds the word.
 */
static size_t holder_of(const wr_article *a, wr_str office, size_t at) {
    size_t best = 0, best_start = 0;
    for (size_t i = 0; i < a->n_entities; i++) {
        const wr_entity *e = &a->entities[i];
        bool holds = false;
        for (size_t k = 0; office.len >= 4 && k + office.len <= e->role.len && !holds; k++)
            holds = wr_str_eq_nocase(wr_str_slice(e->role, k, k + office.len), office);
        for (size_t k = 0; holds && k < e->n_mentions; k++)
            if (e->mentions[k].start < at && (!best || e->mentions[k].start > best_start)) {
                best = i + 1;
                best_start = e->mentions[k].start;
            }
    }
    return best;
}

static char sex_of_pronoun(wr_str w) {
    if (wr_str_eq_nocase(w, WR_STR("he"))) return 'm';
    return wr_str_eq_nocase(w, WR_STR("she")) ? 'f' : 0;
}

/* Who the noun phrase [from, to) means. */
static size_t resolve(cast *c, const quote_speaker *who) {
    const wr_article *a = c->article;
    size_t start = c->t[who->from].start, end = c->t[who->to - 1].end;
    size_t entity = entity_in(a, start, end);
    if (entity) return entity;
    wr_str word = wr_str_slice(a->text, c->t[who->to - 1].start, end);
    if (c->t[who->from].cls == QW_PRONOUN) {
        char sex = sex_of_pronoun(word);
        if (!sex) return 0;
        bool same = c->last && (!c->last_sex || c->last_sex == sex);
        size_t here = person_before(a, para_start(a->text, start, 0), start);
        entity = here   ? here
                 : same ? c->last
                        : person_before(a, para_start(a->text, start, 2), start);
        c->last_sex = sex;
        return entity;
    }
    if (c->t[who->from].cls == QW_DET) return holder_of(a, word, start);
    return 0;
}

static bool ends_speech(wr_str text, const quote_span *q) {
    char last = q->end > q->start ? text.ptr[q->end - 1] : ' ';
    return last == '.' || last == ',' || last == '!' || last == '?' || q->unclosed || q->continued;
}

/* "Morning Report", "The Long Way Home": every longer word has a capital and nothing leads up to it
 * as to speech. */
static bool is_title(const cast *c, const quote_span *q, const quote_speaker *who) {
    wr_str text = c->article->text;
    size_t before = q->open;
    while (before > 0 && text.ptr[before - 1] == ' ')
        before--;
    char last = before ? text.ptr[before - 1] : ',', end = text.ptr[q->end - 1];
    bool led = last == ',' || last == ':' || last == '\n';
    bool cued = who->cue_end > who->cue && q->open - c->t[who->cue_end - 1].end <= 1;
    if (led || cued || end == '!' || end == '?' || quote_count_words(text, q->start, q->end) > 7)
        return false;
    for (size_t i = q->start; i < q->end;) {
        size_t stop = i;
        while (stop < q->end && !wr_is_space(text.ptr[stop]))
            stop++;
        bool lower = (unsigned char)(text.ptr[i] - 'a') < 26;
        if (lower && (stop - i > 3 || i == q->start)) return false;
        for (i = stop; i < q->end && wr_is_space(text.ptr[i]);)
            i++;
    }
    return true;
}

static wr_str kind_of(const cast *c, const quote_span *q, const quote_speaker *who) {
    wr_str text = c->article->text;
    if (is_title(c, q, who)) return WR_STR("scare");
    size_t words = quote_count_words(text, q->start, q->end);
    bool capital = q->start < q->end && (unsigned char)(text.ptr[q->start] - 'A') < 26;
    bool beside = who->how != HOW_NONE;
    if (words <= 2 && !ends_speech(text, q)) { /* a word picked out: speech only next to its cue */
        size_t cue_end = who->cue_end > who->cue ? c->t[who->cue_end - 1].end : 0;
        beside = cue_end && cue_end <= q->open && q->open - cue_end <= CUE_BYTES;
    }
    if (words >= SPEECH_WORDS)
        return ends_speech(text, q) || (capital && words >= 6) || words >= 12 ? WR_STR("full")
                                                                              : WR_STR("fragment");
    if (beside && ends_speech(text, q) && capital) return WR_STR("full");
    return beside ? WR_STR("fragment") : WR_STR("scare");
}

static double confidence_of(quote_how how) {
    static const double trust[] = {[HOW_NONE] = 0,
                                   [HOW_BESIDE] = .95,
                                   [HOW_COLON] = .8,
                                   [HOW_CONTINUED] = .9,
                                   [HOW_SENTENCE] = .7};
    return trust[how];
}

static void fill(cast *c, const quote_span *span, const quote_speaker *who, wr_quote *q) {
    const wr_article *a = c->article;
    q->start = span->start;
    q->end = span->end;
    q->text = wr_str_slice(a->text, span->start, span->end);
    q->kind = kind_of(c, span, who);
    if (who->how == HOW_NONE || wr_str_eq(q->kind, WR_STR("scare"))) return;
    q->speaker_start = c->t[who->from].start;
    q->speaker_end = c->t[who->to - 1].end;
    q->confidence = confidence_of(who->how);
    if (who->cue_end > who->cue)
        q->cue = wr_str_slice(a->text, c->t[who->cue].start, c->t[who->cue_end - 1].end);
    size_t entity = resolve(c, who);
    q->entity = entity;
    if (!entity) return;
    q->speaker = a->entities[entity - 1].name;
    if (entity != c->last && c->t[who->from].cls != QW_PRONOUN) c->last_sex = 0;
    c->last = entity;
}

wr_status quotes_find(wr_arena *arena, const wr_article *article, wr_quote **out, size_t *n) {
    quote_span *spans;
    quote_token *tokens;
    quote_speaker *speakers;
    size_t n_spans, n_tokens;
    *out = NULL;
    *n = 0;
    WR_TRY(quote_spans(arena, article->text, &spans, &n_spans));
    if (!n_spans) return WR_OK;
    WR_TRY(quote_tokens(arena, article->text, spans, n_spans, &tokens, &n_tokens));
    WR_TRY(quote_speakers(arena, article->text, spans, n_spans, tokens, n_tokens, &speakers));
    *out = wr_arena_array(arena, n_spans, sizeof **out);
    if (!*out) return WR_MEMORY;
    cast c = {.article = article, .t = tokens};
    for (size_t i = 0; i < n_spans; i++)
        fill(&c, &spans[i], &speakers[i], &(*out)[(*n)++]);
    return WR_OK;
}
