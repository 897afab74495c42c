/* SPDX-License-Identifier: Apache-2.0 */
/* /auth: accounts for clients without an SDK. */
#include "api/better_auth/fields.h"
#include "api/rest/account_answer.h"
#include "api/rest/background.h"
#include "api/rest/caller.h"
#include "api/rest/endpoints.h"
#include "api/rest/external.h"
#include "api/rest/progress.h"
#include "auth/keys.h"
#include "auth/sign_in.h"
#include "auth/token.h"
#include "reader/progress.h"
#include "reader/questionnaire.h"

#define BACKGROUND_TEXT                                                        \
    "What the reader knows already: answers to the questionnaire, by the "     \
    "question's id."

static const struct shape token_shape = {
    .kind = SHAPE_TEXT, .format = FORMAT_TOKEN, .nullable = true};

static const struct shape_field account_fields[] = {
    {SLICE_INIT("user_id"), &shape_text, true, SLICE_INIT("The account.")},
    {SLICE_INIT("email"), &shape_email, true, SLICE_INIT("Its address.")},
    {SLICE_INIT("background"), &shape_answers, true,
     SLICE_INIT(BACKGROUND_TEXT)},
    {SLICE_INIT("created_at"), &shape_time, true,
     SLICE_INIT("When the account was made.")},
    {SLICE_INIT("updated_at"), &shape_time, true,
     SLICE_INIT("When account or background last changed.")},
};

static const struct shape account_shape = {SHAPE_OF(account_fields),
                                           .name = SLICE_INIT("Account")};

static const struct shape_field token_fields[] = {
    {SLICE_INIT("session_token"), &token_shape, true,
     SLICE_INIT("An RS256 JSON Web Token; anyone can verify it by "
                "/.well-known/jwks.json.")},
    {SLICE_INIT("expires_in"), &shape_count, true,
     SLICE_INIT("Seconds until the token is over.")},
};

static const struct shape new_token_shape = {SHAPE_OF(token_fields),
                                             .name = SLICE_INIT("NewToken")};

static const struct shape_field signed_in_fields[] = {
    {SLICE_INIT("user_id"), &shape_text, true, SLICE_INIT("The account.")},
    {SLICE_INIT("email"), &shape_email, true, SLICE_INIT("Its address.")},
    {SLICE_INIT("session_token"), &token_shape, true,
     SLICE_INIT("An RS256 JSON Web Token; null while the address has to be "
                "verified first.")},
    {SLICE_INIT("expires_in"), &shape_count, true,
     SLICE_INIT("Seconds until the token is over; /auth/refresh gives a new "
                "one.")},
    {SLICE_INIT("background"), &shape_answers, true,
     SLICE_INIT(BACKGROUND_TEXT)},
};

static const struct shape signed_in_shape = {SHAPE_OF(signed_in_fields),
                                             .name = SLICE_INIT("SignedIn")};

static const struct shape_field signed_up_fields[] = {
    {SLICE_INIT("user_id"), &shape_text, true, SLICE_INIT("The new account.")},
    {SLICE_INIT("email"), &shape_email, true, SLICE_INIT("Its address.")},
    {SLICE_INIT("session_token"), &token_shape, true,
     SLICE_INIT("An RS256 JSON Web Token; null while the address has to be "
                "verified first.")},
    {SLICE_INIT("expires_in"), &shape_count, true,
     SLICE_INIT("Seconds until the token is over; /auth/refresh gives a new "
                "one.")},
    {SLICE_INIT("profile_complete"), &shape_flag, true,
     SLICE_INIT("Whether every required question is answered.")},
    {SLICE_INIT("background"), &shape_answers, true,
     SLICE_INIT(BACKGROUND_TEXT)},
};

static const struct shape signed_up_shape = {SHAPE_OF(signed_up_fields),
                                             .name = SLICE_INIT("SignedUp")};

