/* hub_source.c -- the source's side of a hub's line */
#include "common/hub_line.h"
#include "common/peer.h"

#include <stdlib.h>

typedef struct sent {
    uint64_t ref;
    size_t bytes;
    bool open;
} sent;

typedef struct hub_source {
    wr_peer *peer;
    zmq_msg_t payload;
    sent *ring; /* submitted, oldest at `first`; those completed are closed until they are the
                   oldest */
    size_t size, first, n;
    uint64_t window, bytes_window, n_open, bytes_open;
    wr_cursor outcomes; /* what is left of the last COMPLETED */
    size_t n_outcomes;
} hub_source;

wr_status hub_source_open(const wr_source_config *config, void **self) {
    wr_peer_config peer = {.line = config->line,
                           .role = "source",
                           .name = config->name,
                           .build = config->build,
                           .credit = config->window,
                           .lost_ms = config->lost_ms};
    if (config->window == 0 || config->window > 1u << 20) return WR_USAGE;
    hub_source *s = calloc(1, sizeof *s);
    if (!s) return WR_MEMORY;
    s->size = (size_t)config->window * 4;
    s->ring = calloc(s->size, sizeof *s->ring);
    zmq_msg_init(&s->payload);
    wr_status status = s->ring ? wr_peer_open(&peer, &s->peer) : WR_MEMORY;
    *self = s;
    if (status == WR_OK) return WR_OK;
    hub_source_close(s);
    *self = NULL;
    return status;
}

void hub_source_close(void *self) {
    hub_source *s = self;
    wr_peer_close(&s->peer);
    zmq_msg_close(&s->payload);
    free(s->ring);
    free(s);
}

size_t hub_source_room(void *self) {
    hub_source *s = self;
    if (!wr_peer_joined(s->peer) || s->n_open >= s->window || s->n == s->size) return 0;
    if (s->n_open && s->bytes_open >= s->bytes_window) return 0;
    uint64_t room = s->window - s->n_open, ring = s->size - s->n;
    return (size_t)(room < ring ? room : ring);
}

wr_status hub_source_submit(void *self, uint64_t ref, wr_str id, wr_str payload) {
    hub_source *s = self;
    if (payload.len > WR_PAYLOAD_MAX) return WR_LIMIT;
    if (hub_source_room(s) == 0) return WR_AGAIN;
    wr_line m = {.kind = WR_LINE_SUBMIT, .ref = ref, .id = id};
    WR_TRY(wr_peer_send(s->peer, &m, payload));
    s->ring[(s->first + s->n++) % s->size] = (sent){ref, payload.len, true};
    s->n_open++;
    s->bytes_open += payload.len;
    return WR_OK;
}

static void settle(hub_source *s, uint64_t ref) {
    for (size_t i = 0; i < s->n; i++) {
        sent *e = &s->ring[(s->first + i) % s->size];
        if (!e->open || e->ref != ref) continue;
        e->open = false;
        s->n_open--;
        s->bytes_open -= e->bytes;
        break;
    }
    while (s->n && !s->ring[s->first].open) {
        s->first = (s->first + 1) % s->size;
        s->n--;
    }
}

static wr_verdict verdict_of(wr_str word) {
    if (wr_str_eq(word, WR_STR("pass"))) return WR_VERDICT_PASS;
    if (wr_str_eq(word, WR_STR("drop"))) return WR_VERDICT_DROP;
    if (wr_str_eq(word, WR_STR("retry"))) return WR_VERDICT_RETRY;
    return WR_VERDICT_REJECT;
}

/* The next outcome of the last COMPLETED; false when there is none (more). */
static bool next_outcome(hub_source *s, wr_outcome *out) {
    if (s->n_outcomes == 0) return false;
    s->n_outcomes--;
    size_t n = wr_read_array(&s->outcomes);
    *out = (wr_outcome){.event = WR_EVENT_COMPLETED, .ref = wr_read_uint(&s->outcomes)};
    out->verdict = verdict_of(wr_read_str(&s->outcomes));
    out->status = wr_read_str(&s->outcomes);
    out->stage = wr_read_str(&s->outcomes);
    out->text = wr_read_str(&s->outcomes);
    out->dead = wr_read_uint(&s->outcomes) != 0;
    for (; n > 6; n--)
        wr_read_any(&s->outcomes);
    if (s->outcomes.bad) {
        s->n_outcomes = 0;
        return false;
    }
    settle(s, out->ref);
    return true;
}

static void forget_all(hub_source *s) {
    s->first = s->n = 0;
    s->n_open = s->bytes_open = 0;
    s->window = s->bytes_window = 0;
    s->n_outcomes = 0;
}

wr_status hub_source_next(void *self, int wake_fd, int timeout_ms, wr_outcome *out) {
    hub_source *s = self;
    wr_line m;
    if (next_outcome(s, out)) return WR_OK;
    WR_TRY(wr_peer_receive(s->peer, wake_fd, timeout_ms, &m, &s->payload));
    switch (m.kind) {
    case WR_LINE_WELCOME:
        forget_all(s);
        *out = (wr_outcome){.event = WR_EVENT_RESTARTED};
        return WR_OK;
    case WR_LINE_WINDOW:
        s->window = m.credit;
        s->bytes_window = m.bytes;
        return WR_TIMEOUT;
    case WR_LINE_COMPLETED:
        s->outcomes = wr_cursor_of(m.outcomes);
        s->n_outcomes = wr_read_array(&s->outcomes);
        return next_outcome(s, out) ? WR_OK : WR_TIMEOUT;
    default: return WR_TIMEOUT;
    }
}
