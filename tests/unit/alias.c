/* alias.c -- names that mean the same are joined; knowledge; roles */
#include "check.h"

#include "stages/tag/alias.h"
#include "stages/tag/alias_name.h"

static wr_arena *arena;
static struct knowledge *knowledge;

static const char table[] = "type\tname\tcanonical\tid\tcountry\tsource\n"
                            "# places\n"
                            "LOC\tUS\tUnited States\tQ30\tQ30\tx\n"
                            "LOC\tU.S.\tUnited States\tQ30\tQ30\tx\n"
                            "LOC\tUnited States\tUnited States\tQ30\tQ30\tx\r\n"
                            "ORG\tCitadel\tCitadel\n"
                            "MISC\tRussians\tRussian\t\tQ159\tx\n"
                            "MISC\tRussian\tRussian\t\tQ159\tx\n";

/* Each row: surfaces with types as the tagger gives them, joined names as they must come out. A
 * surface's mentions are all its places in the text. */
static const struct {
    const char *name, *text, *surfaces, *joined;
} rows[] = {
    {"surname", "Helena Brandt spoke. Brandt left.", "Helena Brandt/PER Brandt/PER",
     "Helena Brandt/PER*2"},
    {"headline first", "Brandt wins. Helena Brandt spoke.", "Helena Brandt/PER Brandt/PER",
     "Helena Brandt/PER*2"},
    {"brackets", "Bernie Cole. [Bernard] Cole.", "Bernie Cole/PER [Bernard] Cole/PER",
     "Bernard Cole/PER*2"},
    {"two of a name", "Ann Lee met Bob Lee. Lee smiled.", "Ann Lee/PER Bob Lee/PER Lee/PER",
     "Ann Lee/PER*1 Bob Lee/PER*1 Lee/PER*1?2"},
    {"initial", "J. Brandt, John Brandt.", "J. Brandt/PER John Brandt/PER", "John Brandt/PER*2"},
    {"wrong type", "Vera Oslo came. Oslo left.", "Vera Oslo/PER Oslo/ORG", "Vera Oslo/PER*2"},
    {"acronym", "World Chess Union (WCU). WCU won.", "World Chess Union/ORG WCU/ORG",
     "World Chess Union/ORG*3"},
    {"legal form", "Helios Inc. grew. Helios fell.", "Helios Inc./ORG Helios/ORG",
     "Helios Inc./ORG*2"},
    {"countries", "The US and the U.S. are the United States.", "US/LOC U.S./LOC United States/LOC",
     "United States/LOC*3"},
    {"demonyms", "Russians speak Russian.", "Russians/MISC Russian/MISC", "Russian/MISC*2"},
    {"office in the name", "Ann Lee came. President Lee left.", "Ann Lee/PER President Lee/PER",
     "Ann Lee/PER*2"},
    {"country and office in the name", "US President Lee left.", "US President Lee/PER",
     "Lee/PER*1"},
    {"a party before the name", "Democrat Ann Lee left.", "Democrat Ann Lee/PER", "Ann Lee/PER*1"},
    {"an office alone", "Mayor came.", "Mayor/PER", "Mayor/PER*1"},
    {"a king keeps his title", "King Olav came.", "King Olav/PER", "King Olav/PER*1"},
    {"no king", "Olav Brandt met King Olav.", "Olav Brandt/PER Olav/PER",
     "Olav Brandt/PER*1 Olav/PER*1"},
    {"husband and wife", "Helena Brandt and Tomas Brandt. Mrs. Brandt left. Mr. Brandt stayed.",
     "Helena Brandt/PER Tomas Brandt/PER Brandt/PER", "Helena Brandt/PER*2 Tomas Brandt/PER*2"},
    {"one of them", "Helena Brandt and Tomas Brandt. Mrs. Brandt left. Brandt stayed.",
     "Helena Brandt/PER Tomas Brandt/PER Brandt/PER",
     "Helena Brandt/PER*2 Tomas Brandt/PER*1 Brandt/PER*1?2"},
    {"man and woman of one initial", "Mrs. T. Brandt met Tomas Brandt.",
     "Tomas Brandt/PER T. Brandt/PER", "T. Brandt/PER*1 Tomas Brandt/PER*1"},
    {"the one with the office", "Senator Ann Lee met Bob Lee. Senator Lee smiled.",
     "Ann Lee/PER Bob Lee/PER Lee/PER", "Ann Lee/PER*2 Bob Lee/PER*1"},
    {"name in an organisation", "Ann Lee runs the Lee Foundation. Lee smiled.",
     "Ann Lee/PER Lee Foundation/ORG Lee/PER", "Ann Lee/PER*2 Lee Foundation/ORG*1"},
    {"possessive", "Ann Lee’s plan. Lee’s plan.", "Ann Lee’s/PER Lee/PER", "Ann Lee/PER*2"},
    {"headline in capitals", "LEE WINS. Ann Lee smiled.", "LEE/PER Ann Lee/PER", "Ann Lee/PER*2"},
    {"known to be no person", "The Citadel denied it.", "Citadel/PER", "Citadel/ORG*1"},
    {"but somebody's name", "Ann Citadel came. Citadel left.", "Ann Citadel/PER Citadel/PER",
     "Ann Citadel/PER*2"},
    {"courtesy", "Mr. Alemu and Dawit Alemu.", "Mr. Alemu/PER Dawit Alemu/PER",
     "Dawit Alemu/PER*2"},
};

