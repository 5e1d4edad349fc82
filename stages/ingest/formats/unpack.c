/* unpack.c -- libarchive on a window, with limits */
#include "unpack.h"

#include "../name.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>

#define RATIO_FROM    ((uint64_t)1 << 20)
#define DIRECTORY_MAX ((uint64_t)8 << 20) /* bytes looked at before the first member is named */

struct unpack {
    struct archive *archive;
    ingest_input *in;
    ingest_input memory_window; /* where the run was taken into memory */
    ingest_memory memory;
    ingest_limits limits;
    unpack_kind kind;
    size_t given;                            /* bytes of the window libarchive looks at */
    uint64_t high;                           /* furthest byte of the archive that was looked at */
    uint64_t read_bytes;                     /* in all */
    uint64_t out_bytes, entries;             /* of all members */
    bool first_named, over, broken, retried; /* broken: libarchive cannot go on from where it is */
    uint64_t base;                           /* where in the file libarchive began */
    locale_t locale;                         /* names are converted to its character set: UTF-8 */
    wr_status limit; /* set in a call-back, where libarchive only knows a failure */
    wr_str limit_why;
    struct member {
        ingest_bytes bytes;
        unpack *from;
    } member;
};

/* ---- libarchive's view of the window ---- */

static la_ssize_t on_read(struct archive *a, void *opaque, const void **bytes) {
    unpack *u = opaque;
    ingest_input_take(u->in, u->given);
    u->given = 0;
    wr_status status = ingest_input_fill(u->in, 1);
    if (status != WR_OK) {
        u->limit = status;
        u->limit_why = u->in->why;
        archive_set_error(a, EIO, "the file cannot be read on");
        return ARCHIVE_FATAL;
    }
    wr_str view = ingest_input_view(u->in);
    u->read_bytes += view.len;
    if (!u->first_named && u->read_bytes > DIRECTORY_MAX) {
        u->limit = WR_LIMIT;
        u->limit_why = WR_STR("a directory of more members than the limit");
        archive_set_error(a, EIO, "directory too large");
        return ARCHIVE_FATAL;
    }
    if (u->in->offset + view.len > u->high) u->high = u->in->offset + view.len;
    u->given = view.len;
    *bytes = view.ptr;
    return (la_ssize_t)view.len;
}

static la_int64_t on_skip(struct archive *a, void *opaque, la_int64_t bytes) {
    unpack *u = opaque;
    (void)a;
    uint64_t to = u->in->offset + u->given + (uint64_t)bytes;
    if (bytes <= 0 || to > u->in->from->size) return 0; /* libarchive reads over it then */
    ingest_input_take(u->in, u->given);
    u->given = 0;
    if (ingest_input_seek(u->in, to) != WR_OK) return 0;
    if (to > u->high) u->high = to;
    return bytes;
}

static la_int64_t on_seek(struct archive *a, void *opaque, la_int64_t offset, int whence) {
    unpack *u = opaque;
    (void)a;
    uint64_t size = u->in->from->size, base = whence == SEEK_END ? size : 0;
    if (whence == SEEK_CUR) base = u->in->offset + u->given;
    int64_t to = (int64_t)base + offset;
    if (to < 0) return ARCHIVE_FATAL;
    u->given = 0;
    if (ingest_input_seek(u->in, (uint64_t)to < size ? (uint64_t)to : size) != WR_OK)
        return ARCHIVE_FATAL;
    return (la_int64_t)u->in->offset;
}

/* ---- open and close ---- */

static wr_status refuse(wr_status status, wr_str text, wr_str *why) {
    *why = text;
    return status;
}

static bool is_secret(const unpack *u) {
    wr_str text = wr_str_c(archive_error_string(u->archive));
    return text.ptr && (memmem(text.ptr, text.len, "ncrypt", 6) != NULL ||
                        memmem(text.ptr, text.len, "assphrase", 9) != NULL);
}

