/* arena.c -- chunked bump allocator with a limit */
#include <wireroom/arena.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ALIGN      16u
#define CHUNK_MIN  ((size_t)16 << 10)
#define CHUNK_MAX  ((size_t)1 << 20)
#define KEEP_BYTES ((size_t)4 << 20)

typedef struct chunk {
    struct chunk *prev; /* older chunk */
    size_t size, used;
} chunk;

struct wr_arena {
    const char *name;
    size_t limit, total, fail_in;
    chunk *top;   /* the chunk being filled, or NULL */
    chunk *spare; /* chunks kept by reset, linked by prev */
};

#define HEADER ((sizeof(chunk) + ALIGN - 1) / ALIGN * ALIGN)

static char *chunk_bytes(chunk *c) {
    return (char *)c + HEADER;
}

wr_status wr_arena_new(const char *name, size_t limit, wr_arena **out) {
    *out = NULL;
    wr_arena *arena = calloc(1, sizeof *arena);
    if (!arena) return WR_MEMORY;
    arena->name = name;
    arena->limit = limit;
    arena->fail_in = SIZE_MAX;
    *out = arena;
    return WR_OK;
}

static void free_chain(chunk *c) {
    while (c) {
        chunk *prev = c->prev;
        free(c);
        c = prev;
    }
}

void wr_arena_free(wr_arena **arena) {
    if (!*arena) return;
    free_chain((*arena)->top);
    free_chain((*arena)->spare);
    free(*arena);
    *arena = NULL;
}

/* Moves the chunk to the spares, or frees it when the spares are large enough. */
static void retire(wr_arena *arena, chunk *c) {
    size_t kept = c->size;
    for (chunk *s = arena->spare; s; s = s->prev)
        kept += s->size;
    if (kept > KEEP_BYTES) {
        free(c);
        return;
    }
    c->used = 0;
    c->prev = arena->spare;
    arena->spare = c;
}

void wr_arena_reset(wr_arena *arena) {
    wr_arena_rewind(arena, (wr_arena_mark){0});
}

static bool add_chunk(wr_arena *arena, size_t need) {
    for (chunk **s = &arena->spare; *s; s = &(*s)->prev) {
        if ((*s)->size < need) continue;
        chunk *c = *s;
        *s = c->prev;
        c->prev = arena->top;
        arena->top = c;
        return true;
    }
    size_t size = arena->top ? arena->top->size * 2 : CHUNK_MIN;
    if (size > CHUNK_MAX) size = CHUNK_MAX;
    if (size < need) size = need;
    chunk *c = malloc(HEADER + size);
    if (!c) return false;
    c->prev = arena->top;
    c->size = size;
    c->used = 0;
    arena->top = c;
    return true;
}

static bool allowed(wr_arena *arena, size_t size) {
    if (arena->fail_in != SIZE_MAX && arena->fail_in-- == 0) {
        arena->fail_in = 0; /* stays failing, as a real limit does */
        return false;
    }
    return size <= arena->limit - arena->total;
}

void *wr_arena_take(wr_arena *arena, size_t size) {
    if (size > SIZE_MAX / 2) return NULL;
    size_t whole = size ? (size + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
    if (!allowed(arena, whole)) return NULL;
    if (!arena->top || arena->top->size - arena->top->used < whole)
        if (!add_chunk(arena, whole)) return NULL;
    char *at = chunk_bytes(arena->top) + arena->top->used;
    arena->top->used += whole;
    arena->total += whole;
    return memset(at, 0, whole);
}

void *wr_arena_array(wr_arena *arena, size_t n, size_t size) {
    if (size && n > SIZE_MAX / 2 / size) return NULL;
    return wr_arena_take(arena, n * size);
}

void *wr_arena_grow(wr_arena *arena, void *old, size_t old_n, size_t new_n, size_t size) {
    if (size && new_n > SIZE_MAX / 2 / size) return NULL;
    size_t was = (old_n * size + ALIGN - 1) / ALIGN * ALIGN;
    size_t now = (new_n * size + ALIGN - 1) / ALIGN * ALIGN;
    chunk *top = arena->top;
    bool newest = old && was && top && (char *)old + was == chunk_bytes(top) + top->used;
    if (newest && now >= was && now - was <= top->size - top->used) {
        if (!allowed(arena, now - was)) return NULL;
        memset((char *)old + was, 0, now - was);
        top->used += now - was;
        arena->total += now - was;
        return old;
    }
    void *copy = wr_arena_take(arena, new_n * size);
    if (copy && old && old_n) memcpy(copy, old, (old_n < new_n ? old_n : new_n) * size);
    return copy;
}

bool wr_arena_push(wr_arena *arena, void **items, size_t *n, size_t *cap, size_t size) {
    if (*n == *cap) {
        size_t more = *cap ? *cap * 2 : 8;
        void *grown = wr_arena_grow(arena, *items, *cap, more, size);
        if (!grown) return false;
        *items = grown;
        *cap = more;
    }
    memset((char *)*items + *n * size, 0, size);
    (*n)++;
    return true;
}

wr_status wr_arena_copy(wr_arena *arena, wr_str s, wr_str *out) {
    char *copy = s.len < SIZE_MAX / 2 ? wr_arena_take(arena, s.len + 1) : NULL;
    if (!copy) return WR_MEMORY;
    if (s.len) memcpy(copy, s.ptr, s.len);
    *out = wr_str_of(copy, s.len);
    return WR_OK;
}

wr_status wr_arena_printf(wr_arena *arena, wr_str *out, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = len < 0 ? NULL : wr_arena_take(arena, (size_t)len + 1);
    if (text) {
        vsnprintf(text, (size_t)len + 1, format, again);
        *out = wr_str_of(text, (size_t)len);
    }
    va_end(again);
    va_end(args);
    return text ? WR_OK : WR_MEMORY;
}

wr_arena_mark wr_arena_here(const wr_arena *arena) {
    return (wr_arena_mark){arena->top, arena->top ? arena->top->used : 0, arena->total};
}

void wr_arena_rewind(wr_arena *arena, wr_arena_mark mark) {
    while (arena->top && arena->top != mark.chunk) {
        chunk *c = arena->top;
        arena->top = c->prev;
        retire(arena, c);
    }
    if (arena->top) arena->top->used = mark.used;
    arena->total = mark.total;
}

size_t wr_arena_used(const wr_arena *arena) {
    return arena->total;
}

size_t wr_arena_limit(const wr_arena *arena) {
    return arena->limit;
}

const char *wr_arena_name(const wr_arena *arena) {
    return arena->name;
}

void wr_arena_fail_at(wr_arena *arena, size_t n) {
    arena->fail_in = n;
}
