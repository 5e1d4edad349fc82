/* plan.c -- the children of a line and their command lines */
#include "line.h"

#include <wireroom/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WORDS 160

/* A command line in the making; texts are kept until the process is started. */
typedef struct words {
    char *items[WORDS];
    size_t n;
    wr_arena *arena;
} words;

static void add(words *w, const char *text) {
    wr_str copy;
    if (w->n + 1 < WORDS && wr_arena_copy(w->arena, wr_str_c(text), &copy) == WR_OK)
        w->items[w->n++] = (char *)(uintptr_t)copy.ptr;
}

static void add_text(words *w, const char *option, const char *value) {
    if (!value) return;
    add(w, option);
    add(w, value);
}

static void add_number(words *w, const char *option, uint64_t value, const char *unit) {
    char text[32];
    snprintf(text, sizeof text, "%llu%s", (unsigned long long)value, unit);
    add_text(w, option, text);
}

static void add_list(words *w, const char *option, const wr_list *list) {
    wr_buf text = WR_BUF_INIT(1 << 16);
    for (size_t i = 0; i < list->n; i++)
        wr_buf_printf(&text, "%s%s", i ? "," : "", list->items[i]);
    wr_buf_add_char(&text, 0);
    add_text(w, option, text.ptr);
    wr_buf_free(&text);
}

static void hub_words(const line *l, words *w) {
    const settings *s = &l->plan->set;
    add(w, "wireroom-hub");
    add_text(w, "--line", l->address);
    add_text(w, "--listen", s->listen);
    add_text(w, "--key", s->key);
    add_text(w, "--allow", s->allow);
    add_list(w, "--stages", &s->chain);
    char dead[4096];
    snprintf(dead, sizeof dead, "%s/dead", s->state);
    add_text(w, "--dead-dir", dead);
    add_number(w, "--max-items", (uint64_t)s->max_items, "");
    add_number(w, "--max-bytes", s->max_bytes, "");
    add_number(w, "--lease", s->lease, "ms");
    add_number(w, "--attempts", (uint64_t)s->attempts, "");
    add_number(w, "--retries", (uint64_t)s->retries, "");
}

static void ingest_words(const line *l, words *w) {
    const settings *s = &l->plan->set;
    add(w, "wireroom-ingest");
    add_text(w, "--line", l->address);
    add_text(w, "--finished", s->finished);
    add_text(w, "--state", s->state);
    add_number(w, "--page-limit", s->page_limit, "");
    add_number(w, "--file-limit", s->file_limit, "");
    add_number(w, "--ratio-limit", (uint64_t)s->ratio, "");
    add_number(w, "--depth-limit", (uint64_t)s->depth, "");
    add_number(w, "--window", (uint64_t)s->window, "");
    add_number(w, "--window-bytes", s->window_bytes, "");
    add_number(w, "--settle", s->settle, "ms");
    add_number(w, "--rescan", s->rescan, "ms");
    add_number(w, "--drain", s->drain, "ms");
    if (s->once) add(w, "--once");
    if (s->once) add(w, "--report");
    add(w, "--");
    for (size_t i = 0; i < l->n_dirs; i++)
        add(w, l->dirs[i]);
}

static void stage_words(const line *l, const child *c, words *w) {
    const stage_plan *stage = &l->plan->stages[c->stage];
    if (stage->command) { /* the shell cuts it into words and replaces itself */
        char text[4096];
        snprintf(text, sizeof text, "exec %s \"$@\"", stage->command);
        add(w, "/bin/sh");
        add(w, "-c");
        add(w, text);
        add(w, stage->name);
    } else {
        char name[64];
        snprintf(name, sizeof name, "wireroom-%s", stage->name);
        add(w, name);
        add_text(w, "--line", l->address);
        add_number(w, "--slot", c->slot, "");
        if (c->takes_over) add(w, "--take-over");
    }
    for (size_t i = 0; i < stage->n_options; i++) {
        char option[128];
        snprintf(option, sizeof option, "--%s", stage->options[i]->keys[3]);
        add_text(w, option, stage->options[i]->value);
    }
}

