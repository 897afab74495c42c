/* SPDX-License-Identifier: Apache-2.0 */
/* /api/admin/profile: a reader's answers, for who may see and change users. */
#include "api/better_auth/admin/admin.h"
#include "api/better_auth/better_auth.h"
#include "api/rest/endpoints.h"
#include "api/rest/profile_answer.h"

static const struct shape user_id_shape = {.kind = SHAPE_TEXT, .min = 1};

#define USER_ID_TEXT "Whose profile."
#define USER_PARAMETER                                                         \
    {                                                                          \
        SLICE_INIT("user_id"), false, true, &user_id_shape,                    \
            SLICE_INIT(USER_ID_TEXT)                                           \
    }

/* Nobody agrees to anything in another's place: there is no "consent". */
static const struct shape_field change_fields[] = {
    {SLICE_INIT("answers"), &shape_answers, false,
     SLICE_INIT("Answers to change, by the question's id; others stay.")},
    {SLICE_INIT("remove"), &profile_remove_shape, false,
     SLICE_INIT("Questions whose answers are taken out.")},
};

static const struct shape change_shape = {SHAPE_OF(change_fields)};

/* The reader the query names, for who may do `action` to users. */
static enum status find_reader(struct rest *rest, struct slice action,
                               enum status refusal, struct record *out)
{
    struct visit *visit = &rest->visit;
    struct slice id = visit_query(visit, SLICE("user_id"));

    if (!visit->kit->plugins[ADMIN]) {
        return STATUS_NOT_FOUND;
    }
    TRY(admin_check(visit, SLICE("user"), action, refusal));
    if (id.len == 0) {
        return rest_refuse(rest, STATUS_INVALID_FIELDS, SLICE("user_id"),
                           "Say whose: ?user_id=ID.");
    }
    TRY(admin_find_user(visit, id, out));
    if (visit->call.actor.len == 0) { /* else somebody acts as this one */
        visit->call.actor = rest_user_id(rest);
    }
    return STATUS_OK;
}

static enum status get_handle(struct rest *rest)
{
    struct record user;

    TRY(find_reader(rest, SLICE("get"), STATUS_MAY_NOT_GET_USER, &user));
    return profile_answer_get(rest, &user);
}

static enum status put_handle(struct rest *rest)
{
    struct record user;
    enum status status;

    TRY(find_reader(rest, SLICE("update"), STATUS_MAY_NOT_UPDATE_USERS, &user));
    status = profile_answer_put(rest, &user);
    return status == STATUS_NOT_FOUND ? STATUS_ADMIN_USER_NOT_FOUND : status;
}

const struct rest_endpoint rest_admin_profile = {
    .handle = get_handle,
    .who = REST_READER,
    .name = SLICE_INIT("getReaderProfile"),
    .summary = SLICE_INIT("A reader's answers, for administrators."),
    .success = 200,
    .output = &profile_shape,
    .tagged = true,
    .refusals = {STATUS_SIGN_IN_FIRST, STATUS_TOKEN_OVER, STATUS_BANNED_USER,
                 STATUS_MAY_NOT_GET_USER, STATUS_ADMIN_USER_NOT_FOUND,
                 STATUS_STALE_VERSION, STATUS_INVALID_FIELDS},
    .parameters = {USER_PARAMETER},
};

const struct rest_endpoint rest_admin_profile_put = {
    .handle = put_handle,
    .who = REST_READER,
    .name = SLICE_INIT("putReaderProfile"),
    .summary = SLICE_INIT("Change a reader's answers, for administrators."),
    .input = &change_shape,
    .success = 200,
    .output = &profile_shape,
    .tagged = true,
    .refusals = {STATUS_SIGN_IN_FIRST, STATUS_TOKEN_OVER, STATUS_BANNED_USER,
                 STATUS_MAY_NOT_UPDATE_USERS, STATUS_ADMIN_USER_NOT_FOUND,
                 STATUS_STALE_VERSION, STATUS_CONSENT_REQUIRED},
    .parameters = {USER_PARAMETER},
};
