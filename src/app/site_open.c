/* SPDX-License-Identifier: Apache-2.0 */
#include "app/site_open.h"

#include "api/api.h"
#include "http/site_base.h"

static enum status read_base(const struct config *config, struct arena *arena,
                             struct slice *why, struct slice *base)
{
    struct slice problem = SLICE_EMPTY;
    enum status status;

    *base = (struct slice){NULL, 0};
    if (config->SITE_BASE.len == 0) {
        return STATUS_OK;
    }
    status = site_base_parse(config->SITE_BASE, &problem, base);
    if (status != STATUS_OK) {
        TRY(arena_format(arena, why, "SITE_BASE: \"%.*s\" %.*s",
                         SLICE_ARG(config->SITE_BASE), SLICE_ARG(problem)));
    }
    return status;
}

/* "/api" of "/api/profile", and of "/api". */
static struct slice first_part(struct slice path)
{
    return slice_head(path, 1 + slice_find(slice_from(path, 1), '/'));
}

/* Its files would be hidden by our own addresses, or hide that there is none.
 */
static enum status check_apart(const struct config *config,
                               const struct site *site, struct arena *arena,
                               struct slice *why)
{
    const char *told = config->SITE_BASE.len > 0
                           ? "SITE_BASE"
                           : "SITE_DIR: /bookplate/book.json: base_url";

    for (size_t i = 0; i < api_route_count; i++) {
        struct slice own = first_part(api_routes[i].path);

        if (slice_equal(first_part(site->base), own)) {
            TRY(arena_format(arena, why,
                             "%s: the book cannot be below %.*s/, where this "
                             "server's own addresses are",
                             told, SLICE_ARG(own)));
            return STATUS_INVALID_VALUE;
        }
    }
    return STATUS_OK;
}

enum status site_open(const struct config *config, struct arena *arena,
                      struct slice *why, struct site **out)
{
    struct site_source source = {.folder = config->SITE_DIR,
                                 .limits = SITE_LIMITS};
    struct slice problem = SLICE_EMPTY;
    enum status status;

    TRY(read_base(config, arena, why, &source.base));
    if (source.folder.len == 0) {
        return STATUS_OK;
    }
    status = site_load(&source, arena, &problem, out);
    if (status != STATUS_OK) {
        TRY(arena_format(arena, why, "SITE_DIR: %.*s", SLICE_ARG(problem)));
        return status;
    }
    return check_apart(config, *out, arena, why);
}
