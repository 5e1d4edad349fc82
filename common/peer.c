/* peer.c -- membership in a hub's line
 *
 * Two connections: the peer's own thread works on one; a second thread gives signs of life on the
 * other, so that they come while a page is worked on. Every new connection of the first announces
 * itself with an empty message (ZMQ_PROBE_ROUTER), the hub answers WHO, and that is what HELLO
 * answers: so a hub that was started anew is joined as soon as it is there. */
#include "common/peer.h"

#include "common/curve.h"
#include "common/guard.h"

#include <wireroom/log.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define BEAT_MS        250  /* until the hub says otherwise */
#define HELLO_AGAIN_MS 1000 /* when no WELCOME comes */
#define FIGURES_MAX    4096
#define LAST_WORD_MS   300   /* to say why the process ends */
#define COMPLAIN_MS    10000 /* between two words about keys */

struct wr_peer {
    wr_endpoints where;
    char role[16], name[WR_ID_MAX + 1], slot[WR_ID_MAX + 1], build[WR_ID_MAX + 1];
    uint64_t incarnation, credit;
    uint64_t hello_ms, hello_epoch; /* when HELLO was said last, and to which run of the hub */
    uint64_t complained_ms;         /* of keys */
    uint32_t wish_lease_ms, lost_ms;
    void *context, *work, *beat, *handshakes; /* handshakes: of a line with keys, else NULL */
    int wake, quit, crash;
    zmq_msg_t header;
    wr_buf out, beat_out;
    pthread_t thread;
    bool thread_runs, leaving;
    /* shared between the two threads */
    atomic_uint_fast64_t session, heard_ms, ticket, busy_since_ms;
    atomic_uint beat_ms, lease_ms;
    atomic_bool refused; /* the hub does not admit the key: ZeroMQ does not try again after that */
    pthread_mutex_t lock;
    char figures[FIGURES_MAX];
    size_t figures_len;
};

static wr_str str_of_msg(zmq_msg_t *msg) {
    return wr_str_of(zmq_msg_data(msg), zmq_msg_size(msg));
}

/* WHO speaks of one session; about an older one it is stale. True when the present one is void. */
static bool forget_session(wr_peer *p, uint64_t meant) {
    uint_fast64_t present = atomic_load(&p->session);
    if (meant && meant != present) return false;
    return atomic_compare_exchange_strong(&p->session, &present, 0);
}

/* ---- the beat thread ---- */

static bool beat_send(wr_peer *p, wr_line *m) {
    m->session = atomic_load(&p->session);
    wr_buf_clear(&p->beat_out);
    wr_line_encode(m, &p->beat_out);
    return m->session && p->beat_out.status == WR_OK &&
           zmq_send(p->beat, p->beat_out.ptr, p->beat_out.len, ZMQ_DONTWAIT) >= 0;
}

static void beat_ping(wr_peer *p) {
    char figures[FIGURES_MAX];
    wr_line m = {.kind = WR_LINE_PING, .ticket = atomic_load(&p->ticket)};
    uint64_t since = atomic_load(&p->busy_since_ms);
    m.busy_ms = m.ticket && since ? wr_now_ms() - since : 0;
    pthread_mutex_lock(&p->lock);
    memcpy(figures, p->figures, p->figures_len);
    m.figures = wr_str_of(figures, p->figures_len);
    pthread_mutex_unlock(&p->lock);
    beat_send(p, &m);
}

/* Reads what the hub says on this connection; true when it was PONG. */
static bool beat_receive(wr_peer *p) {
    zmq_msg_t msg;
    wr_line m;
    bool pong = false;
    zmq_msg_init(&msg);
    while (zmq_msg_recv(&msg, p->beat, ZMQ_DONTWAIT) >= 0) {
        if (wr_line_decode(str_of_msg(&msg), &m) != WR_OK) continue;
        if (m.kind == WR_LINE_PONG) {
            atomic_store(&p->heard_ms, wr_now_ms());
            pong = true;
        } else if (m.kind == WR_LINE_WHO && forget_session(p, m.session)) {
            wr_peer_wake(p);
        }
    }
    zmq_msg_close(&msg);
    return pong;
}

