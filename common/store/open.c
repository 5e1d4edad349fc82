/* open.c -- opening and closing a store: lock, pragmas, schema */
#include <common/store/private.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define APPLICATION_ID 0x77726d31 /* "wrm1", so that file(1) and tools can tell */

uint64_t store_clock_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

void store_now(const wr_store *s, char out[32]) {
    time_t now = time(NULL);
    struct tm tm;
    gmtime_r(&now, &tm);
    if (s->now) snprintf(out, 32, "%s", s->now);
    else strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static wr_status errno_status(int error) {
    switch (error) {
    case EACCES:
    case EPERM:
    case EROFS: return WR_DENIED;
    case ENOSPC:
    case EDQUOT: return WR_DISKFULL;
    case ENOENT:
    case ENOTDIR: return WR_NOTFOUND;
    case EWOULDBLOCK: return WR_LOCKED;
    default: return WR_IO;
    }
}

/* The lock of the one writer: an flock, gone with the process however it ends. */
static int open_lock(const char *store) {
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s.lock", store) < sizeof path)
        return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    errno = ENAMETOOLONG;
    return -1;
}

static wr_status take_lock(wr_store *s, unsigned wait_ms) {
    s->lock_fd = open_lock(s->path);
    if (s->lock_fd < 0) {
        snprintf(s->why, sizeof s->why, "%.400s.lock: %s", s->path, strerror(errno));
        return errno_status(errno);
    }
    uint64_t until = store_clock_us() + wait_ms * 1000u;
    while (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK || store_clock_us() >= until) {
            snprintf(s->why, sizeof s->why, "%s: another process writes to this store", s->path);
            return errno_status(errno);
        }
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    return WR_OK;
}

/* A successor shows by a lock of another kind, on the same file's first byte, that it waits. */
wr_status wr_store_await(const char *path, int *fd) {
    struct flock mark = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
    *fd = open_lock(path);
    if (*fd < 0) return errno_status(errno);
    if (fcntl(*fd, F_OFD_SETLK, &mark) == 0) return WR_OK;
    close(*fd);
    return WR_IO;
}

bool wr_store_awaited(const wr_store *s) {
    struct flock mark = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    return s->lock_fd >= 0 && fcntl(s->lock_fd, F_OFD_GETLK, &mark) == 0 && mark.l_type != F_UNLCK;
}

static int pragma(sqlite3 *db, const char *sql) {
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int pragma_int(sqlite3 *db, const char *sql, int64_t *out) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        *out = sqlite3_column_int64(stmt, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    return rc;
}

/* Settings of a new file stand before its first table. */
static int set_up(wr_store *s, const wr_store_options *o) {
    char sql[96];
    int64_t id = 0;
    int rc = pragma_int(s->db, "PRAGMA application_id", &id);
    if (rc != SQLITE_OK) return rc;
    if (!s->read_only && id == 0) {
        int64_t tables = 0;
        rc = pragma_int(s->db, "SELECT count(*) FROM sqlite_master", &tables);
        if (rc != SQLITE_OK) return rc;
        if (tables) return SQLITE_NOTADB; /* somebody else's database */
        if ((rc = pragma(s->db, "PRAGMA auto_vacuum=INCREMENTAL")) != SQLITE_OK) return rc;
        snprintf(sql, sizeof sql, "PRAGMA application_id=%d", APPLICATION_ID);
        if ((rc = pragma(s->db, sql)) != SQLITE_OK) return rc;
    } else if (id != APPLICATION_ID) return SQLITE_NOTADB;
    snprintf(sql, sizeof sql, "PRAGMA cache_size=-%u", o->cache_kib ? o->cache_kib : 32768);
    if ((rc = pragma(s->db, sql)) != SQLITE_OK) return rc;
    if (s->read_only) return pragma(s->db, "PRAGMA query_only=ON");
    if ((rc = pragma(s->db, "PRAGMA journal_mode=WAL")) != SQLITE_OK) return rc;
    return pragma(s->db, "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
                         " PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=OFF;"
                         " PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=OFF");
}

static wr_status check_version(wr_store *s) {
    int version = 0, known = store_schema_version();
    int rc = s->read_only ? store_schema_check(s->db, &version)
                          : store_schema_migrate(s->db, known, &version);
    if (rc != SQLITE_OK) return store_fail(s, rc, "bringing the schema up to date");
    if (version == known) return WR_OK;
    snprintf(s->why, sizeof s->why,
             version > known
                 ? "%s: schema version %d, this wireroom knows up to %d: use a newer one"
                 : "%s: schema version %d, needs %d: open it once with wireroom run",
             s->path, version, known);
    return WR_VERSION;
}

/* A store at rest on a read-only file system: SQLite cannot make the files it shares with a
 * writer, and need not. As a URI, empty when it is no such store. */
static wr_status unchanging(const wr_store *s, wr_buf *uri) {
    char log[4096];
    struct stat st;
    struct statvfs fs;
    if ((size_t)snprintf(log, sizeof log, "%s-wal", s->path) >= sizeof log) return WR_LIMIT;
    bool at_rest = stat(log, &st) != 0 || st.st_size == 0;
    if (!at_rest || statvfs(s->path, &fs) != 0 || !(fs.f_flag & ST_RDONLY)) return WR_OK;
    wr_buf_add_str(uri, WR_STR("file:"));
    for (const char *c = s->path; *c; c++)
        if (wr_is_alpha(*c) || wr_is_digit(*c) || strchr("/._-", *c)) wr_buf_add_char(uri, *c);
        else wr_buf_printf(uri, "%%%02x", (unsigned)(unsigned char)*c);
    wr_buf_add(uri, "?immutable=1", sizeof "?immutable=1");
    return uri->status;
}

static int open_handle(wr_store *s, int flags) {
    wr_buf uri = WR_BUF_INIT(16384);
    wr_status status = s->read_only ? unchanging(s, &uri) : WR_OK;
    bool fixed = status == WR_OK && uri.len;
    int rc = sqlite3_open_v2(fixed ? uri.ptr : s->path, &s->db,
                             flags | SQLITE_OPEN_NOMUTEX | (fixed ? SQLITE_OPEN_URI : 0), NULL);
    wr_buf_free(&uri);
    return rc;
}

/* A small transaction beside a busy writer looks often for the gap between two of its own. */
static int wait_a_little(void *until_tries, int tries) {
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    return tries < (int)(uintptr_t)until_tries;
}

static wr_status open_db(wr_store *s, const wr_store_options *o) {
    int flags = s->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    struct stat st;
    if (s->read_only && stat(s->path, &st) != 0) {
        snprintf(s->why, sizeof s->why, "%s: %s", s->path, strerror(errno));
        return errno_status(errno);
    }
    int rc = open_handle(s, flags);
    if (rc != SQLITE_OK) {
        snprintf(s->why, sizeof s->why, "%s: %s", s->path,
                 s->db ? sqlite3_errmsg(s->db) : "out of memory");
        return access(s->path, F_OK) == 0 && access(s->path, R_OK) != 0 ? WR_DENIED
                                                                        : wr_store_status(rc);
    }
    unsigned busy_ms = o->busy_ms ? o->busy_ms : 5000;
    if (o->beside) sqlite3_busy_handler(s->db, wait_a_little, (void *)(uintptr_t)(busy_ms / 2));
    else sqlite3_busy_timeout(s->db, (int)busy_ms);
    rc = set_up(s, o);
    if (rc != SQLITE_OK) {
        snprintf(s->why, sizeof s->why, "%s: %s", s->path,
                 rc == SQLITE_NOTADB ? "not a wireroom store" : sqlite3_errmsg(s->db));
        return wr_store_status(rc);
    }
    return check_version(s);
}

static wr_status start_writer(wr_store *s, bool beside) {
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed) return WR_IO;
    WR_TRY(store_map_init(&s->entities, 1u << 17, seed));
    WR_TRY(store_map_init(&s->aliases, 1u << 17, seed));
    WR_TRY(store_map_init(&s->sources, 1u << 12, seed));
    WR_TRY(wr_arena_new("store", 64u << 20, &s->arena));
    WR_TRY(store_prepare(s));
    int64_t number = 0;
    if (pragma_int(s->db, "SELECT count(*) FROM meta WHERE key = 'store'", &number) == SQLITE_OK &&
        number == 0) {
        char sql[160], now[32];
        store_now(s, now);
        snprintf(sql, sizeof sql,
                 "INSERT OR IGNORE INTO meta VALUES('store','%08x'),('created','%s')",
                 (unsigned)(seed >> 32), now);
        int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
        if (rc != SQLITE_OK) return store_fail(s, rc, "making the store");
    }
    return beside ? WR_OK : store_checkpointer_start(s);
}

wr_status wr_store_open(const wr_store_options *options, wr_arena *arena, wr_store **out,
                        wr_str *why) {
    wr_store *s = calloc(1, sizeof *s);
    if (!s) return WR_MEMORY;
    s->lock_fd = -1;
    s->read_only = options->read_only;
    s->offsets_only = options->offsets_only;
    s->now = options->now;
    s->json = s->terms = s->slug = s->encoded = s->paras = (wr_buf)WR_BUF_INIT(STORE_MAX_JSON);
    s->path = strdup(options->path);
    wr_status status = s->path ? WR_OK : WR_MEMORY;
    unsigned busy_ms = options->busy_ms ? options->busy_ms : 5000;
    if (status == WR_OK && !s->read_only && !options->beside)
        status = take_lock(s, options->lock_ms ? options->lock_ms : busy_ms);
    if (status == WR_OK) status = open_db(s, options);
    if (status == WR_OK && !s->read_only) status = start_writer(s, options->beside);
    if (status == WR_OK) {
        *out = s;
        return WR_OK;
    }
    if (why &&
        wr_arena_copy(arena, wr_str_c(s->why[0] ? s->why : wr_status_text(status)), why) != WR_OK)
        *why = WR_STR("out of memory");
    wr_store_close(&s);
    return status;
}

void wr_store_close(wr_store **store) {
    wr_store *s = *store;
    if (!s) return;
    if (s->in_transaction) store_rollback(s);
    bool hand_over = s->db && wr_store_awaited(s);
    if (hand_over) {
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        close(s->lock_fd); /* nothing is written from here on */
        s->lock_fd = -1;
    }
    store_checkpointer_stop(s);
    store_finalize(s);
    if (s->db && s->lock_fd >= 0 && !hand_over)
        sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_close(s->db);
    store_map_free(&s->entities);
    store_map_free(&s->aliases);
    store_map_free(&s->sources);
    free(s->entity_days.slots);
    free(s->source_days.slots);
    free(s->days.names);
    wr_buf_free(&s->json);
    wr_buf_free(&s->terms);
    wr_buf_free(&s->slug);
    wr_buf_free(&s->encoded);
    wr_buf_free(&s->paras);
    wr_arena_free(&s->arena);
    if (s->lock_fd >= 0) close(s->lock_fd);
    free(s->path);
    free(s);
    *store = NULL;
}

wr_str wr_store_why(const wr_store *s) {
    return wr_str_c(s->why);
}

sqlite3 *wr_store_db(wr_store *s) {
    return s->db;
}

wr_store_counts wr_store_counted(const wr_store *s) {
    return s->counts;
}
