/* transport.h -- how pages travel: the side that works on them, the side that hands them in, and
 * the side that looks on
 *
 * A line is a chain of stages with a queue before each. Its address chooses what carries it:
 *   ipc:///run/wireroom        the hub in that directory (sockets work.ipc and control.ipc)
 *   tcp://host:5680            the hub at that port (control: the port after it)
 * Nothing in here is particular to the hub: leases, acknowledgement together with the output,
 * bounded windows and dead letters are what RabbitMQ's quorum queues give as well.
 *
 * An object belongs to one thread. Signs of life are sent from a thread of its own, so a page that
 * takes long does not look like a dead worker. */
#ifndef WIREROOM_TRANSPORT_H
#define WIREROOM_TRANSPORT_H

#include <wireroom/buf.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WR_PAYLOAD_MAX ((size_t)64 << 20) /* bytes of one page on the line */
#define WR_ID_MAX      64                 /* bytes of a page id, of a stage's or slot's name */

/* ---- the worker: a stage's process ---- */

typedef struct wr_worker_config {
    const char *line;  /* address */
    const char *stage; /* whose queue */
    const char *slot;  /* this worker's place, unique in the stage: who joins with the name of a
                          living worker takes over from it */
    const char *build; /* version, for people */
    unsigned credit;   /* pages held at a time, >= 1 */
    uint32_t lease_ms; /* a page may take that long; longer = hung; 0 = the line's default */
    uint32_t lost_ms;  /* give up when the line is not there for so long; 0 = never */
    bool guard; /* a crash (SIGSEGV, ...) and a page that outlives its lease end the process, and
                   the page is named as the cause: for a process that does nothing else */
} wr_worker_config;

typedef struct wr_work {
    uint64_t ticket;  /* names this lease in done, fail, extend */
    wr_str id;        /* of the page; as payload valid until the next call of wr_worker_next */
    wr_str payload;   /* the page as msgpack, not yet checked */
    unsigned attempt; /* 1 = first time */
} wr_work;

typedef struct wr_worker wr_worker;

/* Connects (in the background: succeeds while there is no line yet). WR_USAGE: address or names. */
WR_API WR_MUSTUSE wr_status wr_worker_open(const wr_worker_config *config, wr_worker **out);

/* The next page, in the order they were leased. WR_TIMEOUT: none within `timeout_ms` (0 = look
 * only); WR_CLOSED: drained, every page is answered and none will come; WR_IO: line lost for
 * lost_ms; WR_VERSION: the line refuses this worker. After a line's restart old tickets are void:
 * answers to them are thrown away, and the pages come again with new ones. */
WR_API WR_MUSTUSE wr_status wr_worker_next(wr_worker *worker, int timeout_ms, wr_work *out);

/* Acknowledges the page and hands its output to the next stage, in one message. An output with
 * ptr NULL: the page as it came. The bytes are copied. */
WR_API WR_MUSTUSE wr_status wr_worker_done(wr_worker *worker, uint64_t ticket, wr_str output);

/* The page ends here or is given back, as the status' verdict says. `text` (at most 1,000 bytes are
 * sent) says what was found. */
WR_API WR_MUSTUSE wr_status wr_worker_fail(wr_worker *worker, uint64_t ticket, wr_status status,
                                           wr_str text);

/* Starts the page's lease afresh. */
WR_API WR_MUSTUSE wr_status wr_worker_extend(wr_worker *worker, uint64_t ticket);

/* Which page is worked on now (0 = none): what a sign of life reports, and what is blamed when the
 * process crashes or hangs. `since_ms` from wr_now_ms. */
WR_API void wr_worker_busy(wr_worker *worker, uint64_t ticket);

/* Asks the line for no more pages; those held are still to be answered, then wr_worker_next gives
 * WR_CLOSED. May be called from a signal handler. */
WR_API void wr_worker_drain(wr_worker *worker);

/* True when the line asked for the drain and wants the process started again afterwards. */
WR_API bool wr_worker_restart_wanted(const wr_worker *worker);

/* A msgpack map of the stage's own figures, sent with the next sign of life (copied). */
WR_API void wr_worker_report(wr_worker *worker, wr_str figures);

/* Pages not answered go back to the queue, free of charge. Sets *worker to NULL. */
WR_API void wr_worker_close(wr_worker **worker);

/* ---- the source: who hands pages in ---- */

typedef struct wr_source_config {
    const char *line;
    const char *name; /* "ingest", for people */
    const char *build;
    unsigned window;  /* pages handed in and not completed, wished for; the line may grant less */
    uint32_t lost_ms; /* as above */
} wr_source_config;

typedef enum wr_event {
    WR_EVENT_COMPLETED, /* one page's journey has ended */
    WR_EVENT_RESTARTED  /* the line forgot everything: submit again all that is not completed */
} wr_event;

typedef struct wr_outcome {
    wr_event event;
    uint64_t ref;       /* as submitted */
    wr_verdict verdict; /* PASS: through; DROP: filtered or duplicate; REJECT: failed or dead
                           letter; RETRY: the line has no room, submit again later */
    wr_str status;      /* label: "ok", "duplicate", "malformed", ... */
    wr_str stage;       /* where it ended; empty for PASS */
    wr_str text;        /* what was found; strings valid until the next call of wr_source_next */
    bool dead;          /* it is among the dead letters */
} wr_outcome;

typedef struct wr_source wr_source;

