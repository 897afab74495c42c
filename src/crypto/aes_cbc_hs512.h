/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A256CBC-HS512 (RFC 7518 section 5.2.5): AES-256-CBC under an HMAC-SHA-512 of
 * which half is kept. For values that others write or read in this form; our
 * own are sealed by crypto/seal.h.
 *
 * Never decrypts what the tag does not vouch for, so padding tells nobody
 * anything. One initialisation vector must not be used twice under a key.
 * Results live as long as the arena, which does not wipe them.
 */
#ifndef CRYPTO_AES_CBC_HS512_H
#define CRYPTO_AES_CBC_HS512_H

#include "base/arena.h"

#define AES_CBC_HS512_KEY_BYTES ((size_t)64)
#define AES_CBC_HS512_IV_BYTES  ((size_t)16)
#define AES_CBC_HS512_TAG_BYTES ((size_t)32)
/* Of text and associated data each; a cookie is far below. */
#define AES_CBC_HS512_LIMIT ((size_t)1 << 20)

struct aes_cbc_hs512 {
    const unsigned char *key; /* the MAC's half first */
    const unsigned char *iv;
    struct slice associated;
};

/* The tag stands behind the ciphertext. */
MUST_USE enum status aes_cbc_hs512_encrypt(const struct aes_cbc_hs512 *by,
                                           struct slice text,
                                           struct arena *arena,
                                           struct slice *out);
/* STATUS_UNREADABLE when any bit of it, or of `by`, is another. */
MUST_USE enum status aes_cbc_hs512_decrypt(const struct aes_cbc_hs512 *by,
                                           struct slice sealed,
                                           struct arena *arena,
                                           struct slice *out);

#endif
