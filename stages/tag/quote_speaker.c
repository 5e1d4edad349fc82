/* quote_speaker.c -- finds the noun phrase and verb of speech that belong to a quotation */
#include "quote_speaker.h"

#define NP_MAX     14 /* tokens of a noun phrase */
#define CLAUSE_MAX 32 /* tokens between a verb of speech and its quotation */

typedef struct scene {
    wr_str text;
    const quote_span *spans;
    const quote_token *t;
    size_t n;
    quote_speaker *speakers;
} scene;

static quote_class cls(const scene *s, size_t i) {
    return i < s->n ? s->t[i].cls : QW_BREAK;
}

static bool is_word(const scene *s, size_t i, const char *word) {
    return i < s->n &&
           wr_str_eq_nocase(wr_str_slice(s->text, s->t[i].start, s->t[i].end), wr_str_c(word));
}

static bool is_edge(quote_class c) {
    return c == QW_STOP || c == QW_BREAK;
}

/* Adverbs in -ly and auxiliaries stand between a subject and its verb. */
static bool is_between(const scene *s, size_t i) {
    if (cls(s, i) == QW_AUX) return true;
    wr_str w = i < s->n ? wr_str_slice(s->text, s->t[i].start, s->t[i].end) : WR_STR("");
    return cls(s, i) == QW_WORD && wr_str_ends(w, WR_STR("ly"));
}

static bool is_verb(const scene *s, size_t i) {
    quote_class c = cls(s, i);
    return c == QW_SAY || c == QW_SAYING;
}

static bool is_being(const scene *s, size_t i) {
    static const char *const words[] = {"was", "were", "is", "are", "be", "been", "being"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (is_word(s, i, words[k])) return true;
    return false;
}

/* "claims", "tweets": as a verb it leads on to words, a clause or an object. */
static bool is_plural(const scene *s, size_t k) {
    static const char *const nouns[] = {"claims",   "tweets",  "reports",   "notes",   "comments",
                                        "points",   "posts",   "states",    "calls",   "charges",
                                        "remarks",  "demands", "questions", "rejects", "hopes",
                                        "counters", "jokes",   "brands",    "blasts",  "shouts"};
    quote_class next = cls(s, k + 1);
    bool leads = next == QW_QUOTE || next == QW_COLON || next == QW_COMMA || next == QW_DET ||
                 next == QW_PRONOUN || next == QW_NAME || is_word(s, k + 1, "to");
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns && !leads; i++)
        if (is_word(s, k, nouns[i])) return true;
    return false;
}

/* A verb of speech that tells who speaks: no noun ("the claim", "remarks about"), nothing that was
 * said to somebody ("was told", "when asked"), unless it is quoted from him. */
static bool reports(const scene *s, size_t start, size_t k) {
    if (!is_verb(s, k)) return false;
    if (k == start || cls(s, k) == QW_SAYING) return true;
    size_t before = k - 1;
    if (cls(s, before) == QW_DET || cls(s, before) == QW_LINK) return false;
    wr_str w = wr_str_slice(s->text, s->t[k].start, s->t[k].end);
    if (is_plural(s, k)) return false;
    if (is_word(s, before, "when") || is_word(s, before, "if") || is_word(s, before, "as"))
        return false;
    while (before > start && is_between(s, before) && !is_being(s, before))
        before--;
    bool took = wr_str_ends(w, WR_STR("ed")) || is_word(s, k, "told");
    return !(took && is_being(s, before)) || is_word(s, k, "quoted");
}

static bool np_word(const scene *s, size_t i) {
    switch (cls(s, i)) {
    case QW_WORD: return !is_between(s, i);
    case QW_NAME:
    case QW_DET:
    case QW_LINK: return true;
    case QW_TIME: return s->t[i].capital && i + 1 < s->n && cls(s, i + 1) == QW_NAME;
    case QW_SAY: /* "state", "report", "claims" inside a phrase: only after a determiner or name */
        return s->t[i].capital && i && (cls(s, i - 1) == QW_DET || cls(s, i - 1) == QW_NAME);
    default: return false;
    }
}

/* Small words after a name belong to the phrase only before another name: "Brandt campaign manager
 * Ann Lee", but "Brandt shook his head". */
static bool leads_to_name(const scene *s, size_t i) {
    for (size_t k = i; k < i + 4 && cls(s, k) == QW_WORD; k++)
        if (cls(s, k + 1) == QW_NAME) return true;
    return false;
}

