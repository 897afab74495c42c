/* SPDX-License-Identifier: Apache-2.0 */
/* New passwords, for those who know the old one and those who do not. */
#include "auth/password.h"
#include "api/better_auth/better_auth.h"
#include "api/better_auth/endpoints.h"
#include "api/better_auth/pace.h"
#include "api/better_auth/session_cookie.h"
#include "auth/password_change.h"
#include "auth/record_json.h"
#include "auth/user.h"

const struct input change_password_input = {
    .fields = {{SLICE_INIT("newPassword"), INPUT_TEXT, false},
               {SLICE_INIT("currentPassword"), INPUT_TEXT, false},
               {SLICE_INIT("revokeOtherSessions"), INPUT_FLAG, true}},
};

const struct input verify_password_input = {
    .fields = {{SLICE_INIT("password"), INPUT_TEXT, false}},
};

const struct input request_reset_input = {
    .fields = {{SLICE_INIT("email"), INPUT_EMAIL, false},
               {SLICE_INIT("redirectTo"), INPUT_TEXT, true}},
};

const struct input reset_password_input = {
    .fields = {{SLICE_INIT("newPassword"), INPUT_TEXT, false},
               {SLICE_INIT("token"), INPUT_TEXT, true}},
};

const struct input reset_callback_input = {
    .place = INPUT_QUERY,
    .fields = {{SLICE_INIT("callbackURL"), INPUT_TEXT, false}},
};

static enum status answer_changed(struct visit *visit, bool renewed)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("token"));
    if (renewed) {
        json_write_text(&json, record_text(&visit->session.row, SESSION_TOKEN));
    } else {
        json_write_null(&json);
    }
    json_write_name(&json, SLICE("user"));
    record_write(&json, &visit->session.user);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

enum status change_password(struct visit *visit)
{
    const struct password_change in = {
        .current = visit_text(visit, SLICE("currentPassword")),
        .new_password = visit_text(visit, SLICE("newPassword")),
        .revoke_others = visit_flag(visit, SLICE("revokeOtherSessions"), false),
    };

    TRY(password_change(&visit->call, &in, &visit->session));
    if (in.revoke_others) {
        TRY(session_cookie_set(visit, &visit->session, visit->brief));
    }
    return answer_changed(visit, in.revoke_others);
}

/* As the original says it, whatever was wrong. */
enum status verify_password(struct visit *visit)
{
    struct slice password = visit_text(visit, SLICE("password"));
    enum status status;

    if (password_is_too_long(&visit->call, password)) {
        return STATUS_PASSWORD_TOO_LONG;
    }
    status = password_confirm(
        &visit->call, record_text(&visit->session.user, USER_ID), password);
    TRY(status == STATUS_CREDENTIAL_ACCOUNT_NOT_FOUND ? STATUS_INVALID_PASSWORD
                                                      : status);
    return visit_answer_flag(visit, SLICE("status"));
}

enum status request_password_reset(struct visit *visit)
{
    int64_t deadline = pace_begin();
    struct json_writer json;

    TRY(password_reset_request(&visit->call, visit_text(visit, SLICE("email")),
                               visit_text(visit, SLICE("redirectTo"))));
    TRY(pace_wait(deadline));
    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("status"));
    json_write_bool(&json, true);
    json_write_name(&json, SLICE("message"));
    json_write_text(&json,
                    SLICE("If this email exists in our system, check your "
                          "email for the reset link"));
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

/* The original makes the address absolute here, and only here. */
static enum status absolute(struct visit *visit, struct slice url,
                            struct slice *out)
{
    if (!slice_starts_with(url, SLICE("/"))) {
        *out = url;
        return STATUS_OK;
    }
    return arena_format(visit->arena, out, "%.*s%.*s",
                        SLICE_ARG(visit->kit->origin), SLICE_ARG(url));
}

enum status reset_password_callback(struct visit *visit)
{
    struct slice callback = visit_query(visit, SLICE("callbackURL"));
    struct slice token =
        slice_from(visit->path, sizeof("/reset-password/") - 1);
    struct slice user_id;
    enum status status;

    if (token.len == 0) {
        visit->no_body = true;
        return STATUS_NOT_FOUND;
    }
    TRY(visit_check_url(visit, &callback, STATUS_INVALID_CALLBACK_URL));
    status = password_reset_check(&visit->call, token, &user_id);
    if (callback.len == 0) { /* nowhere to go with a good one either */
        TRY(arena_format(visit->arena, &callback, "%.*s/error",
                         SLICE_ARG(visit->call.auth->base_url)));
        status = status == STATUS_OK ? STATUS_LINK_INVALID : status;
    }
    TRY(absolute(visit, callback, &callback));
    if (status == STATUS_LINK_INVALID) {
        return visit_redirect_with(visit, callback, SLICE("error"),
                                   SLICE("INVALID_TOKEN"));
    }
    TRY(status);
    return visit_redirect_with(visit, callback, SLICE("token"), token);
}

enum status reset_password(struct visit *visit)
{
    struct slice token = visit_text(visit, SLICE("token"));

    if (token.len == 0) {
        token = visit_query(visit, SLICE("token"));
    }
    if (token.len == 0) {
        return STATUS_LINK_INVALID;
    }
    TRY(password_reset(&visit->call, token,
                       visit_text(visit, SLICE("newPassword"))));
    return visit_answer_flag(visit, SLICE("status"));
}
