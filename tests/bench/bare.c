/* bare.c -- messages a second of ZeroMQ alone: PUSH to PULL over ipc, two processes
 * usage: bare MESSAGES BYTES. Prints one JSON line. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int push(const char *endpoint, long n, size_t size) {
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_PUSH);
    char *bytes = calloc(1, size);
    if (!bytes || zmq_connect(socket, endpoint) != 0) return 1;
    for (long i = 0; i < n; i++)
        if (zmq_send(socket, bytes, size, 0) < 0) return 1;
    zmq_close(socket);
    zmq_ctx_term(context);
    free(bytes);
    return 0;
}

static int pull(const char *endpoint, long n, size_t size, double *seconds) {
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_PULL);
    if (zmq_bind(socket, endpoint) != 0) return 1;
    pid_t child = fork();
    if (child == 0) _exit(push(endpoint, n, size));
    zmq_msg_t msg;
    zmq_msg_init(&msg);
    double from = 0;
    for (long i = 0; i < n; i++) {
        if (zmq_msg_recv(&msg, socket, 0) < 0) return 1;
        if (i == 0) from = now();
    }
    *seconds = now() - from;
    int status = 1;
    waitpid(child, &status, 0);
    zmq_msg_close(&msg);
    zmq_close(socket);
    zmq_ctx_term(context);
    return status;
}

int main(int argc, char **argv) {
    long n = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    long size = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    char endpoint[64];
    double seconds = 0;
    if (n < 2 || size < 1) {
        fprintf(stderr, "usage: bare MESSAGES BYTES\n");
        return 100;
    }
    snprintf(endpoint, sizeof endpoint, "ipc:///tmp/wr-bare-%d", (int)getpid());
    int failed = pull(endpoint, n, (size_t)size, &seconds);
    unlink(endpoint + 6);
    if (failed) return 111;
    printf("{\"messages\":%ld,\"bytes\":%ld,\"seconds\":%.3f,\"per_second\":%.0f}\n", n, size,
           seconds, (double)n / seconds);
    return 0;
}
