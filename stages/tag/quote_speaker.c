/* quote_speaker.c -- finds the noun phrase and verb of speech that belong to a quotation */
#include "quote_speaker.h"

#include "quote_clause.h"

typedef struct scene {
    clause_scene c;
    quote_speaker *speakers;
} scene;

static bool take(quote_speaker *out, size_t from, size_t to, size_t cue, size_t cue_end,
                 quote_how how) {
    *out = (quote_speaker){from, to, cue, cue_end, how};
    return true;
}

/* What may stand between a subject and its verb, one piece: an adverb, a phrase with a preposition,
 * a bracket, an apposition between commas or dashes. Returns the token behind it, or i. */
static size_t skip_aside(const scene *s, size_t i) {
    quote_class open = clause_class(&s->c, i);
    if (clause_adverb(&s->c, i)) return i + 1;
    if (open == QW_PREP) {
        size_t end = clause_phrase(&s->c, i + 1);
        return end > i + 1 ? end : i;
    }
    if (open != QW_COMMA && open != QW_DASH && open != QW_OPEN) return i;
    quote_class close = open == QW_OPEN ? QW_CLOSE : open;
    size_t at = i + 1;
    while (at < s->c.n && at - i < CLAUSE_MAX && clause_class(&s->c, at) != close &&
           clause_class(&s->c, at) != QW_BREAK && clause_class(&s->c, at) != QW_QUOTE &&
           (open == QW_OPEN || clause_class(&s->c, at) != QW_STOP))
        at++;
    if (clause_class(&s->c, at) != close) return i;
    bool last = open == QW_OPEN || clause_verb(&s->c, at + 1) || clause_adverb(&s->c, at + 1);
    return last ? at + 1 : at; /* the comma that ends one apposition may open the next */
}

/* `"..." - Name` at the end of a paragraph. */
static bool look_dash(const scene *s, size_t at, quote_speaker *out) {
    size_t i = at + 1;
    if (clause_class(&s->c, i) != QW_DASH) return false;
    size_t end = clause_phrase(&s->c, i + 1);
    bool named = end > i + 1 && s->c.t[i + 1].capital;
    size_t stop = end + (clause_class(&s->c, end) == QW_STOP);
    return named &&
           (clause_class(&s->c, stop) == QW_BREAK || clause_class(&s->c, end) == QW_COMMA) &&
           take(out, i + 1, end, i, i + 1, HOW_COLON);
}

/* `..., said X` | `..., X [, who ...,] said` | `..., according to X` after the quotation at `at`.
 */
static bool look_right(const scene *s, size_t at, quote_speaker *out) {
    size_t i = at + 1;
    while (clause_class(&s->c, i) == QW_COMMA || clause_class(&s->c, i) == QW_DASH ||
           (clause_adverb(&s->c, i) && clause_verb(&s->c, i + 1)))
        i++;
    if (clause_class(&s->c, i) == QW_ACCORDING && clause_word(&s->c, i + 1, "to")) {
        size_t end = clause_phrase(&s->c, i + 2);
        return end > i + 2 && take(out, i + 2, end, i, i + 2, HOW_BESIDE);
    }
    if (clause_class(&s->c, i) == QW_CONJ && clause_class(&s->c, i + 1) != QW_SAY) i++;
    if (clause_verb(&s->c, i) || (clause_class(&s->c, i) == QW_CONJ && clause_verb(&s->c, i + 1))) {
        size_t verb = clause_class(&s->c, i) == QW_CONJ ? i + 1 : i;
        size_t subject = verb + 1, end = clause_phrase(&s->c, subject);
        bool object = clause_word(&s->c, verb, "told") || clause_class(&s->c, verb) == QW_SAYING ||
                      clause_class(&s->c, i) == QW_CONJ;
        if (end > subject && !object) return take(out, subject, end, verb, verb + 1, HOW_BESIDE);
        size_t from, to;
        if (clause_class(&s->c, i) == QW_CONJ && clause_joined(&s->c, i, verb, &from, &to))
            return take(out, from, to, verb, verb + 1, HOW_BESIDE);
        return false;
    }
    size_t end = clause_phrase(&s->c, i);
    if (end == i) return false;
    size_t verb = end;
    for (int hops = 0; hops < 8 && !clause_verb(&s->c, verb); hops++) {
        size_t next = skip_aside(s, verb);
        if (next == verb) break;
        verb = next;
    }
    return clause_class(&s->c, verb) == QW_SAY && take(out, i, end, verb, verb + 1, HOW_BESIDE);
}

