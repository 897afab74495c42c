/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table jwks as it was at one moment, ready for use: the key that signs,
 * the keys that verify, and the key set's text. For this folder's .c files.
 *
 * Immutable once made and counted, so that all loops share one; a later state
 * of the table is another ring. Everything in it lives as long as the ring.
 */
#ifndef AUTH_KEY_RING_H
#define AUTH_KEY_RING_H

#include "crypto/key.h"
#include "store/schema.h"

struct key_ring;
struct secrets;

struct key_ring_settings {
    enum key_algorithm algorithm; /* of the key that signs */
    int64_t grace_ms;             /* listed after it signs no more */
    /* How long others may go by an old key set: a new key waits as long. */
    int64_t settle_ms;
    const struct secrets *secrets;
};

/* What it is made of: the answer to jwks_all, the newest first. */
struct key_ring_rows {
    const struct table *table;
    const struct rows *rows;
    int64_t now_ms; /* wall clock */
};

/*
 * A row that cannot be read is left out, with a line in the log; one that we
 * cannot use is listed nevertheless, since the original can.
 */
MUST_USE enum status key_ring_new(const struct key_ring_settings *settings,
                                  const struct key_ring_rows *from,
                                  struct key_ring **out);
struct key_ring *key_ring_share(struct key_ring *ring);
/* NULL is allowed. */
void key_ring_release(struct key_ring *ring);

/* Tells tables apart; of the same rows always the same. */
uint64_t key_ring_print_rows(const struct rows *rows);
uint64_t key_ring_print(const struct key_ring *ring);
/* When time alone makes it another: a key ends, or has been known enough. */
int64_t key_ring_changes(const struct key_ring *ring);

/* NULL when none of the configured algorithm can sign at that time. */
const struct key *key_ring_signing(const struct key_ring *ring, int64_t now_ms);
/* Until when there is one that signs; 0: there is none. */
int64_t key_ring_signs_until(const struct key_ring *ring);
/*
 * A key should sign, but its private half does not open. No other is made in
 * its place: the secret is wrong, and the original refuses as well.
 */
bool key_ring_is_locked(const struct key_ring *ring);
/* NULL when there is none that verifies. */
const struct key *key_ring_find(const struct key_ring *ring, struct slice id,
                                int64_t now_ms);

/* {"keys":[...]}, the oldest first, and a strong entity-tag of it. */
struct slice key_ring_jwks(const struct key_ring *ring);
struct slice key_ring_etag(const struct key_ring *ring);
size_t key_ring_listed(const struct key_ring *ring);

#endif
