/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of an authenticated cipher with a 12-byte nonce and a 16-byte tag
 * behind the text: what seal and envelope have in common. For this folder's
 * .c files only.
 *
 * Never gives out text whose tag is wrong: it is wiped.
 */
#ifndef CRYPTO_AEAD_H
#define CRYPTO_AEAD_H

#include "base/status.h"

#include <openssl/evp.h>

#define AEAD_KEY_BYTES   32
#define AEAD_NONCE_BYTES 12
#define AEAD_TAG_BYTES   16
/* OpenSSL counts in int; nothing we keep is larger. */
#define AEAD_LIMIT ((size_t)16 << 20)

struct aead {
    const EVP_CIPHER *cipher;
    const unsigned char *key;
    const unsigned char *nonce;
    struct slice associated[2]; /* authenticated one after the other */
};

/* Writes text.len + AEAD_TAG_BYTES bytes. */
MUST_USE enum status aead_encrypt(const struct aead *aead, struct slice text,
                                  unsigned char *out);
/*
 * Writes sealed.len - AEAD_TAG_BYTES bytes; STATUS_UNREADABLE when any bit of
 * key, nonce, associated data or text is another.
 */
MUST_USE enum status aead_decrypt(const struct aead *aead, struct slice sealed,
                                  unsigned char *out);

#endif
