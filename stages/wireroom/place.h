/* place.h -- the directories and locks a run needs */
#ifndef WIREROOM_PLACE_H
#define WIREROOM_PLACE_H

#include "settings.h"

typedef struct place {
    const char *line_dir; /* of the sockets; NULL for a line that is not on this machine's files */
    char own_line[256];   /* a directory made for this run, removed at its end; "" = none */
    int locks[2];
} place;

/* Fills in what the settings leave open (state, line), makes the directories, takes the locks: no
 * two runs share a state or a line. Prints what is wrong. Returns -1 to go on, else the exit code.
 */
int place_open(place *at, plan *p);
void place_close(place *at);

/* Checks a directory to be read: -1 when it will do, else the exit code; prints why. */
int place_check_dir(const plan *p, const char *dir);

#endif
