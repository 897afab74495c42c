/* SPDX-License-Identifier: Apache-2.0 */
/* Users seen, made, changed and removed by an administrator. */
#include "api/better_auth/admin/admin.h"
#include "api/better_auth/endpoints.h"
#include "api/better_auth/fields.h"
#include "auth/ban.h"
#include "auth/delete_user.h"
#include "auth/password.h"
#include "auth/password_change.h"
#include "auth/record_json.h"
#include "auth/user_create.h"
#include "codec/json_read.h"

/* Of an id that is brought along. */
#define ID_MAX ((size_t)255)

const struct input admin_get_input = {
    .place = INPUT_QUERY,
    .fields = {{SLICE_INIT("id"), INPUT_TEXT, false}},
};

const struct input admin_create_input = {
    .fields = {{SLICE_INIT("email"), INPUT_TEXT, false},
               {SLICE_INIT("password"), INPUT_TEXT, true},
               {SLICE_INIT("name"), INPUT_TEXT, false},
               {SLICE_INIT("role"), INPUT_ROLES, true},
               {SLICE_INIT("data"), INPUT_RECORD, true}},
};

const struct input admin_update_input = {
    .fields = {{SLICE_INIT("userId"), INPUT_ANY, false},
               {SLICE_INIT("data"), INPUT_RECORD, false}},
};

const struct input admin_password_input = {
    .fields = {{SLICE_INIT("newPassword"), INPUT_NONEMPTY, false},
               {SLICE_INIT("userId"), INPUT_ID, false}},
};

static void answer_bare_user(struct visit *visit, const struct record *user)
{
    struct json_writer json;

    response_json(visit->response, &json);
    record_write(&json, user);
    response_json_end(visit->response, &json);
}

enum status admin_get_user(struct visit *visit)
{
    struct record user;

    TRY(admin_check(visit, SLICE("user"), SLICE("get"),
                    STATUS_MAY_NOT_GET_USER));
    TRY(admin_find_user(visit, visit_query(visit, SLICE("id")), &user));
    answer_bare_user(visit, &user);
    return STATUS_OK;
}

static const struct json *first_of(const struct json *one,
                                   const struct json *other)
{
    return one != NULL ? one : other;
}

