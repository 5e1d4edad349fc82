/* model.c -- the trained models, as they are, in the read-only data of the program */
#include "common/text/model.h"

#define EMBED(name, file)                                                                          \
    __asm__(".pushsection .rodata\n.balign 16\n.global " #name "\n.hidden " #name "\n" #name       \
            ":\n.incbin \"" WR_TEXT_DIR "/" file "\"\n.global " #name "_end\n.hidden " #name       \
            "_end\n" #name "_end:\n.byte 0\n.popsection\n");                                       \
    extern const unsigned char name##_end[];                                                       \
    size_t name##_len(void) {                                                                      \
        return (size_t)(name##_end - name);                                                        \
    }

EMBED(wr_language_model, "language.model")
EMBED(wr_charset_model, "charset.model")
