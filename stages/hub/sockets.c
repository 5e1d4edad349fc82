/* sockets.c -- bytes between ZeroMQ and the hub */
#include "sockets.h"

#include "admit.h"

#include "common/address.h"

#include <wireroom/transport.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define BURST       512  /* messages between two rounds of leasing */
#define GONE_ROUNDS 3    /* bursts after which a lost peer's last messages have been read */
#define CONNECTIONS 1024 /* whose end is noticed at once; beyond it silence tells */
#define COPIES_HWM  256  /* copies that wait for one watcher */

struct sockets {
    void *context, *work, *control, *monitor;
    admit *admit;
    int lock;
    wr_buf header;
    hub_route by_fd[CONNECTIONS];
    hub_route gone[64]; /* connections that ended, told to the hub once their messages are read */
    size_t n_gone, gone_rounds;
    hub_route gone_watchers[16]; /* found gone when something was sent to them */
    size_t n_gone_watchers;
};

uint64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* ---- opening ---- */

static wr_status take_directory(sockets *s, const char *dir) {
    char path[WR_ENDPOINT_SIZE + 16];
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) return errno == EACCES ? WR_DENIED : WR_IO;
    snprintf(path, sizeof path, "%s/hub.lock", dir);
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock < 0) return errno == EACCES ? WR_DENIED : WR_IO;
    return flock(s->lock, LOCK_EX | LOCK_NB) == 0 ? WR_OK : WR_LOCKED;
}

/* Addresses only this machine can reach. */
static bool is_near(const char *endpoint) {
    static const char *const near[] = {"ipc://", "tcp://127.", "tcp://localhost:", "tcp://[::1]:"};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        if (strncmp(endpoint, near[i], strlen(near[i])) == 0) return true;
    return false;
}

/* Options hold for what is bound after them: an ipc address comes first, without keys. */
static wr_status bind_one(void *socket, const char *endpoint, const sockets_network *network) {
    bool tcp = strncmp(endpoint, "tcp://", 6) == 0;
    if (tcp && network->pair) WR_TRY(wr_curve_serve(socket, network->pair));
    else if (!is_near(endpoint)) {
        wr_log(WR_LOG_ERROR, WR_USAGE, "open-to-all",
               "%s: other machines could join without a key; give --key and --allow, see "
               "`wireroom keygen --help`",
               endpoint);
        return WR_USAGE;
    }
    if (zmq_bind(socket, endpoint) == 0) return WR_OK;
    wr_status status = errno == EADDRINUSE ? WR_LOCKED : errno == EACCES ? WR_DENIED : WR_IO;
    if (tcp) wr_log(WR_LOG_ERROR, status, "bind", "%s: %s", endpoint, zmq_strerror(errno));
    return status;
}

static void *bound(void *context, const char *endpoint, const sockets_network *network,
                   int send_hwm, wr_status *status) {
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    int on = 1, linger = 0, receive_hwm = 2000;
    int64_t most = (int64_t)WR_PAYLOAD_MAX + 65536;
    if (!socket) *status = WR_MEMORY;
    if (*status != WR_OK) return socket;
    zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &on, sizeof on);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &send_hwm, sizeof send_hwm);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &receive_hwm, sizeof receive_hwm);
    zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most);
    *status = bind_one(socket, endpoint, network);
    return socket;
}

static wr_status watch_connections(sockets *s) {
    static const char inside[] = "inproc://connections";
    if (zmq_socket_monitor(s->work, inside, ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED) != 0)
        return WR_IO;
    s->monitor = zmq_socket(s->context, ZMQ_PAIR);
    if (!s->monitor || zmq_connect(s->monitor, inside) != 0) return WR_IO;
    return WR_OK;
}

static wr_status listen_too(sockets *s, const sockets_network *network) {
    wr_endpoints where;
    if (!network->listen) return WR_OK;
    if (strncmp(network->listen, "tcp://", 6) != 0) return WR_USAGE;
    WR_TRY(wr_endpoints_of(network->listen, &where));
    WR_TRY(bind_one(s->work, where.work, network));
    return bind_one(s->control, where.control, network);
}