/* The process is about to end: says which page was in hand, and waits until the hub has heard. */
static void last_word(wr_peer *p, wr_status status, const char *text) {
    wr_line m = {.kind = WR_LINE_FAIL,
                 .ticket = atomic_load(&p->ticket),
                 .verdict = WR_STR("retry"),
                 .status = wr_str_c(wr_status_label(status)),
                 .text = wr_str_c(text)};
    if (!m.ticket || !beat_send(p, &m)) return;
    beat_receive(p);
    beat_ping(p);
    zmq_pollitem_t item = {p->beat, 0, ZMQ_POLLIN, 0};
    uint64_t end = wr_now_ms() + LAST_WORD_MS;
    while (wr_now_ms() < end && zmq_poll(&item, 1, 20) >= 0)
        if (beat_receive(p)) return;
}

static void beat_crashed(wr_peer *p) {
    unsigned char number = 0;
    if (read(p->crash, &number, 1) != 1) return;
    char text[64];
    snprintf(text, sizeof text, "signal %d (SIG%s)", number, sigabbrev_np(number));
    last_word(p, WR_CRASHED, text);
    wr_guard_release();
}

static void beat_hung(wr_peer *p) {
    uint64_t since = atomic_load(&p->busy_since_ms), lease = atomic_load(&p->lease_ms);
    if (!atomic_load(&p->ticket) || !since || !lease || wr_now_ms() - since <= lease) return;
    char text[96];
    snprintf(text, sizeof text, "the page took longer than its lease of %llu ms",
             (unsigned long long)lease);
    wr_log(WR_LOG_ERROR, WR_TIMEOUT, "hung", "%s; this process ends", text);
    last_word(p, WR_TIMEOUT, text);
    _exit(111);
}

/* Why a line with keys does not let this peer in. Events: number, value; then the address. */
static void beat_handshake(wr_peer *p) {
    zmq_msg_t msg;
    zmq_msg_init(&msg);
    while (zmq_msg_recv(&msg, p->handshakes, ZMQ_DONTWAIT) >= 0) {
        uint16_t event = 0;
        if (!zmq_msg_more(&msg) || zmq_msg_size(&msg) < 6) continue;
        memcpy(&event, zmq_msg_data(&msg), sizeof event);
        uint64_t now = wr_now_ms();
        if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) {
            atomic_store(&p->refused, true);
            wr_peer_wake(p);
        }
        if (now < p->complained_ms + COMPLAIN_MS) continue;
        p->complained_ms = now;
        if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
            wr_log(WR_LOG_ERROR, WR_DENIED, "refused",
                   "the hub at %s does not admit the key %s: its --allow file has no line with the "
                   "public half",
                   p->where.work, getenv("WIREROOM_KEY"));
        else
            wr_log(WR_LOG_ERROR, WR_DENIED, "refused",
                   "the hub at %s ends the handshake: is %s its public key?", p->where.work,
                   getenv("WIREROOM_HUB_KEY"));
    }
    zmq_msg_close(&msg);
}

static void *beat_run(void *arg) {
    wr_peer *p = arg;
    uint64_t next = 0;
    for (;;) {
        zmq_pollitem_t items[4] = {{p->beat, 0, ZMQ_POLLIN, 0}, {NULL, p->quit, ZMQ_POLLIN, 0}};
        int n = 2, crash = 0, handshakes = 0;
        if (p->crash >= 0) items[crash = n++] = (zmq_pollitem_t){NULL, p->crash, ZMQ_POLLIN, 0};
        if (p->handshakes)
            items[handshakes = n++] = (zmq_pollitem_t){p->handshakes, 0, ZMQ_POLLIN, 0};
        uint64_t now = wr_now_ms(), beat = atomic_load(&p->beat_ms);
        long wait = next > now ? (long)(next - now) : 0;
        if (zmq_poll(items, n, wait) < 0 && errno != EINTR) return NULL;
        if (items[1].revents) return NULL;
        if (crash && items[crash].revents) beat_crashed(p);
        if (handshakes && items[handshakes].revents) beat_handshake(p);
        if (items[0].revents) beat_receive(p);
        if (p->crash >= 0) beat_hung(p);
        if (wr_now_ms() < next) continue;
        if (atomic_load(&p->session)) beat_ping(p);
        next = wr_now_ms() + beat;
    }
}

/* ---- opening and closing ---- */

