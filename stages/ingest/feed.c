/* feed.c -- the loop of ingest */
#include "feed.h"

#include "ledger.h"
#include "reader.h"
#include "report.h"
#include "seen.h"
#include "tree.h"

#include <wireroom/log.h>
#include <wireroom/transport.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define EXIT_PERMANENT 100
#define EXIT_TEMPORARY 111
#define RETRY_MS       50u   /* pause after the line had no room */
#define SAVE_MS        1000u /* how often the places in long files are written down */
#define LOCK_MS        3000u /* how long a predecessor may take to end */
#define STEP_PAGES     64    /* read and submitted between two looks at the line's answers */

typedef struct root {
    const char *dir;
    ingest_tree *tree, *left; /* `left`: what a predecessor had in work */
    char left_dir[PATH_MAX];
    ingest_claims claims;
    bool claimed;
    unsigned incarnation;
    uint64_t claim_at, claim_until; /* next try, and when a foreign lock is final */
    ingest_seen seen;
    bool compacted;
    uint64_t overflows; /* told of */
} root;

/* Owner of a ledger file. */
typedef struct taken {
    root *from;
    ingest_key key;
    char path[];
} taken;

typedef struct feed {
    const ingest_options *options;
    ingest_finish finish;
    ingest_limits limits;
    root *roots;
    size_t n_roots, turn;
    wr_arena *arena;
    ingest_ledger ledger;
    ingest_reader *reader;
    ingest_file *reading;
    wr_source *source;
    wr_buf payload;
    ingest_report report;
    int signals, wake;
    bool ending;
    uint64_t end_by, hold_until, save_at;
    int exit_code; /* -1 = go on */
} feed;

static bool is_keep(const feed *f) {
    return f->finish == INGEST_KEEP;
}

/* ---- files: taken, read, put away ---- */

static ingest_file *find_under_way(feed *f, const root *from, const char *path) {
    for (size_t i = 0; i <= f->ledger.window; i++) {
        ingest_file *file = &f->ledger.files[i];
        const taken *t = file->used ? file->owner : NULL;
        if (t && t->from == from && strcmp(t->path, path) == 0) return file;
    }
    return NULL;
}

static void put_away(feed *f, ingest_file *file) {
    taken *t = file->owner;
    bool failed = !file->tally.passed && !file->tally.dropped && file->status != WR_OK;
    wr_status status = ingest_put(&t->from->claims, t->path, failed, wr_buf_str(&file->reasons));
    if (status == WR_OK) ingest_progress_drop(&t->from->claims, t->path);
    if (status != WR_OK) {
        wr_log(WR_LOG_WARN, status, "not-put-away", "%s/%s: %s", t->from->dir, t->path,
               wr_status_text(status));
        if (status != WR_NOTFOUND) t->from->claim_at = wr_now_ms() + 5000; /* look in work again */
    }
    if (is_keep(f) && !f->options->once)
        if (ingest_seen_add(&t->from->seen, t->key) != WR_OK)
            wr_log(WR_LOG_WARN, WR_IO, "not-noted", "%s: its finished files cannot be noted",
                   f->options->state);
    ingest_report_file(&f->report, t->path, file, failed);
    ingest_file_free(&f->ledger, file);
    free(t);
}

static void end_reading(feed *f) {
    ingest_file *file = f->reading;
    ingest_reader_close(f->reader);
    f->reading = NULL;
    if (!file->tally.pages && !file->open)
        ingest_file_bad(&f->ledger, file, 0, WR_EMPTY, WR_STR("the file holds no page"));
    ingest_file_end(file);
    if (ingest_file_finished(file)) put_away(f, file);
}

static void begin_reading(feed *f, root *from, const char *path, const struct stat *st) {
    size_t len = strlen(path);
    taken *t = calloc(1, sizeof *t + len + 1);
    ingest_file *file = t ? ingest_file_begin(&f->ledger, t) : NULL;
    if (!file) {
        free(t);
        return;
    }
    t->from = from;
    t->key = ingest_key_of(wr_str_c(path), st->st_ino, (uint64_t)st->st_size,
                           st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec);
    memcpy(t->path, path, len + 1);
    f->reading = file;
    ingest_progress done = ingest_progress_load(&from->claims, path, t->key, &file->reasons);
    file->tally = done.tally;
    file->status = done.status;
    file->passed_over = done.place.record;
    int fd = -1;
    const char *kind = NULL;
    wr_str why = {NULL, 0};
    wr_status status = ingest_open(&from->claims, path, &fd, &kind);
    if (kind) why = wr_str_c(kind);
    if (status == WR_OK)
        status = ingest_reader_open(f->reader, fd, wr_str_c(path), done.place, &why);
    if (status == WR_OK) {
        file->place = done.place.record ? done.place : ingest_reader_place(f->reader);
        if (done.place.record)
            wr_log(WR_LOG_INFO, WR_OK, "goes-on", "%s/%s: from record %llu", from->dir, path,
                   (unsigned long long)done.place.record);
        return;
    }
    ingest_file_bad(&f->ledger, file, 0, status, why);
    end_reading(f);
}

