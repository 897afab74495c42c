/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/open_api/table.h"

#include "api/better_auth/better_auth.h"
#include "api/better_auth/endpoints.h"

const struct described open_api_table[] = {
#define AUTH(method, path, handler, who, asked, plugin)                        \
    {SLICE_INIT(#method), SLICE_INIT(path), {handler, &(asked), who, plugin}},
#include "api/routes.def"
};

const size_t open_api_count = sizeof(open_api_table) / sizeof(*open_api_table);

bool open_api_shows(const struct visit *visit, const struct described *row)
{
    if (!visit->kit->plugins[row->endpoint.plugin]) {
        return false;
    }
    for (size_t i = 0; i < visit->kit->disabled_count; i++) {
        if (slice_equal(visit->kit->disabled_paths[i], row->path)) {
            return false;
        }
    }
    return true;
}

struct slice open_api_tag(enum visit_plugin plugin)
{
    switch (plugin) {
    case JWT:
        return SLICE("Jwt");
    case ADMIN:
        return SLICE("Admin");
    case OPEN_API:
        return SLICE("Open-api");
    case CORE:
    default:
        return SLICE("Default");
    }
}

size_t open_api_field_count(const struct input *input)
{
    size_t count = 0;

    while (count < INPUT_FIELDS_MAX && input->fields[count].name.len > 0) {
        count++;
    }
    return count;
}
