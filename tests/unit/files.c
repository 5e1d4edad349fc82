/* files.c -- the memory of kept files, and the renames of taken ones */
#include "check.h"

#include "stages/ingest/claim.h"
#include "stages/ingest/seen.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/wrfilesXXXXXX";

static ingest_key key_of(unsigned i) {
    char name[16];
    int len = snprintf(name, sizeof name, "%u.txt", i);
    return ingest_key_of(wr_str_of(name, (size_t)len), i, 10, 1000);
}

static void test_keys(void) {
    ingest_key a = ingest_key_of(WR_STR("a"), 1, 2, 3), b;
    const struct {
        wr_str path;
        uint64_t inode, size;
        int64_t time;
    } rows[] = {{{"b", 1}, 1, 2, 3}, {{"a", 1}, 9, 2, 3}, {{"a", 1}, 1, 9, 3}, {{"a", 1}, 1, 2, 9}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        b = ingest_key_of(rows[i].path, rows[i].inode, rows[i].size, rows[i].time);
        CHECK(a.low != b.low || a.high != b.high);
    }
    b = ingest_key_of(WR_STR("a"), 1, 2, 3);
    CHECK(a.low == b.low && a.high == b.high);
}

static off_t size_of(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 ? st.st_size : -1;
}

static void test_seen(void) {
    char path[64];
    ingest_seen seen, other;
    snprintf(path, sizeof path, "%s/seen", top);
    CHECK(ingest_seen_open(&seen, path) == WR_OK);
    CHECK(ingest_seen_open(&other, path) == WR_LOCKED);
    ingest_seen_close(&other);
    for (unsigned i = 0; i < 5000; i++)
        CHECK(ingest_seen_add(&seen, key_of(i)) == WR_OK);
    CHECK(ingest_seen_has(&seen, key_of(4999)) && !ingest_seen_has(&seen, key_of(5000)));
    ingest_seen_close(&seen);
    CHECK(size_of(path) == 5000 * 16);
    CHECK(truncate(path, 5000 * 16 - 5) == 0); /* a torn end */
    CHECK(ingest_seen_open(&seen, path) == WR_OK && size_of(path) == 4999 * 16);
    for (unsigned i = 0; i < 4999; i++)
        if (i % 100 == 0) CHECK(ingest_seen_has(&seen, key_of(i)));
    CHECK(!ingest_seen_has(&seen, key_of(4999)));
    CHECK(ingest_seen_compact(&seen) == WR_OK && size_of(path) == 50 * 16); /* only what was met */
    CHECK(ingest_seen_add(&seen, key_of(7777)) == WR_OK);
    ingest_seen_close(&seen);
    CHECK(ingest_seen_open(&seen, path) == WR_OK);
    CHECK(ingest_seen_has(&seen, key_of(100)) && ingest_seen_has(&seen, key_of(7777)));
    CHECK(!ingest_seen_has(&seen, key_of(101)));
    ingest_seen_close(&seen);
    CHECK(ingest_seen_open(&seen, NULL) == WR_OK && ingest_seen_add(&seen, key_of(1)) == WR_OK);
    CHECK(ingest_seen_has(&seen, key_of(1)));
    ingest_seen_close(&seen);
    CHECK(ingest_seen_open(&seen, "/nonexistent/seen") == WR_IO);
    ingest_seen_close(&seen);
}

static void write_file(int dir, const char *path) {
    int fd = openat(dir, path, O_WRONLY | O_CREAT, 0644);
    CHECK(fd >= 0 && write(fd, "x", 1) == 1);
    close(fd);
}

static void test_claims(void) {
    int root = open(top, O_RDONLY | O_DIRECTORY);
    ingest_claims claims, second;
    CHECK(ingest_claims_open(&claims, root, INGEST_MOVE) == WR_OK);
    CHECK(ingest_claims_open(&second, root, INGEST_MOVE) == WR_LOCKED);
    CHECK(ingest_take(&claims, "nonesuch") == WR_NOTFOUND);
    write_file(root, "a");
    CHECK(ingest_take(&claims, "a") == WR_OK && faccessat(root, "a", F_OK, 0) < 0);
    write_file(root, "a");
    CHECK(ingest_take(&claims, "a") == WR_AGAIN); /* the first one is under way */
    CHECK(ingest_put(&claims, "a", false, wr_str_of(NULL, 0)) == WR_OK);
    CHECK(ingest_put(&claims, "a", false, wr_str_of(NULL, 0)) == WR_NOTFOUND);
    CHECK(faccessat(claims.done, "a", F_OK, 0) == 0);
    CHECK(ingest_take(&claims, "a") == WR_OK);
    CHECK(ingest_put(&claims, "a", true, WR_STR("because")) == WR_OK);
    CHECK(faccessat(claims.failed, "a", F_OK, 0) == 0 &&
          faccessat(claims.failed, "a.reason", F_OK, 0) == 0);
    CHECK(mkdirat(root, "a", 0755) == 0); /* in done a file has the directory's name */
    write_file(root, "a/b");
    CHECK(ingest_take(&claims, "a/b") == WR_OK);
    CHECK(ingest_put(&claims, "a/b", false, wr_str_of(NULL, 0)) == WR_OK);
    CHECK(faccessat(claims.work, "a", F_OK, 0) < 0); /* no empty directory stays */

    const ingest_key key = {4, 5}, other = {4, 6};
    ingest_progress done = {.key = key,
                            .place = {12, 3456, {78, 90}},
                            .tally = {.pages = 12, .passed = 11, .rejected = 1},
                            .status = WR_MALFORMED};
    wr_buf reasons = WR_BUF_INIT(1 << 16);
    ingest_progress_save(&claims, "sub/c", &done, WR_STR("record=3 status=malformed\n"));
    ingest_progress got = ingest_progress_load(&claims, "sub/c", other, &reasons);
    CHECK(got.place.record == 0 && !reasons.len); /* another file of that name */
    got = ingest_progress_load(&claims, "sub/c", key, &reasons);
    CHECK(got.place.record == 12 && got.place.offset == 3456 && got.place.mark.packed == 78 &&
          got.place.mark.unpacked == 90);
    CHECK(got.tally.passed == 11 && got.tally.rejected == 1 && got.status == WR_MALFORMED);
    CHECK_STR(wr_buf_str(&reasons), WR_STR("record=3 status=malformed\n"));
    ingest_progress_drop(&claims, "sub/c");
    CHECK(ingest_progress_load(&claims, "sub/c", key, &reasons).place.record == 0);
    write_file(claims.places, "torn"); /* "x" is no place */
    CHECK(ingest_progress_load(&claims, "torn", key, &reasons).place.record == 0);
    wr_buf_free(&reasons);
    ingest_claims_close(&claims);
    CHECK(ingest_claims_open(&claims, root, INGEST_MOVE) == WR_OK); /* the lock was given back */
    ingest_claims_close(&claims);
    close(root);
}

int main(void) {
    char command[64];
    if (!mkdtemp(top)) return 1;
    test_keys();
    test_seen();
    test_claims();
    snprintf(command, sizeof command, "rm -rf %s", top);
    CHECK(system(command) == 0);
    return check_summary();
}