/* A file was named: takes it if it is ours to take. */
static void consider(feed *f, root *from, const ingest_candidate *found) {
    if (is_keep(f)) {
        ingest_key key =
            ingest_key_of(wr_str_c(found->path), found->st.st_ino, (uint64_t)found->st.st_size,
                          found->st.st_mtim.tv_sec * 1000000000 + found->st.st_mtim.tv_nsec);
        if (!f->options->once && ingest_seen_has(&from->seen, key)) return;
    }
    if (find_under_way(f, from, found->path)) {
        ingest_tree_again(from->tree, 1000); /* another of that name, or changed meanwhile */
        return;
    }
    wr_status status = ingest_take(&from->claims, found->path);
    if (status == WR_NOTFOUND) return;
    if (status != WR_OK) {
        ingest_tree_again(from->tree, status == WR_AGAIN ? 1000 : 5000);
        if (status == WR_AGAIN) return;
        f->report.refused++;
        wr_log(WR_LOG_WARN, status, "not-taken", "%s/%s: it stays there: %s", from->dir,
               found->path, wr_status_text(status));
        return;
    }
    begin_reading(f, from, found->path, &found->st);
}

/* ---- directories ---- */

static wr_status lock_message(const root *from, wr_status status) {
    if (status == WR_LOCKED)
        wr_log(WR_LOG_ERROR, status, "watched",
               "%s is watched by another wireroom (lock %s/.wireroom/lock); end that one first, or "
               "choose another directory",
               from->dir, from->dir);
    else
        wr_log(
            WR_LOG_ERROR, status, "not-writable",
            "%s: finished files cannot be moved there: %s; make it writable or say --finished keep",
            from->dir, wr_status_text(status));
    return status;
}

static void open_left(feed *f, root *from) {
    ingest_tree_close(&from->left);
    if (is_keep(f)) return;
    int len = snprintf(from->left_dir, sizeof from->left_dir, "%s/.wireroom/work", from->dir);
    ingest_tree_config config = {from->left_dir, false, 0, 0};
    if (len > 0 && (size_t)len < sizeof from->left_dir) from->left = ingest_tree_open(&config);
}

/* Files that stay in place: how far a long one is done is noted where finished ones are. */
static void keep_places(const feed *f, root *from) {
    char path[PATH_MAX], real[PATH_MAX];
    if (!is_keep(f) || f->options->once || !f->options->state) return;
    ingest_key key = ingest_key_of(wr_str_c(realpath(from->dir, real) ? real : from->dir), 0, 0, 0);
    snprintf(path, sizeof path, "%s/places-%016llx", f->options->state,
             (unsigned long long)key.high);
    wr_status status = ingest_claims_keep_places(&from->claims, path);
    if (status != WR_OK)
        wr_log(WR_LOG_WARN, status, "not-noted", "%s: how far long files are done: %s", path,
               wr_status_text(status));
}

/* Sees to it that the directory's state is open; again when the directory came back. */
static bool claim(feed *f, root *from) {
    unsigned incarnation = ingest_tree_incarnation(from->tree);
    uint64_t now = wr_now_ms();
    if (from->claimed && from->incarnation == incarnation) {
        if (from->claim_at && now >= from->claim_at) {
            from->claim_at = 0;
            open_left(f, from);
        }
        return true;
    }
    if (now < from->claim_at) return false;
    if (from->claimed) ingest_claims_close(&from->claims);
    if (from->incarnation != incarnation) from->claim_until = now + LOCK_MS;
    from->incarnation = incarnation;
    wr_status status = ingest_claims_open(&from->claims, ingest_tree_dir(from->tree), f->finish);
    from->claimed = status == WR_OK;
    from->claim_at = from->claimed ? 0 : now + 100;
    if (status == WR_DENIED || (status == WR_LOCKED && now >= from->claim_until)) {
        lock_message(from, status);
        f->exit_code = EXIT_PERMANENT;
    }
    if (!from->claimed) return false;
    keep_places(f, from);
    open_left(f, from);
    int fd = ingest_tree_fd(from->tree);
    struct epoll_event event = {.events = EPOLLIN};
    if (fd >= 0) epoll_ctl(f->wake, EPOLL_CTL_ADD, fd, &event);
    return true;
}