/* `X said [...] [,:that] "..."` | `X: "..."` | `according to X, "..."` before the quotation. */
static bool look_left(const scene *s, size_t at, bool adjacent, quote_speaker *out) {
    size_t from, to, start = clause_start(&s->c, at);
    bool colon = at > 0 && clause_class(&s->c, at - 1) == QW_COLON;
    for (size_t i = at; i > start && at - i < CLAUSE_MAX; i--) {
        size_t k = i - 1;
        quote_class c = clause_class(&s->c, k);
        if (c == QW_QUOTE) break;
        if (c == QW_ACCORDING && clause_word(&s->c, k + 1, "to")) {
            size_t end = clause_phrase(&s->c, k + 2);
            if (end > k + 2) return take(out, k + 2, end, k, k + 2, HOW_BESIDE);
        }
        if (!clause_reports(&s->c, start, k) || (s->c.t[k].capital && k > start)) continue;
        if (!adjacent && at - k > 14) break;
        if (k == start && clause_class(&s->c, k) == QW_SAY) { /* "Said X, ..." */
            size_t end = clause_phrase(&s->c, k + 1);
            if (end > k + 1) return take(out, k + 1, end, k, k + 1, HOW_BESIDE);
        }
        if (clause_reporter(&s->c, start, k, &from, &to))
            return take(out, from, to, k, k + 1, HOW_BESIDE);
    }
    if (colon && clause_subject(&s->c, start, at, &from, &to))
        return take(out, from, to, at - 1, at, HOW_COLON);
    return false;
}

/* Does the text before the quotation lead up to it: comma, colon, "that", a verb? */
static bool led_up_to(const scene *s, size_t at) {
    if (at == 0) return false;
    quote_class c = clause_class(&s->c, at - 1);
    return c == QW_COMMA || c == QW_COLON || clause_verb(&s->c, at - 1) ||
           clause_word(&s->c, at - 1, "that") || clause_word(&s->c, at - 1, "as") || c == QW_DASH;
}

static bool starts_sentence(const scene *s, size_t at) {
    return at == 0 || clause_edge(clause_class(&s->c, at - 1)) ||
           clause_class(&s->c, at - 1) == QW_QUOTE;
}

/* Ends in a comma, or in a mark that may stand before "said": a clause goes on after the quotation.
 */
static bool goes_on(const scene *s, size_t at) {
    const quote_span *q = &s->c.spans[s->c.t[at].quote];
    if (q->unclosed || q->end == q->start) return false;
    char last = s->c.text.ptr[q->end - 1];
    return last == ',' || clause_class(&s->c, at + 1) == QW_COMMA ||
           clause_class(&s->c, at + 1) == QW_DASH || last == '?' || last == '!' || last == '-' ||
           (unsigned char)last >= 0x80 ||
           (at + 1 < s->c.n && !s->c.t[at + 1].capital && last != '.');
}

/* The quotation before in the same paragraph, when nothing but its attribution stands between. */
static bool carry_on(const scene *s, size_t at, quote_speaker *out) {
    size_t i = at;
    while (i > 0 && clause_class(&s->c, i - 1) != QW_QUOTE &&
           clause_class(&s->c, i - 1) != QW_BREAK)
        i--;
    if (i == 0 || clause_class(&s->c, i - 1) != QW_QUOTE) return false;
    const quote_speaker *before = &s->speakers[s->c.t[i - 1].quote];
    if (before->how == HOW_NONE) return false;
    size_t stops = 0;
    for (size_t k = i; k < at; k++)
        stops += clause_class(&s->c, k) == QW_STOP;
    if (stops > 1 && before->cue < i - 1) /* other sentences stand between */
        return false;
    *out = *before;
    out->how = HOW_CONTINUED;
    return true;
}

