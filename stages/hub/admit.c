/* admit.c -- the ZAP handler: yes for the keys in a list */
#include "admit.h"

#include "common/curve.h"

#include <wireroom/log.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

#define ZAP_FRAMES 7 /* version, request, domain, address, identity, mechanism, key */
#define FRAME_MAX  256
#define KEY_BYTES  32

struct admit {
    void *questions, *quit, *quit_far; /* quit_far: the other end of a pipe, kept by who stops */
    const char *allow;
    pthread_t thread;
};

typedef struct question {
    char frames[ZAP_FRAMES][FRAME_MAX];
    size_t len[ZAP_FRAMES];
    bool whole;
} question;

static void read_question(admit *a, question *q) {
    size_t n = 0;
    bool more = true;
    q->whole = true;
    for (; more; n++) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, a->questions, 0) < 0) {
            q->whole = false;
            return;
        }
        more = zmq_msg_more(&frame);
        size_t len = zmq_msg_size(&frame);
        if (n < ZAP_FRAMES && len < FRAME_MAX) {
            memcpy(q->frames[n], zmq_msg_data(&frame), len);
            q->frames[n][len] = 0;
            q->len[n] = len;
        } else q->whole = false;
        zmq_msg_close(&frame);
    }
    q->whole = q->whole && n == ZAP_FRAMES;
}

static bool is_allowed(admit *a, const question *q) {
    char key[WR_CURVE_TEXT], name[64] = "";
    wr_buf why = WR_BUF_INIT(4096);
    const char *address = q->frames[3];
    if (!q->whole || strcmp(q->frames[5], "CURVE") != 0 || q->len[6] != KEY_BYTES ||
        !zmq_z85_encode(key, (const uint8_t *)q->frames[6], KEY_BYTES)) {
        wr_log(WR_LOG_WARN, WR_DENIED, "refused", "%s: it came without a key", address);
        return false;
    }
    wr_status status = wr_curve_find(a->allow, key, name, sizeof name, &why);
    if (status == WR_OK)
        wr_log(WR_LOG_DEBUG, WR_OK, "admitted", "%s with the key of %s", address, name);
    else if (why.len)
        wr_log(WR_LOG_ERROR, status, "refused", "%s: the list of keys cannot be read: %.*s",
               address, (int)why.len, why.ptr);
    else
        wr_log(WR_LOG_WARN, WR_DENIED, "refused",
               "%s: its key %s is not in %s; a line with it there would admit it", address, key,
               a->allow);
    wr_buf_free(&why);
    return status == WR_OK;
}

static void answer(admit *a, const question *q) {
    bool yes = is_allowed(a, q);
    const char *frames[] = {
        "1.0", q->frames[1], yes ? "200" : "400", yes ? "OK" : "not admitted", "", ""};
    for (size_t i = 0; i < 6; i++)
        zmq_send(a->questions, frames[i], i == 1 ? q->len[1] : strlen(frames[i]),
                 i < 5 ? ZMQ_SNDMORE : 0);
}

static void *run(void *arg) {
    admit *a = arg;
    static question q;
    for (;;) {
        zmq_pollitem_t items[] = {{a->questions, 0, ZMQ_POLLIN, 0}, {a->quit, 0, ZMQ_POLLIN, 0}};
        if (zmq_poll(items, 2, -1) < 0 && zmq_errno() == ETERM) return NULL;
        if (items[1].revents) return NULL;
        if (!items[0].revents) continue;
        read_question(a, &q);
        answer(a, &q);
    }
}

static void admit_free(admit *a) {
    if (a->questions) zmq_close(a->questions);
    if (a->quit) zmq_close(a->quit);
    if (a->quit_far) zmq_close(a->quit_far);
    free(a);
}

wr_status admit_start(void *context, const char *allow, admit **out) {
    admit *a = calloc(1, sizeof *a);
    if (!a) return WR_MEMORY;
    a->allow = allow;
    a->questions = zmq_socket(context, ZMQ_REP);
    a->quit = zmq_socket(context, ZMQ_PAIR);
    a->quit_far = zmq_socket(context, ZMQ_PAIR);
    if (a->questions && a->quit && a->quit_far &&
        zmq_bind(a->questions, "inproc://zeromq.zap.01") == 0 &&
        zmq_bind(a->quit, "inproc://admit.quit") == 0 &&
        zmq_connect(a->quit_far, "inproc://admit.quit") == 0 &&
        pthread_create(&a->thread, NULL, run, a) == 0) {
        *out = a;
        return WR_OK;
    }
    admit_free(a);
    return WR_IO;
}

void admit_stop(admit **a) {
    if (!*a) return;
    zmq_send((*a)->quit_far, "", 0, 0);
    pthread_join((*a)->thread, NULL);
    admit_free(*a);
    *a = NULL;
}
