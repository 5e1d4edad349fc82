/* child.c -- fork, exec, back-off */
#include "child.h"

#include <wireroom/log.h>
#include <wireroom/transport.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAUSE_FIRST_MS 20u
#define PAUSE_MAX_MS   5000u
#define WORKED_MS      2000u

/* argv[0] beside this program, when it stands there. */
static void find_beside(const char *name, char *path, size_t size) {
    ssize_t len = readlink("/proc/self/exe", path, size - 1);
    char *slash = NULL;
    if (len > 0) {
        path[len] = 0;
        slash = strrchr(path, '/');
    }
    size_t left = slash ? size - (size_t)(slash + 1 - path) : 0;
    if (strchr(name, '/') || !slash || strlen(name) >= left) {
        path[0] = 0;
        return;
    }
    memcpy(slash + 1, name, strlen(name) + 1);
    if (access(path, X_OK) < 0) path[0] = 0;
}

/* In the new process. */
static void become(pid_t parent, const char *path, char *const *argv, char *const *env, int out) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0); /* Ctrl-C is for the supervisor, which ends the line in its order */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(111); /* it died in between */
    dup2(out < 0 ? STDERR_FILENO : out, STDOUT_FILENO);
    for (; *env; env++)
        putenv(*env);
    if (*path) execv(path, argv);
    execvp(argv[0], argv);
    fprintf(stderr, "wireroom: cannot start %s: %s\n", argv[0], strerror(errno));
    _exit(100);
}

wr_status child_start(child *c, char *const *argv, char *const *env, int out) {
    char path[PATH_MAX];
    find_beside(argv[0], path, sizeof path);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) become(parent, path, argv, env, out);
    if (pid < 0) {
        c->state = CHILD_RESTING;
        c->due = wr_now_ms() + 1000;
        return WR_IO;
    }
    c->pid = pid;
    c->state = CHILD_UP;
    c->joined = false;
    c->started = wr_now_ms();
    c->kill_at = UINT64_MAX;
    wr_log(WR_LOG_DEBUG, WR_OK, "started", "%s.%u is process %d", c->name, c->slot, (int)pid);
    return WR_OK;
}

void child_stop(child *c, uint64_t grace_ms) {
    c->wanted = false;
    if (c->state == CHILD_RESTING) c->state = CHILD_IDLE;
    if (c->state != CHILD_UP) return;
    kill(c->pid, SIGTERM);
    c->state = CHILD_ENDING;
    c->kill_at = wr_now_ms() + grace_ms;
}

void child_ended(child *c, int wait_status) {
    uint64_t now = wr_now_ms(), lived = now - c->started;
    c->exit_code =
        WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
    c->pid = 0;
    c->joined = false;
    c->worked = c->worked || lived >= WORKED_MS || WIFSIGNALED(wait_status);
    bool ending = c->state == CHILD_ENDING;
    c->state = CHILD_IDLE;
    if (!c->wanted) return;
    bool soon = lived < WORKED_MS && c->pause_ms;
    c->pause_ms = soon ? c->pause_ms * 2 : PAUSE_FIRST_MS;
    if (c->pause_ms > PAUSE_MAX_MS) c->pause_ms = PAUSE_MAX_MS;
    c->state = CHILD_RESTING;
    c->due = ending ? now : now + c->pause_ms;
    c->restarts++;
    wr_log(ending ? WR_LOG_INFO : WR_LOG_WARN, ending ? WR_OK : WR_CRASHED, "ended",
           "%s.%u (process ended with %s%d): started again in %llu ms", c->name, c->slot,
           WIFSIGNALED(wait_status) ? "signal " : "code ",
           WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : c->exit_code,
           (unsigned long long)(c->due - now));
}
