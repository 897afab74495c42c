/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions and tokens of the service that keeps the accounts: a session is a
 * row of the shared database, a token comes from the service, for the cookie
 * that the shared secret signs.
 */
#ifndef API_REST_EXTERNAL_TOKEN_H
#define API_REST_EXTERNAL_TOKEN_H

#include "api/rest/account_answer.h"
#include "auth/remote.h"

/* remote_call for the client who asks us. */
MUST_USE enum status external_call(const struct rest *rest,
                                   struct remote_request *request,
                                   struct remote_answer *out);

/* UPSTREAM, with a line in the log, when the database does not have it. */
MUST_USE enum status external_session(const struct rest *rest,
                                      struct slice token, struct session *out);
/* "NAME=VALUE", as a browser would send it. */
MUST_USE enum status external_cookie(const struct rest *rest,
                                     const struct session *session,
                                     struct slice *out);

/*
 * For one just opened: a token of the service, or the session's own as bearer
 * where it makes none or does not answer.
 */
MUST_USE enum status external_token(const struct rest *rest,
                                    const struct session *session,
                                    struct account_token *out);
/* For a caller who has one: also SIGN_IN_FIRST, and the client's statuses. */
MUST_USE enum status external_token_anew(const struct rest *rest,
                                         const struct session *session,
                                         struct account_token *out);

#endif
