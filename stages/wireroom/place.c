/* place.c -- state and line directories, locks */
#include "place.h"

#include "command.h"
#include "supervise.h"

#include <wireroom/transport.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_MS 1000 /* a killed predecessor's children may take that long to be gone */

static bool make_dirs(const char *path, mode_t mode) {
    char part[4096];
    size_t len = strlen(path);
    if (!len || len >= sizeof part) return false;
    memcpy(part, path, len + 1);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(part, 0755) < 0 && errno != EEXIST) return false;
        *slash = '/';
    }
    struct stat st;
    if (mkdir(part, mode) == 0) return true;
    return errno == EEXIST && stat(part, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The lock file's descriptor, -1 when somebody has it (*owner = its process, 0 = not known), -2
 * when it cannot be made. */
static int take_lock(const char *path, int *owner) {
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    *owner = 0;
    if (fd < 0) return -2;
    uint64_t until = wr_now_ms() + LOCK_MS;
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (wr_now_ms() >= until || errno != EWOULDBLOCK) {
            char text[16] = "";
            if (pread(fd, text, sizeof text - 1, 0) > 0) *owner = (int)strtol(text, NULL, 10);
            close(fd);
            return -1;
        }
        poll(NULL, 0, 10);
    }
    return fd;
}

static int lock(const char *dir, const char *what, int *out) {
    char path[4200];
    int owner;
    snprintf(path, sizeof path, "%s/run.lock", dir);
    *out = take_lock(path, &owner);
    if (*out == -2) {
        command_complain("run", "%s: %s", path, strerror(errno));
        return EXIT_PERMANENT;
    }
    if (*out == -1) {
        command_complain("run",
                         "another wireroom (process %d) runs with the %s %s; ask it with `wireroom "
                         "status`, end it with `wireroom drain`, or choose another with --%s",
                         owner, what, dir, what);
        return EXIT_PERMANENT;
    }
    if (ftruncate(*out, 0) == 0) dprintf(*out, "%d\n", (int)getpid());
    return -1;
}

int place_check_dir(const plan *p, const char *dir) {
    struct stat st;
    char path[4200];
    int owner;
    if (stat(dir, &st) < 0 || !S_ISDIR(st.st_mode) || access(dir, R_OK | X_OK) < 0) {
        command_complain("run", "%s: %s", dir,
                         stat(dir, &st) == 0 && !S_ISDIR(st.st_mode)
                             ? "not a directory (single files: "
                               "wireroom send FILE)"
                             : strerror(errno));
        return EXIT_PERMANENT;
    }
    if (p->set.once || strcmp(p->set.finished, "keep") == 0) return -1;
    if (access(dir, W_OK) < 0) {
        command_complain("run",
                         "%s cannot be written, so finished files cannot be moved; say --finished "
                         "keep, or read it once with --once",
                         dir);
        return EXIT_PERMANENT;
    }
    snprintf(path, sizeof path, "%s/.wireroom/lock", dir);
    if (access(path, F_OK) < 0) return -1;
    int fd = take_lock(path, &owner);
    if (fd >= 0) close(fd);
    if (fd != -1) return -1;
    command_complain(
        "run",
        "%s is watched by another wireroom (ingest is process %d); end that one first, "
        "or choose another directory",
        dir, owner);
    return EXIT_PERMANENT;
}

static int own_line(place *at, plan *p) {
    const char *tmp = getenv("TMPDIR");
    wr_str address;
    if (!tmp || !*tmp || strlen(tmp) > 60) tmp = "/tmp"; /* socket paths are short */
    snprintf(at->own_line, sizeof at->own_line, "%s/wireroom-XXXXXX", tmp);
    if (!mkdtemp(at->own_line)) {
        command_complain("run", "%s: %s", tmp, strerror(errno));
        at->own_line[0] = 0;
        return EXIT_TEMPORARY;
    }
    if (wr_arena_printf(p->arena, &address, "ipc://%s", at->own_line) != WR_OK)
        return EXIT_TEMPORARY;
    p->set.line = address.ptr;
    at->line_dir = at->own_line;
    return -1;
}

static int open_line(place *at, plan *p) {
    if (p->set.once && !p->set.line) return own_line(at, p);
    if (!p->set.line) p->set.line = wr_line_default();
    at->line_dir = supervise_line_dir(p->set.line);
    if (!at->line_dir) return -1;
    if (make_dirs(at->line_dir, 0700)) return lock(at->line_dir, "line", &at->locks[1]);
    command_complain("run", "%s: %s; choose another place with --line ipc://DIR", at->line_dir,
                     strerror(errno));
    return EXIT_PERMANENT;
}

int place_open(place *at, plan *p) {
    *at = (place){.locks = {-1, -1}};
    if (!p->set.state) {
        wr_str state;
        if (wr_arena_printf(p->arena, &state, "%s.state", p->set.store) != WR_OK)
            return EXIT_TEMPORARY;
        p->set.state = state.ptr;
    }
    if (!make_dirs(p->set.state, 0755)) {
        command_complain("run", "%s: %s; choose another place with --state DIR or --store FILE",
                         p->set.state, strerror(errno));
        return EXIT_PERMANENT;
    }
    int code = lock(p->set.state, "state", &at->locks[0]);
    return code >= 0 ? code : open_line(at, p);
}

/* The line's own directory: whatever sockets and locks its processes made in it. */
static void remove_own(const char *path) {
    DIR *dir = opendir(path);
    for (const struct dirent *e; dir && (e = readdir(dir));)
        unlinkat(dirfd(dir), e->d_name, 0);
    if (dir) closedir(dir);
    rmdir(path);
}

void place_close(place *at) {
    if (at->own_line[0]) remove_own(at->own_line);
    for (size_t i = 0; i < 2; i++)
        if (at->locks[i] >= 0) close(at->locks[i]);
}
