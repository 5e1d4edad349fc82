/* plain_cue.c -- lines that give themselves away: the wording of furniture
 *
 * The wordings are the common stock of news pages' furniture (bylines, credits, share bars,
 * subscription boxes, legal lines); most are English, with the most frequent of German, French,
 * Spanish, Italian, Portuguese, Dutch and the Nordic tongues. A wording decides nothing about the
 * body by itself: it is one input of the model, and it names the reason of a line that is removed
 * anyway. */
#include "plain_line.h"

/* How much of the line the wording must be. */
enum where {
    HEAD,  /* the line begins with it, a word ends there */
    LABEL, /* the line begins with it and a colon follows */
    WHOLE, /* it is the line, closing marks and digits aside */
    SHORT, /* the line begins with it and has at most eight words */
    ANY    /* the line has at most twelve words and holds it somewhere */
};

struct wording {
    const char *text; /* lower case */
    uint8_t cue, where;
};

/* Sorted by first letter; the first match wins, so the longer wording comes first. */
static const struct wording wordings[] = {
    {"about the author", CUE_BIO, SHORT},
    {"add a comment", CUE_COMMENTS, SHORT},
    {"add comment", CUE_COMMENTS, SHORT},
    {"add to favorites", CUE_SHARE, SHORT},
    {"address", CUE_FORM, LABEL},
    {"advertisement", CUE_AD, SHORT},
    {"advertising", CUE_AD, WHOLE},
    {"advertise", CUE_NAVIGATION, SHORT},
    {"all comments", CUE_COMMENTS, SHORT},
    {"all rights reserved", CUE_LEGAL, HEAD},
    {"also read", CUE_RELATED, HEAD},
    {"also on", CUE_RELATED, SHORT},
    {"anzeige", CUE_AD, WHOLE},
    {"already a subscriber", CUE_NOTICE, HEAD},
    {"autor", CUE_BYLINE, LABEL},
    {"author", CUE_BYLINE, LABEL},
    {"back to top", CUE_NAVIGATION, SHORT},
    {"be the first to comment", CUE_COMMENTS, HEAD},
    {"bookmark", CUE_SHARE, SHORT},
    {"breaking news", CUE_NAVIGATION, WHOLE},
    {"by", CUE_BYLINE, HEAD},
    {"bild", CUE_CREDIT, LABEL},
    {"category", CUE_TAGS, SHORT},
    {"categories", CUE_TAGS, SHORT},
    {"click here", CUE_PROMOTION, HEAD},
    {"click to", CUE_SHARE, SHORT},
    {"close", CUE_FORM, SHORT},
    {"comment on this", CUE_COMMENTS, SHORT},
    {"comments powered by", CUE_COMMENTS, HEAD},
    {"comments", CUE_COMMENTS, SHORT},
    {"comment", CUE_COMMENTS, SHORT},
    {"connect with us", CUE_SHARE, HEAD},
    {"contact us", CUE_NAVIGATION, SHORT},
    {"continue reading", CUE_RELATED, SHORT},
    {"cookie", CUE_NOTICE, SHORT},
    {"copy link", CUE_SHARE, SHORT},
    {"copyright", CUE_LEGAL, HEAD},
    {"credit", CUE_CREDIT, LABEL},
    {"cr\xc3\xa9"
     "dit photo",
     CUE_CREDIT, HEAD},
    {"create account", CUE_FORM, SHORT},
    {"digg", CUE_SHARE, SHORT},
    {"discover more", CUE_RELATED, SHORT},
    {"don't miss", CUE_RELATED, SHORT},
    {"donate", CUE_PROMOTION, SHORT},
    {"download the", CUE_PROMOTION, SHORT},
    {"download our", CUE_PROMOTION, SHORT},
    {"e-mail this", CUE_SHARE, SHORT},
    {"e-mail", CUE_FORM, LABEL},
    {"editing by", CUE_BYLINE, SHORT},
    {"editor's picks", CUE_RELATED, SHORT},
    {"editors' picks", CUE_RELATED, SHORT},
    {"email address", CUE_FORM, SHORT},
    {"email this", CUE_SHARE, SHORT},
    {"email", CUE_FORM, LABEL},
    {"email", CUE_SHARE, WHOLE},
    {"enter your", CUE_FORM, HEAD},
    {"explore more", CUE_RELATED, SHORT},
    {"facebook", CUE_SHARE, SHORT},
    {"featured", CUE_RELATED, WHOLE},
    {"file photo", CUE_CAPTION, HEAD},
    {"filed under", CUE_TAGS, HEAD},
    {"follow us", CUE_SHARE, HEAD},
    {"follow", CUE_SHARE, SHORT},
    {"for more information", CUE_PROMOTION, SHORT},
    {"forgot password", CUE_FORM, SHORT},
    {"forward to a friend", CUE_SHARE, SHORT},
    {"foto", CUE_CREDIT, LABEL},
    {"font size", CUE_FORM, SHORT},
    {"friend's", CUE_FORM, LABEL},
    {"from the web", CUE_AD, SHORT},
    {"getty images", CUE_CREDIT, HEAD},
    {"get the latest", CUE_PROMOTION, HEAD},
    {"get our", CUE_PROMOTION, HEAD},
    {"home", CUE_NAVIGATION, WHOLE},
    {"image source", CUE_CREDIT, HEAD},
    {"image credit", CUE_CREDIT, HEAD},
    {"image caption", CUE_CAPTION, HEAD},
    {"image", CUE_CREDIT, LABEL},
    {"image", CUE_CREDIT, SHORT},
    {"in pictures", CUE_MEDIA, SHORT},
    {"instagram", CUE_SHARE, SHORT},
    {"join the conversation", CUE_COMMENTS, HEAD},
    {"join our", CUE_PROMOTION, HEAD},
    {"keywords", CUE_TAGS, LABEL},
    {"last updated", CUE_DATELINE, SHORT},
    {"last modified", CUE_DATELINE, SHORT},
    {"latest news", CUE_RELATED, SHORT},
    {"learn more", CUE_RELATED, SHORT},
    {"leave a comment", CUE_COMMENTS, SHORT},
    {"leave a reply", CUE_COMMENTS, SHORT},
    {"leave your comment", CUE_COMMENTS, SHORT},
    {"like us on", CUE_SHARE, HEAD},
    {"linkedin", CUE_SHARE, SHORT},
    {"listen to", CUE_MEDIA, SHORT},
    {"load more", CUE_RELATED, SHORT},
    {"log in", CUE_FORM, SHORT},
    {"login", CUE_FORM, SHORT},
    {"main menu", CUE_NAVIGATION, SHORT},
    {"manage subscription", CUE_PROMOTION, SHORT},
    {"menu", CUE_NAVIGATION, SHORT},
    {"message", CUE_FORM, LABEL},
    {"more articles", CUE_RELATED, SHORT},
    {"more from", CUE_RELATED, SHORT},
    {"more in", CUE_RELATED, SHORT},
    {"more news", CUE_RELATED, SHORT},
    {"more on", CUE_RELATED, SHORT},
    {"more stories", CUE_RELATED, SHORT},
    {"more", CUE_RELATED, LABEL},
    {"most popular", CUE_RELATED, SHORT},
    {"most read", CUE_RELATED, SHORT},
    {"most viewed", CUE_RELATED, SHORT},
    {"must read", CUE_RELATED, SHORT},
    {"must read", CUE_RELATED, LABEL},
    {"my account", CUE_FORM, SHORT},
    {"name", CUE_FORM, LABEL},
    {"newsletter", CUE_PROMOTION, SHORT},
    {"next article", CUE_RELATED, SHORT},
    {"next story", CUE_RELATED, SHORT},
    {"next", CUE_NAVIGATION, WHOLE},
    {"no comments", CUE_COMMENTS, SHORT},
    {"open menu", CUE_NAVIGATION, SHORT},
    {"original url", CUE_SOURCE, HEAD},
    {"original source", CUE_SOURCE, HEAD},
    {"original article", CUE_SOURCE, HEAD},
    {"originally published", CUE_SOURCE, HEAD},
    {"our privacy policy", CUE_LEGAL, HEAD},
    {"password", CUE_FORM, SHORT},
    {"permalink", CUE_SHARE, SHORT},
    {"phone", CUE_FORM, LABEL},
    {"photo credit", CUE_CREDIT, HEAD},
    {"photograph by", CUE_CREDIT, SHORT},
    {"photograph", CUE_CREDIT, LABEL},
    {"photo by", CUE_CREDIT, SHORT},
    {"photos", CUE_CREDIT, LABEL},
    {"photos", CUE_MEDIA, WHOLE},
    {"photo", CUE_CREDIT, LABEL},
    {"photo", CUE_CREDIT, SHORT},
    {"picture", CUE_CREDIT, LABEL},
    {"pic", CUE_CREDIT, LABEL},
    {"pinterest", CUE_SHARE, SHORT},
    {"please enable", CUE_NOTICE, HEAD},
    {"please log in", CUE_COMMENTS, HEAD},
    {"please sign in", CUE_COMMENTS, HEAD},
    {"popular", CUE_RELATED, SHORT},
    {"post a comment", CUE_COMMENTS, SHORT},
    {"post comment", CUE_COMMENTS, SHORT},
    {"posted by", CUE_BYLINE, SHORT},
    {"posted in", CUE_TAGS, SHORT},
    {"posted on", CUE_DATELINE, SHORT},
    {"posted", CUE_DATELINE, SHORT},
    {"powered by", CUE_LEGAL, SHORT},
    {"previous", CUE_NAVIGATION, SHORT},
    {"print this", CUE_SHARE, SHORT},
    {"print", CUE_SHARE, WHOLE},
    {"print version", CUE_SHARE, SHORT},
    {"printable version", CUE_SHARE, SHORT},
    {"printer friendly", CUE_SHARE, SHORT},
    {"printer-friendly", CUE_SHARE, SHORT},
    {"privacy", CUE_LEGAL, SHORT},
    {"promoted", CUE_AD, SHORT},
    {"publicidad", CUE_AD, WHOLE},
    {"publicit\xc3\xa9", CUE_AD, WHOLE},
    {"published by", CUE_BYLINE, SHORT},
    {"published", CUE_DATELINE, SHORT},
    {"quelle", CUE_SOURCE, LABEL},
    {"rate this", CUE_COMMENTS, SHORT},
    {"read also", CUE_RELATED, HEAD},
    {"read full", CUE_RELATED, SHORT},
    {"read more", CUE_RELATED, HEAD},
    {"read next", CUE_RELATED, HEAD},
    {"read the full", CUE_RELATED, SHORT},
    {"read", CUE_RELATED, LABEL},
    {"recommended", CUE_RELATED, SHORT},
    {"recommend", CUE_SHARE, SHORT},
    {"recent posts", CUE_RELATED, SHORT},
    {"related", CUE_RELATED, SHORT},
    {"related", CUE_RELATED, LABEL},
    {"related article", CUE_RELATED, HEAD},
    {"related stories", CUE_RELATED, HEAD},
    {"related story", CUE_RELATED, HEAD},
    {"related topics", CUE_TAGS, HEAD},
    {"register", CUE_FORM, SHORT},
    {"reply", CUE_COMMENTS, SHORT},
    {"report abuse", CUE_COMMENTS, SHORT},
    {"report a correction", CUE_COMMENTS, SHORT},
    {"reporting by", CUE_BYLINE, HEAD},
    {"rss", CUE_SHARE, SHORT},
    {"save", CUE_SHARE, WHOLE},
    {"scroll to", CUE_NAVIGATION, SHORT},
    {"search", CUE_FORM, SHORT},
    {"see also", CUE_RELATED, HEAD},
    {"see more", CUE_RELATED, SHORT},
    {"send to a friend", CUE_SHARE, SHORT},
    {"send us", CUE_PROMOTION, SHORT},
    {"share", CUE_SHARE, SHORT},
    {"show comments", CUE_COMMENTS, SHORT},
    {"sign in", CUE_FORM, SHORT},
    {"sign up", CUE_PROMOTION, HEAD},
    {"sitemap", CUE_NAVIGATION, SHORT},
    {"site map", CUE_NAVIGATION, SHORT},
    {"skip to", CUE_NAVIGATION, SHORT},
    {"source", CUE_SOURCE, LABEL},
    {"sponsored", CUE_AD, SHORT},
    {"story by", CUE_BYLINE, SHORT},
    {"story continues", CUE_AD, SHORT},
    {"subject", CUE_FORM, LABEL},
    {"submit", CUE_FORM, SHORT},
    {"subscribe", CUE_PROMOTION, SHORT},
    {"subscription", CUE_PROMOTION, SHORT},
    {"support our", CUE_PROMOTION, SHORT},
    {"tags", CUE_TAGS, HEAD},
    {"tag", CUE_TAGS, LABEL},
    {"tell a friend", CUE_SHARE, SHORT},
    {"terms", CUE_LEGAL, SHORT},
    {"text size", CUE_FORM, SHORT},
    {"this site uses", CUE_NOTICE, HEAD},
    {"top stories", CUE_RELATED, SHORT},
    {"topics", CUE_TAGS, SHORT},
    {"trending", CUE_RELATED, SHORT},
    {"tweet", CUE_SHARE, SHORT},
    {"twitter", CUE_SHARE, SHORT},
    {"updated", CUE_DATELINE, SHORT},
    {"url", CUE_SOURCE, LABEL},
    {"use of this", CUE_LEGAL, SHORT},
    {"username", CUE_FORM, SHORT},
    {"verification code", CUE_FORM, SHORT},
    {"via", CUE_SOURCE, LABEL},
    {"video", CUE_MEDIA, SHORT},
    {"view all", CUE_RELATED, SHORT},
    {"view comments", CUE_COMMENTS, SHORT},
    {"view more", CUE_RELATED, SHORT},
    {"views", CUE_COUNTER, LABEL},
    {"viewed", CUE_COUNTER, SHORT},
    {"von", CUE_BYLINE, SHORT},
    {"watch", CUE_MEDIA, LABEL},
    {"watch", CUE_MEDIA, SHORT},
    {"we use cookies", CUE_NOTICE, HEAD},
    {"website", CUE_FORM, LABEL},
    {"whatsapp", CUE_SHARE, SHORT},
    {"write a comment", CUE_COMMENTS, SHORT},
    {"written by", CUE_BYLINE, SHORT},
    {"x", CUE_SHARE, WHOLE},
    {"you may also", CUE_RELATED, SHORT},
    {"you might also", CUE_RELATED, SHORT},
    {"your browser", CUE_NOTICE, HEAD},
    {"your e-mail", CUE_FORM, SHORT},
    {"your email", CUE_FORM, SHORT},
    {"your name", CUE_FORM, SHORT},
    {"youtube", CUE_SHARE, SHORT},
};
#define N_WORDINGS (sizeof wordings / sizeof *wordings)