wr_status sockets_open(const char *line, const sockets_network *network, sockets **out) {
    wr_endpoints where;
    *out = NULL;
    WR_TRY(wr_endpoints_of(line, &where));
    sockets *s = calloc(1, sizeof *s);
    if (!s) return WR_MEMORY;
    s->lock = -1;
    s->header.limit = (size_t)80 << 20;
    wr_status status = where.dir[0] ? take_directory(s, where.dir) : WR_OK;
    if (status == WR_OK && !(s->context = zmq_ctx_new())) status = WR_MEMORY;
    if (status == WR_OK && network->pair)
        status = admit_start(s->context, network->allow, &s->admit);
    if (status == WR_OK) s->work = bound(s->context, where.work, network, 0, &status);
    if (status == WR_OK)
        s->control = bound(s->context, where.control, network, COPIES_HWM, &status);
    if (status == WR_OK) status = listen_too(s, network);
    if (status == WR_OK) status = watch_connections(s);
    *out = s;
    if (status != WR_OK) sockets_close(out);
    return status;
}

void sockets_close(sockets **s) {
    if (!*s) return;
    if ((*s)->work) zmq_socket_monitor((*s)->work, NULL, 0);
    if ((*s)->monitor) zmq_close((*s)->monitor);
    if ((*s)->work) zmq_close((*s)->work);
    if ((*s)->control) zmq_close((*s)->control);
    admit_stop(&(*s)->admit);
    if ((*s)->context) zmq_ctx_term((*s)->context);
    if ((*s)->lock >= 0) close((*s)->lock);
    wr_buf_free(&(*s)->header);
    free(*s);
    *s = NULL;
}

/* ---- payloads ---- */

hub_payload sockets_payload(wr_str bytes) {
    zmq_msg_t *msg = malloc(sizeof *msg);
    if (msg && zmq_msg_init_size(msg, bytes.len) != 0) {
        free(msg);
        msg = NULL;
    }
    if (msg && bytes.len) memcpy(zmq_msg_data(msg), bytes.ptr, bytes.len);
    return (hub_payload){msg, msg ? bytes.len : 0};
}

wr_str sockets_payload_bytes(hub_payload payload) {
    if (!payload.handle) return (wr_str){0};
    return wr_str_of(zmq_msg_data(payload.handle), zmq_msg_size(payload.handle));
}

void sockets_release(hub_payload payload) {
    zmq_msg_close(payload.handle);
    free(payload.handle);
}

/* ---- sending ---- */