/* Ann "Annie" Lee: a quotation inside a name. */
static bool is_nickname(const scene *s, size_t i) {
    if (cls(s, i) != QW_QUOTE || i == 0) return false;
    const quote_span *q = &s->spans[s->t[i].quote];
    return cls(s, i - 1) == QW_NAME && cls(s, i + 1) == QW_NAME && q->end - q->start < 12 &&
           memchr(s->text.ptr + q->start, ',', q->end - q->start) == NULL;
}

/* A noun phrase from token i on: its end, or i. */
static size_t np_forward(const scene *s, size_t i) {
    if (cls(s, i) == QW_PRONOUN) return i + 1;
    size_t at = i;
    bool head = false;
    while (at < s->n && at - i < NP_MAX) {
        quote_class c = cls(s, at);
        bool joins = c == QW_CONJ && is_word(s, at, "and") && head && cls(s, at + 1) == QW_NAME;
        if (c == QW_OTHER && head && cls(s, at + 1) == QW_NAME) /* R&B, AT/T */
            joins = true;
        joins = joins || (at > i && is_nickname(s, at));
        if (!np_word(s, at) && !joins) break;
        bool after_name = at > i && cls(s, at - 1) == QW_NAME && cls(s, i) != QW_DET;
        if ((c == QW_LINK && !head) || (c == QW_WORD && after_name && !leads_to_name(s, at))) break;
        head = head || c == QW_NAME || c == QW_WORD;
        at++;
    }
    while (at > i &&
           (cls(s, at - 1) == QW_LINK || cls(s, at - 1) == QW_DET || cls(s, at - 1) == QW_CONJ))
        at--;
    return head ? at : i;
}

/* The start of the noun phrase that ends before token `end`, not left of `floor`. */
static size_t np_backward(const scene *s, size_t floor, size_t end) {
    size_t at = end;
    while (at > floor && end - at < NP_MAX) {
        quote_class c = cls(s, at - 1);
        if (c == QW_PRONOUN) return at == end ? at - 1 : at;
        bool joins = at < end && c == QW_CONJ && is_word(s, at - 1, "and") &&
                     cls(s, at) == QW_NAME && at - 1 > floor && cls(s, at - 2) == QW_NAME;
        if (!np_word(s, at - 1) && !joins) break;
        at--;
        if (c == QW_DET && at > floor && cls(s, at - 1) != QW_LINK) break;
    }
    while (at < end && (cls(s, at) == QW_LINK || cls(s, at) == QW_CONJ))
        at++;
    return at;
}

static size_t sentence_start(const scene *s, size_t i) {
    while (i > 0 && !is_edge(cls(s, i - 1))) {
        if (cls(s, i - 1) == QW_QUOTE) { /* a quotation that ends its sentence ends ours too */
            const quote_span *q = &s->spans[s->t[i - 1].quote];
            char last = q->end > q->start ? s->text.ptr[q->end - 1] : ' ';
            if (last == '.' && s->t[i].capital) return i;
        }
        i--;
    }
    return i;
}

/* "A few minutes later", "Two weeks ago". */
static bool is_time(const scene *s, size_t i) {
    for (size_t k = i; k < i + 5 && k < s->n && !is_edge(cls(s, k)) && cls(s, k) != QW_COMMA; k++)
        if (is_word(s, k, "later") || is_word(s, k, "ago") || is_word(s, k, "earlier"))
            return cls(s, k + 1) == QW_COMMA;
    return false;
}

/* Behind the comma that ends an opening phrase: the first one that a name, a pronoun or a
 * determiner follows. `stop` when there is none. */
static size_t behind_opening(const scene *s, size_t at, size_t stop) {
    for (; at < stop; at++) {
        if (cls(s, at) != QW_COMMA) continue;
        size_t next = at + 1;
        while (next < stop && is_between(s, next))
            next++;
        quote_class c = cls(s, next);
        if (next < stop && (c == QW_NAME || c == QW_PRONOUN || c == QW_DET)) return next;
    }
    return stop;
}

