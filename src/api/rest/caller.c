/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rest/caller.h"

#include "api/better_auth/better_auth.h"
#include "auth/ban.h"
#include "auth/token.h"
#include "auth/token_bound.h"

/* A token names its time in seconds, a session in milliseconds. */
#define SECOND_MS 1000
/* Whoever makes a session's row may look at the clock twice. */
#define BETWEEN_MS ((int64_t)60000)

struct slice caller_bearer(const struct request *request)
{
    struct slice scheme = SLICE("Bearer ");
    struct slice header = request_field(request, SLICE("authorization"));

    return slice_equal_nocase(slice_head(header, scheme.len), scheme)
               ? slice_trim(slice_from(header, scheme.len))
               : (struct slice){NULL, 0};
}

/* Three parts: Better Auth's own bearers have one or two. */
static bool is_jwt(struct slice text)
{
    size_t first = slice_find(text, '.');
    struct slice rest = slice_from(text, first + 1);

    return first < text.len && slice_find(rest, '.') < rest.len;
}

/* A token says its time in whole seconds. */
static int64_t last_moment(const struct token_open *token)
{
    return token->issued_ms + SECOND_MS - 1;
}

static void take_session(struct rest *rest, const struct session *session,
                         bool is_guess)
{
    struct auth_call *call = &rest->visit.call;

    rest->visit.session = *session;
    call->actor = session_impersonator(call, session);
    rest->is_guess = is_guess;
}

/*
 * The newest session, unless it was there already at that time. While somebody
 * acts as the user it may be theirs: nothing is settled then.
 */
static enum status bind_newest(struct rest *rest, struct slice jwt,
                               const struct token_open *token, int64_t since_ms)
{
    struct auth_call *call = &rest->visit.call;
    struct token_bound bound = {.is_guess = true};
    struct session_guess guess;

    TRY(session_find_of_user(call, token->user_id, last_moment(token), &guess));
    if (record_number(&guess.session.row, SESSION_CREATED_AT) < since_ms) {
        return STATUS_NOT_FOUND;
    }
    take_session(rest, &guess.session, true);
    if (guess.acting.len > 0) {
        call->actor = guess.acting;
        return STATUS_OK;
    }
    bound.session_id = record_text(&guess.session.row, SESSION_ID);
    token_bound_put(call, jwt, &bound);
    return STATUS_OK;
}

static enum status find_by_id(struct rest *rest, struct slice id, bool is_guess)
{
    struct session session;

    TRY(session_find_by_id(&rest->visit.call, id, &session));
    take_session(rest, &session, is_guess);
    return STATUS_OK;
}

static enum status find_bound(struct rest *rest, struct slice jwt,
                              const struct token_bound *bound)
{
    TRY(find_by_id(rest, bound->session_id, bound->is_guess));
    token_bound_put(&rest->visit.call, jwt, bound);
    return STATUS_OK;
}

/*
 * Tokens made for one user in one second are the same to the last byte: one
 * that was bound within its second may also be of a session that came since.
 */
static enum status find_by_user(struct rest *rest, struct slice jwt,
                                const struct token_open *token)
{
    struct token_bound bound;
    enum status status = token_bound_find(&rest->visit.call, jwt, &bound);

    if (status == STATUS_NOT_FOUND) {
        return bind_newest(rest, jwt, token, 0);
    }
    TRY(status);
    if (bound.at_ms > last_moment(token)) {
        return find_by_id(rest, bound.session_id, bound.is_guess);
    }
    status = bind_newest(rest, jwt, token, bound.at_ms);
    return status == STATUS_NOT_FOUND ? find_bound(rest, jwt, &bound) : status;
}

static enum status find_by_claims(struct rest *rest, struct slice jwt,
                                  const struct token_open *token)
{
    enum status status = token->session_id.len > 0
                             ? find_by_id(rest, token->session_id, false)
                             : find_by_user(rest, jwt, token);

    TRY(status == STATUS_NOT_FOUND ? STATUS_SIGN_IN_FIRST : status);
    return slice_equal(rest_user_id(rest), token->user_id)
               ? STATUS_OK
               : STATUS_SIGN_IN_FIRST;
}

