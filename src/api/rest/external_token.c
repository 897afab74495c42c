/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/external_token.h"

#include "api/better_auth/better_auth.h"
#include "auth/signed.h"
#include "auth/token.h"
#include "auth/token_bound.h"
#include "base/clock.h"
#include "base/log.h"
#include "codec/json_read.h"

enum status external_call(const struct rest *rest,
                          struct remote_request *request,
                          struct remote_answer *out)
{
    char text[CLIENT_ADDRESS_TEXT_SIZE];

    request->address = client_address_text(&rest->visit.request->client, text);
    return remote_call(&rest->visit.call, request, out);
}

enum status external_session(const struct rest *rest, struct slice token,
                             struct session *out)
{
    bool expired;
    enum status status = session_find(&rest->visit.call, token, out, &expired);

    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    log_error("remote_session_missing",
              log_text("reason", SLICE("the session that the accounts' service "
                                       "opened is not in DATABASE_URL")));
    return STATUS_UPSTREAM;
}

enum status external_cookie(const struct rest *rest,
                            const struct session *session, struct slice *out)
{
    const struct better_auth *kit = rest->visit.kit;
    struct slice value;

    TRY(signed_make_cookie(kit->auth->secrets,
                           record_text(&session->row, SESSION_TOKEN),
                           rest->visit.arena, &value));
    return arena_format(rest->visit.arena, out, "%.*s=%.*s",
                        SLICE_ARG(kit->cookies.token), SLICE_ARG(value));
}

static void give_session(const struct rest *rest, const struct session *session,
                         struct account_token *out)
{
    int64_t ends = record_number(&session->row, SESSION_EXPIRES_AT);

    out->text = record_text(&session->row, SESSION_TOKEN);
    out->seconds = (ends - rest->visit.call.now) / 1000;
}

/* One that we would not take back is none. */
static enum status read_token(const struct rest *rest,
                              const struct remote_answer *answer,
                              struct account_token *out)
{
    struct jwt_claims claims;
    double ends;

    if (json_text(json_get(answer->body, SLICE("token")), &out->text) !=
        STATUS_OK) {
        return STATUS_UPSTREAM;
    }
    TRY(token_verify(&rest->visit.call, out->text, &claims));
    TRY(json_number(json_get(claims.all, SLICE("exp")), &ends));
    out->seconds = (int64_t)ends - clock_wall_ms() / 1000;
    return STATUS_OK;
}

static enum status fetch(const struct rest *rest, const struct session *session,
                         struct account_token *out)
{
    struct remote_request request = {.path = SLICE("/token"),
                                     .body = {NULL, 0}};
    /* One that a guess asked for is no better. */
    struct token_bound bound = {.is_guess = rest->is_guess};
    struct remote_answer answer;
    enum status status;

    TRY(external_cookie(rest, session, &request.cookie));
    TRY(external_call(rest, &request, &answer));
    if (answer.status == 401) {
        return STATUS_SIGN_IN_FIRST;
    }
    if (answer.status == 404) {
        return STATUS_NOT_FOUND;
    }
    if (answer.status != 200) {
        return STATUS_UPSTREAM;
    }
    status = read_token(rest, &answer, out);
    if (status == STATUS_INVALID_TOKEN) {
        log_error(
            "remote_token_refused",
            log_text("reason", SLICE("a token of the accounts' service is not "
                                     "what BETTER_AUTH_URL, JWT_ISSUER and "
                                     "JWT_AUDIENCE let expect")));
        return STATUS_UPSTREAM;
    }
    TRY(status);
    bound.session_id = record_text(&session->row, SESSION_ID);
    token_bound_put(&rest->visit.call, out->text, &bound);
    return STATUS_OK;
}

enum status external_token_anew(const struct rest *rest,
                                const struct session *session,
                                struct account_token *out)
{
    enum status status;

    if (!token_is_possible(rest->visit.call.auth)) {
        give_session(rest, session, out);
        return STATUS_OK;
    }
    status = fetch(rest, session, out);
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    give_session(rest, session, out);
    return STATUS_OK;
}

enum status external_token(const struct rest *rest,
                           const struct session *session,
                           struct account_token *out)
{
    enum status status = external_token_anew(rest, session, out);

    if (status == STATUS_OK || status == STATUS_CANCELLED ||
        status == STATUS_NO_MEMORY) {
        return status;
    }
    log_warn("remote_token_missing", log_text("status", status_code(status)));
    give_session(rest, session, out);
    return STATUS_OK;
}
