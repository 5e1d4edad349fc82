/* stream.c -- subscribing, finding gaps, asking for what was missed */
#include "stream.h"

#include "client.h"

#include <wireroom/page.h>

#include <errno.h>
#include <zmq.h>

#define LOOK_MS    200  /* between two looks at the signals */
#define ANSWER_MS  2000 /* aggregate may be busy, or be restarted */
#define FRAMES_MAX (size_t)70000

typedef struct reader {
    const stream_options *set;
    stream_each *each;
    void *ctx;
    void *context, *live, *ask;
    uint64_t done, n, last_ms; /* the last message shown: its seq and n; when one came */
    char store[16], type[64];  /* type: what all topics are, when they are one whole type */
    bool over;
} reader;

static wr_str text_of(zmq_msg_t *msg) {
    return wr_str_of(zmq_msg_data(msg), zmq_msg_size(msg));
}

static bool wanted(const reader *r, wr_str topic) {
    for (size_t i = 0; i < r->set->n_topics; i++)
        if (wr_str_starts(topic, wr_str_c(r->set->topics[i]))) return true;
    return false;
}

static void show(reader *r, wr_str topic, wr_str body) {
    uint64_t span = client_number(body, "span");
    r->done = client_number(body, "seq") + (span ? span - 1 : 0);
    r->n = client_number(body, "n");
    if (!r->over && wanted(r, topic)) r->over = !r->each(r->ctx, topic, body);
}

/* Another store's numbers begin anew. */
static void look_at_store(reader *r, wr_str body) {
    wr_str store = client_string(body, "store");
    if (!store.len || store.len >= sizeof r->store) return;
    if (r->store[0] && !wr_str_eq(store, wr_str_c(r->store))) r->done = r->n = 0;
    memcpy(r->store, store.ptr, store.len);
    r->store[store.len] = 0;
}

/* ---- replays ---- */

static void *connected(void *context, int type, const char *address) {
    void *socket = zmq_socket(context, type);
    int none = 0, most = 100000, later = 500;
    if (!socket) return NULL;
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &most, sizeof most);
    zmq_setsockopt(socket, ZMQ_RECONNECT_IVL_MAX, &later, sizeof later);
    if (zmq_connect(socket, address) == 0) return socket;
    zmq_close(socket);
    return NULL;
}

static wr_status request(reader *r, uint64_t from, uint64_t limit) {
    wr_buf text = WR_BUF_INIT(4096);
    wr_str topic = r->set->n_topics == 1 ? wr_str_c(r->set->topics[0]) : WR_STR("");
    wr_write_map(&text, limit ? 3 : 2);
    wr_write_kv_uint(&text, "from", from);
    wr_write_kv_str(&text, "topic", topic);
    if (limit) wr_write_kv_uint(&text, "limit", limit);
    if (r->ask) zmq_close(r->ask); /* what may still come belongs to a question given up */
    r->ask = connected(r->context, ZMQ_DEALER, r->set->replay);
    int put = r->ask ? zmq_send(r->ask, text.ptr, text.len, 0) : -1;
    wr_buf_free(&text);
    return put < 0 ? WR_IO : WR_OK;
}

static wr_status wait_for(reader *r, void *socket, uint64_t ms) {
    uint64_t end = wr_now_ms() + ms;
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    for (;;) {
        uint64_t now = wr_now_ms();
        long left = now < end ? (long)(end - now) : 0;
        if (*r->set->ended) r->over = true;
        if (r->over) return WR_TIMEOUT;
        int n = zmq_poll(&item, 1, left < LOOK_MS ? left : LOOK_MS);
        if (n > 0) return WR_OK;
        if (n < 0 && errno != EINTR) return WR_IO;
        if (wr_now_ms() >= end) return WR_TIMEOUT;
    }
}

/* The frames of one answer are shown; *next and *last are its end. */
static wr_status take_answer(reader *r, bool quiet, uint64_t *next, uint64_t *last) {
    zmq_msg_t topic, body;
    wr_status status = WR_TIMEOUT;
    bool more = true;
    for (size_t i = 0; more && i < FRAMES_MAX; i++) {
        zmq_msg_init(&topic);
        zmq_msg_init(&body);
        bool pair = zmq_msg_recv(&topic, r->ask, 0) >= 0 && zmq_msg_more(&topic) &&
                    zmq_msg_recv(&body, r->ask, 0) >= 0;
        more = pair && zmq_msg_more(&body);
        wr_str bytes = text_of(&body);
        bool good = pair && wr_wire_check(bytes, NULL) == WR_OK;
        if (good) look_at_store(r, bytes);
        if (good && wr_str_eq(text_of(&topic), WR_STR("sys/replay/"))) {
            *next = client_number(bytes, "next");
            *last = client_number(bytes, "last");
            status = WR_OK;
        } else if (good && !quiet) {
            r->last_ms = wr_now_ms();
            show(r, text_of(&topic), bytes);
        }
        zmq_msg_close(&topic);
        zmq_msg_close(&body);
    }
    return status;
}

