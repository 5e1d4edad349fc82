/* main.c -- wireroom-tag: names, quotes and dates of the articles */
#include "knowledge.h"
#include "tag.h"

#include <wireroom/data.h>
#include <wireroom/log.h>
#include <wireroom/stage.h>

#define TAGGER_BYTES ((size_t)32 << 20)

struct options {
    const char *model, *aliases;
};

struct state {
    wr_str model, names, aliases;
    wr_arena *arena;
    struct tagger *tagger;
};

static const wr_option options[] = {
    WR_PATH(struct options, model, "tag-model", "FILE", NULL,
            "The model of names, instead of the one that is installed."),
    WR_PATH(struct options, aliases, "tag-aliases", "FILE", NULL,
            "A table of names of your own (type, name, canonical name, id; tab-separated), on top "
            "of the installed one."),
    WR_OPTIONS_END,
};

/* The installed table of names, and the user's own on top of it. */
static wr_status open_knowledge(struct state *s, const struct options *o) {
    char path[4096];
    struct knowledge *knowledge;
    size_t line = 0;
    WR_TRY(wr_data_path("tag/knowledge.tsv", path, sizeof path));
    WR_TRY(wr_data_map(path, &s->names));
    if (o->aliases) {
        wr_status status = wr_data_map(o->aliases, &s->aliases);
        if (status != WR_OK) {
            wr_log(WR_LOG_ERROR, status, "aliases", "%s: cannot be read", o->aliases);
            return status;
        }
    }
    wr_str files[] = {s->names, s->aliases};
    wr_status status = knowledge_new(s->arena, files, 2, &knowledge, &line);
    if (status != WR_OK)
        wr_log(WR_LOG_ERROR, status, "aliases",
               "%s:%zu: a row is type, name, canonical name, tab-separated",
               o->aliases ? o->aliases : path, line);
    else tagger_use_knowledge(s->tagger, knowledge);
    return status;
}

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
    if (status == WR_OK) status = open_knowledge(&state, o);
    *out = &state;
    return status;
}

static wr_status tag_one(void *state, wr_arena *arena, wr_page *page, wr_str *why) {
    return tag_page(((struct state *)state)->tagger, arena, page, why);
}

static void tag_close(void *state) {
    struct state *s = state;
    wr_arena_free(&s->arena);
    wr_data_unmap(&s->model);
    wr_data_unmap(&s->names);
    wr_data_unmap(&s->aliases);
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
