/* query_ask.c -- search, trending, entities, quotes and pairs */
#include "query.h"

#include <common/store/pairs.h>
#include <common/store/read.h>

static wr_str or_empty(const char *text) {
    return text ? wr_str_c(text) : (wr_str){0};
}

static wr_status need_words(query_job *job, const char *what) {
    if (job->words[0]) return WR_OK;
    snprintf(job->why, sizeof job->why, "%s", what);
    return WR_USAGE;
}

static wr_status done(query_job *job, output *out) {
    bool empty = out->n_rows == 0 && !out->json;
    if (!output_close(out)) return WR_IO;
    if (empty) fputs("nothing found\n", stderr);
    (void)job;
    return WR_OK;
}

static wr_str shorten(const output *out, wr_str text, size_t most) {
    if (out->json || text.len <= most) return text;
    while (most && ((unsigned char)text.ptr[most] & 0xc0) == 0x80)
        most--;
    return wr_str_slice(text, 0, most);
}

/* ---- search ---- */

wr_status query_search(query_job *job) {
    static const output_column columns[] = {
        {"article", NULL, false},  {"published", "DATE", false}, {"source", "SOURCE", false},
        {"title", "TITLE", false}, {"snippet", "TEXT", false},   {"url", NULL, false},
        {"score", NULL, true},
    };
    wr_hit *hits;
    size_t n;
    output out;
    WR_TRY(need_words(job, "search needs words"));
    WR_TRY(wr_search(job->db, job->arena, wr_str_c(job->words), or_empty(job->set->since),
                     (size_t)job->set->limit, &hits, &n));
    output_open(&out, stdout, job->set->json, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < n; i++) {
        output_text(&out, hits[i].id);
        output_text(&out, shorten(&out, hits[i].published, 10));
        output_text(&out, shorten(&out, hits[i].source, 20));
        output_text(&out, shorten(&out, hits[i].title, 50));
        output_text(&out, shorten(&out, hits[i].snippet, 90));
        output_text(&out, hits[i].url);
        output_real(&out, hits[i].score);
    }
    return done(job, &out);
}

/* ---- trending ---- */

static const char overall[] =
    "SELECT e.name, e.type, sum(d.n_articles) AS articles, sum(d.n_mentions) AS mentions, e.key"
    " FROM entity_days d JOIN entities e ON e.id = d.entity_id GROUP BY e.id"
    " ORDER BY articles DESC, mentions DESC, e.key LIMIT ?1";

typedef struct trends {
    wr_trend *list;
    size_t n;
    wr_str day;
} trends;

static wr_status read_trends(query_job *job, const wr_trending_options *o, trends *out) {
    const char *kind = job->set->kind;
    if (strcmp(kind, "entities") == 0)
        return wr_trending(job->db, job->arena, o, &out->day, &out->list, &out->n);
    if (strcmp(kind, "phrases") == 0)
        return wr_trending_phrases(job->db, job->arena, o, &out->day, &out->list, &out->n);
    if (strcmp(kind, "all") == 0)
        return wr_trending_all(job->db, job->arena, o, &out->day, &out->list, &out->n);
    snprintf(job->why, sizeof job->why, "--kind is entities, phrases or all");
    return WR_USAGE;
}

wr_status query_trending(query_job *job) {
    static const output_column columns[] = {
        {"name", "NAME", false},        {"type", "TYPE", false},  {"articles", "ARTICLES", true},
        {"expected", "EXPECTED", true}, {"score", "SCORE", true}, {"new", "NEW", false},
        {"mentions", NULL, true},       {"support", NULL, true},  {"key", NULL, false},
        {"day", NULL, false},           {"days", NULL, true},
    };
    wr_trending_options o = {.day = or_empty(job->set->day),
                             .days = (unsigned)job->set->days,
                             .limit = (size_t)job->set->limit};
    trends t = {0};
    output out;
    WR_TRY(read_trends(job, &o, &t));
    if (t.n == 0 && !job->set->day) { /* nothing to compare with: what is named most */
        char limit[24];
        fputs("too few dated articles for a trend; most named of all:\n", stderr);
        snprintf(limit, sizeof limit, "%lld", (long long)job->set->limit);
        return query_rows(job, overall, (const char *const[]){limit, NULL});
    }
    output_open(&out, stdout, job->set->json, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < t.n; i++) {
        output_text(&out, t.list[i].name);
        output_text(&out, t.list[i].type);
        output_number(&out, t.list[i].count);
        output_real(&out, t.list[i].expected);
        output_real(&out, t.list[i].score);
        output_both(&out, t.list[i].is_new ? WR_STR("new") : WR_STR(""),
                    t.list[i].is_new ? WR_STR("true") : WR_STR("false"));
        output_number(&out, t.list[i].mentions);
        output_number(&out, t.list[i].support);
        output_text(&out, t.list[i].key);
        output_text(&out, t.day);
        output_number(&out, (uint64_t)job->set->days);
    }
    return done(job, &out);
}

/* ---- entities ---- */

