/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Web Tokens about a session's user, for programs that verify them by
 * the published keys, without asking us. Such a program learns of a sign-out
 * when the token ends.
 *
 * A token says what clients may see of the user, in the original's order:
 * iat, the user's columns with the id last, sub, exp, iss, aud. It holds
 * nothing of the session; but that of an administrator who acts as the user
 * names it, or what they do with it would be taken for the user's own.
 */
#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include "auth/session.h"
#include "crypto/jwt.h"

struct keys;

/* One that is asked for again within this time is the same. */
#define TOKEN_REUSE_MS ((int64_t)60000)

/*
 * For a session that has just been found. STATUS_TOO_LARGE when the user has
 * more than fits into a header; otherwise as keys_take.
 */
MUST_USE enum status token_make(const struct auth_call *call,
                                const struct session *session,
                                struct slice *jwt);

/*
 * Whether there are tokens to look at: ours, or those of the service that
 * keeps the accounts. Without it nothing below but token_forget is called.
 */
bool token_is_possible(const struct auth *auth);

/*
 * STATUS_INVALID_TOKEN unless it is ours, for us, and not over. Whether the
 * session lives is another question.
 */
MUST_USE enum status token_verify(const struct auth_call *call,
                                  struct slice jwt, struct jwt_claims *claims);

/*
 * A token of the plain API, which names its session: iss, aud, sub, sid, iat,
 * exp, and nothing else of the reader than `background`, a JSON object, or
 * empty.
 */
MUST_USE enum status token_make_session(const struct auth_call *call,
                                        const struct session *session,
                                        struct slice background,
                                        struct slice *jwt);

/* What a token says that is ours and for us, be it over. */
struct token_open {
    struct slice user_id;
    struct slice session_id; /* empty: it names none */
    int64_t issued_ms;
    bool is_over; /* its own time; the session's is another question */
};
MUST_USE enum status token_open(const struct auth_call *call, struct slice jwt,
                                struct token_open *out);

/* Of a session that ends, or of all of a user's; keys may be NULL. */
void token_forget(struct keys *keys, struct slice session_token);
void token_forget_user(struct keys *keys, struct slice user_id);

#endif
