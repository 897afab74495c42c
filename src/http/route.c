/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

#include "base/buf.h"

/* Every method, twice over. */
#define ALLOW_MAX ((size_t)128)

static enum status route_add(struct router *router, const struct route *route)
{
    struct route_set *set = map_get(&router->by_path, route->path);

    if (set == NULL) {
        set = ARENA_NEW(router->by_path.arena, struct route_set);
        TRY_ALLOC(set);
        TRY(map_put(&router->by_path, route->path, set));
    }
    if (set->by_method[route->method] != NULL) {
        return STATUS_INVALID_VALUE; /* the table names it twice */
    }
    set->by_method[route->method] = route;
    return STATUS_OK;
}

const struct route *route_for_method(const struct route_set *set,
                                     enum http_method method)
{
    return set->by_method[method == HTTP_HEAD ? HTTP_GET : method];
}

/* OPTIONS is always answered, by the server itself if by nobody else. */
static enum status allow_write(struct route_set *set, struct arena *arena)
{
    struct buf buf;

    buf_init(&buf, arena, ALLOW_MAX);
    for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
        enum http_method method = (enum http_method)i;

        if (method != HTTP_OPTIONS && route_for_method(set, method) != NULL) {
            buf_add(&buf, http_method_name(method));
            buf_add(&buf, SLICE(", "));
        }
    }
    buf_add(&buf, http_method_name(HTTP_OPTIONS));
    return buf_finish(&buf, &set->allow);
}

static bool has_star(const struct route *route)
{
    return slice_ends_with(route->path, SLICE("*"));
}

/* Keeps them sorted: a table has few. */
static void star_add(struct router *router, const struct route *route)
{
    size_t at = router->star_count++;

    while (at > 0 && router->stars[at - 1]->path.len < route->path.len) {
        router->stars[at] = router->stars[at - 1];
        at--;
    }
    router->stars[at] = route;
}

static enum status stars_init(struct router *router, struct arena *arena,
                              const struct route *routes, size_t count)
{
    router->star_count = 0;
    router->stars = arena_alloc_zero(arena, (count + 1) * sizeof(void *));
    TRY_ALLOC(router->stars);
    for (size_t i = 0; i < count; i++) {
        if (has_star(&routes[i])) {
            star_add(router, &routes[i]);
        }
    }
    return STATUS_OK;
}

enum status router_init(struct router *router, struct arena *arena,
                        const struct route *routes, size_t count)
{
    map_init(&router->by_path, arena);
    for (size_t i = 0; i < count; i++) {
        if (!has_star(&routes[i])) {
            TRY(route_add(router, &routes[i]));
        }
    }
    TRY(stars_init(router, arena, routes, count));
    for (size_t i = 0; i < count; i++) {
        struct route_set *set = map_get(&router->by_path, routes[i].path);

        if (set != NULL && set->allow.len == 0) {
            TRY(allow_write(set, arena));
        }
    }
    return STATUS_OK;
}

const struct route_set *router_find(const struct router *router,
                                    struct slice path)
{
    return map_get(&router->by_path, path);
}

const struct route *router_find_star(const struct router *router,
                                     enum http_method method, struct slice path)
{
    enum http_method asked = method == HTTP_HEAD ? HTTP_GET : method;

    for (size_t i = 0; i < router->star_count; i++) {
        const struct route *route = router->stars[i];
        struct slice start = slice_head(route->path, route->path.len - 1);

        if (slice_starts_with(path, start) &&
            (route->any_method || route->method == asked)) {
            return route;
        }
    }
    return NULL;
}
