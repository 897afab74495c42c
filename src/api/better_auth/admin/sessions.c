/* SPDX-License-Identifier: Apache-2.0 */
/* Other users' sessions, and acting as somebody. */
#include "api/better_auth/admin/admin.h"
#include "api/better_auth/better_auth.h"
#include "api/better_auth/endpoints.h"
#include "api/better_auth/session_cookie.h"
#include "auth/impersonate.h"
#include "auth/record_json.h"
#include "auth/signed.h"

const struct input admin_user_input = {
    .fields = {{SLICE_INIT("userId"), INPUT_ANY, false}},
};

const struct input admin_session_input = {
    .fields = {{SLICE_INIT("sessionToken"), INPUT_TEXT, false}},
};

/* Nobody has sessions whose id cannot be one. */
static enum status list_of(struct visit *visit, struct slice user_id,
                           struct rows *out)
{
    enum status status = session_list(&visit->call, user_id, out);

    return status == STATUS_INVALID_VALUE ? STATUS_OK : status;
}

enum status admin_list_sessions(struct visit *visit)
{
    const struct table *table =
        &visit->call.auth->schema->tables[TABLE_SESSION];
    struct rows rows = {0};
    struct json_writer json;
    struct slice user_id;

    TRY(admin_check(visit, SLICE("session"), SLICE("list"),
                    STATUS_MAY_NOT_LIST_SESSIONS));
    TRY(admin_user_id(visit, &user_id));
    TRY(list_of(visit, user_id, &rows));
    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("sessions"));
    json_write_array(&json);
    for (size_t i = 0; i < rows.count; i++) {
        struct record row;

        TRY(record_take(table, &rows, i, 0, visit->arena, &row));
        record_write(&json, &row);
    }
    json_write_end(&json);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

enum status admin_revoke_session(struct visit *visit)
{
    struct slice token = visit_text(visit, SLICE("sessionToken"));

    TRY(admin_check(visit, SLICE("session"), SLICE("revoke"),
                    STATUS_MAY_NOT_REVOKE_SESSIONS));
    visit->call.admin_act = SLICE("revoke-session");
    TRY(session_end(&visit->call, token));
    return visit_answer_flag(visit, SLICE("success"));
}

enum status admin_revoke_sessions(struct visit *visit)
{
    struct slice user_id;
    enum status status;

    TRY(admin_check(visit, SLICE("session"), SLICE("revoke"),
                    STATUS_MAY_NOT_REVOKE_SESSIONS));
    TRY(admin_user_id(visit, &user_id));
    visit->call.admin_act = SLICE("revoke-sessions");
    status = session_end_all(&visit->call, user_id);
    TRY(status == STATUS_INVALID_VALUE ? STATUS_OK : status);
    return visit_answer_flag(visit, SLICE("success"));
}

static enum status answer_session(struct visit *visit,
                                  const struct session *session)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    visit_write_session(&json, session);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

/* The way back: the administrator's token, and whether it is remembered. */
static enum status keep_own_session(struct visit *visit)
{
    struct slice own = record_text(&visit->session.row, SESSION_TOKEN);
    struct slice value;

    TRY(arena_format(visit->arena, &value, "%.*s:%s", SLICE_ARG(own),
                     visit->brief ? "true" : ""));
    return session_cookie_put(visit, visit->kit->cookies.admin, value,
                              visit->call.auth->settings.session_ms);
}

enum status admin_impersonate(struct visit *visit)
{
    struct session session;
    struct slice user_id;

    TRY(admin_check(visit, SLICE("user"), SLICE("impersonate"),
                    STATUS_MAY_NOT_IMPERSONATE));
    TRY(admin_user_id(visit, &user_id));
    TRY(impersonate(&visit->call, &visit->session, user_id, &session));
    TRY(session_cookie_clear(visit));
    TRY(keep_own_session(visit));
    TRY(session_cookie_set(visit, &session, true));
    return answer_session(visit, &session);
}

/* Empty when there is none that we signed. */
static enum status kept_session(const struct visit *visit, struct slice *token,
                                bool *brief)
{
    struct slice text = SLICE_EMPTY;
    struct slice value;
    enum status status = STATUS_INVALID_TOKEN;

    if (cookie_find(&visit->cookies, visit->kit->cookies.admin, &value)) {
        status = signed_open_cookie(visit->call.auth->secrets, value,
                                    visit->arena, &text);
    }
    TRY(status == STATUS_INVALID_TOKEN ? STATUS_OK : status);
    text = status == STATUS_OK ? text : SLICE_EMPTY;
    *token = slice_head(text, slice_find(text, ':'));
    *brief = text.len > token->len + 1;
    return STATUS_OK;
}

enum status admin_stop_impersonating(struct visit *visit)
{
    struct session session;
    struct slice token;
    bool brief;

    TRY(kept_session(visit, &token, &brief));
    TRY(impersonate_stop(&visit->call, &visit->session, token, &session));
    TRY(session_cookie_set(visit, &session, brief));
    TRY(session_cookie_put(visit, visit->kit->cookies.admin, SLICE_EMPTY, 0));
    return answer_session(visit, &session);
}
