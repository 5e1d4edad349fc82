/* story_feed.c -- order, window and restart of the stories */
#include "story_feed.h"

#include "statement.h"
#include "story.h"
#include "story_table.h"

#include <wireroom/log.h>

#include <stdlib.h>

#define ARENA_BYTES ((size_t)16 << 20)
#define TERMS_MIN   8    /* an article of fewer tells no story */
#define BYTES_EACH  1100 /* of an article of the window */
#define WINDOW_MIN  1024

typedef enum feed_stmt {
    ARTICLES_OF,
    PUT_TERMS,
    TERMS_OF,
    WINDOW,
    WAITING,
    GET_META,
    PUT_META,
    STMTS
} feed_stmt;

static const char *const sql[STMTS] = {
    [ARTICLES_OF] = "SELECT a.id, a.ordinal, a.day FROM pages p JOIN articles a ON"
                    " a.id >= p.first_article AND a.id < p.first_article + p.n_articles"
                    " WHERE p.page = ?1",
    [PUT_TERMS] = "INSERT OR REPLACE INTO story_terms(article_id, submitted, day, terms)"
                  " VALUES(?1, ?2, ?3, ?4)",
    [TERMS_OF] = "SELECT day, terms FROM story_terms WHERE article_id = ?1",
    [WINDOW] = "SELECT w.number, w.article_id, w.story, w.field, w.flags, t.day, t.terms"
               " FROM story_window w JOIN story_terms t ON t.article_id = w.article_id"
               " ORDER BY w.number",
    [WAITING] = "SELECT t.article_id, t.submitted FROM story_terms t LEFT JOIN story_window w"
                " ON w.article_id = t.article_id WHERE w.article_id IS NULL",
    [GET_META] = "SELECT value FROM meta WHERE key = ?1",
    [PUT_META] = "INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)",
};

typedef struct waiting {
    uint64_t submitted;
    int64_t article;
} waiting;

struct story_feed {
    wr_store *store;
    size_t window;
    wr_arena *arena;
    story_set *set; /* NULL = to be read from the store */
    story_table *table;
    waiting *queue; /* a heap: the first in order on top */
    size_t n, cap;
    uint64_t completed; /* the highest a page has told of */
    uint64_t dropped;   /* articles of the window that were removed, as the store counts them */
    int64_t next;
    sqlite3_stmt *stmts[STMTS];
    story_outcome outcome;
};

/* ---- begin and end ---- */

wr_status story_feed_open(const story_feed_options *o, wr_store *store, story_feed **out) {
    story_feed *f = calloc(1, sizeof *f);
    if (!f) return WR_MEMORY;
    f->store = store;
    f->window = (size_t)(o->bytes / BYTES_EACH);
    if (f->window < WINDOW_MIN) f->window = WINDOW_MIN;
    *out = f;
    for (size_t i = 0; i < STMTS; i++) {
        int rc = sqlite3_prepare_v3(wr_store_db(store), sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                    &f->stmts[i], NULL);
        if (rc != SQLITE_OK) return wr_store_status(rc);
    }
    WR_TRY(story_table_open(store, &f->table));
    return wr_arena_new("stories", ARENA_BYTES, &f->arena);
}

void story_feed_close(story_feed **feed) {
    story_feed *f = *feed;
    if (!f) return;
    for (size_t i = 0; i < STMTS; i++)
        sqlite3_finalize(f->stmts[i]);
    story_table_close(&f->table);
    story_free(&f->set);
    wr_arena_free(&f->arena);
    free(f->queue);
    free(f);
    *feed = NULL;
}

void story_feed_rolled_back(story_feed *f) {
    story_free(&f->set);
    f->n = 0;
}

size_t story_feed_waiting(const story_feed *f) {
    return f->set ? f->n : 1; /* not known */
}

/* ---- the queue ---- */

static bool comes_before(waiting a, waiting b) {
    return a.submitted != b.submitted ? a.submitted < b.submitted : a.article < b.article;
}

static wr_status push(story_feed *f, waiting w) {
    if (f->n == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 256;
        waiting *more = realloc(f->queue, cap * sizeof *more);
        if (!more) return WR_AGAIN;
        f->queue = more;
        f->cap = cap;
    }
    size_t at = f->n++;
    for (; at && comes_before(w, f->queue[(at - 1) / 2]); at = (at - 1) / 2)
        f->queue[at] = f->queue[(at - 1) / 2];
    f->queue[at] = w;
    return WR_OK;
}