static const struct shape_field sign_up_fields[] = {
    {SLICE_INIT("email"), &shape_email, true, SLICE_INIT("The address.")},
    {SLICE_INIT("password"), &shape_password, true,
     SLICE_INIT("At least eight characters, unless the server says otherwise, "
                "and none of the common ones.")},
    {SLICE_INIT("name"), &shape_text, false,
     SLICE_INIT("What to call the reader; the address' first half otherwise.")},
    {SLICE_INIT("background"), &shape_answers, false,
     SLICE_INIT(BACKGROUND_TEXT)},
    {SLICE_INIT("consent"), &shape_text, false,
     SLICE_INIT("The version of the consent text that was agreed to.")},
    {SLICE_INIT("progress"), &rest_progress_shape, false,
     SLICE_INIT("What was read before signing up.")},
};

/* Open, since the operator may have further fields of users. */
static const struct shape sign_up_shape = {SHAPE_OF(sign_up_fields),
                                           .open = true};

static const struct shape_field sign_in_fields[] = {
    {SLICE_INIT("email"), &shape_email, true, SLICE_INIT("The address.")},
    {SLICE_INIT("password"), &shape_password, true,
     SLICE_INIT("Its password.")},
};

static const struct shape sign_in_shape = {SHAPE_OF(sign_in_fields)};

static const struct shape_field background_fields[] = {
    {SLICE_INIT("background"), &shape_answers, true,
     SLICE_INIT("The answers to change; others stay as they are.")},
    {SLICE_INIT("consent"), &shape_text, false,
     SLICE_INIT("The version of the consent text that was agreed to.")},
};

static const struct shape background_shape = {SHAPE_OF(background_fields)};

static const struct shape_field success_fields[] = {
    {SLICE_INIT("success"), &shape_flag, true, SLICE_INIT("Always true.")},
};

static const struct shape success_shape = {SHAPE_OF(success_fields),
                                           .name = SLICE_INIT("Success")};

static struct slice text_of(const struct rest *rest, struct slice name)
{
    return visit_text(&rest->visit, name);
}

/* Another service keeps the accounts. */
static bool is_external(const struct rest *rest)
{
    return rest->visit.call.auth->remote != NULL;
}

static enum status make_token(struct rest *rest, const struct session *session,
                              const struct profile *profile,
                              struct account_token *out)
{
    const struct auth_call *call = &rest->visit.call;
    struct slice claims;

    TRY(profile_claims(rest->reader, profile, call->arena, &claims));
    TRY(token_make_session(call, session, claims, &out->text));
    out->seconds = keys_settings(call->auth->keys)->expires_ms / 1000;
    return STATUS_OK;
}

/* What the reader says of a password that will not do. */
static enum status explain_password(struct rest *rest, enum status status)
{
    const struct auth_settings *settings = &rest->visit.call.auth->settings;
    struct slice field = SLICE("password");

    switch (status) {
    case STATUS_PASSWORD_TOO_SHORT:
        return rest_refuse(rest, status, field, "Use at least %zu characters.",
                           settings->min_password);
    case STATUS_PASSWORD_TOO_LONG:
        return rest_refuse(rest, status, field, "Use at most %zu characters.",
                           settings->max_password);
    case STATUS_PASSWORD_COMPROMISED:
        return rest_refuse(rest, status, field,
                           "This one is on the lists that attackers try "
                           "first. Choose another.");
    case STATUS_USER_ALREADY_EXISTS:
        return rest_refuse(rest, status, SLICE("email"),
                           "There is an account with this address already. "
                           "Sign in, or ask for a new password.");
    default:
        return status;
    }
}

