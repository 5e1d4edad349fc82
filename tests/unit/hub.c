/* hub.c -- the line's state machine, without sockets: every peer is a script, time is a number */
#include "check.h"

#include "stages/hub/hub.h"

#include <stdlib.h>

#define MS 1000u

/* ---- a world for the hub ---- */

typedef struct sent {
    hub_route to;
    bool control;
    wr_line m;
    char bytes[4096]; /* what the strings of m point into */
    size_t payload;
} sent;

static struct world {
    sent out[512];
    size_t n_out, next; /* next = not looked at yet */
    size_t payloads;    /* alive */
    size_t buried;
    char buried_stage[64], buried_status[64];
    size_t buried_history;
    wr_status bury_status;
    unsigned char deaf; /* sends to this route fail */
} world;

static hub *h;
static wr_arena *arena;
static uint64_t now;

static bool port_send(void *ctx, bool control, const hub_route *to, const wr_line *m,
                      hub_payload payload) {
    (void)ctx;
    wr_buf out = WR_BUF_INIT(sizeof world.out[0].bytes);
    if (to->len == 1 && to->bytes[0] == world.deaf) return false;
    sent *s = &world.out[world.n_out % 512];
    world.n_out++;
    wr_line_encode(m, &out);
    CHECK(out.status == WR_OK);
    memcpy(s->bytes, out.ptr, out.len);
    CHECK(wr_line_decode(wr_str_of(s->bytes, out.len), &s->m) == WR_OK);
    s->to = *to;
    s->control = control;
    s->payload = payload.size;
    wr_buf_free(&out);
    return true;
}

static void port_release(void *ctx, hub_payload payload) {
    (void)ctx;
    free(payload.handle);
    world.payloads--;
}

static wr_status port_bury(void *ctx, const hub_dead *dead) {
    (void)ctx;
    world.buried++;
    snprintf(world.buried_stage, sizeof world.buried_stage, "%s", dead->stage);
    snprintf(world.buried_status, sizeof world.buried_status, "%.*s", (int)dead->status.len,
             dead->status.ptr);
    world.buried_history = dead->n_history;
    return world.bury_status;
}

static wr_status port_order(void *ctx, const wr_str *words, size_t n, uint64_t now_us,
                            wr_buf *body) {
    (void)ctx, (void)words, (void)n, (void)now_us, (void)body;
    return WR_NOTFOUND;
}

static void port_note(void *ctx, wr_log_level level, wr_status status, const char *event,
                      const char *text) {
    (void)ctx, (void)level, (void)status, (void)event, (void)text;
}

static void begin(void) {
    static char cleanup[] = "cleanup", tag[] = "tag";
    static char *const stages[] = {cleanup, tag};
    hub_config config = {.stages = stages,
                         .n_stages = 2,
                         .max_items = 16,
                         .max_bytes = 1000,
                         .lease_ms = 1000,
                         .beat_ms = 100,
                         .attempts = 3,
                         .retries = 2,
                         .epoch = 77};
    hub_port port = {NULL, port_send, port_release, port_bury, port_order, port_note};
    memset(&world, 0, sizeof world);
    wr_arena_reset(arena);
    CHECK(hub_new(arena, &config, &port, &h) == WR_OK);
    now = 1000 * MS;
    hub_tick(h, now);
}

static void finish(void) {
    CHECK(hub_consistent(h));
    hub_close(h);
    CHECK(world.payloads == 0);
}

static hub_route route(unsigned char peer) {
    return (hub_route){.bytes = {peer}, .len = 1};
}

static hub_payload bytes(size_t n) {
    world.payloads++;
    return (hub_payload){calloc(1, n), n};
}

static void say(unsigned char peer, wr_line m, hub_payload payload) {
    wr_buf out = WR_BUF_INIT(4096);
    hub_route from = route(peer);
    wr_line_encode(&m, &out);
    hub_message(h, now, m.kind == WR_LINE_CALL || m.kind == WR_LINE_TAP, &from, wr_buf_str(&out),
                payload);
    hub_flush(h, now);
    CHECK(hub_consistent(h));
    wr_buf_free(&out);
}

static void tell(unsigned char peer, wr_line m) {
    say(peer, m, (hub_payload){0});
}

