/* export_csv.c -- tables as CSV (RFC 4180): a query each, in an order that content decides */
#include "export.h"

#include <common/store/ask.h>

#define TRENDS_A_DAY 20 /* of each kind */

typedef struct table {
    const char *name, *sql; /* ?1 = first day, ?2 = day after the last */
} table;

#define ARTICLE "p.page || '-' || a.ordinal"
#define RANGE   "a.day >= ?1 AND a.day < ?2"

static const table tables[] = {
    {"articles",
     "SELECT " ARTICLE " AS article, (SELECT min(path) FROM sightings g WHERE g.page_id = p.id)"
     " AS file, a.ordinal, a.title, a.authors, a.published, a.day, coalesce(a.site, s.host)"
     " AS source, s.host, a.url, a.lang, a.section, a.agency, a.n_bytes AS bytes, a.n_paragraphs"
     " AS paragraphs, a.n_entities AS entities, a.n_quotes AS quotes, a.is_copy AS copy, t.text"
     " FROM articles a JOIN pages p ON p.id = a.page_id JOIN sources s ON s.id = a.source_id"
     " LEFT JOIN texts t ON t.article_id = a.id WHERE " RANGE " ORDER BY p.page, a.ordinal"},
    {"entities",
     "SELECT e.key, e.name, e.type, e.wikidata, sum(d.n_articles) AS articles, sum(d.n_unique)"
     " AS without_copies, sum(d.n_mentions) AS mentions, min(nullif(d.day, '')) AS first_day,"
     " max(nullif(d.day, '')) AS last_day FROM entity_days d JOIN entities e ON e.id = d.entity_id"
     " WHERE d.day >= ?1 AND d.day < ?2 GROUP BY e.id ORDER BY articles DESC, e.key"},
    {"quotes",
     "SELECT " ARTICLE " AS article, q.n, q.speaker, e.key AS speaker_key, q.kind, q.cue,"
     " q.confidence, coalesce(q.words, CAST(substr(CAST(t.text AS BLOB), q.start + 1,"
     " q.\"end\" - q.start) AS TEXT)) AS text, a.title, a.published, coalesce(a.site, s.host)"
     " AS source, a.url, q.start AS byte_start, q.\"end\" AS byte_end FROM quotes q JOIN articles a"
     " ON a.id = q.article_id JOIN pages p ON p.id = a.page_id JOIN sources s ON s.id = a.source_id"
     " LEFT JOIN texts t ON t.article_id = a.id LEFT JOIN entities e ON e.id = q.speaker_id"
     " WHERE " RANGE " ORDER BY p.page, a.ordinal, q.n"},
    {"mentions",
     "SELECT " ARTICLE " AS article, e.key, e.name, e.type, s.value ->> 0 AS byte_start,"
     " (s.value ->> 0) + (s.value ->> 1) AS byte_end, coalesce(s.value ->> 2, m.value ->> 2) / "
     "1000.0 AS confidence,"
     " CAST(substr(CAST(t.text AS BLOB), (s.value ->> 0) + 1, s.value ->> 1) AS TEXT) AS words"
     " FROM articles a JOIN pages p ON p.id = a.page_id JOIN tags g ON g.article_id = a.id"
     " JOIN json_each(g.entities) m JOIN json_each(m.value, '$[3]') s JOIN entities e"
     " ON e.id = m.value ->> 0 LEFT JOIN texts t ON t.article_id = a.id WHERE " RANGE
     " ORDER BY p.page, a.ordinal, 5, e.key"},
    {"dates",
     "SELECT " ARTICLE " AS article, d.value ->> 0 AS byte_start, d.value ->> 1 AS byte_end,"
     " d.value ->> 2 AS value, d.value ->> 3 AS type, coalesce(d.value ->> 4,"
     " 'explicit') AS basis FROM articles a"
     " JOIN pages p ON p.id = a.page_id JOIN tags g ON g.article_id = a.id JOIN json_each(g.dates) "
     "d"
     " WHERE " RANGE " ORDER BY p.page, a.ordinal, d.key"},
    {"days",
     "SELECT a.day, e.key, e.name, e.type, coalesce(s.host, s.key) AS source,"
     " count(DISTINCT a.id) AS articles, count(DISTINCT CASE WHEN a.is_copy = 0 THEN a.id END)"
     " AS without_copies, sum(json_array_length(m.value, '$[3]')) AS mentions FROM articles a"
     " JOIN sources s ON s.id = a.source_id JOIN tags g ON g.article_id = a.id"
     " JOIN json_each(g.entities) m JOIN entities e ON e.id = m.value ->> 0 WHERE " RANGE
     " GROUP BY a.day, e.id, s.id ORDER BY a.day, e.key, s.key"},
    {"sources",
     "SELECT s.key AS source, s.host, s.name, sum(d.n_articles) AS articles, sum(d.n_unique)"
     " AS without_copies, sum(d.n_bytes) AS bytes, min(nullif(d.day, '')) AS first_day,"
     " max(nullif(d.day, '')) AS last_day FROM source_days d JOIN sources s ON s.id = d.source_id"
     " WHERE d.day >= ?1 AND d.day < ?2 GROUP BY s.id ORDER BY articles DESC, s.key"},
    {"removed", "SELECT p.page, (SELECT min(path) FROM sightings g WHERE g.page_id = p.id) AS file,"
                " b.value ->> 0 AS byte_start, b.value ->> 1 AS byte_end, b.value ->> 2 AS reason,"
                " b.value ->> 3 AS text FROM pages p JOIN removals r ON r.page_id = p.id"
                " JOIN json_each(r.blocks) b WHERE ?1 = '' OR EXISTS (SELECT 1 FROM articles a"
                " WHERE a.page_id = p.id AND " RANGE ") ORDER BY p.page, b.key"},
    {"duplicates",
     "SELECT p.page || '-' || a.ordinal AS article, q.page || '-' || b.ordinal AS earliest"
     " FROM dup_members d JOIN articles a ON a.id = d.article_id JOIN pages p ON p.id = a.page_id"
     " JOIN articles b ON b.id = d.earliest_id JOIN pages q ON q.id = b.page_id WHERE " RANGE
     " ORDER BY earliest, article"},
    {"stories",
     "SELECT s.key AS story, s.title, s.first_day, s.last_day, " ARTICLE " AS article, a.title"
     " AS article_title, coalesce(a.site, c.host) AS source, a.published FROM story_articles x"
     " JOIN stories s ON s.id = x.story_id JOIN articles a ON a.id = x.article_id JOIN pages p"
     " ON p.id = a.page_id JOIN sources c ON c.id = a.source_id WHERE " RANGE
     " ORDER BY s.key, a.day, p.page, a.ordinal"},
    {"files",
     "SELECT g.path AS file, g.record, p.page, p.n_articles AS articles, p.size AS bytes"
     " FROM sightings g JOIN pages p ON p.id = g.page_id WHERE ?1 = '' OR EXISTS"
     " (SELECT 1 FROM articles a WHERE a.page_id = p.id AND " RANGE ") ORDER BY g.path, g.record"},
};

