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

/* The newest session, unless it was there already at that time. */
static enum status bind_newest(const struct auth_call *call, struct slice jwt,
                               const struct token_open *token, int64_t since_ms,
                               struct session *out)
{
    TRY(session_find_of_user(call, token->user_id, last_moment(token), out));
    if (record_number(&out->row, SESSION_CREATED_AT) < since_ms) {
        return STATUS_NOT_FOUND;
    }
    token_bound_put(call, jwt, record_text(&out->row, SESSION_ID));
    return STATUS_OK;
}

static enum status find_bound(const struct auth_call *call, struct slice jwt,
                              struct slice session_id, struct session *out)
{
    TRY(session_find_by_id(call, session_id, out));
    token_bound_put(call, jwt, session_id);
    return STATUS_OK;
}

/*
 * Tokens made for one user in one second are the same to the last byte: one
 * that was bound within its second may also be of a session that came since.
 */
static enum status find_by_user(const struct auth_call *call, struct slice jwt,
                                const struct token_open *token,
                                struct session *out)
{
    struct token_bound bound;
    enum status status = token_bound_find(call, jwt, &bound);

    if (status == STATUS_NOT_FOUND) {
        return bind_newest(call, jwt, token, 0, out);
    }
    TRY(status);
    if (bound.at_ms > last_moment(token)) {
        return session_find_by_id(call, bound.session_id, out);
    }
    status = bind_newest(call, jwt, token, bound.at_ms, out);
    return status == STATUS_NOT_FOUND
               ? find_bound(call, jwt, bound.session_id, out)
               : status;
}

static enum status find_by_claims(const struct auth_call *call,
                                  struct slice jwt,
                                  const struct token_open *token,
                                  struct session *out)
{
    enum status status = token->session_id.len > 0
                             ? session_find_by_id(call, token->session_id, out)
                             : find_by_user(call, jwt, token, out);

    TRY(status == STATUS_NOT_FOUND ? STATUS_SIGN_IN_FIRST : status);
    return slice_equal(record_text(&out->user, USER_ID), token->user_id)
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
    TRY(find_by_claims(call, jwt, &token, &rest->visit.session));
    rest->visit.has_session = true;
    rest->visit.call.actor = session_impersonator(call, &rest->visit.session);
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
