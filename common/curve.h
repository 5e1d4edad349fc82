/* curve.h -- keys for a line between machines: CURVE encrypts it and says who may join
 *
 * NAME.key holds a pair, "public KEY" and "secret KEY" on a line each; NAME.pub holds "KEY NAME".
 * A list of who may join is a file of such lines: cat *.pub > allowed. KEY is 40 characters of Z85.
 * '#' begins a comment. */
#ifndef WR_CURVE_H
#define WR_CURVE_H

#include <wireroom/buf.h>

#define WR_CURVE_TEXT 41 /* a key as text, with the zero byte */

typedef struct wr_curve_pair {
    char open[WR_CURVE_TEXT], secret[WR_CURVE_TEXT]; /* open: the public one */
} wr_curve_pair;

/* A new pair. WR_UNSUPPORTED: this libzmq knows no CURVE. */
WR_MUSTUSE wr_status wr_curve_new(wr_curve_pair *out);

/* Reads NAME.key. WR_NOTFOUND, WR_DENIED, WR_MALFORMED; *why (appended) says what and where. */
WR_MUSTUSE wr_status wr_curve_read_pair(const char *path, wr_curve_pair *out, wr_buf *why);

/* Reads the first key of NAME.pub. */
WR_MUSTUSE wr_status wr_curve_read_open(const char *path, char out[WR_CURVE_TEXT], wr_buf *why);

/* Looks for a key in a list; its name is copied to `name` (cut to its size). WR_NOTFOUND: not in
 * it. */
WR_MUSTUSE wr_status wr_curve_find(const char *path, const char *key, char *name, size_t size,
                                   wr_buf *why);

/* Makes a socket that is about to connect to `endpoint` a member's: with the keys that the
 * environment names, WIREROOM_KEY (own pair) and WIREROOM_HUB_KEY (the hub's .pub); without them,
 * and for ipc, nothing is done. *keyed says which. What is wrong with the files is logged. */
WR_MUSTUSE wr_status wr_curve_join(void *socket, const char *endpoint, bool *keyed);

/* Makes a socket that is about to bind a hub's: only who has `pair->open` and is admitted by the
 * context's ZAP handler can connect. */
WR_MUSTUSE wr_status wr_curve_serve(void *socket, const wr_curve_pair *pair);

#endif
