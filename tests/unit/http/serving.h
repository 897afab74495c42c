/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server on a thread of its own, and a blocking client beside it: what the
 * tests of http/server speak to. Every wait ends after five seconds.
 */
#ifndef TESTS_UNIT_HTTP_SERVING_H
#define TESTS_UNIT_HTTP_SERVING_H

#include "../check.h"

#include "http/server.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct serving {
    pthread_t thread;
    struct loop *loop;
    struct http_server *server;
    struct listener listener;
    sem_t told; /* an order has been carried out */
    sem_t drained;
};

struct order {
    struct message message;
    struct serving *serving;
    void (*carry_out)(struct serving *serving);
};

static inline void *serving_main(void *arg)
{
    struct serving *serving = arg;

    loop_run(serving->loop);
    fiber_thread_end();
    return NULL;
}

/* Rules that answer these routes under any name; the caller's. */
static inline struct http_rules *serving_rules(const struct route *routes,
                                               size_t count)
{
    struct http_rules *rules = http_rules_new();

    assert_non_null(rules);
    check_ok(router_init(&rules->router, &rules->arena, routes, count));
    rules->origins.any_host = true;
    return rules;
}

/* Of a routes[] in sight. */
#define SERVING_RULES(routes)                                                  \
    serving_rules(routes, sizeof(routes) / sizeof(*(routes)))

/* `rules` loses the caller's share. */
static inline void serving_start(struct serving *serving,
                                 struct http_rules *rules,
                                 struct http_limits limits)
{
    struct http_server_options options = {.limits = limits, .rules = rules};
    const char *why = "";

    memset(serving, 0, sizeof(*serving));
    sem_init(&serving->told, 0, 0);
    sem_init(&serving->drained, 0, 0);
    check_ok(loop_new(&serving->loop));
    check_ok(listener_open(&serving->listener, "127.0.0.1", 0, &why));
    check_ok(http_server_new(&options, serving->loop, &serving->server));
    check_ok(http_server_listen(serving->server, &serving->listener));
    http_rules_release(rules);
    assert_int_equal(
        pthread_create(&serving->thread, NULL, serving_main, serving), 0);
}

static inline void serving_obey(struct message *message)
{
    struct order *order = CONTAINER_OF(message, struct order, message);

    order->carry_out(order->serving);
    sem_post(&order->serving->told);
}

/* Runs it on the server's thread and waits until it has run. */
static inline void serving_do(struct serving *serving,
                              void (*carry_out)(struct serving *serving))
{
    struct order order = {{NULL, serving_obey}, serving, carry_out};

    loop_post(serving->loop, &order.message);
    sem_wait(&serving->told);
}

static inline void serving_on_drained(struct http_server *server, void *arg)
{
    (void)server;
    sem_post(&((struct serving *)arg)->drained);
}

static inline void serving_drain(struct serving *serving)
{
    http_server_drain(serving->server, serving_on_drained, serving);
}

static inline void serving_cut(struct serving *serving)
{
    http_server_cut(serving->server);
}

static inline void serving_stop(struct serving *serving)
{
    loop_stop(serving->loop);
    pthread_join(serving->thread, NULL);
    http_server_free(serving->server);
    loop_free(serving->loop);
}

/* Ends whatever is still going on, then stops. */
static inline void serving_end(struct serving *serving)
{
    serving_do(serving, serving_drain);
    serving_do(serving, serving_cut);
    sem_wait(&serving->drained);
    serving_stop(serving);
}

static inline int client_connect(const struct serving *serving)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(serving->listener.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval five = {5, 0};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &five, sizeof(five)), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

static inline void client_send(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
                     (ssize_t)strlen(text));
}

/* Reads until `until` has arrived, or the end if NULL; NUL-terminated. */
static inline const char *client_read(int fd, const char *until)
{
    static char text[1 << 20];
    size_t len = 0;
    ssize_t got = 1;

    text[0] = '\0';
    while (got > 0 && len + 1 < sizeof(text) &&
           (until == NULL || strstr(text, until) == NULL)) {
        got = recv(fd, text + len, sizeof(text) - 1 - len, 0);
        len += got > 0 ? (size_t)got : 0;
        text[len] = '\0';
    }
    if (until != NULL && strstr(text, until) == NULL) {
        fail_msg("wanted \"%s\", got \"%s\"", until, text);
    }
    return text;
}

/* The other side has closed, and sent nothing before. */
static inline void client_expect_end(int fd)
{
    char byte;

    assert_int_equal(recv(fd, &byte, 1, 0), 0);
}

/* One connection, one request, everything that comes back. */
static inline const char *client_ask(const struct serving *serving,
                                     const char *request)
{
    const char *answer;
    int fd = client_connect(serving);

    client_send(fd, request);
    answer = client_read(fd, NULL);
    close(fd);
    return answer;
}

static inline void expect_in(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("wanted \"%s\" in \"%s\"", part, text);
    }
}

static inline void expect_not_in(const char *text, const char *part)
{
    if (strstr(text, part) != NULL) {
        fail_msg("did not want \"%s\" in \"%s\"", part, text);
    }
}

#endif
