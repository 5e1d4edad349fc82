/* line_source.c -- hands numbered pages to a test line and says what became of them
 *
 * Page n has the id of n in 32 hex digits and --size bytes that follow from n. With --state a
 * killed source goes on where it was. At the end one JSON line: counts by verdict, restarts of the
 * line, seconds, and with --latency the time from hand-in to completion. */
#include <wireroom/option.h>
#include <wireroom/page.h>
#include <wireroom/transport.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef struct settings {
    const char *line, *state;
    int64_t count, size, window, pace_us;
    bool latency;
} settings;

static const wr_option rows[] = {
    WR_STRING(settings, line, "line", "ADDRESS", NULL, "The line."),
    WR_PATH(settings, state, "state", "FILE", NULL, "Where the progress is kept."),
    WR_INT(settings, count, "count", "N", "1000", 1, 100000000, "Pages."),
    WR_INT(settings, size, "size", "N", "4096", 1, 10000000, "Bytes of each."),
    WR_INT(settings, window, "window", "N", "1024", 1, 100000, "Pages under way."),
    WR_INT(settings, pace_us, "pace-us", "N", "0", 0, 10000000, "Time between two pages."),
    WR_FLAG(settings, latency, "latency", "Measures times and pauses."),
    WR_OPTIONS_END,
};
static const wr_program program = {"line_source", "hands numbered pages to a test line", NULL, NULL,
                                   NULL};

typedef struct feed {
    settings set;
    wr_source *source;
    unsigned char *done; /* 1 a page */
    uint64_t *sent_us;
    uint64_t low, next;   /* all below low are completed; next to hand in */
    uint64_t again[4096]; /* given back: the line was full */
    size_t n_again;
    uint64_t completed, pass, drop, duplicate, reject, dead, restarts, refused;
    uint64_t last_us, longest_gap_us, saved_ms, next_due_us;
    uint32_t *latencies;
    char *body;
    wr_buf message;
} feed;

static uint64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void save(feed *f) {
    char fresh[4096], text[32];
    if (!f->set.state || wr_now_ms() - f->saved_ms < 100) return;
    f->saved_ms = wr_now_ms();
    snprintf(fresh, sizeof fresh, "%s.tmp", f->set.state);
    int len = snprintf(text, sizeof text, "%llu\n", (unsigned long long)f->low);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0) return;
    bool ok = write(fd, text, (size_t)len) == len;
    close(fd);
    if (ok && rename(fresh, f->set.state) != 0) perror("rename");
}

static void load(feed *f) {
    unsigned long long low = 0;
    FILE *file = f->set.state ? fopen(f->set.state, "r") : NULL;
    if (!file) return;
    if (fscanf(file, "%llu", &low) == 1 && low <= (uint64_t)f->set.count) f->low = f->next = low;
    fclose(file);
}

static wr_status submit(feed *f, uint64_t n) {
    char id[33];
    snprintf(id, sizeof id, "%032llx", (unsigned long long)n);
    memcpy(f->body, &n, sizeof n < (size_t)f->set.size ? sizeof n : (size_t)f->set.size);
    wr_page page = {.id = wr_str_c(id),
                    .size = (uint64_t)f->set.size,
                    .kind = WR_STR("text"),
                    .raw = wr_str_of(f->body, (size_t)f->set.size)};
    wr_buf_clear(&f->message);
    WR_TRY(wr_page_encode(&page, &f->message));
    WR_TRY(wr_source_submit(f->source, n, page.id, wr_buf_str(&f->message)));
    f->sent_us[n] = now_us();
    return WR_OK;
}

static void hand_in(feed *f) {
    while (wr_source_room(f->source)) {
        if (f->n_again) {
            if (submit(f, f->again[f->n_again - 1]) != WR_OK) return;
            f->n_again--;
            continue;
        }
        while (f->next < (uint64_t)f->set.count && f->done[f->next])
            f->next++;
        if (f->next >= (uint64_t)f->set.count || now_us() < f->next_due_us) return;
        if (submit(f, f->next) != WR_OK) return;
        f->next++;
        if (f->set.pace_us) f->next_due_us += (uint64_t)f->set.pace_us;
        if (f->set.pace_us && f->next_due_us + 100000 < now_us()) f->next_due_us = now_us();
    }
}

