/* hub_worker.c -- the worker's side of a hub's line */
#include "common/hub_line.h"
#include "common/peer.h"

#include <stdatomic.h>
#include <stdlib.h>

typedef struct hub_worker {
    wr_peer *peer;
    zmq_msg_t payload;
    uint64_t *open; /* tickets not answered, oldest first */
    size_t n_open, max_open;
    atomic_bool drain_wanted;
    bool drain_said, drained, restart;
} hub_worker;

wr_status hub_worker_open(const wr_worker_config *config, void **self) {
    wr_peer_config peer = {.line = config->line,
                           .role = "worker",
                           .name = config->stage,
                           .slot = config->slot,
                           .build = config->build,
                           .credit = config->credit,
                           .lease_ms = config->lease_ms,
                           .lost_ms = config->lost_ms,
                           .guard = config->guard};
    if (config->credit == 0 || config->credit > 1u << 20) return WR_USAGE;
    hub_worker *w = calloc(1, sizeof *w);
    if (!w) return WR_MEMORY;
    w->max_open = config->credit;
    w->open = calloc(w->max_open, sizeof *w->open);
    zmq_msg_init(&w->payload);
    wr_status status = w->open ? wr_peer_open(&peer, &w->peer) : WR_MEMORY;
    *self = w;
    if (status == WR_OK) return WR_OK;
    hub_worker_close(w);
    *self = NULL;
    return status;
}

void hub_worker_close(void *self) {
    hub_worker *w = self;
    wr_peer_close(&w->peer);
    zmq_msg_close(&w->payload);
    free(w->open);
    free(w);
}

/* Takes the ticket out of the open ones; false when it is void. */
static bool settle(hub_worker *w, uint64_t ticket) {
    for (size_t i = 0; i < w->n_open; i++) {
        if (w->open[i] != ticket) continue;
        memmove(w->open + i, w->open + i + 1, (w->n_open - i - 1) * sizeof *w->open);
        w->n_open--;
        return true;
    }
    return false;
}

static void say_drain(hub_worker *w) {
    wr_line m = {.kind = WR_LINE_DRAIN};
    if (atomic_load(&w->drain_wanted) && !w->drain_said && wr_peer_joined(w->peer))
        w->drain_said = wr_peer_send(w->peer, &m, (wr_str){0}) == WR_OK;
}

static bool finished(const hub_worker *w) {
    if (w->drained) return w->n_open == 0;
    return atomic_load(&w->drain_wanted) && !wr_peer_joined(w->peer);
}

/* True when the message is a page to work on. */
static bool take(hub_worker *w, const wr_line *m, wr_work *out) {
    if (m->kind == WR_LINE_WELCOME) {
        w->n_open = 0; /* what was leased before is void */
        w->drain_said = false;
    } else if (m->kind == WR_LINE_DRAIN) {
        w->drained = true;
        wr_peer_leave(w->peer);
        w->restart = w->restart || m->restart;
    } else if (m->kind == WR_LINE_WORK && w->n_open < w->max_open) {
        w->open[w->n_open++] = m->ticket;
        *out = (wr_work){.ticket = m->ticket,
                         .id = m->id,
                         .payload = wr_str_of(zmq_msg_data(&w->payload), zmq_msg_size(&w->payload)),
                         .attempt = (unsigned)m->attempt};
        return true;
    }
    return false;
}

wr_status hub_worker_next(void *self, int timeout_ms, wr_work *out) {
    hub_worker *w = self;
    wr_line m;
    for (;;) {
        say_drain(w);
        if (finished(w)) return WR_CLOSED;
        WR_TRY(wr_peer_receive(w->peer, -1, timeout_ms, &m, &w->payload));
        if (take(w, &m, out)) return WR_OK;
    }
}

wr_status hub_worker_done(void *self, uint64_t ticket, wr_str output) {
    hub_worker *w = self;
    if (output.len > WR_PAYLOAD_MAX) return WR_LIMIT;
    if (!settle(w, ticket)) return WR_OK;
    wr_line m = {.kind = WR_LINE_DONE, .ticket = ticket};
    wr_status status = wr_peer_send(w->peer, &m, output);
    return status == WR_AGAIN ? WR_OK : status; /* the line is gone and the lease with it */
}

wr_status hub_worker_fail(void *self, uint64_t ticket, wr_status status, wr_str text) {
    static const char *const verdicts[] = {[WR_VERDICT_PASS] = "drop",
                                           [WR_VERDICT_DROP] = "drop",
                                           [WR_VERDICT_REJECT] = "reject",
                                           [WR_VERDICT_RETRY] = "retry",
                                           [WR_VERDICT_FATAL] = "retry"};
    hub_worker *w = self;
    if (!settle(w, ticket)) return WR_OK;
    wr_line m = {.kind = WR_LINE_FAIL,
                 .ticket = ticket,
                 .verdict = wr_str_c(verdicts[wr_status_verdict(status)]),
                 .status = wr_str_c(wr_status_label(status)),
                 .text = wr_str_slice(text, 0, 1000)};
    wr_status sent = wr_peer_send(w->peer, &m, (wr_str){0});
    return sent == WR_AGAIN ? WR_OK : sent;
}

wr_status hub_worker_extend(void *self, uint64_t ticket) {
    hub_worker *w = self;
    wr_line m = {.kind = WR_LINE_EXTEND, .ticket = ticket};
    wr_status status = wr_peer_send(w->peer, &m, (wr_str){0});
    return status == WR_AGAIN ? WR_OK : status;
}

void hub_worker_busy(void *self, uint64_t ticket) {
    wr_peer_busy(((hub_worker *)self)->peer, ticket);
}

void hub_worker_drain(void *self) {
    hub_worker *w = self;
    atomic_store(&w->drain_wanted, true);
    wr_peer_wake(w->peer);
}

bool hub_worker_restart_wanted(const void *self) {
    return ((const hub_worker *)self)->restart;
}

void hub_worker_report(void *self, wr_str figures) {
    wr_peer_figures(((hub_worker *)self)->peer, figures);
}
