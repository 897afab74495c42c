/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/external.h"

#include "api/rest/account_answer.h"
#include "api/rest/background.h"
#include "api/rest/external_refusal.h"
#include "api/rest/external_token.h"
#include "base/log.h"
#include "reader/progress.h"
#include "reader/questionnaire.h"

/* What is sent is not longer than what came. */
#define SENT_MAX (2 * REST_BODY_MAX)
/* Of a sign-up that another write got in the way of. */
#define TRIES_MAX 4

/* Where the service answers a sign-up or sign-in. */
struct answered {
    struct slice user_id;
    struct slice email;
    struct slice token; /* of the session; empty: there is none yet */
};

static struct slice text_of(const struct rest *rest, struct slice name)
{
    return visit_text(&rest->visit, name);
}

/* Numbers where the database counts. */
static enum status read_id(const struct rest *rest, const struct json *id,
                           struct slice *out)
{
    int64_t number;

    if (json_text(id, out) == STATUS_OK && out->len > 0) {
        return STATUS_OK;
    }
    return json_int64(id, &number) == STATUS_OK
               ? arena_format(rest->visit.arena, out, "%lld", (long long)number)
               : STATUS_UPSTREAM;
}

static enum status read_answer(const struct rest *rest,
                               const struct remote_answer *answer,
                               struct answered *out)
{
    const struct json *user = json_get(answer->body, SLICE("user"));

    TRY(read_id(rest, json_get(user, SLICE("id")), &out->user_id));
    if (json_text(json_get(user, SLICE("email")), &out->email) != STATUS_OK) {
        return STATUS_UPSTREAM;
    }
    if (json_text(json_get(answer->body, SLICE("token")), &out->token) !=
        STATUS_OK) {
        out->token = SLICE_EMPTY;
    }
    return STATUS_OK;
}

static void write_member(struct json_writer *json, struct slice name,
                         struct slice text)
{
    json_write_name(json, name);
    json_write_text(json, text);
}

/* The operator's further fields, which were checked. */
static void write_further(const struct rest *rest, struct json_writer *json)
{
    const struct table *users =
        &rest->visit.call.auth->schema->tables[TABLE_USER];
    struct json_member member = {0};

    while (json_next(rest->body, &member)) {
        size_t column = table_column(users, member.name);

        if (column != COLUMN_NONE && users->columns[column].additional) {
            json_write_name(json, member.name);
            json_write_json(json, member.value);
        }
    }
}

/*
 * On SQLite the service gives a sign-up up when somebody else writes while it
 * hashes: it has read before it writes. Nothing was made, so it is asked again.
 */
static enum status call_on(struct rest *rest, struct remote_request *request,
                           struct remote_answer *out)
{
    TRY(external_call(rest, request, out));
    for (int i = 1; i < TRIES_MAX && external_may_pass(out); i++) {
        TRY(external_call(rest, request, out));
    }
    return STATUS_OK;
}

/* `name` empty: a sign-in, which has none. */
static enum status ask(struct rest *rest, struct slice path, struct slice email,
                       struct slice name, struct answered *out)
{
    struct remote_request request = {.path = path};
    struct remote_answer answer;
    struct json_writer json;
    enum status status;
    struct buf buf;

    *out = (struct answered){0};
    buf_init(&buf, rest->visit.arena, SENT_MAX);
    json_writer_init(&json, &buf);
    json_write_object(&json);
    write_member(&json, SLICE("email"), email);
    write_member(&json, SLICE("password"), text_of(rest, SLICE("password")));
    if (name.len > 0) {
        write_member(&json, SLICE("name"), name);
        write_further(rest, &json);
    }
    json_write_end(&json);
    TRY(json_write_finish(&json, &request.body));
    TRY(call_on(rest, &request, &answer));
    if (answer.status >= 400) {
        return external_refuse(rest, &answer);
    }
    status = read_answer(rest, &answer, out);
    if (status == STATUS_UPSTREAM) {
        return external_refuse_odd(rest, &answer);
    }
    return status;
}

static enum status note(const struct rest *rest, enum audit_event event,
                        struct slice user_id)
{
    const struct audit_note about = {.event = event,
                                     .of = AUDIT_OF_USER,
                                     .subject = value_text(user_id),
                                     .detail = SLICE("external")};

    return auth_write_noted(&rest->visit.call, NULL, 0, NULL, &about);
}

/* The answer stays what it is whatever becomes of the row. */
static void note_failure(const struct rest *rest, struct slice email)
{
    const struct audit_note about = {.event = AUDIT_SIGN_IN_FAILED,
                                     .of = AUDIT_OF_EMAIL,
                                     .subject = value_text(email),
                                     .detail = SLICE("external")};
    enum status status =
        auth_write_noted(&rest->visit.call, NULL, 0, NULL, &about);

    if (status != STATUS_OK && status != STATUS_CANCELLED) {
        log_warn("audit_failed", log_text("status", status_code(status)));
    }
}

