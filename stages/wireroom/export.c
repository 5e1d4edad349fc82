/* export.c -- `wireroom export FORMAT`: options, the walk over the articles, output */
#include "export.h"

#include "command.h"

#include <errno.h>
#include <unistd.h>

#define ARENA_MAX ((size_t)1 << 30)
#define TEXT_MAX  ((size_t)1 << 30)
#define FLUSH_AT  ((size_t)1 << 16)

static const wr_option rows[] = {
    WR_PATH(export_options, store, "store", "FILE", "wireroom.db", "The database."),
    WR_STRING(
        export_options, since, "since", "DAY", NULL,
        "Only articles of this day (YYYY-MM-DD) or later; those without a date are left out."),
    WR_STRING(export_options, until, "until", "DAY", NULL, "Only articles before this day."),
    WR_STRING(export_options, what, "what", "TABLE", "articles",
              "csv: articles, entities, quotes, mentions, dates, days, sources, pairs, removed, "
              "duplicates, stories, trends or files."),
    WR_PATH(export_options, output, "output", "FILE", NULL,
            "Write to a file, which appears when it is complete."),
    WR_STRING(export_options, title, "title", "TEXT", "wireroom", "rss: title of the feed."),
    WR_INT(export_options, limit, "limit", "N", "0", 0, INT64_MAX,
           "At most N articles; 0 = all (rss: 50)."),
    WR_INT(export_options, min, "min", "N", "2", 1, INT32_MAX,
           "gexf, graphml, csv pairs: paragraphs that must name both."),
    WR_INT(export_options, nodes, "nodes", "N", "2000", 1, 1000000,
           "gexf, graphml, csv pairs: the most frequent N entities."),
    WR_INT(
        export_options, backbone, "backbone", "PER-MILLE", "0", 0, 1000,
        "gexf, graphml: keep what the disparity filter keeps at this level; 50 is usual, 0 = all."),
    WR_OPTIONS_END,
};

static const export_format formats[] = {
    {"jsonl", "one JSON object an article, with everything", export_jsonl},
    {"csv", "a table, see --what", export_csv},
    {"gexf", "network of who is named with whom, for Gephi", export_gexf},
    {"graphml", "the same for NetworkX, igraph, yEd", export_graphml},
    {"rss", "the newest articles as a feed", export_rss},
    {"ninjs", "one IPTC ninjs 3.1 item an article", export_ninjs},
};

static const wr_program program = {
    "wireroom export", "writes the store in a form other programs read",
    "wireroom export jsonl >articles.jsonl\n"
    "wireroom export csv --what quotes --since 2026-01-01 --output quotes.csv\n"
    "wireroom export gexf --backbone 50 --output who-with-whom.gexf",
    "FORMAT",
    "FORMAT is jsonl, csv, gexf, graphml, rss or ninjs. The same articles give the same bytes, in "
    "whatever order they came in.\n\n"
    "Exit status: 0 written, 100 wrong usage or no store, 111 the store or the output cannot be "
    "used at this moment."};

wr_status export_flush(export_job *job) {
    if (job->text.status != WR_OK) return job->text.status;
    if (job->text.len && fwrite(job->text.ptr, 1, job->text.len, job->to) != job->text.len) {
        snprintf(job->why, sizeof job->why, "writing: %s", strerror(errno));
        return errno == ENOSPC ? WR_DISKFULL : WR_IO;
    }
    wr_buf_clear(&job->text);
    return WR_OK;
}

void export_xml(wr_buf *out, wr_str s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '&') wr_buf_add(out, "&amp;", 5);
        else if (c == '<') wr_buf_add(out, "&lt;", 4);
        else if (c == '>') wr_buf_add(out, "&gt;", 4);
        else if (c == '"') wr_buf_add(out, "&quot;", 6);
        else if (c >= 0x20 || c == '\n' || c == '\t') wr_buf_add_char(out, (char)c);
    }
}

static const char *query_of(bool newest) {
    if (newest)
        return "SELECT a.id FROM articles a JOIN pages p ON p.id = a.page_id"
               " WHERE a.day >= ?1 AND a.day < ?2 ORDER BY a.day DESC, p.page, a.ordinal LIMIT ?3";
    return "SELECT a.id FROM pages p JOIN articles a ON a.id >= p.first_article"
           " AND a.id < p.first_article + p.n_articles WHERE a.day >= ?1 AND a.day < ?2"
           " ORDER BY p.page, a.ordinal LIMIT ?3";
}

wr_status export_articles(export_job *job, bool newest, int64_t limit, export_take *take) {
    sqlite3 *db = wr_store_db(job->store);
    sqlite3_stmt *stmt = NULL;
    wr_reader *reader = NULL;
    const export_options *o = job->set;
    WR_TRY(wr_reader_open(db, &reader));
    int rc = sqlite3_prepare_v2(db, query_of(newest), -1, &stmt, NULL);
    sqlite3_bind_text(stmt, 1, o->since ? o->since : "", -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, o->until ? o->until : "9999-99-99", -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 3, limit ? limit : -1);
    wr_status status = wr_store_status(rc);
    while (status == WR_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        wr_stored a;
        wr_arena_reset(job->arena);
        status = wr_reader_article(reader, job->arena, sqlite3_column_int64(stmt, 0), &a);
        if (status == WR_OK) status = take(job, &a);
        if (status == WR_OK && job->text.len >= FLUSH_AT) status = export_flush(job);
    }
    sqlite3_finalize(stmt);
    wr_reader_close(&reader);
    return status == WR_OK ? wr_store_status(rc) : status;
}

