/* arena.h -- memory for one page (or one process): many takes, one reset, one limit
 *
 * The one ownership law of the library: parameters are borrowed, results live in the arena you
 * passed, and nothing is freed by hand. An arena is not shared between threads. */
#ifndef WIREROOM_ARENA_H
#define WIREROOM_ARENA_H

#include <wireroom/status.h>
#include <wireroom/str.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct wr_arena wr_arena;

/* A point to return to with wr_arena_rewind. */
typedef struct wr_arena_mark {
    void *chunk;
    size_t used, total;
} wr_arena_mark;

/* A new arena that holds at most `limit` bytes (alignment included); `name` (borrowed, static)
 * is what an error about the limit mentions. WR_MEMORY when the system has none. */
WR_API WR_MUSTUSE wr_status wr_arena_new(const char *name, size_t limit, wr_arena **out);

/* Frees the arena and all that lives in it, and sets *arena to NULL. */
WR_API void wr_arena_free(wr_arena **arena);

/* Forgets everything taken; the first chunks are kept for the next page, what is beyond 4 MiB is
 * given back, so one large page does not stay in memory. */
WR_API void wr_arena_reset(wr_arena *arena);

/* `size` zeroed bytes, aligned for any type, or NULL when the limit or the system's memory is
 * reached. size 0 gives a valid unique pointer. */
WR_API WR_MUSTUSE void *wr_arena_take(wr_arena *arena, size_t size);

/* `n` elements of `size` bytes, zeroed; NULL as above or when n * size overflows. */
WR_API WR_MUSTUSE void *wr_arena_array(wr_arena *arena, size_t n, size_t size);

/* Grows an array from `old_n` to `new_n` elements; in place when it is the newest block, else a
 * copy. The new part is zeroed. NULL as above; then `old` is untouched. */
WR_API WR_MUSTUSE void *wr_arena_grow(wr_arena *arena, void *old, size_t old_n, size_t new_n,
                                      size_t size);

/* A copy of `s`, NUL-terminated beyond its length. WR_MEMORY at the limit. */
WR_API WR_MUSTUSE wr_status wr_arena_copy(wr_arena *arena, wr_str s, wr_str *out);

/* printf into the arena (formats of the program itself only). WR_MEMORY at the limit. */
WR_API WR_MUSTUSE wr_status wr_arena_printf(wr_arena *arena, wr_str *out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Remembers the current fill, and goes back to it: everything taken since is gone. */
WR_API wr_arena_mark wr_arena_here(const wr_arena *arena);
WR_API void wr_arena_rewind(wr_arena *arena, wr_arena_mark mark);

/* Bytes taken now, and the limit. */
WR_API size_t wr_arena_used(const wr_arena *arena);
WR_API size_t wr_arena_limit(const wr_arena *arena);
WR_API const char *wr_arena_name(const wr_arena *arena);

/* For tests: the arena behaves as if its limit were reached at the n-th take from now
 * (0 = the next one). SIZE_MAX switches it off. */
WR_API void wr_arena_fail_at(wr_arena *arena, size_t n);

/* One more element at the end of an arena array (`items`, `n`, `cap`): a pointer to it, zeroed,
 * or NULL at the limit. Doubles the capacity. */
#define WR_PUSH(arena, items, n, cap)                                                              \
    (wr_arena_push((arena), (void **)&(items), &(n), &(cap), sizeof *(items)) ? &(items)[(n)-1]    \
                                                                              : NULL)
WR_API bool wr_arena_push(wr_arena *arena, void **items, size_t *n, size_t *cap, size_t size);

#ifdef __cplusplus
}
#endif
#endif