static wr_status watch_handshakes(wr_peer *p) {
    static const char inside[] = "inproc://handshakes";
    int events = ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
    if (zmq_socket_monitor(p->beat, inside, events) != 0) return WR_IO;
    p->handshakes = zmq_socket(p->context, ZMQ_PAIR);
    return p->handshakes && zmq_connect(p->handshakes, inside) == 0 ? WR_OK : WR_IO;
}

/* Connects the second one when the monitor is there, so that nothing is missed. */
static wr_status join(wr_peer *p, void *socket, bool beat) {
    bool keyed;
    if (!socket) return WR_IO;
    WR_TRY(wr_curve_join(socket, p->where.work, &keyed));
    if (keyed && beat) WR_TRY(watch_handshakes(p));
    return zmq_connect(socket, p->where.work) == 0 ? WR_OK : WR_IO;
}

static void *unconnected(wr_peer *p, int probe) {
    void *socket = zmq_socket(p->context, ZMQ_DEALER);
    int on = 1, zero = 0, soon = 20, later = 500, heartbeat = 1000, timeout = 3000;
    int64_t most = (int64_t)WR_PAYLOAD_MAX + 65536;
    if (!socket) return NULL;
    zmq_setsockopt(socket, ZMQ_IMMEDIATE, &on, sizeof on);
    zmq_setsockopt(socket, ZMQ_PROBE_ROUTER, &probe, sizeof probe);
    zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &zero, sizeof zero); /* credit and window are the bound */
    zmq_setsockopt(socket, ZMQ_RCVHWM, &zero, sizeof zero);
    zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &soon, sizeof soon);
    zmq_setsockopt(socket, ZMQ_RECONNECT_IVL_MAX, &later, sizeof later);
    zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most);
    if (!p->where.dir[0]) {
        zmq_setsockopt(socket, ZMQ_HEARTBEAT_IVL, &heartbeat, sizeof heartbeat);
        zmq_setsockopt(socket, ZMQ_HEARTBEAT_TIMEOUT, &timeout, sizeof timeout);
    }
    return socket;
}

