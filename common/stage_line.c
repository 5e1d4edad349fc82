/* stage_line.c -- a stage as a worker of a line: work, commit, drain */
#include "common/stage_run.h"
#include "common/wire.h"

#include <wireroom/log.h>
#include <wireroom/transport.h>

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define REPORT_MS   1000
#define BACKOFF_MS  100
#define BACKOFF_MAX 5000
#define TEXT_MAX    1000
#define PAUSE_MS    2
#define EXTEND_MS   1000

/* A page that is worked on and waits for its commit. */
typedef struct pending {
    uint64_t ticket;
    wr_status status;
    wr_buf bytes; /* output, or the text of a failure */
    bool has_output;
} pending;

typedef struct line_run {
    wr_stage_run *run;
    wr_worker *worker;
    pending *pending;
    size_t n_pending, max_pending, last_batch;
    uint64_t pending_since_ms, reported_ms;
    bool begun;
    wr_buf figures;
} line_run;

/* ---- signals ---- */

static wr_worker *to_drain;
static volatile sig_atomic_t asked;
static unsigned drain_seconds;

static void on_term(int number) {
    (void)number;
    if (asked || drain_seconds == 0) _exit(111); /* what is in hand goes back */
    asked = 1;
    alarm(drain_seconds);
    wr_worker_drain(to_drain);
}

static void on_alarm(int number) {
    (void)number;
    _exit(111);
}

static void watch_signals(line_run *l) {
    struct sigaction term = {.sa_handler = on_term}, late = {.sa_handler = on_alarm};
    to_drain = l->worker;
    drain_seconds = (unsigned)((l->run->set->drain_time + 999) / 1000);
    sigemptyset(&term.sa_mask);
    sigemptyset(&late.sa_mask);
    sigaction(SIGALRM, &late, NULL);
    sigaction(SIGTERM, &term, NULL);
    sigaction(SIGINT, &term, NULL);
}

/* ---- figures ---- */

static uint64_t resident_kb(void) {
    unsigned long size = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f) return 0;
    if (fscanf(f, "%lu %lu", &size, &resident) != 2) resident = 0;
    fclose(f);
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
}

static void report(line_run *l) {
    uint64_t now = wr_now_ms();
    const wr_stage_run *r = l->run;
    if (now - l->reported_ms < REPORT_MS) return;
    l->reported_ms = now;
    wr_buf_clear(&l->figures);
    wr_write_map(&l->figures, 7);
    wr_write_kv_uint(&l->figures, "pages", r->pages);
    wr_write_kv_uint(&l->figures, "failed", r->failed);
    wr_write_kv_uint(&l->figures, "bytes_in", r->bytes_in);
    wr_write_kv_uint(&l->figures, "bytes_out", r->bytes_out);
    wr_write_kv_uint(&l->figures, "work_us", r->work_us);
    wr_write_kv_uint(&l->figures, "arena_peak", r->peak_arena);
    wr_write_kv_uint(&l->figures, "resident_kb", resident_kb());
    wr_worker_report(l->worker, wr_buf_str(&l->figures));
}

/* ---- answers ---- */

static wr_status answer(line_run *l, uint64_t ticket, wr_status status, wr_str bytes) {
    if (status == WR_OK) return wr_worker_done(l->worker, ticket, bytes);
    bool fault = wr_status_verdict(status) != WR_VERDICT_DROP;
    wr_log(fault ? WR_LOG_INFO : WR_LOG_DEBUG, status, "page", "%.*s", (int)bytes.len,
           bytes.ptr ? bytes.ptr : "");
    return wr_worker_fail(l->worker, ticket, status, bytes);
}

static void keep(line_run *l, uint64_t ticket, wr_status status, wr_str bytes) {
    pending *p = &l->pending[l->n_pending++];
    wr_buf_clear(&p->bytes);
    wr_buf_add_str(&p->bytes, bytes);
    p->ticket = ticket;
    p->status = p->bytes.status == WR_OK ? status : WR_AGAIN;
    p->has_output = bytes.ptr != NULL;
    if (l->n_pending == 1) l->pending_since_ms = wr_now_ms();
}

/* Tries until it works: a full disk or a locked store is nobody's fault but takes time, and the
 * leases are told so. Gives up when the process was told to end. */
static wr_status commit_patiently(line_run *l) {
    unsigned wait = BACKOFF_MS;
    for (;;) {
        wr_status status = l->run->stage->commit(l->run->state);
        if (wr_status_verdict(status) != WR_VERDICT_RETRY || asked) return status;
        wr_log(WR_LOG_ERROR, status, "commit", "%zu pages wait: %s", l->n_pending,
               wr_status_text(status));
        for (size_t i = 0; i < l->n_pending; i++)
            WR_TRY(wr_worker_extend(l->worker, l->pending[i].ticket));
        nanosleep(&(struct timespec){wait / 1000, (long)(wait % 1000) * 1000000}, NULL);
        wait = wait * 2 < BACKOFF_MAX ? wait * 2 : BACKOFF_MAX;
    }
}

static wr_status settle(line_run *l) {
    if (l->n_pending == 0) return WR_OK;
    WR_TRY(commit_patiently(l));
    for (size_t i = 0; i < l->n_pending; i++) {
        pending *p = &l->pending[i];
        bool bare = p->status == WR_OK && !p->has_output;
        WR_TRY(answer(l, p->ticket, p->status, bare ? (wr_str){0} : wr_buf_str(&p->bytes)));
    }
    l->last_batch = l->n_pending;
    l->n_pending = 0;
    return WR_OK;
}