/* Bytes of `text` that match the wording from `at` on (curly apostrophes count as straight ones),
 * 0 = no match or a word goes on after it. */
static size_t match(wr_str text, size_t at, const char *wording) {
    size_t i = at;
    for (; *wording; wording++) {
        if (*wording == '\'' && i + 3 <= text.len && memcmp(text.ptr + i, "\xe2\x80\x99", 3) == 0) {
            i += 3;
            continue;
        }
        if (i >= text.len || wr_lower(text.ptr[i]) != *wording) return 0;
        i++;
    }
    if (i < text.len && (wr_is_alpha(text.ptr[i]) ||
                         (text.ptr[i] & 0x80 && text.ptr[i] != '\xc2' && text.ptr[i] != '\xe2')))
        return 0;
    return i;
}

static bool only_marks(wr_str rest) {
    for (size_t i = 0; i < rest.len; i++)
        if (wr_is_alpha(rest.ptr[i]) || (unsigned char)rest.ptr[i] >= 0xC3) return false;
    return true;
}

static bool fits(const struct plain_line *line, wr_str rest, enum where where) {
    rest = wr_str_trim(rest);
    switch (where) {
    case HEAD: return true;
    case LABEL: return rest.len && rest.ptr[0] == ':';
    case WHOLE: return only_marks(rest);
    case SHORT: return line->words <= 8;
    default: return false;
    }
}