/* After the first scan: what is noted of files that are gone is thrown out. */
static void compact(const feed *f, root *from) {
    if (!is_keep(f) || from->compacted || !ingest_tree_scanned(from->tree)) return;
    from->compacted = true;
    if (ingest_seen_compact(&from->seen) != WR_OK)
        wr_log(WR_LOG_WARN, WR_IO, "not-compacted", "%s: the notes on %s stay as long as they are",
               f->options->state, from->dir);
}

/* The next file of one directory; false when it has none now. */
static bool next_of(feed *f, root *from) {
    ingest_candidate found;
    if (!ingest_tree_look(from->tree) || !claim(f, from)) return false;
    if (from->left) {
        if (ingest_tree_look(from->left) && ingest_tree_next(from->left, &found)) {
            if (!find_under_way(f, from, found.path)) begin_reading(f, from, found.path, &found.st);
            return true;
        }
        ingest_tree_close(&from->left);
    }
    bool named = ingest_tree_next(from->tree, &found);
    if (ingest_tree_counted(from->tree)->overflows > from->overflows) {
        from->overflows = ingest_tree_counted(from->tree)->overflows;
        wr_log(WR_LOG_INFO, WR_OK, "overflow", "%s: events were lost, so it is scanned", from->dir);
    }
    if (!named) {
        compact(f, from);
        return false;
    }
    consider(f, from, &found);
    return true;
}

static bool next_file(feed *f) {
    for (size_t i = 0; i < f->n_roots; i++) {
        root *from = &f->roots[f->turn];
        if (next_of(f, from)) return true;
        f->turn = (f->turn + 1) % f->n_roots;
    }
    return false;
}

/* ---- pages ---- */