static waiting pop(story_feed *f) {
    waiting top = f->queue[0], last = f->queue[--f->n];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < f->n && comes_before(f->queue[child + 1], f->queue[child])) child++;
        if (child >= f->n || !comes_before(f->queue[child], last)) break;
        f->queue[at] = f->queue[child];
        at = child;
    }
    if (f->n) f->queue[at] = last;
    return top;
}

/* ---- the store ---- */

static wr_str blob(sqlite3_stmt *s, int at) {
    return wr_str_of(sqlite3_column_blob(s, at), (size_t)sqlite3_column_bytes(s, at));
}

static wr_status read_next(story_feed *f) {
    bool row;
    sqlite3_stmt *s = f->stmts[GET_META];
    sqlite3_bind_text(s, 1, "stories_next", -1, SQLITE_STATIC);
    WR_TRY(statement_step(s, &row));
    f->next = row ? sqlite3_column_int64(s, 0) : 1;
    sqlite3_reset(s);
    return WR_OK;
}

static wr_status write_next(story_feed *f) {
    sqlite3_stmt *s = f->stmts[PUT_META];
    sqlite3_bind_text(s, 1, "stories_next", -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 2, f->next);
    return statement_run(s);
}

static wr_status restore_row(story_feed *f, sqlite3_stmt *s) {
    story_doc doc;
    story_state a = {.number = (uint32_t)sqlite3_column_int64(s, 0),
                     .article = sqlite3_column_int64(s, 1),
                     .story = (uint32_t)sqlite3_column_int64(s, 2),
                     .field = (uint32_t)sqlite3_column_int64(s, 3),
                     .settled = sqlite3_column_int(s, 4) & 1,
                     .founder = sqlite3_column_int(s, 4) & 2};
    WR_TRY(story_doc_unpack(blob(s, 6), &doc));
    return story_restore(f->set, &a, sqlite3_column_int(s, 5), &doc);
}

static wr_status restore_rows(story_feed *f) {
    sqlite3_stmt *s = f->stmts[WINDOW];
    bool row = true;
    wr_status status = WR_OK;
    while (status == WR_OK && (status = statement_step(s, &row)) == WR_OK && row)
        status = restore_row(f, s);
    sqlite3_reset(s);
    return status;
}

/* What is in the store does not fit (a smaller window than before, a damaged row): the stories stay
 * as they are, and the window begins anew. */
static wr_status begin_anew(story_feed *f) {
    static const char clear[] =
        "DELETE FROM story_terms WHERE article_id IN (SELECT article_id FROM story_window);"
        "DELETE FROM story_window";
    wr_log(WR_LOG_WARN, WR_LIMIT, "stories", "the window is begun anew");
    story_free(&f->set);
    WR_TRY(story_new(&(story_options){.articles = f->window}, &f->set));
    return wr_store_status(sqlite3_exec(wr_store_db(f->store), clear, NULL, NULL, NULL));
}

static wr_status read_waiting(story_feed *f) {
    sqlite3_stmt *s = f->stmts[WAITING];
    bool row = true;
    wr_status status = WR_OK;
    f->n = 0;
    while (status == WR_OK && (status = statement_step(s, &row)) == WR_OK && row)
        status =
            push(f, (waiting){(uint64_t)sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 0)});
    sqlite3_reset(s);
    return status;
}

/* Makes the set again from the store, when it is not there or articles were taken out of it. */
wr_status story_feed_ready(story_feed *f) {
    uint64_t dropped = wr_store_counted(f->store).story_terms_dropped;
    if (f->set && dropped == f->dropped) return WR_OK;
    f->dropped = dropped;
    story_free(&f->set);
    WR_TRY(story_new(&(story_options){.articles = f->window}, &f->set));
    wr_status status = restore_rows(f);
    if (status == WR_MALFORMED) status = begin_anew(f);
    if (status == WR_OK) status = read_next(f);
    if (status == WR_OK) status = read_waiting(f);
    if (status == WR_OK) story_restored(f->set, (uint32_t)f->next);
    else story_free(&f->set);
    return status;
}