static wr_status take_jsonl(export_job *job, const wr_stored *a) {
    WR_TRY(wr_render_article(&job->text, a));
    wr_buf_add_char(&job->text, '\n');
    return job->text.status;
}

wr_status export_jsonl(export_job *job) {
    return export_articles(job, false, job->set->limit, take_jsonl);
}

/* ---- the command ---- */

static int code_of(wr_status status) {
    switch (status) {
    case WR_OK: return 0;
    case WR_USAGE:
    case WR_VERSION:
    case WR_NOTFOUND:
    case WR_DENIED:
    case WR_MALFORMED: return 100;
    default: return 111;
    }
}

static wr_status open_output(export_job *job, char *part, size_t size) {
    job->to = stdout;
    if (!job->set->output) return WR_OK;
    if ((size_t)snprintf(part, size, "%s.part", job->set->output) >= size) return WR_USAGE;
    job->to = fopen(part, "wb");
    if (job->to) return WR_OK;
    snprintf(job->why, sizeof job->why, "%.200s: %s", part, strerror(errno));
    return errno == ENOSPC ? WR_DISKFULL : errno == EACCES || errno == EROFS ? WR_DENIED : WR_IO;
}

/* All or nothing: the file gets its name when it is complete and on the disk. */
static wr_status close_output(export_job *job, const char *part, wr_status status) {
    if (!job->to) return status;
    bool good = fflush(job->to) == 0 && (job->to == stdout || fsync(fileno(job->to)) == 0);
    if (job->to != stdout) good = fclose(job->to) == 0 && good;
    if (status == WR_OK && !good) {
        snprintf(job->why, sizeof job->why, "writing: %s", strerror(errno));
        status = errno == ENOSPC ? WR_DISKFULL : WR_IO;
    }
    if (!job->set->output) return status;
    if (status == WR_OK && rename(part, job->set->output) != 0) status = WR_IO;
    if (status != WR_OK) unlink(part);
    return status;
}

static wr_status run(export_job *job, const export_format *format) {
    char part[4096];
    wr_str why = {0};
    wr_store_options o = {.path = job->set->store, .read_only = true};
    WR_TRY(wr_arena_new("export", ARENA_MAX, &job->arena));
    wr_status status = wr_store_open(&o, job->arena, &job->store, &why);
    if (status != WR_OK) {
        snprintf(job->why, sizeof job->why, "%.*s", (int)why.len, why.ptr ? why.ptr : "");
        return status;
    }
    /* one read transaction: one state of the store, whatever is written meanwhile */
    int rc = sqlite3_exec(wr_store_db(job->store), "BEGIN", NULL, NULL, NULL);
    status = rc == SQLITE_OK ? open_output(job, part, sizeof part) : wr_store_status(rc);
    if (status == WR_OK) status = format->write(job);
    if (status == WR_OK) status = export_flush(job);
    if (status != WR_OK && !job->why[0] &&
        sqlite3_errcode(wr_store_db(job->store)) >= SQLITE_ERROR &&
        sqlite3_errcode(wr_store_db(job->store)) < SQLITE_ROW)
        snprintf(job->why, sizeof job->why, "%s: %s", job->set->store,
                 sqlite3_errmsg(wr_store_db(job->store)));
    return close_output(job, part, status);
}

static const export_format *find_format(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0) return &formats[i];
    fprintf(stderr, "wireroom export: no format \"%s\"; there are:\n", name);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        fprintf(stderr, "  %-8s %s\n", formats[i].name, formats[i].text);
    return NULL;
}

static int run_export(int argc, char **argv) {
    export_options set = {0};
    const wr_option_group group = {"Options", rows, &set};
    int n = 0, code = wr_options_read(&program, &group, 1, argc, argv, &n);
    if (code >= 0) return code;
    if (n != 1) {
        fprintf(stderr, "wireroom export: one FORMAT is needed: jsonl, csv, gexf, graphml, rss or "
                        "ninjs\n");
        return 100;
    }
    const export_format *format = find_format(argv[1]);
    if (!format) return 100;
    export_job job = {.set = &set, .text = WR_BUF_INIT(TEXT_MAX)};
    wr_status status = run(&job, format);
    if (status != WR_OK)
        fprintf(stderr, "wireroom export: %s\n", job.why[0] ? job.why : wr_status_text(status));
    wr_store_close(&job.store);
    wr_buf_free(&job.text);
    wr_arena_free(&job.arena);
    wr_options_free(&group, 1);
    return code_of(status);
}

const command command_export = {"export", &program, run_export, "jsonl csv gexf graphml rss ninjs"};
