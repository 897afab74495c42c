/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What handlers find behind request->app, and the table of all of them.
 */
#ifndef API_API_H
#define API_API_H

#include "http/route.h"

#include <stdatomic.h>

struct better_auth;
struct client;
struct hash_pool;
struct manual;
struct reader;

struct api {
    _Atomic bool ready; /* false while starting and while draining */
    struct hash_pool *hashes;
    struct client *client;
    const struct better_auth *better_auth;
    const struct reader *reader;
    const struct manual *manual;
};

/* Every row of routes.def. */
extern const struct route api_routes[];
extern const size_t api_route_count;

#endif
