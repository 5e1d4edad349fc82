/* quote.c -- quotations of an article, with their speakers named after its entities */
#include "quote.h"

#include "quote_cast.h"
#include "quote_speaker.h"

#define SPEECH_WORDS 4  /* a quotation with fewer is a fragment, or nobody's words */
#define CLAUSE_WORDS 12 /* one that begins in small letters is a part of a clause below that */

typedef struct scene {
    const wr_article *article;
    const quote_token *t;
    const quote_cast *cast;
} scene;

static bool ends_speech(wr_str text, const quote_span *q) {
    char last = q->end > q->start ? text.ptr[q->end - 1] : ' ';
    return last == '.' || last == ',' || last == '!' || last == '?' || q->unclosed || q->continued;
}

/* "Morning Report", "The Long Way Home": every longer word has a capital and nothing leads up to it
 * as to speech. */
static bool is_title(const scene *c, const quote_span *q, const quote_speaker *who) {
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

static wr_str kind_of(const scene *c, const quote_span *q, const quote_speaker *who) {
    wr_str text = c->article->text;
    if (is_title(c, q, who)) return WR_STR("scare");
    size_t words = quote_count_words(text, q->start, q->end);
    bool capital = q->start < q->end && (unsigned char)(text.ptr[q->start] - 'A') < 26;
    bool beside = who->how != HOW_NONE;
    if (words <= 2 && !ends_speech(text, q)) /* a word picked out: speech behind its cue */
        beside =
            who->how == HOW_GOVERNED || (who->cue_end > who->cue && c->t[who->cue].start < q->open);
    bool whole = capital ? ends_speech(text, q) || words >= 6 /* a clause, not a part of one */
                         : ends_speech(text, q) && words >= CLAUSE_WORDS;
    if (words >= SPEECH_WORDS) return whole ? WR_STR("full") : WR_STR("fragment");
    if (beside && ends_speech(text, q) && capital) return WR_STR("full");
    return beside ? WR_STR("fragment") : WR_STR("scare");
}

static double confidence_of(quote_how how) {
    static const double trust[] = {
        [HOW_NONE] = 0,      [HOW_BESIDE] = .95,  [HOW_COLON] = .8,  [HOW_CONTINUED] = .9,
        [HOW_SENTENCE] = .7, [HOW_GOVERNED] = .7, [HOW_CARRIED] = .6};
    return trust[how];
}

static void fill(const scene *c, const quote_span *span, const quote_speaker *who, wr_quote *q) {
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
    q->entity = quote_cast_find(c->cast, who->from, who->to);
    if (q->entity) q->speaker = a->entities[q->entity - 1].name;
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
    quote_cast *cast;
    WR_TRY(quote_cast_new(arena, article, tokens, n_tokens, &cast));
    scene c = {.article = article, .t = tokens, .cast = cast};
    for (size_t i = 0; i < n_spans; i++)
        fill(&c, &spans[i], &speakers[i], &(*out)[(*n)++]);
    return WR_OK;
}
