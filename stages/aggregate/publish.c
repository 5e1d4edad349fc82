/* publish.c -- the output stream and its replays */
#include "publish.h"

#include <common/store/stream.h>
#include <wireroom/log.h>

#include <errno.h>
#include <msgpack.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

#define TOPICS_MAX   1024
#define TOPIC_MAX    256
#define REPLAY_MAX   1000u             /* messages of one answer */
#define REPLAY_BYTES ((size_t)8 << 20) /* about */
#define ENVELOPE_MAX 4                 /* frames */
#define ROUND        500u              /* messages between two looks at the sockets */

typedef struct topic {
    char text[TOPIC_MAX];
    size_t len;
} topic;

struct publisher {
    publish_options set;
    pthread_t thread;
    int wake_fd;
    atomic_bool stopping;
    void *context, *out, *replay;
    wr_arena *arena;
    wr_store *store;
    wr_stream *stream;
    topic *topics; /* subscribed to; more than fit = everything is made */
    size_t n_topics;
    bool all;
    uint64_t next; /* message to send */
};

/* ---- subscriptions: nothing is made that nobody wants ---- */

static void subscribe(publisher *p, const char *text, size_t len) {
    if (p->n_topics == TOPICS_MAX || len >= TOPIC_MAX) {
        p->all = true;
        return;
    }
    topic *t = &p->topics[p->n_topics++];
    memcpy(t->text, text, len);
    t->len = len;
}

static void unsubscribe(publisher *p, const char *text, size_t len) {
    for (size_t i = 0; i < p->n_topics; i++) {
        if (p->topics[i].len != len || memcmp(p->topics[i].text, text, len) != 0) continue;
        p->topics[i] = p->topics[--p->n_topics];
        return;
    }
}

static void read_subscriptions(publisher *p) {
    char frame[65536];
    for (;;) {
        int n = zmq_recv(p->out, frame, sizeof frame, ZMQ_DONTWAIT);
        if (n < 0) return;
        if (n < 1 || (size_t)n > sizeof frame) continue;
        if (frame[0] == 1) subscribe(p, frame + 1, (size_t)n - 1);
        else if (frame[0] == 0) unsubscribe(p, frame + 1, (size_t)n - 1);
    }
}

static bool wants(void *to, wr_str name) {
    const publisher *p = to;
    if (p->all) return true;
    for (size_t i = 0; i < p->n_topics; i++)
        if (wr_str_starts(name, wr_str_of(p->topics[i].text, p->topics[i].len))) return true;
    return false;
}

/* ---- sending ---- */

