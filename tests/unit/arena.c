/* arena.c -- the arena: limits, growth, rewind */
#include "check.h"

#include <wireroom/arena.h>

static void limit_is_kept(void) {
    wr_arena *a;
    CHECK(wr_arena_new("test", 1000, &a) == WR_OK);
    size_t n = 0;
    while (wr_arena_take(a, 10))
        n++;
    CHECK(n == 62); /* 1000 / 16 */
    wr_arena_reset(a);
    CHECK(wr_arena_used(a) == 0);
    CHECK(wr_arena_take(a, 992) != NULL);
    CHECK(wr_arena_take(a, 16) == NULL);
    CHECK(wr_arena_array(a, SIZE_MAX / 4, 8) == NULL);
    wr_arena_free(&a);
    CHECK(a == NULL);
}

static void rewind_forgets(void) {
    wr_arena *a;
    CHECK(wr_arena_new("test", 1 << 24, &a) == WR_OK);
    char *first = wr_arena_take(a, 100);
    memset(first, 'x', 100);
    wr_arena_mark mark = wr_arena_here(a);
    size_t used = wr_arena_used(a);
    for (int i = 0; i < 100; i++)
        CHECK(wr_arena_take(a, 50000) != NULL);
    wr_arena_rewind(a, mark);
    CHECK(wr_arena_used(a) == used);
    CHECK(first[99] == 'x');
    char *again = wr_arena_take(a, 100);
    CHECK(again && again[0] == 0);
    wr_arena_free(&a);
}

static void push_grows(void) {
    wr_arena *a;
    CHECK(wr_arena_new("test", 1 << 24, &a) == WR_OK);
    int *items = NULL;
    size_t n = 0, cap = 0;
    for (int i = 0; i < 10000; i++) {
        int *slot = WR_PUSH(a, items, n, cap);
        CHECK(slot && *slot == 0);
        if (slot) *slot = i;
    }
    bool right = n == 10000;
    for (int i = 0; i < 10000; i++)
        right = right && items[i] == i;
    CHECK(right);
    wr_arena_fail_at(a, 0);
    CHECK(wr_arena_take(a, 1) == NULL);
    wr_arena_free(&a);
}

int main(void) {
    limit_is_kept();
    rewind_forgets();
    push_grows();
    return check_summary();
}
