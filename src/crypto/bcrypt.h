/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bcrypt, to verify the passwords of accounts that were imported: "$2a$",
 * "$2b$" or "$2y$", a cost, 22 characters of salt and 31 of hash.
 *
 * Nothing new is hashed with it. The password goes in as it was typed, not
 * normalised, and only its first 72 bytes count, as everywhere bcrypt is used.
 *
 * Slow by design, from a millisecond to seconds by the cost: never on a loop
 * (net/bcrypt_pool.h).
 */
#ifndef CRYPTO_BCRYPT_H
#define CRYPTO_BCRYPT_H

#include "base/status.h"

#define BCRYPT_HASH_LEN     ((size_t)60)
#define BCRYPT_PASSWORD_MAX ((size_t)72)
/* Less is no hash; more would hold a thread for 10 s and longer. */
#define BCRYPT_COST_MIN 4
#define BCRYPT_COST_MAX 16

/* Whether the text is one that bcrypt_matches takes. */
bool bcrypt_is_hash(struct slice text);

/*
 * In constant time, once the hash is computed. STATUS_UNREADABLE for a text
 * that is no such hash.
 */
MUST_USE enum status bcrypt_matches(struct slice hash, struct slice password,
                                    bool *matches);

#endif
