/* text.c -- speed of the functions of common/text, with peers where Debian has them
 *
 * usage: bench_text WHAT FILE...      WHAT: charset, mojibake, norm, sentences, language, clean
 *
 * Each file is one document. Every function goes over all of them until it has used half a second
 * of processor time; three times, the best counts. Prints "name MB/s" lines. */
#include "common/text/charset.h"
#include "common/text/cld2_shim.h"
#include "common/text/clean.h"
#include "common/text/language.h"
#include "common/text/mojibake.h"
#include "common/text/nfc.h"
#include "common/text/sentence.h"
#include "common/text/token.h"

#ifdef WR_HAVE_UCHARDET
#include <uchardet.h>
#endif
#ifdef WR_HAVE_UTF8PROC
#include <utf8proc.h>
#endif

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static wr_arena *arena;
static size_t sink; /* so that no work is left out */

typedef void work(wr_str doc);

static void do_detect(wr_str doc) {
    sink += (size_t)wr_charset_detect(doc);
}

static void do_decode(wr_str doc) {
    wr_decoded d;
    if (wr_charset_decode(arena, doc, WR_STR(""), WR_STR(""), &d) == WR_OK) sink += d.text.len;
}

static void do_mojibake(wr_str doc) {
    wr_str out;
    if (wr_mojibake_repair(arena, doc, &out, NULL) == WR_OK) sink += out.len;
}

static void do_clean(wr_str doc) {
    wr_str out;
    if (wr_text_clean(arena, doc, 0, NULL, &out) == WR_OK) sink += out.len;
}

static void do_nfc(wr_str doc) {
    wr_str out;
    if (wr_nfc(arena, doc, &out, NULL) == WR_OK) sink += out.len;
}

static void do_valid(wr_str doc) {
    sink += wr_utf8_valid_prefix(doc);
}

static void do_sentences(wr_str doc) {
    wr_sentences it = wr_sentences_of(doc);
    for (wr_span s; wr_sentences_next(&it, &s);)
        sink += s.end;
}

static void do_tokens(wr_str doc) {
    wr_sentences it = wr_sentences_of(doc);
    for (wr_span s; wr_sentences_next(&it, &s);) {
        wr_tokens words = wr_tokens_of(doc, s);
        for (wr_token t; wr_tokens_next(&words, &t);)
            sink += t.end;
    }
}

static void do_language(wr_str doc) {
    sink += wr_language_of(doc).tag.len;
}

static void do_cld2(wr_str doc) {
    int percent;
    sink += (size_t)wr_cld2_detect(doc.ptr, (int)doc.len, &percent)[0];
}

#ifdef WR_HAVE_UCHARDET
static void do_uchardet(wr_str doc) {
    uchardet_t u = uchardet_new();
    uchardet_handle_data(u, doc.ptr, doc.len);
    uchardet_data_end(u);
    sink += (size_t)uchardet_get_charset(u)[0];
    uchardet_delete(u);
}
#endif

#ifdef WR_HAVE_UTF8PROC
static void do_utf8proc(wr_str doc) {
    utf8proc_uint8_t *out = NULL;
    const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)doc.ptr;
    sink += (size_t)utf8proc_map(in, (utf8proc_ssize_t)doc.len, &out,
                                 UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    free(out);
}
#endif

static const struct {
    const char *what, *name;
    work *run;
} rows[] = {
    {"charset", "detect", do_detect},
    {"charset", "decode", do_decode},
    {"mojibake", "mojibake", do_mojibake},
    {"clean", "clean", do_clean},
    {"norm", "nfc", do_nfc},
    {"norm", "utf8_valid", do_valid},
    {"sentences", "sentences", do_sentences},
    {"sentences", "sentences_and_tokens", do_tokens},
    {"language", "language", do_language},
    {"language", "peer_cld2", do_cld2},
#ifdef WR_HAVE_UCHARDET
    {"charset", "peer_uchardet", do_uchardet},
#endif
#ifdef WR_HAVE_UTF8PROC
    {"norm", "peer_utf8proc", do_utf8proc},
#endif
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double measure(work *run, const wr_str *docs, int n) {
    double best = 0;
    for (int round = 0; round < 3; round++) {
        double start = now(), bytes = 0, used;
        do {
            for (int i = 0; i < n; i++) {
                wr_arena_reset(arena);
                run(docs[i]);
                bytes += (double)docs[i].len;
            }
            used = now() - start;
        } while (used < 0.5);
        if (bytes / used > best) best = bytes / used;
    }
    return best / 1e6;
}

static wr_str read_file(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) exit(111);
    fseek(f, 0, SEEK_END);
    size_t len = (size_t)ftell(f);
    rewind(f);
    char *p = malloc(len + 1);
    if (!p || fread(p, 1, len, f) != len) exit(111);
    fclose(f);
    return wr_str_of(p, len);
}

int main(int argc, char **argv) {
    if (argc < 3 || wr_arena_new("bench", (size_t)1 << 30, &arena) != WR_OK) {
        fprintf(stderr, "usage: bench_text WHAT FILE...\n");
        return 100;
    }
    wr_str *docs = calloc((size_t)argc, sizeof *docs);
    if (!docs) return 111;
    for (int i = 2; i < argc; i++)
        docs[i - 2] = read_file(argv[i]);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (wr_str_eq(wr_str_c(rows[k].what), wr_str_c(argv[1])))
            printf("%s %.1f\n", rows[k].name, measure(rows[k].run, docs, argc - 2));
    return sink == 1;
}
