/* SPDX-License-Identifier: Apache-2.0 */
/* /api/profile: a reader's own answers. */
#include "reader/profile.h"

#include "api/rest/endpoints.h"
#include "api/rest/profile_answer.h"

static const struct shape merge_shape = {
    .kind = SHAPE_TEXT, .min = 1, .max = PROFILE_MERGE_MAX};

static const struct shape_field change_fields[] = {
    {SLICE_INIT("answers"), &shape_answers, false,
     SLICE_INIT("Answers to change, by the question's id; others stay.")},
    {SLICE_INIT("remove"), &profile_remove_shape, false,
     SLICE_INIT("Questions whose answers are taken out.")},
    {SLICE_INIT("merge"), &merge_shape, false,
     SLICE_INIT("An id the browser made for answers given before signing up: "
                "they go only where there is none, and only once.")},
    {SLICE_INIT("consent"), &shape_text, false,
     SLICE_INIT("The version of the consent text that was agreed to.")},
};

static const struct shape change_shape = {SHAPE_OF(change_fields)};

static const struct shape_field history_fields[] = {
    {SLICE_INIT("version"), &shape_count, true,
     SLICE_INIT("The version this change made.")},
    {SLICE_INIT("at"), &shape_time, true, SLICE_INIT("When.")},
    {SLICE_INIT("actor"), &shape_text, true,
     SLICE_INIT("Who: \"self\", \"admin\" or \"command\".")},
    {SLICE_INIT("changes"), &shape_any, true,
     SLICE_INIT("By question: the answer before and the answer since; null "
                "for none.")},
};

static const struct shape history_item_shape = {
    SHAPE_OF(history_fields), .name = SLICE_INIT("ProfileChange")};

static const struct shape history_list_shape = {.kind = SHAPE_ARRAY,
                                                .of = &history_item_shape};

static const struct shape_field history_answer_fields[] = {
    {SLICE_INIT("history"), &history_list_shape, true,
     SLICE_INIT("The last 50 changes, the newest first.")},
};

static const struct shape history_shape = {
    SHAPE_OF(history_answer_fields), .name = SLICE_INIT("ProfileHistory")};

static enum status get_handle(struct rest *rest)
{
    return profile_answer_get(rest, &rest->visit.session.user);
}

static enum status put_handle(struct rest *rest)
{
    enum status status = profile_answer_put(rest, &rest->visit.session.user);

    /* The reader has gone since the session was found. */
    return status == STATUS_NOT_FOUND ? STATUS_UNAUTHORIZED : status;
}

static enum status history_handle(struct rest *rest)
{
    struct json_writer json;
    struct slice history;

    TRY(profile_history(rest->reader, &rest->visit.call, rest_user_id(rest),
                        &history));
    response_json(rest->visit.response, &json);
    json_write_object(&json);
    json_write_name(&json, SLICE("history"));
    json_write_raw(&json, history);
    json_write_end(&json);
    response_json_end(rest->visit.response, &json);
    return STATUS_OK;
}

const struct rest_endpoint rest_profile = {
    .handle = get_handle,
    .who = REST_READER,
    .name = SLICE_INIT("getProfile"),
    .summary = SLICE_INIT("The reader's answers, and what is open."),
    .success = 200,
    .output = &profile_shape,
    .tagged = true,
    .refusals = {STATUS_SIGN_IN_FIRST, STATUS_TOKEN_OVER, STATUS_BANNED_USER,
                 STATUS_STALE_VERSION},
};

const struct rest_endpoint rest_profile_put = {
    .handle = put_handle,
    .who = REST_READER,
    .name = SLICE_INIT("putProfile"),
    .summary = SLICE_INIT("Change some of the answers; all of it or nothing."),
    .input = &change_shape,
    .success = 200,
    .output = &profile_shape,
    .tagged = true,
    .refusals = {STATUS_SIGN_IN_FIRST, STATUS_TOKEN_OVER, STATUS_BANNED_USER,
                 STATUS_STALE_VERSION, STATUS_CONSENT_REQUIRED},
};

const struct rest_endpoint rest_profile_history = {
    .handle = history_handle,
    .who = REST_READER,
    .name = SLICE_INIT("getProfileHistory"),
    .summary = SLICE_INIT("What changed in the answers, when, and by whom."),
    .success = 200,
    .output = &history_shape,
    .refusals = {STATUS_SIGN_IN_FIRST, STATUS_TOKEN_OVER, STATUS_BANNED_USER},
};
