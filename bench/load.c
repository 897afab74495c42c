/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks a server on this machine as fast as it answers, and checks each answer.
 *
 * A closed loop: every connection is opened before the clock starts, has one
 * request under way at a time, and the run ends after so many answers, so the
 * server's CPU time divided by COUNT is the price of a request. Connections
 * take the requests of the file in turn.
 *
 * Usage: bench_load PORT FILE CONNECTIONS COUNT [PACE_US | spin]
 *   FILE: requests, each "STATUS BODY_LENGTH REQUEST_LENGTH\n" and the bytes.
 *   With STATUS 0 any answer will do; "good" counts those of 200, and "shed"
 *   those of 503 that say when to come again.
 *   PACE_US: a connection waits until so long after its last request began.
 *   spin: it never sleeps. Waking a process of the same machine is otherwise
 *   part of the server's send, and costs as much as a small request.
 *
 * Prints "ready" when all are connected, begins at a line on standard input,
 * prints one line of JSON, and holds the connections until the input ends. An
 * input that ends during the run ends it: what is under way is waited for.
 */
#include "base/mem.h"
#include "base/slice.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD_MAX        4096
#define REQUESTS_MAX    4096
#define FILE_SIZE_MAX   ((size_t)16 << 20)
#define COUNT_MAX       ((uint64_t)100000000)
#define CONNECTIONS_MAX 100000
#define TURN            256
/* A server that says nothing for so long is given up. */
#define SILENCE_MS 20000

struct request {
    struct slice bytes;
    uint64_t status;
    uint64_t body_length;
};

struct conn {
    int fd;
    const struct request *request; /* NULL: none is under way */
    int64_t began_ns;
    int64_t next_ns;
    bool in_body;
    uint64_t body_left;
    size_t head_len;
    char head[HEAD_MAX];
};

static struct {
    struct request requests[REQUESTS_MAX];
    size_t request_count;
    size_t request_next;
    struct conn *conns;
    size_t conn_count;
    int epoll_fd;
    uint64_t to_send;
    uint64_t sent;
    uint64_t answered;
    uint64_t good;
    uint64_t shed;
    uint64_t bytes;
    int64_t pace_ns;
    bool spin;
    uint32_t *latencies; /* in tenths of a microsecond */
} run;

static char bytes_in[262144];

