/* story_table.c -- rows of stories, their headlines, their messages */
#include "story_table.h"

#include "statement.h"

#include <common/store/json.h>

#include <stdlib.h>

#define TITLES 64 /* looked at for a headline */
#define WORDS  24 /* of a title */

typedef enum table_stmt {
    PUT_WINDOW,
    STORY_OF_NUMBER,
    FORGET_WINDOW,
    FORGET_TERMS,
    FIND_STORY,
    BEGIN_STORY,
    REVIVE_STORY,
    STORY_OF_ARTICLE,
    PUT_MEMBER,
    MOVE_COPIES,
    MOVE_ALL,
    MOVE_ALIASES,
    ALIAS,
    COUNT_MORE,
    COUNT_LESS,
    READ_STORY,
    TITLES_OF,
    PUT_TITLE,
    ARTICLE_KEY,
    ORIGINAL,
    STMTS
} table_stmt;

static const char *const sql[STMTS] = {
    [PUT_WINDOW] = "INSERT OR REPLACE INTO story_window(number, article_id, story, field, flags)"
                   " VALUES(?1, ?2, ?3, ?4, ?5)",
    [STORY_OF_NUMBER] = "SELECT article_id, story FROM story_window WHERE number = ?1",
    [FORGET_WINDOW] = "DELETE FROM story_window WHERE article_id = ?1",
    [FORGET_TERMS] = "DELETE FROM story_terms WHERE article_id = ?1",
    [FIND_STORY] = "SELECT merged_into IS NULL FROM stories WHERE id = ?1",
    [BEGIN_STORY] =
        "INSERT INTO stories(id, key, title, n_articles) SELECT ?1, k.key || CASE WHEN EXISTS"
        " (SELECT 1 FROM stories s WHERE s.key = k.key) THEN '+' || ?1 ELSE '' END, k.title, 0"
        " FROM (SELECT p.page || '-' || a.ordinal AS key, a.title AS title FROM articles a"
        " JOIN pages p ON p.id = a.page_id WHERE a.id = ?2) k",
    [REVIVE_STORY] = "UPDATE stories SET merged_into = NULL, n_articles = 0, first_day = NULL,"
                     " last_day = NULL WHERE id = ?1",
    [STORY_OF_ARTICLE] = "SELECT story_id FROM story_articles WHERE article_id = ?1",
    [PUT_MEMBER] = "INSERT OR REPLACE INTO story_articles(article_id, story_id, copy_of)"
                   " VALUES(?1, ?2, ?3)",
    [MOVE_COPIES] = "UPDATE story_articles SET story_id = ?2 WHERE copy_of = ?1",
    [MOVE_ALL] = "UPDATE story_articles SET story_id = ?2 WHERE story_id = ?1",
    [MOVE_ALIASES] = "UPDATE stories SET merged_into = ?2 WHERE merged_into = ?1",
    [ALIAS] = "UPDATE stories SET merged_into = ?2, n_articles = 0 WHERE id = ?1",
    [COUNT_MORE] = "UPDATE stories SET n_articles = n_articles + ?2,"
                   " first_day = CASE WHEN ?3 < first_day OR first_day IS NULL THEN ?3 ELSE"
                   " first_day END, last_day = CASE WHEN ?4 > last_day OR last_day IS NULL THEN"
                   " ?4 ELSE last_day END WHERE id = ?1",
    [COUNT_LESS] = "UPDATE stories SET n_articles = n_articles - ?2 WHERE id = ?1",
    [READ_STORY] = "SELECT key, title, first_day, last_day, n_articles FROM stories WHERE id = ?1",
    [TITLES_OF] = "SELECT a.title FROM story_articles x JOIN articles a ON a.id = x.article_id"
                  " JOIN pages p ON p.id = a.page_id WHERE x.story_id = ?1 AND a.title > ''"
                  " ORDER BY p.page, a.ordinal LIMIT 64",
    [PUT_TITLE] = "UPDATE stories SET title = ?2 WHERE id = ?1",
    [ARTICLE_KEY] = "SELECT p.page || '-' || a.ordinal, nullif(a.day, ''), a.title FROM articles a"
                    " JOIN pages p ON p.id = a.page_id WHERE a.id = ?1",
    [ORIGINAL] =
        "SELECT w.number, w.article_id FROM (SELECT a AS p FROM dup_edges WHERE b = ?1 AND kind IN"
        " ('identical', 'near') UNION SELECT b FROM dup_edges WHERE a = ?1 AND kind IN"
        " ('identical', 'near')) e LEFT JOIN story_articles x ON x.article_id = e.p"
        " JOIN story_window w ON w.article_id = coalesce(x.copy_of, e.p) ORDER BY 1 LIMIT 1",
};

struct story_table {
    wr_store *store;
    sqlite3_stmt *stmts[STMTS];
    wr_buf json;
};

