/* SPDX-License-Identifier: Apache-2.0 */
#include "app/site_open.h"

enum status site_open(const struct config *config, struct arena *arena,
                      struct slice *why, struct site **out)
{
    const struct site_source source = {.folder = config->SITE_DIR,
                                       .limits = SITE_LIMITS};
    struct slice problem = SLICE_EMPTY;
    enum status status;

    if (source.folder.len == 0) {
        return STATUS_OK;
    }
    status = site_load(&source, arena, &problem, out);
    if (status != STATUS_OK) {
        TRY(arena_format(arena, why, "SITE_DIR: %.*s", SLICE_ARG(problem)));
    }
    return status;
}
