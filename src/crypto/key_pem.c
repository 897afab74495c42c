/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_parts.h"

#include "crypto/algorithms.h"
#include "crypto/secret.h"

#include <openssl/bio.h>
#include <openssl/pem.h>

static void free_bio(BIO **bio)
{
    BIO_free(*bio);
}

enum status key_from_pem(struct slice pem, struct slice id, struct key **out)
{
    CLEANUP(free_bio) BIO *bio = NULL;
    /* For a key that says it is encrypted; else OpenSSL asks the terminal. */
    char passphrase[] = "";

    if (pem.len == 0 || pem.len > KEY_TEXT_LIMIT) {
        return STATUS_INVALID_VALUE;
    }
    bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    if (bio == NULL) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    if (slice_starts_with(pem, SLICE("-----BEGIN PRIVATE KEY-----"))) {
        return key_take(
            PEM_read_bio_PrivateKey_ex(bio, NULL, NULL, passphrase, NULL, NULL),
            true, id, out);
    }
    if (slice_starts_with(pem, SLICE("-----BEGIN PUBLIC KEY-----"))) {
        return key_take(
            PEM_read_bio_PUBKEY_ex(bio, NULL, NULL, passphrase, NULL, NULL),
            false, id, out);
    }
    return STATUS_INVALID_VALUE;
}

static struct slice written(BIO *bio)
{
    char *bytes = NULL;
    long len = BIO_get_mem_data(bio, &bytes);

    return slice_make(bytes, len < 0 ? 0 : (size_t)len);
}

enum status key_public_pem(const struct key *key, struct arena *arena,
                           struct slice *out)
{
    CLEANUP(free_bio) BIO *bio = BIO_new(BIO_s_mem());

    if (bio == NULL || PEM_write_bio_PUBKEY(bio, key->pkey) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return slice_dup(arena, written(bio), out);
}

enum status key_private_pem(const struct key *key, struct secret *out)
{
    /* Secure memory BIOs wipe what they leave. */
    CLEANUP(free_bio) BIO *bio = NULL;

    if (!key->is_private) {
        return STATUS_INVALID_VALUE;
    }
    bio = BIO_new(BIO_s_secmem());
    if (bio == NULL || PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL,
                                                     0, NULL, NULL) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return secret_dup(written(bio), out);
}
