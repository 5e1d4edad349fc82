/* quote_clause.c -- noun phrases, verbs of speech and their subjects, without a parser */
#include "quote_clause.h"

#define NP_MAX 14 /* tokens of a noun phrase */

/* Adverbs in -ly and auxiliaries stand between a subject and its verb. */
bool clause_adverb(const clause_scene *s, size_t i) {
    if (clause_class(s, i) == QW_AUX) return true;
    wr_str w = i < s->n ? wr_str_slice(s->text, s->t[i].start, s->t[i].end) : WR_STR("");
    return clause_class(s, i) == QW_WORD && wr_str_ends(w, WR_STR("ly"));
}

bool clause_verb(const clause_scene *s, size_t i) {
    quote_class c = clause_class(s, i);
    return c == QW_SAY || c == QW_SAYING;
}

static bool is_being(const clause_scene *s, size_t i) {
    static const char *const words[] = {"was", "were", "is", "are", "be", "been", "being"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (clause_word(s, i, words[k])) return true;
    return false;
}

/* "claims", "tweets": as a verb it leads on to words, a clause or an object. */
static bool is_plural(const clause_scene *s, size_t k) {
    static const char *const nouns[] = {"claims",   "tweets",  "reports",   "notes",   "comments",
                                        "points",   "posts",   "states",    "calls",   "charges",
                                        "remarks",  "demands", "questions", "rejects", "hopes",
                                        "counters", "jokes",   "brands",    "blasts",  "shouts"};
    quote_class next = clause_class(s, k + 1);
    bool leads = next == QW_QUOTE || next == QW_COLON || next == QW_COMMA || next == QW_DET ||
                 next == QW_PRONOUN || next == QW_NAME || clause_word(s, k + 1, "to");
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns && !leads; i++)
        if (clause_word(s, k, nouns[i])) return true;
    return false;
}

/* A verb of speech that tells who speaks: no noun ("the claim", "remarks about"), nothing that was
 * said to somebody ("was told", "when asked"), unless it is quoted from him. */
bool clause_reports(const clause_scene *s, size_t start, size_t k) {
    if (!clause_verb(s, k)) return false;
    if (k == start || clause_class(s, k) == QW_SAYING) return true;
    size_t before = k - 1;
    if (clause_class(s, before) == QW_DET || clause_class(s, before) == QW_LINK) return false;
    wr_str w = wr_str_slice(s->text, s->t[k].start, s->t[k].end);
    if (is_plural(s, k)) return false;
    if (clause_word(s, before, "when") || clause_word(s, before, "if") ||
        clause_word(s, before, "as"))
        return false;
    while (before > start && clause_adverb(s, before) && !is_being(s, before))
        before--;
    bool took = wr_str_ends(w, WR_STR("ed")) || clause_word(s, k, "told");
    return !(took && is_being(s, before)) || clause_word(s, k, "quoted");
}

static bool np_word(const clause_scene *s, size_t i) {
    switch (clause_class(s, i)) {
    case QW_WORD: return !clause_adverb(s, i);
    case QW_NAME:
    case QW_DET:
    case QW_LINK: return true;
    case QW_TIME: return s->t[i].capital && i + 1 < s->n && clause_class(s, i + 1) == QW_NAME;
    case QW_SAY: /* "state", "report", "claims" inside a phrase: only after a determiner or name */
        return s->t[i].capital && i &&
               (clause_class(s, i - 1) == QW_DET || clause_class(s, i - 1) == QW_NAME);
    default: return false;
    }
}

/* Small words after a name belong to the phrase only before another name: "Brandt campaign manager
 * Ann Lee", but "Brandt shook his head". */
static bool leads_to_name(const clause_scene *s, size_t i) {
    for (size_t k = i; k < i + 4 && clause_class(s, k) == QW_WORD; k++)
        if (clause_class(s, k + 1) == QW_NAME) return true;
    return false;
}

/* Ann "Annie" Lee: a quotation inside a name. */
bool clause_nickname(const clause_scene *s, size_t i) {
    if (clause_class(s, i) != QW_QUOTE || i == 0) return false;
    const quote_span *q = &s->spans[s->t[i].quote];
    return clause_class(s, i - 1) == QW_NAME && clause_class(s, i + 1) == QW_NAME &&
           q->end - q->start < 12 && memchr(s->text.ptr + q->start, ',', q->end - q->start) == NULL;
}

