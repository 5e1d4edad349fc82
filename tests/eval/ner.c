/* ner.c -- the tagger on gold tokens: labels a CoNLL file, counts right spans, measures speed
 *
 * usage: eval_ner MODEL.bin [--write] FILE...
 * Per file one line: F1 over four types, over PER, ORG and LOC, each type's; the same before the
 * names of a document are joined to entities (`alone`: joining can change types); tokens a second
 * of CPU time from tokens to labels (the second of two runs); expected calibration error of the
 * spans' confidence in ten cells. With --write the labelled file goes to standard output instead.
 * Files with more than 200 sentences a document are bags of sentences: each is a document. */
#include "stages/tag/alias.h"
#include "stages/tag/mention.h"
#include "stages/tag/train/corpus.h"
#include "stages/tag/train/modelfile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CELLS    10
#define BAG_SIZE 200

struct tally {
    unsigned right[TYPE_COUNT], said[TYPE_COUNT], gold[TYPE_COUNT];
    unsigned cell_n[CELLS], cell_right[CELLS];
    double cell_sum[CELLS];
};

/* Labels and confidence of all tokens of a file, sentence after sentence. */
struct labelled {
    uint8_t *alone, *joined;
    double *sure; /* of the name that starts at the token, as joined */
    double seconds;
};

struct reader {
    struct passage *passage;
    wr_arena *arena;
    const struct corpus *corpus;
};

static size_t name_end(const uint8_t *labels, size_t n, size_t i) {
    while (i + 1 < n && label_open(labels[i]))
        i++;
    return i + 1;
}

static void put_name(uint8_t *labels, size_t from, size_t to, enum label_type type) {
    for (size_t i = from; i < to; i++) {
        enum label_place place = to - from == 1 ? PLACE_UNIT
                                 : i == from    ? PLACE_BEGIN
                                 : i + 1 == to  ? PLACE_LAST
                                                : PLACE_INNER;
        labels[i] = (uint8_t)label_of(place, type);
    }
}

/* Reads a sentence into the passage; its tokens' places are those in the document's text, see
 * label_document. */
