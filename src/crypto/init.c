/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/init.h"

#include "crypto/algorithms.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

struct crypto_algorithms crypto_algorithms;

enum status crypto_failure(enum status status)
{
    ERR_clear_error();
    return status;
}

static bool is_complete(const struct crypto_algorithms *a)
{
    return a->sha256 != NULL && a->sha384 != NULL && a->sha512 != NULL &&
           a->hmac != NULL && a->hkdf != NULL && a->pbkdf2 != NULL &&
           a->scrypt != NULL && a->aes_256_cbc != NULL &&
           a->aes_256_gcm != NULL && a->chacha20_poly1305 != NULL;
}

enum status crypto_init(void)
{
    struct crypto_algorithms *a = &crypto_algorithms;

    if (is_complete(a)) {
        return STATUS_OK;
    }
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1) {
        return crypto_failure(STATUS_INTERNAL);
    }
    a->sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    a->sha384 = EVP_MD_fetch(NULL, "SHA2-384", NULL);
    a->sha512 = EVP_MD_fetch(NULL, "SHA2-512", NULL);
    a->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    a->hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    a->pbkdf2 = EVP_KDF_fetch(NULL, "PBKDF2", NULL);
    a->scrypt = EVP_KDF_fetch(NULL, "SCRYPT", NULL);
    a->aes_256_cbc = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
    a->aes_256_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    a->chacha20_poly1305 = EVP_CIPHER_fetch(NULL, "ChaCha20-Poly1305", NULL);
    return is_complete(a) ? STATUS_OK : crypto_failure(STATUS_INTERNAL);
}
