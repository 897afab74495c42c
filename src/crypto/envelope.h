/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Better Auth's way to encrypt (private keys, tokens, OAuth state): the nonce,
 * the text and the tag of XChaCha20-Poly1305 in lower-case hexadecimal. Kept
 * so that both servers can read one database; our own data uses crypto/seal.h.
 *
 * Nothing is associated with the value: it opens wherever it stands. Results
 * live as long as the arena, which does not wipe them.
 */
#ifndef CRYPTO_ENVELOPE_H
#define CRYPTO_ENVELOPE_H

#include "base/arena.h"

#define ENVELOPE_KEY_BYTES 32
/* A private key is the largest thing that is ever put into one. */
#define ENVELOPE_TEXT_LIMIT ((size_t)1 << 20)

struct envelope_key {
    unsigned char bytes[ENVELOPE_KEY_BYTES];
};

/* The key is the SHA-256 of the configured secret. */
MUST_USE enum status envelope_key_init(struct slice secret,
                                       struct envelope_key *out);
/* Wipes; fits CLEANUP(). */
void envelope_key_release(struct envelope_key *key);

MUST_USE enum status envelope_make(const struct envelope_key *key,
                                   struct slice text, struct arena *arena,
                                   struct slice *out);

/* STATUS_UNREADABLE when it was changed, cut or made with another secret. */
MUST_USE enum status envelope_open(const struct envelope_key *key,
                                   struct slice envelope, struct arena *arena,
                                   struct slice *out);

#endif