/* The first noun phrase of the sentence, behind an opening phrase such as "In June,". */
static bool main_subject(const scene *s, size_t start, size_t stop, size_t *from, size_t *to) {
    size_t at = start;
    while (at < stop && (cls(s, at) == QW_CONJ || cls(s, at) == QW_DASH || is_between(s, at) ||
                         cls(s, at) == QW_QUOTE || cls(s, at) == QW_COMMA))
        at++;
    if (cls(s, at) == QW_PREP || cls(s, at) == QW_SAYING || cls(s, at) == QW_LINK || is_time(s, at))
        at = behind_opening(s, at, stop);
    if (at >= stop) return false;
    size_t end = np_forward(s, at);
    if (end == at) return false;
    *from = at;
    *to = end;
    return true;
}

/* Behind an apposition or bracket that ends before token `end`: the token before it, else `end`. */
static size_t before_aside(const scene *s, size_t floor, size_t end) {
    quote_class c = end > floor ? cls(s, end - 1) : QW_BREAK;
    if (c == QW_CLOSE) {
        for (size_t at = end - 1; at > floor && end - at < 12; at--)
            if (cls(s, at - 1) == QW_OPEN) return at - 1;
        return end;
    }
    if (c != QW_COMMA && c != QW_DASH) return end;
    for (size_t at = end - 1; at > floor && end - at < CLAUSE_MAX; at--) {
        if (cls(s, at - 1) != c) continue;
        if (at - 1 > floor && cls(s, at - 2) != QW_QUOTE && end - at > 1) return at - 1;
    }
    return end - 1;
}

static bool left_subject(const scene *s, size_t verb, size_t *from, size_t *to);

/* "X called it too dear and said": of the verb of speech before the conjunction, else of the
 * sentence. */
static bool joined_subject(const scene *s, size_t conj, size_t verb, size_t *from, size_t *to) {
    size_t start = conj;
    while (start > 0 && !is_edge(cls(s, start - 1)))
        start--;
    for (size_t k = conj; k-- > start;)
        if (cls(s, k) == QW_SAY && k > start && cls(s, k - 1) != QW_CONJ && reports(s, start, k))
            return left_subject(s, k, from, to);
    return main_subject(s, sentence_start(s, verb), verb, from, to);
}

/* The subject of the verb of speech at `verb`, looking left. */
static bool left_subject(const scene *s, size_t verb, size_t *from, size_t *to) {
    size_t floor = sentence_start(s, verb), end = verb;
    for (size_t i = verb; i > floor; i--) /* the subject stands on this side of a quotation */
        if (cls(s, i - 1) == QW_QUOTE) {
            floor = i;
            break;
        }
    while (end > floor && is_between(s, end - 1))
        end--;
    if (end > floor && cls(s, end - 1) == QW_REL) {
        end--;
        if (end > floor && cls(s, end - 1) == QW_COMMA) end--;
    }
    if (end > floor && cls(s, end - 1) == QW_CONJ)
        return joined_subject(s, end - 1, verb, from, to);
    for (int hops = 0; hops < 3; hops++) {
        size_t before = before_aside(s, floor, end);
        if (before == end) break;
        end = before;
    }
    while (end > floor && is_between(s, end - 1))
        end--;
    size_t start = np_backward(s, floor, end);
    if (start == end) return main_subject(s, sentence_start(s, verb), verb, from, to);
    *from = start;
    *to = end;
    return true;
}

/* Whose participle it is: of the name before it ("footage of X saying"), else of who speaks in the
 * sentence before ("X said no, adding"), else of the sentence. */
static bool subject_of(const scene *s, size_t start, size_t verb, size_t *from, size_t *to) {
    if (cls(s, verb) != QW_SAYING) return left_subject(s, verb, from, to);
    size_t near = np_backward(s, start, verb);
    if (near > start && near < verb && cls(s, verb - 1) == QW_NAME && is_word(s, near - 1, "of")) {
        *from = near;
        *to = verb;
        return true;
    }
    for (size_t k = verb; k-- > start;)
        if (cls(s, k) == QW_SAY && k > start && cls(s, k - 1) != QW_REL && reports(s, start, k))
            return left_subject(s, k, from, to);
    return main_subject(s, start, verb, from, to);
}

static bool take(quote_speaker *out, size_t from, size_t to, size_t cue, size_t cue_end,
                 quote_how how) {
    *out = (quote_speaker){from, to, cue, cue_end, how};
    return true;
}

/* What may stand between a subject and its verb, one piece: an adverb, a phrase with a preposition,
 * a bracket, an apposition between commas or dashes. Returns the token behind it, or i. */
