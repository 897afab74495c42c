/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bcrypt (crypto/bcrypt.h) for fibers: one thread at low priority, started
 * with the first password, since most servers never see an imported account.
 *
 * A full queue says STATUS_BUSY at once. The password is copied and wiped.
 */
#ifndef NET_BCRYPT_POOL_H
#define NET_BCRYPT_POOL_H

#include "base/status.h"

struct bcrypt_pool;

/* `queue_limit`: passwords that wait. */
MUST_USE enum status bcrypt_pool_new(size_t queue_limit,
                                     struct bcrypt_pool **out);
/* NULL is allowed. */
void bcrypt_pool_free(struct bcrypt_pool *pool);

/*
 * From a fiber of any loop: parks until it is known whether the password is
 * the hash's. STATUS_UNREADABLE, at once, when that is none.
 */
MUST_USE enum status bcrypt_pool_run(struct bcrypt_pool *pool,
                                     struct slice hash, struct slice password,
                                     bool *matches);

#endif
