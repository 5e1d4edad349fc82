/* state.h -- what the hub's files share: items, lists, peers, counters */
#ifndef WR_HUB_STATE_H
#define WR_HUB_STATE_H

#include "hub.h"

#define WAITERS        4
#define NAME_MAX_BYTES 64

typedef enum item_state { FREE, QUEUED, LEASED, DELAYED } item_state;

typedef struct waiter {
    uint64_t session, ref;
} waiter;

typedef struct item {
    struct item *next, *prev; /* in the one list its state gives */
    struct item *chain;       /* in its hash bucket */
    char id[NAME_MAX_BYTES];
    unsigned char id_len, state, n_waiters, n_history;
    uint16_t stage, worker;
    uint16_t attempts, retries;
    uint16_t together; /* leased with at most so many others, itself included; 0 = any number */
    uint32_t generation;
    hub_payload payload;
    uint64_t entered_us, leased_us, submitted_us, due_us;
    waiter waiters[WAITERS];
    hub_trouble history[HUB_HISTORY];
} item;

typedef struct list {
    item *head, *tail;
    size_t n;
} list;

typedef struct histogram {
    uint64_t n[40]; /* by the position of the highest bit of the microseconds */
} histogram;

typedef struct stage {
    const char *name;
    list queue, delayed;
    bool paused;
    size_t leased;
    uint64_t in, done, filtered, failed, duplicate, retried, crashed, dead, dead_lost;
    uint64_t by_status[WR_STATUS_COUNT], other;
    uint64_t bytes_in, bytes_out;
    histogram waited, worked;
} stage;

typedef struct worker {
    uint64_t session; /* 0 = place is free */
    uint64_t incarnation, pid, credit, done, joined_us, seen_us, head_since_us;
    uint64_t busy_ticket, busy_ms;
    uint32_t lease_ms;
    uint16_t stage, together;
    bool draining, blamed;
    hub_route route;
    char slot[NAME_MAX_BYTES + 1], build[NAME_MAX_BYTES + 1];
    list held; /* oldest first */
    wr_buf figures;
} worker;

typedef struct source {
    uint64_t session; /* 0 = place is free */
    uint64_t incarnation, pid, wish, window, bytes, open, joined_us, seen_us;
    hub_route route;
    char name[NAME_MAX_BYTES + 1];
    wr_buf outcomes; /* collected since the last flush */
    size_t n_outcomes;
} source;

typedef struct watcher {
    hub_route route; /* len 0 = place is free */
    size_t point;    /* a stage's number; n_stages = in */
    uint64_t every, left, seq;
} watcher;

struct hub {
    hub_config config;
    hub_port port;
    stage stages[HUB_STAGES];
    worker workers[HUB_WORKERS];
    source sources[HUB_SOURCES];
    watcher watchers[HUB_WATCHERS];
    size_t n_workers, n_sources, n_watchers; /* places used at the front, free ones between */
    item *items;
    list free;
    item **buckets;
    size_t n_buckets; /* a power of two */
    uint64_t bytes, started_us, salt, tick_us;
    bool closed; /* windows are shut because the caps are reached */
    uint64_t submitted, completed, refused, copies, copies_lost;
    histogram journey;
    wr_buf scratch;
};

/* lists */
void list_push(list *l, item *i);
void list_push_front(list *l, item *i);
void list_remove(list *l, item *i);

/* items */
item *item_find(hub *h, wr_str id);
item *item_new(hub *h, wr_str id, hub_payload payload, uint64_t now_us);
uint64_t item_ticket(const hub *h, const item *i);
item *item_of_ticket(hub *h, uint64_t ticket, const worker *w);
void item_trouble(hub *h, item *i, wr_str slot, wr_str status, wr_str text);
/* Takes the item from its list and worker; its state is FREE until it is queued or forgotten. */
void item_take(hub *h, item *i, uint64_t now_us);
void item_queue(hub *h, item *i, uint64_t now_us, bool front);
void item_delay(hub *h, item *i, uint64_t due_us);
void item_done(hub *h, item *i, uint64_t now_us, hub_payload output);
/* The journey ends: counts, tells who waits, forgets. */
void item_complete(hub *h, item *i, uint64_t now_us, wr_verdict verdict, wr_str status, wr_str text,
                   bool dead);
void item_bury(hub *h, item *i, uint64_t now_us, wr_str status, wr_str text);

/* Adds an outcome to what the source is told at the next flush. */
void source_tell(source *s, uint64_t ref, wr_verdict verdict, wr_str status, wr_str where,
                 wr_str text, bool dead);

/* peers */
worker *worker_of(hub *h, uint64_t session);
source *source_of(hub *h, uint64_t session);
void worker_lost(hub *h, worker *w, uint64_t now_us, wr_status why, bool blame);
void worker_failed(hub *h, worker *w, item *i, uint64_t now_us, const wr_line *m);
void worker_drain(hub *h, worker *w, bool restart);
void source_lost(hub *h, source *s);
void peers_tick(hub *h, uint64_t now_us);
void peer_hello(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m);
void windows_update(hub *h);

/* control and watching */
void control_message(hub *h, uint64_t now_us, const hub_route *from, const wr_line *m);
void watch_copy(hub *h, size_t point, const item *i, wr_str status, bool payload);

void histogram_add(histogram *g, uint64_t us);
uint64_t random_next(hub *h);
bool route_eq(const hub_route *a, const hub_route *b);
/* Copies a name that peers gave into a fixed place, cut to its size and to printable ASCII. */
void text_copy(char *to, size_t size, wr_str from);

#endif
