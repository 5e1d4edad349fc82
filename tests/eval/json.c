/* json.c -- eval_json FILE...: "FILE valid" or "FILE refused" by the strict check, a line each; the
 * lenient reader must survive all of them */
#include "common/text/jvalue.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    static char bytes[1 << 20];
    wr_arena *arena;
    if (wr_arena_new("json", (size_t)64 << 20, &arena) != WR_OK) return 1;
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (!f) return 1;
        wr_str s = wr_str_of(bytes, fread(bytes, 1, sizeof bytes, f));
        fclose(f);
        wr_jvalue *root;
        wr_arena_reset(arena);
        if (wr_jvalue_read(arena, s, &root) != WR_OK) return 1;
        printf("%s %s\n", argv[i], wr_jvalue_valid(s) ? "valid" : "refused");
    }
    wr_arena_free(&arena);
    return 0;
}