static size_t skip_aside(const scene *s, size_t i) {
    quote_class open = cls(s, i);
    if (is_between(s, i)) return i + 1;
    if (open == QW_PREP) {
        size_t end = np_forward(s, i + 1);
        return end > i + 1 ? end : i;
    }
    if (open != QW_COMMA && open != QW_DASH && open != QW_OPEN) return i;
    quote_class close = open == QW_OPEN ? QW_CLOSE : open;
    size_t at = i + 1;
    while (at < s->n && at - i < CLAUSE_MAX && cls(s, at) != close && cls(s, at) != QW_BREAK &&
           cls(s, at) != QW_QUOTE && (open == QW_OPEN || cls(s, at) != QW_STOP))
        at++;
    if (cls(s, at) != close) return i;
    bool last = open == QW_OPEN || is_verb(s, at + 1) || is_between(s, at + 1);
    return last ? at + 1 : at; /* the comma that ends one apposition may open the next */
}

/* `"..." - Name` at the end of a paragraph. */
static bool look_dash(const scene *s, size_t at, quote_speaker *out) {
    size_t i = at + 1;
    if (cls(s, i) != QW_DASH) return false;
    size_t end = np_forward(s, i + 1);
    bool named = end > i + 1 && s->t[i + 1].capital;
    size_t stop = end + (cls(s, end) == QW_STOP);
    return named && (cls(s, stop) == QW_BREAK || cls(s, end) == QW_COMMA) &&
           take(out, i + 1, end, i, i + 1, HOW_COLON);
}

/* `..., said X` | `..., X [, who ...,] said` | `..., according to X` after the quotation at `at`.
 */
static bool look_right(const scene *s, size_t at, quote_speaker *out) {
    size_t i = at + 1;
    while (cls(s, i) == QW_COMMA || cls(s, i) == QW_DASH || (is_between(s, i) && is_verb(s, i + 1)))
        i++;
    if (cls(s, i) == QW_ACCORDING && is_word(s, i + 1, "to")) {
        size_t end = np_forward(s, i + 2);
        return end > i + 2 && take(out, i + 2, end, i, i + 2, HOW_BESIDE);
    }
    if (cls(s, i) == QW_CONJ && cls(s, i + 1) != QW_SAY) i++;
    if (is_verb(s, i) || (cls(s, i) == QW_CONJ && is_verb(s, i + 1))) {
        size_t verb = cls(s, i) == QW_CONJ ? i + 1 : i;
        size_t subject = verb + 1, end = np_forward(s, subject);
        bool object = is_word(s, verb, "told") || cls(s, verb) == QW_SAYING || cls(s, i) == QW_CONJ;
        if (end > subject && !object) return take(out, subject, end, verb, verb + 1, HOW_BESIDE);
        size_t from, to;
        if (cls(s, i) == QW_CONJ && joined_subject(s, i, verb, &from, &to))
            return take(out, from, to, verb, verb + 1, HOW_BESIDE);
        return false;
    }
    size_t end = np_forward(s, i);
    if (end == i) return false;
    size_t verb = end;
    for (int hops = 0; hops < 8 && !is_verb(s, verb); hops++) {
        size_t next = skip_aside(s, verb);
        if (next == verb) break;
        verb = next;
    }
    return cls(s, verb) == QW_SAY && take(out, i, end, verb, verb + 1, HOW_BESIDE);
}

/* `X said [...] [,:that] "..."` | `X: "..."` | `according to X, "..."` before the quotation. */
static bool look_left(const scene *s, size_t at, bool adjacent, quote_speaker *out) {
    size_t from, to, start = sentence_start(s, at);
    bool colon = at > 0 && cls(s, at - 1) == QW_COLON;
    for (size_t i = at; i > start && at - i < CLAUSE_MAX; i--) {
        size_t k = i - 1;
        quote_class c = cls(s, k);
        if (c == QW_QUOTE) break;
        if (c == QW_ACCORDING && is_word(s, k + 1, "to")) {
            size_t end = np_forward(s, k + 2);
            if (end > k + 2) return take(out, k + 2, end, k, k + 2, HOW_BESIDE);
        }
        if (!reports(s, start, k) || (s->t[k].capital && k > start)) continue;
        if (!adjacent && at - k > 14) break;
        if (k == start && cls(s, k) == QW_SAY) { /* "Said X, ..." */
            size_t end = np_forward(s, k + 1);
            if (end > k + 1) return take(out, k + 1, end, k, k + 1, HOW_BESIDE);
        }
        if (subject_of(s, start, k, &from, &to)) return take(out, from, to, k, k + 1, HOW_BESIDE);
    }
    if (colon && main_subject(s, start, at, &from, &to))
        return take(out, from, to, at - 1, at, HOW_COLON);
    return false;
}

