/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request as a handler sees it. Everything it points to lives as long as
 * the request: in its arena, or in the connection's input, which stays put.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/forwarded.h"
#include "http/head.h"
#include "net/conn.h"

enum request_body_state {
    BODY_UNREAD,
    BODY_READ,
    BODY_BROKEN /* where the next request begins is unknown: close */
};

struct route;

struct request {
    struct arena *arena;
    const struct route *route; /* the one that answers */
    struct conn *conn;
    void *app; /* what the server was made with, for handlers */
    uint64_t id;
    struct client_address client; /* the real one, behind trusted proxies */
    bool secure;                  /* the client came by https */
    size_t body_limit;            /* the route's */
    int64_t body_timeout_ms;
    int64_t write_stall_ms;
    enum request_body_state body_state;
    struct slice body;
    struct http_head head;
};

/* The first value of a field; `name` is a lower-case literal. */
static inline struct slice request_field(const struct request *request,
                                         struct slice name)
{
    return http_head_field(&request->head, name);
}

/*
 * The path as logs may have it: what a route's star took is not said, since
 * links in mails end in a token.
 */
struct slice request_logged_path(const struct request *request);

/*
 * The whole body, empty when there is none; parks until it has arrived.
 * STATUS_TOO_LARGE before reading what is longer than the route's limit.
 */
MUST_USE enum status request_body(struct request *request, struct slice *body);

/*
 * Before the answer: reads past a body nobody wanted, so that a body wrongly
 * framed is refused whoever it was for, and the connection can be used again.
 * *close: it was not worth reading, the connection ends with the answer.
 */
MUST_USE enum status request_skip_body(struct request *request, bool *close);

#endif