static void add_cell(wr_buf *out, const char *text, size_t len) {
    bool quote = len && (memchr(text, ',', len) || memchr(text, '"', len) ||
                         memchr(text, '\n', len) || memchr(text, '\r', len));
    if (!quote) {
        wr_buf_add(out, text, len);
        return;
    }
    wr_buf_add_char(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"') wr_buf_add_char(out, '"');
        wr_buf_add_char(out, text[i]);
    }
    wr_buf_add_char(out, '"');
}

static void end_cell(wr_buf *out, bool last) {
    wr_buf_add(out, last ? "\r\n" : ",", last ? 2 : 1);
}

static wr_status write_rows(export_job *job, sqlite3_stmt *stmt) {
    int n = sqlite3_column_count(stmt), rc;
    for (int i = 0; i < n; i++) {
        const char *name = sqlite3_column_name(stmt, i);
        add_cell(&job->text, name, strlen(name));
        end_cell(&job->text, i + 1 == n);
    }
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 0; i < n; i++) {
            const char *text = (const char *)sqlite3_column_text(stmt, i);
            add_cell(&job->text, text ? text : "",
                     text ? (size_t)sqlite3_column_bytes(stmt, i) : 0);
            end_cell(&job->text, i + 1 == n);
        }
        if (job->text.len > 1u << 16) WR_TRY(export_flush(job));
    }
    return wr_store_status(rc);
}

static void add_name(wr_buf *out, wr_str text, bool last) {
    add_cell(out, text.ptr ? text.ptr : "", text.len);
    end_cell(out, last);
}

