/* quote.c -- quotations: marks, kinds and speakers */
#include "check.h"

#include "stages/tag/quote.h"
#include "stages/tag/wordlist.h"

static wr_arena *arena;

/* found: "KIND[speaker]text" a quotation, joined by "; " */
static const struct {
    const char *name, *text, *found;
} rows[] = {
    {"said after", "“We waited ten years for this,” said Mayor Helena Brandt.",
     "full[Mayor Helena Brandt]We waited ten years for this,"},
    {"subject first", "“We waited ten years for this,” Brandt later said.",
     "full[Brandt]We waited ten years for this,"},
    {"apposition", "“It will not be repaired this year,” Tomas Vrba, head of the list, said.",
     "full[Tomas Vrba]It will not be repaired this year,"},
    {"bracket", "“It will not be repaired this year,” Rep. Ann Lee (Ohio) said.",
     "full[Rep. Ann Lee]It will not be repaired this year,"},
    {"two halves", "“We waited,” Brandt said. “Now we can build it again.”",
     "full[Brandt]We waited,; full[Brandt]Now we can build it again."},
    {"before", "Mr. Alemu said: “If the level falls, we will all know.”",
     "full[Mr. Alemu]If the level falls, we will all know."},
    {"according to", "According to Kari Nygaard, “nobody wanted a second week.”",
     "fragment[Kari Nygaard]nobody wanted a second week."},
    {"participle", "Vrba shook his head, saying “this is not what we agreed on.”",
     "fragment[Vrba]this is not what we agreed on."},
    {"pronoun", "“I will take the bus anyway,” she said.", "full[she]I will take the bus anyway,"},
    {"straight marks", "\"I will take the bus anyway,\" she said.",
     "full[she]I will take the bus anyway,"},
    {"wrong closing mark", "“I will take the bus “ he said.", "fragment[he]I will take the bus"},
    {"low marks", "„We take the bus anyway“, said Hagen.", "fragment[Hagen]We take the bus anyway"},
    {"guillemets", "« We take the bus anyway », said Hagen.",
     "fragment[Hagen]We take the bus anyway"},
    {"announced", "Hagen replied:\n\n“Who knows what happens at noon.”",
     "full[Hagen]Who knows what happens at noon."},
    {"over paragraphs", "“The first part is long,” said Hagen. “It goes on.\n\n“And it ends here.”",
     "full[Hagen]The first part is long,; full[Hagen]It goes on.; full[Hagen]And it ends here."},
    {"dash", "“The best ferry there has ever been.” — Petra Hagen\nNext",
     "full[Petra Hagen]The best ferry there has ever been."},
    {"fragment", "Vrba called it “possible but unreasonable to do” in May.",
     "fragment[Vrba]possible but unreasonable to do"},
    {"scare", "The so-called “smart” meter broke.", "scare[]smart"},
    {"title", "She appeared on “Morning Report” in May.", "scare[]Morning Report"},
    {"nothing", "It isn't quoted, is it? 5' 11\" tall.", ""},
};

static void table(void) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_article article = {.text = wr_str_c(rows[i].text)};
        wr_quote *quotes;
        size_t n;
        wr_buf got = WR_BUF_INIT(4096);
        wr_arena_reset(arena);
        CHECK(quotes_find(arena, &article, &quotes, &n) == WR_OK);
        for (size_t k = 0; k < n; k++) {
            if (k) wr_buf_add_str(&got, WR_STR("; "));
            wr_buf_add_str(&got, quotes[k].kind);
            wr_buf_add_char(&got, '[');
            wr_buf_add_str(
                &got, wr_str_slice(article.text, quotes[k].speaker_start, quotes[k].speaker_end));
            wr_buf_add_char(&got, ']');
            wr_buf_add_str(&got, quotes[k].text);
        }
        CHECK_STR(wr_buf_str(&got), wr_str_c(rows[i].found));
        wr_buf_free(&got);
    }
}

static void names_come_from_entities(void) {
    wr_mention brandt[] = {{.start = 0, .end = 13}}, vrba[] = {{.start = 18, .end = 29}};
    wr_entity entities[] = {
        {.name = WR_STR("Helena Brandt"),
         .type = WR_STR("PER"),
         .role = WR_STR("Mayor"),
         .mentions = brandt,
         .n_mentions = 1},
        {.name = WR_STR("Tomas Vrba"), .type = WR_STR("PER"), .mentions = vrba, .n_mentions = 1}};
    wr_article article = {
        .text = WR_STR("Helena Brandt met Tomas Vrba.\n\n“We will build it,” the mayor said. "
                       "“It is too dear for us,” said Tomas Vrba. “And it is late,” he said."),
        .entities = entities,
        .n_entities = 2};
    vrba[0].end = 28;
    size_t n, at = 0;
    static wr_mention later[2];
    while (!wr_str_starts(wr_str_slice(article.text, at, SIZE_MAX), WR_STR("Tomas Vrba. “And")))
        at++;
    later[0] = vrba[0];
    later[1] = (wr_mention){.start = at, .end = at + 10};
    entities[1].mentions = later;
    entities[1].n_mentions = 2;
    wr_quote *quotes;
    CHECK(quotes_find(arena, &article, &quotes, &n) == WR_OK);
    CHECK(n == 3);
    CHECK_STR(quotes[0].speaker, WR_STR("Helena Brandt"));
    CHECK_STR(quotes[1].speaker, WR_STR("Tomas Vrba"));
    CHECK_STR(quotes[2].speaker, WR_STR("Tomas Vrba"));
    CHECK_STR(quotes[1].cue, WR_STR("said"));
}

static void every_limit(void) {
    wr_article article = {.text = WR_STR("“We waited,” Brandt said. “Now we can build it again.”")};
    wr_quote *quotes;
    size_t n = 0;
    wr_status status = WR_MEMORY;
    for (size_t at = 0; at < 50 && status == WR_MEMORY; at++) {
        wr_arena_reset(arena);
        wr_arena_fail_at(arena, at);
        status = quotes_find(arena, &article, &quotes, &n);
    }
    wr_arena_fail_at(arena, SIZE_MAX);
    CHECK(status == WR_OK && n == 2);
}

static void words_are_sorted(void) {
    static const char *const words[] = {
#define W(text, cls) text,
#include "stages/tag/quote_words.def"
#undef W
    };
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        CHECK_ROW(words[i],
                  strcmp(words[i - 1], words[i]) < 0 && strlen(words[i]) <= WORDLIST_LONGEST);
}

int main(void) {
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    table();
    names_come_from_entities();
    every_limit();
    words_are_sorted();
    wr_arena_free(&arena);
    return check_summary();
}
