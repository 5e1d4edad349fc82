/* notify.c -- datagrams to the service manager */
#include "notify.h"

#include <wireroom/option.h>
#include <wireroom/transport.h>

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify_system(const char *message) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t len = path ? strlen(path) : 0;
    if (!len || len >= sizeof at.sun_path) return;
    memcpy(at.sun_path, path, len);
    if (at.sun_path[0] == '@') at.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    /* Nobody to tell when the manager does not listen. */
    (void)sendto(fd, message, strlen(message), MSG_NOSIGNAL, (struct sockaddr *)&at, size);
    close(fd);
}

void notify_alive(void) {
    static uint64_t due;
    const char *every = getenv("WATCHDOG_USEC");
    int64_t us;
    uint64_t now = wr_now_ms();
    if (!every || now < due || wr_parse_int(wr_str_c(every), &us) != WR_OK || us <= 0) return;
    due = now + (uint64_t)us / 2000;
    notify_system("WATCHDOG=1");
}
