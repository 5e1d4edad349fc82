/* report.c -- JSON lines of progress */
#include "report.h"

#include "name.h"

#include <wireroom/log.h>

#include <stdio.h>
#include <unistd.h>

#define EVERY_MS   100u
#define LINE_BYTES ((size_t)1 << 20)

void ingest_json_string(wr_buf *out, wr_str text) {
    wr_arena *arena = NULL;
    wr_str safe;
    wr_buf_add_char(out, '"');
    if (wr_arena_new("json", LINE_BYTES, &arena) == WR_OK &&
        ingest_name_text(arena, text, &safe) == WR_OK)
        for (size_t i = 0; i < safe.len; i++) {
            if (safe.ptr[i] == '"' || safe.ptr[i] == '\\') wr_buf_add_char(out, '\\');
            wr_buf_add_char(out, safe.ptr[i]);
        }
    wr_buf_add_char(out, '"');
    wr_arena_free(&arena);
}

static void write_line(ingest_report *report) {
    wr_buf_add_char(&report->line, '\n');
    if (report->line.status != WR_OK) return;
    for (size_t at = 0; at < report->line.len;) {
        ssize_t put = write(STDOUT_FILENO, report->line.ptr + at, report->line.len - at);
        if (put < 0) {
            report->on = false; /* nobody listens any more */
            return;
        }
        at += (size_t)put;
    }
}

static void begin_line(ingest_report *report, const char *event) {
    report->line.limit = LINE_BYTES;
    wr_buf_clear(&report->line);
    wr_buf_printf(&report->line, "{\"event\":\"%s\"", event);
}

void ingest_report_file(ingest_report *report, const char *path, const ingest_file *file,
                        bool failed) {
    report->files++;
    report->failed += failed;
    if (file->status == WR_OK) return;
    wr_str text = wr_str_slice(wr_buf_str(&file->reasons), 0, 1000);
    text = wr_str_slice(text, 0, wr_str_find_char(text, 0, '\n'));
    wr_log(WR_LOG_WARN, file->status, failed ? "file-failed" : "records-failed", "%s: %.*s", path,
           (int)text.len, text.ptr);
    if (!report->on) return;
    begin_line(report, failed ? "failed" : "partly");
    wr_buf_printf(&report->line, ",\"file\":");
    ingest_json_string(&report->line, wr_str_c(path));
    wr_buf_printf(&report->line,
                  ",\"status\":\"%s\",\"rejected\":%llu,\"text\":", wr_status_label(file->status),
                  (unsigned long long)file->tally.rejected);
    ingest_json_string(&report->line, text);
    wr_buf_add_char(&report->line, '}');
    write_line(report);
}

void ingest_report_tick(ingest_report *report, const ingest_ledger *ledger, uint64_t now,
                        bool end) {
    if (!report->on || (now < report->due && !end)) return;
    const ingest_tally *t = &ledger->total;
    if (report->files + t->pages == report->said && !end) return;
    report->said = report->files + t->pages;
    report->due = now + EVERY_MS;
    begin_line(report, end ? "end" : "progress");
    wr_buf_printf(&report->line,
                  ",\"files\":%llu,\"failed\":%llu,\"refused\":%llu,\"pages\":%llu,\"passed\":%llu,"
                  "\"dropped\":%llu,\"references\":%llu,\"rejected\":%llu,\"open\":%zu}",
                  (unsigned long long)report->files, (unsigned long long)report->failed,
                  (unsigned long long)report->refused, (unsigned long long)t->pages,
                  (unsigned long long)t->passed, (unsigned long long)t->dropped,
                  (unsigned long long)t->references, (unsigned long long)t->rejected,
                  ledger->n_slots);
    write_line(report);
}
