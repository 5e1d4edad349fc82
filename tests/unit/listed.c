/* listed.c -- names in languages the tagger does not know, and the table behind them read again */
#include "check.h"

#include "stages/tag/listed.h"
#include "stages/tag/names_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static wr_arena *arena;
static struct knowledge *knowledge;

static const char table_text[] = "LOC\tFrance\tFrance\tQ1\tQ1\tlist\n"
                                 "LOC:de\tNorwegen\tNorway\tQ2\tQ2\tlist\n"
                                 "LOC:fr\tNorvège\tNorway\tQ2\tQ2\tlist\n"
                                 "LOC:fr\tÎles Vertes\tGreen Islands\tQ3\tQ3\tlist\n"
                                 "ORG\tNATO\tNATO\tQ4\t\twireroom\n"
                                 "ORG\tPost\tPost\tQ5\t\tbrands\n"
                                 "PER\tHelena Brandt\tHelena Maria Brandt\tQ6\t\tlist\n"
                                 "PER\tBrandt\tHelena Brandt\tQ6\t\tlist\n"
                                 "MISC\tGerman\tGerman\t\tQ7\twireroom\n"
                                 "ORG\tVogelverein\tBergen Birds\n";

static const struct {
    const char *lang, *text, *found; /* "NAME/TYPE:SURFACE,SURFACE" joined by "; " */
} rows[] = {
    {"de", "In Norwegen und Frankreich.", "Norway/LOC:Norwegen"},
    {"fr", "En Norwegen.", ""},
    {"fr-CA", "La Norvège, l’Îles Vertes et d'Norvège.",
     "Norway/LOC:Norvège,Norvège; Green Islands/LOC:Îles Vertes"},
    {"de", "Die NATO und die Post.", "NATO/ORG:NATO"},
    {"de", "Helena Brandt kam. Brandt ging.", "Helena Brandt/PER:Helena Brandt"},
    {"es", "El German y el Vogelverein.", "Bergen Birds/ORG:Vogelverein"},
    {"de", "Agence France-Presse, Anti-NATO.", ""},
    {"de", "france, nato", ""},
    {"", "France und Norwegen", "France/LOC:France"},
};

static void table(void) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_article a = {.text = wr_str_c(rows[i].text)};
        wr_buf got = WR_BUF_INIT(4096);
        wr_arena_reset(arena);
        CHECK(listed_find(arena, knowledge, wr_str_c(rows[i].lang), &a) == WR_OK);
        for (size_t k = 0; k < a.n_entities; k++) {
            const wr_entity *e = &a.entities[k];
            CHECK_STR(e->origin, WR_STR("gazetteer"));
            wr_buf_printf(&got, "%s%.*s/%.*s:", k ? "; " : "", (int)e->name.len, e->name.ptr,
                          (int)e->type.len, e->type.ptr);
            for (size_t m = 0; m < e->n_mentions; m++) {
                if (m) wr_buf_add_char(&got, ',');
                wr_buf_add_str(&got,
                               wr_str_slice(a.text, e->mentions[m].start, e->mentions[m].end));
            }
        }
        CHECK_STR(wr_buf_str(&got), wr_str_c(rows[i].found));
        wr_buf_free(&got);
    }
}

static void every_limit(void) {
    wr_status status = WR_MEMORY;
    for (size_t at = 0; at < 40 && status == WR_MEMORY; at++) {
        wr_article a = {.text = WR_STR("Norvège, Norvège, Norvège, France.")};
        wr_arena_reset(arena);
        wr_arena_fail_at(arena, at);
        status = listed_find(arena, knowledge, WR_STR("fr"), &a);
        wr_arena_fail_at(arena, SIZE_MAX);
        CHECK(status == WR_MEMORY || a.entities[0].n_mentions == 3);
    }
    CHECK(status == WR_OK);
    wr_para outside = {.start = 0, .end = 9};
    wr_article a = {.text = WR_STR("France"), .paras = &outside, .n_paras = 1};
    CHECK(listed_find(arena, knowledge, WR_STR("fr"), &a) == WR_MALFORMED);
    CHECK(listed_find(arena, NULL, WR_STR("fr"), &a) == WR_OK && a.n_entities == 0);
}

static void put(const char *path, const char *text) {
    FILE *f = fopen(path, "wb");
    CHECK(f != NULL);
    if (!f) return;
    CHECK(fputs(text, f) >= 0);
    CHECK(fclose(f) == 0);
}

static bool knows(const names_file *names, const char *name) {
    return knowledge_find(names->knowledge, WR_STR("ORG"), wr_str_c(name)) != NULL;
}

static void read_again(void) {
    char path[] = "/tmp/wireroom-names-XXXXXX", where[64];
    names_file names;
    wr_status status;
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0);
    put(path, "ORG\tVogelverein\tBergen Birds\n");
    CHECK(names_open(&names, path) == WR_OK && knows(&names, "Vogelverein"));
    names.looked = 0;
    CHECK(!names_changed(&names, &status)); /* nothing is new */
    put(path, "# of mine\nORG\tRuderclub\tBergen Rowers\n");
    names.looked = 0;
    CHECK(names_changed(&names, &status) && status == WR_OK);
    CHECK(knows(&names, "Ruderclub") && !knows(&names, "Vogelverein"));
    put(path, "# of mine\nORG\tRuderclub\tBergen Rowers\n\nSHIP\tFram\tFram\n");
    names.looked = 0;
    CHECK(names_changed(&names, &status) && status == WR_MALFORMED && knows(&names, "Ruderclub"));
    snprintf(where, sizeof where, "%s:4:", path);
    CHECK(wr_str_starts(wr_str_c(names.why), wr_str_c(where)));
    names.looked = 0;
    CHECK(!names_changed(&names, &status)); /* told once */
    CHECK(unlink(path) == 0);
    names.looked = 0;
    CHECK(names_changed(&names, &status) && status == WR_NOTFOUND && knows(&names, "Ruderclub"));
    put(path, "ORG\tRuderverein\tBergen Rowers\n");
    names.looked = 0;
    CHECK(names_changed(&names, &status) && status == WR_OK && knows(&names, "Ruderverein"));
    names_close(&names);
    put(path, "ORG\tno canonical name\n");
    CHECK(names_open(&names, path) == WR_MALFORMED);
    names_close(&names);
    CHECK(unlink(path) == 0);
    CHECK(names_open(&names, path) == WR_NOTFOUND);
    names_close(&names);
    CHECK(names_open(&names, NULL) == WR_OK && !names_changed(&names, &status));
    names_close(&names);
}

int main(void) {
    wr_arena *models;
    wr_str file = wr_str_c(table_text);
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    CHECK(wr_arena_new("models", 1 << 20, &models) == WR_OK);
    CHECK(knowledge_new(models, &file, 1, &knowledge, NULL, NULL) == WR_OK);
    table();
    every_limit();
    read_again();
    wr_arena_free(&arena);
    wr_arena_free(&models);
    return check_summary();
}
