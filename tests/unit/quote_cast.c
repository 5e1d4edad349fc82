/* quote_cast.c -- whom he, she, an office or a surname beside a quotation means */
#include "check.h"

#include "stages/tag/given_name.h"
#include "stages/tag/quote.h"

static wr_arena *arena;

/* people: "FULL NAME|SURFACE|...;..." every place of a surface is a mention (of an organisation
 * where the full name begins with +). speakers: of each quotation in order, joined by ", "; - =
 * nobody. */
static const struct {
    const char *name, *people, *text, *speakers;
} rows[] = {
    {"he is the subject before", "Tomas Vrba|Vrba;Ivan Petrov|Petrov",
     "Tomas Vrba hailed his talks with Ivan Petrov.\n\n“We made a first step,” he told reporters.",
     "Tomas Vrba"},
    {"not who is named inside the words", "Tomas Vrba|Vrba;Ivan Petrov|Petrov",
     "Vrba spoke first.\n\n“We will ask Petrov again,” he said.", "Tomas Vrba"},
    {"she by first name", "Helena Brandt|Brandt;Tomas Vrba|Vrba",
     "Helena Brandt came. Tomas Vrba left.\n\n“It was cold in there,” she said.", "Helena Brandt"},
    {"she by title", "Ximo Brandt|Brandt;Tomas Vrba|Vrba",
     "Mrs. Brandt came. Tomas Vrba left.\n\n“It was cold in there,” she said.", "Ximo Brandt"},
    {"he goes on", "Tomas Vrba|Vrba;Ivan Petrov|Petrov",
     "Petrov left. “It was cold,” Vrba said.\n\n“We went home early,” he added.",
     "Tomas Vrba, Tomas Vrba"},
    {"chain of he", "Tomas Vrba|Vrba;Ivan Petrov|Petrov",
     "Vrba met the team of Petrov. He then went home. He said “nothing has been decided.”",
     "Tomas Vrba"},
    {"an unknown woman", "Helena Brandt|Brandt",
     "Brandt left. A spokeswoman said so.\n\n“We will call you back,” she said.", "-"},
    {"office with a country", "Ivan Petrov|Petrov;John Cole|Cole",
     "Norwegian President Ivan Petrov met Danish President John Cole.\n\n“It went well,” the "
     "Norwegian president said.",
     "Ivan Petrov"},
    {"office of who is in view", "Ivan Petrov|Petrov;John Cole|Cole",
     "President Ivan Petrov and former President John Cole met. Petrov was late.\n\n“It went "
     "well,” the president said.",
     "Ivan Petrov"},
    {"no holder", "Ivan Petrov|Petrov", "Petrov came.\n\n“It went well,” the mayor said.", "-"},
    {"spokesman of somebody", "Ivan Petrov|Petrov",
     "“It went well for us,” Petrov’s spokesman said.", "-"},
    {"head of the phrase", "Ivan Petrov|Petrov;Ann Lee|Lee",
     "“It went well for us,” Petrov campaign manager Ann Lee said.", "Ann Lee"},
    {"a campaign is nobody", "Ivan Petrov|Petrov",
     "“It went well for us,” the Petrov campaign said.", "-"},
    {"organisation", "+Kestrel|Kestrel", "“It went well for us,” Kestrel said.", "+Kestrel"},
    {"next paragraph without a word", "Tomas Vrba|Vrba",
     "“It went well for us,” said Vrba.\n\n“The second half was better.”",
     "Tomas Vrba, Tomas Vrba"},
    {"picked out words", "Tomas Vrba|Vrba",
     "Vrba said in May that the plan was “too dear” for a “small town”.", "Tomas Vrba, Tomas Vrba"},
    {"according to, at the end", "Tomas Vrba|Vrba",
     "The plan is “too dear” for the town, according to Vrba.", "Tomas Vrba"},
    {"names are nobody's words", "Tomas Vrba|Vrba", "Vrba said the so-called “smart” meter broke.",
     "-"},
    {"asked, not asking", "Tomas Vrba|Vrba;Ann Lee|Lee",
     "Lee, when asked by Vrba about the bridge, said “it will be closed until May.”", "Ann Lee"},
    {"passive", "Tomas Vrba|Vrba;Ann Lee|Lee",
     "Lee said that Vrba was told “it will be closed until May.”", "Ann Lee"},
    {"participle of the sentence", "Tomas Vrba|Vrba;Ann Lee|Lee",
     "Vrba left as soon as it was over, Lee said, adding: “He was not pleased.”", "Ann Lee"},
    {"behind a time", "Tomas Vrba|Vrba",
     "A few minutes later, Vrba changed his mind, saying “it will be closed after all.”",
     "Tomas Vrba"},
    {"reported before", "Helena Brandt|Brandt",
     "Brandt said the bridge would stay closed.\n\n“We cannot wait another year.”",
     "Helena Brandt"},
    {"main person of a feature", "Helena Brandt|Brandt",
     "Helena Brandt bakes at night.\n\nThe oven is old. The street is dark.\n\n“I like the quiet "
     "of it,” she says.",
     "Helena Brandt"},
    {"an epithet", "Tomas Vrba|Vrba",
     "Vrba left school early.\n\n“I wanted to see the sea,” the 34-year-old said.", "Tomas Vrba"},
    {"apposition names him", "Tomas Vrba|Vrba",
     "Another critic, Tomas Vrba, called it “the worst plan of the year”.", "Tomas Vrba"},
    {"of a place", "Tomas Vrba|Vrba", "“It went well for us,” Tomas Vrba of Voss said.",
     "Tomas Vrba"},
    {"nickname", "Tomas “Tom” Vrba|Vrba", "“It went well for us,” Tomas “Tom” Vrba said.",
     "Tomas “Tom” Vrba, -"},
    {"contraction", "Tomas Vrba|Vrba", "Vrba is upset. He’s saying the vote was “a bad joke”.",
     "Tomas Vrba"},
    {"sex by what is said of her", "Kestrel Brandt|Brandt;Tomas Vrba|Vrba",
     "Brandt took her seat. Tomas Vrba left.\n\n“It was cold in there,” she said.",
     "Kestrel Brandt"},
    {"plural noun", "Tomas Vrba|Vrba;Ann Lee|Lee", "Lee says the claims of Vrba were “a bad joke”.",
     "Ann Lee"},
    {"told somebody", "Tomas Vrba|Vrba;Ann Lee|Lee", "“It went well for us,” Vrba told Lee.",
     "Tomas Vrba"},
    {"quoted as saying", "Tomas Vrba|Vrba;Ann Lee|Lee",
     "Vrba was quoted by Lee as saying: “It went well for us.”", "Tomas Vrba"},
    {"tweet", "Tomas Vrba|Vrba", "Vrba Tweeted that the plan was “a bad joke”.", "Tomas Vrba"},
    {"both called and said", "Tomas Vrba|Vrba",
     "Mr. Vrba, in a statement, called it “a good plan” and said “it will work.”",
     "Tomas Vrba, Tomas Vrba"},
};

