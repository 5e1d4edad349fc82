/* runtime.c -- the small parts of the runtime: data files, log levels and lines */
#include "check.h"

#include <wireroom/data.h>
#include <wireroom/log.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/wr-runtime-XXXXXX";

static void write_file(const char *name, const char *text) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    CHECK(f != NULL);
    if (!f) return;
    fputs(text, f);
    fclose(f);
}

static void data_files(void) {
    char path[256];
    wr_str bytes;
    write_file("some.bin", "model");
    write_file("empty.bin", "");
    setenv("WIREROOM_DATA_DIR", dir, 1);
    CHECK(wr_data_path("some.bin", path, sizeof path) == WR_OK);
    CHECK(wr_data_map(path, &bytes) == WR_OK);
    CHECK_STR(bytes, WR_STR("model"));
    wr_data_unmap(&bytes);
    CHECK(bytes.len == 0);
    CHECK(wr_data_path("empty.bin", path, sizeof path) == WR_OK);
    CHECK(wr_data_map(path, &bytes) == WR_OK && bytes.len == 0);
    wr_data_unmap(&bytes);
    CHECK(wr_data_path("none.bin", path, sizeof path) == WR_NOTFOUND);
    CHECK(wr_data_path("some.bin", path, 5) == WR_LIMIT);
    CHECK(wr_data_map("/nonexistent/file", &bytes) == WR_NOTFOUND);
    CHECK(wr_data_map(dir, &bytes) == WR_IO);
    unsetenv("WIREROOM_DATA_DIR");
    CHECK(wr_data_path("hub/hub.h", path, sizeof path) == WR_OK); /* from the source tree */
}

/* Standard error, while `body` runs, as text. */
static wr_str said(void (*body)(void)) {
    static char text[65536];
    char path[256];
    snprintf(path, sizeof path, "%s/log", dir);
    int kept = dup(STDERR_FILENO), file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDERR_FILENO);
    body();
    dup2(kept, STDERR_FILENO);
    ssize_t n = pread(file, text, sizeof text, 0);
    close(kept);
    close(file);
    return wr_str_of(text, n > 0 ? (size_t)n : 0);
}

static size_t lines_in(wr_str text) {
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    return n;
}

static bool holds(wr_str text, const char *part) {
    return memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

static void one_line(void) {
    wr_log(WR_LOG_WARN, WR_DISKFULL, "some-event", "a \"text\"\nwith %d", 7);
    wr_log(WR_LOG_DEBUG, WR_OK, "quiet", "not at this level");
}

static void many_lines(void) {
    for (int i = 0; i < 500; i++)
        wr_log(WR_LOG_WARN, WR_TIMEOUT, "many", "%d", i);
}

static void log_lines(void) {
    wr_log_level level;
    CHECK(wr_log_level_of("debug", &level) && level == WR_LOG_DEBUG);
    CHECK(!wr_log_level_of("loud", &level));
    wr_log_open("wireroom-test", WR_LOG_INFO);
    wr_str text = said(one_line);
    CHECK(lines_in(text) == 1);
    CHECK(holds(text, " level=warn prog=wireroom-test pid="));
    CHECK(holds(text, " event=some-event status=diskfull text=\"a \\\"text\\\"\\x0awith 7\"\n"));
    CHECK(lines_in(said(many_lines)) <= 60); /* 20 a second; a second may turn twice meanwhile */
}

static void clean_up(void) {
    static const char *const names[] = {"some.bin", "empty.bin", "log"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}

int main(void) {
    CHECK(mkdtemp(dir) != NULL);
    data_files();
    log_lines();
    clean_up();
    return check_summary();
}