wr_status query_find(query_job *job, const char *name, wr_found_entity *out) {
    wr_found_entity *found;
    size_t n;
    WR_TRY(wr_find_entities(job->db, job->arena, wr_str_c(name), 1, &found, &n));
    if (n == 0) {
        snprintf(job->why, sizeof job->why, "nobody and nothing called \"%.200s\" in the store",
                 name);
        return WR_NOTFOUND;
    }
    *out = found[0];
    return WR_OK;
}

static wr_status list_entities(query_job *job) {
    static const output_column columns[] = {
        {"name", "NAME", false},         {"type", "TYPE", false}, {"articles", "ARTICLES", true},
        {"wikidata", "WIKIDATA", false}, {"key", "KEY", false},
    };
    wr_found_entity *found;
    size_t n;
    output out;
    WR_TRY(wr_find_entities(job->db, job->arena, wr_str_c(job->words), (size_t)job->set->limit,
                            &found, &n));
    output_open(&out, stdout, job->set->json, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < n; i++) {
        output_text(&out, found[i].name);
        output_text(&out, found[i].type);
        output_number(&out, found[i].n_articles);
        output_text(&out, found[i].wikidata);
        output_text(&out, found[i].key);
    }
    return done(job, &out);
}

static wr_status neighbours(query_job *job, int64_t entity) {
    static const output_column columns[] = {
        {"name", "NAME", false}, {"type", "TYPE", false}, {"paragraphs", "PARAGRAPHS", true},
        {"npmi", "NPMI", true},  {"key", NULL, false},
    };
    wr_pairs_options o = {
        .since = or_empty(job->set->since), .entity = entity, .min = (unsigned)job->set->min};
    wr_pairs p;
    output out;
    WR_TRY(wr_pairs_read(job->db, job->arena, &o, &p));
    output_open(&out, stdout, job->set->json, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < p.n_pairs && i < (size_t)job->set->limit; i++) {
        const wr_pair_node *a = &p.nodes[p.pairs[i].a], *b = &p.nodes[p.pairs[i].b];
        const wr_pair_node *other = a->entity == entity ? b : a;
        output_text(&out, other->name);
        output_text(&out, other->type);
        output_number(&out, p.pairs[i].n);
        output_real(&out, p.pairs[i].npmi);
        output_text(&out, other->key);
    }
    return done(job, &out);
}

/* Day by day through the table's own order: a look-up a day between the store's first and last. */
static const char timeline[] =
    "SELECT d.day, d.n_articles AS articles, d.n_unique AS without_copies, d.n_mentions AS mentions"
    " FROM (SELECT day FROM days WHERE day >= ?2) s CROSS JOIN entity_days d"
    " ON d.day = s.day AND d.entity_id = CAST(?1 AS INTEGER) ORDER BY d.day";
static const char aliases[] =
    "SELECT alias FROM (SELECT alias FROM aliases WHERE entity_id = CAST(?1 AS INTEGER) UNION"
    " SELECT coalesce(label, name) FROM entities WHERE id = CAST(?1 AS INTEGER) UNION"
    " SELECT name FROM entities WHERE id = CAST(?1 AS INTEGER)) ORDER BY alias";
static const char by_source[] =
    "SELECT coalesce(s.host, s.name, s.key) AS source, count(*) AS articles,"
    " sum(1 - a.is_copy) AS without_copies, min(nullif(a.day, '')) AS first_day,"
    " max(nullif(a.day, '')) AS last_day FROM facets f JOIN articles a ON a.id = f.rowid"
    " JOIN sources s ON s.id = a.source_id WHERE facets MATCH 'e' || ?1 AND a.day >= ?2"
    " GROUP BY s.id ORDER BY articles DESC, s.key";

wr_status query_entity(query_job *job) {
    const query_options *o = job->set;
    wr_found_entity e;
    char id[24];
    WR_TRY(need_words(job, "entity needs a name"));
    if (!o->timeline && !o->aliases && !o->neighbours && !o->sources) return list_entities(job);
    WR_TRY(query_find(job, job->words, &e));
    snprintf(id, sizeof id, "%lld", (long long)e.entity);
    const char *const parameters[] = {id, o->since ? o->since : "", NULL};
    if (o->neighbours) return neighbours(job, e.entity);
    if (o->aliases) return query_rows(job, aliases, (const char *const[]){id, NULL});
    return query_rows(job, o->timeline ? timeline : by_source, parameters);
}

/* ---- quotes ---- */

#define QUOTE_ROW                                                                                  \
    "SELECT a.published AS date, coalesce(q.speaker, '') AS speaker,"                              \
    " coalesce(q.words, CAST(substr(CAST(t.text AS BLOB), q.start + 1, q.\"end\" - q.start)"       \
    " AS TEXT)) AS words, coalesce(a.site, s.host) AS source, q.kind, q.cue, a.title, a.url,"      \
    " p.page || '-' || a.ordinal AS article"
