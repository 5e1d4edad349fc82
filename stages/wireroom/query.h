/* query.h -- `wireroom query`: one function per question */
#ifndef WIREROOM_QUERY_H
#define WIREROOM_QUERY_H

#include "output.h"

#include <common/store/ask.h>

typedef struct query_options {
    const char *store, *since, *day, *by, *about, *reason, *entity, *kind;
    int64_t limit, days, min;
    bool json, timeline, aliases, neighbours, sources;
} query_options;

typedef struct query_job {
    const query_options *set;
    const char *words; /* the arguments after the question, joined by blanks; "" = none */
    wr_store *store;
    sqlite3 *db;
    wr_arena *arena;
    char why[320]; /* what went wrong, for people */
} query_job;

wr_status query_search(query_job *job);
wr_status query_trending(query_job *job);
wr_status query_entity(query_job *job);
wr_status query_quotes(query_job *job);
wr_status query_pairs(query_job *job);
/* The whole article as JSON; 0 = there is none. */
wr_status query_article(query_job *job, int64_t number);

/* Prints the rows of a statement: the columns' names are the keys, in capitals the titles. The
 * parameters are texts, NULL ends them. Columns named *_json are printed as the JSON they are
 * (without the ending) and are not in the table. */
wr_status query_rows(query_job *job, const char *sql, const char *const *parameters);

/* The entity a name most likely means. WR_NOTFOUND with a text in job->why. */
wr_status query_find(query_job *job, const char *name, wr_found_entity *out);

#endif
