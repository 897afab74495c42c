/* SPDX-License-Identifier: Apache-2.0 */
/* What the caller may do. */
#include "api/better_auth/endpoints.h"
#include "auth/roles.h"
#include "codec/json_read.h"

/* {"user":["ban","list"]} */
static bool is_request(const struct json *json)
{
    struct json_member member = {0};

    if (json_kind_of(json) != JSON_KIND_OBJECT) {
        return false;
    }
    while (json_next(json, &member)) {
        if (json_kind_of(member.value) != JSON_KIND_ARRAY) {
            return false;
        }
        for (size_t i = 0; i < json_count(member.value); i++) {
            if (json_kind_of(json_at(member.value, i)) != JSON_KIND_TEXT) {
                return false;
            }
        }
    }
    return true;
}

/* Under one of two names, not both. */
static bool has_request(const struct json *body)
{
    return is_request(json_get(body, SLICE("permission"))) !=
           is_request(json_get(body, SLICE("permissions")));
}

const struct input admin_permission_input = {
    .fields = {{SLICE_INIT("userId"), INPUT_ANY, true},
               {SLICE_INIT("role"), INPUT_TEXT, true}},
    .also = has_request,
};

static bool allows_all(const struct visit *visit,
                       const struct role_holder *caller, struct slice resource,
                       const struct json *actions)
{
    struct slice action;

    for (size_t i = 0; i < json_count(actions); i++) {
        if (json_text(json_at(actions, i), &action) != STATUS_OK ||
            !roles_allow(&visit->call.auth->settings, caller, resource,
                         action)) {
            return false;
        }
    }
    return json_count(actions) > 0;
}

static bool may(const struct visit *visit, const struct json *request)
{
    const struct auth *auth = visit->call.auth;
    struct role_holder caller = role_holder_of(auth, &visit->session.user);
    struct json_member member = {0};

    if (roles_is_named(&auth->settings, caller.id)) {
        return true;
    }
    while (json_next(request, &member)) {
        if (!allows_all(visit, &caller, member.name, member.value)) {
            return false;
        }
    }
    return json_count(request) > 0;
}

enum status admin_has_permission(struct visit *visit)
{
    const struct json *request = visit_member(visit, SLICE("permissions"));
    struct json_writer json;

    if (!is_request(request)) {
        return STATUS_NO_PERMISSIONS;
    }
    TRY(visit_session(visit));
    if (!visit->has_session) {
        visit->no_body = true;
        return STATUS_UNAUTHORIZED;
    }
    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("error"));
    json_write_null(&json);
    json_write_name(&json, SLICE("success"));
    json_write_bool(&json, may(visit, request));
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}
