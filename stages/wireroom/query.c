/* query.c -- `wireroom query QUESTION`: reads the store */
#include "query.h"

#include "command.h"

#include <errno.h>
#include <stdio.h>

#define ARENA_MAX ((size_t)2 << 30)

static const wr_option rows[] = {
    WR_PATH(query_options, store, "store", "FILE", "wireroom.db", "the database"),
    WR_INT(query_options, limit, "limit", "N", "20", 1, 1000000, "rows at most"),
    WR_STRING(query_options, since, "since", "DAY", NULL,
              "only articles of this day (YYYY-MM-DD) or later"),
    WR_STRING(query_options, by, "by", "NAME", NULL, "quotes: who says it"),
    WR_STRING(query_options, about, "about", "NAME", NULL, "quotes: who or what is named in it"),
    WR_STRING(query_options, day, "day", "DAY", NULL,
              "trending: last day of the window; default: the newest in the store"),
    WR_INT(query_options, days, "days", "N", "1", 1, 366, "trending: days of the window"),
    WR_STRING(query_options, kind, "kind", "KIND", "entities",
              "trending: entities, phrases or all; phrases read the texts of the window"),
    WR_STRING(query_options, reason, "reason", "REASON", NULL, "removed: the texts of one reason"),
    WR_INT(query_options, min, "min", "N", "2", 1, INT32_MAX,
           "pairs, neighbours: paragraphs that name both, at least"),
    WR_FLAG(query_options, timeline, "timeline", "entity: articles and mentions day by day"),
    WR_FLAG(query_options, aliases, "aliases", "entity: how it is called"),
    WR_FLAG(query_options, neighbours, "neighbours", "entity: who is named in the same paragraphs"),
    WR_FLAG(query_options, sources, "sources", "entity: articles by source"),
    WR_FLAG(query_options, json, "json", "JSON lines also on a terminal"),
    WR_OPTIONS_END,
};

static const wr_program program = {
    .name = "wireroom query",
    .summary = "answers questions from the store",
    .example = "wireroom query search 'harbour AND strike'   full text search\n"
               "wireroom query trending                      what is named more than before\n"
               "wireroom query quotes --by 'Ada Lovelace'    who said what\n"
               "wireroom query sql 'SELECT count(*) FROM articles'",
    .operands = "QUESTION [WORD...]",
    .details = "Questions: search WORDS; trending; entity NAME (with --timeline, --aliases, "
               "--neighbours or --sources); quotes [NAME] (--by, --about); stories; story KEY; "
               "sources; removed; pairs [NAME]; duplicates; article ID; sql STATEMENT (read only)."
               "\n\nA table on a terminal, JSON lines in a pipe.\n\nExit codes: 0 answered (also "
               "with no rows), 1 no such name or article, 100 wrong usage or no store, 111 the "
               "store cannot "
               "be read at this moment.",
};

/* ---- questions that are one statement ---- */

static const char sources_sql[] =
    "SELECT coalesce(s.host, nullif(s.key, '')) AS source, s.name, sum(d.n_articles) AS articles,"
    " sum(d.n_unique) AS without_copies, min(nullif(d.day, '')) AS first_day, max(nullif(d.day, "
    "''))"
    " AS last_day FROM source_days d JOIN sources s ON s.id = d.source_id WHERE d.day >= ?1"
    " GROUP BY s.id ORDER BY articles DESC, s.key LIMIT ?2";
static const char removed_sql[] =
    "SELECT b.value ->> 2 AS reason, count(*) AS blocks, sum(length(CAST(b.value ->> 3 AS BLOB)))"
    " AS bytes, count(DISTINCT r.page_id) AS pages FROM removals r JOIN json_each(r.blocks) b"
    " GROUP BY 1 ORDER BY blocks DESC, reason LIMIT ?1";
static const char reason_sql[] =
    "SELECT b.value ->> 3 AS text, (SELECT min(path) FROM sightings g WHERE g.page_id = p.id)"
    " AS file, b.value ->> 0 AS start, b.value ->> 1 AS \"end\", p.page FROM removals r"
    " JOIN pages p ON p.id = r.page_id JOIN json_each(r.blocks) b WHERE b.value ->> 2 = ?2"
    " ORDER BY p.page, b.key LIMIT ?1";
