/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api.h"
#include "api/ops/health.h"

#define ROUTE(method, path, handler, body_limit)                               \
    {HTTP_##method, SLICE_INIT(path), handler, body_limit},

const struct route api_routes[] = {
#include "api/routes.def"
};

const size_t api_route_count = sizeof(api_routes) / sizeof(*api_routes);
