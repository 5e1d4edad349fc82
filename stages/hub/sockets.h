/* sockets.h -- the hub's two sockets and who is connected to them */
#ifndef WR_HUB_SOCKETS_H
#define WR_HUB_SOCKETS_H

#include "hub.h"

typedef struct sockets sockets;

/* Binds both sockets of the line; for ipc makes the directory (0700) and takes its lock, which also
 * ends a second hub (WR_LOCKED). */
WR_MUSTUSE wr_status sockets_open(const char *line, sockets **out);
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