/* Does the text before the quotation lead up to it: comma, colon, "that", a verb? */
static bool led_up_to(const scene *s, size_t at) {
    if (at == 0) return false;
    quote_class c = cls(s, at - 1);
    return c == QW_COMMA || c == QW_COLON || is_verb(s, at - 1) || is_word(s, at - 1, "that") ||
           is_word(s, at - 1, "as") || c == QW_DASH;
}

static bool starts_sentence(const scene *s, size_t at) {
    return at == 0 || is_edge(cls(s, at - 1)) || cls(s, at - 1) == QW_QUOTE;
}

/* Ends in a comma, or in a mark that may stand before "said": a clause goes on after the quotation.
 */
static bool goes_on(const scene *s, size_t at) {
    const quote_span *q = &s->spans[s->t[at].quote];
    if (q->unclosed || q->end == q->start) return false;
    char last = s->text.ptr[q->end - 1];
    return last == ',' || cls(s, at + 1) == QW_COMMA || cls(s, at + 1) == QW_DASH || last == '?' ||
           last == '!' || last == '-' || (unsigned char)last >= 0x80 ||
           (at + 1 < s->n && !s->t[at + 1].capital && last != '.');
}

/* The quotation before in the same paragraph, when nothing but its attribution stands between. */
static bool carry_on(const scene *s, size_t at, quote_speaker *out) {
    size_t i = at;
    while (i > 0 && cls(s, i - 1) != QW_QUOTE && cls(s, i - 1) != QW_BREAK)
        i--;
    if (i == 0 || cls(s, i - 1) != QW_QUOTE) return false;
    const quote_speaker *before = &s->speakers[s->t[i - 1].quote];
    if (before->how == HOW_NONE) return false;
    size_t stops = 0;
    for (size_t k = i; k < at; k++)
        stops += cls(s, k) == QW_STOP;
    if (stops > 1 && before->cue < i - 1) /* other sentences stand between */
        return false;
    *out = *before;
    out->how = HOW_CONTINUED;
    return true;
}

static bool sentence_before(const scene *s, size_t at, quote_speaker *out) {
    if (at < 2 || cls(s, at - 1) != QW_STOP) return false;
    size_t stop = at - 1, start = sentence_start(s, stop), from, to;
    for (size_t k = start; k < stop; k++)
        if (cls(s, k) == QW_SAY && left_subject(s, k, &from, &to))
            return take(out, from, to, k, k + 1, HOW_SENTENCE);
    return false;
}

/* The paragraph before ends in a colon: `X said:` and the quotation stands on its own. */
static bool announced(const scene *s, size_t at, quote_speaker *out) {
    size_t end = at;
    while (end > 0 && cls(s, end - 1) == QW_BREAK)
        end--;
    if (end == at || end == 0 || cls(s, end - 1) != QW_COLON) return false;
    return look_left(s, end, true, out);
}

/* The start of the sentence, over the quotations in it. */
static size_t whole_sentence(const scene *s, size_t at) {
    while (at > 0 && !is_edge(cls(s, at - 1)))
        at--;
    return at;
}

