/* store_power.c -- the store after a power cut: nothing that was committed is missing
 *
 * A file system of SQLite's that remembers what has not been synced. At random moments an image is
 * taken of what the disk may hold if the power failed right then: all that was synced, and of what
 * was written since then nothing, all, a part of the writes, or a part of the sectors. Each image
 * is opened as a store and looked through. */
#include "../store/generate.h"
#include "check.h"

#include <common/store/store.h>

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SECTOR 512
#define IMAGES 14
#define BATCH  8

/* ---- a disk ---- */

typedef struct op { /* data NULL: the file is cut off at `at` */
    sqlite3_int64 at;
    size_t len;
    char *data;
} op;

typedef struct content {
    char *data;
    size_t len, cap;
} content;

typedef struct disk {
    content synced;
    op *ops; /* since the last sync */
    size_t n, cap;
} disk;

static disk disks[2]; /* the database, its log */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char tracked[160], dir[64];
static long until_image = LONG_MAX;
static uint64_t acknowledged; /* pages */
static unsigned n_images;
static uint64_t promised[IMAGES];
static unsigned state = 12345;

static unsigned chance(unsigned n) {
    state = state * 1103515245u + 12345u;
    return (state >> 8) % n;
}

static void resize(content *c, size_t len) {
    if (len > c->cap) {
        c->cap = len * 2;
        c->data = realloc(c->data, c->cap);
        if (!c->data) abort();
    }
    if (len > c->len) memset(c->data + c->len, 0, len - c->len);
    c->len = len;
}

static void apply(content *c, const op *o, sqlite3_int64 from, size_t len) {
    if (!o->data) {
        resize(c, (size_t)o->at);
        return;
    }
    size_t end = (size_t)(o->at + from) + len;
    if (end > c->len) resize(c, end);
    memcpy(c->data + o->at + from, o->data + from, len);
}

static void apply_sectors(content *c, const op *o) {
    for (size_t from = 0; from < o->len; from += SECTOR)
        if (chance(2))
            apply(c, o, (sqlite3_int64)from, o->len - from < SECTOR ? o->len - from : SECTOR);
}

/* What the disk may hold now. mode 0: what was synced; 1: all; 2: the writes up to some point; 3:
 * some writes; 4: some sectors. */
static void fail_power(const disk *d, unsigned mode, const char *path) {
    content c = {0};
    resize(&c, d->synced.len);
    if (c.len) memcpy(c.data, d->synced.data, c.len);
    size_t point = d->n ? chance((unsigned)d->n + 1) : 0;
    for (size_t i = 0; i < d->n; i++) {
        bool whole = mode == 1 || (mode == 2 && i < point) || (mode == 3 && chance(2));
        if (whole || (mode == 4 && !d->ops[i].data && chance(2)))
            apply(&c, &d->ops[i], 0, d->ops[i].len);
        else if (mode == 4 && d->ops[i].data) apply_sectors(&c, &d->ops[i]);
    }
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(c.data ? c.data : "", 1, c.len, f) != c.len || fclose(f) != 0) abort();
    free(c.data);
}

static void image_path(char out[160], unsigned i, const char *suffix) {
    snprintf(out, 160, "%s/image%u.db%s", dir, i, suffix);
}

static void happened(void) {
    if (--until_image > 0 || n_images == IMAGES) return;
    char path[160];
    for (int i = 0; i < 2; i++) {
        image_path(path, n_images, i ? "-wal" : "");
        fail_power(&disks[i], n_images % 5, path);
    }
    promised[n_images++] = acknowledged;
    until_image = 1 + chance(6000);
}

static void record(disk *d, const void *data, size_t len, sqlite3_int64 at) {
    pthread_mutex_lock(&mutex);
    if (d->n == d->cap) {
        d->cap = d->cap ? d->cap * 2 : 1024;
        d->ops = realloc(d->ops, d->cap * sizeof *d->ops);
    }
    op o = {.at = at, .len = len, .data = data ? malloc(len) : NULL};
    if (!d->ops || (data && !o.data)) abort();
    if (data) memcpy(o.data, data, len);
    d->ops[d->n++] = o;
    happened();
    pthread_mutex_unlock(&mutex);
}

static void synced(disk *d) {
    pthread_mutex_lock(&mutex);
    happened(); /* before the sync has done anything */
    for (size_t i = 0; i < d->n; i++) {
        apply(&d->synced, &d->ops[i], 0, d->ops[i].len);
        free(d->ops[i].data);
    }
    d->n = 0;
    happened();
    pthread_mutex_unlock(&mutex);
}

/* ---- the file system over the usual one ---- */

typedef struct file {
    sqlite3_file base;
    disk *disk;
    sqlite3_file *real;
} file;

static sqlite3_vfs *usual;
#define REAL(f)    (((file *)(void *)(f))->real)
#define METHODS(f) (REAL(f)->pMethods)

