/* date_words.h -- text as tokens of the date grammar */
#ifndef WR_TAG_DATE_WORDS_H
#define WR_TAG_DATE_WORDS_H

#include <wireroom/page.h>

typedef enum date_class {
    DW_WORD, /* any other word */
    DW_A,
    DW_ABOUT,
    DW_ADVERB,
    DW_AGO,
    DW_AHEAD,
    DW_CARD,
    DW_CLOCK,
    DW_COUPLE,
    DW_DAY,
    DW_DOW,
    DW_DOW_PLURAL,
    DW_DOW_SHORT,
    DW_EARLIER,
    DW_EARLY,
    DW_EDGE,
    DW_EVERY,
    DW_FEW,
    DW_FISCAL,
    DW_FUTURE,
    DW_FUTURE_ADVERB,
    DW_HALF,
    DW_HUNDRED,
    DW_IN,
    DW_LAST,
    DW_LATER,
    DW_LONG,
    DW_MONTH,
    DW_MONTH_WORD,
    DW_MORE,
    DW_NEXT,
    DW_OF,
    DW_ORD,
    DW_OVERNIGHT,
    DW_PART,
    DW_PAST,
    DW_PERIOD,
    DW_PRESENT,
    DW_PRESENT_ADJ,
    DW_RECENT,
    DW_SEASON,
    DW_SEASON_PLURAL,
    DW_TENS,
    DW_THAT,
    DW_THE,
    DW_THIS,
    DW_TONIGHT,
    DW_UNIT,
    DW_UNIT_PLURAL,
    DW_WEEKEND,
    DW_NUMBER, /* digits: value, digits in `width` */
    DW_NTH,    /* digits with st, nd, rd, th */
    DW_DECADE, /* 1980s, '80s */
    DW_HYPHEN,
    DW_COMMA,
    DW_DOT,
    DW_COLON,
    DW_SLASH,
    DW_MONEY,
    DW_STOP, /* . ! ? or a line break */
    DW_OTHER /* any other sign */
} date_class;

typedef struct date_token {
    size_t start, end;
    date_class cls;
    int value;
    unsigned char width; /* digits of a number */
    bool capital;        /* begins with A-Z */
    bool glued;          /* nothing stands between the token before and this one */
} date_token;

/* The tokens of `text`, in `arena`. O(text). */
WR_MUSTUSE wr_status date_tokens(wr_arena *arena, wr_str text, date_token **out, size_t *n);

#endif
