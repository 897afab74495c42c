/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed texts, as session tokens travel in cookies and bearer headers:
 *
 *     TEXT "." BASE64, 44 characters, of HMAC-SHA-256(secret, TEXT)
 *
 * Never says why a text was refused: whatever is wrong with it is
 * STATUS_INVALID_TOKEN, and the caller goes on as if it had not come. A
 * signature proves that we wrote the text, not that a session exists.
 *
 * Results live as long as both the arena and the text they were read from.
 */
#ifndef AUTH_SIGNED_H
#define AUTH_SIGNED_H

#include "base/arena.h"

struct secrets;

/* A browser keeps no longer cookie. */
#define SIGNED_LIMIT ((size_t)4096)

MUST_USE enum status signed_make(const struct secrets *secrets,
                                 struct slice text, struct arena *arena,
                                 struct slice *out);
/* The same, percent-encoded for a cookie's value. */
MUST_USE enum status signed_make_cookie(const struct secrets *secrets,
                                        struct slice text, struct arena *arena,
                                        struct slice *out);

MUST_USE enum status signed_open(const struct secrets *secrets,
                                 struct slice value, struct arena *arena,
                                 struct slice *text);
/* `value` as the Cookie header has it. */
MUST_USE enum status signed_open_cookie(const struct secrets *secrets,
                                        struct slice value, struct arena *arena,
                                        struct slice *text);
/*
 * `header` is the whole Authorization field. A token without a dot is taken
 * as it is: it is the session token itself, which only its owner knows. With a
 * dot it must be signed, perhaps percent-encoded. Anything else, a JWT too, is
 * STATUS_INVALID_TOKEN: not for us.
 */
MUST_USE enum status signed_open_bearer(const struct secrets *secrets,
                                        struct slice header,
                                        struct arena *arena,
                                        struct slice *token);

/*
 * What a cookie's value stands for: percent-decoded, or as it came when it has
 * no percent sign or is wrongly encoded.
 */
MUST_USE enum status signed_decode(struct slice value, struct arena *arena,
                                   struct slice *out);

#endif
