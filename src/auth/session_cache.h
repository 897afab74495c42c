/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The copy of session and user that rides in a cookie, signed or encrypted, in
 * the original's three forms:
 *
 *   compact  base64url of {"session":PAYLOAD,"expiresAt":N,"signature":S}
 *   jwt      a JSON Web Token of the payload (auth/secret_jwt.h)
 *   jwe      the same, encrypted (crypto/jwe.h)
 *
 * A copy is never more than a hint: it says nothing about a session revoked
 * since, so what must be sure reads the database. Whatever is wrong with one
 * is STATUS_INVALID_TOKEN, and the caller goes on without it.
 *
 * Results live as long as the arena.
 */
#ifndef AUTH_SESSION_CACHE_H
#define AUTH_SESSION_CACHE_H

#include "base/arena.h"

struct json;
struct secrets;

enum session_cache_form {
    SESSION_CACHE_COMPACT,
    SESSION_CACHE_JWT,
    SESSION_CACHE_JWE
};

/* Of the whole value: what fits into a request's header fields. */
#define SESSION_CACHE_LIMIT ((size_t)16384)

struct session_cache_input {
    /* Objects as JSON.stringify prints them; written as they are. */
    struct slice session;
    struct slice user;
    struct slice version;
    int64_t now_ms;
    int64_t max_age_s; /* 0: the cookie ends with the browser's session */
};

/* STATUS_TOO_LARGE: go without. */
MUST_USE enum status session_cache_make(const struct secrets *secrets,
                                        enum session_cache_form form,
                                        const struct session_cache_input *input,
                                        struct arena *arena, struct slice *out);

/* Which copy would do. */
struct session_cache_rules {
    struct slice token; /* of the session cookie, whose signature was checked */
    struct slice version;
    int64_t now_ms;
};

struct session_cache {
    const struct json *session; /* an object, not yet over */
    const struct json *user;    /* an object */
    int64_t expires_ms;         /* of the copy */
};

/* In any of the forms, under any of the secrets. */
MUST_USE enum status session_cache_open(const struct secrets *secrets,
                                        struct slice value,
                                        const struct session_cache_rules *rules,
                                        struct arena *arena,
                                        struct session_cache *out);

#endif