/*
 * One that is not to be remembered, or that an administrator opened to act as
 * the reader: it was never given the whole time, and a token does not say so.
 */
static bool is_brief(const struct auth_call *call,
                     const struct session *session)
{
    int64_t given = record_number(&session->row, SESSION_EXPIRES_AT) -
                    record_number(&session->row, SESSION_CREATED_AT);

    return given < call->auth->settings.session_ms - BETWEEN_MS;
}

static enum status extend(struct rest *rest)
{
    const struct auth_call *call = &rest->visit.call;
    struct session *session = &rest->visit.session;
    enum status status;

    if (!call->auth->settings.session_refresh ||
        !session_is_due(call, session) || is_brief(call, session)) {
        return STATUS_OK;
    }
    status = session_extend(call, session);
    return status == STATUS_NOT_FOUND ? STATUS_SIGN_IN_FIRST : status;
}

static enum status find_by_jwt(struct rest *rest, struct slice jwt,
                               bool may_be_over)
{
    const struct auth_call *call = &rest->visit.call;
    struct token_open token;
    enum status status = token_is_possible(call->auth)
                             ? token_open(call, jwt, &token)
                             : STATUS_INVALID_TOKEN;

    TRY(status == STATUS_INVALID_TOKEN ? STATUS_SIGN_IN_FIRST : status);
    TRY(find_by_claims(rest, jwt, &token));
    rest->visit.has_session = true;
    if (token.is_over && !may_be_over) {
        return STATUS_TOKEN_OVER;
    }
    /* One that names no session may mean one that is not to be remembered. */
    return token.session_id.len > 0 ? extend(rest) : STATUS_OK;
}

/*
 * As Better Auth's endpoints do it, cookies included; where another service
 * keeps the accounts, to extend a session is its business.
 */
static enum status find_by_token(struct rest *rest)
{
    TRY(visit_find_token(&rest->visit));
    TRY(rest->visit.call.auth->remote == NULL
            ? visit_session(&rest->visit)
            : visit_session_quietly(&rest->visit));
    return rest->visit.has_session ? STATUS_OK : STATUS_SIGN_IN_FIRST;
}

enum status caller_find(struct rest *rest, bool may_be_over)
{
    struct slice bearer = caller_bearer(rest->visit.request);

    if (is_jwt(bearer)) {
        TRY(find_by_jwt(rest, bearer, may_be_over));
    } else {
        TRY(find_by_token(rest));
    }
    return ban_check(&rest->visit.call, &rest->visit.session.user);
}

static bool shows_something(const struct rest *rest)
{
    const struct visit *visit = &rest->visit;
    struct slice value;

    return caller_bearer(visit->request).ptr != NULL ||
           cookie_find(&visit->cookies, visit->kit->cookies.token, &value);
}

enum status caller_find_or_guest(struct rest *rest)
{
    enum status status;

    if (!shows_something(rest)) {
        return STATUS_OK;
    }
    status = caller_find(rest, false);
    if (status != STATUS_SIGN_IN_FIRST && status != STATUS_TOKEN_OVER &&
        status != STATUS_BANNED_USER) {
        return status;
    }
    rest->visit.has_session = false;
    rest->refused = status;
    return STATUS_OK;
}

enum status caller_find_service(struct rest *rest)
{
    struct slice key = caller_bearer(rest->visit.request);
    enum status status;

    if (key.ptr == NULL) {
        return STATUS_SERVICE_KEY_NEEDED;
    }
    status = service_find(&rest->visit.call, rest->reader->services, key,
                          &rest->service);
    return status == STATUS_NOT_FOUND ? STATUS_SERVICE_KEY_NEEDED : status;
}
