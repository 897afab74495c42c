/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords chosen and passwords compared. The hashing runs in batches on
 * other threads (net/hash_pool.h); a full queue is STATUS_BUSY.
 */
#ifndef AUTH_PASSWORD_H
#define AUTH_PASSWORD_H

#include "auth/auth.h"

/*
 * Whether it may be chosen: PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, counted as
 * JavaScript counts, or PASSWORD_COMPROMISED when the list of common ones has
 * it. password_too_long asks for the length alone.
 */
MUST_USE enum status password_check(const struct auth_call *call,
                                    struct slice password);
MUST_USE enum status password_check_length(const struct auth_call *call,
                                           struct slice password);
bool password_is_too_long(const struct auth_call *call, struct slice password);

/* The text to store. */
MUST_USE enum status password_hash(const struct auth_call *call,
                                   struct slice password, struct slice *out);

/*
 * Whether it is the one stored. An empty `stored` (no account, or one without
 * a password) takes as long and says no. *weak: it was an imported hash, to
 * be replaced. STATUS_UNREADABLE for a stored text that is no hash.
 */
MUST_USE enum status password_verify(const struct auth_call *call,
                                     struct slice password, struct slice stored,
                                     bool *matches, bool *weak);

#endif