static void stamp(feed *f) {
    struct timespec t;
    uint64_t submitted, completed;
    clock_gettime(CLOCK_REALTIME, &t);
    ingest_page_stamp(&f->ledger, (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000,
                      &submitted, &completed);
    ingest_reader_stamp(f->reader, submitted, completed);
}

/* A field of a line of NAME.references. */
static void add_field(wr_buf *line, wr_str text, char end) {
    for (size_t i = 0; i < text.len; i++)
        wr_buf_add_char(line, (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
    wr_buf_add_char(line, end);
}

static wr_str hint_of(const wr_page *page, wr_str name) {
    for (size_t i = 0; i < page->n_hints; i++)
        if (wr_str_eq(page->hints[i].name, name)) return page->hints[i].value;
    return wr_str_of(NULL, 0);
}

/* Address, title and date of a record that only points elsewhere, between tabs. */
static void list_reference(feed *f, const ingest_file *file, const wr_page *page) {
    const taken *t = file->owner;
    wr_buf_clear(&f->payload);
    add_field(&f->payload, page->url, '\t');
    add_field(&f->payload, hint_of(page, WR_STR("title")), '\t');
    add_field(&f->payload, hint_of(page, WR_STR("published")), '\n');
    ingest_reference_add(&t->from->claims, t->path, wr_buf_str(&f->payload),
                         !file->tally.references);
}

/* Reads one record of the open file. */
static void read_page(feed *f) {
    wr_page page;
    ingest_found found;
    wr_str why = {NULL, 0};
    ingest_file *file = f->reading;
    ingest_place at = ingest_reader_place(f->reader);
    stamp(f);
    wr_status status = ingest_reader_next(f->reader, &page, &f->payload, &found, &why);
    if (found != INGEST_FOUND_END && at.record < file->passed_over) return;
    file->place = ingest_reader_place(f->reader);
    if (found == INGEST_FOUND_PAGE)
        status = ingest_page_add(&f->ledger, file, at, page.id, &f->payload);
    if (status == WR_FILTERED) list_reference(f, file, &page);
    if (status != WR_OK) ingest_file_bad(&f->ledger, file, at.record, status, why);
    if (found == INGEST_FOUND_END) end_reading(f);
}

/* Reads on, up to a number of pages; false when there is nothing to read or no room for it. */
static bool fill(feed *f) {
    for (int i = 0; i < STEP_PAGES; i++) {
        if (f->ending || f->exit_code >= 0 || !ingest_ledger_room(&f->ledger)) return false;
        if (f->reading) read_page(f);
        else if (!next_file(f)) return false;
    }
    return true;
}

static void submit(feed *f) {
    if (wr_now_ms() < f->hold_until) return;
    uint64_t ref;
    for (ingest_slot *slot; (slot = ingest_next_waiting(&f->ledger, &ref));) {
        wr_status status =
            wr_source_submit(f->source, ref, wr_str_c(slot->id), wr_buf_str(&slot->payload));
        if (status == WR_AGAIN) return;
        if (status == WR_OK) {
            ingest_page_sent(&f->ledger, ref);
            continue;
        }
        ingest_file *file =
            ingest_page_end(&f->ledger, ref, WR_VERDICT_REJECT, wr_str_c(wr_status_label(status)),
                            WR_STR("ingest"), wr_str_c(wr_status_text(status)));
        if (file && ingest_file_finished(file)) put_away(f, file);
    }
}

static void take_outcome(feed *f, const wr_outcome *out) {
    if (out->event == WR_EVENT_RESTARTED) {
        ingest_restarted(&f->ledger);
        return;
    }
    if (out->verdict == WR_VERDICT_RETRY) {
        ingest_page_again(&f->ledger, out->ref);
        f->hold_until = wr_now_ms() + RETRY_MS;
        return;
    }
    ingest_file *file =
        ingest_page_end(&f->ledger, out->ref, out->verdict, out->status, out->stage, out->text);
    if (file && ingest_file_finished(file)) put_away(f, file);
}

static void save_places(feed *f, uint64_t now) {
    if (now < f->save_at) return;
    f->save_at = now + SAVE_MS;
    for (size_t i = 0; i <= f->ledger.window; i++) {
        const ingest_file *file = &f->ledger.files[i];
        if (!file->used || file->tally.pages < 2) continue;
        const taken *t = file->owner;
        ingest_progress progress = {t->key, ingest_file_place(&f->ledger, file), file->tally,
                                    file->status};
        ingest_progress_save(&t->from->claims, t->path, &progress, wr_buf_str(&file->reasons));
    }
}

/* ---- the loop ---- */

static void take_signals(feed *f) {
    struct signalfd_siginfo info;
    while (read(f->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (f->ending) f->exit_code = 0; /* told twice: what is under way stays in work */
        f->ending = true;
        f->end_by = wr_now_ms() + f->options->drain_ms;
    }
}

static bool all_done(const feed *f) {
    if (f->ending) return !f->ledger.n_slots;
    if (f->ledger.n_files || !f->options->once) return false;
    for (size_t i = 0; i < f->n_roots; i++)
        if (!ingest_tree_scanned(f->roots[i].tree)) return false;
    return true;
}

static int wait_ms(const feed *f) {
    uint64_t now = wr_now_ms(), due = now + 1000;
    if (f->ledger.first_waiting && f->hold_until > now && f->hold_until < due) due = f->hold_until;
    bool room = !f->ending && ingest_ledger_room(&f->ledger);
    if (room && f->reading) return 0;
    for (size_t i = 0; room && i < f->n_roots; i++) {
        const root *from = &f->roots[i];
        uint64_t at = from->claimed ? ingest_tree_due(from->tree) : from->claim_at;
        if (ingest_tree_dir(from->tree) < 0) at = ingest_tree_due(from->tree);
        if (from->left) at = 0;
        if (at < due) due = at;
    }
    if (f->report.on && f->report.due > now && due > f->report.due) due = f->report.due;
    return due > now ? (int)(due - now) : 0;
}

/* Takes all answers that are there; waits for the first of them if there is nothing to read. */
static void listen(feed *f, bool more) {
    wr_outcome out;
    int timeout = more ? 0 : wait_ms(f);
    bool room = !f->ending && ingest_ledger_room(&f->ledger);
    for (;;) {
        wr_status status = wr_source_next(f->source, room ? f->wake : f->signals, timeout, &out);
        if (status == WR_AGAIN) take_signals(f);
        if (status == WR_IO || status == WR_VERSION || status == WR_CLOSED) {
            wr_log(WR_LOG_ERROR, status, "line-lost", "%s: %s", f->options->line,
                   wr_status_text(status));
            f->exit_code = status == WR_VERSION ? EXIT_PERMANENT : EXIT_TEMPORARY;
        }
        if (status != WR_OK) return;
        take_outcome(f, &out);
        timeout = 0;
    }
}

static int run(feed *f) {
    while (f->exit_code < 0) {
        bool more = fill(f);
        submit(f);
        if (all_done(f)) f->exit_code = 0;
        uint64_t now = wr_now_ms();
        if (f->ending && now >= f->end_by) f->exit_code = 0;
        save_places(f, now);
        ingest_report_tick(&f->report, &f->ledger, now, f->exit_code >= 0);
        if (f->exit_code < 0) listen(f, more);
    }
    f->save_at = 0;
    save_places(f, wr_now_ms());
    return f->exit_code;
}

/* ---- begin and end ---- */

static wr_status open_root(feed *f, root *from, const char *dir) {
    from->dir = dir;
    from->seen.fd = -1;
    const ingest_options *o = f->options;
    ingest_tree_config config = {dir, !o->once, o->settle_ms, o->rescan_ms};
    from->tree = ingest_tree_open(&config);
    if (!from->tree) return WR_MEMORY;
    if (!is_keep(f) || o->once) return WR_OK;
    char path[PATH_MAX], real[PATH_MAX];
    ingest_key key = ingest_key_of(wr_str_c(realpath(dir, real) ? real : dir), 0, 0, 0);
    snprintf(path, sizeof path, "%s/seen-%016llx", o->state ? o->state : ".",
             (unsigned long long)key.high);
    wr_status status = ingest_seen_open(&from->seen, o->state ? path : NULL);
    if (status != WR_OK)
        wr_log(WR_LOG_ERROR, status, "no-memory", "%s: what is finished in %s cannot be noted: %s",
               path, dir, wr_status_text(status));
    return status;
}

static wr_status open_signals(feed *f) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    f->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    f->wake = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    bool ok = f->signals >= 0 && f->wake >= 0 &&
              epoll_ctl(f->wake, EPOLL_CTL_ADD, f->signals, &event) == 0;
    return ok ? WR_OK : WR_IO;
}

static wr_status open_feed(feed *f, char *const *dirs, size_t n_dirs) {
    const ingest_options *o = f->options;
    WR_TRY(open_signals(f));
    WR_TRY(wr_arena_new("ledger", (size_t)64 << 20, &f->arena));
    WR_TRY(ingest_ledger_open(&f->ledger, f->arena, (size_t)o->window, (size_t)o->window_bytes));
    WR_TRY(ingest_reader_new(&f->limits, &f->reader));
    f->roots = wr_arena_array(f->arena, n_dirs, sizeof *f->roots);
    if (!f->roots) return WR_MEMORY;
    for (; f->n_roots < n_dirs; f->n_roots++)
        WR_TRY(open_root(f, &f->roots[f->n_roots], dirs[f->n_roots]));
    wr_source_config config = {.line = o->line,
                               .name = "ingest",
                               .build = WIREROOM_VERSION,
                               .window = (unsigned)o->window,
                               .lost_ms = (uint32_t)o->lost_ms};
    return wr_source_open(&config, &f->source);
}

static void close_feed(feed *f) {
    if (f->source) wr_source_close(&f->source);
    for (size_t i = 0; i < f->n_roots; i++) {
        ingest_tree_close(&f->roots[i].tree);
        ingest_tree_close(&f->roots[i].left);
        if (f->roots[i].claimed) ingest_claims_close(&f->roots[i].claims);
        ingest_seen_close(&f->roots[i].seen);
    }
    for (size_t i = 0; f->ledger.files && i <= f->ledger.window; i++)
        if (f->ledger.files[i].used) free(f->ledger.files[i].owner);
    if (f->ledger.files) ingest_ledger_close(&f->ledger);
    ingest_reader_free(&f->reader);
    wr_buf_free(&f->payload);
    wr_buf_free(&f->report.line);
    wr_arena_free(&f->arena);
    if (f->signals >= 0) close(f->signals);
    if (f->wake >= 0) close(f->wake);
}

static ingest_finish finish_of(const ingest_options *options) {
    if (options->once || strcmp(options->finished, "keep") == 0) return INGEST_KEEP;
    return strcmp(options->finished, "delete") == 0 ? INGEST_DELETE : INGEST_MOVE;
}

int ingest_feed(const ingest_options *options, char *const *dirs, size_t n_dirs) {
    feed f = {.options = options,
              .finish = finish_of(options),
              .limits = {(size_t)options->page_limit, options->file_limit, (unsigned)options->ratio,
                         (unsigned)options->depth, (uint64_t)options->entries},
              .payload = WR_BUF_INIT(WR_PAYLOAD_MAX),
              .report = {.on = options->report},
              .signals = -1,
              .wake = -1,
              .exit_code = -1};
    wr_status status = open_feed(&f, dirs, n_dirs);
    int code = EXIT_TEMPORARY;
    if (status == WR_OK) code = run(&f);
    else wr_log(WR_LOG_ERROR, status, "not-started", "%s", wr_status_text(status));
    close_feed(&f);
    return status == WR_USAGE ? EXIT_PERMANENT : code;
}
