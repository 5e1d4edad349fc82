/* admit.h -- who may join over the network: a list of public keys, read anew for each connection */
#ifndef WR_HUB_ADMIT_H
#define WR_HUB_ADMIT_H

#include <wireroom/status.h>

typedef struct admit admit;

/* Answers the context's questions (ZAP, RFC 27) on a thread of its own; to be started before a
 * socket with keys is bound. A connection whose key is not in the file `allow` is refused, and a
 * line in the log says which key it was. */
WR_MUSTUSE wr_status admit_start(void *context, const char *allow, admit **out);
void admit_stop(admit **a);

#endif
