/* sockets.h -- the hub's two sockets and who is connected to them */
#ifndef WR_HUB_SOCKETS_H
#define WR_HUB_SOCKETS_H

#include "hub.h"

#include "common/curve.h"

typedef struct sockets sockets;

/* What is open to other machines. All NULL: nothing is. */
typedef struct sockets_network {
    const char *listen;        /* a second address, tcp://HOST:PORT; "*" = all of the machine's */
    const wr_curve_pair *pair; /* the hub's; NULL = without keys, then loopback only */
    const char *allow;         /* the list of keys that may join */
} sockets_network;

/* Binds both sockets of the line; for ipc makes the directory (0700) and takes its lock, which also
 * ends a second hub (WR_LOCKED). Addresses of TCP get the keys of `network`; WR_USAGE for one that
 * others could reach and that has none (logged). */
WR_MUSTUSE wr_status sockets_open(const char *line, const sockets_network *network, sockets **out);
void sockets_close(sockets **s);

/* The functions of the hub's port that concern sockets; ctx is the sockets. */
bool sockets_send(sockets *s, bool control, const hub_route *to, const wr_line *m,
                  hub_payload payload);
void sockets_release(hub_payload payload);
/* A payload of our own bytes (copied); handle NULL without memory. */
hub_payload sockets_payload(wr_str bytes);
wr_str sockets_payload_bytes(hub_payload payload);

/* Waits up to timeout_ms, or until `wake_fd` is readable, and gives what came to the hub. */
void sockets_run(sockets *s, hub *h, int wake_fd, int timeout_ms);

uint64_t now_us(void);

#endif