static void read_sentence(struct reader *r, const struct corpus_sentence *s, const size_t *starts,
                          struct labelled *out) {
    static wr_str tokens[SENTENCE_TOKENS];
    static wr_span places[SENTENCE_TOKENS];
    for (size_t k = 0; k < s->n; k++) {
        tokens[k] = s->tokens[k].text;
        places[k] = (wr_span){starts[k], starts[k] + tokens[k].len};
    }
    clock_t start = clock();
    passage_add(r->passage, tokens, places, s->n);
    out->seconds += (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* Labels what was read, from `*base` on, and its names as mentions. */
static wr_status label_passage(struct reader *r, size_t *base, struct mentions *m,
                               struct labelled *out) {
    passage_settle(r->passage);
    for (size_t i = 0; i < passage_sentences(r->passage); i++) {
        clock_t start = clock();
        struct passage_sentence s = passage_label(r->passage, i);
        out->seconds += (double)(clock() - start) / CLOCKS_PER_SEC;
        memcpy(out->alone + *base, s.labels, s.n);
        for (size_t k = 0, end; k < s.n; k = end) {
            end = k + 1;
            if (s.labels[k] == LABEL_OUT) continue;
            end = name_end(s.labels, s.n, k);
            struct mention *one = WR_PUSH(r->arena, m->items, m->n, m->cap);
            if (!one) return WR_MEMORY;
            *one = (struct mention){s.places[k].start, s.places[end - 1].end,
                                    label_type_of(s.labels[k]),
                                    scorer_confidence(passage_scorer(r->passage), k, end)};
        }
        *base += s.n;
    }
    passage_clear(r->passage);
    return WR_OK;
}

/* Puts the names of a joined article back on the tokens that start where they start. */
static void take_back(const wr_article *a, const size_t *starts, size_t n, size_t base,
                      struct labelled *out) {
    static const char *const types[] = {"PER", "ORG", "LOC", "MISC"};
    memset(out->joined + base, LABEL_OUT, n);
    for (size_t i = 0; i < a->n_entities; i++)
        for (size_t k = 0; k < a->entities[i].n_mentions; k++) {
            const wr_mention *m = &a->entities[i].mentions[k];
            size_t from = 0, to, type = 0;
            while (from < n && starts[from] < m->start)
                from++;
            for (to = from; to < n && starts[to] < m->end;)
                to++;
            while (type < 3 && !wr_str_eq(a->entities[i].type, wr_str_c(types[type])))
                type++;
            put_name(out->joined + base, from, to, (enum label_type)type);
            out->sure[base + from] = m->confidence;
        }
}

/* Sentences [from, to) as one article: its text is the tokens with blanks between. */
static wr_status label_document(struct reader *r, size_t from, size_t to, size_t base,
                                struct labelled *out) {
    size_t n = 0, bytes = 0, at = 0, len = 0, labelled = base;
    for (size_t s = from; s < to; s++)
        for (size_t k = 0; k < r->corpus->sentences[s].n; k++, n++)
            bytes += r->corpus->sentences[s].tokens[k].text.len + 1;
    char *text = wr_arena_take(r->arena, bytes);
    size_t *starts = wr_arena_array(r->arena, n, sizeof *starts);
    struct mentions m = {NULL, 0, 0};
    if (!text || !starts) return WR_MEMORY;
    for (size_t s = from; s < to; s++) {
        const struct corpus_sentence *q = &r->corpus->sentences[s];
        for (size_t k = 0; k < q->n; k++) {
            starts[at + k] = len;
            memcpy(text + len, q->tokens[k].text.ptr, q->tokens[k].text.len);
            len += q->tokens[k].text.len;
            text[len++] = k + 1 == q->n ? '\n' : ' ';
        }
        if (!passage_room(r->passage, q->n)) WR_TRY(label_passage(r, &labelled, &m, out));
        read_sentence(r, q, starts + at, out);
        at += q->n;
    }
    WR_TRY(label_passage(r, &labelled, &m, out));
    wr_article article = {.text = wr_str_of(text, len)};
    wr_page page = {.articles = &article, .n_articles = 1};
    WR_TRY(mentions_join(r->arena, &m, &article));
    WR_TRY(aliases_resolve(r->arena, NULL, &page));
    take_back(&article, starts, n, base, out);
    return WR_OK;
}

static wr_status label_file(struct reader *r, struct labelled *out) {
    const struct corpus *c = r->corpus;
    bool bag = c->n > (size_t)BAG_SIZE * c->n_documents;
    out->seconds = 0;
    for (size_t from = 0, to, base = 0; from < c->n; from = to) {
        size_t n = 0;
        for (to = from; to < c->n && (to == from || (!bag && c->sentences[to].document ==
                                                                 c->sentences[from].document));)
            n += c->sentences[to++].n;
        wr_arena_mark mark = wr_arena_here(r->arena);
        WR_TRY(label_document(r, from, to, base, out));
        wr_arena_rewind(r->arena, mark);
        base += n;
    }
    return WR_OK;
}

static bool starts_name(int label) {
    return label && (label_place_of(label) == PLACE_UNIT || label_place_of(label) == PLACE_BEGIN);
}

static void count(struct tally *t, const uint8_t *gold, const uint8_t *said, const double *sure,
                  size_t n) {
    for (size_t i = 0; i < n; i++) {
        bool is_gold = starts_name(gold[i]), is_said = starts_name(said[i]);
        if (is_gold) t->gold[label_type_of(gold[i])]++;
        if (!is_said) continue;
        bool right = gold[i] == said[i] && name_end(gold, n, i) == name_end(said, n, i);
        t->said[label_type_of(said[i])]++;
        t->right[label_type_of(said[i])] += right;
        int cell = (int)(sure[i] * CELLS) < CELLS ? (int)(sure[i] * CELLS) : CELLS - 1;
        t->cell_n[cell]++;
        t->cell_right[cell] += right;
        t->cell_sum[cell] += sure[i];
    }
}

static double f1(const struct tally *t, int types) {
    unsigned right = 0, said = 0, gold = 0;
    for (int i = 0; i < types; i++)
        right += t->right[i], said += t->said[i], gold += t->gold[i];
    return said + gold ? 200.0 * right / (said + gold) : 0;
}

static void print(const char *path, const struct tally *joined, const struct tally *alone,
                  double speed) {
    double error = 0;
    unsigned n = 0;
    for (int i = 0; i < CELLS; i++) {
        error += fabs(joined->cell_sum[i] - joined->cell_right[i]);
        n += joined->cell_n[i];
    }
    printf("%s f1 %.2f f3 %.2f", path, f1(joined, TYPE_COUNT), f1(joined, 3));
    printf(" alone_f1 %.2f alone_f3 %.2f", f1(alone, TYPE_COUNT), f1(alone, 3));
    static const char *const names[] = {"per", "org", "loc", "misc"};
    for (int i = 0; i < TYPE_COUNT; i++) {
        unsigned of = joined->said[i] + joined->gold[i];
        printf(" %s %.1f", names[i], of ? 200.0 * joined->right[i] / of : 0);
    }
    printf(" tokens_per_s %.0f ece %.4f\n", speed, n ? error / n : 0);
}

static void write_sentence(const struct corpus_sentence *s, const uint8_t *labels) {
    for (size_t i = 0; i < s->n; i++) {
        const char *name = corpus_label_name(labels[i]);
        printf("%.*s\t%s%s\n", (int)s->tokens[i].text.len, s->tokens[i].text.ptr,
               !labels[i]               ? "O"
               : starts_name(labels[i]) ? "B"
                                        : "I",
               labels[i] ? name + 1 : "");
    }
    printf("\n");
}

static wr_status run(wr_arena *arena, struct passage *passage, const char *path, bool write) {
    static uint8_t gold[SENTENCE_TOKENS];
    struct corpus c = {0};
    struct tally joined = {0}, alone = {0};
    WR_TRY(corpus_read(arena, path, &c));
    struct reader r = {passage, arena, &c};
    struct labelled out = {.alone = wr_arena_take(arena, c.n_tokens),
                           .joined = wr_arena_take(arena, c.n_tokens),
                           .sure = wr_arena_array(arena, c.n_tokens, sizeof *out.sure)};
    if (!out.alone || !out.joined || !out.sure) return WR_MEMORY;
    for (int round = write; round < 2; round++)
        WR_TRY(label_file(&r, &out));
    uint32_t document = 0;
    for (size_t i = 0, base = 0; i < c.n; base += c.sentences[i++].n) {
        const struct corpus_sentence *s = &c.sentences[i];
        if (write && s->document != document) printf("-DOCSTART-\tO\n\n");
        document = s->document;
        for (size_t k = 0; k < s->n; k++)
            gold[k] = (uint8_t)__builtin_ctz(s->tokens[k].allowed);
        if (write) write_sentence(s, out.joined + base);
        count(&joined, gold, out.joined + base, out.sure + base, s->n);
        count(&alone, gold, out.alone + base, out.sure + base, s->n);
    }
    if (!write)
        print(path, &joined, &alone, out.seconds > 0 ? (double)c.n_tokens / out.seconds : 0);
    return WR_OK;
}

int main(int argc, char **argv) {
    wr_arena *arena;
    struct model model;
    struct scorer *s;
    struct passage *p;
    if (argc < 3) return fprintf(stderr, "usage: eval_ner MODEL.bin [--write] FILE...\n"), 100;
    if (wr_arena_new("eval", (size_t)2 << 30, &arena) != WR_OK ||
        modelfile_read(arena, argv[1], &model) != WR_OK || scorer_new(arena, &model, &s) != WR_OK ||
        passage_new(arena, s, &p) != WR_OK)
        return fprintf(stderr, "%s: no model\n", argv[1]), 111;
    bool write = strcmp(argv[2], "--write") == 0;
    for (int i = 2 + write; i < argc; i++)
        if (run(arena, p, argv[i], write) != WR_OK) return 111;
    wr_arena_free(&arena);
    return 0;
}