static void environment(const line *l, const child *c, words *w) {
    const settings *s = &l->plan->set;
    char text[4352];
    const struct {
        const char *name, *value;
    } rows[] = {{"LINE", l->address},
                {"STORE", s->store},
                {"LOG_LEVEL", s->log_level},
                {"STAGE", c->stage >= 0 ? c->name : NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!rows[i].value) continue;
        snprintf(text, sizeof text, "WIREROOM_%s=%s", rows[i].name, rows[i].value);
        add(w, text);
    }
    snprintf(text, sizeof text, "WIREROOM_LEASE=%llums", (unsigned long long)s->lease);
    add(w, text);
    snprintf(text, sizeof text, "WIREROOM_SLOT=%u", c->slot);
    if (c->stage >= 0) add(w, text);
}

void line_start(line *l, child *c) {
    words argv = {.n = 0}, env = {.n = 0};
    wr_arena *arena = NULL;
    if (wr_arena_new("words", (size_t)1 << 20, &arena) != WR_OK) return;
    argv.arena = env.arena = arena;
    if (c->stage == LINE_HUB) hub_words(l, &argv);
    else if (c->stage == LINE_SOURCE) ingest_words(l, &argv);
    else stage_words(l, c, &argv);
    environment(l, c, &env);
    argv.items[argv.n] = env.items[env.n] = NULL;
    int pipe_ends[2] = {-1, -1};
    bool reports = c->stage == LINE_SOURCE && l->plan->set.once;
    if (reports && pipe2(pipe_ends, O_CLOEXEC) == 0) {
        if (l->report >= 0) close(l->report);
        l->report = pipe_ends[0];
    }
    if (child_start(c, argv.items, env.items, pipe_ends[1]) != WR_OK)
        wr_log(WR_LOG_ERROR, WR_IO, "not-started", "%s: %s", c->name, strerror(errno));
    if (c->stage < 0) c->joined = true;
    if (pipe_ends[1] >= 0) close(pipe_ends[1]);
    wr_arena_free(&arena);
}

const char *line_stage_name(const line *l, int stage) {
    return stage == LINE_HUB      ? "hub"
           : stage == LINE_SOURCE ? "ingest"
                                  : l->plan->stages[stage].name;
}

bool line_find_stage(const line *l, wr_str name, int *stage) {
    for (int i = LINE_HUB; i < (int)l->plan->n_stages; i++)
        if (wr_str_eq(name, wr_str_c(line_stage_name(l, i)))) {
            *stage = i;
            return true;
        }
    return false;
}

bool line_is_sole(const line *l, int stage) {
    return stage < 0 || strcmp(l->plan->stages[stage].name, "aggregate") == 0;
}

bool line_hands_over(const line *l, int stage) {
    return stage >= 0 && !(line_is_sole(l, stage) && l->plan->stages[stage].command);
}

static bool slot_taken(const line *l, int stage, unsigned slot) {
    for (size_t i = 0; i < l->n_children; i++) {
        const child *c = &l->children[i];
        if (c->stage == stage && c->slot == slot && (c->wanted || c->state != CHILD_IDLE))
            return true;
    }
    return false;
}

child *line_add_worker(line *l, int stage) {
    size_t i = 0;
    while (i < l->n_children && (l->children[i].wanted || l->children[i].state != CHILD_IDLE))
        i++;
    if (i == LINE_CHILDREN) return NULL;
    unsigned slot = 0;
    while (slot_taken(l, stage, slot))
        slot++;
    if (i == l->n_children) l->n_children++;
    l->children[i] = (child){.name = line_stage_name(l, stage),
                             .slot = slot,
                             .stage = stage,
                             .wanted = true,
                             .replaces = -1,
                             .state = CHILD_RESTING};
    return &l->children[i];
}

void line_plan(line *l) {
    line_add_worker(l, LINE_HUB);
    line_add_worker(l, LINE_SOURCE);
    for (int s = 0; s < (int)l->plan->n_stages; s++)
        for (int64_t k = 0; k < l->plan->stages[s].workers; k++)
            line_add_worker(l, s);
}
