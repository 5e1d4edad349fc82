/* plain_meta.c -- what the lines around a story say about it: names, agency, site, address, date */
#include "plain_doc.h"
#include "plain_scale.h"

static wr_str trim(wr_str s) {
    for (;;) {
        size_t len = s.len;
        s = wr_str_trim(s);
        if (wr_str_starts(s, WR_STR("\xc2\xa0"))) s = wr_str_slice(s, 2, s.len);
        if (wr_str_ends(s, WR_STR("\xc2\xa0"))) s.len -= 2;
        if (s.len == len) return s;
    }
}

bool plain_is_name(const struct plain_line *l) {
    return l->words >= 1 && l->words <= 4 && l->caps == l->words && !l->digits && !l->seps &&
           l->upper < l->letters && l->letters >= 4 && l->first == EDGE_UPPER &&
           (l->last == EDGE_LOWER || l->last == EDGE_UPPER) && l->cue == CUE_NONE &&
           l->symbols <= 2 && !(l->bits & (BIT_MONTH | BIT_URL | BIT_AT | BIT_SLASH));
}

wr_str plain_byline_names(const struct plain_line *l) {
    wr_str t = trim(l->text), none = {NULL, 0};
    if (l->cue != CUE_BYLINE) return none;
    static const char *const heads[] = {
        "written by", "posted by", "published by", "reporting by", "story by", "editing by",
        "authors",    "author",    "autor",        "von",          "by"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        wr_str head = wr_str_c(heads[i]);
        if (t.len <= head.len || !wr_str_eq_nocase(wr_str_slice(t, 0, head.len), head)) continue;
        if (wr_is_alpha(t.ptr[head.len])) continue;
        t = trim(wr_str_slice(t, head.len, t.len));
        if (t.len && t.ptr[0] == ':') t = trim(wr_str_slice(t, 1, t.len));
        break;
    }
    static const char *const ends[] = {" for ",
                                       " | ",
                                       " - ",
                                       " \xe2\x80\x93 ",
                                       " \xe2\x80\x94 ",
                                       " \xc2\xb7 ",
                                       " \xe2\x80\xa2 ",
                                       " on ",
                                       " in ",
                                       " at ",
                                       "  ",
                                       " Published",
                                       " Updated",
                                       ";"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *hit = memmem(t.ptr, t.len, ends[i], strlen(ends[i]));
        if (hit) t.len = (size_t)(hit - t.ptr);
    }
    return trim(t);
}

bool plain_caption(const struct plain_line *l, wr_str *caption, wr_str *credit) {
    if (!l->words || !(l->bits & (BIT_BRACKET | BIT_SLASH))) return false;
    wr_str t = trim(l->text), a = t, b = {NULL, 0};
    if ((l->bits & BIT_BRACKET) && t.ptr[t.len - 1] == ']') {
        size_t open = t.len;
        while (open && t.ptr[open - 1] != '[')
            open--;
        a = wr_str_slice(t, 0, open - 1);
        b = wr_str_slice(t, open, t.len - 1);
    } else if (l->bits & BIT_BRACKET) {
        size_t open = t.len - 2;
        while (open && memcmp(t.ptr + open - 1, "**", 2) != 0)
            open--;
        if (!open) return false;
        a = wr_str_slice(t, 0, open - 1);
        b = wr_str_slice(t, open + 1, t.len - 2);
    } else if ((l->bits & BIT_SLASH) && l->words <= 40 && l->last != EDGE_STOP) {
        size_t slash = t.len;
        while (slash && t.ptr[slash - 1] != '/')
            slash--;
        a = wr_str_slice(t, 0, slash - (slash > 0));
        b = wr_str_slice(t, slash, t.len);
        size_t spaces = 0;
        for (size_t i = 0; i < b.len; i++)
            spaces += b.ptr[i] == ' ';
        unsigned char c = b.len ? (unsigned char)b.ptr[0] : 0;
        if (b.len < 2 || b.len > 40 || spaces > 3 || l->words < 3 || c < 'A' || c > 'Z')
            return false;
    } else return false;
    if (caption) *caption = trim(a);
    if (credit) *credit = trim(b);
    return a.len > 0;
}

bool plain_agency_line(const struct plain_line *l, wr_str *site, wr_str *agency) {
    static const char *const joins[] = {" with inputs from ", " with input from ",
                                        " with reports from ", " with agency inputs",
                                        " with inputs from"};
    if (l->words < 3 || l->words > 14 || l->caps * 2 < l->words - 2) return false;
    if (!memmem(l->text.ptr, l->text.len, " with ", 6)) return false;
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        const char *hit = memmem(l->text.ptr, l->text.len, joins[i], strlen(joins[i]));
        if (!hit) continue;
        size_t at = (size_t)(hit - l->text.ptr);
        if (site) *site = trim(wr_str_slice(l->text, 0, at));
        if (agency) *agency = trim(wr_str_slice(l->text, at + strlen(joins[i]), l->text.len));
        return true;
    }
    return false;
}

