/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/account_answer.h"

static void write_member(struct json_writer *json, struct slice name,
                         struct slice text)
{
    json_write_name(json, name);
    json_write_text(json, text);
}

/* Without one null and 0. */
static void write_token(struct json_writer *json,
                        const struct account_token *token)
{
    json_write_name(json, SLICE("session_token"));
    if (token->text.ptr == NULL) {
        json_write_null(json);
    } else {
        json_write_text(json, token->text);
    }
    json_write_name(json, SLICE("expires_in"));
    json_write_int64(json, token->seconds);
}

static void write_background(struct json_writer *json, struct slice answers)
{
    json_write_name(json, SLICE("background"));
    json_write_raw(json, answers);
}

static void begin(struct rest *rest, struct json_writer *json)
{
    response_json(rest->visit.response, json);
    json_write_object(json);
}

static void end(struct rest *rest, struct json_writer *json)
{
    json_write_end(json);
    response_json_end(rest->visit.response, json);
}

static void write_user(struct json_writer *json, struct slice id,
                       struct slice email)
{
    write_member(json, SLICE("user_id"), id);
    write_member(json, SLICE("email"), email);
}

void account_answer_sign_up(struct rest *rest, const struct account_signed *in)
{
    struct json_writer json;

    begin(rest, &json);
    write_user(&json, in->user_id, in->email);
    write_token(&json, &in->token);
    json_write_name(&json, SLICE("profile_complete"));
    json_write_bool(&json, in->is_complete);
    write_background(&json, in->background);
    end(rest, &json);
}

void account_answer_sign_in(struct rest *rest, const struct account_signed *in)
{
    struct json_writer json;

    begin(rest, &json);
    write_user(&json, in->user_id, in->email);
    write_token(&json, &in->token);
    write_background(&json, in->background);
    end(rest, &json);
}

void account_answer_token(struct rest *rest, const struct account_token *token)
{
    struct json_writer json;

    begin(rest, &json);
    write_token(&json, token);
    end(rest, &json);
}

void account_answer_account(struct rest *rest, const struct profile *profile)
{
    const struct record *user = &rest->visit.session.user;
    int64_t updated = record_number(user, USER_UPDATED_AT);
    struct json_writer json;

    begin(rest, &json);
    write_user(&json, record_text(user, USER_ID),
               record_text(user, USER_EMAIL));
    write_background(&json, profile->json);
    json_write_name(&json, SLICE("created_at"));
    rest_write_date(&json, user, USER_CREATED_AT);
    json_write_name(&json, SLICE("updated_at"));
    rest_write_time(&json, profile->updated_at > updated ? profile->updated_at
                                                         : updated);
    end(rest, &json);
}