WR_API WR_MUSTUSE wr_status wr_source_open(const wr_source_config *config, wr_source **out);

/* Hands in a page (copied). `ref` is the caller's own number for it, not used by another page that
 * is under way. WR_AGAIN: the window is full or the line not there; WR_LIMIT: larger than
 * WR_PAYLOAD_MAX. The same id under way twice is worked on once, and both refs get its outcome. */
WR_API WR_MUSTUSE wr_status wr_source_submit(wr_source *source, uint64_t ref, wr_str id,
                                             wr_str payload);

/* Pages that may be submitted now. */
WR_API size_t wr_source_room(wr_source *source);

/* The next event. Waits for it or for `wake_fd` (-1 = none) to become readable. WR_TIMEOUT: neither
 * within timeout_ms, or room has become free; WR_AGAIN: wake_fd is readable; WR_IO, WR_VERSION as
 * for a worker. RESTARTED comes first when the line is new, also before anything was submitted. */
WR_API WR_MUSTUSE wr_status wr_source_next(wr_source *source, int wake_fd, int timeout_ms,
                                           wr_outcome *out);

WR_API void wr_source_close(wr_source **source);

/* ---- control: questions and orders ---- */

typedef struct wr_control wr_control;

WR_API WR_MUSTUSE wr_status wr_control_open(const char *line, wr_control **out);

/* Asks and waits. `words` are the verb and its arguments; *reply is msgpack, in the arena. The
 * status is the line's own, or WR_TIMEOUT; with a status other than WR_OK the reply is {"text":
 * why}. Verbs (see PROTOCOL.md for the replies): status                         epoch, stages with
 * counters and queues, workers, sources drain SLOT | restart SLOT      that worker ("tag.0", or
 * "tag" = all of the stage) finishes what it holds and exits 0 | 111 pause STAGE | resume STAGE
 *   dead ls [STAGE] | dead show KEY | dead retry KEY|all | dead drop KEY|all
 *   stop                           the line ends: workers are told to finish */
WR_API WR_MUSTUSE wr_status wr_control_call(wr_control *control, const char *const *words,
                                            size_t n_words, int timeout_ms, wr_arena *arena,
                                            wr_str *reply);

/* What passes one point of the line, as copies: "tag" = pages that stage has finished, "in" = pages
 * handed in. One of `every`; what the watcher does not take in time is skipped. Call it again to
 * change. */
WR_API WR_MUSTUSE wr_status wr_control_tap(wr_control *control, const char *point, unsigned every);

typedef struct wr_tapped {
    uint64_t seq; /* counts the copies made for this watcher: a gap = skipped */
    wr_str point, id, status;
    wr_str payload; /* msgpack; empty when the page ended there. Valid until the next call */
} wr_tapped;

/* WR_TIMEOUT: nothing within timeout_ms. */
WR_API WR_MUSTUSE wr_status wr_control_next(wr_control *control, int timeout_ms, wr_tapped *out);

WR_API void wr_control_close(wr_control **control);

/* ---- the rest ---- */

/* The address a process uses when it is told none: WIREROOM_LINE, else
 * ipc://$XDG_RUNTIME_DIR/wireroom, else ipc:///run/wireroom for root, else
 * ipc:///tmp/wireroom-<uid>. Static memory. */
WR_API const char *wr_line_default(void);

/* Milliseconds of a clock that only goes forward. */
WR_API uint64_t wr_now_ms(void);

/* One msgpack object as JSON, appended: binary as base64 strings, invalid UTF-8 replaced, keys that
 * are no strings as their JSON text. WR_MALFORMED etc. from wr_wire_check. */
WR_API WR_MUSTUSE wr_status wr_json_of_msgpack(wr_str msg, wr_buf *out);

/* A back end: what carries a line with a certain scheme. Rows of a table in common/transport.c; the
 * functions above call through it. */
typedef struct wr_transport {
    const char *scheme; /* "ipc" */
    wr_status (*worker_open)(const wr_worker_config *config, void **self);
    wr_status (*worker_next)(void *self, int timeout_ms, wr_work *out);
    wr_status (*worker_done)(void *self, uint64_t ticket, wr_str output);
    wr_status (*worker_fail)(void *self, uint64_t ticket, wr_status status, wr_str text);
    wr_status (*worker_extend)(void *self, uint64_t ticket);
    void (*worker_busy)(void *self, uint64_t ticket);
    void (*worker_drain)(void *self);
    bool (*worker_restart_wanted)(const void *self);
    void (*worker_report)(void *self, wr_str figures);
    void (*worker_close)(void *self);
    wr_status (*source_open)(const wr_source_config *config, void **self);
    wr_status (*source_submit)(void *self, uint64_t ref, wr_str id, wr_str payload);
    size_t (*source_room)(void *self);
    wr_status (*source_next)(void *self, int wake_fd, int timeout_ms, wr_outcome *out);
    void (*source_close)(void *self);
    wr_status (*control_open)(const char *line, void **self);
    wr_status (*control_call)(void *self, const char *const *words, size_t n_words, int timeout_ms,
                              wr_arena *arena, wr_str *reply);
    wr_status (*control_tap)(void *self, const char *point, unsigned every);
    wr_status (*control_next)(void *self, int timeout_ms, wr_tapped *out);
    void (*control_close)(void *self);
} wr_transport;

#ifdef __cplusplus
}
#endif
#endif
