/* shout.c -- the smallest stage: titles in capitals */
#include <wireroom/stage.h>

static wr_status shout(void *state, wr_arena *arena, wr_page *page, wr_str *why) {
    (void)state;
    (void)why;
    for (size_t i = 0; i < page->n_articles; i++) {
        wr_str copy;
        WR_TRY(wr_arena_copy(arena, page->articles[i].title, &copy));
        char *letters = (char *)(uintptr_t)copy.ptr;
        for (size_t k = 0; k < copy.len; k++)
            if ((unsigned char)(letters[k] - 'a') < 26) letters[k] = (char)(letters[k] - 32);
        page->articles[i].title = copy;
    }
    return WR_OK;
}

int main(int argc, char **argv) {
    const wr_stage stage = {.name = "shout",
                            .summary = "titles in capitals",
                            .reads = "articles: title",
                            .writes = "articles: title",
                            .page = shout};
    return wr_stage_main(&stage, argc, argv);
}
