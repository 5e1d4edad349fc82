/* stream.h -- the outbox as the messages that subscribers get
 *
 * A committed article is one row of the outbox that stands for a run of messages: the article, each
 * of its entities, each of its quotes, numbered in that order. Messages are made when they are
 * sent, from what is stored, so a replay gives the same bytes as the first time. STREAMS.md
 * describes them. */
#ifndef WR_STORE_STREAM_H
#define WR_STORE_STREAM_H

#include <common/store/json.h>
#include <common/store/read.h>

#define WR_STREAM_VERSION 1

typedef struct wr_message {
    uint64_t seq; /* 0: of the moment (sys/...), not in the outbox */
    wr_str topic; /* "article/en/example.org/" */
    wr_str body;  /* a msgpack map */
} wr_message;

typedef struct wr_stream wr_stream;

/* On a store's handle, which must outlive the stream. */
WR_API WR_MUSTUSE wr_status wr_stream_open(sqlite3 *db, wr_stream **out);
WR_API void wr_stream_close(wr_stream **stream);

/* First (0 = none) and last number in the outbox. */
WR_API WR_MUSTUSE wr_status wr_stream_range(wr_stream *stream, uint64_t *first, uint64_t *last);

/* Called for each message; strings are valid during the call. Anything but WR_OK ends the reading.
 */
typedef wr_status wr_stream_take(void *to, const wr_message *message);
/* Is a message of this topic wanted? Asked before the body is made. */
typedef bool wr_stream_wants(void *to, wr_str topic);

/* The messages from number `from` on, in order, until `limit` were given or the outbox ends. What
 * is not wanted is passed over. *next = the number to go on from. An article that has been
 * forgotten meanwhile gives one message `sys/gone/` for its whole run. `arena` is rewound. */
WR_API WR_MUSTUSE wr_status wr_stream_read(wr_stream *stream, wr_arena *arena, uint64_t from,
                                           size_t limit, wr_stream_wants *wants,
                                           wr_stream_take *take, void *to, uint64_t *next);

/* A message of the moment: `type` in the topic sys/<type>/, `json` an object with its members. */
WR_API WR_MUSTUSE wr_status wr_stream_notice(wr_stream *stream, wr_arena *arena, const char *type,
                                             wr_str json, wr_message *out);

/* JSON text as msgpack, appended: whole numbers as integers, others as doubles. */
WR_API WR_MUSTUSE wr_status wr_json_pack(wr_buf *out, const wr_json *value);

#endif
