/* data.c -- where installed files are, and their bytes */
#include <wireroom/data.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writes dir + middle + name to `path` and says whether such a file can be read. */
static bool there(const char *dir, const char *middle, const char *name, char *path, size_t size) {
    int len = snprintf(path, size, "%s%s/%s", dir, middle, name);
    return len > 0 && (size_t)len < size && access(path, R_OK) == 0;
}

/* The directory the executable stands in; false when /proc does not say. */
static bool own_directory(char *out, size_t size) {
    ssize_t len = readlink("/proc/self/exe", out, size - 1);
    if (len <= 0) return false;
    out[len] = 0;
    char *slash = strrchr(out, '/');
    if (!slash) return false;
    *slash = 0;
    return true;
}

wr_status wr_data_path(const char *name, char *path, size_t size) {
    char own[PATH_MAX];
    if (strlen(name) + 2 > size) return WR_LIMIT;
    const char *chosen = getenv("WIREROOM_DATA_DIR");
    if (chosen && *chosen) return there(chosen, "", name, path, size) ? WR_OK : WR_NOTFOUND;
    if (own_directory(own, sizeof own) && there(own, "/../share/wireroom", name, path, size))
        return WR_OK;
    if (there(WIREROOM_INSTALL_DATA, "", name, path, size)) return WR_OK;
    return there(WIREROOM_SOURCE_DATA, "", name, path, size) ? WR_OK : WR_NOTFOUND;
}

wr_status wr_data_map(const char *path, wr_str *bytes) {
    *bytes = (wr_str){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno == EACCES ? WR_DENIED : errno == ENOENT ? WR_NOTFOUND : WR_IO;
    struct stat st;
    wr_status status = WR_OK;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) status = WR_IO;
    else if (st.st_size > 0) {
        void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED) status = WR_MEMORY;
        else *bytes = wr_str_of(at, (size_t)st.st_size);
    }
    close(fd);
    return status;
}

void wr_data_unmap(wr_str *bytes) {
    if (bytes->len) {
        void *at;
        memcpy(&at, &bytes->ptr, sizeof at);
        munmap(at, bytes->len);
    }
    *bytes = (wr_str){0};
}