_Noreturn static void stop(const char *what)
{
    fprintf(stderr, "bench_load: %s after %llu answers (errno %d: %s)\n", what,
            (unsigned long long)run.answered, errno, strerrordesc_np(errno));
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static uint64_t number(struct slice text, uint64_t max, const char *what)
{
    uint64_t value = 0;

    if (!slice_to_u64(text, max, &value)) {
        stop(what);
    }
    return value;
}

static struct slice read_file(const char *path)
{
    char *bytes = mem_alloc(FILE_SIZE_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t got;

    if (bytes == NULL || fd < 0) {
        stop("cannot read the requests");
    }
    while ((got = read(fd, bytes + len, FILE_SIZE_MAX - len)) > 0) {
        len += (size_t)got;
    }
    close(fd);
    return slice_make(bytes, len);
}

static void read_requests(const char *path)
{
    struct slice rest = read_file(path);
    struct slice line;
    struct slice word;

    while (rest.len > 0 && run.request_count < REQUESTS_MAX &&
           slice_split(&rest, '\n', &line)) {
        struct request *request = &run.requests[run.request_count++];
        size_t len;

        (void)slice_split(&line, ' ', &word);
        request->status = number(word, 999, "bad status in the file");
        (void)slice_split(&line, ' ', &word);
        request->body_length = number(word, UINT32_MAX, "bad body length");
        len = number(line, rest.len, "bad request length");
        request->bytes = slice_head(rest, len);
        rest = slice_from(rest, len);
    }
    if (run.request_count == 0) {
        stop("no requests in the file");
    }
}

static void open_conn(struct conn *conn, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = conn};
    int on = 1;

    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (conn->fd < 0 || connect(conn->fd, (const struct sockaddr *)&address,
                                sizeof(address)) < 0) {
        stop("cannot connect");
    }
    (void)setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    (void)fcntl(conn->fd, F_SETFL, O_NONBLOCK);
    if (epoll_ctl(run.epoll_fd, EPOLL_CTL_ADD, conn->fd, &event) < 0) {
        stop("cannot watch a connection");
    }
}

static void send_next(struct conn *conn)
{
    struct slice bytes;

    conn->request = &run.requests[run.request_next];
    run.request_next = (run.request_next + 1) % run.request_count;
    run.sent++;
    conn->began_ns = now_ns();
    conn->next_ns = conn->began_ns + run.pace_ns;
    conn->in_body = false;
    conn->head_len = 0;
    bytes = conn->request->bytes;
    /* One request always fits into an empty socket. */
    if (send(conn->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL) !=
        (ssize_t)bytes.len) {
        stop("cannot send a request");
    }
}

/* Nothing, while its last request is under way or its pace says wait. */
static void send_if_due(struct conn *conn, int64_t now)
{
    if (conn->request == NULL && run.sent < run.to_send &&
        conn->next_ns <= now) {
        send_next(conn);
    }
}

static void take_answer(struct conn *conn)
{
    run.latencies[run.answered++] =
        (uint32_t)((now_ns() - conn->began_ns) / 100);
    conn->request = NULL;
    if (run.pace_ns == 0) {
        send_if_due(conn, INT64_MAX);
    }
}

/* The number in a field of that name, 0 when there is none. */
static uint64_t number_of(struct slice head, const char *name)
{
    struct slice line;
    struct slice field;

    while (slice_split(&head, '\n', &line)) {
        if (slice_split(&line, ':', &field) && line.ptr != NULL &&
            slice_equal_nocase(field, slice_from_cstr(name))) {
            line.len -= line.len > 0; /* its CR */
            return number(slice_trim(line), UINT32_MAX, "bad number answered");
        }
    }
    return 0;
}

static void expect(const struct request *request, uint64_t status,
                   uint64_t length, struct slice head)
{
    if (request->status != 0 &&
        (status != request->status || length != request->body_length)) {
        fprintf(stderr, "%.*s\n", SLICE_ARG(head));
        stop("another status or length than expected");
    }
}

static void check_head(struct conn *conn, struct slice head)
{
    uint64_t status = 0;
    uint64_t length = 0;

    if (head.len >= 12) {
        status = number(slice_make(head.ptr + 9, 3), 999, "no status");
    }
    if (status != 304) {
        length = number_of(head, "content-length");
    }
    expect(conn->request, status, length, head);
    run.good += status == 200;
    run.shed += status == 503 && number_of(head, "retry-after") > 0;
    conn->in_body = true;
    conn->body_left = length;
}

/* Takes the head off the front of *bytes; false when it is not whole yet. */
static bool take_head(struct conn *conn, struct slice *bytes)
{
    size_t had = conn->head_len;
    size_t room = HEAD_MAX - had;
    size_t more = bytes->len < room ? bytes->len : room;
    const char *end;
    size_t len;

    memcpy(conn->head + had, bytes->ptr, more);
    conn->head_len += more;
    end = memmem(conn->head, conn->head_len, "\r\n\r\n", 4);
    if (end == NULL) {
        if (conn->head_len == HEAD_MAX) {
            stop("an endless head");
        }
        return false;
    }
    len = (size_t)(end - conn->head) + 4;
    check_head(conn, slice_make(conn->head, len));
    *bytes = slice_from(*bytes, len - had);
    return true;
}

static void take_bytes(struct conn *conn, struct slice bytes)
{
    run.bytes += bytes.len;
    if (conn->request == NULL) {
        stop("bytes nobody asked for");
    }
    if (!conn->in_body && !take_head(conn, &bytes)) {
        return;
    }
    if (bytes.len > conn->body_left) {
        stop("more bytes than announced");
    }
    conn->body_left -= bytes.len;
    if (conn->body_left == 0) {
        take_answer(conn);
    }
}

static void on_readable(struct conn *conn)
{
    ssize_t got = read(conn->fd, bytes_in, sizeof(bytes_in));

    if (got > 0) {
        take_bytes(conn, slice_make(bytes_in, (size_t)got));
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        stop("a connection was closed");
    }
}

/* Paced connections are few: looking at all of them is cheap. */
static int send_due(void)
{
    int64_t now = now_ns();
    int64_t first = INT64_MAX;

    if (run.pace_ns == 0) {
        return SILENCE_MS;
    }
    for (size_t i = 0; i < run.conn_count; i++) {
        send_if_due(&run.conns[i], now);
        if (run.conns[i].request == NULL && run.conns[i].next_ns < first) {
            first = run.conns[i].next_ns;
        }
    }
    /* Rounded down: rather spin for the last millisecond than be late. */
    return first == INT64_MAX ? SILENCE_MS : (int)((first - now) / 1000000);
}

static int wait_events(struct epoll_event *events)
{
    int64_t began = now_ns();
    int wait = send_due();
    int count;

    do {
        count = epoll_wait(run.epoll_fd, events, TURN, run.spin ? 0 : wait);
    } while (run.spin && count == 0 &&
             now_ns() - began < (int64_t)SILENCE_MS * 1000000);
    if (count == 0 && wait == SILENCE_MS) {
        stop("silence");
    }
    return count;
}

/* Waits on the line from whoever measures; false: the input has ended. */
static bool wait_line(void)
{
    char line[16];

    return read(STDIN_FILENO, line, sizeof(line)) > 0;
}

static void run_load(void)
{
    struct epoll_event events[TURN];
    struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};

    if (epoll_ctl(run.epoll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &input) < 0) {
        stop("cannot watch the input; give it a pipe");
    }
    for (size_t i = 0; i < run.conn_count; i++) {
        struct conn *conn = &run.conns[i];

        /* Nobody who thinks between two requests begins with all others. */
        conn->next_ns =
            now_ns() + run.pace_ns / (int64_t)run.conn_count * (int64_t)i;
        if (run.pace_ns == 0) {
            send_if_due(conn, INT64_MAX);
        }
    }
    while (run.answered < run.to_send) {
        int count = wait_events(events);

        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr != NULL) {
                on_readable(events[i].data.ptr);
            } else if (!wait_line()) {
                run.to_send = run.sent;
                (void)epoll_ctl(run.epoll_fd, EPOLL_CTL_DEL, STDIN_FILENO,
                                NULL);
            }
        }
    }
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static double percentile_us(unsigned of_1000)
{
    uint64_t at = run.answered * of_1000 / 1000;

    at = at < run.answered ? at : run.answered - 1;
    return run.answered == 0 ? 0 : (double)run.latencies[at] / 10;
}

