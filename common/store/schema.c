/* schema.c -- the tables of the store, as the steps that lead from one version to the next
 *
 * Step i brings version i to i + 1. A step that has been released is never edited; a change is a
 * new step. Every table is described in include/wireroom/STORE.md. */
#include <common/store/private.h>

static const char *const version_1[] = {
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",

    "CREATE TABLE sources(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, host TEXT, name TEXT)",

    "CREATE TABLE pages(id INTEGER PRIMARY KEY, page TEXT NOT NULL UNIQUE,"
    " first_article INTEGER NOT NULL, n_articles INTEGER NOT NULL, kind TEXT, size INTEGER, url "
    "TEXT,"
    " fetched TEXT, content_type TEXT, charset TEXT, encoding TEXT, lang TEXT, feed TEXT, model "
    "TEXT,"
    " repairs TEXT, extra TEXT, digest INTEGER NOT NULL, seen TEXT NOT NULL)",

    "CREATE TABLE sightings(page_id INTEGER NOT NULL, path TEXT NOT NULL, record INTEGER NOT NULL,"
    " offset INTEGER, PRIMARY KEY(page_id, path, record)) WITHOUT ROWID",

    "CREATE TABLE removals(page_id INTEGER PRIMARY KEY, blocks TEXT NOT NULL)",

    "CREATE TABLE articles(id INTEGER PRIMARY KEY, page_id INTEGER NOT NULL,"
    " ordinal INTEGER NOT NULL, source_id INTEGER NOT NULL, day TEXT NOT NULL, title TEXT, site "
    "TEXT,"
    " url TEXT, published TEXT, modified TEXT, section TEXT, lang TEXT, agency TEXT, authors TEXT,"
    " image TEXT, caption TEXT, credit TEXT, description TEXT, keywords TEXT, origins TEXT,"
    " quality REAL, n_bytes INTEGER, n_paragraphs INTEGER, n_entities INTEGER, n_quotes INTEGER,"
    " is_copy INTEGER NOT NULL DEFAULT 0, extra TEXT)",
    "CREATE INDEX articles_day ON articles(day)",

    /* One row for all that is long, the text last: a row of several pages wastes none of the last
     * one, and what stands before the text is read without it. */
    "CREATE TABLE texts(article_id INTEGER PRIMARY KEY, paras TEXT NOT NULL, entities TEXT,"
    " dates TEXT, text TEXT)",
    "CREATE VIEW tags AS SELECT article_id, entities, dates FROM texts",

    "CREATE TABLE entities(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, type TEXT NOT NULL,"
    " wikidata TEXT, name TEXT NOT NULL, label TEXT)",
    "CREATE TABLE aliases(entity_id INTEGER NOT NULL, alias TEXT NOT NULL,"
    " PRIMARY KEY(entity_id, alias)) WITHOUT ROWID",
    "CREATE INDEX aliases_alias ON aliases(alias)",

    "CREATE TABLE quotes(article_id INTEGER NOT NULL, n INTEGER NOT NULL, start INTEGER NOT NULL,"
    " \"end\" INTEGER NOT NULL, kind TEXT, speaker_id INTEGER, speaker TEXT, speaker_start INTEGER,"
    " speaker_end INTEGER, cue TEXT, confidence REAL, words TEXT, extra TEXT,"
    " PRIMARY KEY(article_id, n)) WITHOUT ROWID",

    "CREATE TABLE entity_days(day TEXT NOT NULL, entity_id INTEGER NOT NULL,"
    " n_articles INTEGER NOT NULL, n_unique INTEGER NOT NULL, n_mentions INTEGER NOT NULL,"
    " n_paragraphs INTEGER NOT NULL, PRIMARY KEY(day, entity_id)) WITHOUT ROWID",
    "CREATE INDEX entity_days_often ON entity_days(day, entity_id, n_articles, n_unique)"
    " WHERE n_articles >= 3",
    "CREATE TABLE source_days(day TEXT NOT NULL, source_id INTEGER NOT NULL,"
    " n_articles INTEGER NOT NULL, n_unique INTEGER NOT NULL, n_bytes INTEGER NOT NULL,"
    " n_paragraphs INTEGER NOT NULL, PRIMARY KEY(day, source_id)) WITHOUT ROWID",

    "CREATE TABLE days(day TEXT PRIMARY KEY, n_articles INTEGER NOT NULL, n_unique INTEGER NOT"
    " NULL, n_bytes INTEGER NOT NULL, n_paragraphs INTEGER NOT NULL) WITHOUT ROWID",

    /* seq is the number of the first of `span` messages */
    "CREATE TABLE events(seq INTEGER PRIMARY KEY, span INTEGER NOT NULL, kind TEXT NOT NULL,"
    " ref INTEGER, n INTEGER NOT NULL, n_entity INTEGER, n_quote INTEGER, at TEXT NOT NULL,"
    " topic TEXT, body TEXT)",

    "CREATE TABLE dup_edges(a INTEGER NOT NULL, b INTEGER NOT NULL, kind TEXT NOT NULL, score REAL,"
    " PRIMARY KEY(a, b)) WITHOUT ROWID",
    "CREATE TABLE dup_members(article_id INTEGER PRIMARY KEY, earliest_id INTEGER NOT NULL)",
    "CREATE INDEX dup_members_earliest ON dup_members(earliest_id)",
    "CREATE INDEX dup_edges_b ON dup_edges(b)",
    "CREATE TABLE stories(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, title TEXT,"
    " first_day TEXT, last_day TEXT, n_articles INTEGER NOT NULL, merged_into INTEGER)",
    "CREATE INDEX stories_merged ON stories(merged_into) WHERE merged_into IS NOT NULL",
    "CREATE TABLE story_articles(article_id INTEGER PRIMARY KEY, story_id INTEGER NOT NULL,"
    " copy_of INTEGER)",
    "CREATE INDEX story_articles_story ON story_articles(story_id)",
    "CREATE INDEX story_articles_copy ON story_articles(copy_of) WHERE copy_of IS NOT NULL",
    /* What the stories' window holds: its articles' terms, and where each of them stands. */
    "CREATE TABLE story_terms(article_id INTEGER PRIMARY KEY, submitted INTEGER NOT NULL,"
    " day INTEGER NOT NULL, terms BLOB NOT NULL)",
    "CREATE TABLE story_window(number INTEGER PRIMARY KEY, article_id INTEGER NOT NULL UNIQUE,"
    " story INTEGER NOT NULL, field INTEGER NOT NULL, flags INTEGER NOT NULL)",
    "CREATE TABLE trends(day TEXT NOT NULL, kind TEXT NOT NULL, term TEXT NOT NULL, score REAL,"
    " support INTEGER, expected REAL, PRIMARY KEY(day, kind, term)) WITHOUT ROWID",
    "CREATE TABLE entity_pairs(a INTEGER NOT NULL, b INTEGER NOT NULL, n INTEGER NOT NULL,"
    " npmi REAL, PRIMARY KEY(a, b)) WITHOUT ROWID",
    "CREATE TABLE watches(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, query TEXT NOT NULL,"
    " action TEXT, created TEXT, last_article INTEGER NOT NULL DEFAULT 0, last_fired TEXT)",

    /* Full text; the words are read from the tables, not kept twice. The text is the first column
     * because the index names the column of every posting that is not of the first. */
    "CREATE VIEW fts_content AS SELECT a.id AS id, t.text AS text, a.title AS title"
    " FROM articles a LEFT JOIN texts t ON t.article_id = a.id",
    "CREATE VIRTUAL TABLE article_fts USING fts5(text, title, content='fts_content',"
    " content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
    /* Which article names what: terms e<entity> s<speaker> h<source>. A merge index takes a tenth
     * of the room of a table with a row a posting, and is written in order. */
    "CREATE VIEW facet_content AS SELECT id, NULL AS terms FROM articles",
    "CREATE VIRTUAL TABLE facets USING fts5(terms, content='facet_content', content_rowid='id',"
    " detail=none, columnsize=0, tokenize='ascii')",
    "CREATE VIRTUAL TABLE facet_counts USING fts5vocab(facets, 'row')",
    "CREATE VIRTUAL TABLE facet_articles USING fts5vocab(facets, 'instance')",
    "CREATE VIRTUAL TABLE entity_fts USING fts5(name, content='entities', content_rowid='id',"
    " columnsize=0, tokenize='unicode61 remove_diacritics 2')",
    "INSERT INTO article_fts(article_fts, rank) VALUES('automerge', 0)",
    "INSERT INTO article_fts(article_fts, rank) VALUES('crisismerge', 512)",
    "INSERT INTO article_fts(article_fts, rank) VALUES('usermerge', 8)",
    "INSERT INTO article_fts(article_fts, rank) VALUES('rank', 'bm25(1.0, 4.0)')",
    "INSERT INTO facets(facets, rank) VALUES('automerge', 0)",
    "INSERT INTO facets(facets, rank) VALUES('crisismerge', 512)",
    "INSERT INTO facets(facets, rank) VALUES('usermerge', 8)",
    "INSERT INTO entity_fts(entity_fts, rank) VALUES('automerge', 0)",
    "INSERT INTO entity_fts(entity_fts, rank) VALUES('crisismerge', 512)",
    "INSERT INTO entity_fts(entity_fts, rank) VALUES('usermerge', 8)",

    /* Views with plain names for people and tools. */
    "CREATE VIEW files AS SELECT path, count(*) AS n_pages, sum(p.n_articles) AS n_articles,"
    " sum(p.size) AS bytes FROM sightings s JOIN pages p ON p.id = s.page_id GROUP BY path",
    "CREATE VIEW v_articles AS SELECT a.id, p.page || '-' || a.ordinal AS article,"
    " (SELECT min(path) FROM sightings g WHERE g.page_id = p.id) AS file, a.ordinal, a.title,"
    " coalesce(a.site, s.name) AS source, s.host, a.url, a.published, a.day, a.lang, a.section,"
    " a.authors, a.agency, a.n_entities, a.n_quotes, a.is_copy, t.text FROM articles a"
    " JOIN pages p ON p.id = a.page_id JOIN sources s ON s.id = a.source_id"
    " LEFT JOIN texts t ON t.article_id = a.id",
    "CREATE VIEW v_entities AS SELECT e.id, e.name, e.type, e.wikidata, e.key,"
    " coalesce(c.doc, 0) AS n_articles FROM entities e"
    " LEFT JOIN facet_counts c ON c.term = 'e' || e.id",
    "CREATE VIEW v_mentions AS SELECT g.article_id, m.value ->> 0 AS entity_id, e.name, e.type,"
    " s.value ->> 0 AS start, (s.value ->> 0) + (s.value ->> 1) AS \"end\","
    " coalesce(s.value ->> 2, m.value ->> 2) / 1000.0 AS confidence,"
    " CAST(substr(CAST(g.text AS BLOB), (s.value ->> 0) + 1, s.value ->> 1) AS TEXT) AS words"
    " FROM texts g JOIN json_each(g.entities) m JOIN json_each(m.value, '$[3]') s"
    " JOIN entities e ON e.id = m.value ->> 0",
    "CREATE VIEW v_entity_articles AS SELECT e.id AS entity_id, e.name, e.type, f.doc AS article_id"
    " FROM entities e JOIN facet_articles f ON f.term = 'e' || e.id",
    "CREATE VIEW v_quotes AS SELECT q.article_id, q.n, q.speaker, q.kind, q.cue, q.confidence,"
    " coalesce(q.words, CAST(substr(CAST(t.text AS BLOB), q.start + 1, q.\"end\" - q.start)"
    " AS TEXT)) AS words, a.title, a.day, coalesce(a.site, s.name) AS source, a.url, q.speaker_id"
    " FROM quotes q JOIN articles a ON a.id = q.article_id JOIN sources s ON s.id = a.source_id"
    " LEFT JOIN texts t ON t.article_id = q.article_id",
    "CREATE VIEW v_dates AS SELECT g.article_id, d.value ->> 0 AS start, d.value ->> 1 AS \"end\","
    " d.value ->> 2 AS value, d.value ->> 3 AS type, coalesce(d.value ->> 4, 'explicit') AS basis"
    " FROM texts g JOIN json_each(g.dates) d",
    "CREATE VIEW v_paragraphs AS SELECT t.article_id, p.key AS n, coalesce(p.value ->> 4, "
    "'paragraph') AS kind,"
    " p.value ->> 0 AS start, (p.value ->> 0) + (p.value ->> 1) AS \"end\","
    " coalesce(p.value ->> 2, 0) AS source_start, coalesce((p.value ->> 2) +"
    " coalesce(p.value ->> 3, p.value ->> 1), 0) AS source_end,"
    " CAST(substr(CAST(t.text AS BLOB), (p.value ->> 0) + 1, p.value ->> 1) AS TEXT) AS words"
    " FROM texts t JOIN json_each(t.paras) p",
    "CREATE VIEW v_removed AS SELECT r.page_id, p.page, b.value ->> 0 AS source_start,"
    " b.value ->> 1 AS source_end, b.value ->> 2 AS reason, b.value ->> 3 AS words,"
    " b.value ->> 4 AS article FROM removals r JOIN pages p ON p.id = r.page_id"
    " JOIN json_each(r.blocks) b",
    "CREATE VIEW v_entity_days AS SELECT d.day, e.name, e.type, d.n_articles, d.n_unique,"
    " d.n_mentions, d.n_paragraphs, d.entity_id FROM entity_days d"
    " JOIN entities e ON e.id = d.entity_id",
    "CREATE VIEW v_sources AS SELECT s.id, s.host, s.name, sum(d.n_articles) AS n_articles,"
    " sum(d.n_unique) AS n_unique, min(nullif(d.day, '')) AS first_day, max(d.day) AS last_day"
    " FROM sources s LEFT JOIN source_days d ON d.source_id = s.id GROUP BY s.id",
    "CREATE VIEW v_pairs AS SELECT x.name AS a, y.name AS b, p.n, p.npmi FROM entity_pairs p"
    " JOIN entities x ON x.id = p.a JOIN entities y ON y.id = p.b",
    NULL};