/* ---- taking over ---- */

static wr_status try_to_begin(line_run *l) {
    wr_status status = l->run->stage->begin ? l->run->stage->begin(l->run->state) : WR_OK;
    l->begun = status == WR_OK;
    return wr_status_verdict(status) == WR_VERDICT_RETRY ? WR_OK : status;
}

/* A page is there already: its lease is told that it takes time. */
static wr_status begin_patiently(line_run *l, uint64_t ticket) {
    uint64_t told = wr_now_ms();
    for (;;) {
        WR_TRY(try_to_begin(l));
        if (l->begun) return WR_OK;
        if (asked) return WR_AGAIN; /* to end; the page goes back */
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000}, NULL);
        if (wr_now_ms() - told < EXTEND_MS) continue;
        told = wr_now_ms();
        WR_TRY(wr_worker_extend(l->worker, ticket));
    }
}

/* ---- the loop ---- */

static wr_status take_page(line_run *l, const wr_work *work) {
    wr_str output, why;
    wr_worker_busy(l->worker, work->ticket);
    wr_status status = wr_stage_page(l->run, work->payload, &output, &why);
    wr_worker_busy(l->worker, 0);
    bool fatal = wr_status_verdict(status) == WR_VERDICT_FATAL;
    wr_str bytes = status == WR_OK ? output : wr_str_slice(why, 0, TEXT_MAX);
    if (!l->run->stage->commit || fatal) WR_TRY(answer(l, work->ticket, status, bytes));
    else keep(l, work->ticket, status, bytes);
    return fatal ? status : WR_OK;
}

/* While pages come they are collected up to the commit time; a pause of the line ends the batch. */
/* How long to wait for the next page. A page that comes alone is committed at once; once they come
 * in company, a commit waits for more. */
static int patience(const line_run *l) {
    if (l->n_pending == 0) return 200;
    if (l->last_batch <= 1) return 0;
    uint64_t waited = wr_now_ms() - l->pending_since_ms, most = l->run->set->commit_time;
    uint64_t left = waited < most ? most - waited : 0;
    return left < PAUSE_MS ? (int)left : PAUSE_MS;
}

static wr_status step(line_run *l) {
    wr_work work;
    report(l);
    if (!l->begun) WR_TRY(try_to_begin(l));
    wr_status status = wr_worker_next(l->worker, l->begun ? patience(l) : PAUSE_MS, &work);
    if (status == WR_OK && !l->begun) WR_TRY(begin_patiently(l, work.ticket));
    if (status == WR_OK) WR_TRY(take_page(l, &work));
    if (status != WR_OK && status != WR_TIMEOUT) return status;
    if (status == WR_TIMEOUT && l->begun && !l->n_pending && l->run->stage->idle)
        WR_TRY(l->run->stage->idle(l->run->state));
    bool due = status == WR_TIMEOUT || l->n_pending == l->max_pending;
    if (l->n_pending && l->last_batch > 1 && patience(l) == 0) due = true; /* waited long enough */
    return due ? settle(l) : WR_OK;
}

/* What holds pages for a commit holds more of them than one batch, so that work and commit overlap.
 */
static unsigned credit_of(const wr_stage_run *run) {
    if (run->set->credit) return (unsigned)run->set->credit;
    return run->stage->commit ? (unsigned)run->set->commit_pages * 2 : 16;
}

static wr_status open_line(line_run *l, const char *line) {
    static char own_slot[24];
    const wr_stage_settings *set = l->run->set;
    snprintf(own_slot, sizeof own_slot, "p%d", (int)getpid());
    wr_worker_config config = {.line = line,
                               .stage = l->run->stage->name,
                               .slot = set->slot ? set->slot : own_slot,
                               .build = WIREROOM_VERSION,
                               .credit = credit_of(l->run),
                               .lease_ms = (uint32_t)set->lease,
                               .lost_ms = (uint32_t)set->lost_after,
                               .guard = true};
    l->max_pending =
        (size_t)set->commit_pages < config.credit ? (size_t)set->commit_pages : config.credit;
    l->figures.limit = 4096;
    l->pending = calloc(l->max_pending, sizeof *l->pending);
    if (!l->pending) return WR_MEMORY;
    for (size_t i = 0; i < l->max_pending; i++)
        l->pending[i].bytes.limit = WR_PAYLOAD_MAX;
    return wr_worker_open(&config, &l->worker);
}

static void close_line(line_run *l) {
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    wr_worker_close(&l->worker);
    for (size_t i = 0; l->pending && i < l->max_pending; i++)
        wr_buf_free(&l->pending[i].bytes);
    free(l->pending);
    wr_buf_free(&l->figures);
}

int wr_stage_line(wr_stage_run *run) {
    line_run l = {.run = run};
    const char *line = run->set->line ? run->set->line : wr_line_default();
    wr_status status = open_line(&l, line);
    if (status == WR_OK) {
        watch_signals(&l);
        wr_log(WR_LOG_INFO, WR_OK, "start", "line %s", line);
        while ((status = step(&l)) == WR_OK)
            continue;
    }
    int code = wr_exit_code(status);
    if (status == WR_CLOSED) code = wr_worker_restart_wanted(l.worker) ? 111 : 0;
    wr_log(status == WR_CLOSED ? WR_LOG_INFO : WR_LOG_ERROR, status == WR_CLOSED ? WR_OK : status,
           "stop", "%llu pages", (unsigned long long)run->pages);
    close_line(&l);
    return code;
}