#define QUOTE_JOINS                                                                                \
    " JOIN articles a ON a.id = q.article_id JOIN pages p ON p.id = a.page_id"                     \
    " JOIN sources s ON s.id = a.source_id LEFT JOIN texts t ON t.article_id = a.id"               \
    " WHERE a.day >= ?2"
#define QUOTE_ORDER " ORDER BY a.day DESC, p.page, a.ordinal, q.n LIMIT ?3"

/* An entity is quoted about when one of its mentions stands in the quote. */
#define ABOUT                                                                                      \
    " AND EXISTS (SELECT 1 FROM tags g JOIN json_each(g.entities) m"                               \
    " JOIN json_each(m.value, '$[3]') x WHERE g.article_id = a.id"                                 \
    " AND m.value ->> 0 = CAST(?4 AS INTEGER) AND (x.value ->> 0) >= q.start"                      \
    " AND (x.value ->> 0) < q.\"end\")"

static const char quotes_all[] = QUOTE_ROW " FROM quotes q" QUOTE_JOINS " AND ?1 = ''" QUOTE_ORDER;
static const char quotes_by[] = QUOTE_ROW
    " FROM facets f CROSS JOIN quotes q ON q.article_id = f.rowid"
    " AND q.speaker_id = CAST(?1 AS INTEGER)" QUOTE_JOINS " AND facets MATCH 's' || ?1" QUOTE_ORDER;
static const char quotes_about[] =
    QUOTE_ROW " FROM facets f CROSS JOIN quotes q ON q.article_id = f.rowid" QUOTE_JOINS
              " AND facets MATCH 'e' || ?4 AND ?1 = ''" ABOUT QUOTE_ORDER;
static const char quotes_by_about[] =
    QUOTE_ROW " FROM facets f CROSS JOIN quotes q ON q.article_id = f.rowid"
              " AND q.speaker_id = CAST(?1 AS INTEGER)" QUOTE_JOINS
              " AND facets MATCH 's' || ?1 || ' AND e' || ?4" ABOUT QUOTE_ORDER;

wr_status query_quotes(query_job *job) {
    const query_options *o = job->set;
    char by[24] = "", about[24] = "", limit[24];
    wr_found_entity e;
    const char *by_name = o->by ? o->by : job->words[0] ? job->words : NULL;
    if (by_name) {
        WR_TRY(query_find(job, by_name, &e));
        snprintf(by, sizeof by, "%lld", (long long)e.entity);
    }
    if (o->about) {
        WR_TRY(query_find(job, o->about, &e));
        snprintf(about, sizeof about, "%lld", (long long)e.entity);
    }
    snprintf(limit, sizeof limit, "%lld", (long long)o->limit);
    const char *const parameters[] = {by, o->since ? o->since : "", limit, o->about ? about : NULL,
                                      NULL};
    const char *sql = o->about  ? by_name ? quotes_by_about : quotes_about
                      : by_name ? quotes_by
                                : quotes_all;
    return query_rows(job, sql, parameters);
}

/* ---- pairs ---- */

wr_status query_pairs(query_job *job) {
    static const output_column columns[] = {
        {"a", "A", false},      {"b", "B", false},      {"paragraphs", "PARAGRAPHS", true},
        {"npmi", "NPMI", true}, {"a_key", NULL, false}, {"b_key", NULL, false},
    };
    wr_pairs_options o = {.since = or_empty(job->set->since), .min = (unsigned)job->set->min};
    wr_found_entity e;
    wr_pairs p;
    output out;
    if (job->words[0]) {
        WR_TRY(query_find(job, job->words, &e));
        o.entity = e.entity;
    }
    WR_TRY(wr_pairs_read(job->db, job->arena, &o, &p));
    output_open(&out, stdout, job->set->json, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < p.n_pairs && i < (size_t)job->set->limit; i++) {
        const wr_pair_node *a = &p.nodes[p.pairs[i].a], *b = &p.nodes[p.pairs[i].b];
        output_text(&out, a->name);
        output_text(&out, b->name);
        output_number(&out, p.pairs[i].n);
        output_real(&out, p.pairs[i].npmi);
        output_text(&out, a->key);
        output_text(&out, b->key);
    }
    return done(job, &out);
}

/* ---- one article ---- */

wr_status query_article(query_job *job, int64_t number) {
    wr_reader *reader = NULL;
    wr_stored a;
    wr_buf json = WR_BUF_INIT((size_t)256 << 20);
    if (number == 0) {
        snprintf(job->why, sizeof job->why, "no article \"%.200s\"", job->words);
        return WR_NOTFOUND;
    }
    WR_TRY(wr_reader_open(job->db, &reader));
    wr_status status = wr_reader_article(reader, job->arena, number, &a);
    if (status == WR_OK) status = wr_render_article(&json, &a);
    if (status == WR_OK) {
        wr_buf_add_char(&json, '\n');
        if (fwrite(json.ptr, 1, json.len, stdout) != json.len) status = WR_IO;
    }
    wr_reader_close(&reader);
    wr_buf_free(&json);
    return status;
}