static const char *const version_2[] = {
    /* The index that trends begin with also holds how often. */
    "DROP INDEX entity_days_often",
    "CREATE INDEX entity_days_often ON entity_days(day, entity_id, n_articles, n_unique,"
    " n_mentions) WHERE n_articles >= 3",
    /* Nothing was written to it before. */
    "DROP TABLE trends",
    "CREATE TABLE trends(day TEXT NOT NULL, kind TEXT NOT NULL, term TEXT NOT NULL, name TEXT,"
    " rank INTEGER NOT NULL, score REAL NOT NULL, support INTEGER NOT NULL,"
    " articles INTEGER NOT NULL, expected REAL NOT NULL, is_new INTEGER NOT NULL,"
    " PRIMARY KEY(day, kind, term)) WITHOUT ROWID",
    /* What was worked out for a day, and from what: another stamp = the day has changed since. */
    "CREATE TABLE trend_days(day TEXT PRIMARY KEY, stamp INTEGER NOT NULL,"
    " closed INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE pair_chunks(chunk INTEGER PRIMARY KEY, first_day TEXT NOT NULL,"
    " last_day TEXT NOT NULL, pairs BLOB NOT NULL)",
    NULL};

static const char *const version_3[] = {
    /* The lists take its place. */
    "DROP INDEX entity_days_often",
    "CREATE TABLE day_lists(day TEXT PRIMARY KEY, often BLOB NOT NULL, rare BLOB NOT NULL)", NULL};

