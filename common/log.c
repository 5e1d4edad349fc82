/* log.c -- logfmt lines on standard error, at most so many a second for each status */
#include <wireroom/buf.h>
#include <wireroom/log.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINES_PER_SECOND 20
#define LINE_MAX_BYTES   2000

static struct {
    pthread_mutex_t lock;
    const char *program;
    wr_log_level level;
    struct {
        time_t second;
        unsigned lines, suppressed;
    } by_status[WR_STATUS_COUNT];
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .level = WR_LOG_INFO};

static const char *const level_names[] = {"error", "warn", "info", "debug"};

void wr_log_open(const char *program, wr_log_level level) {
    pthread_mutex_lock(&state.lock);
    state.program = program;
    state.level = level;
    pthread_mutex_unlock(&state.lock);
}

bool wr_log_level_of(const char *name, wr_log_level *out) {
    for (unsigned i = 0; i < sizeof level_names / sizeof *level_names; i++)
        if (strcmp(level_names[i], name) == 0) {
            *out = (wr_log_level)i;
            return true;
        }
    return false;
}

/* Appends text between quotes; what would break the line is escaped. */
static size_t add_quoted(char *line, size_t at, const char *text) {
    line[at++] = '"';
    for (const char *c = text; *c && at < LINE_MAX_BYTES - 8; c++) {
        unsigned char u = (unsigned char)*c;
        if (u == '"' || u == '\\') {
            line[at++] = '\\';
            line[at++] = *c;
        } else if (u < 0x20 || u == 0x7f) {
            at += (size_t)snprintf(line + at, 5, "\\x%02x", u);
        } else line[at++] = *c;
    }
    line[at++] = '"';
    return at;
}

static bool allowed(wr_status status, time_t second, unsigned *suppressed) {
    unsigned i = (unsigned)status < WR_STATUS_COUNT ? (unsigned)status : WR_INTERNAL;
    bool fresh = state.by_status[i].second != second;
    if (!fresh && state.by_status[i].lines >= LINES_PER_SECOND) {
        state.by_status[i].suppressed++;
        return false;
    }
    if (fresh) state.by_status[i].lines = 0;
    state.by_status[i].second = second;
    state.by_status[i].lines++;
    *suppressed = state.by_status[i].suppressed;
    state.by_status[i].suppressed = 0;
    return true;
}

void wr_log(wr_log_level level, wr_status status, const char *event, const char *format, ...) {
    char text[LINE_MAX_BYTES / 2], line[LINE_MAX_BYTES + 64];
    if (level > state.level) return;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    unsigned suppressed = 0;
    pthread_mutex_lock(&state.lock);
    if (allowed(status, now.tv_sec, &suppressed)) {
        size_t at = strftime(line, 40, "ts=%Y-%m-%dT%H:%M:%S", &utc);
        at += (size_t)snprintf(line + at, 400, ".%03dZ level=%s prog=%.64s pid=%d event=%.64s",
                               (int)(now.tv_nsec / 1000000), level_names[level],
                               state.program ? state.program : "wireroom", (int)getpid(), event);
        if (status != WR_OK)
            at += (size_t)snprintf(line + at, 100, " status=%s", wr_status_label(status));
        if (suppressed) at += (size_t)snprintf(line + at, 40, " suppressed=%u", suppressed);
        memcpy(line + at, " text=", 6);
        at = add_quoted(line, at + 6, text);
        line[at++] = '\n';
        ssize_t written = write(STDERR_FILENO, line, at);
        (void)written; /* nobody is left to tell */
    }
    pthread_mutex_unlock(&state.lock);
}
