/* sentence.c -- where sentences end; written with || between the sentences */
#include "check.h"

#include "common/text/sentence.h"

static void sentences_are(const char *marked) {
    char text[1000], got[1200];
    size_t len = 0;
    for (const char *p = marked; *p; p++) {
        if (p[0] == '|' && p[1] == '|') p++;
        else text[len++] = *p;
    }
    wr_str s = wr_str_of(text, len);
    wr_sentences it = wr_sentences_of(s);
    size_t n = 0, last = 0;
    for (wr_span span; wr_sentences_next(&it, &span); last = span.end) {
        CHECK_ROW(marked, span.start >= last && span.end > span.start && span.end <= len);
        if (n) got[n++] = '|', got[n++] = '|', got[n++] = ' ';
        memcpy(got + n, text + span.start, span.end - span.start);
        n += span.end - span.start;
    }
    CHECK_STR(wr_str_of(got, n), wr_str_c(marked));
}

int main(void) {
    static const char *const rows[] = {
        "",
        "One line without a stop",
        "The vote was close.|| The mayor lost.",
        "Did it rain?|| It did!|| All day.",
        "Mr. Brown met Dr. Green at St. Luke's.|| They talked.",
        "The firm, Stone & Co., moved.|| It left the U.S. for good.",
        "She lives in the U.S.|| She likes it.",
        "The U.S. Senate voted on Jan. 5 at 3 p.m. Friday.|| It passed.",
        "It opened at 9 a.m.|| The doors stayed open.",
        "\u201cWe won.\u201d|| The crowd cheered.",
        "\u201cWe won!\u201d she said.",
        "\u201cDid you see it?\u201d asked J. K. Miller.|| Nobody had.",
        "Prices rose 3.5 percent.|| Wages did not.",
        "See No. 10 and p. 12 of the report.",
        "He said no.|| She said yes.",
        "He waited ... and waited.|| Then he left.",
        "I never knew....|| She left.",
        "(The talks failed.)|| Nobody was surprised.",
        "They (the talks, that is.) failed.",
        "1. First thing|| 2. Second thing",
        "a) Pack the bag|| b) Close the door",
        "i like it.|| it is good.",
        "Yahoo! is a firm.",
        "\u4eca\u65e5\u306f\u3002|| \u660e\u65e5\u306f\u3002",
        "It cost $5.|| He paid.",
        "A. Jones and B. Smith agreed.",
        "Nice place :)|| We will be back.",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        sentences_are(rows[i]);
    wr_sentences it = wr_sentences_of(wr_str_c("A line\n\nAnother line"));
    wr_span span;
    CHECK(wr_sentences_next(&it, &span) && span.start == 0 && span.end == 6);
    CHECK(wr_sentences_next(&it, &span) && span.start == 8 && span.end == 20);
    CHECK(!wr_sentences_next(&it, &span));
    it = wr_sentences_of(wr_str_c("Part one\n****\nPart two"));
    CHECK(wr_sentences_next(&it, &span) && span.end == 8);
    CHECK(wr_sentences_next(&it, &span) && span.start == 9 && span.end == 13);
    return check_summary();
}
