/* SPDX-License-Identifier: Apache-2.0 */
/* The session one has, and the others. */
#include "api/better_auth/better_auth.h"
#include "api/better_auth/current.h"
#include "api/better_auth/endpoints.h"
#include "api/better_auth/fields.h"
#include "api/better_auth/jwt_header.h"
#include "api/better_auth/session_cookie.h"
#include "auth/record_json.h"
#include "auth/user.h"
#include "codec/json_read.h"

const struct input revoke_session_input = {
    .fields = {{SLICE_INIT("token"), INPUT_TEXT, false}},
};

const struct input update_session_input = {.record = true};

static enum status answer_null(struct visit *visit)
{
    response_text(visit->response, SLICE("application/json"), SLICE("null"));
    return STATUS_OK;
}

static enum status answer_session(struct visit *visit, bool due)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    visit_write_session(&json, &visit->session);
    if (visit->call.auth->settings.session_refresh_deferred &&
        visit->request->head.method != HTTP_POST && !visit->brief &&
        !visit_query_flag(visit, SLICE("disableRefresh"))) {
        json_write_name(&json, SLICE("needsRefresh"));
        json_write_bool(&json, due);
    }
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

static enum status answer_copy(struct visit *visit,
                               const struct session_cache *copy)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("session"));
    json_write_json(&json, copy->session);
    json_write_name(&json, SLICE("user"));
    json_write_json(&json, copy->user);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

/* The copy answers, as the original lets it, when it is on and good. */
static enum status try_copy(struct visit *visit, bool *answered)
{
    struct session_cache copy;
    enum status status;

    *answered = false;
    if (!visit->kit->copy.on || visit->token.len == 0 ||
        visit_query_flag(visit, SLICE("disableCookieCache"))) {
        return STATUS_OK;
    }
    status = session_cookie_read_copy(visit, &copy);
    if (status == STATUS_INVALID_TOKEN) {
        return session_cookie_put(visit, visit->kit->cookies.data, SLICE_EMPTY,
                                  0);
    }
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    /* A token is made of rows, and only for a session that lives. */
    if (jwt_header_is_wanted(visit)) {
        TRY(visit_session_quietly(visit));
        if (!visit->has_session) {
            visit->looked = false;
            return STATUS_OK;
        }
        TRY(jwt_header_add(visit));
    }
    *answered = true;
    return answer_copy(visit, &copy);
}

enum status get_session(struct visit *visit)
{
    bool posted = visit->request->head.method == HTTP_POST;
    bool answered;
    bool due;

    response_field(visit->response, SLICE("Pragma"), SLICE("no-cache"));
    if (posted && !visit->call.auth->settings.session_refresh_deferred) {
        return STATUS_DEFER_REQUIRED;
    }
    TRY(try_copy(visit, &answered));
    if (answered) {
        return STATUS_OK;
    }
    TRY(current_session(visit, &due));
    if (!visit->has_session) {
        return answer_null(visit);
    }
    TRY(jwt_header_add(visit));
    return answer_session(visit, due);
}

enum status list_sessions(struct visit *visit)
{
    const struct schema *schema = visit->call.auth->schema;
    struct rows rows;
    struct json_writer json;

    TRY(session_list(&visit->call, record_text(&visit->session.user, USER_ID),
                     &rows));
    response_json(visit->response, &json);
    json_write_array(&json);
    for (size_t i = 0; i < rows.count; i++) {
        struct record row;

        TRY(record_take(&schema->tables[TABLE_SESSION], &rows, i, 0,
                        visit->arena, &row));
        if (schema->session_impersonated_by == COLUMN_NONE ||
            record_is_null(&row, schema->session_impersonated_by)) {
            record_write(&json, &row);
        }
    }
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}

enum status revoke_session(struct visit *visit)
{
    struct slice token = visit_text(visit, SLICE("token"));
    struct slice own = record_text(&visit->session.row, SESSION_TOKEN);

    TRY(session_end_own(&visit->call, token,
                        record_text(&visit->session.user, USER_ID)));
    if (slice_equal(token, own)) {
        TRY(session_cookie_clear(visit));
    }
    return visit_answer_flag(visit, SLICE("status"));
}

enum status revoke_sessions(struct visit *visit)
{
    TRY(session_end_all(&visit->call,
                        record_text(&visit->session.user, USER_ID)));
    TRY(session_cookie_clear(visit));
    return visit_answer_flag(visit, SLICE("status"));
}

enum status revoke_other_sessions(struct visit *visit)
{
    TRY(session_end_others(&visit->call,
                           record_text(&visit->session.user, USER_ID),
                           record_text(&visit->session.row, SESSION_TOKEN)));
    return visit_answer_flag(visit, SLICE("status"));
}

enum status update_session(struct visit *visit)
{
    struct column_changes *changes =
        ARENA_NEW(visit->arena, struct column_changes);
    struct json_writer json;

    TRY_ALLOC(changes);
    TRY(fields_read(visit, TABLE_SESSION, FIELDS_UPDATE, changes));
    if (changes->count == 0) {
        return STATUS_NO_FIELDS;
    }
    TRY(row_update(&visit->call, TABLE_SESSION,
                   record_text(&visit->session.row, SESSION_TOKEN), changes,
                   &visit->session.row));
    TRY(session_cookie_set(visit, &visit->session, visit->brief));
    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("session"));
    record_write(&json, &visit->session.row);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}
