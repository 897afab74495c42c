/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens that were verified a moment ago, so that the same one on the next
 * request costs a digest and no signature. For auth/token.c.
 *
 * Says only what verifying it again would say: the same bytes, the same table
 * of keys, before the token's end, and the clock not behind. Never says that a
 * session lives: the caller looks for it in the database each time.
 *
 * Bounded: a place for each digest's first bytes, and the later one has it.
 * Never keeps a token, only its digest. Safe from any thread; what it gives
 * out are copies.
 */
#ifndef AUTH_TOKEN_SEEN_H
#define AUTH_TOKEN_SEEN_H

#include "base/arena.h"

struct token_seen;

/* What was in it; texts that are longer than this are not kept. */
#define TOKEN_SEEN_TEXT_MAX ((size_t)64)

struct token_said {
    struct slice key_id;
    struct slice user_id;
    struct slice session_id; /* or empty */
    int64_t issued_ms;
    int64_t expires_ms;
};

/* Which token, by which keys, when. */
struct token_seen_key {
    struct slice jwt;
    uint64_t print; /* of the keys that verify now */
    int64_t now_ms; /* wall clock */
};

MUST_USE enum status token_seen_new(struct token_seen **out);
/* NULL is allowed here and below: nothing is kept. */
void token_seen_free(struct token_seen *seen);

/* STATUS_NOT_FOUND, NO_MEMORY. */
MUST_USE enum status token_seen_find(struct token_seen *seen,
                                     const struct token_seen_key *key,
                                     struct arena *arena,
                                     struct token_said *out);
/* It was verified just now. */
void token_seen_put(struct token_seen *seen, const struct token_seen_key *key,
                    const struct token_said *said);

#endif