/* ---- statements ---- */

wr_status story_table_open(wr_store *store, story_table **out) {
    story_table *t = calloc(1, sizeof *t);
    if (!t) return WR_MEMORY;
    t->store = store;
    t->json = (wr_buf)WR_BUF_INIT((size_t)1 << 20);
    *out = t;
    for (size_t i = 0; i < STMTS; i++) {
        int rc = sqlite3_prepare_v3(wr_store_db(store), sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                    &t->stmts[i], NULL);
        if (rc != SQLITE_OK) return wr_store_status(rc);
    }
    return WR_OK;
}

void story_table_close(story_table **table) {
    story_table *t = *table;
    if (!t) return;
    for (size_t i = 0; i < STMTS; i++)
        sqlite3_finalize(t->stmts[i]);
    wr_buf_free(&t->json);
    free(t);
    *table = NULL;
}

/* Binds two numbers; the caller binds what else there is. */
static sqlite3_stmt *bound(story_table *t, table_stmt which, int64_t a, int64_t b) {
    sqlite3_stmt *s = t->stmts[which];
    sqlite3_bind_int64(s, 1, a);
    if (sqlite3_bind_parameter_count(s) > 1) sqlite3_bind_int64(s, 2, b);
    return s;
}

static wr_str column(sqlite3_stmt *s, int at) {
    const char *text = (const char *)sqlite3_column_text(s, at);
    return text ? wr_str_of(text, (size_t)sqlite3_column_bytes(s, at)) : (wr_str){0};
}

static void bind_str(sqlite3_stmt *s, int at, wr_str text) {
    if (text.len) sqlite3_bind_text(s, at, text.ptr, (int)text.len, SQLITE_TRANSIENT);
    else sqlite3_bind_null(s, at);
}

/* ---- headlines ---- */

typedef struct title {
    wr_str text;
    uint32_t words[WORDS];
    size_t n;
} title;

static void read_words(title *t) {
    size_t at = 0, from;
    uint32_t hash;
    while (t->n < WORDS && story_next_word(t->text, &at, &from, &hash)) {
        bool again = story_rarity(hash) < 20;
        for (size_t i = 0; i < t->n; i++)
            again |= t->words[i] == hash;
        if (!again) t->words[t->n++] = hash;
    }
}