static bool sentence_before(const scene *s, size_t at, quote_speaker *out) {
    if (at < 2 || clause_class(&s->c, at - 1) != QW_STOP) return false;
    size_t stop = at - 1, start = clause_start(&s->c, stop), from, to;
    for (size_t k = start; k < stop; k++)
        if (clause_class(&s->c, k) == QW_SAY && clause_speaker(&s->c, k, &from, &to))
            return take(out, from, to, k, k + 1, HOW_SENTENCE);
    return false;
}

/* The paragraph before ends in a colon: `X said:` and the quotation stands on its own. */
static bool announced(const scene *s, size_t at, quote_speaker *out) {
    size_t end = at;
    while (end > 0 && clause_class(&s->c, end - 1) == QW_BREAK)
        end--;
    if (end == at || end == 0 || clause_class(&s->c, end - 1) != QW_COLON) return false;
    return look_left(s, end, true, out);
}

/* Words that give a thing its name: what they quote is nobody's speech. */
static bool is_naming(const scene *s, size_t at) {
    static const char *const words[] = {"so-called", "nicknamed", "dubbed", "titled",   "entitled",
                                        "named",     "known",     "termed", "codenamed"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (size_t k = at; k > 0 && at - k < 3; k--)
            if (clause_word(&s->c, k - 1, words[i])) return true;
    return false;
}

/* Words picked out anywhere in a sentence of reported speech: `X said the plan was "too dear" for a
 * "small town"`, `the plan is "too dear", according to X`. */
static bool governed(const scene *s, size_t at, quote_speaker *out) {
    size_t from, to, start = clause_sentence(&s->c, at);
    for (size_t k = at; k-- > start;) {
        if (clause_class(&s->c, k) == QW_ACCORDING && clause_word(&s->c, k + 1, "to")) {
            size_t end = clause_phrase(&s->c, k + 2);
            return end > k + 2 && take(out, k + 2, end, k, k + 2, HOW_GOVERNED);
        }
        if (!clause_reports(&s->c, start, k) ||
            (s->c.t[k].capital && !clause_word(&s->c, k + 1, "that")))
            continue;
        if (clause_reporter(&s->c, start, k, &from, &to))
            return take(out, from, to, k, k + 1, HOW_GOVERNED);
    }
    for (size_t k = at + 1; k < at + SENTENCE_MAX && !clause_edge(clause_class(&s->c, k)); k++) {
        if (clause_class(&s->c, k) == QW_ACCORDING && clause_word(&s->c, k + 1, "to")) {
            size_t end = clause_phrase(&s->c, k + 2);
            return end > k + 2 && take(out, k + 2, end, k, k + 2, HOW_GOVERNED);
        }
        if (clause_class(&s->c, k) != QW_COMMA) continue;
        size_t end = clause_phrase(&s->c, k + 1); /* "..., Lee said." */
        bool ends =
            clause_edge(clause_class(&s->c, end + 1)) || clause_class(&s->c, end + 1) == QW_TIME ||
            clause_class(&s->c, end + 1) == QW_COMMA || clause_class(&s->c, end + 1) == QW_PREP;
        if (end > k + 1 && clause_class(&s->c, end) == QW_SAY && ends)
            return take(out, k + 1, end, end, end + 1, HOW_GOVERNED);
    }
    return false;
}

static void find_speaker(const scene *s, size_t at, quote_speaker *out) {
    if (look_dash(s, at, out) || clause_nickname(&s->c, at)) return;
    bool left_first = led_up_to(s, at) && !(starts_sentence(s, at) && goes_on(s, at));
    if (left_first && look_left(s, at, true, out)) {
        quote_speaker right; /* `X was angry: "...," she said` */
        if (out->how == HOW_COLON && goes_on(s, at) && look_right(s, at, &right)) *out = right;
        return;
    }
    if (goes_on(s, at) && look_right(s, at, out)) return;
    if (starts_sentence(s, at)) {
        if (carry_on(s, at, out)) return;
        if (look_right(s, at, out)) return;
        if (announced(s, at, out) || sentence_before(s, at, out)) return;
        return;
    }
    if (is_naming(s, at) || look_left(s, at, false, out)) return;
    if (carry_on(s, at, out) || look_right(s, at, out)) return;
    (void)governed(s, at, out);
}

/* A quotation that opens a paragraph in which nobody speaks goes on from the paragraph before,
 * where the marks were closed as if it ended. */
static void carry_over(scene *s, size_t at) {
    const quote_span *q = &s->c.spans[s->c.t[at].quote];
    bool whole = (unsigned char)(s->c.text.ptr[q->start] - 'A') < 26 &&
                 strchr(".!?", s->c.text.ptr[q->end - 1]) &&
                 clause_edge(clause_class(&s->c, at + 1));
    size_t i = at, breaks = 0;
    if (!whole && !q->unclosed) return;
    while (i > 0 && clause_class(&s->c, i - 1) == QW_BREAK)
        i--, breaks++;
    if (!breaks || i == 0) return;
    size_t last = i;
    while (i > 0 && clause_class(&s->c, i - 1) != QW_QUOTE &&
           clause_class(&s->c, i - 1) != QW_BREAK)
        i--;
    if (i == 0 || clause_class(&s->c, i - 1) != QW_QUOTE) {
        quote_speaker *own = &s->speakers[s->c.t[at].quote];
        if (!own->how && clause_class(&s->c, last - 1) == QW_STOP)
            (void)sentence_before(s, last, own);
        return;
    }
    const quote_speaker *before = &s->speakers[s->c.t[i - 1].quote];
    quote_speaker *here = &s->speakers[s->c.t[at].quote];
    if (here->how || !before->how) return;
    if (before->cue_end > before->cue && clause_class(&s->c, before->cue) == QW_DASH) return;
    *here = *before;
    here->how = HOW_CARRIED;
}

/* Quotations that go on over paragraphs share the speaker of the first or, failing it, a later one;
 * and one alone in its place takes what a following one of its paragraph found. */
static void share(scene *s, const size_t *token_of, size_t n_spans) {
    for (size_t i = 1; i < n_spans; i++)
        if (s->c.spans[i].continued && s->speakers[i - 1].how && !s->speakers[i].how) {
            s->speakers[i] = s->speakers[i - 1];
            s->speakers[i].how = HOW_CONTINUED;
        }
    for (size_t i = n_spans; i-- > 1;) {
        bool together = s->c.spans[i].continued;
        if (!together) {
            together = starts_sentence(s, token_of[i - 1]);
            for (size_t k = token_of[i - 1] + 1; k < token_of[i] && together; k++)
                together = clause_class(&s->c, k) == QW_STOP;
        }
        if (together && !s->speakers[i - 1].how && s->speakers[i].how) {
            s->speakers[i - 1] = s->speakers[i];
            s->speakers[i - 1].how = HOW_CONTINUED;
        }
    }
    for (size_t i = 0; i < n_spans; i++)
        carry_over(s, token_of[i]);
}

wr_status quote_speakers(wr_arena *arena, wr_str text, const quote_span *spans, size_t n_spans,
                         const quote_token *tokens, size_t n_tokens, quote_speaker **out) {
    *out = wr_arena_array(arena, n_spans, sizeof **out);
    size_t *token_of = wr_arena_array(arena, n_spans, sizeof *token_of);
    if (!*out || !token_of) return WR_MEMORY;
    scene s = {{text, spans, tokens, n_tokens}, *out};
    for (size_t i = 0; i < n_tokens; i++) {
        if (tokens[i].cls != QW_QUOTE) continue;
        token_of[tokens[i].quote] = i;
        find_speaker(&s, i, &(*out)[tokens[i].quote]);
    }
    share(&s, token_of, n_spans);
    return WR_OK;
}
