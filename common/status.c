/* status.c -- the status table */
#include <wireroom/status.h>

#include <string.h>

static const struct {
    const char *label, *text;
    wr_verdict verdict;
} table[] = {
#define S(NAME, label, verdict, text) [WR_##NAME] = {label, text, WR_VERDICT_##verdict},
#include <wireroom/status.def>
#undef S
};

static wr_status known(wr_status status) {
    return (unsigned)status < WR_STATUS_COUNT ? status : WR_INTERNAL;
}

const char *wr_status_label(wr_status status) {
    return table[known(status)].label;
}

const char *wr_status_text(wr_status status) {
    return table[known(status)].text;
}

wr_verdict wr_status_verdict(wr_status status) {
    return table[known(status)].verdict;
}

wr_status wr_status_of_label(const char *label, unsigned long len) {
    for (unsigned i = 0; i < WR_STATUS_COUNT; i++)
        if (strlen(table[i].label) == len && memcmp(table[i].label, label, len) == 0)
            return (wr_status)i;
    return WR_INTERNAL;
}
