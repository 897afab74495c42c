/* SPDX-License-Identifier: Apache-2.0 */
#include "api/better_auth/admin/admin.h"

#include "auth/record_json.h"
#include "auth/roles.h"
#include "auth/user.h"
#include "codec/json_read.h"

/* A hundred roles of ten letters; the original has no limit. */
#define ROLES_MAX ((size_t)1024)

enum status admin_check(const struct visit *visit, struct slice resource,
                        struct slice action, enum status refusal)
{
    const struct auth *auth = visit->call.auth;
    struct role_holder caller = role_holder_of(auth, &visit->session.user);

    return roles_allow(&auth->settings, &caller, resource, action) ? STATUS_OK
                                                                   : refusal;
}

enum status admin_user_id(const struct visit *visit, struct slice *out)
{
    return input_id_text(visit_member(visit, SLICE("userId")), visit->arena,
                         out);
}

enum status admin_find_user(const struct visit *visit, struct slice id,
                            struct record *out)
{
    enum status status = user_by_id(&visit->call, id, out);

    return status == STATUS_NOT_FOUND ? STATUS_ADMIN_USER_NOT_FOUND : status;
}

bool admin_is_caller(const struct visit *visit, struct slice id)
{
    return slice_equal(record_text(&visit->session.user, USER_ID), id);
}

static enum status add_role(struct buf *to, const struct json *json)
{
    struct slice role;

    if (json_text(json, &role) != STATUS_OK) {
        return STATUS_INVALID_ROLE_TYPE;
    }
    buf_add(to, role);
    return STATUS_OK;
}

enum status admin_read_roles(struct visit *visit, const struct json *json,
                             struct slice *out)
{
    enum status status;
    struct buf buf;

    buf_init(&buf, visit->arena, ROLES_MAX);
    if (json_kind_of(json) != JSON_KIND_ARRAY) {
        TRY(add_role(&buf, json));
    }
    for (size_t i = 0; i < json_count(json); i++) {
        buf_add(&buf, i > 0 ? SLICE(",") : SLICE_EMPTY);
        TRY(add_role(&buf, json_at(json, i)));
    }
    status = buf_finish(&buf, out);
    if (status == STATUS_TOO_LARGE) {
        return visit_refuse(visit, STATUS_VALIDATION_ERROR,
                            "[body.role] Too big: expected string to have "
                            "<=%zu characters",
                            ROLES_MAX);
    }
    if (out->len == 0) {
        *out = SLICE_EMPTY;
    }
    return status;
}

enum status admin_answer_user(struct visit *visit, const struct record *user)
{
    struct json_writer json;

    response_json(visit->response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("user"));
    record_write(&json, user);
    json_write_end(&json);
    response_json_end(visit->response, &json);
    return STATUS_OK;
}
