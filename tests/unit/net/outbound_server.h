/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server for the tests of the outbound client: blocking sockets on
 * loopback, a thread a connection, one request a connection. What it answers
 * is each test's own `serve`. And a loop to run the calling fibers on.
 */
#ifndef TESTS_UNIT_NET_OUTBOUND_SERVER_H
#define TESTS_UNIT_NET_OUTBOUND_SERVER_H

#include "../check.h"

#include "base/clock.h"
#include "net/client.h"
#include "net/fiber.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_REQUEST_MAX 65536

struct server {
    int fd;
    uint16_t port;
    pthread_t acceptor;
    _Atomic int live;
    _Atomic int accepted;
    /* The whole request, NUL behind it. The descriptor is closed after. */
    void (*serve)(int fd, const char *request);
};

static struct server server;
static struct loop *loop;
static struct client *client;
static int running;

static inline void server_send_bytes(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

        if (sent <= 0) {
            return;
        }
        bytes = slice_from(bytes, (size_t)sent);
    }
}

static inline void server_send(int fd, const char *text)
{
    server_send_bytes(fd, slice_from_cstr(text));
}

/* A server may hold its answer back until the test opens the gate. */
static _Atomic bool gate_open;

static inline void wait_for_gate(void)
{
    while (!gate_open) {
        usleep(500);
    }
}

/* How long until the other side has closed or reset; at most 5 s. */
static inline int64_t server_wait_closed(int fd)
{
    int64_t start = clock_mono_ms();
    struct pollfd wait = {.fd = fd, .events = POLLRDHUP};

    (void)poll(&wait, 1, 5000);
    return clock_mono_ms() - start;
}

static inline size_t body_length(const char *head)
{
    const char *field = strcasestr(head, "content-length:");

    return field == NULL ? 0 : strtoul(field + 15, NULL, 10);
}

/* False when the connection ends before the request does. */
static inline bool server_receive(int fd, char *into, size_t size)
{
    size_t len = 0;

    for (;;) {
        const char *end;
        ssize_t got;

        into[len] = '\0';
        end = strstr(into, "\r\n\r\n");
        if (end != NULL &&
            len >= (size_t)(end + 4 - into) + body_length(into)) {
            return true;
        }
        got = recv(fd, into + len, size - 1 - len, 0);
        if (got <= 0) {
            return false;
        }
        len += (size_t)got;
    }
}

static inline void *server_connection(void *arg)
{
    char request[SERVER_REQUEST_MAX];
    int fd = (int)(intptr_t)arg;

    if (server_receive(fd, request, sizeof(request))) {
        server.serve(fd, request);
    }
    close(fd);
    server.live--;
    return NULL;
}

static inline void *server_accept(void *arg)
{
    pthread_attr_t detached;
    int fd;

    (void)arg;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    while ((fd = accept(server.fd, NULL, NULL)) >= 0) {
        pthread_t thread;

        server.live++;
        server.accepted++;
        assert_int_equal(pthread_create(&thread, &detached, server_connection,
                                        (void *)(intptr_t)fd),
                         0);
    }
    pthread_attr_destroy(&detached);
    return NULL;
}

static inline void server_start(void (*serve)(int fd, const char *request))
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);

    server.serve = serve;
    server.accepted = 0;
    server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server.fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server.fd, 512), 0);
    assert_int_equal(getsockname(server.fd, (struct sockaddr *)&address, &size),
                     0);
    server.port = ntohs(address.sin_port);
    assert_int_equal(
        pthread_create(&server.acceptor, NULL, server_accept, NULL), 0);
}

/* Until every connection's thread has gone: they share the test's data. */
static inline void server_wait_idle(void)
{
    while (server.live > 0) {
        usleep(500);
    }
}

static inline void server_stop(void)
{
    (void)shutdown(server.fd, SHUT_RDWR);
    pthread_join(server.acceptor, NULL);
    close(server.fd);
    server_wait_idle();
}

/* The fiber's side. */

struct call {
    struct client_request request;
    char url[256];
    enum status status;
    struct client_response response;
    struct arena arena;
    struct fiber *fiber;
    int64_t took_ms;
};

static inline void call_init(struct call *call, const char *path)
{
    *call = (struct call){0};
    (void)snprintf(call->url, sizeof(call->url), "http://127.0.0.1:%d%s",
                   server.port, path);
    call->request.url = slice_from_cstr(call->url);
    arena_init(&call->arena, (size_t)16 << 20);
}

static inline void fiber_done(void)
{
    if (--running == 0) {
        loop_stop(loop);
    }
}

static inline void call_fiber(void *arg)
{
    struct call *call = arg;
    int64_t start = clock_mono_ms();

    call->fiber = fiber_current();
    call->status =
        client_call(client, &call->request, &call->arena, &call->response);
    call->took_ms = clock_mono_ms() - start;
    fiber_done();
}

static inline void start_fiber(void (*fn)(void *), void *arg)
{
    running++;
    check_ok(fiber_start(loop, fn, arg));
}

/* One call, to its end. */
static inline void run_call(struct call *call)
{
    start_fiber(call_fiber, call);
    loop_run(loop);
    server_wait_idle();
}

static inline void start_client(const struct client_options *options)
{
    check_ok(loop_new(&loop));
    check_ok(client_new(options, &client));
}

/* Messages to the loop may still be on their way. */
static inline void stop_client(void)
{
    if (client != NULL) {
        client_free(client);
        client = NULL;
    }
    loop_stop(loop);
    loop_run(loop);
    assert_int_equal(fiber_count(), 0);
    fiber_thread_end();
    loop_free(loop);
}

static inline void set_up(void (*serve)(int fd, const char *request))
{
    struct client_options options = {0};

    server_start(serve);
    start_client(&options);
}

static inline int tear_down(void **state)
{
    (void)state;
    stop_client();
    server_stop();
    return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, tear_down)

#endif
