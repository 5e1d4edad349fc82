/* export.h -- `wireroom export`: one writer per format
 *
 * What is written depends on the articles alone: not on the order they came in, nor on when. */
#ifndef WIREROOM_EXPORT_H
#define WIREROOM_EXPORT_H

#include <common/store/pairs.h>
#include <common/store/read.h>

#include <stdio.h>

typedef struct export_options {
    const char *store, *since, *until, *what, *output, *title;
    int64_t limit, min, nodes, backbone; /* backbone: per mille */
} export_options;

typedef struct export_job {
    const export_options *set;
    wr_store *store;
    wr_arena *arena; /* reset after each article */
    wr_buf text;     /* what is to be written */
    FILE *to;
    char why[256];
} export_job;

typedef struct export_format {
    const char *name, *text;
    wr_status (*write)(export_job *job);
} export_format;

wr_status export_jsonl(export_job *job);
wr_status export_ninjs(export_job *job);
wr_status export_csv(export_job *job);
wr_status export_gexf(export_job *job);
wr_status export_graphml(export_job *job);
wr_status export_rss(export_job *job);

/* Called with each article of the range, in content order (newest day first when `newest`). */
typedef wr_status export_take(export_job *job, const wr_stored *article);
wr_status export_articles(export_job *job, bool newest, int64_t limit, export_take *take);

/* Writes and empties the buffer. */
wr_status export_flush(export_job *job);
/* Text for XML, what XML cannot hold left out. */
void export_xml(wr_buf *out, wr_str text);

#endif
