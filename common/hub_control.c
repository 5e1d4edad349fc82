/* hub_control.c -- questions and orders to a hub, and copies from it */
#include "common/address.h"
#include "common/curve.h"
#include "common/hub_line.h"
#include "common/line.h"

#include <stdlib.h>
#include <zmq.h>

typedef struct hub_control {
    void *context, *socket;
    zmq_msg_t header, payload;
    wr_buf out;
    uint64_t request;
} hub_control;

wr_status hub_control_open(const char *line, void **self) {
    wr_endpoints where;
    int zero = 0, soon = 50;
    WR_TRY(wr_endpoints_of(line, &where));
    hub_control *c = calloc(1, sizeof *c);
    if (!c) return WR_MEMORY;
    zmq_msg_init(&c->header);
    zmq_msg_init(&c->payload);
    c->out.limit = 65536;
    c->context = zmq_ctx_new();
    c->socket = c->context ? zmq_socket(c->context, ZMQ_DEALER) : NULL;
    *self = c;
    wr_status status = WR_OK;
    if (c->socket) {
        zmq_setsockopt(c->socket, ZMQ_LINGER, &zero, sizeof zero);
        zmq_setsockopt(c->socket, ZMQ_RECONNECT_IVL, &soon, sizeof soon);
        bool keyed;
        status = wr_curve_join(c->socket, where.control, &keyed);
        if (status == WR_OK && zmq_connect(c->socket, where.control) == 0) return WR_OK;
    }
    hub_control_close(c);
    *self = NULL;
    return status == WR_OK ? WR_IO : status;
}

void hub_control_close(void *self) {
    hub_control *c = self;
    zmq_msg_close(&c->header);
    zmq_msg_close(&c->payload);
    if (c->socket) zmq_close(c->socket);
    if (c->context) zmq_ctx_term(c->context);
    wr_buf_free(&c->out);
    free(c);
}

static wr_status send_line(hub_control *c, const wr_line *m) {
    wr_buf_clear(&c->out);
    wr_line_encode(m, &c->out);
    if (c->out.status != WR_OK) return c->out.status;
    return zmq_send(c->socket, c->out.ptr, c->out.len, 0) < 0 ? WR_IO : WR_OK;
}

/* The next message of either kind within the time. */
static wr_status receive(hub_control *c, int timeout_ms, wr_line *m) {
    uint64_t end = wr_now_ms() + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0);
    for (;;) {
        uint64_t now = wr_now_ms();
        zmq_pollitem_t item = {c->socket, 0, ZMQ_POLLIN, 0};
        int ready = zmq_poll(&item, 1, end > now ? (long)(end - now) : 0);
        if (ready <= 0) return WR_TIMEOUT;
        if (zmq_msg_recv(&c->header, c->socket, ZMQ_DONTWAIT) < 0) continue;
        zmq_msg_close(&c->payload);
        zmq_msg_init(&c->payload);
        if (zmq_msg_more(&c->header) && zmq_msg_recv(&c->payload, c->socket, ZMQ_DONTWAIT) < 0)
            continue;
        wr_str bytes = wr_str_of(zmq_msg_data(&c->header), zmq_msg_size(&c->header));
        if (wr_line_decode(bytes, m) == WR_OK) return WR_OK;
    }
}

wr_status hub_control_call(void *self, const char *const *words, size_t n_words, int timeout_ms,
                           wr_arena *arena, wr_str *reply) {
    hub_control *c = self;
    wr_buf list = WR_BUF_INIT(65536);
    wr_line m;
    *reply = (wr_str){0};
    wr_write_array(&list, n_words);
    for (size_t i = 0; i < n_words; i++)
        wr_write_str(&list, wr_str_c(words[i]));
    m = (wr_line){.kind = WR_LINE_CALL, .request = ++c->request, .words = wr_buf_str(&list)};
    wr_status status = list.status == WR_OK ? send_line(c, &m) : list.status;
    wr_buf_free(&list);
    WR_TRY(status);
    uint64_t end = wr_now_ms() + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0);
    for (;;) {
        uint64_t now = wr_now_ms();
        WR_TRY(receive(c, end > now ? (int)(end - now) : 0, &m));
        if (m.kind == WR_LINE_REPLY && m.request == c->request) break;
    }
    WR_TRY(wr_arena_copy(arena, m.body, reply));
    return wr_status_of_label(m.status.ptr, m.status.len);
}

wr_status hub_control_tap(void *self, const char *point, unsigned every) {
    wr_line m = {.kind = WR_LINE_TAP, .point = wr_str_c(point), .every = every};
    return send_line(self, &m);
}

wr_status hub_control_next(void *self, int timeout_ms, wr_tapped *out) {
    hub_control *c = self;
    wr_line m;
    WR_TRY(receive(c, timeout_ms, &m));
    if (m.kind == WR_LINE_ERROR) return wr_status_of_label(m.status.ptr, m.status.len);
    if (m.kind != WR_LINE_COPY) return WR_TIMEOUT;
    *out = (wr_tapped){.seq = m.seq, .point = m.point, .id = m.id, .status = m.status};
    out->payload = wr_str_of(zmq_msg_data(&c->payload), zmq_msg_size(&c->payload));
    return WR_OK;
}
