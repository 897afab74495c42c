/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Web Tokens under the secrets: HS256 with the header {"alg":"HS256"},
 * which is what the original mails and keeps in cookies. For this folder's .c
 * files; tokens for other programs are signed with a private key
 * (crypto/jws.h).
 *
 * Another algorithm than HS256 is never tried, and what a token is for is not
 * known here: a payload made for one purpose must not read as one of another.
 */
#ifndef AUTH_SECRET_JWT_H
#define AUTH_SECRET_JWT_H

#include "base/arena.h"

struct json;
struct secrets;

MUST_USE enum status secret_jwt_make(const struct secrets *secrets,
                                     struct slice payload, struct arena *arena,
                                     struct slice *out);
/* STATUS_INVALID_TOKEN unless one of the secrets signed it. */
MUST_USE enum status secret_jwt_open(const struct secrets *secrets,
                                     struct slice token, struct arena *arena,
                                     struct slice *payload);

/*
 * The expiry of a payload that was read, in milliseconds. STATUS_INVALID_TOKEN
 * when it has none, or its "nbf" is not a number or still to come;
 * STATUS_TOKEN_EXPIRED when it is over.
 */
MUST_USE enum status secret_jwt_check_time(const struct json *payload,
                                           int64_t now_ms, int64_t *expires_ms);

#endif
