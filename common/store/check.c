/* check.c -- is the store whole? The file, the text indexes, and the counts against the articles */
#include <common/store/private.h>

/* Queries that give a row with a text for each fault. */
static const char *const faults[] = {
    "SELECT 'page ' || p.page || ': ' || p.n_articles || ' articles said, ' || count(a.id) ||"
    " ' there' FROM pages p LEFT JOIN articles a ON a.id >= p.first_article"
    " AND a.id < p.first_article + p.n_articles AND a.page_id = p.id GROUP BY p.id"
    " HAVING count(a.id) > p.n_articles OR (count(a.id) = 0 AND p.n_articles > 0) LIMIT 20",
    "SELECT 'article ' || a.id || ' has no page' FROM articles a LEFT JOIN pages p"
    " ON p.id = a.page_id WHERE p.id IS NULL LIMIT 20",
    "SELECT 'article ' || a.id || ' has no text row' FROM articles a LEFT JOIN texts t"
    " ON t.article_id = a.id WHERE t.article_id IS NULL LIMIT 20",
    "SELECT 'quote ' || q.article_id || '/' || q.n || ': no such speaker' FROM quotes q"
    " LEFT JOIN entities e ON e.id = q.speaker_id WHERE q.speaker_id IS NOT NULL"
    " AND e.id IS NULL LIMIT 20",
    "SELECT 'events ' || seq || ': overlaps the one after' FROM (SELECT seq, span,"
    " lead(seq) OVER (ORDER BY seq) AS after FROM events) WHERE after < seq + span LIMIT 20",
    "SELECT 'story ' || s.key || ': ' || s.n_articles || ' articles said, ' || count(x.article_id) "
    "||"
    " ' there' FROM stories s LEFT JOIN story_articles x ON x.story_id = s.id GROUP BY s.id"
    " HAVING count(x.article_id) <> s.n_articles LIMIT 20",
    "SELECT 'article ' || x.article_id || ' is of no story that is' FROM story_articles x"
    " LEFT JOIN stories s ON s.id = x.story_id AND s.merged_into IS NULL WHERE s.id IS NULL"
    " LIMIT 20",
    "WITH said AS (SELECT day, source_id, n_articles FROM source_days), real AS"
    " (SELECT day, source_id, count(*) AS n FROM articles GROUP BY 1, 2)"
    " SELECT 'source ' || r.source_id || ' on ' || r.day || ': ' || r.n || ' articles, counted ' ||"
    " coalesce(s.n_articles, 0) FROM real r LEFT JOIN said s ON s.day = r.day"
    " AND s.source_id = r.source_id WHERE coalesce(s.n_articles, 0) <> r.n LIMIT 20",
    "SELECT 'source counts: ' || (SELECT coalesce(sum(n_articles), 0) FROM source_days) ||"
    " ' articles, there are ' || (SELECT count(*) FROM articles)"
    " WHERE (SELECT coalesce(sum(n_articles), 0) FROM source_days) <> (SELECT count(*) FROM "
    "articles)",
    "SELECT 'day ' || d.day || ': counts differ from those of its sources' FROM days d WHERE"
    " (d.n_articles, d.n_unique, d.n_bytes, d.n_paragraphs) <> (SELECT sum(n_articles),"
    " sum(n_unique), sum(n_bytes), sum(n_paragraphs) FROM source_days s WHERE s.day = d.day)"
    " LIMIT 20",
    "SELECT 'days: not those of source_days' WHERE (SELECT count(*) FROM days) <>"
    " (SELECT count(DISTINCT day) FROM source_days)",
    "WITH real AS (SELECT a.day, m.value ->> 0 AS e, count(DISTINCT a.id) AS n,"
    " sum(json_array_length(m.value, '$[3]')) AS mentions FROM tags g JOIN articles a"
    " ON a.id = g.article_id JOIN json_each(g.entities) m GROUP BY 1, 2)"
    " SELECT 'entity ' || r.e || ' on ' || r.day || ': ' || r.n || ' articles and ' || r.mentions "
    "||"
    " ' mentions, counted ' || coalesce(d.n_articles, 0) || ' and ' || coalesce(d.n_mentions, 0)"
    " FROM real r LEFT JOIN entity_days d ON d.day = r.day AND d.entity_id = r.e"
    " WHERE coalesce(d.n_articles, 0) <> r.n OR coalesce(d.n_mentions, 0) <> r.mentions LIMIT 20",
    "SELECT 'entity counts: more days than the articles have' WHERE"
    " (SELECT coalesce(sum(n_articles), 0) FROM entity_days) > (SELECT count(*) FROM"
    " (SELECT DISTINCT g.article_id, m.value ->> 0 FROM tags g JOIN json_each(g.entities) m))",
    "PRAGMA integrity_check(20)",
};

static wr_status run(wr_store *s, const char *sql, wr_store_found *found, void *to, size_t *n) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
            const char *text = (const char *)sqlite3_column_text(stmt, 0);
            if (!text || strcmp(text, "ok") == 0) continue;
            found(to, text);
            ++*n;
        }
    sqlite3_finalize(stmt);
    if (rc == SQLITE_DONE) return WR_OK;
    if (wr_store_status(rc) != WR_MALFORMED) return store_fail(s, rc, "checking");
    found(to, sqlite3_errmsg(s->db)); /* the fault itself is in the way of the question */
    ++*n;
    return WR_OK;
}

static wr_status check_index(wr_store *s, const char *table, wr_store_found *found, void *to,
                             size_t *n) {
    char sql[160], what[160];
    snprintf(sql, sizeof sql, "INSERT INTO %s(%s, rank) VALUES('integrity-check', 0)", table,
             table);
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    if (rc == SQLITE_OK) return WR_OK;
    if (wr_store_status(rc) != WR_MALFORMED) return store_fail(s, rc, "checking a text index");
    snprintf(what, sizeof what, "text index %s is damaged", table);
    found(to, what);
    ++*n;
    return WR_OK;
}

wr_status wr_store_check(wr_store *s, wr_store_found *found, void *to, size_t *n) {
    *n = 0;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        WR_TRY(run(s, faults[i], found, to, n));
    WR_TRY(store_day_lists_check(s->db, found, to, n));
    if (s->read_only) return WR_OK; /* the index check is a statement that writes */
    WR_TRY(check_index(s, "article_fts", found, to, n));
    WR_TRY(check_index(s, "facets", found, to, n));
    return check_index(s, "entity_fts", found, to, n);
}
