/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What OpenSSL offers and we use, fetched once: a fetch by name costs more
 * than hashing a cookie. For this folder's .c files only.
 *
 * Written by crypto_init and by nobody afterwards, so every thread may read.
 */
#ifndef CRYPTO_ALGORITHMS_H
#define CRYPTO_ALGORITHMS_H

#include "base/status.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>

struct crypto_algorithms {
    EVP_MD *sha256;
    EVP_MD *sha384;
    EVP_MD *sha512;
    EVP_MAC *hmac;
    EVP_KDF *hkdf;
    EVP_KDF *pbkdf2;
    EVP_KDF *scrypt;
    EVP_CIPHER *aes_256_cbc;
    EVP_CIPHER *aes_256_gcm;
    EVP_CIPHER *chacha20_poly1305;
};

extern struct crypto_algorithms crypto_algorithms;

/*
 * `status`, after emptying this thread's queue of OpenSSL errors, lest the
 * next caller of OpenSSL takes them for its own.
 */
enum status crypto_failure(enum status status);

#endif
