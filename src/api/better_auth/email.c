/* SPDX-License-Identifier: Apache-2.0 */
/* Links in mails that prove an address, and changing it. */
#include "auth/email.h"

#include "api/better_auth/endpoints.h"
#include "api/better_auth/pace.h"
#include "api/better_auth/session_cookie.h"
#include "auth/record_json.h"

const struct input send_verification_input = {
    .fields = {{SLICE_INIT("email"), INPUT_EMAIL, false},
               {SLICE_INIT("callbackURL"), INPUT_TEXT, true}},
};

const struct input verify_email_input = {
    .place = INPUT_QUERY,
    .fields = {{SLICE_INIT("token"), INPUT_TEXT, false},
               {SLICE_INIT("callbackURL"), INPUT_TEXT, true}},
};

const struct input change_email_input = {
    .fields = {{SLICE_INIT("newEmail"), INPUT_EMAIL, false},
               {SLICE_INIT("callbackURL"), INPUT_TEXT, true}},
};

enum status send_verification_email(struct visit *visit)
{
    int64_t deadline = pace_begin();
    enum status status;

    if (!visit->call.auth->settings.can_mail) {
        return STATUS_VERIFICATION_EMAIL_NOT_ENABLED;
    }
    TRY(visit_session(visit));
    status =
        email_send(&visit->call, visit->has_session ? &visit->session : NULL,
                   visit_text(visit, SLICE("email")),
                   visit_text(visit, SLICE("callbackURL")));
    if (!visit->has_session) {
        TRY(pace_wait(deadline));
    }
    TRY(status);
    return visit_answer_flag(visit, SLICE("status"));
}

static bool says_why(enum status status)
{
    return status == STATUS_TOKEN_EXPIRED || status == STATUS_LINK_INVALID ||
           status == STATUS_USER_NOT_FOUND || status == STATUS_INVALID_USER;
}

/* To the page that asked, or as 401. */
static enum status refuse_link(struct visit *visit, struct slice callback,
                               enum status status)
{
    if (callback.len > 0) {
        return visit_redirect_with(visit, callback, SLICE("error"),
                                   status_code(status));
    }
    visit->http = 401;
    return status;
}

static enum status answer_verified(struct visit *visit,
                                   const struct email_verified *done)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("status"));
    json_write_bool(&json, true);
    if (done->outcome != EMAIL_CONFIRMED) {
        json_write_name(&json, SLICE("user"));
        if (done->outcome == EMAIL_CHANGED) {
            record_write(&json, &done->user);
        } else {
            json_write_null(&json);
        }
    }
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

enum status verify_email(struct visit *visit)
{
    struct slice callback = visit_query(visit, SLICE("callbackURL"));
    struct email_verified done;
    enum status status;

    TRY(visit_check_url(visit, &callback, STATUS_INVALID_CALLBACK_URL));
    /* A scanner that looks at links must not use them up (S056). */
    if (visit->request->head.method == HTTP_HEAD) {
        return visit_answer_flag(visit, SLICE("status"));
    }
    TRY(visit_session_quietly(visit));
    status =
        email_verify(&visit->call, visit->has_session ? &visit->session : NULL,
                     visit_query(visit, SLICE("token")), callback, &done);
    if (says_why(status)) {
        return refuse_link(visit, callback, status);
    }
    TRY(status);
    if (done.has_session) {
        TRY(session_cookie_set(visit, &done.session, visit->brief));
    }
    return callback.len > 0 ? visit_redirect(visit, callback)
                            : answer_verified(visit, &done);
}

enum status change_email(struct visit *visit)
{
    int64_t deadline = pace_begin();
    bool changed;

    TRY(email_change(&visit->call, &visit->session,
                     visit_text(visit, SLICE("newEmail")),
                     visit_text(visit, SLICE("callbackURL")), &changed));
    TRY(pace_wait(deadline)); /* also when the address is somebody else's */
    if (changed) {
        TRY(session_cookie_set(visit, &visit->session, visit->brief));
    }
    return visit_answer_flag(visit, SLICE("status"));
}