/* Words that give a thing its name: what they quote is nobody's speech. */
static bool is_naming(const scene *s, size_t at) {
    static const char *const words[] = {"so-called", "nicknamed", "dubbed", "titled",   "entitled",
                                        "named",     "known",     "termed", "codenamed"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (size_t k = at; k > 0 && at - k < 3; k--)
            if (is_word(s, k - 1, words[i])) return true;
    return false;
}

/* Words picked out anywhere in a sentence of reported speech: `X said the plan was "too dear" for a
 * "small town"`, `the plan is "too dear", according to X`. */
static bool governed(const scene *s, size_t at, quote_speaker *out) {
    size_t from, to, start = whole_sentence(s, at);
    for (size_t k = at; k-- > start;) {
        if (cls(s, k) == QW_ACCORDING && is_word(s, k + 1, "to")) {
            size_t end = np_forward(s, k + 2);
            return end > k + 2 && take(out, k + 2, end, k, k + 2, HOW_GOVERNED);
        }
        if (!reports(s, start, k) || (s->t[k].capital && !is_word(s, k + 1, "that"))) continue;
        if (subject_of(s, start, k, &from, &to)) return take(out, from, to, k, k + 1, HOW_GOVERNED);
    }
    for (size_t k = at + 1; k < s->n && !is_edge(cls(s, k)); k++) {
        if (cls(s, k) == QW_ACCORDING && is_word(s, k + 1, "to")) {
            size_t end = np_forward(s, k + 2);
            return end > k + 2 && take(out, k + 2, end, k, k + 2, HOW_GOVERNED);
        }
        if (cls(s, k) != QW_COMMA) continue;
        size_t end = np_forward(s, k + 1); /* "..., Lee said." */
        bool ends = is_edge(cls(s, end + 1)) || cls(s, end + 1) == QW_TIME ||
                    cls(s, end + 1) == QW_COMMA || cls(s, end + 1) == QW_PREP;
        if (end > k + 1 && cls(s, end) == QW_SAY && ends)
            return take(out, k + 1, end, end, end + 1, HOW_GOVERNED);
    }
    return false;
}

static void find_speaker(const scene *s, size_t at, quote_speaker *out) {
    if (look_dash(s, at, out) || is_nickname(s, at)) return;
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
    const quote_span *q = &s->spans[s->t[at].quote];
    bool whole = (unsigned char)(s->text.ptr[q->start] - 'A') < 26 &&
                 strchr(".!?", s->text.ptr[q->end - 1]) && is_edge(cls(s, at + 1));
    size_t i = at, breaks = 0;
    if (!whole && !q->unclosed) return;
    while (i > 0 && cls(s, i - 1) == QW_BREAK)
        i--, breaks++;
    if (!breaks || i == 0) return;
    while (i > 0 && cls(s, i - 1) != QW_QUOTE && cls(s, i - 1) != QW_BREAK)
        i--;
    if (i == 0 || cls(s, i - 1) != QW_QUOTE) return;
    const quote_speaker *before = &s->speakers[s->t[i - 1].quote];
    quote_speaker *here = &s->speakers[s->t[at].quote];
    if (here->how || !before->how) return;
    if (before->cue_end > before->cue && cls(s, before->cue) == QW_DASH) return;
    *here = *before;
    here->how = HOW_CARRIED;
}

/* Quotations that go on over paragraphs share the speaker of the first or, failing it, a later one;
 * and one alone in its place takes what a following one of its paragraph found. */
static void share(scene *s, const size_t *token_of, size_t n_spans) {
    for (size_t i = 1; i < n_spans; i++)
        if (s->spans[i].continued && s->speakers[i - 1].how && !s->speakers[i].how) {
            s->speakers[i] = s->speakers[i - 1];
            s->speakers[i].how = HOW_CONTINUED;
        }
    for (size_t i = n_spans; i-- > 1;) {
        bool together = s->spans[i].continued;
        if (!together) {
            together = starts_sentence(s, token_of[i - 1]);
            for (size_t k = token_of[i - 1] + 1; k < token_of[i] && together; k++)
                together = cls(s, k) == QW_STOP;
        }
        if (together && !s->speakers[i - 1].how && s->speakers[i].how) {
            s->speakers[i - 1] = s->speakers[i];
            s->speakers[i - 1].how = HOW_CONTINUED;
        }
    }
    for (size_t i = 1; i < n_spans; i++)
        carry_over(s, token_of[i]);
}

wr_status quote_speakers(wr_arena *arena, wr_str text, const quote_span *spans, size_t n_spans,
                         const quote_token *tokens, size_t n_tokens, quote_speaker **out) {
    *out = wr_arena_array(arena, n_spans, sizeof **out);
    size_t *token_of = wr_arena_array(arena, n_spans, sizeof *token_of);
    if (!*out || !token_of) return WR_MEMORY;
    scene s = {text, spans, tokens, n_tokens, *out};
    for (size_t i = 0; i < n_tokens; i++) {
        if (tokens[i].cls != QW_QUOTE) continue;
        token_of[tokens[i].quote] = i;
        find_speaker(&s, i, &(*out)[tokens[i].quote]);
    }
    share(&s, token_of, n_spans);
    return WR_OK;
}