static int close_file(sqlite3_file *f) {
    return METHODS(f)->xClose(REAL(f));
}
static int read_file(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
    return METHODS(f)->xRead(REAL(f), to, n, at);
}
static int write_file(sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
    record(((file *)(void *)f)->disk, from, (size_t)n, at);
    return METHODS(f)->xWrite(REAL(f), from, n, at);
}
static int truncate_file(sqlite3_file *f, sqlite3_int64 size) {
    record(((file *)(void *)f)->disk, NULL, 0, size);
    return METHODS(f)->xTruncate(REAL(f), size);
}
static int sync_file(sqlite3_file *f, int flags) {
    (void)flags;
    synced(((file *)(void *)f)->disk); /* the real file need not reach a real disk */
    return SQLITE_OK;
}
static int size_of_file(sqlite3_file *f, sqlite3_int64 *size) {
    return METHODS(f)->xFileSize(REAL(f), size);
}
static int lock_file(sqlite3_file *f, int level) {
    return METHODS(f)->xLock(REAL(f), level);
}
static int unlock_file(sqlite3_file *f, int level) {
    return METHODS(f)->xUnlock(REAL(f), level);
}
static int reserved(sqlite3_file *f, int *out) {
    return METHODS(f)->xCheckReservedLock(REAL(f), out);
}
static int control(sqlite3_file *f, int code, void *arg) {
    return METHODS(f)->xFileControl(REAL(f), code, arg);
}
static int sector_size(sqlite3_file *f) {
    (void)f;
    return SECTOR;
}
static int characteristics(sqlite3_file *f) {
    (void)f;
    return 0; /* promises nothing: writes may be torn and change places */
}
static int shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
    return METHODS(f)->xShmMap(REAL(f), page, size, extend, out);
}
static int shm_lock(sqlite3_file *f, int offset, int n, int flags) {
    return METHODS(f)->xShmLock(REAL(f), offset, n, flags);
}
static void shm_barrier(sqlite3_file *f) {
    METHODS(f)->xShmBarrier(REAL(f));
}
static int shm_unmap(sqlite3_file *f, int delete_it) {
    return METHODS(f)->xShmUnmap(REAL(f), delete_it);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* without mapping */
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of_file,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out) {
    (void)vfs;
    bool log = flags & SQLITE_OPEN_WAL;
    bool ours = name && strncmp(name, tracked, strlen(tracked)) == 0 &&
                (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL));
    if (!ours) return usual->xOpen(usual, name, f, flags, out);
    file *file_ = (file *)(void *)f;
    file_->real = (sqlite3_file *)(void *)(file_ + 1);
    file_->disk = &disks[log];
    int rc = usual->xOpen(usual, name, file_->real, flags, out);
    f->pMethods = rc == SQLITE_OK ? &methods : NULL;
    return rc;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_dir) {
    (void)vfs;
    return usual->xDelete(usual, name, sync_dir);
}

/* ---- the test ---- */

static int64_t number(sqlite3 *db, const char *sql) {
    sqlite3_stmt *stmt = NULL;
    int64_t n = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return n;
}

static void fault(void *to, const char *what) {
    fprintf(stderr, "image %u: %s\n", *(unsigned *)to, what);
}

static void look_at(unsigned i, wr_arena *arena) {
    wr_store *s;
    char path[160];
    wr_str why = {0};
    size_t n = 1;
    image_path(path, i, "");
    if (promised[i] == 0 && access(path, F_OK) != 0) return;
    wr_status status = wr_store_open(&(wr_store_options){.path = path}, arena, &s, &why);
    CHECK_ROW(path, status == WR_OK);
    if (status != WR_OK) {
        fprintf(stderr, "%.*s\n", (int)why.len, why.ptr ? why.ptr : "");
        return;
    }
    int64_t pages = number(wr_store_db(s), "SELECT count(*) FROM pages");
    CHECK_ROW(path, pages >= (int64_t)promised[i] && pages % BATCH == 0);
    CHECK_ROW(path, number(wr_store_db(s), "SELECT max(id) FROM pages") == pages || pages == 0);
    CHECK_ROW(path, wr_store_check(s, fault, &i, &n) == WR_OK && n == 0);
    wr_store_close(&s);
}

int main(void) {
    static sqlite3_vfs vfs;
    static const generate g = {
        .seed = 3, .bytes = 1500, .mentions = 8, .quotes = 1, .per_day = 400};
    wr_arena *arena, *pages;
    wr_store *s;
    wr_store_outcome outcome;
    snprintf(dir, sizeof dir, "/tmp/wr-power-XXXXXX");
    if (!mkdtemp(dir) || wr_arena_new("test", 16 << 20, &arena) != WR_OK ||
        wr_arena_new("pages", 64 << 20, &pages) != WR_OK)
        return 1;
    snprintf(tracked, sizeof tracked, "%s/live.db", dir);
    usual = sqlite3_vfs_find(NULL);
    vfs = *usual;
    vfs.szOsFile = (int)sizeof(file) + usual->szOsFile;
    vfs.zName = "power";
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    CHECK(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
    CHECK(wr_store_open(&(wr_store_options){.path = tracked}, arena, &s, NULL) == WR_OK);
    until_image = 200;
    for (uint64_t i = 0; n_images < IMAGES && i < 20000; i++) {
        wr_arena_reset(pages);
        CHECK(wr_store_add(s, generate_page(&g, i, pages), &outcome) == WR_OK);
        if ((i + 1) % BATCH) continue;
        CHECK(wr_store_commit(s, NULL) == WR_OK);
        pthread_mutex_lock(&mutex);
        acknowledged = i + 1;
        pthread_mutex_unlock(&mutex);
    }
    CHECK(n_images == IMAGES);
    wr_store_close(&s);
    CHECK(sqlite3_vfs_register(usual, 1) == SQLITE_OK);
    for (unsigned i = 0; i < IMAGES; i++)
        look_at(i, arena);
    fprintf(stderr, "%u images, the last after %llu pages\n", n_images,
            (unsigned long long)promised[IMAGES - 1]);
    for (int d = 0; d < 2; d++) {
        for (size_t i = 0; i < disks[d].n; i++)
            free(disks[d].ops[i].data);
        free(disks[d].ops);
        free(disks[d].synced.data);
    }
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    CHECK(system(command) == 0);
    wr_arena_free(&arena);
    wr_arena_free(&pages);
    return check_summary();
}
