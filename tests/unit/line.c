/* line.c -- messages of the line: round trip, evolution, hostile bytes; JSON of msgpack; addresses
 */
#include "check.h"

#include "common/address.h"
#include "common/line.h"

#include <wireroom/transport.h>

static void round_trip(void) {
    for (int kind = 0; kind < WR_LINE_UNKNOWN; kind++) {
        wr_line m = {.kind = (wr_line_kind)kind,
                     .session = UINT64_MAX,
                     .ticket = 300,
                     .ref = 70000,
                     .id = WR_STR("00ff"),
                     .text = WR_STR("a text that is longer than thirty-one bytes, so str8"),
                     .figures = WR_STR("\x81\xa1k\x01"),
                     .outcomes = WR_STR("\x90"),
                     .words = WR_STR("\x91\xa1w"),
                     .body = WR_STR("\x80")},
                back;
        wr_buf one = WR_BUF_INIT(4096), two = WR_BUF_INIT(4096);
        wr_line_encode(&m, &one);
        CHECK_ROW(wr_line_label(m.kind), wr_line_decode(wr_buf_str(&one), &back) == WR_OK);
        CHECK_ROW(wr_line_label(m.kind), back.kind == m.kind);
        wr_line_encode(&back, &two);
        CHECK_STR(wr_buf_str(&two), wr_buf_str(&one));
        for (size_t len = 0; len < one.len; len++)
            CHECK_ROW(wr_line_label(m.kind),
                      wr_line_decode(wr_str_of(one.ptr, len), &back) != WR_OK);
        wr_buf_free(&one);
        wr_buf_free(&two);
    }
}

static void evolution(void) {
    static const struct {
        const char *name;
        wr_str bytes;
        wr_status status;
        wr_line_kind kind;
        uint64_t ticket;
    } rows[] = {
        {"longer",
         {"\x96\x01\xa4"
          "DONE\x05\x07\xa3new\x80",
          14},
         WR_OK,
         WR_LINE_DONE,
         7},
        {"shorter",
         {"\x93\x01\xa4"
          "DONE\x05",
          8},
         WR_OK,
         WR_LINE_DONE,
         0},
        {"bare",
         {"\x92\x01\xa4"
          "DONE",
          7},
         WR_OK,
         WR_LINE_DONE,
         0},
        {"unknown", {"\x92\x01\xa3XYZ", 6}, WR_OK, WR_LINE_UNKNOWN, 0},
        {"version 2",
         {"\x92\x02\xa4"
          "DONE",
          7},
         WR_VERSION,
         WR_LINE_UNKNOWN,
         0},
        {"no name", {"\x91\x01", 2}, WR_MALFORMED, WR_LINE_UNKNOWN, 0},
        {"a map", {"\x80", 1}, WR_MALFORMED, WR_LINE_UNKNOWN, 0},
        {"a string for a number",
         {"\x93\x01\xa4"
          "DONE\xa1x",
          9},
         WR_MALFORMED,
         WR_LINE_UNKNOWN,
         0},
        {"a negative number",
         {"\x93\x01\xa4"
          "DONE\xff",
          8},
         WR_MALFORMED,
         WR_LINE_UNKNOWN,
         0},
        {"nothing", {"", 0}, WR_TRUNCATED, WR_LINE_UNKNOWN, 0},
        {"two",
         {"\x92\x01\xa4"
          "DONE\xc0",
          8},
         WR_MALFORMED,
         WR_LINE_UNKNOWN,
         0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_line m;
        CHECK_ROW(rows[i].name, wr_line_decode(rows[i].bytes, &m) == rows[i].status);
        CHECK_ROW(rows[i].name, m.kind == rows[i].kind);
        CHECK_ROW(rows[i].name, m.ticket == rows[i].ticket);
    }
}

static void json(void) {
    static const struct {
        wr_str msg;
        const char *json;
    } rows[] = {
        {{"\x80", 1}, "{}"},
        {{"\x82\xa1"
          "a\x01\xa1"
          "b\x93\xc0\xc2\xc3",
          10},
         "{\"a\":1,\"b\":[null,false,true]}"},
        {{"\xff", 1}, "-1"},
        {{"\xd1\xff\x00", 3}, "-256"},
        {{"\xd3\x80\0\0\0\0\0\0\0", 9}, "-9223372036854775808"},
        {{"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9}, "18446744073709551615"},
        {{"\xcb\x3f\xf8\0\0\0\0\0\0", 9}, "1.5"},
        {{"\xca\x3f\xc0\0\0", 5}, "1.5"},
        {{"\xcb\x7f\xf8\0\0\0\0\0\0", 9}, "null"},
        {{"\xa6"
          "\"\\\n\x01\xc3\xa9",
          7},
         "\"\\\"\\\\\\n\\u0001\xc3\xa9\""},
        {{"\xa3"
          "a\xff"
          "b",
          4},
         "\"a\\ufffdb\""},
        {{"\xa3\xed\xa0\x80", 4}, "\"\\ufffd\\ufffd\\ufffd\""},
        {{"\xc4\x01"
          "M",
          3},
         "\"TQ==\""},
        {{"\xc4\x02"
          "Ma",
          4},
         "\"TWE=\""},
        {{"\xc4\x03"
          "Man",
          5},
         "\"TWFu\""},
        {{"\x81\x07\x01", 3}, "{\"7\":1}"},
        {{"\xd4\x01\x02", 3}, "null"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wr_buf out = WR_BUF_INIT(1000);
        CHECK_ROW(rows[i].json, wr_json_of_msgpack(rows[i].msg, &out) == WR_OK);
        CHECK_STR(wr_buf_str(&out), wr_str_c(rows[i].json));
        wr_buf_free(&out);
    }
    wr_buf out = WR_BUF_INIT(1000);
    CHECK(wr_json_of_msgpack(WR_STR("\x91"), &out) == WR_TRUNCATED);
    wr_buf_free(&out);
}

static void addresses(void) {
    wr_endpoints e;
    CHECK(wr_endpoints_of("ipc:///run/x/", &e) == WR_OK);
    CHECK(strcmp(e.work, "ipc:///run/x/work.ipc") == 0);
    CHECK(strcmp(e.control, "ipc:///run/x/control.ipc") == 0 && strcmp(e.dir, "/run/x") == 0);
    CHECK(wr_endpoints_of("tcp://127.0.0.1:5680", &e) == WR_OK);
    CHECK(strcmp(e.work, "tcp://127.0.0.1:5680") == 0);
    CHECK(strcmp(e.control, "tcp://127.0.0.1:5681") == 0 && e.dir[0] == 0);
    static const char *const bad[] = {"",
                                      "udp://x:1",
                                      "ipc://",
                                      "tcp://host",
                                      "tcp://host:0",
                                      "tcp://host:x",
                                      "tcp://host:65535"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_ROW(bad[i], wr_endpoints_of(bad[i], &e) == WR_USAGE);
    char deep[200] = "ipc:///";
    memset(deep + 7, 'd', 100);
    CHECK(wr_endpoints_of(deep, &e) == WR_LIMIT);
}

int main(void) {
    round_trip();
    evolution();
    json();
    addresses();
    return check_summary();
}
