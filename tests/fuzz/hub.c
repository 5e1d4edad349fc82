/* hub.c -- any sequence of messages, losses and ticks: the hub's lists and counts stay right,
 * nothing is lost or kept
 *
 * The input is a list of steps: one byte what, one byte which peer, then what the step needs. Steps
 * that use what the hub said before (sessions, tickets) reach the states that blind bytes do not.
 */
#include "stages/hub/hub.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PEERS 8

typedef struct peer {
    uint64_t session, tickets[8];
    size_t n_tickets;
} peer;

static struct world {
    peer peers[PEERS];
    size_t payloads;
    uint64_t deaf; /* bit set of peers that cannot be reached */
} world;

typedef struct input {
    const uint8_t *at, *end;
} input;

static uint8_t byte(input *in) {
    return in->at < in->end ? *in->at++ : 0;
}

static void require(bool ok) {
    if (!ok) abort();
}

/* ---- the port ---- */

static bool port_send(void *ctx, bool control, const hub_route *to, const wr_line *m,
                      hub_payload payload) {
    static wr_buf out = WR_BUF_INIT((size_t)1 << 24);
    wr_line back;
    (void)ctx, (void)payload;
    wr_buf_clear(&out);
    wr_line_encode(m, &out);
    require(out.status == WR_OK && wr_line_decode(wr_buf_str(&out), &back) == WR_OK);
    peer *p = &world.peers[to->bytes[0] % PEERS];
    if (!control && world.deaf >> (to->bytes[0] % PEERS) & 1) return false;
    if (back.kind == WR_LINE_WELCOME) p->session = back.session;
    if (back.kind == WR_LINE_WORK) {
        memmove(p->tickets + 1, p->tickets, 7 * sizeof *p->tickets);
        p->tickets[0] = back.ticket;
    }
    return true;
}

static void port_release(void *ctx, hub_payload payload) {
    (void)ctx;
    free(payload.handle);
    world.payloads--;
}

static wr_status port_bury(void *ctx, const hub_dead *dead) {
    (void)ctx;
    require(dead->stage && dead->id.len && dead->n_history <= HUB_HISTORY);
    return dead->id.len % 2 ? WR_OK : WR_DISKFULL;
}

static wr_status port_order(void *ctx, const wr_str *words, size_t n, uint64_t now_us,
                            wr_buf *body) {
    (void)ctx, (void)words, (void)n, (void)now_us, (void)body;
    return WR_NOTFOUND;
}

static void port_note(void *ctx, wr_log_level level, wr_status status, const char *event,
                      const char *text) {
    (void)ctx, (void)level, (void)status, (void)event;
    require(text != NULL);
}

/* ---- steps ---- */

static hub_payload payload_of(size_t n) {
    if (n == 0) return (hub_payload){0};
    world.payloads++;
    return (hub_payload){malloc(n), n};
}

static void send(hub *h, uint64_t now, uint8_t who, bool control, const wr_line *m, size_t n) {
    wr_buf out = WR_BUF_INIT(65536);
    hub_route from = {.bytes = {(unsigned char)(who % PEERS)}, .len = 1};
    wr_line_encode(m, &out);
    hub_message(h, now, control, &from, wr_buf_str(&out), payload_of(n));
    wr_buf_free(&out);
}

static void send_raw(hub *h, uint64_t now, uint8_t who, input *in) {
    hub_route from = {.bytes = {(unsigned char)(who % PEERS)}, .len = 1};
    size_t n = byte(in), left = (size_t)(in->end - in->at);
    if (n > left) n = left;
    hub_message(h, now, who & 128, &from, wr_str_of((const char *)in->at, n), payload_of(n % 5));
    in->at += n;
}

static void hello(hub *h, uint64_t now, uint8_t who, input *in) {
    static const char *const stages[] = {"a", "b", "none", "in"};
    char slot[2] = {(char)('0' + byte(in) % 3), 0};
    uint8_t more = byte(in);
    wr_line m = {.kind = WR_LINE_HELLO,
                 .role = more & 1 ? WR_STR("worker") : WR_STR("source"),
                 .name = wr_str_c(stages[more >> 1 & 3]),
                 .slot = wr_str_c(slot),
                 .incarnation = more >> 3 & 1,
                 .credit = more >> 4};
    send(h, now, who, false, &m, 0);
}