/* What libarchive says, or what a call-back found. */
static wr_status explain(const unpack *u, wr_arena *arena, wr_status status, wr_str *why) {
    if (u->limit != WR_OK) {
        *why = u->limit_why;
        return u->limit;
    }
    wr_str text = wr_str_c(archive_error_string(u->archive));
    if (is_secret(u)) {
        *why = WR_STR("the archive is encrypted");
        return WR_UNSUPPORTED;
    }
    if (text.ptr && memmem(text.ptr, text.len, "runcated", 8)) status = WR_TRUNCATED;
    wr_str kept = wr_str_slice(text, 0, 300);
    if (ingest_name_text(arena, kept, why) != WR_OK) *why = WR_STR("a damaged archive");
    return status;
}

static wr_status take_into_memory(unpack *u, wr_arena *arena, ingest_input *in, wr_str *why) {
    wr_status status = ingest_input_fill(in, in->limit);
    if (status != WR_OK) return refuse(status, in->why, why);
    if (!in->ended)
        return refuse(WR_LIMIT,
                      WR_STR("inside another file such an archive is read up to "
                             "--page-limit only"),
                      why);
    ingest_bytes *run = ingest_memory_open(&u->memory, ingest_input_view(in));
    ingest_input_open(&u->memory_window, arena, run, (size_t)64 << 10);
    u->in = &u->memory_window;
    return WR_OK;
}

static int choose(struct archive *a, unpack_kind kind) {
    switch (kind) {
    case UNPACK_ZIP: return archive_read_support_format_zip_streamable(a);
    case UNPACK_ZIP_AT: return archive_read_support_format_zip_seekable(a);
    case UNPACK_TAR: return archive_read_support_format_tar(a);
    default: return archive_read_support_format_7zip(a);
    }
}

static wr_status begin(unpack *u, wr_arena *arena, wr_str *why) {
    bool seeks = u->in->from->seek && u->in->from->size;
    u->archive = archive_read_new();
    u->given = 0;
    u->read_bytes = 0;
    u->first_named = u->broken = false;
    u->base = u->in->offset;
    if (!u->archive) return WR_MEMORY;
    choose(u->archive, u->kind);
    archive_read_set_read_callback(u->archive, on_read);
    archive_read_set_callback_data(u->archive, u);
    if (seeks) archive_read_set_skip_callback(u->archive, on_skip);
    if (seeks && u->kind != UNPACK_ZIP) archive_read_set_seek_callback(u->archive, on_seek);
    if (archive_read_open1(u->archive) == ARCHIVE_OK) return WR_OK;
    return explain(u, arena, WR_MALFORMED, why);
}

wr_status unpack_open(wr_arena *arena, ingest_input *in, unpack_kind kind,
                      const ingest_limits *limits, unpack **out, wr_str *why) {
    unpack *u = wr_arena_take(arena, sizeof *u);
    if (!u) return WR_MEMORY;
    u->in = in;
    u->kind = kind;
    u->limits = *limits;
    bool random = kind == UNPACK_ZIP_AT || kind == UNPACK_7Z;
    bool seeks = in->from->seek && in->from->size;
    wr_status status = random && !seeks ? take_into_memory(u, arena, in, why) : WR_OK;
    if (status == WR_OK) status = begin(u, arena, why);
    *out = u;
    if (status != WR_OK) unpack_close(out);
    return status;
}

void unpack_close(unpack **archive) {
    unpack *u = *archive;
    if (u && u->archive) archive_read_free(u->archive);
    *archive = NULL;
}

/* ---- members ---- */

static wr_status over_limit(unpack *u, wr_str *why) {
    u->over = true;
    if (u->out_bytes > u->limits.file_bytes)
        return refuse(WR_LIMIT, WR_STR("decompresses to more bytes than the limit"), why);
    if (u->entries > u->limits.entries)
        return refuse(WR_LIMIT, WR_STR("an archive of more members than the limit"), why);
    if (u->out_bytes > RATIO_FROM && u->limits.ratio && u->out_bytes / u->limits.ratio > u->high)
        return refuse(WR_LIMIT, WR_STR("decompresses to more times its size than the limit"), why);
    u->over = false;
    return WR_OK;
}