static void report(int64_t took_ns)
{
    qsort(run.latencies, run.answered, sizeof(*run.latencies), compare);
    printf("{\"answers\":%llu,\"good\":%llu,\"shed\":%llu,"
           "\"seconds\":%.6f,\"bytes\":%llu,"
           "\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f}\n",
           (unsigned long long)run.answered, (unsigned long long)run.good,
           (unsigned long long)run.shed, (double)took_ns / 1e9,
           (unsigned long long)run.bytes, percentile_us(500),
           percentile_us(900), percentile_us(990), percentile_us(1000));
    (void)fflush(stdout);
}

static void prepare(char **argv, int argc)
{
    uint16_t port =
        (uint16_t)number(slice_from_cstr(argv[1]), UINT16_MAX, "bad port");

    read_requests(argv[2]);
    run.conn_count =
        number(slice_from_cstr(argv[3]), CONNECTIONS_MAX, "bad connections");
    run.to_send = number(slice_from_cstr(argv[4]), COUNT_MAX, "bad count");
    run.spin = argc > 5 && strcmp(argv[5], "spin") == 0;
    if (argc > 5 && !run.spin) {
        run.pace_ns =
            (int64_t)number(slice_from_cstr(argv[5]), 1000000000, "bad pace") *
            1000;
    }
    run.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    run.conns = mem_alloc((run.conn_count + 1) * sizeof(*run.conns));
    run.latencies = mem_alloc((run.to_send + 1) * sizeof(*run.latencies));
    if (run.conns == NULL || run.latencies == NULL || run.epoll_fd < 0) {
        stop("no memory");
    }
    for (size_t i = 0; i < run.conn_count; i++) {
        open_conn(&run.conns[i], port);
    }
}

int main(int argc, char **argv)
{
    int64_t began;

    if (argc < 5) {
        fprintf(stderr, "usage: bench_load PORT FILE CONNECTIONS COUNT "
                        "[PACE_US | spin]\n");
        return 2;
    }
    prepare(argv, argc);
    printf("ready\n");
    (void)fflush(stdout);
    if (!wait_line()) {
        return 1;
    }
    began = now_ns();
    run_load();
    report(now_ns() - began);
    while (wait_line()) {
    }
    return 0;
}
