/* notify.h -- the service manager's notification protocol: one datagram a message (sd_notify) */
#ifndef WIREROOM_NOTIFY_H
#define WIREROOM_NOTIFY_H

/* Sends "READY=1" or the like to NOTIFY_SOCKET, if there is one. */
void notify_system(const char *message);

/* Says that this process is alive, twice as often as WATCHDOG_USEC asks for. */
void notify_alive(void);

#endif