static wr_status start(wr_peer *p, bool guard) {
    if (getrandom(&p->incarnation, sizeof p->incarnation, 0) != sizeof p->incarnation) return WR_IO;
    p->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    p->quit = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    p->context = zmq_ctx_new();
    if (p->wake < 0 || p->quit < 0 || !p->context) return WR_MEMORY;
    p->beat = unconnected(p, 0);
    WR_TRY(join(p, p->beat, true));
    p->work = unconnected(p, 1);
    WR_TRY(join(p, p->work, false));
    if (guard) WR_TRY(wr_guard_open(&p->crash));
    /* The thread takes no signals: they belong to the process' own thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    p->thread_runs = pthread_create(&p->thread, NULL, beat_run, p) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return p->thread_runs ? WR_OK : WR_MEMORY;
}

wr_status wr_peer_open(const wr_peer_config *config, wr_peer **out) {
    *out = NULL;
    wr_peer *p = calloc(1, sizeof *p);
    if (!p) return WR_MEMORY;
    p->wake = p->quit = p->crash = -1;
    snprintf(p->role, sizeof p->role, "%s", config->role);
    snprintf(p->name, sizeof p->name, "%s", config->name ? config->name : "");
    snprintf(p->slot, sizeof p->slot, "%s", config->slot ? config->slot : "");
    snprintf(p->build, sizeof p->build, "%s", config->build ? config->build : "");
    p->credit = config->credit;
    p->wish_lease_ms = config->lease_ms;
    p->lost_ms = config->lost_ms;
    p->out.limit = p->beat_out.limit = 65536;
    p->hello_ms = wr_now_ms();
    atomic_store(&p->heard_ms, p->hello_ms);
    atomic_store(&p->beat_ms, BEAT_MS);
    pthread_mutex_init(&p->lock, NULL);
    zmq_msg_init(&p->header);
    wr_status status = wr_endpoints_of(config->line, &p->where);
    if (status == WR_OK) status = start(p, config->guard);
    *out = p;
    if (status != WR_OK) wr_peer_close(out);
    return status;
}

void wr_peer_close(wr_peer **peer) {
    wr_peer *p = *peer;
    if (!p) return;
    if (p->thread_runs) {
        uint64_t one = 1;
        if (write(p->quit, &one, sizeof one) == sizeof one) pthread_join(p->thread, NULL);
    }
    if (p->work && wr_peer_joined(p)) {
        wr_line bye = {.kind = WR_LINE_BYE};
        int linger = 200;
        if (wr_peer_send(p, &bye, (wr_str){0}) == WR_OK)
            zmq_setsockopt(p->work, ZMQ_LINGER, &linger, sizeof linger);
    }
    if (p->handshakes) {
        zmq_socket_monitor(p->beat, NULL, 0);
        zmq_close(p->handshakes);
    }
    if (p->beat) zmq_close(p->beat);
    if (p->work) zmq_close(p->work);
    zmq_msg_close(&p->header);
    if (p->context) zmq_ctx_term(p->context);
    if (p->wake >= 0) close(p->wake);
    if (p->quit >= 0) close(p->quit);
    wr_buf_free(&p->out);
    wr_buf_free(&p->beat_out);
    pthread_mutex_destroy(&p->lock);
    free(p);
    *peer = NULL;
}

/* ---- sending ---- */

static wr_status send_frames(wr_peer *p, const wr_line *m, wr_str payload) {
    wr_buf_clear(&p->out);
    wr_line_encode(m, &p->out);
    if (p->out.status != WR_OK) return p->out.status;
    int more = payload.ptr ? ZMQ_SNDMORE : 0;
    if (zmq_send(p->work, p->out.ptr, p->out.len, more | ZMQ_DONTWAIT) < 0) return WR_AGAIN;
    if (payload.ptr && zmq_send(p->work, payload.ptr, payload.len, ZMQ_DONTWAIT) < 0)
        return WR_AGAIN;
    return WR_OK;
}

wr_status wr_peer_send(wr_peer *p, wr_line *m, wr_str payload) {
    m->session = atomic_load(&p->session);
    return m->session ? send_frames(p, m, payload) : WR_AGAIN;
}

static bool hello_due(const wr_peer *p) {
    return !p->leaving && !atomic_load(&p->session) && wr_now_ms() - p->hello_ms > HELLO_AGAIN_MS;
}

static void say_hello(wr_peer *p) {
    if (p->leaving) return;
    wr_line m = {.kind = WR_LINE_HELLO,
                 .role = wr_str_c(p->role),
                 .name = wr_str_c(p->name),
                 .slot = wr_str_c(p->slot),
                 .incarnation = p->incarnation,
                 .pid = (uint64_t)getpid(),
                 .build = wr_str_c(p->build),
                 .credit = p->credit,
                 .lease_ms = p->wish_lease_ms};
    if (send_frames(p, &m, (wr_str){0}) == WR_OK) p->hello_ms = wr_now_ms();
}

/* ---- receiving ---- */

static wr_status refused(wr_peer *p, const wr_line *m) {
    wr_status status = wr_status_of_label(m->status.ptr, m->status.len);
    wr_log(WR_LOG_WARN, status, "refused", "%.*s", (int)m->text.len, m->text.ptr);
    if (atomic_load(&p->session) || status == WR_AGAIN) return WR_OK;
    return p->hello_epoch ? WR_VERSION : WR_OK;
}

/* Handles what concerns membership; *mine says whether the message is for the role. */
static wr_status membership(wr_peer *p, const wr_line *m, bool *mine) {
    *mine = false;
    switch (m->kind) {
    case WR_LINE_WHO:
        if (!forget_session(p, m->session)) return WR_OK;
        /* More than one WHO comes from one hub, but a new hub is told at once. */
        if (m->epoch != p->hello_epoch || hello_due(p)) say_hello(p);
        p->hello_epoch = m->epoch;
        return WR_OK;
    case WR_LINE_WELCOME:
        if (m->session == atomic_load(&p->session)) return WR_OK; /* HELLO was said twice */
        if (m->beat_ms)
            atomic_store(&p->beat_ms, (unsigned)(m->beat_ms < 60000 ? m->beat_ms : 60000));
        atomic_store(&p->lease_ms, (unsigned)m->lease_ms);
        atomic_store(&p->ticket, 0);
        atomic_store(&p->session, m->session);
        p->hello_ms = p->hello_epoch = 0;
        *mine = true;
        return WR_OK;
    case WR_LINE_ERROR: return refused(p, m);
    case WR_LINE_PONG:
    case WR_LINE_UNKNOWN: return WR_OK;
    default: *mine = atomic_load(&p->session) != 0; return WR_OK;
    }
}

static void close_rest(wr_peer *p) {
    zmq_msg_t rest;
    bool more = true;
    while (more) {
        zmq_msg_init(&rest);
        more = zmq_msg_recv(&rest, p->work, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&rest);
        zmq_msg_close(&rest);
    }
}

/* One message, if there is one: WR_AGAIN when not; WR_TIMEOUT when it was not for the role. */
static wr_status receive_one(wr_peer *p, wr_line *m, zmq_msg_t *payload) {
    if (zmq_msg_recv(&p->header, p->work, ZMQ_DONTWAIT) < 0) return WR_AGAIN;
    zmq_msg_close(payload);
    zmq_msg_init(payload);
    if (zmq_msg_more(&p->header)) {
        if (zmq_msg_recv(payload, p->work, ZMQ_DONTWAIT) < 0) return WR_TIMEOUT;
        if (zmq_msg_more(payload)) close_rest(p);
    }
    bool mine = false;
    if (wr_line_decode(str_of_msg(&p->header), m) != WR_OK) return WR_TIMEOUT;
    atomic_store(&p->heard_ms, wr_now_ms());
    WR_TRY(membership(p, m, &mine));
    return mine ? WR_OK : WR_TIMEOUT;
}

static void clear_wake(wr_peer *p) {
    uint64_t count;
    ssize_t n = read(p->wake, &count, sizeof count);
    (void)n; /* nothing to read is fine */
}

wr_status wr_peer_receive(wr_peer *p, int wake_fd, int timeout_ms, wr_line *m, zmq_msg_t *payload) {
    uint64_t end = wr_now_ms() + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0);
    for (;;) {
        wr_status status;
        while ((status = receive_one(p, m, payload)) == WR_TIMEOUT)
            continue;
        if (status != WR_AGAIN) return status;
        uint64_t now = wr_now_ms(), heard = atomic_load(&p->heard_ms);
        if (p->lost_ms && now > heard && now - heard > p->lost_ms) return WR_IO;
        if (atomic_load(&p->refused)) return WR_IO;
        if (now >= end) return WR_TIMEOUT;
        zmq_pollitem_t items[] = {{p->work, 0, ZMQ_POLLIN, 0},
                                  {NULL, p->wake, ZMQ_POLLIN, 0},
                                  {NULL, wake_fd, ZMQ_POLLIN, 0}};
        long wait = end - now < 100 ? (long)(end - now) : 100;
        if (zmq_poll(items, wake_fd >= 0 ? 3 : 2, wait) < 0) return WR_TIMEOUT;
        if (items[1].revents) {
            clear_wake(p);
            if (atomic_load(&p->session)) return WR_TIMEOUT;
        }
        if (hello_due(p)) say_hello(p); /* the beat thread heard WHO, or HELLO was lost */
        if (wake_fd >= 0 && items[2].revents && !items[0].revents) return WR_AGAIN;
    }
}

/* ---- small ---- */

bool wr_peer_joined(const wr_peer *p) {
    return atomic_load(&p->session) != 0;
}

uint32_t wr_peer_lease_ms(const wr_peer *p) {
    return atomic_load(&p->lease_ms);
}

void wr_peer_leave(wr_peer *p) {
    p->leaving = true;
}

void wr_peer_wake(wr_peer *p) {
    uint64_t one = 1;
    ssize_t n = write(p->wake, &one, sizeof one);
    (void)n; /* full means awake */
}

void wr_peer_busy(wr_peer *p, uint64_t ticket) {
    atomic_store(&p->busy_since_ms, ticket ? wr_now_ms() : 0);
    atomic_store(&p->ticket, ticket);
}

void wr_peer_figures(wr_peer *p, wr_str figures) {
    if (figures.len > FIGURES_MAX) return;
    pthread_mutex_lock(&p->lock);
    memcpy(p->figures, figures.ptr, figures.len);
    p->figures_len = figures.len;
    pthread_mutex_unlock(&p->lock);
}
