/* config.c -- YAML to a flat list, and where what is wrong stands */
#include "check.h"

#include <common/config.h>

#include <string.h>

/* All entries as "a.b=value@line:column" lines. */
static void show(const wr_config *c, wr_buf *out) {
    for (size_t i = 0; i < c->n; i++) {
        const wr_config_entry *e = &c->entries[i];
        for (size_t k = 0; k < e->n_keys; k++)
            wr_buf_printf(out, "%s%s", k ? "." : "", e->keys[k]);
        wr_buf_printf(out, "%s%s %s\n", e->in_list ? "+=" : "=", e->value, e->origin);
    }
}

int main(void) {
    static const struct {
        const char *text, *want, *error;
    } rows[] = {
        {"", "", ""},
        {"# only a comment\n", "", ""},
        {"store: a.db\nworkers: 2\n", "store=a.db f:1:8\nworkers=2 f:2:10\n", ""},
        {"stages:\n  tag: {workers: 4}\n", "stages.tag.workers=4 f:2:18\n", ""},
        {"chain: [a, b]\n", "chain+=a f:1:9\nchain+=b f:1:12\n", ""},
        {"directories:\n  - /a\n  - '/b c'\n", "directories+=/a f:2:5\ndirectories+=/b c f:3:5\n",
         ""},
        {"empty:\n", "empty= f:1:7\n", ""},
        {"a: 1\nb: 2\na: 3\n", "", "f:3:1: given twice: a\n"},
        {"a: [1, {b: 2}]\n", "", "f:1:8: a list holds plain values\n"},
        {"[1, 2]\n", "", "f:1:1: expected \"key: value\"\n"},
        {"just words\n", "", "f:1:1: expected \"key: value\"\n"},
        {"a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n", "", "f:1:33: nested too deep\n"},
        {"a: [1, 2\nb: 3\n", "", "f:2:2: did not find expected ',' or ']'\n"},
        {"a: \"x\\0y\"\n", "", "f:1:4: a zero byte in a value\n"},
        {"? [a]\n: 1\n", "", "f:1:3: a key is a plain word\n"},
        {"a: &x [1]\nb: *x\n", "a+=1 f:1:8\nb+=1 f:1:8\n", ""},
    };
    wr_arena *arena = NULL;
    CHECK(wr_arena_new("config", 1 << 20, &arena) == WR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_config config;
        wr_buf error = WR_BUF_INIT(4096), shown = WR_BUF_INIT(4096);
        wr_status status = wr_config_parse(arena, "f", wr_str_c(rows[i].text), &config, &error);
        CHECK_ROW(rows[i].text, status == (*rows[i].error ? WR_USAGE : WR_OK));
        if (status == WR_OK) show(&config, &shown);
        CHECK_STR(wr_buf_str(&shown), wr_str_c(rows[i].want));
        CHECK_STR(wr_buf_str(&error), wr_str_c(rows[i].error));
        wr_buf_free(&error);
        wr_buf_free(&shown);
        wr_arena_reset(arena);
    }
    wr_config config;
    wr_buf error = WR_BUF_INIT(4096);
    CHECK(wr_config_read(arena, "/nonexistent/c.yaml", &config, &error) == WR_NOTFOUND &&
          error.len);
    for (size_t n = 0;; n++) { /* every step of memory refused once */
        wr_arena_reset(arena);
        wr_arena_fail_at(arena, n);
        wr_status status =
            wr_config_parse(arena, "f", WR_STR("a: {b: 1}\nc: [d, e]\n"), &config, NULL);
        CHECK(status == WR_OK || status == WR_MEMORY);
        if (status == WR_OK || n > 100) break;
    }
    wr_buf_free(&error);
    wr_arena_free(&arena);
    return check_summary();
}
