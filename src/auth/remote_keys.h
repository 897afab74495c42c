/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of the Better Auth service that keeps the accounts, by its JWKS.
 *
 * They are fetched at first use and kept in memory: a key that is known costs
 * no request and never waits. One that is not known is looked for at the
 * service, but only once a minute, since strangers choose the ids in tokens;
 * and in passing the set is fetched anew every ten minutes. While the service
 * is away what was fetched last goes on verifying, for as long as it lasts.
 *
 * One fetch is under way at a time, with REMOTE_KEYS_MS to answer in; only who
 * needs what it brings waits for it. From any loop.
 */
#ifndef AUTH_REMOTE_KEYS_H
#define AUTH_REMOTE_KEYS_H

#include "auth/remote_set.h"

struct client;
struct remote_keys;

#define REMOTE_KEYS_MS       ((int64_t)2000)
#define REMOTE_KEYS_FRESH_MS ((int64_t)600000)
#define REMOTE_KEYS_AGAIN_MS ((int64_t)60000)

/* `url` and the client outlive the keys. */
MUST_USE enum status remote_keys_new(struct client *client, struct slice url,
                                     struct remote_keys **out);
/* After the loops stopped and before they are freed. NULL is allowed. */
void remote_keys_free(struct remote_keys *keys);

/*
 * NULL: the service has no such key, as far as is known. The key lives as long
 * as the arena. The client's statuses when no set was ever fetched; UPSTREAM
 * for an answer that is none.
 */
MUST_USE enum status remote_keys_find(struct remote_keys *keys,
                                      struct arena *arena, struct slice id,
                                      const struct key **out);
/* All of them, for as long as the arena. */
MUST_USE enum status remote_keys_take(struct remote_keys *keys,
                                      struct arena *arena,
                                      const struct remote_set **out);

#endif
