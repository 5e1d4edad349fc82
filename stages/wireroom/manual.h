/* manual.h -- what `wireroom` itself says: --help, --man, --completion, --version, from its table
 */
#ifndef WIREROOM_MANUAL_H
#define WIREROOM_MANUAL_H

#include <stdio.h>

void manual_help(FILE *to);

/* Answers the options of `wireroom` itself and `wireroom help [NAME]`: the exit code, or -1 when
 * argv[1] is none of these. */
int manual_answer(int argc, char **argv);

#endif
