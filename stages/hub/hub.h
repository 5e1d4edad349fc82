/* hub.h -- the line's state machine: queues, leases, credit, attempts; no sockets, no clock, no
 * files
 *
 * Messages and time go in, sends and burials come out through a port of functions. All that is
 * kept: items (pages under way), workers, sources, watchers, counters; the places for them are
 * taken once, so nothing a peer says makes the hub grow beyond its configuration.
 *
 * States of an item: QUEUED before a stage -> LEASED to a worker -> (DONE) QUEUED before the next,
 * or completed; LEASED -> (worker lost, lease over) QUEUED at the front; LEASED -> (FAIL retry)
 * DELAYED -> QUEUED; LEASED -> (third attempt) buried and completed. Completed items are told to
 * who waits for them and forgotten. */
#ifndef WR_HUB_H
#define WR_HUB_H

#include "common/line.h"

#include <wireroom/log.h>

#define HUB_STAGES   32
#define HUB_WORKERS  512
#define HUB_SOURCES  64
#define HUB_WATCHERS 16
#define HUB_HISTORY  6

typedef struct hub hub;

/* Where a peer is, as the transport names it. len 0 = nowhere. */
typedef struct hub_route {
    unsigned char bytes[15];
    unsigned char len;
} hub_route;

/* A page's bytes, owned by the transport. handle NULL = none. */
typedef struct hub_payload {
    void *handle;
    size_t size;
} hub_payload;

typedef struct hub_config {
    char *const *stages; /* names in order, borrowed */
    size_t n_stages;     /* 1 .. HUB_STAGES */
    size_t max_items;    /* pages under way, 16 .. 2^20 */
    uint64_t max_bytes;  /* of their payloads; above it the sources' windows are closed */
    uint32_t lease_ms;   /* for workers that do not say */
    uint32_t beat_ms;    /* a peer silent for ten beats is lost */
    unsigned attempts;   /* workers a page may crash or hang */
    unsigned retries;    /* times a stage may give a page back */
    uint64_t epoch;      /* random, not 0 */
} hub_config;

/* One entry of a page's history. */
typedef struct hub_trouble {
    const char *stage; /* static as long as the hub */
    char slot[32], status[32], text[96];
} hub_trouble;

typedef struct hub_dead {
    const char *stage;
    wr_str id, status, text;
    unsigned attempts, retries;
    const hub_trouble *history;
    size_t n_history;
    hub_payload payload;
} hub_dead;

/* What the hub does to the world. */
typedef struct hub_port {
    void *ctx;
    /* Sends; the payload (if any) stays the hub's and is shared, not copied. false: nobody is there
     * or it takes no more. */
    bool (*send)(void *ctx, bool control, const hub_route *to, const wr_line *message,
                 hub_payload payload);
    void (*release)(void *ctx, hub_payload payload);
    /* Keeps a dead letter. */
    wr_status (*bury)(void *ctx, const hub_dead *dead);
    /* Answers the control verbs "dead ..." and "stop"; WR_NOTFOUND for others. Writes one msgpack
     * object. */
    wr_status (*order)(void *ctx, const wr_str *words, size_t n_words, uint64_t now_us,
                       wr_buf *body);
    void (*note)(void *ctx, wr_log_level level, wr_status status, const char *event,
                 const char *text);
} hub_port;

/* Takes all memory from `arena` (WR_MEMORY); WR_USAGE for a configuration out of bounds. */
WR_MUSTUSE wr_status hub_new(wr_arena *arena, const hub_config *config, const hub_port *port,
                             hub **out);

/* Releases the payloads and what grew. */
void hub_close(hub *h);

/* A message from a peer, on the control socket or the work socket. Any bytes are allowed. Takes
 * over the payload. An empty header is a new connection. */
void hub_message(hub *h, uint64_t now_us, bool control, const hub_route *from, wr_str header,
                 hub_payload payload);

/* The connection at `route` is no more. */
void hub_gone(hub *h, uint64_t now_us, bool control, const hub_route *route);

/* Leases what can be leased and tells sources what has completed. Call after a run of messages. */
void hub_flush(hub *h, uint64_t now_us);

/* Looks after leases, silent peers and delayed pages. Call about every 50 ms. */
void hub_tick(hub *h, uint64_t now_us);

/* Puts a page before a stage without anyone waiting for it (a dead letter tried again). Takes over
 * the payload when WR_OK. WR_NOTFOUND: no such stage; WR_DUPLICATE: under way; WR_AGAIN: full. */
WR_MUSTUSE wr_status hub_insert(hub *h, uint64_t now_us, wr_str stage, wr_str id,
                                hub_payload payload);

/* Tells all workers to finish and leave. */
void hub_drain_all(hub *h);

/* One msgpack map with everything `status` shows. */
void hub_report(const hub *h, uint64_t now_us, wr_buf *out);

/* 1-64 of A-Z a-z 0-9 . _ - and no dot first: fit for file names. */
bool hub_name_ok(wr_str name);

/* Pages under way; for tests: checks every list and count against each other. */
size_t hub_items(const hub *h);
bool hub_consistent(const hub *h);

#endif
