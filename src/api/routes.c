/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api.h"
#include "api/better_auth/better_auth.h"
#include "api/better_auth/endpoints.h"
#include "api/better_auth/key_set.h"
#include "api/ops/health.h"
#include "api/rest/endpoints.h"

/* One for each row, by its place in the table. */
static const struct endpoint endpoints[] = {
#define ROUTE(method, path, handler, body_limit) {NULL, NULL, ANYONE, CORE},
#define AUTH(method, path, handler, who, asked, plugin)                        \
    {handler, &(asked), who, plugin},
#define REST(method, path, endpoint, body_limit) {NULL, NULL, ANYONE, CORE},
#include "api/routes.def"
};

enum row {
#define PLACE_OF(line)                                  ROW_##line
#define PLACE(line)                                     PLACE_OF(line)
#define ROUTE(method, path, handler, body_limit)        PLACE(__LINE__),
#define AUTH(method, path, handler, who, asked, plugin) PLACE(__LINE__),
#define REST(method, path, endpoint, body_limit)        PLACE(__LINE__),
#include "api/routes.def"
    ROW_COUNT
};

const struct route api_routes[] = {
#define ROUTE(method, path, handler, body_limit)                               \
    {HTTP_##method, SLICE_INIT(path), handler, body_limit, false, NULL},
#define AUTH(method, path, handler, who, asked, plugin)                        \
    {HTTP_##method,                                                            \
     SLICE_INIT("/api/auth" path),                                             \
     better_auth_answer,                                                       \
     BETTER_AUTH_BODY_MAX,                                                     \
     false,                                                                    \
     &endpoints[PLACE(__LINE__)]},
#define REST(method, path, endpoint, body_limit)                               \
    {HTTP_##method, SLICE_INIT(path), rest_answer, body_limit,                 \
     false,         &rest_##endpoint},
#include "api/routes.def"
    /* Neither is this an address of the book. */
    {HTTP_GET, SLICE_INIT("/api/auth"), better_auth_answer, 0, false, NULL},
    {HTTP_POST, SLICE_INIT("/api/auth"), better_auth_answer, 0, false, NULL},
    /* Whatever else is asked below it: 404 in the original's manner. */
    {HTTP_GET, SLICE_INIT("/api/auth/*"), better_auth_answer,
     BETTER_AUTH_BODY_MAX, true, NULL},
};

const size_t api_route_count = sizeof(api_routes) / sizeof(*api_routes);
