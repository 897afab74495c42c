/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claims of a JSON Web Token (RFC 7519), after its signature has been
 * verified: who made it, for whom, and whether now is within its time.
 *
 * A token without "exp" is refused, and so is one whose issuer or audience is
 * not exactly the expected text. What the caller leaves empty in the rules is
 * not asked for, so leave nothing empty without a reason.
 */
#ifndef CRYPTO_JWT_H
#define CRYPTO_JWT_H

#include "base/arena.h"

struct json;
struct jws;

struct jwt_rules {
    struct slice issuer;   /* "iss" */
    struct slice audience; /* "aud", or one of its elements */
    struct slice type;     /* the header's "typ"; empty: none, or "JWT" */
    int64_t now_ms;        /* wall clock */
    int64_t leeway_ms;     /* how wrong the other clock may be */
};

/* They live as long as the arena. */
struct jwt_claims {
    const struct json *all;
    struct slice subject; /* "sub"; empty when there is none */
};

/* `payload` is what jws_verify gave. STATUS_INVALID_TOKEN when refused. */
MUST_USE enum status jwt_check(const struct jws *jws, struct slice payload,
                               const struct jwt_rules *rules,
                               struct arena *arena, struct jwt_claims *out);

#endif
