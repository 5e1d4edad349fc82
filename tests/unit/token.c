/* token.c -- the words of sentences, written with | between the tokens */
#include "check.h"

#include "common/text/token.h"

static void tokens_are(const char *text, const char *want) {
    wr_str s = wr_str_c(text);
    wr_tokens it = wr_tokens_of(s, (wr_span){0, s.len});
    wr_token t;
    char got[500];
    size_t len = 0, last = 0;
    while (wr_tokens_next(&it, &t)) {
        CHECK_ROW(text, t.start >= last && t.end > t.start && t.end <= s.len);
        last = t.end;
        if (len) got[len++] = '|';
        memcpy(got + len, text + t.start, t.end - t.start);
        len += t.end - t.start;
    }
    CHECK_STR(wr_str_of(got, len), wr_str_c(want));
}

int main(void) {
    static const char *const rows[][2] = {
        {"", ""},
        {"Mr. Smith's U.S.-based firm didn't pay $3.5m.",
         "Mr.|Smith|'s|U.S.|-|based|firm|did|n't|pay|$|3.5m|."},
        {"\u201cIt\u2019s over,\u201d she said.", "\u201c|It|\u2019s|over|,|\u201d|she|said|."},
        {"The workers' union won't.", "The|workers|'|union|wo|n't|."},
        {"O'Brien met N'Golo at St. Mary's.", "O'Brien|met|N'Golo|at|St.|Mary|'s|."},
        {"It opened at 10:30 a.m. on 1/2/2020, costing 1,250.50.",
         "It|opened|at|10:30|a.m.|on|1/2/2020|,|costing|1,250.50|."},
        {"He moved to the U.S.", "He|moved|to|the|U.S."},
        {"She said no.", "She|said|no|."},
        {"J. R. Ewing Jr. left.", "J.|R.|Ewing|Jr.|left|."},
        {"Plan B.", "Plan|B|."},
        {"Write to a.b@example.org or see http://example.org/x?y=1.",
         "Write|to|a.b@example.org|or|see|http://example.org/x?y=1|."},
        {"example.com (a site)", "example.com|(|a|site|)"},
        {"Wait... what?!", "Wait|...|what|?!"},
        {"AT&T -- the firm", "AT&T|--|the|firm"},
        {"the '90s and 1990s", "the|'90s|and|1990s"},
        {"Call 212-555-0199.", "Call|212-555-0199|."},
        {"a 15-year-old", "a|15|-|year|-|old"},
        {"@someone #tag", "@someone|#tag"},
        {"\u65e5\u672c", "\u65e5|\u672c"},
        {"end.The start", "end|.|The|start"},
        {"caf\u00e9-bar", "caf\u00e9|-|bar"},
        {"\u20ac5bn", "\u20ac|5bn"},
        {"he'll, they've", "he|'ll|,|they|'ve"},
        {"No. 10", "No.|10"},
        {"\xe2\x80\x94\x01", "\xe2\x80\x94|\x01"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tokens_are(rows[i][0], rows[i][1]);
    wr_str nul = wr_str_of("a\0", 2); /* uncleaned text may hold it */
    wr_tokens it = wr_tokens_of(nul, (wr_span){0, 2});
    wr_token t;
    CHECK(wr_tokens_next(&it, &t) && wr_tokens_next(&it, &t) && t.start == 1 && t.end == 2);
    CHECK(!wr_tokens_next(&it, &t));
    return check_summary();
}
