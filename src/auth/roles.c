/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/roles.h"

struct permission {
    struct slice resource;
    struct slice action;
};

/* The original's, without "impersonate-admins", which no role has. */
static const struct permission admin_permissions[] = {
    {SLICE_INIT("user"), SLICE_INIT("create")},
    {SLICE_INIT("user"), SLICE_INIT("list")},
    {SLICE_INIT("user"), SLICE_INIT("set-role")},
    {SLICE_INIT("user"), SLICE_INIT("ban")},
    {SLICE_INIT("user"), SLICE_INIT("impersonate")},
    {SLICE_INIT("user"), SLICE_INIT("delete")},
    {SLICE_INIT("user"), SLICE_INIT("set-password")},
    {SLICE_INIT("user"), SLICE_INIT("set-email")},
    {SLICE_INIT("user"), SLICE_INIT("get")},
    {SLICE_INIT("user"), SLICE_INIT("update")},
    {SLICE_INIT("session"), SLICE_INIT("list")},
    {SLICE_INIT("session"), SLICE_INIT("revoke")},
    {SLICE_INIT("session"), SLICE_INIT("delete")},
};

static bool has_word(const struct setting_words *words, struct slice word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (slice_equal(words->words[i], word)) {
            return true;
        }
    }
    return false;
}

static bool is_permission(struct slice resource, struct slice action)
{
    size_t count = sizeof(admin_permissions) / sizeof(*admin_permissions);

    for (size_t i = 0; i < count; i++) {
        if (slice_equal(admin_permissions[i].resource, resource) &&
            slice_equal(admin_permissions[i].action, action)) {
            return true;
        }
    }
    return false;
}

struct role_holder role_holder_of(const struct auth *auth,
                                  const struct record *user)
{
    size_t column = auth->schema->user_role;

    return (struct role_holder){
        .id = record_text(user, USER_ID),
        .roles =
            column == COLUMN_NONE ? SLICE_EMPTY : record_text(user, column),
    };
}

bool roles_is_named(const struct auth_settings *settings, struct slice id)
{
    return has_word(&settings->admin_users, id);
}

/* " admin" is another role than "admin", as in the original. */
static bool has_admin_role(const struct auth_settings *settings,
                           struct slice roles)
{
    struct slice rest = roles.len > 0 ? roles : settings->default_role;
    struct slice role;

    while (slice_split(&rest, ',', &role)) {
        if (has_word(&settings->admin_roles, role)) {
            return true;
        }
    }
    return false;
}

bool roles_is_admin(const struct auth_settings *settings,
                    const struct role_holder *holder)
{
    return roles_is_named(settings, holder->id) ||
           has_admin_role(settings, holder->roles);
}

bool roles_allow(const struct auth_settings *settings,
                 const struct role_holder *holder, struct slice resource,
                 struct slice action)
{
    return roles_is_named(settings, holder->id) ||
           (is_permission(resource, action) &&
            has_admin_role(settings, holder->roles));
}
