/* SPDX-License-Identifier: Apache-2.0 */
/* Roles given and taken; bans. */
#include "api/better_auth/admin/admin.h"
#include "api/better_auth/endpoints.h"
#include "auth/ban.h"
#include "codec/json_read.h"

/* The last moment a date can say. */
#define TIME_MAX INT64_C(253402300799999)

const struct input admin_role_input = {
    .fields = {{SLICE_INIT("userId"), INPUT_ANY, false},
               {SLICE_INIT("role"), INPUT_ROLES, false}},
};

const struct input admin_ban_input = {
    .fields = {{SLICE_INIT("userId"), INPUT_ANY, false},
               {SLICE_INIT("banReason"), INPUT_TEXT, true},
               {SLICE_INIT("banExpiresIn"), INPUT_NUMBER, true}},
};

/* The user may have gone since we looked. */
static enum status answer_changed(struct visit *visit, enum status status,
                                  const struct record *user)
{
    TRY(status == STATUS_NOT_FOUND ? STATUS_ADMIN_USER_NOT_FOUND : status);
    return admin_answer_user(visit, user);
}

enum status admin_set_role(struct visit *visit)
{
    struct column_changes *changes =
        ARENA_NEW(visit->arena, struct column_changes);
    struct record user;
    struct slice user_id;
    struct slice role;

    TRY_ALLOC(changes);
    TRY(admin_check(visit, SLICE("user"), SLICE("set-role"),
                    STATUS_MAY_NOT_CHANGE_ROLE));
    TRY(admin_user_id(visit, &user_id));
    TRY(admin_read_roles(visit, visit_member(visit, SLICE("role")), &role));
    TRY(admin_find_user(visit, user_id, &user));
    column_change_add(changes, visit->call.auth->schema->user_role,
                      value_text(role));
    visit->call.admin_act = SLICE("set-role");
    return answer_changed(
        visit, row_update(&visit->call, TABLE_USER, user_id, changes, &user),
        &user);
}

/* Seconds from now; 0 and none are for ever. */
static enum status read_end(struct visit *visit, int64_t *expires)
{
    double seconds;
    double end;

    *expires = 0;
    if (json_number(visit_member(visit, SLICE("banExpiresIn")), &seconds) !=
            STATUS_OK ||
        seconds == 0) {
        return STATUS_OK;
    }
    end = (double)visit->call.now + seconds * 1000;
    if (!(end >= 1 && end <= (double)TIME_MAX)) {
        return visit_refuse(visit, STATUS_VALIDATION_ERROR,
                            "[body.banExpiresIn] Invalid input: expected a "
                            "time before the year 10000");
    }
    *expires = (int64_t)end;
    return STATUS_OK;
}

enum status admin_ban_user(struct visit *visit)
{
    struct ban ban = {.reason = visit_text(visit, SLICE("banReason"))};
    struct record user;
    struct slice user_id;

    TRY(admin_check(visit, SLICE("user"), SLICE("ban"),
                    STATUS_MAY_NOT_BAN_USERS));
    TRY(admin_user_id(visit, &user_id));
    TRY(admin_find_user(visit, user_id, &user));
    if (admin_is_caller(visit, user_id)) {
        return STATUS_CANNOT_BAN_YOURSELF;
    }
    TRY(read_end(visit, &ban.expires));
    if (ban.reason.len == 0) {
        ban.reason = SLICE("No reason");
    }
    visit->call.admin_act = SLICE("ban");
    return answer_changed(visit, ban_user(&visit->call, user_id, &ban, &user),
                          &user);
}

enum status admin_unban_user(struct visit *visit)
{
    struct record user;
    struct slice user_id;

    TRY(admin_check(visit, SLICE("user"), SLICE("ban"),
                    STATUS_MAY_NOT_BAN_USERS));
    TRY(admin_user_id(visit, &user_id));
    TRY(admin_find_user(visit, user_id, &user));
    visit->call.admin_act = SLICE("unban");
    return answer_changed(visit, ban_lift(&visit->call, user_id, &user), &user);
}
