/* curve.c -- key files, and sockets with keys */
#include "common/curve.h"

#include <wireroom/log.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zmq.h>

#define KEY_LEN    (WR_CURVE_TEXT - 1)
#define LIST_LINES 100000u

wr_status wr_curve_new(wr_curve_pair *out) {
    return zmq_curve_keypair(out->open, out->secret) == 0 ? WR_OK : WR_UNSUPPORTED;
}

/* ---- files ---- */

static wr_status open_file(const char *path, FILE **out, wr_buf *why) {
    *out = fopen(path, "re");
    if (*out) return WR_OK;
    wr_buf_printf(why, "%s: %s", path, strerror(errno));
    return errno == ENOENT ? WR_NOTFOUND : errno == EACCES ? WR_DENIED : WR_IO;
}

static wr_str word(wr_str *rest) {
    size_t from = 0, to;
    while (from < rest->len && wr_is_space(rest->ptr[from]))
        from++;
    to = from;
    while (to < rest->len && !wr_is_space(rest->ptr[to]) && rest->ptr[from] != '#')
        to++;
    wr_str found = wr_str_slice(*rest, from, to);
    *rest = wr_str_slice(*rest, to, rest->len);
    return found;
}

static bool is_key(wr_str text) {
    char copy[WR_CURVE_TEXT];
    unsigned char bytes[32];
    if (text.len != KEY_LEN) return false;
    memcpy(copy, text.ptr, KEY_LEN);
    copy[KEY_LEN] = 0;
    return zmq_z85_decode(bytes, copy) != NULL;
}

static void copy_key(char to[WR_CURVE_TEXT], wr_str from) {
    memcpy(to, from.ptr, KEY_LEN);
    to[KEY_LEN] = 0;
}

wr_status wr_curve_read_pair(const char *path, wr_curve_pair *out, wr_buf *why) {
    FILE *file;
    char line[256];
    struct stat st;
    *out = (wr_curve_pair){{0}, {0}};
    WR_TRY(open_file(path, &file, why));
    if (fstat(fileno(file), &st) == 0 && (st.st_mode & 077))
        wr_log(WR_LOG_WARN, WR_DENIED, "key", "%s: others can read this secret: chmod 600", path);
    while (fgets(line, sizeof line, file)) {
        wr_str rest = wr_str_c(line), what = word(&rest), key = word(&rest);
        if (!is_key(key)) continue;
        if (wr_str_eq(what, WR_STR("public"))) copy_key(out->open, key);
        if (wr_str_eq(what, WR_STR("secret"))) copy_key(out->secret, key);
    }
    fclose(file);
    if (out->open[0] && out->secret[0]) return WR_OK;
    wr_buf_printf(why, "%s: no pair of keys; `wireroom keygen` makes one", path);
    return WR_MALFORMED;
}

/* Calls for each line with a key until `key` (NULL = any) is found. */
static wr_status find(const char *path, const char *key, wr_str *found, wr_str *name, char *line,
                      size_t size, wr_buf *why) {
    FILE *file;
    wr_status status = WR_NOTFOUND;
    WR_TRY(open_file(path, &file, why));
    for (size_t n = 0; status != WR_OK && n < LIST_LINES && fgets(line, (int)size, file); n++) {
        wr_str rest = wr_str_c(line);
        *found = word(&rest);
        *name = word(&rest);
        if (is_key(*found) && (!key || wr_str_eq(*found, wr_str_c(key)))) status = WR_OK;
    }
    fclose(file);
    return status;
}

wr_status wr_curve_read_open(const char *path, char out[WR_CURVE_TEXT], wr_buf *why) {
    char line[256];
    wr_str key, name;
    wr_status status = find(path, NULL, &key, &name, line, sizeof line, why);
    if (status == WR_OK) copy_key(out, key);
    if (status != WR_NOTFOUND || why->len) return status;
    wr_buf_printf(why, "%s: no public key; `wireroom keygen` writes one to NAME.pub", path);
    return WR_MALFORMED;
}

wr_status wr_curve_find(const char *path, const char *key, char *name, size_t size, wr_buf *why) {
    char line[256];
    wr_str found, called;
    WR_TRY(find(path, key, &found, &called, line, sizeof line, why));
    snprintf(name, size, "%.*s", (int)called.len, called.len ? called.ptr : "");
    return WR_OK;
}

/* ---- sockets ---- */

wr_status wr_curve_join(void *socket, const char *endpoint, bool *keyed) {
    const char *own = getenv("WIREROOM_KEY"), *hub = getenv("WIREROOM_HUB_KEY");
    wr_curve_pair pair = {{0}, {0}};
    char server[WR_CURVE_TEXT];
    wr_buf why = WR_BUF_INIT(4096);
    *keyed = false;
    if (strncmp(endpoint, "tcp://", 6) != 0 || !hub || !*hub) return WR_OK;
    wr_status status = wr_curve_read_open(hub, server, &why);
    if (status == WR_OK && (!own || !*own)) {
        wr_buf_printf(&why, "a hub's key is given, but no key of one's own: --key NAME.key");
        status = WR_USAGE;
    }
    if (status == WR_OK) status = wr_curve_read_pair(own, &pair, &why);
    if (status == WR_OK &&
        (zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server, KEY_LEN + 1) != 0 ||
         zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, pair.open, KEY_LEN + 1) != 0 ||
         zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, pair.secret, KEY_LEN + 1) != 0))
        status = WR_UNSUPPORTED;
    if (status != WR_OK)
        wr_log(WR_LOG_ERROR, status, "key", "%.*s", (int)why.len, why.len ? why.ptr : "");
    *keyed = status == WR_OK;
    wr_buf_free(&why);
    return status == WR_OK ? WR_OK : WR_USAGE;
}

wr_status wr_curve_serve(void *socket, const wr_curve_pair *pair) {
    static const char domain[] = "wireroom";
    int on = 1;
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, pair->secret, KEY_LEN + 1) != 0 ||
        zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, sizeof domain - 1) != 0)
        return WR_UNSUPPORTED;
    return WR_OK;
}