static const char *const version_4[] = {
    /* Nothing was written to it before. `since`: the last article before it was made; `delivered`:
     * the last message whose action has ended. */
    "DROP TABLE watches",
    "CREATE TABLE watches(name TEXT PRIMARY KEY, words TEXT, entity TEXT, source TEXT, speaker "
    "TEXT,"
    " action TEXT, created TEXT NOT NULL, since INTEGER NOT NULL, delivered INTEGER NOT NULL,"
    " runs INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, last_exit INTEGER)"
    " WITHOUT ROWID",
    NULL};

static const char *const *const steps[] = {version_1, version_2, version_3, version_4};

int store_schema_version(void) {
    return (int)(sizeof steps / sizeof *steps);
}

static int read_version(sqlite3 *db, int *version) {
    sqlite3_stmt *stmt;
    int rc = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL);
    if (rc != SQLITE_OK) return rc;
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) *version = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static int run_step(sqlite3 *db, int version) {
    for (const char *const *sql = steps[version]; *sql; sql++) {
        int rc = sqlite3_exec(db, *sql, NULL, NULL, NULL);
        if (rc != SQLITE_OK) return rc;
    }
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA user_version=%d", version + 1);
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int store_schema_check(sqlite3 *db, int *version) {
    return read_version(db, version);
}

int store_schema_migrate(sqlite3 *db, int upto, int *version) {
    int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc != SQLITE_OK) return rc;
    rc = read_version(db, version); /* inside: another process may just have migrated */
    while (rc == SQLITE_OK && *version < upto) {
        rc = run_step(db, *version);
        if (rc == SQLITE_OK) ++*version;
    }
    if (rc == SQLITE_OK) rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    if (rc != SQLITE_OK) sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}
