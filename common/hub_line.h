/* hub_line.h -- the hub as a transport: the functions behind its row of the table */
#ifndef WR_HUB_LINE_H
#define WR_HUB_LINE_H

#include <wireroom/transport.h>

wr_status hub_worker_open(const wr_worker_config *config, void **self);
wr_status hub_worker_next(void *self, int timeout_ms, wr_work *out);
wr_status hub_worker_done(void *self, uint64_t ticket, wr_str output);
wr_status hub_worker_fail(void *self, uint64_t ticket, wr_status status, wr_str text);
wr_status hub_worker_extend(void *self, uint64_t ticket);
void hub_worker_busy(void *self, uint64_t ticket);
void hub_worker_drain(void *self);
bool hub_worker_restart_wanted(const void *self);
void hub_worker_report(void *self, wr_str figures);
void hub_worker_close(void *self);

wr_status hub_source_open(const wr_source_config *config, void **self);
wr_status hub_source_submit(void *self, uint64_t ref, wr_str id, wr_str payload);
size_t hub_source_room(void *self);
wr_status hub_source_next(void *self, int wake_fd, int timeout_ms, wr_outcome *out);
void hub_source_close(void *self);

wr_status hub_control_open(const char *line, void **self);
wr_status hub_control_call(void *self, const char *const *words, size_t n_words, int timeout_ms,
                           wr_arena *arena, wr_str *reply);
wr_status hub_control_tap(void *self, const char *point, unsigned every);
wr_status hub_control_next(void *self, int timeout_ms, wr_tapped *out);
void hub_control_close(void *self);

#endif
