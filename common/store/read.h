/* read.h -- articles out of the store, as they were put in, and as JSON for people and streams */
#ifndef WR_STORE_READ_H
#define WR_STORE_READ_H

#include <common/store/store.h>

typedef struct wr_stored_span {
    uint64_t start, end;               /* bytes of the text */
    uint64_t source_start, source_end; /* paragraphs: bytes of the page; 0, 0 = not known */
    wr_str kind;                       /* paragraphs */
    double confidence;                 /* mentions */
} wr_stored_span;

typedef struct wr_stored_entity {
    int64_t number; /* of the store */
    wr_str key;     /* "PER/ada-lovelace", "LOC/Q84": the same in every store */
    wr_str name, type, wikidata, role, country, origin;
    wr_str candidates, extra; /* JSON */
    double confidence;
    wr_stored_span *mentions;
    size_t n_mentions;
} wr_stored_entity;

typedef struct wr_stored_quote {
    uint64_t n, start, end, speaker_start, speaker_end;
    wr_str text, kind, speaker, speaker_key, cue, extra;
    double confidence;
} wr_stored_quote;

typedef struct wr_stored_date {
    uint64_t start, end;
    wr_str value, type, basis;
} wr_stored_date;

typedef struct wr_stored_removal {
    uint64_t start, end, article; /* bytes of the page; article: 1 + ordinal, 0 = none */
    wr_str reason, text;
} wr_stored_removal;

/* One article. Strings that are JSON: authors, keywords, origins, extra, page_extra, repairs. */
typedef struct wr_stored {
    int64_t number, page_number, source_number;
    wr_str id;   /* "<page>-<ordinal>" */
    wr_str page; /* id of the page */
    uint64_t ordinal, record, offset, size, n_articles;
    wr_str file, *files; /* the first name in byte order, and all */
    size_t n_files;
    wr_str kind, page_url, fetched, encoding, feed, model, repairs, page_extra;
    wr_str title, site, host, url, day, published, modified, section, lang, agency, authors;
    wr_str image, caption, credit, description, keywords, origins, extra;
    double quality;
    bool is_copy, has_text;
    wr_str text;
    wr_stored_span *paras;
    wr_stored_entity *entities;
    wr_stored_quote *quotes;
    wr_stored_date *dates;
    wr_stored_removal *removed; /* of the page, those nearest to this article */
    size_t n_paras, n_entities, n_quotes, n_dates, n_removed;
} wr_stored;

typedef struct wr_reader wr_reader;

/* Statements to read with, on a store's handle, which must outlive the reader. */
WR_API WR_MUSTUSE wr_status wr_reader_open(sqlite3 *db, wr_reader **out);
WR_API void wr_reader_close(wr_reader **reader);
/* The article with that number, all in `arena`. WR_NOTFOUND. WR_MALFORMED: its row is damaged. */
WR_API WR_MUSTUSE wr_status wr_reader_article(wr_reader *reader, wr_arena *arena, int64_t number,
                                              wr_stored *out);

/* The article as the members of a JSON object (with the braces): the form of `wireroom export
 * jsonl` and of the article messages; include/wireroom/STREAMS.md lists the members. */
WR_API WR_MUSTUSE wr_status wr_render_article(wr_buf *out, const wr_stored *a);
/* Entity i, quote i as an object of its own, with the article they are from. */
WR_API WR_MUSTUSE wr_status wr_render_entity(wr_buf *out, const wr_stored *a, size_t i);
WR_API WR_MUSTUSE wr_status wr_render_quote(wr_buf *out, const wr_stored *a, size_t i);

#endif
