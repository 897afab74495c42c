/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres_relay.h"

#include "../check.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

struct relay_chunk {
    struct relay_chunk *next;
    int64_t due_ms;
    size_t len; /* 0: the end */
    char bytes[16384];
};

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void add_stream(struct postgres_relay *relay, int from, int to)
{
    relay->streams[relay->count++] =
        (struct relay_stream){.from = from, .to = to};
}

static void accept_one(struct postgres_relay *relay)
{
    struct sockaddr_in address = loopback(relay->target);
    int client = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (relay->count + 2 > RELAY_STREAMS ||
        connect(server, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(client);
        close(server);
        return;
    }
    add_stream(relay, client, server);
    add_stream(relay, server, client);
}

static void take(struct postgres_relay *relay, struct relay_stream *stream)
{
    struct relay_chunk *chunk = calloc(1, sizeof(*chunk));
    ssize_t len = recv(stream->from, chunk->bytes, sizeof(chunk->bytes), 0);

    chunk->len = len > 0 ? (size_t)len : 0;
    chunk->due_ms = clock_mono_ms() + relay->one_way_ms;
    if (stream->last == NULL) {
        stream->first = chunk;
    } else {
        stream->last->next = chunk;
    }
    stream->last = chunk;
    if (chunk->len == 0) {
        stream->from = -1; /* the other direction closes it */
    }
}

static void hand_on(struct relay_stream *stream)
{
    struct relay_chunk *chunk = stream->first;

    if (chunk->len == 0) {
        shutdown(stream->to, SHUT_WR);
    } else {
        (void)!send(stream->to, chunk->bytes, chunk->len, MSG_NOSIGNAL);
    }
    stream->first = chunk->next;
    stream->last = stream->first == NULL ? NULL : stream->last;
    free(chunk);
}

static void hand_on_due(struct postgres_relay *relay)
{
    int64_t now_ms = clock_mono_ms();

    for (int i = 0; i < relay->count; i++) {
        struct relay_stream *stream = &relay->streams[i];

        while (stream->first != NULL && stream->first->due_ms <= now_ms) {
            hand_on(stream);
        }
    }
}

static void *relay_main(void *arg)
{
    struct postgres_relay *relay = arg;

    while (!relay->stopping) {
        struct pollfd fds[RELAY_STREAMS + 1] = {{relay->listener, POLLIN, 0}};
        int count = relay->count;

        for (int i = 0; i < count; i++) {
            fds[i + 1] = (struct pollfd){relay->streams[i].from, POLLIN, 0};
        }
        poll(fds, (nfds_t)count + 1, 2);
        for (int i = 0; i < count; i++) {
            if (fds[i + 1].revents != 0) {
                take(relay, &relay->streams[i]);
            }
        }
        if (fds[0].revents != 0) {
            accept_one(relay);
        }
        hand_on_due(relay);
    }
    return NULL;
}

void postgres_relay_start(struct postgres_relay *relay, int target,
                          int64_t round_trip_ms)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);

    *relay = (struct postgres_relay){.target = target,
                                     .one_way_ms = round_trip_ms / 2};
    relay->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(relay->listener, (struct sockaddr *)&address, size),
                     0);
    assert_int_equal(listen(relay->listener, 64), 0);
    assert_int_equal(
        getsockname(relay->listener, (struct sockaddr *)&address, &size), 0);
    relay->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&relay->thread, NULL, relay_main, relay),
                     0);
}

void postgres_relay_stop(struct postgres_relay *relay)
{
    relay->stopping = 1;
    pthread_join(relay->thread, NULL);
    for (int i = 0; i < relay->count; i++) {
        struct relay_stream *stream = &relay->streams[i];

        while (stream->first != NULL) {
            hand_on(stream);
        }
        close(stream->to); /* each socket is the other direction's "to" */
    }
    close(relay->listener);
}