static size_t add_surface(wr_article *a, const char *surface, size_t len, const char *type,
                          size_t type_len) {
    wr_entity *e = &a->entities[a->n_entities++];
    *e = (wr_entity){
        .name = wr_str_of(surface, len), .type = wr_str_of(type, type_len), .confidence = .9};
    e->mentions = wr_arena_array(arena, 8, sizeof *e->mentions);
    for (size_t at = 0; at + len <= a->text.len; at++) {
        bool inside = at > 0 && wr_is_alpha(a->text.ptr[at - 1]);
        inside = inside || (at + len < a->text.len && wr_is_alpha(a->text.ptr[at + len]));
        bool taken = false;
        for (size_t i = 0; i + 1 < a->n_entities && !taken; i++)
            for (size_t k = 0; k < a->entities[i].n_mentions; k++)
                taken = taken || (at >= a->entities[i].mentions[k].start &&
                                  at < a->entities[i].mentions[k].end);
        if (!inside && !taken && memcmp(a->text.ptr + at, surface, len) == 0)
            e->mentions[e->n_mentions++] =
                (wr_mention){.start = at, .end = at + len, .confidence = .9};
    }
    return e->n_mentions;
}

static void read_surfaces(wr_article *a, const char *text, const char *surfaces) {
    *a = (wr_article){.text = wr_str_c(text),
                      .entities = wr_arena_array(arena, 16, sizeof *a->entities)};
    for (const char *p = surfaces; *p;) {
        const char *slash = strchr(p, '/'), *end = slash;
        while (*end && *end != ' ')
            end++;
        CHECK_ROW(surfaces,
                  add_surface(a, p, (size_t)(slash - p), slash + 1, (size_t)(end - slash - 1)) > 0);
        p = *end ? end + 1 : end;
    }
}

static void table_of_names(void) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_article a;
        wr_arena_reset(arena);
        read_surfaces(&a, rows[i].text, rows[i].surfaces);
        wr_page page = {.articles = &a, .n_articles = 1};
        CHECK(aliases_resolve(arena, knowledge, &page) == WR_OK);
        wr_buf got = WR_BUF_INIT(4096);
        for (size_t k = 0; k < a.n_entities; k++) {
            const wr_entity *e = &a.entities[k];
            wr_buf_printf(&got, "%s%.*s/%.*s*%zu", k ? " " : "", (int)e->name.len, e->name.ptr,
                          (int)e->type.len, e->type.ptr, e->n_mentions);
            if (e->n_candidates) wr_buf_printf(&got, "?%zu", e->n_candidates);
        }
        CHECK_STR(wr_buf_str(&got), wr_str_c(rows[i].joined));
        wr_buf_free(&got);
    }
}

static void over_the_page(void) {
    wr_article a[2];
    wr_arena_reset(arena);
    read_surfaces(&a[0], "Brandt wins again.", "Brandt/PER");
    read_surfaces(&a[1], "Helena Brandt spoke.", "Helena Brandt/PER");
    wr_page page = {.articles = a, .n_articles = 2};
    CHECK(aliases_resolve(arena, NULL, &page) == WR_OK);
    CHECK_STR(a[0].entities[0].name, WR_STR("Helena Brandt"));
}

static void roles(void) {
    static const struct {
        const char *text, *surface, *role;
    } offices[] = {
        {"Mayor Helena Brandt came.", "Helena Brandt/PER", "Mayor"},
        {"The Russian President Ivan Petrov came.", "Ivan Petrov/PER", "Russian President"},
        {"Then former Prime Minister Ann Lee came.", "Ann Lee/PER", "former Prime Minister"},
        {"Ann Lee, the mayor of Eastport, came.", "Ann Lee/PER", "mayor of Eastport"},
        {"Ann Lee, who is 40, came.", "Ann Lee/PER", ""},
        {"Mr. Lee came.", "Lee/PER", ""},
    };
    for (size_t i = 0; i < sizeof offices / sizeof *offices; i++) {
        wr_article a;
        wr_arena_reset(arena);
        read_surfaces(&a, offices[i].text, offices[i].surface);
        wr_page page = {.articles = &a, .n_articles = 1};
        CHECK(aliases_resolve(arena, NULL, &page) == WR_OK);
        CHECK_STR(a.entities[0].role, wr_str_c(offices[i].role));
    }
}

static void bad_tables(void) {
    static const char *const bad[] = {"PER\tonly two\n", "XYZ\ta\tb\n", "PER\t\tb\n",
                                      "\n\nPER\ta\n"};
    struct knowledge *k;
    size_t line;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        wr_str file = wr_str_c(bad[i]);
        CHECK_ROW(bad[i], knowledge_new(arena, &file, 1, &k, NULL, &line) == WR_MALFORMED);
        CHECK_ROW(bad[i], line == (i == 3 ? 3 : 1));
    }
}

static void every_limit(void) {
    wr_status status = WR_MEMORY;
    for (size_t at = 0; at < 200 && status == WR_MEMORY; at++) {
        wr_article a;
        wr_arena_reset(arena);
        read_surfaces(&a, rows[3].text, rows[3].surfaces);
        wr_page page = {.articles = &a, .n_articles = 1};
        wr_arena_fail_at(arena, at);
        status = aliases_resolve(arena, knowledge, &page);
        wr_arena_fail_at(arena, SIZE_MAX);
    }
    CHECK(status == WR_OK);
}

int main(void) {
    wr_arena *models;
    wr_str file = wr_str_of(table, sizeof table - 1);
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    CHECK(wr_arena_new("models", 1 << 20, &models) == WR_OK);
    CHECK(knowledge_new(models, &file, 1, &knowledge, NULL, NULL) == WR_OK);
    table_of_names();
    over_the_page();
    roles();
    bad_tables();
    every_limit();
    wr_arena_free(&arena);
    wr_arena_free(&models);
    return check_summary();
}
