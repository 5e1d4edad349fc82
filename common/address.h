/* address.h -- a line's address and its sockets */
#ifndef WR_ADDRESS_H
#define WR_ADDRESS_H

#include <wireroom/status.h>

#include <stddef.h>

#define WR_ENDPOINT_SIZE 160

typedef struct wr_endpoints {
    char work[WR_ENDPOINT_SIZE], control[WR_ENDPOINT_SIZE];
    char dir[WR_ENDPOINT_SIZE]; /* of ipc sockets, else empty */
} wr_endpoints;

/* ipc://DIR gives DIR/work.ipc and DIR/control.ipc; tcp://HOST:PORT gives PORT and PORT + 1.
 * WR_USAGE for another scheme, WR_LIMIT when a socket's path is longer than the system allows (107
 * bytes). */
WR_MUSTUSE wr_status wr_endpoints_of(const char *line, wr_endpoints *out);

/* The address of a socket beside a line's own: "ipc:///run/wireroom" and "publish.ipc" give
 * "ipc:///run/wireroom/publish.ipc". A line at a TCP port has no directory: it stands in for
 * ipc:///tmp/wireroom. WR_LIMIT: longer than `size`. */
WR_MUSTUSE wr_status wr_address_beside(const char *line, const char *name, char *out, size_t size);

#endif
