/* address.c -- a line's address and its sockets; the clock */
#include "common/address.h"

#include <wireroom/option.h>
#include <wireroom/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define IPC_PATH_MAX 107

static wr_status ipc_endpoints(const char *dir, wr_endpoints *out) {
    size_t len = strlen(dir);
    while (len > 1 && dir[len - 1] == '/')
        len--;
    if (len == 0) return WR_USAGE;
    if (len + sizeof "/control.ipc" - 1 > IPC_PATH_MAX) return WR_LIMIT;
    snprintf(out->dir, sizeof out->dir, "%.*s", (int)len, dir);
    snprintf(out->work, sizeof out->work, "ipc://%.*s/work.ipc", (int)len, dir);
    snprintf(out->control, sizeof out->control, "ipc://%.*s/control.ipc", (int)len, dir);
    return WR_OK;
}

static wr_status tcp_endpoints(const char *line, wr_endpoints *out) {
    const char *colon = strrchr(line, ':');
    int64_t port = 0;
    if (strlen(line) > 100 || colon < line + sizeof "tcp://" - 1) return WR_USAGE;
    WR_TRY(wr_parse_int(wr_str_c(colon + 1), &port));
    if (port < 1 || port > 65534) return WR_USAGE;
    snprintf(out->work, sizeof out->work, "%s", line);
    snprintf(out->control, sizeof out->control, "%.*s:%d", (int)(colon - line), line,
             (int)port + 1);
    return WR_OK;
}

wr_status wr_endpoints_of(const char *line, wr_endpoints *out) {
    *out = (wr_endpoints){0};
    if (strncmp(line, "ipc://", 6) == 0) return ipc_endpoints(line + 6, out);
    if (strncmp(line, "tcp://", 6) == 0) return tcp_endpoints(line, out);
    return WR_USAGE;
}

wr_status wr_address_beside(const char *line, const char *name, char *out, size_t size) {
    if (strncmp(line, "ipc://", 6) != 0) line = "ipc:///tmp/wireroom";
    return (size_t)snprintf(out, size, "%s/%s", line, name) < size ? WR_OK : WR_LIMIT;
}

const char *wr_line_default(void) {
    static char line[WR_ENDPOINT_SIZE];
    const char *given = getenv("WIREROOM_LINE"), *runtime = getenv("XDG_RUNTIME_DIR");
    if (given && *given) return given;
    if (runtime && *runtime) snprintf(line, sizeof line, "ipc://%s/wireroom", runtime);
    else if (geteuid() == 0) snprintf(line, sizeof line, "ipc:///run/wireroom");
    else snprintf(line, sizeof line, "ipc:///tmp/wireroom-%u", (unsigned)geteuid());
    return line;
}

uint64_t wr_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}
