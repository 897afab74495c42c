/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Password hashing for fibers: threads at low priority that run whatever is
 * queued as one batch (crypto/scrypt.h), so that a crowd of sign-ins costs a
 * fraction of what each would cost alone, and the loops go first.
 *
 * A full queue says STATUS_BUSY at once. The password is copied and wiped;
 * tables are given back to the system when nobody has signed in for a while.
 */
#ifndef NET_HASH_POOL_H
#define NET_HASH_POOL_H

#include "crypto/scrypt.h"

struct hash_pool;

struct hash_pool_options {
    size_t threads;
    size_t queue_limit; /* passwords that wait, over all threads */
    struct scrypt_options scrypt;
    int64_t idle_ms; /* after which a thread gives its tables back */
};

MUST_USE enum status hash_pool_new(const struct hash_pool_options *options,
                                   struct hash_pool **out);
void hash_pool_free(struct hash_pool *pool);

/* From a fiber: parks until the key is there. */
MUST_USE enum status hash_pool_run(struct hash_pool *pool,
                                   struct slice password, struct slice salt,
                                   unsigned char out[static SCRYPT_KEY_BYTES]);

#endif