/* A noun phrase from token i on: its end, or i. */
size_t clause_phrase(const clause_scene *s, size_t i) {
    if (clause_class(s, i) == QW_PRONOUN) return i + 1;
    size_t at = i;
    bool head = false;
    while (at < s->n && at - i < NP_MAX) {
        quote_class c = clause_class(s, at);
        bool joins =
            c == QW_CONJ && clause_word(s, at, "and") && head && clause_class(s, at + 1) == QW_NAME;
        if (c == QW_OTHER && head && clause_class(s, at + 1) == QW_NAME) /* R&B, AT/T */
            joins = true;
        joins = joins || (at > i && clause_nickname(s, at));
        if (!np_word(s, at) && !joins) break;
        bool after_name =
            at > i && clause_class(s, at - 1) == QW_NAME && clause_class(s, i) != QW_DET;
        if ((c == QW_LINK && !head) || (c == QW_WORD && after_name && !leads_to_name(s, at))) break;
        head = head || c == QW_NAME || c == QW_WORD;
        at++;
    }
    while (at > i && (clause_class(s, at - 1) == QW_LINK || clause_class(s, at - 1) == QW_DET ||
                      clause_class(s, at - 1) == QW_CONJ))
        at--;
    return head ? at : i;
}

/* The start of the noun phrase that ends before token `end`, not left of `floor`. */
static size_t np_backward(const clause_scene *s, size_t floor, size_t end) {
    size_t at = end;
    while (at > floor && end - at < NP_MAX) {
        quote_class c = clause_class(s, at - 1);
        if (c == QW_PRONOUN) return at == end ? at - 1 : at;
        bool joins = at < end && c == QW_CONJ && clause_word(s, at - 1, "and") &&
                     clause_class(s, at) == QW_NAME && at - 1 > floor &&
                     clause_class(s, at - 2) == QW_NAME;
        if (!np_word(s, at - 1) && !joins) break;
        at--;
        if (c == QW_DET && at > floor && clause_class(s, at - 1) != QW_LINK) break;
    }
    while (at < end && (clause_class(s, at) == QW_LINK || clause_class(s, at) == QW_CONJ))
        at++;
    return at;
}

size_t clause_start(const clause_scene *s, size_t i) {
    for (size_t n = 0; n < SENTENCE_MAX && i > 0 && !clause_edge(clause_class(s, i - 1)); n++) {
        if (clause_class(s, i - 1) ==
            QW_QUOTE) { /* a quotation that ends its sentence ends ours too */
            const quote_span *q = &s->spans[s->t[i - 1].quote];
            char last = q->end > q->start ? s->text.ptr[q->end - 1] : ' ';
            if (last == '.' && s->t[i].capital) return i;
        }
        i--;
    }
    return i;
}

/* "A few minutes later", "Two weeks ago". */
static bool is_time(const clause_scene *s, size_t i) {
    for (size_t k = i; k < i + 5 && k < s->n && !clause_edge(clause_class(s, k)) &&
                       clause_class(s, k) != QW_COMMA;
         k++)
        if (clause_word(s, k, "later") || clause_word(s, k, "ago") || clause_word(s, k, "earlier"))
            return clause_class(s, k + 1) == QW_COMMA;
    return false;
}

/* Behind the comma that ends an opening phrase: the first one that a name, a pronoun or a
 * determiner follows. `stop` when there is none. */
static size_t behind_opening(const clause_scene *s, size_t at, size_t stop) {
    for (; at < stop; at++) {
        if (clause_class(s, at) != QW_COMMA) continue;
        size_t next = at + 1;
        while (next < stop && clause_adverb(s, next))
            next++;
        quote_class c = clause_class(s, next);
        if (next < stop && (c == QW_NAME || c == QW_PRONOUN || c == QW_DET)) return next;
    }
    return stop;
}

/* The first noun phrase of the sentence, behind an opening phrase such as "In June,". */
bool clause_subject(const clause_scene *s, size_t start, size_t stop, size_t *from, size_t *to) {
    size_t at = start;
    while (at < stop && (clause_class(s, at) == QW_CONJ || clause_class(s, at) == QW_DASH ||
                         clause_adverb(s, at) || clause_class(s, at) == QW_QUOTE ||
                         clause_class(s, at) == QW_COMMA))
        at++;
    if (clause_class(s, at) == QW_PREP || clause_class(s, at) == QW_SAYING ||
        clause_class(s, at) == QW_LINK || is_time(s, at))
        at = behind_opening(s, at, stop);
    if (at >= stop) return false;
    size_t end = clause_phrase(s, at);
    if (end == at) return false;
    *from = at;
    *to = end;
    return true;
}