static bool is_sign_up_field(struct slice name)
{
    for (size_t i = 0; i < sign_up_shape.field_count; i++) {
        if (slice_equal(sign_up_shape.fields[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* The operator's further fields, and nothing else. */
static enum status read_further(struct rest *rest, struct column_changes *out)
{
    const struct table *users =
        &rest->visit.call.auth->schema->tables[TABLE_USER];
    struct json_member member = {0};
    enum status status;

    while (json_next(rest->body, &member)) {
        size_t column = table_column(users, member.name);

        if (!is_sign_up_field(member.name) &&
            (column == COLUMN_NONE || !users->columns[column].additional)) {
            TRY(problems_add(&rest->problems, member.name,
                             "There is no such field; leave it out."));
        }
    }
    TRY(rest_check_problems(rest));
    status = fields_read(&rest->visit, TABLE_USER, FIELDS_CREATE, out);
    if (status != STATUS_OK && rest->visit.message.len > 0) {
        return rest_refuse(rest, status, SLICE("fields"), "%.*s",
                           SLICE_ARG(rest->visit.message));
    }
    return status;
}

/* What is before the @: better than nothing, and the reader can change it. */
static struct slice name_or_address(const struct rest *rest, struct slice email)
{
    struct slice name = text_of(rest, SLICE("name"));

    return name.len > 0 ? name : slice_head(email, slice_find(email, '@'));
}

static enum status check_luggage(struct rest *rest)
{
    const struct json *progress = json_get(rest->body, SLICE("progress"));

    if (progress != NULL) {
        TRY(progress_check(progress, &rest->problems));
    }
    return background_check(rest, SLICE("background"));
}

static enum status answer_sign_up(struct rest *rest,
                                  const struct signed_up *made,
                                  const struct profile *profile)
{
    const struct session session = {made->session, made->user};
    struct account_signed out = {
        .user_id = record_text(&made->user, USER_ID),
        .email = record_text(&made->user, USER_EMAIL),
        .background = profile->json,
        .is_complete = questionnaire_is_complete(rest->reader->questionnaire,
                                                 profile->answers)};

    if (made->has_session) {
        TRY(make_token(rest, &session, profile, &out.token));
    }
    account_answer_sign_up(rest, &out);
    return STATUS_OK;
}

/* What a new account brings along: answers, and what was read already. */
struct luggage {
    struct sign_up_more more;
    struct profile_sign_up profile;
    const struct json *progress; /* or NULL */
    struct value values[3];
};

static enum status add_luggage(const struct sign_up_more *more,
                               const struct auth_call *call,
                               struct value user_id,
                               struct statement statements[SIGN_UP_ADDED_MAX],
                               size_t *count)
{
    struct luggage *luggage = CONTAINER_OF(more, struct luggage, more);

    TRY(luggage->profile.more.add(&luggage->profile.more, call, user_id,
                                  statements, count));
    return json_count(luggage->progress) == 0
               ? STATUS_OK
               : progress_statement(call, user_id, luggage->progress,
                                    luggage->values, &statements[(*count)++]);
}

static enum status make_account(struct rest *rest,
                                const struct column_changes *fields,
                                struct signed_up *made, struct profile *profile)
{
    const struct auth_call *call = &rest->visit.call;
    const struct profile_change change = {
        .answers = json_get(rest->body, SLICE("background")),
        .consent = text_of(rest, SLICE("consent"))};
    struct luggage luggage = {.more = {.add = add_luggage},
                              .progress =
                                  json_get(rest->body, SLICE("progress"))};
    struct sign_up in = {.password = text_of(rest, SLICE("password")),
                         .image = {NULL, 0},
                         .fields = fields,
                         .more = &luggage.more};

    TRY(background_explain(rest,
                           profile_sign_up_init(&luggage.profile, rest->reader,
                                                call, &change, profile)));
    TRY(user_email_lower(call, text_of(rest, SLICE("email")), &in.email));
    in.name = name_or_address(rest, in.email);
    return sign_up(call, &in, made);
}

static enum status sign_up_here(struct rest *rest,
                                const struct column_changes *fields)
{
    struct signed_up made = {0};
    struct profile profile;
    enum status status = make_account(rest, fields, &made, &profile);

    return status == STATUS_OK ? answer_sign_up(rest, &made, &profile)
                               : explain_password(rest, status);
}

static enum status sign_up_elsewhere(struct rest *rest)
{
    struct slice email;

    TRY(user_email_lower(&rest->visit.call, text_of(rest, SLICE("email")),
                         &email));
    return external_sign_up(rest, email, name_or_address(rest, email));
}

static enum status sign_up_handle(struct rest *rest)
{
    const struct auth_call *call = &rest->visit.call;
    struct column_changes *fields =
        ARENA_NEW(rest->visit.arena, struct column_changes);
    struct slice password = text_of(rest, SLICE("password"));

    TRY_ALLOC(fields);
    if (!is_external(rest)) {
        TRY(check_luggage(rest));
        TRY(explain_password(rest, sign_up_open(call, password)));
        TRY(read_further(rest, fields));
        return sign_up_here(rest, fields);
    }
    TRY(check_luggage(rest));
    TRY(read_further(rest, fields));
    return sign_up_elsewhere(rest);
}

const struct rest_endpoint rest_sign_up = {
    .handle = sign_up_handle,
    .gives_token = true,
    .name = SLICE_INIT("signUp"),
    .summary = SLICE_INIT("Make an account, with what the reader knows "
                          "already, in one request."),
    .counted_as = SLICE_INIT("/sign-up/email"),
    .input = &sign_up_shape,
    .success = 201,
    .output = &signed_up_shape,
    .refusals = {STATUS_EMAIL_TAKEN, STATUS_REST_PASSWORD_TOO_SHORT,
                 STATUS_REST_PASSWORD_TOO_LONG, STATUS_REST_PASSWORD_LISTED,
                 STATUS_SIGN_UP_CLOSED, STATUS_CONSENT_REQUIRED},
};

/* Whether this client has a session of that account already. */
static enum status is_known(struct rest *rest, struct slice email, bool *known)
{
    struct visit *visit = &rest->visit;

    TRY(visit_find_token(visit));
    TRY(visit_session_quietly(visit));
    *known = visit->has_session &&
             slice_equal(record_text(&visit->session.user, USER_EMAIL), email);
    return STATUS_OK;
}

static enum status answer_sign_in(struct rest *rest,
                                  const struct session *session)
{
    struct account_signed out = {
        .user_id = record_text(&session->user, USER_ID),
        .email = record_text(&session->user, USER_EMAIL)};
    struct profile profile;

    TRY(profile_read(rest->reader, &rest->visit.call, out.user_id, &profile));
    out.background = profile.json;
    TRY(make_token(rest, session, &profile, &out.token));
    account_answer_sign_in(rest, &out);
    return STATUS_OK;
}

static enum status sign_in_handle(struct rest *rest)
{
    const struct auth_call *call = &rest->visit.call;
    struct sign_in in = {.password = text_of(rest, SLICE("password"))};
    struct signed_in out = {0};
    enum status status;

    TRY(user_email_lower(call, text_of(rest, SLICE("email")), &in.email));
    if (is_external(rest)) {
        return external_sign_in(rest, in.email);
    }
    TRY(is_known(rest, in.email, &in.known_device));
    status = sign_in(call, &in, &out);
    rest->visit.wait_ms = out.wait_ms;
    /* Nobody was ever given such a long one. */
    TRY(status == STATUS_PASSWORD_TOO_LONG ? STATUS_INVALID_EMAIL_OR_PASSWORD
                                           : status);
    return answer_sign_in(rest, &out.session);
}

const struct rest_endpoint rest_sign_in = {
    .handle = sign_in_handle,
    .gives_token = true,
    .name = SLICE_INIT("signIn"),
    .summary = SLICE_INIT("Open a session with address and password."),
    .counted_as = SLICE_INIT("/sign-in/email"),
    .input = &sign_in_shape,
    .success = 200,
    .output = &signed_in_shape,
    .refusals = {STATUS_INVALID_EMAIL_OR_PASSWORD, STATUS_EMAIL_NOT_VERIFIED,
                 STATUS_BANNED_USER, STATUS_SIGN_IN_CLOSED},
};

/* Only where tokens tell of it. */
static enum status read_claimed(struct rest *rest, struct profile *out)
{
    *out = (struct profile){0};
    return rest->reader->claim_count == 0
               ? STATUS_OK
               : profile_read(rest->reader, &rest->visit.call,
                              rest_user_id(rest), out);
}

static enum status refresh_handle(struct rest *rest)
{
    struct account_token token;
    struct profile profile;

    if (is_external(rest)) {
        TRY(caller_find(rest, true));
        return external_refresh(rest);
    }
    TRY(caller_find(rest, true));
    if (rest->is_guess) { /* the new one would name a session */
        return STATUS_SIGN_IN_FIRST;
    }
    TRY(read_claimed(rest, &profile));
    TRY(make_token(rest, &rest->visit.session, &profile, &token));
    account_answer_token(rest, &token);
    return STATUS_OK;
}

const struct rest_endpoint rest_refresh = {
    .handle = refresh_handle,
    .gives_token = true,
    .name = SLICE_INIT("refresh"),
    .summary =
        SLICE_INIT("A new token for one that is over or nearly so, while "
                   "its session lives."),
    .success = 200,
    .output = &new_token_shape,
    .refusals = {STATUS_SIGN_IN_FIRST, STATUS_BANNED_USER},
};

static enum status sign_out_handle(struct rest *rest)
{
    TRY(caller_find(rest, true));
    TRY(session_end(&rest->visit.call,
                    record_text(&rest->visit.session.row, SESSION_TOKEN)));
    if (is_external(rest)) {
        TRY(external_sign_out(rest));
    }
    return visit_answer_flag(&rest->visit, SLICE("success"));
}

const struct rest_endpoint rest_sign_out = {
    .handle = sign_out_handle,
    .name = SLICE_INIT("signOut"),
    .summary = SLICE_INIT("End the session, at once and everywhere."),
    .success = 200,
    .output = &success_shape,
    .refusals = {STATUS_SIGN_IN_FIRST},
};

static enum status account_handle(struct rest *rest)
{
    struct profile profile;

    TRY(profile_read(rest->reader, &rest->visit.call, rest_user_id(rest),
                     &profile));
    account_answer_account(rest, &profile);
    return STATUS_OK;
}

const struct rest_endpoint rest_account = {
    .handle = account_handle,
    .who = REST_READER,
    .name = SLICE_INIT("getAccount"),
    .summary = SLICE_INIT("The reader who calls, and their background."),
    .success = 200,
    .output = &account_shape,
    .refusals = {STATUS_SIGN_IN_FIRST, STATUS_TOKEN_OVER, STATUS_BANNED_USER},
};

const struct rest_endpoint rest_me = {
    .handle = account_handle,
    .who = REST_READER,
    .name = SLICE_INIT("getMe"),
    .summary = SLICE_INIT("The same as /auth/profile."),
    .success = 200,
    .output = &account_shape,
    .refusals = {STATUS_SIGN_IN_FIRST, STATUS_TOKEN_OVER, STATUS_BANNED_USER},
};

static enum status account_put_handle(struct rest *rest)
{
    const struct profile_change change = {
        .answers = json_get(rest->body, SLICE("background")),
        .consent = text_of(rest, SLICE("consent"))};
    struct profile profile;
    enum status status;

    TRY(background_check(rest, SLICE("background")));
    status = profile_change(rest->reader, &rest->visit.call, rest_user_id(rest),
                            &change, &profile);
    TRY(status == STATUS_NOT_FOUND ? STATUS_SIGN_IN_FIRST
                                   : background_explain(rest, status));
    account_answer_account(rest, &profile);
    return STATUS_OK;
}

const struct rest_endpoint rest_account_put = {
    .handle = account_put_handle,
    .who = REST_READER,
    .name = SLICE_INIT("putAccount"),
    .summary = SLICE_INIT("Change some of the background."),
    .input = &background_shape,
    .success = 200,
    .output = &account_shape,
    .refusals = {STATUS_SIGN_IN_FIRST, STATUS_TOKEN_OVER, STATUS_BANNED_USER,
                 STATUS_CONSENT_REQUIRED},
};
