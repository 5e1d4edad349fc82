/* peer.h -- membership in a hub's line: joining, signs of life, joining again */
#ifndef WR_PEER_H
#define WR_PEER_H

#include "common/address.h"
#include "common/line.h"

#include <wireroom/transport.h>

#include <zmq.h>

typedef struct wr_peer wr_peer;

typedef struct wr_peer_config {
    const char *line, *role, *name, *slot, *build; /* copied */
    uint64_t credit;
    uint32_t lease_ms, lost_ms;
    bool guard;
} wr_peer_config;

/* Starts connecting, and the thread that gives signs of life. */
WR_MUSTUSE wr_status wr_peer_open(const wr_peer_config *config, wr_peer **out);
void wr_peer_close(wr_peer **peer); /* says BYE */

/* The next message for the role; WELCOME is among them. `payload` is an open message that is closed
 * and filled; strings of *m are valid until the next call. Waits up to timeout_ms, or until
 * `wake_fd` (-1 = none) is readable (WR_AGAIN). WR_TIMEOUT; WR_IO: no hub for lost_ms, or it
 * does not admit this machine's key (logged); WR_VERSION: refused. */
WR_MUSTUSE wr_status wr_peer_receive(wr_peer *peer, int wake_fd, int timeout_ms, wr_line *m,
                                     zmq_msg_t *payload);

/* Sends with the session put in; a payload with ptr NULL is none. WR_AGAIN: not joined, or no way.
 */
WR_MUSTUSE wr_status wr_peer_send(wr_peer *peer, wr_line *m, wr_str payload);

/* True between WELCOME and the loss of the hub. */
bool wr_peer_joined(const wr_peer *peer);
/* How long the line lets a page take. */
uint32_t wr_peer_lease_ms(const wr_peer *peer);

/* Does not join again when the hub asks who this is: it was told to leave. */
void wr_peer_leave(wr_peer *peer);

/* Ends a wait in wr_peer_receive with WR_TIMEOUT. For signal handlers too. */
void wr_peer_wake(wr_peer *peer);

/* What the signs of life say. */
void wr_peer_busy(wr_peer *peer, uint64_t ticket);
void wr_peer_figures(wr_peer *peer, wr_str figures);

#endif
