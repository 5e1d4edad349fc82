/* report.c -- the hub's state as one msgpack map */
#include "state.h"

/* Upper end of the bucket that holds the share's value, in microseconds; 0 = nothing counted. */
static uint64_t quantile(const histogram *g, unsigned percent) {
    uint64_t all = 0, sum = 0;
    for (size_t b = 0; b < 40; b++)
        all += g->n[b];
    for (size_t b = 0; b < 40; b++) {
        sum += g->n[b];
        if (all && sum * 100 >= all * percent) return (uint64_t)2 << b;
    }
    return 0;
}

static void key(wr_buf *out, const char *name) {
    wr_write_str(out, wr_str_c(name));
}

static void report_reasons(const stage *s, wr_buf *out) {
    size_t n = s->other != 0;
    for (size_t k = 0; k < WR_STATUS_COUNT; k++)
        n += s->by_status[k] != 0;
    key(out, "reasons");
    wr_write_map(out, n);
    for (size_t k = 0; k < WR_STATUS_COUNT; k++)
        if (s->by_status[k]) wr_write_kv_uint(out, wr_status_label((wr_status)k), s->by_status[k]);
    if (s->other) wr_write_kv_uint(out, "other", s->other);
}

static void report_stage(const hub *h, size_t at, wr_buf *out) {
    const stage *s = &h->stages[at];
    uint64_t workers = 0;
    for (size_t k = 0; k < h->n_workers; k++)
        workers += h->workers[k].session && h->workers[k].stage == at;
    const struct {
        const char *name;
        uint64_t v;
    } rows[] = {{"workers", workers},
                {"paused", s->paused},
                {"queued", s->queue.n},
                {"leased", s->leased},
                {"delayed", s->delayed.n},
                {"in", s->in},
                {"done", s->done},
                {"filtered", s->filtered},
                {"failed", s->failed},
                {"duplicate", s->duplicate},
                {"retried", s->retried},
                {"crashed", s->crashed},
                {"dead", s->dead},
                {"dead_lost", s->dead_lost},
                {"bytes_in", s->bytes_in},
                {"bytes_out", s->bytes_out},
                {"waited_us_p50", quantile(&s->waited, 50)},
                {"waited_us_p99", quantile(&s->waited, 99)},
                {"worked_us_p50", quantile(&s->worked, 50)},
                {"worked_us_p99", quantile(&s->worked, 99)}};
    size_t n = sizeof rows / sizeof *rows;
    wr_write_map(out, n + 2);
    wr_write_kv_str(out, "name", wr_str_c(s->name));
    for (size_t k = 0; k < n; k++)
        wr_write_kv_uint(out, rows[k].name, rows[k].v);
    report_reasons(s, out);
}

static void report_worker(const hub *h, const worker *w, uint64_t now_us, wr_buf *out) {
    wr_write_map(out, 12);
    wr_write_kv_str(out, "stage", wr_str_c(h->stages[w->stage].name));
    wr_write_kv_str(out, "slot", wr_str_c(w->slot));
    wr_write_kv_str(out, "build", wr_str_c(w->build));
    wr_write_kv_uint(out, "pid", w->pid);
    wr_write_kv_uint(out, "credit", w->credit);
    wr_write_kv_uint(out, "held", w->held.n);
    wr_write_kv_uint(out, "done", w->done);
    wr_write_kv_uint(out, "busy_ms", w->busy_ticket ? w->busy_ms : 0);
    wr_write_kv_uint(out, "age_ms", (now_us - w->joined_us) / 1000);
    wr_write_kv_uint(out, "silent_ms", (now_us - w->seen_us) / 1000);
    wr_write_kv_uint(out, "draining", w->draining);
    key(out, "figures");
    if (w->figures.len) wr_buf_add_str(out, wr_buf_str(&w->figures));
    else wr_write_map(out, 0);
}

static void report_source(const source *s, uint64_t now_us, wr_buf *out) {
    wr_write_map(out, 5);
    wr_write_kv_str(out, "name", wr_str_c(s->name));
    wr_write_kv_uint(out, "pid", s->pid);
    wr_write_kv_uint(out, "window", s->window);
    wr_write_kv_uint(out, "open", s->open);
    wr_write_kv_uint(out, "silent_ms", (now_us - s->seen_us) / 1000);
}

static void report_peers(const hub *h, uint64_t now_us, wr_buf *out) {
    size_t workers = 0, sources = 0;
    for (size_t k = 0; k < h->n_workers; k++)
        workers += h->workers[k].session != 0;
    for (size_t k = 0; k < h->n_sources; k++)
        sources += h->sources[k].session != 0;
    key(out, "workers");
    wr_write_array(out, workers);
    for (size_t k = 0; k < h->n_workers; k++)
        if (h->workers[k].session) report_worker(h, &h->workers[k], now_us, out);
    key(out, "sources");
    wr_write_array(out, sources);
    for (size_t k = 0; k < h->n_sources; k++)
        if (h->sources[k].session) report_source(&h->sources[k], now_us, out);
}

void hub_report(const hub *h, uint64_t now_us, wr_buf *out) {
    const struct {
        const char *name;
        uint64_t v;
    } rows[] = {{"epoch", h->config.epoch},
                {"uptime_ms", (now_us - h->started_us) / 1000},
                {"items", hub_items(h)},
                {"bytes", h->bytes},
                {"max_items", h->config.max_items},
                {"max_bytes", h->config.max_bytes},
                {"closed", h->closed},
                {"submitted", h->submitted},
                {"completed", h->completed},
                {"refused", h->refused},
                {"copies", h->copies},
                {"copies_lost", h->copies_lost},
                {"journey_us_p50", quantile(&h->journey, 50)},
                {"journey_us_p99", quantile(&h->journey, 99)}};
    size_t n = sizeof rows / sizeof *rows;
    wr_write_map(out, n + 3);
    for (size_t k = 0; k < n; k++)
        wr_write_kv_uint(out, rows[k].name, rows[k].v);
    key(out, "stages");
    wr_write_array(out, h->config.n_stages);
    for (size_t at = 0; at < h->config.n_stages; at++)
        report_stage(h, at, out);
    report_peers(h, now_us, out);
}
