/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens made a moment ago, by the session they were made for, so that asking
 * again costs no signature. For auth/token.c.
 *
 * Bounded: the oldest of a shelf makes room. Never keeps a session's token,
 * only its digest, and never says that a session lives: the caller has found
 * it in the database. Safe from any thread; what it gives out is a copy.
 */
#ifndef AUTH_TOKEN_CACHE_H
#define AUTH_TOKEN_CACHE_H

#include "base/arena.h"

struct token_cache;

/* What a token was made from; another one of any makes another token. */
struct token_cache_key {
    struct slice session; /* the session's token */
    struct slice user_id;
    int64_t user_updated_ms;
    uint64_t print; /* of the keys */
};

MUST_USE enum status token_cache_new(struct token_cache **out);
/* NULL is allowed here and below: nothing is kept. */
void token_cache_free(struct token_cache *cache);

/* STATUS_NOT_FOUND when there is none, or it is as old as `max_age_ms`. */
MUST_USE enum status token_cache_find(struct token_cache *cache,
                                      const struct token_cache_key *key,
                                      int64_t max_age_ms, struct arena *arena,
                                      struct slice *out);
/* Keeps a copy, if there is memory. */
void token_cache_put(struct token_cache *cache,
                     const struct token_cache_key *key, struct slice text);
void token_cache_drop(struct token_cache *cache, struct slice session);
void token_cache_drop_user(struct token_cache *cache, struct slice user_id);

#endif
