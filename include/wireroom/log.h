/* log.h -- one logfmt line a fact on standard error, limited per status
 *
 *   ts=2026-11-22T18:50:00.123Z level=warn prog=wireroom-hub pid=412 event=worker-lost
 *     status=timeout text="tag.0: no sign of life for 1000 ms" (one line)
 * More than 20 lines a second of one status are counted and not written; the next line that is
 * written says suppressed=N. Cores never log. Thread-safe. */
#ifndef WIREROOM_LOG_H
#define WIREROOM_LOG_H

#include <wireroom/status.h>

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum wr_log_level { WR_LOG_ERROR, WR_LOG_WARN, WR_LOG_INFO, WR_LOG_DEBUG } wr_log_level;

/* `program` is borrowed for the life of the process. Before the call: level info, no name. */
WR_API void wr_log_open(const char *program, wr_log_level level);
/* "error", "warn", "info" or "debug"; false for anything else. */
WR_API bool wr_log_level_of(const char *name, wr_log_level *out);

/* `event` is a fixed word with dashes, for machines; the text is for people. Bytes of the text that
 * are not printable are escaped. Lines are cut at 2,000 bytes. */
WR_API void wr_log(wr_log_level level, wr_status status, const char *event, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#ifdef __cplusplus
}
#endif
#endif
