/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which handler answers a method and path. Paths match exactly, byte for
 * byte as they were sent: no parameter, no decoding, no trailing slash, so
 * that an address has one spelling and cannot slip past a rule made for it.
 * A route whose path ends in a star takes what begins like it and matches
 * nothing exactly; of several the longest counts.
 *
 * A router is made once and never changes; all loops share it.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/map.h"
#include "http/head.h"

struct request;
struct response;

/*
 * Reads the request, fills the response, may park. Anything but STATUS_OK
 * becomes the error answer of that status, whatever the response held.
 */
struct route {
    enum http_method method;
    struct slice path;
    enum status (*handle)(struct request *request, struct response *response);
    size_t body_limit; /* a longer body is refused before it is read */
    /* With a star: whatever the method, and OPTIONS too. */
    bool any_method;
    const void *with; /* the handler's own, by request->route */
};

/* What stands at one path. */
struct route_set {
    const struct route *by_method[HTTP_METHOD_COUNT];
    struct slice allow; /* for the Allow field */
};

struct router {
    struct map by_path;
    const struct route **stars; /* the longest first */
    size_t star_count;
};

/* Lives in the arena; `routes` must live as long. */
MUST_USE enum status router_init(struct router *router, struct arena *arena,
                                 const struct route *routes, size_t count);
/* NULL when the path is not known. */
const struct route_set *router_find(const struct router *router,
                                    struct slice path);
/* HEAD is answered by GET's handler. NULL: the method is not allowed. */
const struct route *route_for_method(const struct route_set *set,
                                     enum http_method method);

/* The route with a star that takes it, or NULL. */
const struct route *router_find_star(const struct router *router,
                                     enum http_method method,
                                     struct slice path);

#endif