static const char stories_sql[] = "SELECT s.key AS story, s.title, s.n_articles AS articles, "
                                  "s.first_day, s.last_day FROM stories s"
                                  " WHERE s.merged_into IS NULL AND coalesce(s.last_day, '') >= ?1"
                                  " ORDER BY s.last_day DESC, s.n_articles DESC, s.key LIMIT ?2";
static const char story_sql[] =
    "SELECT a.published AS date, coalesce(a.site, c.host) AS source, a.title, a.is_copy AS copy,"
    " a.url, p.page || '-' || a.ordinal AS article FROM stories s JOIN story_articles x"
    " ON x.story_id = coalesce(s.merged_into, s.id) JOIN articles a ON a.id = x.article_id"
    " JOIN pages p ON p.id = a.page_id JOIN sources c ON c.id = a.source_id WHERE s.key = ?1"
    " ORDER BY a.day, p.page, a.ordinal LIMIT ?2";
static const char duplicates_sql[] =
    "SELECT q.page || '-' || b.ordinal AS earliest, b.title, count(*) AS copies,"
    " group_concat(DISTINCT coalesce(a.site, s.host)) AS sources FROM dup_members d"
    " JOIN articles a ON a.id = d.article_id JOIN sources s ON s.id = a.source_id"
    " JOIN articles b ON b.id = d.earliest_id JOIN pages q ON q.id = b.page_id WHERE a.day >= ?1"
    " AND d.article_id <> d.earliest_id GROUP BY d.earliest_id ORDER BY copies DESC, earliest "
    "LIMIT ?2";
static const char article_sql[] = "SELECT a.id FROM pages p JOIN articles a ON a.page_id = p.id"
                                  " WHERE p.page = ?1 AND a.ordinal = ?2";

static wr_status ask_sql(query_job *job) {
    if (job->words[0]) return query_rows(job, job->words, NULL);
    snprintf(job->why, sizeof job->why, "sql needs a statement");
    return WR_USAGE;
}

static wr_status ask_ranged(query_job *job, const char *sql) {
    char limit[24];
    snprintf(limit, sizeof limit, "%lld", (long long)job->set->limit);
    return query_rows(job, sql,
                      (const char *const[]){job->set->since ? job->set->since : "", limit, NULL});
}

static wr_status ask_sources(query_job *job) {
    return ask_ranged(job, sources_sql);
}
static wr_status ask_stories(query_job *job) {
    return ask_ranged(job, stories_sql);
}
static wr_status ask_duplicates(query_job *job) {
    return ask_ranged(job, duplicates_sql);
}

static wr_status ask_removed(query_job *job) {
    char limit[24];
    snprintf(limit, sizeof limit, "%lld", (long long)job->set->limit);
    return query_rows(job, job->set->reason ? reason_sql : removed_sql,
                      (const char *const[]){limit, job->set->reason, NULL});
}

static wr_status ask_story(query_job *job) {
    char limit[24];
    snprintf(limit, sizeof limit, "%lld", (long long)job->set->limit);
    if (job->words[0])
        return query_rows(job, story_sql, (const char *const[]){job->words, limit, NULL});
    snprintf(job->why, sizeof job->why, "story needs a key, as wireroom query stories gives them");
    return WR_USAGE;
}

/* "<page>-<ordinal>" -> the whole article as JSON. */
static wr_status ask_article(query_job *job) {
    wr_str id = wr_str_c(job->words);
    size_t dash = wr_str_find_char(id, 0, '-');
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(job->db, article_sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, id.ptr, (int)dash, SQLITE_STATIC);
        int64_t ordinal = 0;
        if (dash < id.len && wr_parse_int(wr_str_slice(id, dash + 1, id.len), &ordinal) != WR_OK)
            ordinal = -1;
        sqlite3_bind_int64(stmt, 2, ordinal);
        rc = sqlite3_step(stmt);
    }
    int64_t number = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    WR_TRY(wr_store_status(rc));
    return query_article(job, number);
}

