/* guard.h -- a crash tells the beat thread its signal before the process ends */
#ifndef WR_GUARD_H
#define WR_GUARD_H

#include <wireroom/status.h>

/* Installs handlers for SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT (on a stack of their own). *fd
 * becomes readable when one comes: one byte, the signal's number. The handler then waits until
 * wr_guard_release, at most half a second, and lets the signal end the process. */
WR_MUSTUSE wr_status wr_guard_open(int *fd);
void wr_guard_release(void);

#endif
