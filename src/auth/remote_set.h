/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key set (RFC 7517) of another service, parsed once: public keys that
 * verify, by their ids.
 *
 * Whoever wrote the text is not trusted with more than their own tokens: it is
 * bounded, and a key that is private, symmetric, for another use, of an
 * algorithm we do not know, or without an id is left out. A second key of the
 * same id is, too.
 *
 * Immutable once made and counted, so that all loops share one. Everything in
 * it lives as long as the set.
 */
#ifndef AUTH_REMOTE_SET_H
#define AUTH_REMOTE_SET_H

#include "crypto/key.h"

struct remote_set;

/* A service that rotates every day and publishes for a month has 31. */
#define REMOTE_SET_KEYS_MAX ((size_t)64)
#define REMOTE_SET_TEXT_MAX ((size_t)131072)

/* STATUS_UPSTREAM when no key in it can be used. */
MUST_USE enum status remote_set_read(struct slice text,
                                     struct remote_set **out);
struct remote_set *remote_set_share(struct remote_set *set);
/* NULL is allowed. */
void remote_set_release(struct remote_set *set);

/* NULL when there is none. */
const struct key *remote_set_find(const struct remote_set *set,
                                  struct slice id);
size_t remote_set_count(const struct remote_set *set);

/* The usable keys written anew: {"keys":[...]}, and its entity-tag. */
struct slice remote_set_jwks(const struct remote_set *set);
struct slice remote_set_etag(const struct remote_set *set);

#endif
