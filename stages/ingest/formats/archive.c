/* archive.c -- ZIP, tar and 7z: each member is read as a file of its own */
#include "records.h"
#include "unpack.h"

#include "../name.h"

typedef struct archive_state {
    unpack *archive;
    wr_arena *arena; /* of the member being read: reset for each, so memory does not grow */
    ingest_pages *pages;
    ingest_limits limits;
    wr_str name;
} archive_state;

static wr_status open_archive(ingest_input *in, archive_state **out, unpack_kind kind,
                              const ingest_limits *limits, wr_str *why) {
    archive_state *s = wr_arena_take(in->arena, sizeof *s);
    if (!s) return WR_MEMORY;
    *out = s;
    s->limits = *limits;
    WR_TRY(wr_arena_new("member", INGEST_FILE_ARENA(limits), &s->arena));
    return unpack_open(in->arena, in, kind, limits, &s->archive, why);
}

static void archive_close(void *state) {
    archive_state *s = state;
    ingest_pages_close(&s->pages);
    unpack_close(&s->archive);
    wr_arena_free(&s->arena);
}

/* "NAME: what is wrong with it" */
static wr_status blame(const archive_state *s, wr_arena *arena, wr_status status, wr_str *why) {
    wr_str text = why->len ? *why : wr_str_c(wr_status_text(status));
    WR_TRY(wr_arena_printf(arena, why, "%.*s: %.*s", (int)s->name.len, s->name.ptr, (int)text.len,
                           text.ptr));
    return status;
}

/* Names that are not looked at in a directory are not in an archive, nor what macOS puts beside
 * each file. */
static bool is_wanted(wr_str name) {
    size_t from = name.len;
    while (from > 0 && name.ptr[from - 1] != '/')
        from--;
    return !wr_str_starts(name, WR_STR("__MACOSX/")) &&
           ingest_name_wanted(wr_str_slice(name, from, name.len));
}

/* Opens the next member that can be read. */
static wr_status next_member(archive_state *s, wr_arena *arena, ingest_found *found, wr_str *why) {
    for (;;) {
        unpack_found got;
        wr_arena_reset(s->arena);
        s->name = WR_STR("?");
        *why = wr_str_of(NULL, 0);
        wr_status status = unpack_next(s->archive, s->arena, &s->name, &got, why);
        *found = INGEST_FOUND_END;
        if (got == UNPACK_END) return status;
        if (!is_wanted(s->name)) continue;
        *found = INGEST_FOUND_BAD;
        if (status == WR_OK)
            status =
                ingest_pages_open(s->arena, unpack_member(s->archive), &s->limits, &s->pages, why);
        return status == WR_OK ? WR_OK : blame(s, arena, status, why);
    }
}

static wr_status member_name(const archive_state *s, wr_arena *arena, wr_page *page) {
    if (!page->file.len) return wr_arena_copy(arena, s->name, &page->file);
    return wr_arena_printf(arena, &page->file, "%.*s!/%.*s", (int)s->name.len, s->name.ptr,
                           (int)page->file.len, page->file.ptr);
}

static wr_status archive_next(ingest_input *in, void **state, unpack_kind kind,
                              const ingest_limits *limits, wr_arena *arena, wr_page *page,
                              ingest_found *found, wr_str *why) {
    *found = INGEST_FOUND_END;
    archive_state **held = (archive_state **)state;
    if (!*held) WR_TRY(open_archive(in, held, kind, limits, why));
    archive_state *s = *held;
    if (!s->archive) return WR_OK;
    for (;;) {
        if (!s->pages) {
            wr_status status = next_member(s, arena, found, why);
            if (status != WR_OK || !s->pages) return status;
        }
        *why = wr_str_of(NULL, 0);
        wr_status status = ingest_pages_next(s->pages, arena, page, found, why);
        if (*found == INGEST_FOUND_PAGE) return member_name(s, arena, page);
        if (*found == INGEST_FOUND_BAD) return blame(s, arena, status, why);
        if (status != WR_OK) {
            *found = INGEST_FOUND_BAD;
            status = blame(s, arena, status, why);
        }
        ingest_pages_close(&s->pages);
        if (*found == INGEST_FOUND_BAD) return status;
    }
}

#define NEXT(name, kind)                                                                           \
    static wr_status name(ingest_input *in, void **state, const ingest_limits *limits,             \
                          wr_arena *arena, wr_page *page, ingest_found *found, wr_str *why) {      \
        return archive_next(in, state, kind, limits, arena, page, found, why);                     \
    }
NEXT(zip_next, UNPACK_ZIP)
NEXT(tar_next, UNPACK_TAR)
NEXT(seven_next, UNPACK_7Z)

const ingest_format records_zip = {"zip", zip_next, archive_close, false};
const ingest_format records_tar = {"tar", tar_next, archive_close, false};
const ingest_format records_7z = {"7z", seven_next, archive_close, false};