static const struct {
    const char *name;
    wr_status (*ask)(query_job *job);
} questions[] = {
    {"search", query_search},       {"trending", query_trending}, {"entity", query_entity},
    {"quotes", query_quotes},       {"stories", ask_stories},     {"story", ask_story},
    {"sources", ask_sources},       {"removed", ask_removed},     {"pairs", query_pairs},
    {"duplicates", ask_duplicates}, {"article", ask_article},     {"sql", ask_sql},
};
#define N_QUESTIONS (sizeof questions / sizeof *questions)

/* ---- the command ---- */

static int code_of(wr_status status) {
    switch (status) {
    case WR_OK: return EXIT_GOOD;
    case WR_NOTFOUND: return 1;
    case WR_USAGE:
    case WR_VERSION:
    case WR_DENIED:
    case WR_MALFORMED: return EXIT_PERMANENT;
    default: return EXIT_TEMPORARY;
    }
}

static int unknown(const char *name) {
    const char *best = NULL;
    size_t distance = SIZE_MAX;
    for (size_t i = 0; i < N_QUESTIONS; i++)
        if (wr_nearer(wr_str_c(name), wr_str_c(questions[i].name), &distance))
            best = questions[i].name;
    command_complain("query", "no question \"%s\"%s%s%s; wireroom query --help lists them", name,
                     best ? " (did you mean \"" : "", best ? best : "", best ? "\"?)" : "");
    return EXIT_PERMANENT;
}

static int answer(query_job *job, wr_status (*ask)(query_job *job)) {
    wr_str why = {0};
    wr_store_options o = {.path = job->set->store, .read_only = true};
    wr_status status = wr_store_open(&o, job->arena, &job->store, &why);
    if (status != WR_OK) {
        command_complain("query", "%.*s", (int)why.len, why.ptr ? why.ptr : "");
        return status == WR_NOTFOUND ? EXIT_PERMANENT : code_of(status);
    }
    job->db = wr_store_db(job->store);
    sqlite3_limit(job->db, SQLITE_LIMIT_ATTACHED, 0); /* sql reads this store and nothing else */
    status = ask(job);
    if (status != WR_OK)
        command_complain("query", "%s", job->why[0] ? job->why : wr_status_text(status));
    return code_of(status);
}

static wr_status join_words(query_job *job, int n, char **argv, wr_buf *words) {
    for (int i = 0; i < n; i++) {
        if (i) wr_buf_add_char(words, ' ');
        wr_buf_add_str(words, wr_str_c(argv[i]));
    }
    wr_buf_add_char(words, 0);
    job->words = words->ptr;
    return words->status;
}

static int run(int argc, char **argv) {
    query_options set = {0};
    const wr_option_group group = {"Options", rows, &set};
    int n = 0, code = wr_options_read(&program, &group, 1, argc, argv, &n);
    if (code >= 0) return code;
    if (n < 1) {
        command_complain("query", "which QUESTION? wireroom query --help lists them");
        return EXIT_PERMANENT;
    }
    query_job job = {.set = &set};
    wr_buf words = WR_BUF_INIT(1 << 20);
    size_t i = 0;
    while (i < N_QUESTIONS && strcmp(questions[i].name, argv[1]) != 0)
        i++;
    if (i == N_QUESTIONS) code = unknown(argv[1]);
    else if (join_words(&job, n - 1, argv + 2, &words) != WR_OK ||
             wr_arena_new("query", ARENA_MAX, &job.arena) != WR_OK)
        code = EXIT_TEMPORARY;
    else code = answer(&job, questions[i].ask);
    wr_store_close(&job.store);
    wr_arena_free(&job.arena);
    wr_buf_free(&words);
    wr_options_free(&group, 1);
    return code;
}

const command command_query = {
    "query", &program, run,
    "search trending entity quotes stories story sources removed pairs duplicates article sql"};