/* Asks until all there is has come. */
static wr_status catch_up(reader *r) {
    uint64_t next = r->done + 1, last = next;
    while (!r->over && next <= last) {
        WR_TRY(request(r, next, 0));
        WR_TRY(wait_for(r, r->ask, ANSWER_MS));
        WR_TRY(take_answer(r, false, &next, &last));
        if (next > r->done + 1) r->done = next - 1;
    }
    return WR_OK;
}

/* Where the stream stands now. */
static wr_status find_end(reader *r) {
    uint64_t next = 0, last = 0;
    WR_TRY(request(r, UINT64_MAX >> 1, 1));
    WR_TRY(wait_for(r, r->ask, ANSWER_MS));
    WR_TRY(take_answer(r, true, &next, &last));
    r->done = last;
    return WR_OK;
}

/* ---- live ---- */

static wr_status take_live(reader *r, wr_str topic, wr_str body) {
    look_at_store(r, body);
    uint64_t seq = client_number(body, "seq");
    if (!seq) { /* of the moment */
        if (wanted(r, topic)) r->over = !r->each(r->ctx, topic, body);
        return client_number(body, "last") > r->done ? catch_up(r) : WR_OK;
    }
    if (seq <= r->done) return WR_OK;
    bool next_of_type = r->type[0] && r->n && client_number(body, "n") == r->n + 1;
    if (seq != r->done + 1 && !next_of_type) return catch_up(r);
    show(r, topic, body);
    return WR_OK;
}

static wr_status receive(reader *r) {
    zmq_msg_t topic, body;
    zmq_msg_init(&topic);
    zmq_msg_init(&body);
    wr_status status = WR_OK;
    bool pair = zmq_msg_recv(&topic, r->live, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&topic) &&
                zmq_msg_recv(&body, r->live, ZMQ_DONTWAIT) >= 0;
    bool moment = wr_str_starts(text_of(&topic), WR_STR("sys/"));
    if (!moment || wanted(r, text_of(&topic))) r->last_ms = wr_now_ms();
    if (pair && wr_wire_check(text_of(&body), NULL) == WR_OK)
        status = take_live(r, text_of(&topic), text_of(&body));
    zmq_msg_close(&topic);
    zmq_msg_close(&body);
    return status == WR_TIMEOUT ? WR_OK : status; /* asked again at the next sign of life */
}

static wr_status follow(reader *r) {
    while (!r->over) {
        uint64_t quiet = wr_now_ms() - r->last_ms;
        if (r->set->timeout_ms && quiet >= r->set->timeout_ms) return WR_TIMEOUT;
        wr_status status = wait_for(r, r->live, LOOK_MS);
        if (status == WR_OK) status = receive(r);
        if (status != WR_OK && status != WR_TIMEOUT) return status;
    }
    return WR_OK;
}

/* "quote/" has numbers of its own, "quote/ada/" has not. */
static void find_type(reader *r) {
    wr_str topic = wr_str_c(r->set->topics[0]);
    bool whole = r->set->n_topics == 1 && topic.len > 1 && topic.len < sizeof r->type &&
                 wr_str_find_char(topic, 0, '/') + 1 == topic.len;
    if (whole) memcpy(r->type, topic.ptr, topic.len - 1);
}

wr_status stream_read(const stream_options *options, stream_each *each, void *ctx) {
    reader r = {.set = options, .each = each, .ctx = ctx, .last_ms = wr_now_ms()};
    wr_status status = WR_MEMORY;
    find_type(&r);
    r.context = zmq_ctx_new();
    if (r.context) r.live = connected(r.context, ZMQ_SUB, options->publish);
    if (r.live) {
        for (size_t i = 0; i < options->n_topics; i++)
            zmq_setsockopt(r.live, ZMQ_SUBSCRIBE, options->topics[i], strlen(options->topics[i]));
        zmq_setsockopt(r.live, ZMQ_SUBSCRIBE, "sys/", 4);
        r.done = options->from ? options->from - 1 : 0;
        status = options->from ? catch_up(&r) : find_end(&r);
        if (status == WR_TIMEOUT) status = r.over ? WR_OK : WR_NOTFOUND;
        if (status == WR_OK) status = follow(&r);
    }
    if (r.live) zmq_close(r.live);
    if (r.ask) zmq_close(r.ask);
    if (r.context) zmq_ctx_term(r.context);
    return status;
}
