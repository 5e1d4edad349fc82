/* archive.c -- any bytes as an archive, book or document: what records.c says of other files */
#define ARCHIVES true
#include "records.c"