static wr_status member_read(ingest_bytes *self, char *to, size_t cap, size_t *len, wr_str *why) {
    unpack *u = ((struct member *)self)->from;
    *len = 0;
    la_ssize_t got;
    do
        got = archive_read_data(u->archive, to, cap);
    while (got == ARCHIVE_RETRY);
    if (got < 0) {
        u->broken |= got == ARCHIVE_FATAL;
        if (u->limit != WR_OK) return refuse(u->limit, u->limit_why, why);
        if (is_secret(u)) return refuse(WR_UNSUPPORTED, WR_STR("the member is encrypted"), why);
        return refuse(WR_MALFORMED, WR_STR("the member's data are damaged"), why);
    }
    *len = (size_t)got;
    self->taken += *len;
    u->out_bytes += *len;
    return over_limit(u, why);
}

static wr_status set_name(wr_arena *arena, struct archive_entry *entry, wr_str *name) {
    const char *text = archive_entry_pathname_utf8(entry);
    if (!text) text = archive_entry_pathname(entry);
    *name = text ? wr_str_slice(wr_str_c(text), 0, 4096) : WR_STR("?");
    return ingest_name_text(arena, *name, name);
}

/* Bytes of the view before what looks like a member's header; all that cannot be one when there is
 * none. Headers of tar stand at multiples of 512 bytes from the begin. */
static size_t find_header(const unpack *u, wr_str view, bool *hit) {
    const char *at =
        u->kind == UNPACK_ZIP && view.len ? memmem(view.ptr, view.len, "PK\x03\x04", 4) : NULL;
    *hit = at != NULL;
    if (at) return (size_t)(at - view.ptr);
    if (u->kind == UNPACK_ZIP) return view.len > 3 ? view.len - 3 : 0;
    size_t step = (size_t)((512 - (u->in->offset - u->base) % 512) % 512);
    for (; step + 512 <= view.len; step += 512)
        if (ingest_sniff(wr_str_slice(view, step, step + 512)).kind == INGEST_TAR) {
            *hit = true;
            return step;
        }
    return step < view.len ? step : view.len;
}

/* Goes on at the next header behind the one of the member that broke. WR_NOTFOUND: there is none;
 * WR_UNSUPPORTED: in such an archive it cannot be found. */
static wr_status resync(unpack *u, wr_arena *arena, wr_str *why) {
    uint64_t base = u->base, skipped;
    uint64_t from = base + (uint64_t)archive_read_header_position(u->archive) + 1;
    if (u->kind != UNPACK_ZIP && u->kind != UNPACK_TAR) return WR_UNSUPPORTED;
    archive_read_free(u->archive);
    u->archive = NULL;
    u->given = 0;
    u->limit = WR_OK;
    if (from > u->in->offset) WR_TRY(ingest_input_skip(u->in, from - u->in->offset, &skipped));
    for (;;) {
        WR_TRY(ingest_input_fill(u->in, (size_t)16 << 10));
        wr_str view = ingest_input_view(u->in);
        bool hit;
        size_t before = find_header(u, view, &hit);
        ingest_input_take(u->in, before);
        if (hit) break;
        if (!before) return WR_NOTFOUND;
    }
    return begin(u, arena, why);
}

/* libarchive converts names to the locale's character set: UTF-8 here. Loaded once. */
static locale_t use_utf8(void) {
    static locale_t utf8;
    if (!utf8) utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return uselocale(utf8);
}

static int next_header(unpack *u, struct archive_entry **entry) {
    locale_t before = use_utf8();
    int got = archive_read_next_header(u->archive, entry);
    uselocale(before);
    u->first_named = true;
    return got;
}

static wr_status name_of(wr_arena *arena, struct archive_entry *entry, wr_str *name) {
    locale_t before = use_utf8();
    wr_status status = set_name(arena, entry, name);
    uselocale(before);
    return status;
}