static wr_status send_message(void *to, const wr_message *m) {
    publisher *p = to;
    /* an XPUB socket never blocks: what a slow subscriber's queue cannot take is dropped for it,
     * and it finds the gap */
    zmq_send(p->out, m->topic.ptr, m->topic.len, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    zmq_send(p->out, m->body.ptr, m->body.len, ZMQ_DONTWAIT);
    return WR_OK;
}

static void say(publisher *p, const char *type, uint64_t last) {
    wr_message m;
    wr_str json;
    wr_arena_reset(p->arena);
    if (wr_arena_printf(p->arena, &json, "{\"last\":%llu}", (unsigned long long)last) == WR_OK &&
        wr_stream_notice(p->stream, p->arena, type, json, &m) == WR_OK)
        send_message(p, &m);
}

/* True when there is more to send. */
static bool send_new(publisher *p) {
    uint64_t first, last = 0, next = p->next;
    wr_status status = wr_stream_range(p->stream, &first, &last);
    if (status != WR_OK || last < p->next) return false;
    if (!p->all && p->n_topics == 0) {
        p->next = last + 1;
        return false;
    }
    wr_arena_reset(p->arena);
    status = wr_stream_read(p->stream, p->arena, p->next, ROUND, wants, send_message, p, &next);
    if (status != WR_OK) {
        wr_log(WR_LOG_ERROR, status, "publish", "message %llu cannot be made; passed over",
               (unsigned long long)next);
        next++;
    }
    p->next = next;
    return p->next <= last;
}

/* ---- replays ---- */

typedef struct answer {
    publisher *p;
    wr_str topic; /* prefix */
    size_t bytes;
    size_t n;
} answer;

static bool answer_wants(void *to, wr_str name) {
    return wr_str_starts(name, ((answer *)to)->topic);
}

static wr_status add_frame(publisher *p, wr_str frame, bool more) {
    return zmq_send(p->replay, frame.ptr, frame.len, more ? ZMQ_SNDMORE : 0) < 0 ? WR_IO : WR_OK;
}

static wr_status add_message(void *to, const wr_message *m) {
    answer *a = to;
    WR_TRY(add_frame(a->p, m->topic, true));
    WR_TRY(add_frame(a->p, m->body, true));
    a->n++;
    a->bytes += m->topic.len + m->body.len;
    return a->bytes < REPLAY_BYTES ? WR_OK : WR_AGAIN;
}

typedef struct request {
    uint64_t from, limit;
    wr_str topic;
} request;

static bool key_is(const msgpack_object *key, const char *name) {
    return key->type == MSGPACK_OBJECT_STR && key->via.str.size == strlen(name) &&
           memcmp(key->via.str.ptr, name, key->via.str.size) == 0;
}

static void read_request(const msgpack_object *o, request *r) {
    for (size_t i = 0; o->type == MSGPACK_OBJECT_MAP && i < o->via.map.size; i++) {
        const msgpack_object *key = &o->via.map.ptr[i].key, *v = &o->via.map.ptr[i].val;
        bool number = v->type == MSGPACK_OBJECT_POSITIVE_INTEGER;
        if (key_is(key, "from") && number) r->from = v->via.u64;
        if (key_is(key, "limit") && number) r->limit = v->via.u64;
        if (key_is(key, "topic") && v->type == MSGPACK_OBJECT_STR)
            r->topic = wr_str_of(v->via.str.ptr, v->via.str.size);
    }
}

/* The frames of an answer: pairs of topic and body, the last pair is sys/replay/ and how far it
 * went. The identity frames have been sent. */
static void send_answer(publisher *p, const request *r) {
    answer a = {.p = p, .topic = r->topic};
    uint64_t first = 0, last = 0, next = r->from;
    size_t limit = r->limit && r->limit < REPLAY_MAX ? (size_t)r->limit : REPLAY_MAX;
    wr_arena_reset(p->arena);
    wr_status status = wr_stream_range(p->stream, &first, &last);
    if (status == WR_OK)
        status = wr_stream_read(p->stream, p->arena, r->from, limit, answer_wants, add_message, &a,
                                &next);
    if (status != WR_OK && status != WR_AGAIN)
        wr_log(WR_LOG_ERROR, status, "replay", "from %llu: stopped at %llu",
               (unsigned long long)r->from, (unsigned long long)next);
    if (status == WR_AGAIN) next = a.n ? next : next + 1;
    wr_str json;
    wr_message m = {.topic = WR_STR("sys/replay/"), .body = WR_STR("\x80")};
    wr_arena_reset(p->arena);
    if (wr_arena_printf(p->arena, &json,
                        "{\"from\":%llu,\"next\":%llu,\"first\":%llu,\"last\":%llu,\"n\":%zu}",
                        (unsigned long long)r->from, (unsigned long long)next,
                        (unsigned long long)first, (unsigned long long)last, a.n) != WR_OK ||
        wr_stream_notice(p->stream, p->arena, "replay", json, &m) != WR_OK)
        wr_log(WR_LOG_ERROR, WR_MEMORY, "replay", "no memory for an answer");
    if (add_frame(p, m.topic, true) == WR_OK && add_frame(p, m.body, false) != WR_OK)
        wr_log(WR_LOG_WARN, WR_IO, "replay", "the asker has gone");
}

static void take_request(publisher *p, wr_str body) {
    request r = {.from = 1};
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    size_t at = 0;
    if (body.len && wr_wire_check(body, NULL) == WR_OK &&
        msgpack_unpack_next(&unpacked, body.ptr, body.len, &at) == MSGPACK_UNPACK_SUCCESS)
        read_request(&unpacked.data, &r);
    send_answer(p, &r);
    msgpack_unpacked_destroy(&unpacked);
}

/* One request: all frames but the last are the envelope (identity; from a REQ socket its number
 * when it correlates, and an empty frame) and go back as they came. */
static void answer_one(publisher *p) {
    char body[1024];
    wr_str request_body = {0};
    int more = 1;
    size_t size = sizeof more;
    for (size_t i = 0; more; i++) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, p->replay, ZMQ_DONTWAIT) < 0) return;
        zmq_getsockopt(p->replay, ZMQ_RCVMORE, &more, &size);
        size_t len = zmq_msg_size(&frame);
        if (more && i < ENVELOPE_MAX) {
            if (zmq_msg_send(&frame, p->replay, ZMQ_SNDMORE) < 0) zmq_msg_close(&frame);
            continue;
        }
        if (len <= sizeof body && len) {
            memcpy(body, zmq_msg_data(&frame), len);
            request_body = wr_str_of(body, len);
        }
        zmq_msg_close(&frame);
    }
    take_request(p, request_body);
}