/* Behind an apposition or bracket that ends before token `end`: the token before it, else `end`. */
static size_t before_aside(const clause_scene *s, size_t floor, size_t end) {
    quote_class c = end > floor ? clause_class(s, end - 1) : QW_BREAK;
    if (c == QW_CLOSE) {
        for (size_t at = end - 1; at > floor && end - at < 12; at--)
            if (clause_class(s, at - 1) == QW_OPEN) return at - 1;
        return end;
    }
    if (c != QW_COMMA && c != QW_DASH) return end;
    for (size_t at = end - 1; at > floor && end - at < CLAUSE_MAX; at--) {
        if (clause_class(s, at - 1) != c) continue;
        if (at - 1 > floor && clause_class(s, at - 2) != QW_QUOTE && end - at > 1) return at - 1;
    }
    return end - 1;
}

/* The start of the sentence, over the quotations in it. */
size_t clause_sentence(const clause_scene *s, size_t at) {
    for (size_t n = 0; n < SENTENCE_MAX && at > 0 && !clause_edge(clause_class(s, at - 1)); n++)
        at--;
    return at;
}

static bool is_joined(const clause_scene *s, size_t start, size_t verb) {
    size_t end = verb;
    while (end > start && clause_adverb(s, end - 1))
        end--;
    return end == start || clause_class(s, end - 1) == QW_CONJ;
}

/* "X called it too dear and said": of the verb of speech before the conjunction, else of the
 * sentence. */
bool clause_joined(const clause_scene *s, size_t conj, size_t verb, size_t *from, size_t *to) {
    size_t start = clause_sentence(s, conj);
    for (size_t k = conj; k-- > start;)
        if (clause_class(s, k) == QW_SAY && !is_joined(s, start, k) && clause_reports(s, start, k))
            return clause_speaker(s, k, from, to);
    return clause_subject(s, clause_start(s, verb), verb, from, to);
}

/* The subject of the verb of speech at `verb`, looking left. */
bool clause_speaker(const clause_scene *s, size_t verb, size_t *from, size_t *to) {
    size_t floor = clause_start(s, verb), end = verb;
    for (size_t i = verb; i > floor; i--) /* the subject stands on this side of a quotation */
        if (clause_class(s, i - 1) == QW_QUOTE) {
            floor = i;
            break;
        }
    while (end > floor && clause_adverb(s, end - 1))
        end--;
    if (end > floor && clause_class(s, end - 1) == QW_REL) {
        end--;
        if (end > floor && clause_class(s, end - 1) == QW_COMMA) end--;
    }
    if (end > floor && clause_class(s, end - 1) == QW_CONJ)
        return clause_joined(s, end - 1, verb, from, to);
    for (int hops = 0; hops < 3; hops++) {
        size_t before = before_aside(s, floor, end);
        if (before == end) break;
        end = before;
    }
    while (end > floor && clause_adverb(s, end - 1))
        end--;
    size_t start = np_backward(s, floor, end);
    if (start == end) return clause_subject(s, clause_start(s, verb), verb, from, to);
    *from = start;
    *to = end;
    return true;
}

/* Whose participle it is: of the name before it ("footage of X saying"), else of who speaks in the
 * sentence before ("X said no, adding"), else of the sentence. */
bool clause_reporter(const clause_scene *s, size_t start, size_t verb, size_t *from, size_t *to) {
    if (clause_class(s, verb) != QW_SAYING) return clause_speaker(s, verb, from, to);
    size_t near = np_backward(s, start, verb);
    if (near > start && near < verb && clause_class(s, verb - 1) == QW_NAME &&
        clause_word(s, near - 1, "of")) {
        *from = near;
        *to = verb;
        return true;
    }
    for (size_t k = verb; k-- > start;)
        if (clause_class(s, k) == QW_SAY && k > start && clause_class(s, k - 1) != QW_REL &&
            clause_reports(s, start, k))
            return clause_speaker(s, k, from, to);
    return clause_subject(s, start, verb, from, to);
}