static void member(hub *h, uint64_t now, uint8_t who, input *in) {
    static const char *const verdicts[] = {"drop", "reject", "retry", "pass"};
    static const char *const statuses[] = {"crashed", "timeout", "diskfull", "own", "internal", ""};
    static const wr_line_kind kinds[] = {WR_LINE_DONE,   WR_LINE_FAIL,  WR_LINE_EXTEND,
                                         WR_LINE_SUBMIT, WR_LINE_DRAIN, WR_LINE_BYE,
                                         WR_LINE_PING,   WR_LINE_SUBMIT};
    const peer *p = &world.peers[who % PEERS];
    uint8_t more = byte(in), which = byte(in);
    char id[3] = {(char)('a' + which % 8), which & 64 ? 'x' : 0, 0};
    wr_line m = {.kind = kinds[more & 7],
                 .session = p->session,
                 .ticket = p->tickets[which & 7],
                 .ref = which >> 3,
                 .id = wr_str_c(id),
                 .verdict = wr_str_c(verdicts[more >> 3 & 3]),
                 .status = wr_str_c(statuses[(more >> 5) % 6]),
                 .text = wr_str_c(id)};
    send(h, now, who, false, &m, which % 7);
}

static void control(hub *h, uint64_t now, uint8_t who, input *in) {
    static const wr_str words[] = {{"\x91\xa6status", 8},
                                   {"\x92\xa5pause\xa1"
                                    "a",
                                    9},
                                   {"\x92\xa6resume\xa1"
                                    "a",
                                    10},
                                   {"\x92\xa5"
                                    "drain\xa1"
                                    "b",
                                    9},
                                   {"\x92\xa7restart\xa3"
                                    "a.0",
                                    13}};
    static const char *const points[] = {"a", "b", "in", "zz"};
    uint8_t more = byte(in);
    wr_line call = {.kind = WR_LINE_CALL, .words = words[more % 5]};
    wr_line tap = {
        .kind = WR_LINE_TAP, .point = wr_str_c(points[more >> 1 & 3]), .every = more >> 3};
    send(h, now, who, true, more & 1 ? &call : &tap, 0);
}

static void step(hub *h, uint64_t *now, input *in) {
    uint8_t what = byte(in), who = byte(in);
    hub_route route = {.bytes = {(unsigned char)(who % PEERS)}, .len = 1};
    switch (what % 10) {
    case 0: send_raw(h, *now, who, in); break;
    case 1: hello(h, *now, who, in); break;
    case 2:
    case 3:
    case 4: member(h, *now, who, in); break;
    case 5: control(h, *now, who, in); break;
    case 6: hub_gone(h, *now, what & 128, &route); break;
    case 7: world.deaf ^= (uint64_t)1 << who % PEERS; break;
    case 8: {
        hub_payload p = payload_of(3);
        if (hub_insert(h, *now, WR_STR("b"), WR_STR("dead1"), p) != WR_OK) port_release(NULL, p);
        break;
    }
    default: *now += (uint64_t)who * 10000; hub_tick(h, *now);
    }
    if (what & 64) hub_flush(h, *now);
    require(hub_consistent(h));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static wr_arena *arena;
    static char a[] = "a", b[] = "b";
    static char *const stages[] = {a, b};
    const hub_config config = {.stages = stages,
                               .n_stages = 2,
                               .max_items = 16,
                               .max_bytes = 64,
                               .lease_ms = 300,
                               .beat_ms = 50,
                               .attempts = 3,
                               .retries = 2,
                               .epoch = 1};
    const hub_port port = {NULL, port_send, port_release, port_bury, port_order, port_note};
    if (!arena && wr_arena_new("fuzz", (size_t)16 << 20, &arena) != WR_OK) abort();
    wr_arena_reset(arena);
    memset(&world, 0, sizeof world);
    hub *h = NULL;
    require(hub_new(arena, &config, &port, &h) == WR_OK);
    uint64_t now = 1000000;
    for (input in = {data, data + size}; in.at < in.end;)
        step(h, &now, &in);
    hub_flush(h, now);
    require(hub_consistent(h));
    hub_close(h);
    require(world.payloads == 0);
    return 0;
}