static void complete(feed *f, const wr_outcome *o) {
    uint64_t now = now_us();
    if (o->ref >= (uint64_t)f->set.count || f->done[o->ref]) return;
    if (o->verdict == WR_VERDICT_RETRY) {
        f->refused++;
        if (f->n_again < sizeof f->again / sizeof *f->again) f->again[f->n_again++] = o->ref;
        return;
    }
    f->done[o->ref] = 1;
    if (f->latencies) f->latencies[f->completed] = (uint32_t)(now - f->sent_us[o->ref]);
    if (f->last_us && now - f->last_us > f->longest_gap_us) f->longest_gap_us = now - f->last_us;
    f->last_us = now;
    f->completed++;
    f->pass += o->verdict == WR_VERDICT_PASS;
    f->drop += o->verdict == WR_VERDICT_DROP;
    f->duplicate += wr_str_eq(o->status, WR_STR("duplicate"));
    f->reject += o->verdict == WR_VERDICT_REJECT;
    f->dead += o->dead;
    if (o->verdict == WR_VERDICT_REJECT)
        fprintf(stderr, "rejected %llu at %.*s: %.*s: %.*s\n", (unsigned long long)o->ref,
                (int)o->stage.len, o->stage.ptr, (int)o->status.len, o->status.ptr,
                (int)o->text.len, o->text.ptr);
    while (f->low < (uint64_t)f->set.count && f->done[f->low])
        f->low++;
}

static int step(feed *f) {
    wr_outcome o;
    hand_in(f);
    wr_status status = wr_source_next(f->source, -1, f->set.pace_us ? 1 : 50, &o);
    if (status == WR_TIMEOUT) return -1;
    if (status != WR_OK) return status == WR_VERSION ? 100 : 111;
    if (o.event == WR_EVENT_COMPLETED) complete(f, &o);
    else {
        f->restarts++;
        f->next = f->low;
        f->n_again = 0;
    }
    save(f);
    return -1;
}

static int by_value(const void *a, const void *b) {
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void report(feed *f, double seconds) {
    printf("{\"pages\":%llu,\"pass\":%llu,\"drop\":%llu,\"duplicate\":%llu,\"reject\":%llu,"
           "\"dead\":%llu,\"restarts\":%llu,\"refused\":%llu,\"seconds\":%.3f,\"per_second\":%.0f",
           (unsigned long long)f->completed, (unsigned long long)f->pass,
           (unsigned long long)f->drop, (unsigned long long)f->duplicate,
           (unsigned long long)f->reject, (unsigned long long)f->dead,
           (unsigned long long)f->restarts, (unsigned long long)f->refused, seconds,
           (double)f->completed / seconds);
    if (f->latencies && f->completed) {
        qsort(f->latencies, f->completed, sizeof *f->latencies, by_value);
        printf(",\"p50_us\":%u,\"p99_us\":%u,\"longest_gap_us\":%llu",
               f->latencies[f->completed / 2], f->latencies[f->completed * 99 / 100],
               (unsigned long long)f->longest_gap_us);
    }
    printf("}\n");
}

static int run(feed *f) {
    wr_source_config config = {.line = f->set.line ? f->set.line : wr_line_default(),
                               .name = "line_source",
                               .build = WIREROOM_VERSION,
                               .window = (unsigned)f->set.window,
                               .lost_ms = 60000};
    size_t n = (size_t)f->set.count;
    f->done = calloc(n, 1);
    f->sent_us = calloc(n, sizeof *f->sent_us);
    f->latencies = f->set.latency ? calloc(n, sizeof *f->latencies) : NULL;
    f->body = malloc((size_t)f->set.size);
    f->message.limit = WR_PAYLOAD_MAX;
    if (!f->done || !f->sent_us || !f->body) return 111;
    memset(f->body, 'x', (size_t)f->set.size);
    load(f);
    if (wr_source_open(&config, &f->source) != WR_OK) return 100;
    uint64_t from = now_us();
    f->next_due_us = from;
    int code = -1;
    while (code < 0 && f->low < n)
        code = step(f);
    f->saved_ms = 0;
    save(f);
    report(f, (double)(now_us() - from) / 1e6);
    wr_source_close(&f->source);
    return code < 0 ? 0 : code;
}

int main(int argc, char **argv) {
    static feed f;
    const wr_option_group group = {"Options", rows, &f.set};
    int code = wr_options_read(&program, &group, 1, argc, argv, NULL);
    if (code < 0) code = run(&f);
    free(f.done);
    free(f.sent_us);
    free(f.latencies);
    free(f.body);
    wr_buf_free(&f.message);
    return code;
}
