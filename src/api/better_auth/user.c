/* SPDX-License-Identifier: Apache-2.0 */
/* The user's own row, the ways to sign in, and the end of it all. */
#include "auth/user.h"

#include "api/better_auth/endpoints.h"
#include "api/better_auth/fields.h"
#include "api/better_auth/session_cookie.h"
#include "auth/delete_user.h"
#include "auth/record_json.h"
#include "codec/json_read.h"

const struct input update_user_input = {.record = true};

const struct input unlink_account_input = {
    .fields = {{SLICE_INIT("accountId"), INPUT_TEXT, false}},
};

const struct input delete_user_input = {
    .fields = {{SLICE_INIT("callbackURL"), INPUT_TEXT, true},
               {SLICE_INIT("password"), INPUT_TEXT, true},
               {SLICE_INIT("token"), INPUT_TEXT, true}},
};

const struct input delete_callback_input = {
    .place = INPUT_QUERY,
    .fields = {{SLICE_INIT("token"), INPUT_TEXT, false},
               {SLICE_INIT("callbackURL"), INPUT_TEXT, true}},
};

static enum status read_name(struct visit *visit,
                             struct column_changes *changes)
{
    const struct json *json = visit_member(visit, SLICE("name"));
    struct slice name;

    if (json == NULL) {
        return STATUS_OK;
    }
    if (json_text(json, &name) != STATUS_OK) {
        return visit_refuse(visit, STATUS_VALIDATION_ERROR,
                            "[body.name] Invalid input: expected string, "
                            "received %.*s",
                            SLICE_ARG(input_type_name(json)));
    }
    TRY(fields_check_name(visit, name));
    column_change_add(changes, USER_NAME, value_text(name));
    return STATUS_OK;
}

static enum status read_image(struct visit *visit,
                              struct column_changes *changes)
{
    const struct json *json = visit_member(visit, SLICE("image"));
    struct slice image;

    if (json == NULL) {
        return STATUS_OK;
    }
    if (json_kind_of(json) == JSON_KIND_NULL) {
        column_change_add(changes, USER_IMAGE, VALUE_NOTHING);
        return STATUS_OK;
    }
    if (json_text(json, &image) != STATUS_OK) {
        return visit_refuse(visit, STATUS_VALIDATION_ERROR,
                            "[body.image] Invalid input: expected string, "
                            "received %.*s",
                            SLICE_ARG(input_type_name(json)));
    }
    TRY(fields_check_image(visit, image));
    column_change_add(changes, USER_IMAGE, value_text(image));
    return STATUS_OK;
}

static bool is_given(const struct visit *visit, struct slice name)
{
    const struct json *json = visit_member(visit, name);
    struct slice text;

    return json != NULL && json_kind_of(json) != JSON_KIND_NULL &&
           (json_text(json, &text) != STATUS_OK || text.len > 0);
}

enum status update_user(struct visit *visit)
{
    struct column_changes *changes =
        ARENA_NEW(visit->arena, struct column_changes);

    TRY_ALLOC(changes);
    if (is_given(visit, SLICE("email"))) {
        return STATUS_EMAIL_CAN_NOT_BE_UPDATED;
    }
    TRY(fields_read(visit, TABLE_USER, FIELDS_UPDATE, changes));
    TRY(read_name(visit, changes));
    TRY(read_image(visit, changes));
    if (changes->count == 0) {
        return STATUS_NO_FIELDS;
    }
    TRY(row_update(&visit->call, TABLE_USER,
                   record_text(&visit->session.user, USER_ID), changes,
                   &visit->session.user));
    TRY(session_cookie_set(visit, &visit->session, visit->brief));
    return visit_answer_flag(visit, SLICE("status"));
}

/* What the original shows of an account: no token, no password. */
static const size_t account_shown[] = {ACCOUNT_ACCOUNT_ID, ACCOUNT_PROVIDER_ID,
                                       ACCOUNT_USER_ID, ACCOUNT_CREATED_AT,
                                       ACCOUNT_UPDATED_AT};

static void write_scopes(struct json_writer *json, struct slice scope)
{
    struct slice part;

    json_write_name(json, SLICE("scopes"));
    json_write_array(json);
    while (scope.len > 0 && slice_split(&scope, ',', &part)) {
        json_write_text(json, part);
    }
    json_write_end(json);
}

static void write_account(struct json_writer *json, const struct record *row)
{
    const struct table *table = row->table;

    json_write_object(json);
    for (size_t i = 0; i < sizeof(account_shown) / sizeof(*account_shown);
         i++) {
        record_write_member(json, row, account_shown[i]);
    }
    for (size_t i = ACCOUNT_COLUMNS; i < table->column_count; i++) {
        if (!table->columns[i].hidden) {
            record_write_member(json, row, i);
        }
    }
    record_write_member(json, row, ACCOUNT_ID);
    write_scopes(json, record_text(row, ACCOUNT_SCOPE));
    json_write_end(json);
}

enum status list_accounts(struct visit *visit)
{
    const struct table *table =
        &visit->call.auth->schema->tables[TABLE_ACCOUNT];
    struct value params[] = {visit->session.user.values[USER_ID]};
    struct json_writer json;
    struct rows rows;

    TRY(auth_read(&visit->call, QUERY_accounts_of_user, params, 1, &rows));
    response_json(visit->response, &json);
    json_write_array(&json);
    for (size_t i = 0; i < rows.count; i++) {
        struct record row;

        TRY(record_take(table, &rows, i, 0, visit->arena, &row));
        write_account(&json, &row);
    }
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

enum status unlink_account(struct visit *visit)
{
    TRY(account_unlink(&visit->call, record_text(&visit->session.user, USER_ID),
                       visit_text(visit, SLICE("accountId"))));
    return visit_answer_flag(visit, SLICE("status"));
}

static enum status answer_deleted(struct visit *visit, bool mailed)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("success"));
    json_write_bool(&json, true);
    json_write_name(&json, SLICE("message"));
    json_write_text(&json, mailed ? SLICE("Verification email sent")
                                  : SLICE("User deleted"));
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

enum status delete_account(struct visit *visit)
{
    const struct delete_user in = {
        .password = visit_text(visit, SLICE("password")),
        .token = visit_text(visit, SLICE("token")),
        .callback = visit_text(visit, SLICE("callbackURL")),
    };
    enum status status;
    bool mailed;

    status = delete_user(&visit->call, &visit->session, &in, &mailed);
    visit->empty_body = status == STATUS_NOT_FOUND;
    TRY(status);
    if (!mailed) {
        TRY(session_cookie_clear(visit));
    }
    return answer_deleted(visit, mailed);
}

enum status delete_account_callback(struct visit *visit)
{
    struct slice callback = visit_query(visit, SLICE("callbackURL"));

    if (!visit->call.auth->settings.delete_user) {
        visit->message = SLICE("Not found");
        return STATUS_NOT_FOUND;
    }
    TRY(visit_check_url(visit, &callback, STATUS_INVALID_CALLBACK_URL));
    TRY(visit_session(visit));
    if (!visit->has_session) {
        return STATUS_FAILED_TO_GET_USER_INFO;
    }
    TRY(delete_user_by_token(&visit->call,
                             record_text(&visit->session.user, USER_ID),
                             visit_query(visit, SLICE("token"))));
    TRY(session_cookie_clear(visit));
    return callback.len > 0 ? visit_redirect(visit, callback)
                            : answer_deleted(visit, false);
}
