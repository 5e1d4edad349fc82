/* guard.c -- a crash tells the beat thread its signal before the process ends */
#include "common/guard.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define STACK_BYTES 65536

static int told[2] = {-1, -1};
static atomic_bool released;

/* Only what POSIX lets a handler call. */
static void on_crash(int number) {
    unsigned char byte = (unsigned char)number;
    if (write(told[1], &byte, 1) == 1)
        for (int i = 0; i < 100 && !atomic_load(&released); i++)
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    signal(number, SIG_DFL);
    raise(number);
}

wr_status wr_guard_open(int *fd) {
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    static char stack[STACK_BYTES];
    if (told[0] < 0 && pipe2(told, O_CLOEXEC | O_NONBLOCK) != 0) return WR_IO;
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    if (sigaltstack(&own, NULL) != 0) return WR_IO;
    struct sigaction action = {.sa_handler = on_crash,
                               .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND)};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        if (sigaction(crashes[i], &action, NULL) != 0) return WR_IO;
    *fd = told[0];
    return WR_OK;
}

void wr_guard_release(void) {
    atomic_store(&released, true);
}