static void add_mentions(wr_article *a, wr_entity *e, wr_str surface) {
    for (size_t at = 0; at + surface.len <= a->text.len; at++) {
        bool inside = at > 0 && wr_is_alpha(a->text.ptr[at - 1]);
        for (size_t i = 0; i < e->n_mentions; i++)
            inside = inside || (at < e->mentions[i].end && at + surface.len > e->mentions[i].start);
        if (!inside && wr_str_starts(wr_str_slice(a->text, at, a->text.len), surface))
            e->mentions[e->n_mentions++] = (wr_mention){.start = at, .end = at + surface.len};
    }
}

static void add_people(wr_article *a, wr_str people) {
    a->entities = wr_arena_array(arena, 8, sizeof *a->entities);
    for (size_t at = 0; at < people.len;) {
        size_t end = wr_str_find_char(people, at, ';');
        wr_entity *e = &a->entities[a->n_entities++];
        wr_str row = wr_str_slice(people, at, end);
        e->mentions = wr_arena_array(arena, 16, sizeof *e->mentions);
        e->name = wr_str_slice(row, 0, wr_str_find_char(row, 0, '|'));
        e->type = *e->name.ptr == '+' ? WR_STR("ORG") : WR_STR("PER");
        for (size_t s = 0; s < row.len;) {
            size_t stop = wr_str_find_char(row, s, '|');
            add_mentions(a, e, wr_str_slice(row, s, stop));
            s = stop + 1;
        }
        at = end + 1;
    }
}

static wr_status speakers_of(const char *text, const char *people, wr_buf *out) {
    wr_article a = {.text = wr_str_c(text)};
    wr_quote *quotes;
    size_t n;
    add_people(&a, wr_str_c(people));
    WR_TRY(quotes_find(arena, &a, &quotes, &n));
    for (size_t i = 0; i < n; i++) {
        wr_str who = quotes[i].speaker.len ? quotes[i].speaker : WR_STR("-");
        wr_buf_printf(out, "%s%.*s", i ? ", " : "", (int)who.len, who.ptr);
    }
    return WR_OK;
}

static void table(void) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_buf got = WR_BUF_INIT(4096);
        wr_arena_reset(arena);
        CHECK_ROW(rows[i].name, speakers_of(rows[i].text, rows[i].people, &got) == WR_OK);
        CHECK_ROW(rows[i].name, wr_str_eq(wr_buf_str(&got), wr_str_c(rows[i].speakers)));
        CHECK_STR(wr_buf_str(&got), wr_str_c(rows[i].speakers));
        wr_buf_free(&got);
    }
}

static void given_names(void) {
    CHECK(given_name_sex(WR_STR("Helena")) == 'f');
    CHECK(given_name_sex(WR_STR("TOMAS")) == 'm');
    CHECK(given_name_sex(WR_STR("Robin")) == 0); /* both */
    CHECK(given_name_sex(WR_STR("Xqz")) == 0);
    CHECK(given_name_sex(WR_STR("")) == 0);
    wr_str all = wr_str_of(given_name_table, given_name_bytes), last = WR_STR("");
    for (size_t at = 0; at < all.len;) { /* every name of the table is found, in order */
        size_t end = at;
        while (all.ptr[end] != 'F' && all.ptr[end] != 'M')
            end++;
        wr_str one = wr_str_slice(all, at, end);
        CHECK_ROW("order", wr_str_cmp(last, one) < 0);
        CHECK_ROW("found", given_name_sex(one) == (all.ptr[end] == 'F' ? 'f' : 'm'));
        last = one;
        at = end + 1;
    }
}

int main(void) {
    CHECK(wr_arena_new("test", 1 << 20, &arena) == WR_OK);
    table();
    given_names();
    wr_arena_free(&arena);
    return check_summary();
}