/* ---- the thread ---- */

static void *run(void *arg) {
    publisher *p = arg;
    bool more = false;
    uint64_t first, last = 0;
    if (wr_stream_range(p->stream, &first, &last) == WR_OK) p->next = last + 1;
    say(p, "start", last);
    while (!atomic_load(&p->stopping) || more) {
        zmq_pollitem_t items[] = {{p->out, 0, ZMQ_POLLIN, 0},
                                  {p->replay, 0, ZMQ_POLLIN, 0},
                                  {NULL, p->wake_fd, ZMQ_POLLIN, 0}};
        int n = zmq_poll(items, 3, more ? 0 : (long)p->set.beat_ms);
        if (n < 0 && errno != EINTR) break;
        uint64_t ignored;
        if (items[2].revents && read(p->wake_fd, &ignored, sizeof ignored) < 0 && errno != EAGAIN)
            break;
        if (items[0].revents) read_subscriptions(p);
        more = send_new(p);
        if (items[1].revents) answer_one(p);
        if (n == 0 && !more) say(p, "beat", p->next - 1);
    }
    say(p, "stop", p->next - 1);
    return NULL;
}

static wr_status bind_one(publisher *p, int type, const char *address, void **out) {
    int no_linger = 200, queue = 100000, own = 1;
    *out = zmq_socket(p->context, type);
    if (!*out) return WR_IO;
    zmq_setsockopt(*out, ZMQ_LINGER, &no_linger, sizeof no_linger);
    zmq_setsockopt(*out, ZMQ_SNDHWM, &queue, sizeof queue);
    if (type == ZMQ_ROUTER) zmq_setsockopt(*out, ZMQ_ROUTER_HANDOVER, &own, sizeof own);
    int64_t largest = 1 << 20; /* what others may send to us */
    zmq_setsockopt(*out, ZMQ_MAXMSGSIZE, &largest, sizeof largest);
    if (zmq_bind(*out, address) == 0) return WR_OK;
    wr_log(WR_LOG_ERROR, WR_IO, "publish", "%s: %s", address, zmq_strerror(errno));
    return WR_IO;
}

static void publisher_free(publisher *p) {
    wr_stream_close(&p->stream);
    wr_store_close(&p->store);
    if (p->out) zmq_close(p->out);
    if (p->replay) zmq_close(p->replay);
    if (p->context) zmq_ctx_term(p->context);
    if (p->wake_fd >= 0) close(p->wake_fd);
    wr_arena_free(&p->arena);
    free(p->topics);
    free(p);
}

static wr_status set_up(publisher *p) {
    wr_store_options o = {.path = p->set.store, .read_only = true, .cache_kib = 4096};
    p->topics = calloc(TOPICS_MAX, sizeof *p->topics);
    p->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    p->context = zmq_ctx_new();
    if (!p->topics || p->wake_fd < 0 || !p->context) return WR_AGAIN;
    WR_TRY(wr_arena_new("publisher", (size_t)256 << 20, &p->arena));
    WR_TRY(wr_store_open(&o, p->arena, &p->store, NULL));
    WR_TRY(wr_stream_open(wr_store_db(p->store), &p->stream));
    WR_TRY(bind_one(p, ZMQ_XPUB, p->set.publish, &p->out));
    return bind_one(p, ZMQ_ROUTER, p->set.replay, &p->replay);
}

wr_status publisher_start(const publish_options *options, publisher **out) {
    publisher *p = calloc(1, sizeof *p);
    if (!p) return WR_AGAIN;
    p->set = *options;
    p->wake_fd = -1;
    wr_status status = set_up(p);
    if (status == WR_OK && pthread_create(&p->thread, NULL, run, p) != 0) status = WR_AGAIN;
    if (status != WR_OK) publisher_free(p);
    else *out = p;
    return status;
}

void publisher_wake(publisher *p) {
    uint64_t one = 1;
    if (write(p->wake_fd, &one, sizeof one) < 0 && errno != EAGAIN)
        wr_log(WR_LOG_WARN, WR_IO, "publish", "the publisher cannot be woken");
}

void publisher_stop(publisher **publisher_) {
    publisher *p = *publisher_;
    if (!p) return;
    atomic_store(&p->stopping, true);
    publisher_wake(p);
    pthread_join(p->thread, NULL);
    publisher_free(p);
    *publisher_ = NULL;
}
