/* status.h -- outcomes: one enum, one table, one verdict each */
#ifndef WIREROOM_STATUS_H
#define WIREROOM_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define WR_API     __attribute__((visibility("default")))
#define WR_MUSTUSE __attribute__((warn_unused_result))
#else
#define WR_API
#define WR_MUSTUSE
#endif

typedef enum wr_status {
#define S(NAME, label, verdict, text) WR_##NAME,
#include <wireroom/status.def>
#undef S
    WR_STATUS_COUNT
} wr_status;

/* What the line does with a page whose stage returned the status. */
typedef enum wr_verdict {
    WR_VERDICT_PASS,   /* on to the next stage */
    WR_VERDICT_DROP,   /* ends here, counted as filtered or duplicate: no fault */
    WR_VERDICT_REJECT, /* ends here, counted as failed: trying again cannot help */
    WR_VERDICT_RETRY,  /* give it back: trying again may help */
    WR_VERDICT_FATAL   /* the process itself cannot go on */
} wr_verdict;

/* The metric label ("diskfull"), the text for people, the verdict. Any int is accepted;
 * what is no status reads as "internal". The strings are static. */
WR_API const char *wr_status_label(wr_status status);
WR_API const char *wr_status_text(wr_status status);
WR_API wr_verdict wr_status_verdict(wr_status status);

/* The status with that label, or WR_INTERNAL. */
WR_API wr_status wr_status_of_label(const char *label, unsigned long len);

/* Returns the status of an expression to the caller unless it is WR_OK. */
#define WR_TRY(expr)                                                                               \
    do {                                                                                           \
        wr_status wr_try_status_ = (expr);                                                         \
        if (wr_try_status_ != WR_OK) return wr_try_status_;                                        \
    } while (0)

#ifdef __cplusplus
}
#endif
#endif