/* Who is on the control socket is known only by trying. */
static bool send_route(sockets *s, bool control, const hub_route *to) {
    void *socket = control ? s->control : s->work;
    if (zmq_send(socket, to->bytes, to->len, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0) return true;
    size_t most = sizeof s->gone_watchers / sizeof *s->gone_watchers;
    if (control && errno == EHOSTUNREACH && s->n_gone_watchers < most)
        s->gone_watchers[s->n_gone_watchers++] = *to;
    return false;
}

bool sockets_send(sockets *s, bool control, const hub_route *to, const wr_line *m,
                  hub_payload payload) {
    void *socket = control ? s->control : s->work;
    wr_buf_clear(&s->header);
    wr_line_encode(m, &s->header);
    if (s->header.status != WR_OK || !send_route(s, control, to)) return false;
    int more = payload.handle ? ZMQ_SNDMORE : 0;
    if (zmq_send(socket, s->header.ptr, s->header.len, more | ZMQ_DONTWAIT) < 0) return false;
    if (!payload.handle) return true;
    zmq_msg_t shared;
    zmq_msg_init(&shared);
    if (zmq_msg_copy(&shared, payload.handle) == 0 &&
        zmq_msg_send(&shared, socket, ZMQ_DONTWAIT) >= 0)
        return true;
    zmq_msg_close(&shared);
    return false;
}

/* ---- receiving ---- */

static void read_monitor(sockets *s) {
    zmq_msg_t event;
    zmq_msg_init(&event);
    while (s->n_gone < sizeof s->gone / sizeof *s->gone &&
           zmq_msg_recv(&event, s->monitor, ZMQ_DONTWAIT) >= 0) {
        int32_t fd = -1;
        bool first = zmq_msg_more(&event); /* event and fd; then the address */
        if (first && zmq_msg_size(&event) >= 6)
            memcpy(&fd, (char *)zmq_msg_data(&event) + 2, sizeof fd);
        if (fd < 0 || fd >= CONNECTIONS || s->by_fd[fd].len == 0) continue;
        s->gone[s->n_gone++] = s->by_fd[fd];
        s->by_fd[fd].len = 0;
    }
    zmq_msg_close(&event);
}

static void remember_connection(sockets *s, zmq_msg_t *header, const hub_route *from) {
    int fd = zmq_msg_get(header, ZMQ_SRCFD);
    read_monitor(s); /* an older connection of the same number has ended before */
    if (fd >= 0 && fd < CONNECTIONS) s->by_fd[fd] = *from;
}

/* Closes the frames that follow one beyond the protocol. */
static void skip_rest(void *socket, bool more) {
    while (more) {
        zmq_msg_t rest;
        zmq_msg_init(&rest);
        if (zmq_msg_recv(&rest, socket, ZMQ_DONTWAIT) < 0) more = false;
        else more = zmq_msg_more(&rest);
        zmq_msg_close(&rest);
    }
}

static hub_payload receive_payload(void *socket) {
    zmq_msg_t *msg = malloc(sizeof *msg);
    if (!msg) {
        skip_rest(socket, true);
        return (hub_payload){0};
    }
    zmq_msg_init(msg);
    if (zmq_msg_recv(msg, socket, ZMQ_DONTWAIT) < 0) {
        free(msg);
        return (hub_payload){0};
    }
    skip_rest(socket, zmq_msg_more(msg));
    return (hub_payload){msg, zmq_msg_size(msg)};
}

static bool receive_one(sockets *s, hub *h, bool control) {
    void *socket = control ? s->control : s->work;
    zmq_msg_t part;
    hub_route from = {.len = 0};
    zmq_msg_init(&part);
    if (zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) < 0) return false;
    bool more = zmq_msg_more(&part), fits = zmq_msg_size(&part) <= sizeof from.bytes;
    if (fits) {
        from.len = (unsigned char)zmq_msg_size(&part);
        memcpy(from.bytes, zmq_msg_data(&part), from.len);
    }
    if (!more || !fits || zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) < 0) {
        skip_rest(socket, more);
        zmq_msg_close(&part);
        return true;
    }
    wr_str header = wr_str_of(zmq_msg_data(&part), zmq_msg_size(&part));
    hub_payload payload = {0};
    if (zmq_msg_more(&part)) payload = receive_payload(socket);
    if (!control && header.len == 0) remember_connection(s, &part, &from);
    hub_message(h, now_us(), control, &from, header, payload);
    zmq_msg_close(&part);
    return true;
}

static void tell_gone(sockets *s, hub *h) {
    for (size_t k = 0; k < s->n_gone; k++)
        hub_gone(h, now_us(), false, &s->gone[k]);
    for (size_t k = 0; k < s->n_gone_watchers; k++)
        hub_gone(h, now_us(), true, &s->gone_watchers[k]);
    s->n_gone = s->n_gone_watchers = s->gone_rounds = 0;
}

void sockets_run(sockets *s, hub *h, int wake_fd, int timeout_ms) {
    zmq_pollitem_t items[] = {{s->work, 0, ZMQ_POLLIN, 0},
                              {s->control, 0, ZMQ_POLLIN, 0},
                              {s->monitor, 0, ZMQ_POLLIN, 0},
                              {NULL, wake_fd, ZMQ_POLLIN, 0}};
    if (zmq_poll(items, 4, timeout_ms) <= 0) return;
    if (items[2].revents) read_monitor(s);
    bool drained = false;
    for (size_t n = 0; n < BURST && !drained; n++)
        drained = !receive_one(s, h, false);
    for (size_t n = 0; n < BURST / 8 && receive_one(s, h, true); n++)
        continue;
    if (drained || (s->n_gone && ++s->gone_rounds >= GONE_ROUNDS)) tell_gone(s, h);
    hub_flush(h, now_us());
}
