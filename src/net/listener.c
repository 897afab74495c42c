/* SPDX-License-Identifier: Apache-2.0 */
#include "net/listener.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Taken in one turn, so that a flood of newcomers does not starve others. */
#define ACCEPTS_A_TURN 64
/* The kernel cuts it to net.core.somaxconn. */
#define BACKLOG 4096
/* Running out of descriptors is logged this often, not once a connection. */
#define WARN_EVERY_MS 10000
/* Short to who waits in the queue, long to the processor. */
#define DEAF_MS 100
/*
 * What one answer may lay up in the kernel beyond what is on its way: without
 * it, megabytes for each client that takes nothing.
 */
#define UNSENT_MAX (128 * 1024)

static int spare_open(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Nothing can be taken off the queue: asking again at once is no use. */
static void become_deaf(struct listener *listener)
{
    loop_unwatch(listener->loop, &listener->watch);
    loop_timer(listener->loop, &listener->retry, DEAF_MS);
}

static void on_retry(struct timer *timer)
{
    struct listener *listener = CONTAINER_OF(timer, struct listener, retry);

    if (listener->spare_fd < 0) {
        listener->spare_fd = spare_open();
    }
    if (loop_watch(listener->loop, &listener->watch, EPOLLIN) != STATUS_OK) {
        loop_timer(listener->loop, timer, DEAF_MS);
    }
}

/* Accepts one connection on the spare descriptor, answers and closes it. */
static bool refuse_one(struct listener *listener)
{
    int64_t now = loop_now(listener->loop);
    int fd;

    if (now - listener->last_warning_ms >= WARN_EVERY_MS) {
        listener->last_warning_ms = now;
        log_error("out_of_descriptors", log_errno(errno));
    }
    if (listener->spare_fd >= 0) {
        close(listener->spare_fd);
    }
    fd = accept4(listener->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        /* Whether it arrives or not, there is nothing more to be done. */
        (void)send(fd, listener->refusal.ptr, listener->refusal.len,
                   MSG_NOSIGNAL | MSG_DONTWAIT);
        close(fd);
    } else if (errno != EAGAIN && errno != EWOULDBLOCK) {
        become_deaf(listener);
    }
    listener->spare_fd = spare_open();
    return fd >= 0;
}

/* False when there is nothing left to accept for now. */
static bool accept_one(struct listener *listener)
{
    union net_address peer;
    socklen_t len = sizeof(peer);
    int on = 1;
    int fd = accept4(listener->watch.fd, &peer.any, &len,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
            errno == ENOMEM) {
            return refuse_one(listener);
        }
        /* A connection that died in the queue is not the listener's end. */
        return errno == ECONNABORTED || errno == EINTR || errno == EPROTO;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    listener->accepted(listener, fd, &peer);
    return true;
}

static void on_ready(struct watch *watch, uint32_t events)
{
    struct listener *listener = CONTAINER_OF(watch, struct listener, watch);
    int taken = 0;

    (void)events;
    while (taken < ACCEPTS_A_TURN && accept_one(listener)) {
        taken++;
    }
}

/* Bound, with or without leave for others to bind there too. */
static int bind_socket(const struct addrinfo *address, int share)
{
    int on = 1;
    int off = 0;
    int unsent = UNSENT_MAX;
    int fd = socket(address->ai_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &share, sizeof(share));
    /* Accepted sockets inherit it. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent,
                     sizeof(unsent));
    if (address->ai_family == AF_INET6) {
        /* "::" also takes IPv4, as people expect of it. */
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    }
    if (bind(fd, address->ai_addr, address->ai_addrlen) < 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static uint16_t bound_port(int fd)
{
    union net_address address = {0};
    socklen_t len = sizeof(address);

    (void)getsockname(fd, &address.any, &len);
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port
                                                   : address.v4.sin_port);
}

static int resolve(const char *host, uint16_t port, struct addrinfo **found)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    char service[8];

    (void)snprintf(service, sizeof(service), "%u", port);
    return getaddrinfo(host, service, &hints, found);
}

bool listener_is_taken(const char *host, uint16_t port)
{
    struct addrinfo *found = NULL;
    bool taken;
    int fd;

    if (port == 0 || resolve(host, port, &found) != 0) {
        return false;
    }
    fd = bind_socket(found, 0);
    taken = fd < 0 && errno == EADDRINUSE;
    freeaddrinfo(found);
    if (fd >= 0) {
        close(fd);
    }
    return taken;
}

enum status listener_open(struct listener *listener, const char *host,
                          uint16_t port, const char **why)
{
    struct addrinfo *found = NULL;
    int error = resolve(host, port, &found);

    if (error != 0) {
        *why = gai_strerror(error);
        return STATUS_UNAVAILABLE;
    }
    listener->watch = (struct watch){bind_socket(found, 1), on_ready};
    *why = strerrordesc_np(errno);
    freeaddrinfo(found);
    if (listener->watch.fd < 0) {
        return STATUS_UNAVAILABLE;
    }
    listener->port = bound_port(listener->watch.fd);
    listener->spare_fd = spare_open();
    timer_init(&listener->retry, on_retry);
    listener->last_warning_ms = -WARN_EVERY_MS;
    return STATUS_OK;
}

enum status listener_start(struct listener *listener, struct loop *loop)
{
    if (listen(listener->watch.fd, BACKLOG) < 0) {
        log_error("listen_failed", log_errno(errno));
        return STATUS_UNAVAILABLE;
    }
    listener->loop = loop;
    return loop_watch(loop, &listener->watch, EPOLLIN);
}

void listener_close(struct listener *listener)
{
    /* Connections the kernel queued here already would be reset. */
    for (int i = 0; i < BACKLOG && listener->loop != NULL; i++) {
        if (!accept_one(listener)) {
            break;
        }
    }
    timer_cancel(&listener->retry);
    if (listener->loop != NULL) {
        loop_unwatch(listener->loop, &listener->watch);
    }
    close(listener->watch.fd);
    if (listener->spare_fd >= 0) {
        close(listener->spare_fd);
    }
    listener->watch.fd = -1;
    listener->spare_fd = -1;
}
