/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/impersonate.h"

#include "auth/ban.h"
#include "auth/roles.h"
#include "auth/user.h"

static enum status check_target(const struct auth_call *call,
                                const struct session *admin,
                                struct record *target)
{
    const struct auth_settings *settings = &call->auth->settings;
    struct role_holder by = role_holder_of(call->auth, &admin->user);
    struct role_holder of = role_holder_of(call->auth, target);

    if (roles_is_admin(settings, &of) &&
        !roles_allow(settings, &by, SLICE("user"),
                     SLICE("impersonate-admins"))) {
        return STATUS_CANNOT_IMPERSONATE_ADMINS;
    }
    return ban_check(call, target);
}

enum status impersonate(const struct auth_call *call,
                        const struct session *admin, struct slice user_id,
                        struct session *out)
{
    struct session_wish wish = {
        .brief = true,
        .lives_ms = call->auth->settings.impersonation_ms,
        .impersonated_by = record_text(&admin->user, USER_ID),
    };
    struct session_insert *insert =
        ARENA_NEW(call->arena, struct session_insert);
    struct audit_note note = {.event = AUDIT_IMPERSONATION,
                              .detail = SLICE("start"),
                              .actor = wish.impersonated_by};
    struct rows rows;
    enum status status;

    TRY_ALLOC(insert);
    if (session_impersonator(call, admin).len > 0) {
        return STATUS_MAY_NOT_IMPERSONATE;
    }
    status = user_by_id(call, user_id, &out->user);
    TRY(status == STATUS_NOT_FOUND ? STATUS_ADMIN_USER_NOT_FOUND : status);
    TRY(check_target(call, admin, &out->user));
    wish.user_id = out->user.values[USER_ID];
    TRY(session_insert_make(call, &wish, insert));
    note.subject = wish.user_id;
    TRY(auth_write_noted(call, &insert->statement, 1, &rows, &note));
    return record_take(&call->auth->schema->tables[TABLE_SESSION], &rows, 0, 0,
                       call->arena, &out->row);
}

enum status impersonate_stop(const struct auth_call *call,
                             const struct session *acting,
                             struct slice admin_token, struct session *out)
{
    struct slice by = session_impersonator(call, acting);
    enum status status;
    bool expired;

    if (by.len == 0) {
        return STATUS_NOT_IMPERSONATING;
    }
    status = admin_token.len == 0
                 ? STATUS_NOT_FOUND
                 : session_find(call, admin_token, out, &expired);
    TRY(status == STATUS_NOT_FOUND ? STATUS_NO_ADMIN_SESSION : status);
    if (!slice_equal(record_text(&out->user, USER_ID), by)) {
        return STATUS_NO_ADMIN_SESSION;
    }
    return session_end_acting(call, acting);
}