static bool has_any(const struct json *object, const struct slice *names,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (json_get(object, names[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Some columns ask for a permission of their own. */
static enum status check_columns(const struct visit *visit,
                                 const struct json *data)
{
    static const struct slice ban[] = {SLICE_INIT("banned"),
                                       SLICE_INIT("banReason"),
                                       SLICE_INIT("banExpires")};

    return has_any(data, ban, sizeof(ban) / sizeof(*ban))
               ? admin_check(visit, SLICE("user"), SLICE("ban"),
                             STATUS_MAY_NOT_BAN_USERS)
               : STATUS_OK;
}

/* *role has no pointer where none is asked for. */
static enum status read_role(struct visit *visit, const struct json *json,
                             struct slice *role)
{
    *role = (struct slice){NULL, 0};
    if (json == NULL) {
        return STATUS_OK;
    }
    TRY(admin_check(visit, SLICE("user"), SLICE("set-role"),
                    STATUS_MAY_NOT_CHANGE_ROLE));
    return admin_read_roles(visit, json, role);
}

static enum status read_email(const struct visit *visit,
                              const struct json *json, struct slice *email)
{
    struct slice text;

    if (json_text(json, &text) != STATUS_OK) {
        return STATUS_INVALID_EMAIL;
    }
    TRY(user_email_lower(&visit->call, text, email));
    return input_is_email(*email) ? STATUS_OK : STATUS_INVALID_EMAIL;
}

/* Somebody who moves in brings theirs along. */
static enum status read_id(struct visit *visit, const struct json *json,
                           struct slice *id)
{
    *id = (struct slice){NULL, 0};
    if (json == NULL) {
        return STATUS_OK;
    }
    return json_text(json, id) == STATUS_OK && id->len > 0 && id->len <= ID_MAX
               ? STATUS_OK
               : visit_refuse(visit, STATUS_FIELD_NOT_ALLOWED,
                              "id is not allowed to be set");
}

enum status admin_create_user(struct visit *visit)
{
    const struct json *data = visit_member(visit, SLICE("data"));
    struct column_changes *changes =
        ARENA_NEW(visit->arena, struct column_changes);
    struct user_create in = {
        .name = visit_text(visit, SLICE("name")),
        .password = visit_text(visit, SLICE("password")),
        .changes = changes,
    };
    struct record user;

    TRY_ALLOC(changes);
    TRY(admin_check(visit, SLICE("user"), SLICE("create"),
                    STATUS_MAY_NOT_CREATE_USERS));
    TRY(read_role(visit,
                  first_of(visit_member(visit, SLICE("role")),
                           json_get(data, SLICE("role"))),
                  &in.role));
    TRY(check_columns(visit, data));
    TRY(read_email(visit, visit_member(visit, SLICE("email")), &in.email));
    TRY(fields_check_name(visit, in.name));
    TRY(read_id(visit, json_get(data, SLICE("id")), &in.id));
    TRY(fields_read_user(visit, data, changes));
    visit->call.admin_act = SLICE("create");
    TRY(user_create(&visit->call, &in, &user));
    return admin_answer_user(visit, &user);
}

static enum status read_new_email(struct visit *visit, const struct json *data,
                                  struct slice user_id,
                                  struct column_changes *changes)
{
    const struct json *json = json_get(data, SLICE("email"));
    struct record other;
    struct slice email;
    enum status status;

    if (json == NULL) {
        return STATUS_OK;
    }
    TRY(read_email(visit, json, &email));
    status = user_by_email(&visit->call, email, &other);
    TRY(status == STATUS_NOT_FOUND ? STATUS_OK : status);
    if (status == STATUS_OK &&
        !slice_equal(record_text(&other, USER_ID), user_id)) {
        return STATUS_ADMIN_EMAIL_TAKEN;
    }
    column_change_add(changes, USER_EMAIL, value_text(email));
    return STATUS_OK;
}

static enum status check_data(struct visit *visit, const struct json *data)
{
    if (json_count(data) == 0) {
        return STATUS_NO_DATA_TO_UPDATE;
    }
    if (json_get(data, SLICE("password")) != NULL) {
        return STATUS_PASSWORD_CANNOT_BE_UPDATED;
    }
    return json_get(data, SLICE("id")) == NULL
               ? STATUS_OK
               : visit_refuse(visit, STATUS_FIELD_NOT_ALLOWED,
                              "id is not allowed to be set");
}

static bool is_ban(const struct json *data)
{
    bool banned;

    return json_bool(json_get(data, SLICE("banned")), &banned) == STATUS_OK &&
           banned;
}

static enum status read_changes(struct visit *visit, const struct json *data,
                                struct slice user_id,
                                struct column_changes *changes)
{
    struct slice role;

    TRY(check_data(visit, data));
    TRY(read_role(visit, json_get(data, SLICE("role")), &role));
    if (role.ptr != NULL) {
        column_change_add(changes, visit->call.auth->schema->user_role,
                          value_text(role));
    }
    TRY(check_columns(visit, data));
    if (is_ban(data) && admin_is_caller(visit, user_id)) {
        return STATUS_CANNOT_BAN_YOURSELF;
    }
    TRY(read_new_email(visit, data, user_id, changes));
    return fields_read_user(visit, data, changes);
}

enum status admin_update_user(struct visit *visit)
{
    const struct json *data = visit_member(visit, SLICE("data"));
    struct column_changes *changes =
        ARENA_NEW(visit->arena, struct column_changes);
    struct record user;
    struct slice user_id;
    enum status status;

    TRY_ALLOC(changes);
    TRY(admin_check(visit, SLICE("user"), SLICE("update"),
                    STATUS_MAY_NOT_UPDATE_USERS));
    TRY(admin_user_id(visit, &user_id));
    TRY(read_changes(visit, data, user_id, changes));
    TRY(admin_find_user(visit, user_id, &user));
    TRY(column_changes_names(&visit->call, SLICE("update: "), changes,
                             &visit->call.admin_act));
    status = is_ban(data) ? ban_update(&visit->call, user_id, changes, &user)
                          : row_update(&visit->call, TABLE_USER, user_id,
                                       changes, &user);
    TRY(status == STATUS_NOT_FOUND ? STATUS_ADMIN_USER_NOT_FOUND
        : status == STATUS_TAKEN   ? STATUS_ADMIN_EMAIL_TAKEN
                                   : status);
    answer_bare_user(visit, &user);
    return STATUS_OK;
}

enum status admin_remove_user(struct visit *visit)
{
    struct record user;
    struct slice user_id;

    TRY(admin_check(visit, SLICE("user"), SLICE("delete"),
                    STATUS_MAY_NOT_DELETE_USERS));
    TRY(admin_user_id(visit, &user_id));
    if (admin_is_caller(visit, user_id)) {
        return STATUS_CANNOT_REMOVE_YOURSELF;
    }
    TRY(admin_find_user(visit, user_id, &user));
    visit->call.admin_act = SLICE("remove");
    TRY(delete_user_rows(&visit->call, user_id));
    return visit_answer_flag(visit, SLICE("success"));
}

enum status admin_set_password(struct visit *visit)
{
    struct slice password = visit_text(visit, SLICE("newPassword"));
    struct record user;
    struct slice user_id;

    TRY(admin_check(visit, SLICE("user"), SLICE("set-password"),
                    STATUS_MAY_NOT_SET_PASSWORD));
    TRY(admin_user_id(visit, &user_id));
    TRY(password_check_length(&visit->call, password));
    TRY(admin_find_user(visit, user_id, &user));
    visit->call.admin_act = SLICE("set-password");
    TRY(password_set(&visit->call, user_id, password));
    return visit_answer_flag(visit, SLICE("status"));
}
