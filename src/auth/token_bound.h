/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which session a token stands for that names its user alone, as the original
 * makes them: the one it was made for here, or else the newest that was there
 * when it was first seen. It stays that one, so a token ends with its session
 * though its user has others.
 *
 * Known to this process alone, and bounded: a token that is forgotten is bound
 * anew. One that names its session ("sid") needs none of this.
 */
#ifndef AUTH_TOKEN_BOUND_H
#define AUTH_TOKEN_BOUND_H

#include "auth/auth.h"

struct token_bound {
    struct slice session_id;
    int64_t at_ms; /* wall clock, when it was bound */
    bool is_guess; /* it was not made for that session here */
};

/* STATUS_NOT_FOUND; always, where accounts are kept here. */
MUST_USE enum status token_bound_find(const struct auth_call *call,
                                      struct slice jwt,
                                      struct token_bound *out);
/* The token was verified, and the session is its user's; at_ms is now. */
void token_bound_put(const struct auth_call *call, struct slice jwt,
                     const struct token_bound *bound);

#endif
