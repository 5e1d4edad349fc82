/* check.h -- the test harness: CHECK counts and reports, a test's main returns check_summary() */
#ifndef WR_TEST_CHECK_H
#define WR_TEST_CHECK_H

#include <wireroom/str.h>

#include <stdio.h>

static int check_passed, check_failed;

#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (cond) check_passed++;                                                                  \
        else {                                                                                     \
            check_failed++;                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond);                             \
        }                                                                                          \
    } while (0)

/* The same with a word on which row of a table failed. */
#define CHECK_ROW(row, cond)                                                                       \
    do {                                                                                           \
        if (cond) check_passed++;                                                                  \
        else {                                                                                     \
            check_failed++;                                                                        \
            fprintf(stderr, "%s:%d: [%s] %s\n", __FILE__, __LINE__, (row), #cond);                 \
        }                                                                                          \
    } while (0)

#define CHECK_STR(got, want)                                                                       \
    do {                                                                                           \
        wr_str got_ = (got), want_ = (want);                                                       \
        if (wr_str_eq(got_, want_)) check_passed++;                                                \
        else {                                                                                     \
            check_failed++;                                                                        \
            fprintf(stderr, "%s:%d: %s\n  got  \"%.*s\"\n  want \"%.*s\"\n", __FILE__, __LINE__,   \
                    #got, (int)got_.len, got_.ptr, (int)want_.len, want_.ptr);                     \
        }                                                                                          \
    } while (0)

static inline int check_summary(void) {
    printf("%d passed, %d failed\n", check_passed, check_failed);
    return check_failed != 0 || check_passed == 0;
}

#endif
