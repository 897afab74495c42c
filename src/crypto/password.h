/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text a password is stored as, byte for byte the original's:
 *
 *     32 lower-case hexadecimal digits ":" 128 of them
 *
 * The first part is the salt, and it is the digits themselves, not the bytes
 * they stand for, that go into scrypt. Nothing here is slow: the hashing is
 * crypto/scrypt.h's, in batches.
 */
#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include "base/arena.h"
#include "crypto/scrypt.h"

#define PASSWORD_SALT_LEN 32
#define PASSWORD_HASH_LEN (PASSWORD_SALT_LEN + 1 + 2 * SCRYPT_KEY_BYTES)

struct password_hash {
    char salt[PASSWORD_SALT_LEN];
    unsigned char key[SCRYPT_KEY_BYTES];
};

/* A new salt; the key is still to be computed. */
MUST_USE enum status password_hash_init(struct password_hash *hash);

/*
 * The job that hashes this password (in NFKC already) with this salt. It
 * points to both, which must outlive it.
 */
struct scrypt_job password_hash_job(const struct password_hash *hash,
                                    struct slice password);

/* STATUS_UNREADABLE for any text the original would not have written. */
MUST_USE enum status password_hash_parse(struct slice text,
                                         struct password_hash *out);
MUST_USE enum status password_hash_format(const struct password_hash *hash,
                                          struct arena *arena,
                                          struct slice *out);

/* Whether the finished job gave the stored key; in constant time. */
bool password_hash_matches(const struct password_hash *hash,
                           const struct scrypt_job *job);

#endif
