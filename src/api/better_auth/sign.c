/* SPDX-License-Identifier: Apache-2.0 */
/* Signing up, in and out. */
#include "api/better_auth/endpoints.h"
#include "api/better_auth/fields.h"
#include "api/better_auth/guard.h"
#include "api/better_auth/session_cookie.h"
#include "auth/record_json.h"
#include "auth/sign_in.h"
#include "auth/sign_up.h"

const struct input sign_up_input = {
    .forms = true,
    .record = true,
    .fields = {{SLICE_INIT("name"), INPUT_TEXT, false},
               {SLICE_INIT("email"), INPUT_EMAIL, false},
               {SLICE_INIT("password"), INPUT_FILLED, false},
               {SLICE_INIT("image"), INPUT_TEXT, true},
               {SLICE_INIT("callbackURL"), INPUT_TEXT, true},
               {SLICE_INIT("rememberMe"), INPUT_FLAG, true}},
};

const struct input sign_in_input = {
    .forms = true,
    .fields = {{SLICE_INIT("email"), INPUT_TEXT, false},
               {SLICE_INIT("password"), INPUT_TEXT, false},
               {SLICE_INIT("callbackURL"), INPUT_TEXT, true},
               {SLICE_INIT("rememberMe"), INPUT_FLAG, true}},
};

const struct input sign_out_input = {
    .may_lack = true,
    .fields = {{SLICE_INIT("callbackURL"), INPUT_TEXT, true},
               {SLICE_INIT("disableRedirect"), INPUT_FLAG, true},
               {SLICE_INIT("state"), INPUT_TEXT, true}},
};

static enum status answer_sign_up(struct visit *visit,
                                  const struct signed_up *made)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("token"));
    if (made->has_session) {
        json_write_text(&json, record_text(&made->session, SESSION_TOKEN));
    } else {
        json_write_null(&json);
    }
    json_write_name(&json, SLICE("user"));
    record_write(&json, &made->user);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

enum status sign_up_email(struct visit *visit)
{
    struct column_changes *fields =
        ARENA_NEW(visit->arena, struct column_changes);
    struct sign_up in = {
        .name = visit_text(visit, SLICE("name")),
        .password = visit_text(visit, SLICE("password")),
        .image = visit_text(visit, SLICE("image")),
        .callback = visit_text(visit, SLICE("callbackURL")),
        .brief = !visit_flag(visit, SLICE("rememberMe"), true),
        .fields = fields,
    };
    struct signed_up made;

    TRY_ALLOC(fields);
    TRY(guard_check_form(visit));
    TRY(sign_up_open(&visit->call, in.password));
    TRY(fields_check_name(visit, in.name));
    TRY(in.image.ptr == NULL ? STATUS_OK : fields_check_image(visit, in.image));
    TRY(fields_read(visit, TABLE_USER, FIELDS_CREATE, fields));
    TRY(user_email_lower(&visit->call, visit_text(visit, SLICE("email")),
                         &in.email));
    TRY(sign_up(&visit->call, &in, &made));
    if (made.has_session) {
        const struct session session = {made.session, made.user};

        TRY(session_cookie_set(visit, &session, in.brief));
    }
    return answer_sign_up(visit, &made);
}

/* Whether this browser has a session of that account. */
static enum status is_known_device(struct visit *visit, struct slice email,
                                   bool *known)
{
    TRY(visit_session_quietly(visit));
    *known = visit->has_session &&
             slice_equal(record_text(&visit->session.user, USER_EMAIL), email);
    return STATUS_OK;
}

static enum status answer_sign_in(struct visit *visit,
                                  const struct session *session,
                                  struct slice callback)
{
    struct json_writer json;

    if (callback.len > 0) {
        response_field(visit->response, SLICE("Location"), callback);
    }
    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("redirect"));
    json_write_bool(&json, callback.len > 0);
    json_write_name(&json, SLICE("token"));
    json_write_text(&json, record_text(&session->row, SESSION_TOKEN));
    if (callback.ptr != NULL) {
        json_write_name(&json, SLICE("url"));
        json_write_text(&json, callback);
    }
    json_write_name(&json, SLICE("user"));
    record_write(&json, &session->user);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

enum status sign_in_email(struct visit *visit)
{
    struct sign_in in = {
        .password = visit_text(visit, SLICE("password")),
        .callback = visit_text(visit, SLICE("callbackURL")),
        .brief = !visit_flag(visit, SLICE("rememberMe"), true),
    };
    struct slice email = visit_text(visit, SLICE("email"));
    struct signed_in out;
    enum status status;

    TRY(guard_check_form(visit));
    if (!visit->call.auth->settings.sign_in) {
        return STATUS_EMAIL_PASSWORD_DISABLED;
    }
    if (!input_is_email(email)) {
        return STATUS_INVALID_EMAIL;
    }
    TRY(user_email_lower(&visit->call, email, &in.email));
    TRY(is_known_device(visit, in.email, &in.known_device));
    status = sign_in(&visit->call, &in, &out);
    visit->wait_ms = out.wait_ms;
    TRY(status);
    TRY(session_cookie_set(visit, &out.session, in.brief));
    return answer_sign_in(visit, &out.session, in.callback);
}

enum status sign_out(struct visit *visit)
{
    if (visit->call.auth->schema->session_impersonated_by != COLUMN_NONE) {
        TRY(visit_session_quietly(visit)); /* who it is that leaves */
    }
    if (visit->token.len > 0) {
        TRY(session_end(&visit->call, visit->token));
    }
    TRY(session_cookie_clear(visit));
    return visit_answer_flag(visit, SLICE("success"));
}
