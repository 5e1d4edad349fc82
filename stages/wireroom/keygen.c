/* keygen.c -- `wireroom keygen`: keys for a line between machines */
#include "command.h"

#include <common/curve.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct options {
    bool force;
} options;

static const wr_option rows[] = {
    WR_FLAG(options, force, "force", "replace files that are there"),
    WR_OPTIONS_END,
};

static const wr_program program = {
    .name = "wireroom keygen",
    .summary = "makes a pair of keys for a line between machines",
    .example =
        "wireroom keygen hub                  writes hub.key (secret) and hub.pub\n"
        "wireroom keygen north                the same for a machine called north\n"
        "cat north.pub >>allowed              the hub's list of who may join\n"
        "wireroom run DIR --listen 'tcp://*:5680' --key hub.key --allow allowed\n"
        "wireroom-tag --line tcp://HUB:5680 --key north.key --hub-key hub.pub    on the other one",
    .operands = "NAME",
    .details =
        "NAME.key stays on its machine and is readable by its owner only. NAME.pub is copied: the "
        "hub's to every machine, each machine's into the hub's list. Lines are encrypted, and only "
        "keys of the list are admitted; the list is read anew for each connection, so a line added "
        "counts at once, and one taken out keeps that key from joining again. Who is admitted may "
        "give orders as well.",
};

static bool write_file(const char *path, mode_t mode, bool force, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), mode);
    bool done = fd >= 0 && fchmod(fd, mode) == 0 &&
                write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fsync(fd) == 0;
    if (!done)
        command_complain("keygen", "%s: %s%s", path, strerror(errno),
                         errno == EEXIST ? "; --force replaces it, and who has the old one is out"
                                         : "");
    if (fd >= 0) close(fd);
    return done;
}

static int write_pair(const char *name, bool force) {
    char secret[4096], open_[4096], text[512];
    wr_curve_pair pair;
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    snprintf(secret, sizeof secret, "%s.key", name);
    snprintf(open_, sizeof open_, "%s.pub", name);
    if (wr_curve_new(&pair) != WR_OK) {
        command_complain("keygen", "this libzmq was built without CURVE");
        return EXIT_PERMANENT;
    }
    snprintf(text, sizeof text, "# wireroom key of %.100s: keep it secret\npublic %s\nsecret %s\n",
             base, pair.open, pair.secret);
    if (!write_file(secret, 0600, force, text)) return EXIT_PERMANENT;
    snprintf(text, sizeof text, "%s %.100s\n", pair.open, base);
    if (!write_file(open_, 0644, force, text)) return EXIT_PERMANENT;
    printf("%s\tstays here, secret\n%s\tto be copied: a hub's to its machines, a machine's into "
           "the hub's --allow file\n",
           secret, open_);
    return EXIT_GOOD;
}

static int run(int argc, char **argv) {
    options o = {0};
    const wr_option_group group = {"Options", rows, &o};
    int n = 0, code = wr_options_read(&program, &group, 1, argc, argv, &n);
    if (code >= 0) return code;
    if (n != 1 || strlen(argv[1]) > 4000 || !*argv[1]) {
        command_complain("keygen", "which name? For example: wireroom keygen hub");
        return EXIT_PERMANENT;
    }
    return write_pair(argv[1], o.force);
}

const command command_keygen = {"keygen", &program, run, NULL};
