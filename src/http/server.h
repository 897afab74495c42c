/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1 on one loop: accepts connections, reads requests, runs each in a
 * fiber, answers in order, and drops who is too slow. One server a loop; they
 * share nothing but the rules (http/rules.h).
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/rules.h"
#include "net/conn.h"

struct http_limits {
    size_t head_bytes; /* at most CONN_HEAD_MAX */
    int64_t head_ms;   /* from a request's first byte to its head's last */
    int64_t body_ms;   /* for the whole body */
    int64_t write_ms;  /* without the client taking a byte */
    int64_t idle_ms;   /* between requests */
    int64_t heartbeat_ms;
    size_t connections; /* held at once by this loop */
};

struct http_server;

struct http_server_options {
    struct http_limits limits;
    struct http_rules *rules; /* the server takes a share */
    void *app;                /* handlers find it in the request */
};

/* What a loop's server is doing; read it on the loop's own thread. */
struct http_stats {
    size_t connections;
    size_t active; /* requests being answered */
    uint64_t requests;
};

MUST_USE enum status http_server_new(const struct http_server_options *options,
                                     struct loop *loop,
                                     struct http_server **out);
/* Every connection must be gone (http_server_drain, http_server_cut). */
void http_server_free(struct http_server *server);

/* Takes an open listener over. */
MUST_USE enum status http_server_listen(struct http_server *server,
                                        struct listener *listener);

/*
 * No new connections; idle ones close in a moment, busy ones after their
 * answer.
 * `drained` is called, from the loop, when the last is gone.
 */
void http_server_drain(struct http_server *server,
                       void (*drained)(struct http_server *server, void *arg),
                       void *arg);
/* Ends what is still going on: streams get a last event, the rest is cut. */
void http_server_cut(struct http_server *server);

/* Requests that have begun go on under the old ones. */
MUST_USE enum status http_server_set_rules(struct http_server *server,
                                           struct http_rules *rules);
struct http_stats http_server_stats(const struct http_server *server);

#endif