/* A byline names people: few words after "by", the first of them capitalised, no sentence. */
static bool is_byline(const struct plain_line *line, wr_str rest) {
    rest = wr_str_trim(rest);
    while (rest.len >= 2 && (rest.ptr[0] == ':' || memcmp(rest.ptr, "\xc2\xa0", 2) == 0))
        rest = wr_str_trim(wr_str_slice(rest, rest.ptr[0] == ':' ? 1 : 2, rest.len));
    if (!rest.len || line->words > 16 || line->caps < 2) return false;
    unsigned char c = (unsigned char)rest.ptr[0];
    bool capital = (c >= 'A' && c <= 'Z') || c >= 0xC3;
    return capital && 3 * line->caps >= line->words;
}

/* "1,234 views", "3 comments", "5 min read": a number, then a word that counts something. */
static enum plain_cue counted(const struct plain_line *line) {
    static const struct wording units[] = {
        {"views", CUE_COUNTER, 0},        {"shares", CUE_COUNTER, 0},
        {"likes", CUE_COUNTER, 0},        {"reads", CUE_COUNTER, 0},
        {"comment", CUE_COMMENTS, 0},     {"comments", CUE_COMMENTS, 0},
        {"min read", CUE_COUNTER, 0},     {"minute read", CUE_COUNTER, 0},
        {"replies", CUE_COMMENTS, 0},     {"hours ago", CUE_DATELINE, 0},
        {"minutes ago", CUE_DATELINE, 0}, {"days ago", CUE_DATELINE, 0},
        {"hour ago", CUE_DATELINE, 0},    {"day ago", CUE_DATELINE, 0},
    };
    if (line->words > 5 || line->first != EDGE_DIGIT) return CUE_NONE;
    size_t i = 0;
    while (i < line->text.len && (wr_is_digit(line->text.ptr[i]) || line->text.ptr[i] == ',' ||
                                  line->text.ptr[i] == '.' || line->text.ptr[i] == ' '))
        i++;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        if (match(line->text, i, units[u].text)) return (enum plain_cue)units[u].cue;
    return CUE_NONE;
}