/* ---- articles ---- */

/* Days since 1970 of a date "YYYY-MM-DD", 0 = none (H. Hinnant, days_from_civil). */
static int32_t day_number(wr_str day) {
    int v[3] = {0};
    size_t part = 0;
    for (size_t i = 0; i < day.len && part < 3; i++) {
        if (wr_is_digit(day.ptr[i])) v[part] = v[part] * 10 + (day.ptr[i] - '0');
        else part++;
    }
    if (day.len != 10 || v[0] < 1 || v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31) return 0;
    int y = v[0] - (v[1] <= 2), era = y / 400, of_era = y - era * 400;
    int of_year = (153 * (v[1] + (v[1] > 2 ? -3 : 9)) + 2) / 5 + v[2] - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static wr_status put_terms(story_feed *f, wr_arena *arena, const wr_page *page, int64_t id,
                           const wr_article *article, int32_t day) {
    story_doc doc;
    uint8_t packed[STORY_PACKED];
    WR_TRY(story_doc_of(arena, article, &doc));
    if (doc.n_terms < TERMS_MIN) return WR_OK;
    sqlite3_stmt *s = f->stmts[PUT_TERMS];
    uint64_t submitted = page->submitted > INT64_MAX ? INT64_MAX : page->submitted;
    sqlite3_bind_int64(s, 1, id);
    sqlite3_bind_int64(s, 2, (int64_t)submitted);
    sqlite3_bind_int64(s, 3, day);
    sqlite3_bind_blob(s, 4, packed, (int)story_doc_pack(&doc, packed), SQLITE_STATIC);
    WR_TRY(statement_run(s));
    return f->set ? push(f, (waiting){submitted, id}) : WR_OK;
}

wr_status story_feed_page(story_feed *f, wr_arena *arena, const wr_page *page) {
    sqlite3_stmt *s = f->stmts[ARTICLES_OF];
    bool row = true;
    wr_status status = WR_OK;
    sqlite3_bind_text(s, 1, page->id.ptr, (int)page->id.len, SQLITE_STATIC);
    while (status == WR_OK && (status = statement_step(s, &row)) == WR_OK && row) {
        uint64_t ordinal = (uint64_t)sqlite3_column_int64(s, 1);
        wr_str day =
            wr_str_of((const char *)sqlite3_column_text(s, 2), (size_t)sqlite3_column_bytes(s, 2));
        if (ordinal < page->n_articles)
            status = put_terms(f, arena, page, sqlite3_column_int64(s, 0), &page->articles[ordinal],
                               day_number(day));
    }
    sqlite3_reset(s);
    if (status == WR_OK && page->completed > f->completed) f->completed = page->completed;
    return status;
}

static wr_status read_terms(story_feed *f, int64_t article, story_doc *doc, int32_t *day,
                            bool *there) {
    sqlite3_stmt *s = f->stmts[TERMS_OF];
    sqlite3_bind_int64(s, 1, article);
    wr_status status = statement_step(s, there);
    if (status == WR_OK && *there) {
        *day = sqlite3_column_int(s, 0);
        if (story_doc_unpack(blob(s, 1), doc) != WR_OK) *there = false;
    }
    sqlite3_reset(s);
    return status;
}

static wr_status tell(story_feed *f, int64_t article) {
    story_doc doc;
    int32_t day = 0;
    bool there;
    uint32_t number;
    int64_t original;
    WR_TRY(read_terms(f, article, &doc, &day, &there));
    if (!there) return WR_OK; /* removed while it waited */
    WR_TRY(story_table_original(f->table, article, &number, &original));
    if (number) return story_table_copy(f->table, f->arena, article, number, original);
    WR_TRY(story_add(f->set, f->arena, article, day, &doc, &f->outcome));
    f->next++;
    return story_table_apply(f->table, f->arena, &f->outcome);
}

wr_status story_feed_run(story_feed *f, bool all) {
    WR_TRY(story_feed_ready(f));
    int64_t before_run = f->next;
    while (f->n && (all || f->queue[0].submitted <= f->completed)) {
        wr_arena_reset(f->arena);
        WR_TRY(tell(f, pop(f).article));
    }
    return f->next > before_run ? write_next(f) : WR_OK;
}
