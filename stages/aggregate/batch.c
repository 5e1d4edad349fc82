/* batch.c -- the pages of one commit, kept until it has worked */
#include "batch.h"

#include <common/store/watch.h>
#include <string.h>
#include <wireroom/log.h>

#define BATCH_MAX ((size_t)1 << 30) /* the line's credit bounds it well below */
#define ARENA_MAX ((size_t)512 << 20)

wr_status batch_open(batch *b, wr_store *store) {
    *b = (batch){.store = store, .pages = WR_BUF_INIT(BATCH_MAX)};
    return wr_arena_new("batch", ARENA_MAX, &b->arena);
}

void batch_close(batch *b) {
    wr_buf_free(&b->pages);
    wr_arena_free(&b->arena);
}

static bool passes(wr_status status) {
    return wr_status_verdict(status) == WR_VERDICT_RETRY;
}

static wr_status keep(batch *b, const wr_page *page) {
    size_t start = b->pages.len;
    uint64_t len = 0;
    wr_buf_add(&b->pages, &len, sizeof len);
    wr_status status = wr_page_encode(page, &b->pages);
    if (status != WR_OK) {
        b->pages.len = start;
        b->pages.status = WR_OK;
        return WR_LIMIT;
    }
    len = b->pages.len - start - sizeof len;
    memcpy(b->pages.ptr + start, &len, sizeof len);
    b->n++;
    return WR_OK;
}

static void forget_last(batch *b, size_t start) {
    b->pages.len = start;
    b->n--;
}

static void give_up_stories(batch *b, wr_status status) {
    wr_log(WR_LOG_WARN, status, "stories", "not looked for in this batch: %s",
           wr_status_text(status));
    story_feed_rolled_back(b->stories);
    if (!passes(status)) b->stories = NULL;
}

/* The stories' terms of a page; their failure must not hold up the page. */
static wr_status note(batch *b, const wr_page *page) {
    if (!b->stories) return WR_OK;
    wr_arena_reset(b->arena);
    wr_status status = story_feed_page(b->stories, b->arena, page);
    if (status != WR_OK) give_up_stories(b, status);
    return WR_OK;
}

wr_status batch_add(batch *b, const wr_page *page) {
    wr_store_outcome outcome = WR_STORE_NEW;
    size_t start = b->pages.len;
    WR_TRY(wr_store_accepts(b->store, page));
    wr_status status = keep(b, page);
    if (status != WR_OK || b->broken) return status;
    uint64_t rolled_back = wr_store_counted(b->store).rolled_back;
    status = wr_store_add(b->store, page, &outcome);
    if (status == WR_OK && outcome == WR_STORE_SAME) return WR_DUPLICATE;
    if (status == WR_OK) return note(b, page);
    /* a page that is refused in the middle takes the others of the transaction with it */
    b->broken = passes(status) || wr_store_counted(b->store).rolled_back != rolled_back;
    if (passes(status)) return WR_OK;
    forget_last(b, start);
    return status;
}

static void cut(batch *b, size_t from, size_t to) {
    memmove(b->pages.ptr + from, b->pages.ptr + to, b->pages.len - to);
    b->pages.len -= to - from;
    b->n--;
}

/* All pages into a new transaction. */
static wr_status add_again(batch *b) {
    wr_status before = wr_store_commit(b->store, NULL); /* takes note of the failure */
    (void)before;
    for (size_t at = 0; at < b->pages.len;) {
        uint64_t len;
        wr_page page;
        wr_store_outcome outcome;
        memcpy(&len, b->pages.ptr + at, sizeof len);
        at += sizeof len;
        wr_arena_reset(b->arena);
        WR_TRY(wr_page_decode(b->arena, wr_str_of(b->pages.ptr + at, len), &page, NULL));
        wr_status status = wr_store_add(b->store, &page, &outcome);
        if (passes(status)) return status;
        size_t after = at + (size_t)len;
        if (status != WR_OK) { /* too much for the store, found only now: without it, once more */
            wr_log(WR_LOG_ERROR, status, "lost", "page %.*s: %s", (int)page.id.len, page.id.ptr,
                   wr_store_why(b->store).ptr);
            cut(b, at - sizeof len, after);
            return WR_AGAIN;
        }
        if (outcome != WR_STORE_SAME && b->stories) {
            status = story_feed_page(b->stories, b->arena, &page);
            if (status != WR_OK) give_up_stories(b, status);
        }
        at = after;
    }
    b->broken = false;
    return WR_OK;
}

/* Looking for copies must not hold up the articles: what fails is tried again with the next batch,
 * or, when that cannot help, with the next start. */
static void find_copies(batch *b) {
    wr_status status = b->group && b->n ? group_new_articles(b->group) : WR_OK;
    if (status == WR_OK) return;
    wr_log(WR_LOG_WARN, status, "duplicates", "copies are not looked for in this batch");
    group_rolled_back(b->group);
    if (!passes(status)) b->group = NULL;
}

static void find_stories(batch *b, bool all) {
    wr_status status = b->stories ? story_feed_run(b->stories, all) : WR_OK;
    if (status != WR_OK) give_up_stories(b, status);
}

wr_status batch_finish_stories(batch *b) {
    if (b->n || b->broken || !b->stories || !story_feed_waiting(b->stories)) return WR_OK;
    WR_TRY(wr_store_begin(b->store));
    find_stories(b, true);
    wr_status status = wr_store_commit(b->store, NULL);
    if (status != WR_OK && b->stories) story_feed_rolled_back(b->stories);
    return status;
}

/* What fails does not hold up the articles: the transaction is gone then, and is done again. */
static void find_watched(batch *b) {
    wr_status status = wr_watch_new_articles(b->store);
    if (status != WR_OK) wr_log(WR_LOG_WARN, status, "watch", "%s", wr_store_why(b->store).ptr);
}

wr_status batch_commit(batch *b, uint64_t *last_seq) {
    if (b->broken) WR_TRY(add_again(b));
    find_copies(b);
    find_stories(b, false);
    if (b->n) find_watched(b);
    wr_status status = wr_store_commit(b->store, last_seq);
    if (status != WR_OK) {
        if (b->group) group_rolled_back(b->group);
        if (b->stories) story_feed_rolled_back(b->stories);
        b->broken = true;
        return passes(status) ? status : WR_IO;
    }
    wr_buf_clear(&b->pages);
    b->n = 0;
    return WR_OK;
}