static bool is_agency(wr_str name) {
    static const char *const words[] = {"News",  "Agenc",  "Press",    "Reuters",  "AFP",
                                        "Staff", "Wire",   "Media",    "Newsroom", "Desk",
                                        "TASS",  "Xinhua", "Bloomberg"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(name.ptr, name.len, words[i], strlen(words[i]))) return true;
    if (wr_str_eq(name, WR_STR("AP")) || wr_str_eq(name, WR_STR("DPA"))) return true;
    return name.len > 4 &&
           wr_str_eq_nocase(wr_str_slice(name, name.len - 4, name.len), WR_STR("news"));
}

static wr_status add_author(wr_arena *arena, wr_article *article, size_t *cap, wr_str name,
                            wr_str origin) {
    name = trim(name);
    while (name.len && (name.ptr[name.len - 1] == ',' || name.ptr[name.len - 1] == '.'))
        name.len--;
    if (name.len < 3 || name.len > 80) return WR_OK;
    if (is_agency(name)) {
        if (!article->agency.len) article->agency = name;
        return WR_OK;
    }
    for (size_t i = 0; i < article->n_authors; i++)
        if (wr_str_eq_nocase(article->authors[i].name, name)) return WR_OK;
    wr_author *a = WR_PUSH(arena, article->authors, article->n_authors, *cap);
    if (!a) return WR_MEMORY;
    a->name = name;
    a->origin = origin;
    return WR_OK;
}

static wr_status add_names(wr_arena *arena, wr_article *article, size_t *cap, wr_str names,
                           wr_str origin) {
    while (names.len) {
        size_t cut = names.len, skip = 0;
        static const char *const joins[] = {", and ", " and ", ", ", " & ", " und ", " et ", " y "};
        for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
            const char *hit = memmem(names.ptr, names.len, joins[i], strlen(joins[i]));
            if (hit && (size_t)(hit - names.ptr) < cut)
                cut = (size_t)(hit - names.ptr), skip = strlen(joins[i]);
        }
        wr_str one = wr_str_slice(names, 0, cut);
        unsigned char c = one.len ? (unsigned char)one.ptr[0] : 0;
        if ((c >= 'A' && c <= 'Z') || c >= 0xC3)
            WR_TRY(add_author(arena, article, cap, one, origin));
        names = wr_str_slice(names, cut + skip, names.len);
    }
    return WR_OK;
}

/* What stands behind the label of a labelled line: "Source: X". */
static wr_str after_colon(wr_str t) {
    size_t colon = wr_str_find_char(t, 0, ':');
    return trim(wr_str_slice(t, colon + 1, t.len));
}

/* An address in `t`; blanks inside one that fills the line are taken out. */
static wr_status address(wr_arena *arena, wr_str t, wr_str *out) {
    t = trim(t);
    if (!wr_str_starts(t, WR_STR("http://")) && !wr_str_starts(t, WR_STR("https://"))) return WR_OK;
    char *to = wr_arena_take(arena, t.len);
    if (!to) return WR_MEMORY;
    size_t n = 0, blanks = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (wr_is_space(t.ptr[i])) blanks++;
        else to[n++] = t.ptr[i];
    }
    if (blanks > 2) { /* words after an address, not a broken one */
        size_t end = wr_str_find_char(t, 0, ' ');
        *out = wr_str_slice(t, 0, end);
    } else *out = wr_str_of(to, n);
    return WR_OK;
}

/* A publication's name at the end of what is said of the author: "... news for The Morning Post."
 */
static wr_str site_of_bio(wr_str t) {
    static const char *const joins[] = {" for ", " at ", " of "};
    while (t.len && (t.ptr[t.len - 1] == '.' || t.ptr[t.len - 1] == ' '))
        t.len--;
    for (size_t at = t.len; at-- > 1;) {
        for (size_t i = 0; i < 3; i++) {
            size_t len = strlen(joins[i]);
            if (at + len >= t.len || memcmp(t.ptr + at, joins[i], len) != 0) continue;
            wr_str name = wr_str_slice(t, at + len, t.len);
            size_t words = 1, caps = 0;
            for (size_t k = 0; k < name.len; k++) {
                if (name.ptr[k] == ' ') words++;
                if ((k == 0 || name.ptr[k - 1] == ' ') && name.ptr[k] >= 'A' && name.ptr[k] <= 'Z')
                    caps++;
            }
            return words == caps && words >= 2 && words <= 5 ? name : wr_str_of(NULL, 0);
        }
    }
    return wr_str_of(NULL, 0);
}

static wr_status source_line(wr_arena *arena, const struct plain_doc *doc, size_t i,
                             wr_article *article) {
    wr_str t = trim(doc->lines.line[i].text), value = after_colon(t);
    wr_str url = {NULL, 0};
    if (!value.len && i + 1 < doc->lines.n) value = trim(doc->lines.line[i + 1].text);
    WR_TRY(address(arena, value, &url));
    if (url.len) {
        if (!article->url.len) article->url = url, article->url_origin = WR_STR("label");
        return WR_OK;
    }
    if (wr_lower(t.ptr[0]) != 's' && wr_lower(t.ptr[0]) != 'q') return WR_OK; /* Source, Quelle */
    wr_str site = wr_str_slice(value, 0, wr_str_find_char(value, 0, ','));
    if (memchr(site.ptr, '.', site.len))
        site = wr_str_slice(site, 0, wr_str_find_char(site, 0, ' '));
    if (site.len >= 2 && site.len <= 60 && !article->site.len)
        article->site = site, article->site_origin = WR_STR("label");
    return WR_OK;
}