/* The next message to that peer, or NULL. */
static const sent *heard(unsigned char peer) {
    while (world.next < world.n_out) {
        const sent *s = &world.out[world.next++ % 512];
        if (s->to.bytes[0] == peer) return s;
    }
    return NULL;
}

static const sent *heard_kind(unsigned char peer, wr_line_kind kind) {
    const sent *s;
    while ((s = heard(peer)))
        if (s->m.kind == kind) return s;
    return NULL;
}

static uint64_t join_worker(unsigned char peer, const char *stage, const char *slot,
                            uint64_t credit) {
    tell(peer, (wr_line){.kind = WR_LINE_HELLO,
                         .role = WR_STR("worker"),
                         .name = wr_str_c(stage),
                         .slot = wr_str_c(slot),
                         .incarnation = peer,
                         .credit = credit});
    size_t before = world.next;
    const sent *s = heard_kind(peer, WR_LINE_WELCOME);
    world.next = before;
    return s ? s->m.session : 0;
}

static uint64_t join_source(unsigned char peer) {
    tell(peer, (wr_line){.kind = WR_LINE_HELLO,
                         .role = WR_STR("source"),
                         .name = WR_STR("ingest"),
                         .credit = 100});
    const sent *s = heard_kind(peer, WR_LINE_WELCOME);
    return s ? s->m.session : 0;
}

static void submit(unsigned char peer, uint64_t session, uint64_t ref, const char *id) {
    say(peer, (wr_line){.kind = WR_LINE_SUBMIT, .session = session, .ref = ref, .id = wr_str_c(id)},
        bytes(10));
}

static void done(unsigned char peer, uint64_t session, uint64_t ticket) {
    tell(peer, (wr_line){.kind = WR_LINE_DONE, .session = session, .ticket = ticket});
}

static void fail(unsigned char peer, uint64_t session, uint64_t ticket, const char *verdict,
                 const char *status) {
    tell(peer, (wr_line){.kind = WR_LINE_FAIL,
                         .session = session,
                         .ticket = ticket,
                         .verdict = wr_str_c(verdict),
                         .status = wr_str_c(status),
                         .text = WR_STR("why")});
}

/* The only outcome in the source's next COMPLETED: ref, and its status in `status`. */
static uint64_t outcome(unsigned char peer, char status[static 32]) {
    const sent *s = heard_kind(peer, WR_LINE_COMPLETED);
    if (!s) return 0;
    wr_cursor c = wr_cursor_of(s->m.outcomes);
    CHECK(wr_read_array(&c) == 1 && wr_read_array(&c) == 6);
    uint64_t ref = wr_read_uint(&c);
    wr_read_str(&c);
    wr_str label = wr_read_str(&c);
    snprintf(status, 32, "%.*s", (int)label.len, label.ptr);
    return ref;
}

/* ---- tests ---- */

static void a_page_goes_through(void) {
    char status[32];
    begin();
    uint64_t source = join_source('s'), a = join_worker('a', "cleanup", "0", 4);
    submit('s', source, 5, "p1");
    const sent *work = heard_kind('a', WR_LINE_WORK);
    CHECK(work && work->payload == 10 && work->m.attempt == 1);
    CHECK_STR(work->m.id, WR_STR("p1"));
    say('a', (wr_line){.kind = WR_LINE_DONE, .session = a, .ticket = work->m.ticket}, bytes(20));
    uint64_t b = join_worker('b', "tag", "0", 4);
    work = heard_kind('b', WR_LINE_WORK);
    CHECK(work && work->payload == 20);
    done('b', b, work->m.ticket);
    CHECK(outcome('s', status) == 5 && strcmp(status, "ok") == 0);
    CHECK(hub_items(h) == 0);
    done('b', b, work->m.ticket); /* a second time means nothing */
    CHECK(heard('s') == NULL);
    finish();
}

