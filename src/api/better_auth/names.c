/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/better_auth.h"

static enum status name(struct arena *arena, struct slice prefix, bool secure,
                        const char *rest, struct slice *out)
{
    return arena_format(arena, out, "%s%.*s%s%s", secure ? "__Secure-" : "",
                        SLICE_ARG(prefix), prefix.len > 0 ? "." : "", rest);
}

enum status better_auth_name_cookies(struct arena *arena, struct slice prefix,
                                     bool secure, struct cookie_names *out)
{
    TRY(name(arena, prefix, secure, "session_token", &out->token));
    TRY(name(arena, prefix, secure, "session_data", &out->data));
    TRY(name(arena, prefix, secure, "dont_remember", &out->dont_remember));
    return name(arena, prefix, secure, "admin_session", &out->admin);
}

bool better_auth_is_disabled(const struct better_auth *kit, struct slice path)
{
    for (size_t i = 0; i < kit->disabled_count; i++) {
        if (slice_equal(kit->disabled_paths[i], path)) {
            return true;
        }
    }
    return false;
}
