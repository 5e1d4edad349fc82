/* transport.c -- the table of back ends, and the calls through it */
#include "common/hub_line.h"

#include <stdlib.h>

#define HUB(name)                                                                                  \
    {                                                                                              \
        .scheme = name, .worker_open = hub_worker_open, .worker_next = hub_worker_next,            \
        .worker_done = hub_worker_done, .worker_fail = hub_worker_fail,                            \
        .worker_extend = hub_worker_extend, .worker_busy = hub_worker_busy,                        \
        .worker_drain = hub_worker_drain, .worker_restart_wanted = hub_worker_restart_wanted,      \
        .worker_report = hub_worker_report, .worker_close = hub_worker_close,                      \
        .source_open = hub_source_open, .source_submit = hub_source_submit,                        \
        .source_room = hub_source_room, .source_next = hub_source_next,                            \
        .source_close = hub_source_close, .control_open = hub_control_open,                        \
        .control_call = hub_control_call, .control_tap = hub_control_tap,                          \
        .control_next = hub_control_next, .control_close = hub_control_close                       \
    }

static const wr_transport transports[] = {HUB("ipc"), HUB("tcp")};

struct wr_worker {
    const wr_transport *via;
    void *self;
};
struct wr_source {
    const wr_transport *via;
    void *self;
};
struct wr_control {
    const wr_transport *via;
    void *self;
};

static const wr_transport *transport_of(const char *line) {
    wr_str address = wr_str_c(line);
    size_t colon = wr_str_find_char(address, 0, ':');
    for (size_t i = 0; i < sizeof transports / sizeof *transports; i++)
        if (wr_str_eq(wr_str_slice(address, 0, colon), wr_str_c(transports[i].scheme)))
            return &transports[i];
    return NULL;
}

static bool name_ok(const char *name) {
    size_t len = name ? strlen(name) : 0;
    return len > 0 && len <= WR_ID_MAX;
}

/* ---- worker ---- */

wr_status wr_worker_open(const wr_worker_config *config, wr_worker **out) {
    *out = NULL;
    const wr_transport *via = transport_of(config->line);
    if (!via || !name_ok(config->stage) || !name_ok(config->slot)) return WR_USAGE;
    wr_worker *w = calloc(1, sizeof *w);
    if (!w) return WR_MEMORY;
    w->via = via;
    wr_status status = via->worker_open(config, &w->self);
    if (status == WR_OK) *out = w;
    else free(w);
    return status;
}

wr_status wr_worker_next(wr_worker *w, int timeout_ms, wr_work *out) {
    return w->via->worker_next(w->self, timeout_ms, out);
}

wr_status wr_worker_done(wr_worker *w, uint64_t ticket, wr_str output) {
    return w->via->worker_done(w->self, ticket, output);
}

wr_status wr_worker_fail(wr_worker *w, uint64_t ticket, wr_status status, wr_str text) {
    return w->via->worker_fail(w->self, ticket, status, text);
}

wr_status wr_worker_extend(wr_worker *w, uint64_t ticket) {
    return w->via->worker_extend(w->self, ticket);
}

void wr_worker_busy(wr_worker *w, uint64_t ticket) {
    w->via->worker_busy(w->self, ticket);
}

void wr_worker_drain(wr_worker *w) {
    w->via->worker_drain(w->self);
}

bool wr_worker_restart_wanted(const wr_worker *w) {
    return w->via->worker_restart_wanted(w->self);
}

void wr_worker_report(wr_worker *w, wr_str figures) {
    w->via->worker_report(w->self, figures);
}

void wr_worker_close(wr_worker **w) {
    if (!*w) return;
    (*w)->via->worker_close((*w)->self);
    free(*w);
    *w = NULL;
}

/* ---- source ---- */

wr_status wr_source_open(const wr_source_config *config, wr_source **out) {
    *out = NULL;
    const wr_transport *via = transport_of(config->line);
    if (!via || !name_ok(config->name)) return WR_USAGE;
    wr_source *s = calloc(1, sizeof *s);
    if (!s) return WR_MEMORY;
    s->via = via;
    wr_status status = via->source_open(config, &s->self);
    if (status == WR_OK) *out = s;
    else free(s);
    return status;
}

wr_status wr_source_submit(wr_source *s, uint64_t ref, wr_str id, wr_str payload) {
    return s->via->source_submit(s->self, ref, id, payload);
}

size_t wr_source_room(wr_source *s) {
    return s->via->source_room(s->self);
}

wr_status wr_source_next(wr_source *s, int wake_fd, int timeout_ms, wr_outcome *out) {
    return s->via->source_next(s->self, wake_fd, timeout_ms, out);
}

void wr_source_close(wr_source **s) {
    if (!*s) return;
    (*s)->via->source_close((*s)->self);
    free(*s);
    *s = NULL;
}

/* ---- control ---- */

wr_status wr_control_open(const char *line, wr_control **out) {
    *out = NULL;
    const wr_transport *via = transport_of(line);
    if (!via) return WR_USAGE;
    wr_control *c = calloc(1, sizeof *c);
    if (!c) return WR_MEMORY;
    c->via = via;
    wr_status status = via->control_open(line, &c->self);
    if (status == WR_OK) *out = c;
    else free(c);
    return status;
}

wr_status wr_control_call(wr_control *c, const char *const *words, size_t n_words, int timeout_ms,
                          wr_arena *arena, wr_str *reply) {
    return c->via->control_call(c->self, words, n_words, timeout_ms, arena, reply);
}

wr_status wr_control_tap(wr_control *c, const char *point, unsigned every) {
    return c->via->control_tap(c->self, point, every);
}

wr_status wr_control_next(wr_control *c, int timeout_ms, wr_tapped *out) {
    return c->via->control_next(c->self, timeout_ms, out);
}

void wr_control_close(wr_control **c) {
    if (!*c) return;
    (*c)->via->control_close((*c)->self);
    free(*c);
    *c = NULL;
}