/* The title whose words stand in most of the others. */
static size_t central(const title *titles, size_t n) {
    size_t best = 0, best_score = 0;
    for (size_t i = 0; i < n; i++) {
        size_t shared = 0;
        for (size_t k = 0; k < n; k++)
            for (size_t x = 0; k != i && x < titles[i].n; x++)
                for (size_t y = 0; y < titles[k].n; y++)
                    shared += titles[i].words[x] == titles[k].words[y];
        size_t score = shared * 1000 / (titles[i].n + 3);
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

static wr_status choose_title(story_table *t, wr_arena *arena, int64_t story) {
    title *titles = wr_arena_array(arena, TITLES, sizeof *titles);
    sqlite3_stmt *s = bound(t, TITLES_OF, story, 0);
    size_t n = 0;
    bool row = true;
    wr_status status = titles ? WR_OK : WR_MEMORY;
    while (status == WR_OK && n < TITLES && (status = statement_step(s, &row)) == WR_OK && row) {
        status = wr_arena_copy(arena, column(s, 0), &titles[n].text);
        if (status == WR_OK) read_words(&titles[n++]);
    }
    sqlite3_reset(s);
    if (status != WR_OK || !n) return status;
    s = bound(t, PUT_TITLE, story, 0);
    bind_str(s, 2, titles[central(titles, n)].text);
    return statement_run(s);
}

/* ---- messages ---- */

static void add_str(story_table *t, const char *key, wr_str text) {
    if (!text.len) return;
    wr_json_key(&t->json, key);
    wr_json_str(&t->json, text);
}

static wr_status key_of(story_table *t, wr_arena *arena, int64_t story, wr_str *key) {
    bool row;
    sqlite3_stmt *s = bound(t, READ_STORY, story, 0);
    wr_status status = statement_step(s, &row);
    if (status == WR_OK && row) status = wr_arena_copy(arena, column(s, 0), key);
    sqlite3_reset(s);
    return status;
}

/* The story as it is now, and what the caller adds: topic story/<what>/<key>/. */
static wr_status tell(story_table *t, wr_arena *arena, const char *what, int64_t story,
                      const char *name, wr_str value, wr_str from) {
    bool row;
    wr_str topic = {0};
    sqlite3_stmt *s = bound(t, READ_STORY, story, 0);
    wr_status status = statement_step(s, &row);
    wr_buf_clear(&t->json);
    wr_buf_add_char(&t->json, '{');
    if (status == WR_OK && row) {
        wr_str key = column(s, 0);
        status = wr_arena_printf(arena, &topic, "story/%s/%.*s/", what, (int)key.len,
                                 key.ptr ? key.ptr : "");
        add_str(t, "event", wr_str_c(what));
        add_str(t, "story", key);
        add_str(t, "title", column(s, 1));
        add_str(t, "first_day", column(s, 2));
        add_str(t, "last_day", column(s, 3));
        wr_json_key(&t->json, "articles");
        wr_json_int(&t->json, sqlite3_column_int64(s, 4));
        add_str(t, name, value);
        add_str(t, "from", from);
    }
    sqlite3_reset(s);
    wr_buf_add_char(&t->json, '}');
    if (status == WR_OK) status = t->json.status;
    if (status != WR_OK || !row) return status;
    return wr_store_event(t->store, WR_STR("story"), topic, wr_buf_str(&t->json));
}

/* ---- members ---- */

typedef struct member {
    wr_str key, day;
} member;

static wr_status read_member(story_table *t, wr_arena *arena, int64_t article, member *m,
                             bool *there) {
    sqlite3_stmt *s = bound(t, ARTICLE_KEY, article, 0);
    *m = (member){0};
    wr_status status = statement_step(s, there);
    if (status == WR_OK && *there) status = wr_arena_copy(arena, column(s, 0), &m->key);
    if (status == WR_OK && *there) status = wr_arena_copy(arena, column(s, 1), &m->day);
    sqlite3_reset(s);
    return status;
}

static wr_status count_more(story_table *t, int64_t story, int64_t n, wr_str first, wr_str last) {
    sqlite3_stmt *s = bound(t, COUNT_MORE, story, n);
    bind_str(s, 3, first);
    bind_str(s, 4, last);
    return statement_run(s);
}

static bool is_power(int64_t n) {
    return n >= 4 && (n & (n - 1)) == 0;
}

/* A story of 4, 8, 16, ... articles looks for a better headline. */
static wr_status grown(story_table *t, wr_arena *arena, int64_t story, int64_t n) {
    int64_t now;
    sqlite3_stmt *s = bound(t, READ_STORY, story, 0);
    bool row;
    WR_TRY(statement_step(s, &row));
    now = row ? sqlite3_column_int64(s, 4) : 0;
    bool bare = row && sqlite3_column_type(s, 1) == SQLITE_NULL;
    sqlite3_reset(s);
    for (int64_t k = now - n + 1; k <= now; k++)
        bare |= is_power(k);
    return bare ? choose_title(t, arena, story) : WR_OK;
}

/* Puts an article (and its copies) into a story whose row is there. */
static wr_status put_member(story_table *t, wr_arena *arena, int64_t article, int64_t story,
                            int64_t copy_of, bool quiet) {
    int64_t before, moved = 1;
    bool there;
    member m;
    wr_str from = {0};
    WR_TRY(statement_numbers(bound(t, STORY_OF_ARTICLE, article, 0), &before, NULL));
    if (before == story) return WR_OK;
    WR_TRY(read_member(t, arena, article, &m, &there));
    if (!there) return WR_OK;
    sqlite3_stmt *s = bound(t, PUT_MEMBER, article, story);
    if (copy_of) sqlite3_bind_int64(s, 3, copy_of);
    else sqlite3_bind_null(s, 3);
    WR_TRY(statement_run(s));
    if (before) {
        WR_TRY(statement_run(bound(t, MOVE_COPIES, article, story)));
        moved += sqlite3_changes(wr_store_db(t->store));
        WR_TRY(statement_run(bound(t, COUNT_LESS, before, moved)));
        WR_TRY(key_of(t, arena, before, &from));
    }
    WR_TRY(count_more(t, story, moved, m.day, m.day));
    WR_TRY(grown(t, arena, story, moved));
    return quiet ? WR_OK : tell(t, arena, "article", story, "article", m.key, from);
}

/* The story's row; its first article comes into it when it is still there. */
static wr_status begin_story(story_table *t, wr_arena *arena, int64_t story) {
    int64_t alive, founder, its;
    bool row;
    sqlite3_stmt *s = bound(t, FIND_STORY, story, 0);
    WR_TRY(statement_step(s, &row));
    alive = row ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_reset(s);
    if (alive) return WR_OK;
    WR_TRY(statement_numbers(bound(t, STORY_OF_NUMBER, story, 0), &founder, &its));
    if (row) WR_TRY(statement_run(bound(t, REVIVE_STORY, story, 0)));
    else {
        WR_TRY(statement_run(bound(t, BEGIN_STORY, story, founder)));
        if (sqlite3_changes(wr_store_db(t->store)) == 0) return WR_NOTFOUND;
    }
    member m = {0};
    if (its == story) {
        WR_TRY(put_member(t, arena, founder, story, 0, true));
        WR_TRY(read_member(t, arena, founder, &m, &row));
    }
    return tell(t, arena, "new", story, "article", m.key, (wr_str){0});
}

static wr_status join_story(story_table *t, wr_arena *arena, int64_t article, int64_t story,
                            int64_t copy_of) {
    wr_status status = begin_story(t, arena, story);
    if (status == WR_NOTFOUND) return WR_OK; /* its first article has been removed meanwhile */
    WR_TRY(status);
    return put_member(t, arena, article, story, copy_of, false);
}

static wr_status merge(story_table *t, wr_arena *arena, story_merge m) {
    bool row;
    wr_str gone = {0}, first = {0}, last = {0};
    sqlite3_stmt *s = bound(t, FIND_STORY, m.gone, 0);
    WR_TRY(statement_step(s, &row));
    sqlite3_reset(s);
    if (!row) return WR_OK; /* of one article, which moves by itself */
    wr_status status = begin_story(t, arena, m.into);
    if (status != WR_OK) return status == WR_NOTFOUND ? WR_OK : status;
    s = bound(t, READ_STORY, m.gone, 0);
    WR_TRY(statement_step(s, &row));
    status = wr_arena_copy(arena, column(s, 0), &gone);
    if (status == WR_OK) status = wr_arena_copy(arena, column(s, 2), &first);
    if (status == WR_OK) status = wr_arena_copy(arena, column(s, 3), &last);
    sqlite3_reset(s);
    WR_TRY(status);
    WR_TRY(statement_run(bound(t, MOVE_ALL, m.gone, m.into)));
    int64_t n = sqlite3_changes(wr_store_db(t->store));
    WR_TRY(statement_run(bound(t, MOVE_ALIASES, m.gone, m.into)));
    WR_TRY(statement_run(bound(t, ALIAS, m.gone, m.into)));
    WR_TRY(count_more(t, m.into, n, first, last));
    WR_TRY(grown(t, arena, m.into, n));
    return tell(t, arena, "merge", m.into, "gone", gone, (wr_str){0});
}

/* ---- outcomes ---- */

static wr_status put_state(story_table *t, const story_state *a) {
    sqlite3_stmt *s = bound(t, PUT_WINDOW, a->number, a->article);
    sqlite3_bind_int64(s, 3, a->story);
    sqlite3_bind_int64(s, 4, a->field);
    sqlite3_bind_int(s, 5, a->settled | a->founder << 1);
    return statement_run(s);
}

static bool has_gone(const story_outcome *o, uint32_t story) {
    for (size_t i = 0; i < o->n_merges; i++)
        if (o->merges[i].gone == story) return true;
    return false;
}

static wr_status apply(story_table *t, wr_arena *arena, const story_outcome *o) {
    if (o->forgotten) {
        WR_TRY(statement_run(bound(t, FORGET_WINDOW, o->forgotten, 0)));
        WR_TRY(statement_run(bound(t, FORGET_TERMS, o->forgotten, 0)));
    }
    for (size_t i = 0; i < o->n_changes; i++)
        WR_TRY(put_state(t, &o->changes[i].now));
    for (size_t i = 0; i < o->n_merges; i++)
        WR_TRY(merge(t, arena, o->merges[i]));
    for (size_t i = 0; i < o->n_changes; i++) {
        const story_change *c = &o->changes[i];
        bool alone = !c->was && c->now.story == c->now.number;
        bool stays = c->was == c->now.story && !has_gone(o, c->was);
        if (stays || alone) continue;
        WR_TRY(join_story(t, arena, c->now.article, c->now.story, 0));
    }
    return WR_OK;
}

wr_status story_table_apply(story_table *t, wr_arena *arena, const story_outcome *o) {
    wr_arena_mark mark = wr_arena_here(arena);
    wr_status status = apply(t, arena, o);
    wr_arena_rewind(arena, mark);
    return status;
}

wr_status story_table_original(story_table *t, int64_t article, uint32_t *number,
                               int64_t *original) {
    int64_t n;
    wr_status status = statement_numbers(bound(t, ORIGINAL, article, 0), &n, original);
    *number = (uint32_t)n;
    return status;
}

wr_status story_table_copy(story_table *t, wr_arena *arena, int64_t article, uint32_t number,
                           int64_t original) {
    int64_t story, its;
    wr_arena_mark mark = wr_arena_here(arena);
    /* the rows know best: an article that has left its field goes along with a merge there only */
    WR_TRY(statement_numbers(bound(t, STORY_OF_ARTICLE, original, 0), &story, NULL));
    if (!story) WR_TRY(statement_numbers(bound(t, STORY_OF_NUMBER, number, 0), &its, &story));
    WR_TRY(statement_run(bound(t, FORGET_TERMS, article, 0)));
    wr_status status = join_story(t, arena, article, story, original);
    wr_arena_rewind(arena, mark);
    return status;
}
