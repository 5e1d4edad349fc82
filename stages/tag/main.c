/* main.c -- wireroom-tag: names, quotes and dates of the articles */
#include "names_file.h"
#include "tag.h"

#include <wireroom/data.h>
#include <wireroom/log.h>
#include <wireroom/stage.h>

#define TAGGER_BYTES ((size_t)32 << 20)

struct options {
    const char *model, *aliases;
};

struct state {
    wr_str model;
    names_file names;
    wr_arena *arena;
    struct tagger *tagger;
};

static const wr_option options[] = {
    WR_PATH(struct options, model, "tag-model", "FILE", NULL,
            "The model of names, instead of the one that is installed."),
    WR_PATH(struct options, aliases, "tag-aliases", "FILE", NULL,
            "A table of names of your own (type, name, canonical name, id; tab-separated), on top "
            "of the installed one; a change counts from the next page on."),
    WR_OPTIONS_END,
};

static wr_status tag_open(const void *given, void **out) {
    static struct state state;
    const struct options *o = given;
    char path[4096];
    const char *why = "cannot be read";
    if (!o->model) WR_TRY(wr_data_path("tag/model/names.bin", path, sizeof path));
    const char *file = o->model ? o->model : path;
    wr_status status = wr_data_map(file, &state.model);
    if (status == WR_OK) status = wr_arena_new("tagger", TAGGER_BYTES, &state.arena);
    if (status == WR_OK) status = tagger_new(state.arena, state.model, &state.tagger, &why);
    if (status != WR_OK) wr_log(WR_LOG_ERROR, status, "model", "%s: %s", file, why);
    *out = &state;
    WR_TRY(status);
    status = names_open(&state.names, o->aliases);
    if (status != WR_OK) wr_log(WR_LOG_ERROR, status, "names", "%s", state.names.why);
    else tagger_use_knowledge(state.tagger, state.names.knowledge);
    return status;
}

static wr_status tag_one(void *state, wr_arena *arena, wr_page *page, wr_str *why) {
    struct state *s = state;
    wr_status status;
    if (names_changed(&s->names, &status)) {
        if (status != WR_OK)
            wr_log(WR_LOG_WARN, status, "names", "%s; the names read before stay", s->names.why);
        else wr_log(WR_LOG_INFO, WR_OK, "names", "%s: read again", s->names.own);
        tagger_use_knowledge(s->tagger, s->names.knowledge);
    }
    return tag_page(s->tagger, arena, page, why);
}

static void tag_close(void *state) {
    struct state *s = state;
    wr_arena_free(&s->arena);
    wr_data_unmap(&s->model);
    names_close(&s->names);
}

int main(int argc, char **argv) {
    const wr_stage stage = {.name = "tag",
                            .summary = "finds the names, quotes and dates of articles",
                            .reads = "articles: text, paras, lang, published",
                            .writes = "articles: entities, quotes, dates; model",
                            .options = options,
                            .options_size = sizeof(struct options),
                            .open = tag_open,
                            .page = tag_one,
                            .close = tag_close};
    return wr_stage_main(&stage, argc, argv);
}
