/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listening TCP socket on a loop. Each loop opens its own on the same
 * address (SO_REUSEPORT) and the kernel spreads the connections.
 *
 * When descriptors run out, a spare one is given up for a moment to accept
 * the connection, tell it so and close it: clients get an answer instead of
 * a hang, and the loop does not spin on a queue it cannot empty. When the
 * spare one is lost too, for another thread was quicker to take it, the
 * listener is deaf for a moment.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include "net/loop.h"

#include <netinet/in.h>

/* Where a connection comes from. */
union net_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct listener {
    struct watch watch;
    struct loop *loop;
    int spare_fd;       /* -1: lost to somebody else */
    struct timer retry; /* the end of a moment's deafness */
    uint16_t port;      /* the one bound, also when 0 was asked for */
    int64_t last_warning_ms;
    void *owner;          /* for `accepted` */
    struct slice refusal; /* sent when descriptors have run out */
    /* Takes the descriptor over; it is non-blocking and close-on-exec. */
    void (*accepted)(struct listener *listener, int fd,
                     const union net_address *peer);
};

/*
 * Binds: the port is known and kept, but nobody is let in before
 * listener_start. `host` is an address, or a name that resolves to one. On
 * failure *why says what went wrong, as strerror does.
 */
MUST_USE enum status listener_open(struct listener *listener, const char *host,
                                   uint16_t port, const char **why);
/* Whether somebody listens there already: sharing must be asked for. */
bool listener_is_taken(const char *host, uint16_t port);
MUST_USE enum status listener_start(struct listener *listener,
                                    struct loop *loop);
/* Takes what is still queued, then closes. */
void listener_close(struct listener *listener);

#endif
