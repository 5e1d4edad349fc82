/* report.h -- progress of ingest as JSON lines on standard output, for the program that started it
 *
 *   {"event":"failed","file":"a.txt","status":"empty","text":"record=0 status=empty ..."}
 *   {"event":"progress","files":12,"failed":1,"refused":0,"pages":11,"passed":10,"dropped":1,
 *    "references":0,"rejected":0,"open":4}
 *   {"event":"end", the same}
 * files: finished; failed: those that ended in failed/; refused: those that could not be taken. */
#ifndef INGEST_REPORT_H
#define INGEST_REPORT_H

#include "ledger.h"

typedef struct ingest_report {
    bool on;
    uint64_t files, failed, refused, due, said; /* said: files + pages when last written */
    wr_buf line;
} ingest_report;

/* A file was put away. */
void ingest_report_file(ingest_report *report, const char *path, const ingest_file *file,
                        bool failed);

/* Writes a line when one is due (ten a second at most), or the last one. */
void ingest_report_tick(ingest_report *report, const ingest_ledger *ledger, uint64_t now, bool end);

/* `text` as a JSON string with its quotes, appended; what is not UTF-8 becomes %XX. */
void ingest_json_string(wr_buf *out, wr_str text);

#endif