/* What a new reader brings along, and what came of it. */
struct luggage {
    struct profile_change change;
    struct profile planned; /* as it will be, when all goes well */
    struct slice background;
    bool is_complete;
};

/* Says no before the service has said yes. */
static enum status plan(struct rest *rest, struct luggage *out)
{
    struct profile_sign_up plan;

    *out = (struct luggage){
        .change = {.answers = json_get(rest->body, SLICE("background")),
                   .consent = text_of(rest, SLICE("consent"))}};
    TRY(background_explain(
        rest, profile_sign_up_init(&plan, rest->reader, &rest->visit.call,
                                   &out->change, &out->planned)));
    out->background = out->planned.json;
    out->is_complete = questionnaire_is_complete(rest->reader->questionnaire,
                                                 out->planned.answers);
    return STATUS_OK;
}

static enum status write_luggage(struct rest *rest, struct slice user_id,
                                 const struct luggage *luggage)
{
    const struct json *progress = json_get(rest->body, SLICE("progress"));
    const struct auth_call *call = &rest->visit.call;
    struct profile profile;
    struct slice pages;

    if (json_count(luggage->change.answers) > 0 ||
        luggage->change.consent.len > 0) {
        TRY(profile_change(rest->reader, call, user_id, &luggage->change,
                           &profile));
    }
    return json_count(progress) == 0
               ? STATUS_OK
               : progress_put(rest->reader, call, user_id, progress, &pages);
}

/*
 * A service that hides who has an account makes up a user, whom nobody finds:
 * the answer is as for a new one.
 */
static enum status save(struct rest *rest, const struct answered *made,
                        struct luggage *luggage)
{
    enum status status = write_luggage(rest, made->user_id, luggage);

    if (status == STATUS_OK || status == STATUS_CANCELLED ||
        (status == STATUS_NOT_FOUND && made->token.len == 0)) {
        return status == STATUS_CANCELLED ? status : STATUS_OK;
    }
    log_error("background_not_saved",
              log_number("request", (int64_t)rest->visit.request->id),
              log_text("status", status_code(status)));
    luggage->background = SLICE("{}");
    luggage->is_complete = false;
    return STATUS_OK;
}

enum status external_sign_up(struct rest *rest, struct slice email,
                             struct slice name)
{
    const struct auth_settings *settings = &rest->visit.call.auth->settings;
    struct account_signed out = {0};
    struct luggage luggage;
    struct answered made;
    struct session session;

    if (!settings->sign_up || !settings->sign_in) {
        return STATUS_EMAIL_PASSWORD_SIGN_UP_DISABLED;
    }
    TRY(plan(rest, &luggage));
    TRY(ask(rest, SLICE("/sign-up/email"), email, name, &made));
    TRY(note(rest, AUDIT_SIGN_UP, made.user_id));
    TRY(save(rest, &made, &luggage));
    if (made.token.len > 0) {
        TRY(external_session(rest, made.token, &session));
        TRY(external_token(rest, &session, &out.token));
    }
    out.user_id = made.user_id;
    out.email = made.email;
    out.background = luggage.background;
    out.is_complete = luggage.is_complete;
    account_answer_sign_up(rest, &out);
    return STATUS_OK;
}

enum status external_sign_in(struct rest *rest, struct slice email)
{
    const struct auth_call *call = &rest->visit.call;
    struct account_signed out = {0};
    struct session session;
    struct answered found;
    struct profile profile;
    enum status status;

    if (!call->auth->settings.sign_in) {
        return STATUS_EMAIL_PASSWORD_DISABLED;
    }
    status = ask(rest, SLICE("/sign-in/email"), email, SLICE_EMPTY, &found);
    if (status == STATUS_INVALID_EMAIL_OR_PASSWORD) {
        note_failure(rest, email);
    }
    TRY(status);
    TRY(external_session(rest, found.token, &session));
    out.user_id = record_text(&session.user, USER_ID);
    out.email = record_text(&session.user, USER_EMAIL);
    TRY(note(rest, AUDIT_SIGN_IN, out.user_id));
    TRY(profile_read(rest->reader, call, out.user_id, &profile));
    out.background = profile.json;
    TRY(external_token(rest, &session, &out.token));
    account_answer_sign_in(rest, &out);
    return STATUS_OK;
}

enum status external_refresh(struct rest *rest)
{
    struct account_token token;

    TRY(external_token_anew(rest, &rest->visit.session, &token));
    account_answer_token(rest, &token);
    return STATUS_OK;
}

enum status external_sign_out(struct rest *rest)
{
    struct remote_request request = {.path = SLICE("/sign-out"),
                                     .body = SLICE("{}")};
    struct remote_answer answer;
    enum status status;

    TRY(external_cookie(rest, &rest->visit.session, &request.cookie));
    status = external_call(rest, &request, &answer);
    if (status != STATUS_OK && status != STATUS_CANCELLED) {
        log_warn("remote_sign_out_failed",
                 log_text("status", status_code(status)));
    }
    return status == STATUS_CANCELLED ? status : STATUS_OK;
}