/* A line of few words that is mostly a date or a time. */
static bool is_dateline(const struct plain_line *line) {
    if (line->words > 12 || line->last == EDGE_STOP || !line->digits) return false;
    bool day = (line->bits & BIT_MONTH) && (line->bits & BIT_YEAR);
    if (day && line->words <= 7) return true;
    if (day && (line->bits & BIT_TIME)) return true;
    return line->digits >= 6 && line->digits * 2 > line->letters && line->words <= 5 &&
           (line->bits & (BIT_TIME | BIT_YEAR));
}

/* The first wording with that first letter: the table is in the order of first letters. */
static size_t first_wording(char letter) {
    size_t low = 0, high = N_WORDINGS;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (wordings[mid].text[0] < letter) low = mid + 1;
        else high = mid;
    }
    return low;
}

enum plain_cue plain_cue_of(const struct plain_line *line) {
    wr_str t = line->text;
    if (!line->words) return CUE_NONE;
    size_t at = 0;
    while (at < t.len && !wr_is_alpha(t.ptr[at]) && (unsigned char)t.ptr[at] < 0xC3 &&
           !wr_is_digit(t.ptr[at]))
        at++; /* bullets and other marks in front */
    while (at + 2 < t.len && (unsigned char)t.ptr[at] == 0xE2)
        at += 3;
    at += at < t.len && t.ptr[at] == ' ';
    if ((line->bits & BIT_SIGN) && memmem(t.ptr, t.len, "\xc2\xa9", 2) && line->words <= 40)
        return CUE_LEGAL;
    if (at < t.len && wr_is_digit(t.ptr[at])) {
        enum plain_cue c = counted(line);
        if (c != CUE_NONE) return c;
    }
    if (at < t.len && line->words <= 60) {
        char first = wr_lower(t.ptr[at]), second = at + 1 < t.len ? wr_lower(t.ptr[at + 1]) : 0;
        for (size_t i = first_wording(first); i < N_WORDINGS && wordings[i].text[0] == first; i++) {
            char want = wordings[i].text[1];
            if (want != second && want && want != '\'') continue;
            size_t end = match(t, at, wordings[i].text);
            if (!end) continue;
            wr_str rest = wr_str_slice(t, end, t.len);
            if (wordings[i].cue == CUE_BYLINE && wordings[i].where != LABEL) {
                if (!is_byline(line, rest)) continue;
            } else if (!fits(line, rest, (enum where)wordings[i].where)) continue;
            /* a sentence that only begins like furniture is prose */
            if (wordings[i].where == SHORT && line->words > 4 && line->last == EDGE_STOP &&
                wordings[i].cue != CUE_PROMOTION && wordings[i].cue != CUE_SHARE)
                continue;
            return (enum plain_cue)wordings[i].cue;
        }
    }
    if (is_dateline(line)) return CUE_DATELINE;
    return CUE_NONE;
}