static wr_status date_line(wr_arena *arena, const struct plain_doc *doc, size_t i, bool labelled,
                           wr_article *article) {
    const struct plain_line *l = &doc->lines.line[i];
    wr_str iso = {NULL, 0}, precision = {NULL, 0};
    if (l->words > 16 || plain_caption(l, NULL, NULL)) return WR_OK;
    if (!labelled && l->cue != CUE_DATELINE && l->cue != CUE_BYLINE) return WR_OK;
    WR_TRY(plain_date(arena, l->text, &iso, &precision));
    if (!iso.len) return WR_OK;
    if (wr_str_eq_nocase(wr_str_slice(trim(l->text), 0, 7), WR_STR("updated")) ||
        wr_str_eq_nocase(wr_str_slice(trim(l->text), 0, 5), WR_STR("last "))) {
        if (!article->modified.len) article->modified = iso;
        return WR_OK;
    }
    if (article->published.len) return WR_OK;
    article->published = iso;
    article->published_precision = precision;
    article->published_origin = WR_STR("label");
    return WR_OK;
}

/* "5 June 2017 - SITE" or "SITE / Section": a name is taken when both a line of the page's head and
 * the date line hold it. */
static void site_of_dateline(const struct plain_doc *doc, const struct plain_story *s, size_t i,
                             wr_article *article) {
    wr_str t = trim(doc->lines.line[i].text);
    size_t at = t.len;
    for (size_t k = 0; k + 3 < t.len; k++)
        if (t.ptr[k] == ' ' && (t.ptr[k + 1] == '-' || t.ptr[k + 1] == '|') && t.ptr[k + 2] == ' ')
            at = k + 3;
    wr_str name = trim(wr_str_slice(t, at, t.len));
    if (name.len < 3 || name.len > 40 || article->site.len || wr_is_digit(name.ptr[0])) return;
    for (size_t k = s->title > 6 ? s->title - 6 : 0; k < s->title; k++)
        if (wr_str_starts(trim(doc->lines.line[k].text), name))
            article->site = name, article->site_origin = WR_STR("label");
}

static wr_status line_facts(wr_arena *arena, const struct plain_doc *doc,
                            const struct plain_story *s, size_t i, size_t *cap,
                            wr_article *article) {
    const struct plain_line *l = &doc->lines.line[i];
    wr_str a, b;
    bool near = i < s->first && s->title != NO_LINE;
    if (plain_agency_line(l, &a, &b)) {
        if (!article->site.len && a.len) article->site = a, article->site_origin = WR_STR("byline");
        if (!article->agency.len && b.len) article->agency = b;
        return WR_OK;
    }
    switch (doc->label[i]) {
    case LABEL_byline: {
        wr_str names = l->cue == CUE_BYLINE ? plain_byline_names(l) : trim(l->text);
        WR_TRY(add_names(arena, article, cap, names, WR_STR("byline")));
        const char *hit = memmem(l->text.ptr, l->text.len, " for ", 5);
        if (hit && l->cue == CUE_BYLINE && !article->site.len) {
            article->site =
                trim(wr_str_slice(l->text, (size_t)(hit - l->text.ptr) + 5, l->text.len));
            article->site_origin = WR_STR("byline");
        }
        return near ? date_line(arena, doc, i, false, article) : WR_OK;
    }
    case LABEL_bio:
        a = site_of_bio(l->text);
        if (a.len && !article->site.len) article->site = a, article->site_origin = WR_STR("bio");
        return WR_OK;
    case LABEL_source: return source_line(arena, doc, i, article);
    case LABEL_dateline:
        if (near) site_of_dateline(doc, s, i, article);
        return near ? date_line(arena, doc, i, true, article) : WR_OK;
    case LABEL_caption:
        if (i < s->last && !article->caption.len && plain_caption(l, &a, &b))
            article->caption = a, article->credit = b;
        return WR_OK;
    default: return WR_OK;
    }
}

wr_status plain_metadata(wr_arena *arena, const struct plain_doc *doc, const struct plain_story *s,
                         wr_article *article) {
    size_t cap = 0;
    size_t from = s->title == NO_LINE ? s->from : s->title;
    size_t low = from > s->from + 3 ? from - 3 : s->from;
    if (s == doc->story) low = from > 3 ? from - 3 : 0; /* in front of the first title */
    size_t high = s->to < s->last + 12 ? s->to : s->last + 12;
    for (size_t i = low; i < high; i++)
        if (i != s->title) WR_TRY(line_facts(arena, doc, s, i, &cap, article));
    return WR_OK;
}