static void verdicts(void) {
    static const struct {
        const char *verdict, *status;
    } rows[] = {{"drop", "filtered"},
                {"drop", "duplicate"},
                {"reject", "malformed"},
                {"reject", "its-own-word"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char status[32];
        begin();
        uint64_t source = join_source('s'), a = join_worker('a', "cleanup", "0", 4);
        submit('s', source, 1, "p");
        const sent *work = heard_kind('a', WR_LINE_WORK);
        fail('a', a, work->m.ticket, rows[i].verdict, rows[i].status);
        CHECK_ROW(rows[i].status, outcome('s', status) == 1);
        CHECK_ROW(rows[i].status, strcmp(status, rows[i].status) == 0);
        finish();
    }
}

static void retry_waits_and_ends(void) {
    char status[32];
    begin();
    uint64_t source = join_source('s'), a = join_worker('a', "cleanup", "0", 4);
    submit('s', source, 1, "p");
    for (int i = 0; i < 3; i++) {
        const sent *work = heard_kind('a', WR_LINE_WORK);
        CHECK(work && work->m.attempt == 1);
        if (work) fail('a', a, work->m.ticket, "retry", "diskfull");
        CHECK(heard_kind('a', WR_LINE_WORK) == NULL); /* not at once */
        for (int k = 0; k < 6; k++) {
            now += 100 * MS;
            tell('a', (wr_line){.kind = WR_LINE_PING, .session = a});
            tell('s', (wr_line){.kind = WR_LINE_PING, .session = source});
            hub_tick(h, now);
        }
        world.next = i < 2 ? world.next : 0;
    }
    CHECK(world.buried == 1 && strcmp(world.buried_status, "diskfull") == 0);
    CHECK(world.buried_history == 3);
    CHECK(outcome('s', status) == 1);
    finish();
}

static void a_dead_worker_gives_back(void) {
    begin();
    uint64_t source = join_source('s');
    join_worker('a', "cleanup", "0", 8);
    for (uint64_t i = 0; i < 8; i++) {
        char id[8];
        snprintf(id, sizeof id, "p%d", (int)i);
        submit('s', source, i, id);
    }
    world.next = world.n_out;
    hub_route gone = route('a');
    hub_gone(h, now, false, &gone);
    CHECK(hub_consistent(h));
    join_worker('b', "cleanup", "1", 8);
    const sent *work = heard_kind('b', WR_LINE_WORK);
    CHECK(work && work->m.attempt == 2); /* the oldest is the suspect */
    CHECK_STR(work->m.id, WR_STR("p0"));
    work = heard_kind('b', WR_LINE_WORK);
    CHECK(work && work->m.attempt == 1);
    CHECK(heard_kind('b', WR_LINE_WORK) == NULL); /* 8 together fell: now two at a time */
    finish();
}

/* A worker that dies whatever it is given beside the poison: only the poison is buried. */
typedef enum habit { ANSWERS_AT_ONCE, ANSWERS_LATE, NAMES_THE_PAGE } habit;

static void poison_is_found(size_t n, size_t poison, habit worker) {
    begin();
    uint64_t source = join_source('s');
    for (uint64_t i = 0; i < n; i++) {
        char id[8];
        snprintf(id, sizeof id, "p%d", (int)i);
        submit('s', source, i, id);
    }
    char bad[8];
    snprintf(bad, sizeof bad, "p%d", (int)poison);
    size_t crashes = 0, finished = 0;
    for (int life = 0; life < 40 && finished + world.buried < n; life++) {
        world.next = world.n_out;
        uint64_t a = join_worker('a', "cleanup", "0", n);
        uint64_t b = join_worker('b', "tag", "0", n);
        bool alive = true;
        uint64_t late[16];
        size_t n_late = 0;
        for (const sent *s; alive;) {
            s = heard_kind('a', WR_LINE_WORK);
            if (!s && n_late == 0) break;
            for (; !s && n_late; n_late--) /* its commit */
                done('a', a, late[n_late - 1]);
            if (!s) continue;
            uint64_t ticket = s->m.ticket;
            alive = !wr_str_eq(s->m.id, wr_str_c(bad));
            if (alive && worker == ANSWERS_LATE) late[n_late++] = ticket;
            else if (alive) done('a', a, ticket);
            else if (worker == NAMES_THE_PAGE) fail('a', a, ticket, "retry", "crashed");
        }
        world.next = 0;
        for (const sent *s; (s = heard_kind('b', WR_LINE_WORK));)
            done('b', b, s->m.ticket);
        hub_route gone = route('a');
        if (!alive) hub_gone(h, now, false, &gone);
        crashes += !alive;
        finished = n - hub_items(h) - world.buried;
    }
    CHECK(world.buried == 1 && strcmp(world.buried_stage, "cleanup") == 0);
    CHECK(strcmp(world.buried_status, "crashed") == 0);
    CHECK(hub_items(h) == 0);
    CHECK(crashes <= (worker == NAMES_THE_PAGE ? 3u : 6u));
    finish();
}

static void silence_and_hanging(void) {
    begin();
    uint64_t source = join_source('s'), a = join_worker('a', "cleanup", "0", 4);
    submit('s', source, 1, "p");
    for (int i = 0; i < 28; i++) { /* it lives, but the page takes too long */
        now += 100 * MS;
        tell('a', (wr_line){.kind = WR_LINE_PING, .session = a});
        tell('s', (wr_line){.kind = WR_LINE_PING, .session = source});
        hub_tick(h, now);
    }
    CHECK(heard_kind('a', WR_LINE_PONG) != NULL);
    now += 300 * MS;
    hub_tick(h, now);
    world.next = world.n_out;
    tell('a', (wr_line){.kind = WR_LINE_PING, .session = a});
    CHECK(heard_kind('a', WR_LINE_WHO) != NULL); /* no longer a member */
    join_worker('b', "cleanup", "1", 4);
    const sent *work = heard_kind('b', WR_LINE_WORK);
    CHECK(work && work->m.attempt == 2);
    now += 1100 * MS; /* silence */
    hub_tick(h, now);
    join_worker('c', "cleanup", "2", 4);
    work = heard_kind('c', WR_LINE_WORK);
    CHECK(work && work->m.attempt == 3);
    finish();
}

static void extend_keeps_the_lease(void) {
    begin();
    uint64_t source = join_source('s'), a = join_worker('a', "cleanup", "0", 4);
    submit('s', source, 1, "p");
    uint64_t ticket = heard_kind('a', WR_LINE_WORK)->m.ticket;
    for (int i = 0; i < 100; i++) {
        now += 100 * MS;
        tell('a', (wr_line){.kind = WR_LINE_PING, .session = a});
        tell('a', (wr_line){.kind = WR_LINE_EXTEND, .session = a, .ticket = ticket});
        hub_tick(h, now);
    }
    world.next = world.n_out;
    done('a', a, ticket);
    join_worker('b', "tag", "0", 1);
    CHECK(heard_kind('b', WR_LINE_WORK) != NULL);
    finish();
}

static void the_same_page_twice(void) {
    char status[32];
    begin();
    uint64_t one = join_source('s'), two = join_source('t');
    submit('s', one, 1, "p");
    submit('t', two, 9, "p");
    submit('s', one, 1, "p"); /* handed in again by who waits already */
    CHECK(hub_items(h) == 1);
    uint64_t a = join_worker('a', "cleanup", "0", 4);
    fail('a', a, heard_kind('a', WR_LINE_WORK)->m.ticket, "drop", "filtered");
    size_t from = world.next;
    CHECK(outcome('s', status) == 1);
    world.next = from;
    CHECK(outcome('t', status) == 9 && strcmp(status, "filtered") == 0);
    finish();
}

static void caps(void) {
    char status[32];
    begin();
    uint64_t source = join_source('s');
    const sent *window = heard_kind('s', WR_LINE_WINDOW);
    CHECK(window && window->m.credit == 16 && window->m.bytes == 1000);
    for (uint64_t i = 0; i < 17; i++) {
        char id[8];
        snprintf(id, sizeof id, "p%d", (int)i);
        submit('s', source, i, id);
    }
    CHECK(outcome('s', status) == 16 && strcmp(status, "again") == 0);
    join_source('t'); /* the places are shared */
    world.next = 0;
    heard_kind('s', WR_LINE_WINDOW);
    window = heard_kind('s', WR_LINE_WINDOW);
    CHECK(window && window->m.credit == 8);
    finish();

    begin();
    source = join_source('s');
    say('s', (wr_line){.kind = WR_LINE_SUBMIT, .session = source, .ref = 1, .id = WR_STR("big")},
        bytes(1001));
    heard_kind('s', WR_LINE_WINDOW);
    window = heard_kind('s', WR_LINE_WINDOW);
    CHECK(window && window->m.credit == 0); /* shut */
    uint64_t a = join_worker('a', "cleanup", "0", 1);
    fail('a', a, heard_kind('a', WR_LINE_WORK)->m.ticket, "reject", "limit");
    world.next = 0;
    heard_kind('s', WR_LINE_WINDOW);
    heard_kind('s', WR_LINE_WINDOW);
    window = heard_kind('s', WR_LINE_WINDOW);
    CHECK(window && window->m.credit == 16); /* and open again */
    finish();
}

static void fair_dispatch(void) {
    begin();
    uint64_t source = join_source('s');
    join_worker('a', "cleanup", "0", 2);
    join_worker('b', "cleanup", "1", 6);
    for (uint64_t i = 0; i < 8; i++) {
        char id[8];
        snprintf(id, sizeof id, "p%d", (int)i);
        submit('s', source, i, id);
    }
    size_t a = 0, b = 0;
    world.next = 0;
    while (heard_kind('a', WR_LINE_WORK))
        a++;
    world.next = 0;
    while (heard_kind('b', WR_LINE_WORK))
        b++;
    CHECK(a == 2 && b == 6);
    finish();
}

static void drain_and_takeover(void) {
    begin();
    uint64_t source = join_source('s'), a = join_worker('a', "cleanup", "0", 4);
    submit('s', source, 1, "p1");
    tell('a', (wr_line){.kind = WR_LINE_DRAIN, .session = a});
    CHECK(heard_kind('a', WR_LINE_DRAIN) != NULL);
    submit('s', source, 2, "p2");
    CHECK(heard_kind('a', WR_LINE_WORK) == NULL);
    join_worker('b', "cleanup", "0", 4); /* the same slot */
    const sent *work = heard_kind('b', WR_LINE_WORK);
    CHECK(work && work->m.attempt == 2); /* what the old one held came back */
    CHECK_STR(work->m.id, WR_STR("p1"));
    world.next = world.n_out;
    done('a', a, 1);
    CHECK(heard_kind('a', WR_LINE_WHO) != NULL);
    finish();
}

static void goodbye_costs_nothing(void) {
    begin();
    uint64_t source = join_source('s'), a = join_worker('a', "cleanup", "0", 4);
    submit('s', source, 1, "p1");
    tell('a', (wr_line){.kind = WR_LINE_BYE, .session = a});
    join_worker('b', "cleanup", "1", 4);
    const sent *work = heard_kind('b', WR_LINE_WORK);
    CHECK(work && work->m.attempt == 1);
    finish();
}

static void nowhere_to_bury(void) {
    char status[32];
    begin();
    world.bury_status = WR_DISKFULL;
    uint64_t source = join_source('s');
    submit('s', source, 1, "p");
    for (int i = 0; i < 3; i++) {
        world.next = world.n_out;
        uint64_t a = join_worker('a', "cleanup", "0", 4);
        fail('a', a, heard_kind('a', WR_LINE_WORK)->m.ticket, "retry", "crashed");
        hub_route gone = route('a');
        hub_gone(h, now, false, &gone);
    }
    world.next = 0;
    CHECK(world.buried == 1 && outcome('s', status) == 1);
    finish();
}

static void sends_that_fail(void) {
    begin();
    uint64_t source = join_source('s');
    join_worker('a', "cleanup", "0", 4);
    world.deaf = 'a';
    submit('s', source, 1, "p");
    world.deaf = 0;
    join_worker('b', "cleanup", "1", 4);
    const sent *work = heard_kind('b', WR_LINE_WORK);
    CHECK(work && work->m.attempt == 1);
    finish();
}

static void taps_copy(void) {
    begin();
    uint64_t source = join_source('s');
    tell('w', (wr_line){.kind = WR_LINE_TAP, .point = WR_STR("in"), .every = 2});
    tell('w', (wr_line){.kind = WR_LINE_TAP, .point = WR_STR("nowhere"), .every = 1});
    CHECK(heard_kind('w', WR_LINE_ERROR) != NULL);
    for (uint64_t i = 0; i < 4; i++) {
        char id[8];
        snprintf(id, sizeof id, "p%d", (int)i);
        submit('s', source, i, id);
    }
    const sent *copy = heard_kind('w', WR_LINE_COPY);
    CHECK(copy && copy->control && copy->payload == 10 && copy->m.seq == 1);
    copy = heard_kind('w', WR_LINE_COPY);
    CHECK(copy && copy->m.seq == 2);
    CHECK(heard_kind('w', WR_LINE_COPY) == NULL);
    hub_route gone = route('w');
    hub_gone(h, now, true, &gone);
    finish();
}

static void control(void) {
    static const struct {
        wr_str words;
        const char *status;
    } rows[] = {
        {{"\x91\xa6status", 8}, "ok"},
        {{"\x92\xa5pause\xa3tag", 11}, "ok"},
        {{"\x92\xa6resume\xa3tag", 12}, "ok"},
        {{"\x92\xa5pause\xa3nag", 11}, "notfound"},
        {{"\x92\xa5"
          "drain\xa3tag",
          11},
         "ok"},
        {{"\x92\xa7restart\xa5tag.0", 15}, "ok"},
        {{"\x92\xa7restart\xa5tag.1", 15}, "notfound"},
        {{"\x91\xa5"
          "drain",
          7},
         "usage"},
        {{"\x91\xa5other", 7}, "notfound"},
        {{"\x90", 1}, "usage"},
        {{"\x91\x01", 2}, "usage"},
        {{"\x80", 1}, "usage"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin();
        join_worker('a', "tag", "0", 1);
        tell('c', (wr_line){.kind = WR_LINE_CALL, .request = 7, .words = rows[i].words});
        const sent *reply = heard_kind('c', WR_LINE_REPLY);
        CHECK_ROW(rows[i].status, reply && reply->m.request == 7);
        if (reply) CHECK_STR(reply->m.status, wr_str_c(rows[i].status));
        finish();
    }
}

static void strangers(void) {
    begin();
    hub_route from = route('x');
    hub_message(h, now, false, &from, (wr_str){0}, (hub_payload){0});
    CHECK(heard_kind('x', WR_LINE_WHO) != NULL);
    hub_message(h, now, false, &from, WR_STR("\xc1 junk"), bytes(5));
    CHECK(heard_kind('x', WR_LINE_ERROR) != NULL);
    done('x', 123456, 1);
    CHECK(heard_kind('x', WR_LINE_WHO) != NULL);
    CHECK(join_worker('y', "nostage", "0", 1) == 0);
    CHECK(join_worker('y', "tag", "../x", 1) == 0);
    uint64_t twice = join_worker('z', "tag", "0", 1);
    CHECK(twice != 0 && join_worker('z', "tag", "0", 1) == twice); /* HELLO said twice */
    tell('y', (wr_line){.kind = WR_LINE_WELCOME});
    uint64_t source = join_source('s');
    done('s', source, 1); /* not for a source */
    CHECK(heard_kind('s', WR_LINE_ERROR) != NULL);
    submit('s', source, 1, "../../etc/passwd");
    char status[32];
    CHECK(outcome('s', status) == 1 && strcmp(status, "malformed") == 0);
    finish();
}

int main(void) {
    CHECK(wr_arena_new("test", (size_t)64 << 20, &arena) == WR_OK);
    a_page_goes_through();
    verdicts();
    retry_waits_and_ends();
    a_dead_worker_gives_back();
    for (size_t poison = 0; poison < 12; poison++) {
        poison_is_found(12, poison, ANSWERS_AT_ONCE);
        poison_is_found(12, poison, ANSWERS_LATE);
        poison_is_found(12, poison, NAMES_THE_PAGE);
    }
    silence_and_hanging();
    extend_keeps_the_lease();
    the_same_page_twice();
    caps();
    fair_dispatch();
    drain_and_takeover();
    goodbye_costs_nothing();
    nowhere_to_bury();
    sends_that_fail();
    taps_copy();
    control();
    strangers();
    wr_arena_free(&arena);
    return check_summary();
}