wr_status unpack_next(unpack *u, wr_arena *arena, wr_str *name, unpack_found *found, wr_str *why) {
    *found = UNPACK_END;
    while (!u->over) {
        struct archive_entry *entry = NULL;
        if (u->broken) {
            wr_status status = resync(u, arena, why);
            u->over = status != WR_OK;
            if (status == WR_UNSUPPORTED)
                return refuse(WR_MALFORMED, WR_STR("behind the damage nothing can be read"), why);
            if (status == WR_NOTFOUND) return WR_OK;
            WR_TRY(status);
        }
        int got = next_header(u, &entry);
        u->over = got == ARCHIVE_EOF;
        if (u->over) return WR_OK;
        u->entries++;
        WR_TRY(over_limit(u, why));
        bool damage = got == ARCHIVE_RETRY && !u->retried; /* told of once, not for each block */
        u->retried = got == ARCHIVE_RETRY;
        if (damage) {
            *found = UNPACK_BAD;
            return refuse(WR_MALFORMED, WR_STR("a damaged header"), why);
        }
        if (got == ARCHIVE_RETRY) continue;
        if (got == ARCHIVE_FATAL || got == ARCHIVE_FAILED) {
            bool ends = u->limit != WR_OK || u->kind == UNPACK_7Z || u->kind == UNPACK_ZIP_AT;
            u->broken = got == ARCHIVE_FATAL;
            if (u->broken && !ends && is_secret(u)) continue; /* the last one, told of before */
            u->over = u->broken && ends;
            *found = u->over ? UNPACK_END : UNPACK_BAD;
            return explain(u, arena, WR_MALFORMED, why);
        }
        if (archive_entry_filetype(entry) != AE_IFREG) continue; /* directories, links */
        WR_TRY(name_of(arena, entry, name));
        bool secret =
            archive_entry_is_encrypted(entry) || archive_entry_is_metadata_encrypted(entry);
        u->member = (struct member){.bytes = {.read = member_read}, .from = u};
        *found = secret ? UNPACK_BAD : UNPACK_MEMBER;
        return secret ? refuse(WR_UNSUPPORTED, WR_STR("the member is encrypted"), why) : WR_OK;
    }
    return WR_OK;
}

ingest_bytes *unpack_member(unpack *archive) {
    return &archive->member.bytes;
}

wr_status unpack_all(unpack *u, wr_arena *arena, size_t most, wr_str *out, wr_str *why) {
    size_t cap = 16 << 10, len = 0, got = 1;
    char *to = wr_arena_take(arena, cap);
    for (*out = wr_str_of(NULL, 0); to;) {
        WR_TRY(member_read(&u->member.bytes, to + len, cap - len, &got, why));
        len += got;
        *out = wr_str_of(to, len);
        if (!got) return WR_OK;
        if (len < cap) continue;
        if (cap >= most)
            return refuse(WR_LIMIT, WR_STR("a member larger than the limit (--page-limit)"), why);
        size_t more = cap * 2 < most ? cap * 2 : most;
        to = wr_arena_grow(arena, to, cap, more, 1);
        cap = more;
    }
    return WR_MEMORY;
}

static wr_status again(unpack *u, wr_arena *arena, wr_str *why) {
    archive_read_free(u->archive);
    u->archive = NULL;
    u->over = false;
    WR_TRY(ingest_input_seek(u->in, 0));
    return begin(u, arena, why);
}

wr_status unpack_find(unpack *u, wr_arena *arena, wr_str name, wr_str *why) {
    bool anew = u->broken || u->over;
    if (anew) WR_TRY(again(u, arena, why));
    for (int turn = anew; turn < 2; turn++) {
        for (;;) {
            wr_arena_mark mark = wr_arena_here(arena);
            wr_str have;
            unpack_found found;
            wr_status status = unpack_next(u, arena, &have, &found, why);
            if (found == UNPACK_END && status != WR_OK) return status;
            if (found == UNPACK_END) break;
            bool same = wr_str_eq(have, name);
            wr_arena_rewind(arena, mark);
            if (same) return status;
        }
        if (turn == 0) WR_TRY(again(u, arena, why));
    }
    return WR_NOTFOUND;
}
