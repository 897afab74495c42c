/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is stored encrypted: AES-256-GCM under one of several keys.
 *
 *     version (1) | key id (4, big-endian) | nonce (12) | text | tag (16)
 *
 * Version and key id are authenticated too, and so is the associated data,
 * which says where the value belongs (table, column, row): moved elsewhere it
 * does not open.
 *
 * Nonces are random, so one key should seal no more than 2^32 values (NIST SP
 * 800-38D section 8.3); rotate long before. Results live as long as the arena,
 * which does not wipe them.
 */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "base/arena.h"

#define SEAL_KEY_BYTES 32
/* Bytes a sealed value is longer than its text. */
#define SEAL_OVERHEAD ((size_t)33)

struct seal_key {
    uint32_t id;
    unsigned char bytes[SEAL_KEY_BYTES];
};

/* The first key seals, any of them opens. Whoever owns the keys wipes them. */
struct seal_ring {
    const struct seal_key *keys;
    size_t count; /* at least 1 */
};

MUST_USE enum status seal_make(const struct seal_ring *ring, struct slice text,
                               struct slice associated, struct arena *arena,
                               struct slice *out);

/*
 * STATUS_UNREADABLE when the value was changed, cut, moved or sealed with a
 * key that is not on the ring.
 */
MUST_USE enum status seal_open(const struct seal_ring *ring,
                               struct slice sealed, struct slice associated,
                               struct arena *arena, struct slice *out);

/* The id of the key that the value says it was sealed with. */
bool seal_key_id(struct slice sealed, uint32_t *id);

/* Whether a rotation still has to seal this value anew. */
bool seal_is_current(const struct seal_ring *ring, struct slice sealed);

#endif