static wr_status write_pairs(export_job *job) {
    wr_pairs pairs;
    wr_pairs_options o = {.since = wr_str_c(job->set->since),
                          .until = wr_str_c(job->set->until),
                          .min = (unsigned)job->set->min,
                          .nodes = (unsigned)job->set->nodes,
                          .backbone = (double)job->set->backbone / 1000};
    WR_TRY(wr_pairs_read(wr_store_db(job->store), job->arena, &o, &pairs));
    wr_buf_add_str(&job->text, WR_STR("a_key,a,b_key,b,paragraphs,npmi\r\n"));
    for (size_t i = 0; i < pairs.n_pairs; i++) {
        const wr_pair *p = &pairs.pairs[i];
        add_name(&job->text, pairs.nodes[p->a].key, false);
        add_name(&job->text, pairs.nodes[p->a].name, false);
        add_name(&job->text, pairs.nodes[p->b].key, false);
        add_name(&job->text, pairs.nodes[p->b].name, false);
        wr_buf_printf(&job->text, "%u,%.4f\r\n", p->n, p->npmi);
        if (job->text.len > 1u << 16) WR_TRY(export_flush(job));
    }
    return job->text.status;
}

static wr_status write_day(export_job *job, const char *day) {
    wr_trend *list;
    wr_str last;
    size_t n;
    wr_trending_options o = {.day = wr_str_c(day), .days = 1, .limit = TRENDS_A_DAY};
    wr_arena_reset(job->arena);
    WR_TRY(wr_trending_all(wr_store_db(job->store), job->arena, &o, &last, &list, &n));
    for (size_t i = 0; i < n; i++) {
        const wr_trend *t = &list[i];
        wr_buf_printf(&job->text, "%s,%s,", day, t->entity ? "entity" : "phrase");
        add_name(&job->text, t->key, false);
        add_name(&job->text, t->name, false);
        wr_buf_printf(&job->text, "%zu,%.4f,%llu,%llu,%llu,%.4f,%d\r\n", i + 1, t->score,
                      (unsigned long long)t->count, (unsigned long long)t->mentions,
                      (unsigned long long)t->support, t->expected, t->is_new);
    }
    return job->text.len > 1u << 16 ? export_flush(job) : job->text.status;
}

/* Worked out afresh, so that it does not matter when the table was. */
static wr_status write_trends(export_job *job) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(wr_store_db(job->store),
                                "SELECT day FROM days WHERE day > '' AND day >= ?1"
                                " AND day < ?2 ORDER BY day",
                                -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(stmt, 1, job->set->since ? job->set->since : "", -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, job->set->until ? job->set->until : "9999-99-99", -1, SQLITE_STATIC);
    wr_buf_add_str(&job->text, WR_STR("day,kind,key,name,rank,score,articles,mentions,support,"
                                      "expected,new\r\n"));
    wr_status status = WR_OK;
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        char day[16];
        snprintf(day, sizeof day, "%s", (const char *)sqlite3_column_text(stmt, 0));
        status = write_day(job, day);
        if (status == WR_USAGE) status = WR_OK; /* no day of the calendar */
    }
    sqlite3_finalize(stmt);
    return status == WR_OK ? wr_store_status(rc) : status;
}

static wr_status unknown(export_job *job) {
    wr_buf names = WR_BUF_INIT(1024);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        wr_buf_printf(&names, "%s, ", tables[i].name);
    snprintf(job->why, sizeof job->why,
             "--what %.40s: no such table; there are %.*spairs and trends", job->set->what,
             (int)names.len, names.ptr);
    wr_buf_free(&names);
    return WR_USAGE;
}

wr_status export_csv(export_job *job) {
    const table *found = NULL;
    if (strcmp(job->set->what, "pairs") == 0) return write_pairs(job);
    if (strcmp(job->set->what, "trends") == 0) return write_trends(job);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strcmp(tables[i].name, job->set->what) == 0) found = &tables[i];
    if (!found) return unknown(job);
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(wr_store_db(job->store), found->sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) return wr_store_status(rc);
    sqlite3_bind_text(stmt, 1, job->set->since ? job->set->since : "", -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, job->set->until ? job->set->until : "9999-99-99", -1, SQLITE_STATIC);
    wr_status status = write_rows(job, stmt);
    sqlite3_finalize(stmt);
    return status;
}
