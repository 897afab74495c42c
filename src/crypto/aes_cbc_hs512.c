/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aes_cbc_hs512.h"

#include "crypto/algorithms.h"
#include "crypto/digest.h"
#include "crypto/equal.h"
#include "crypto/secret.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#define MAC_KEY_BYTES (AES_CBC_HS512_KEY_BYTES / 2)
#define BLOCK_BYTES   ((size_t)16)

static void free_mac(EVP_MAC_CTX **context)
{
    EVP_MAC_CTX_free(*context);
}

static void free_cipher(EVP_CIPHER_CTX **context)
{
    EVP_CIPHER_CTX_free(*context);
}

static bool update(EVP_MAC_CTX *context, struct slice part)
{
    return EVP_MAC_update(
               context, (const unsigned char *)(part.len == 0 ? "" : part.ptr),
               part.len) == 1;
}

/* Over the associated data, the vector, the ciphertext and the first's bits. */
static enum status compute_tag(const struct aes_cbc_hs512 *by,
                               struct slice ciphertext,
                               unsigned char out[SHA512_BYTES])
{
    char sha512[] = "SHA512";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha512, 0),
        OSSL_PARAM_construct_end(),
    };
    CLEANUP(free_mac) EVP_MAC_CTX *context = NULL;
    uint64_t bits = (uint64_t)by->associated.len * 8;
    unsigned char length[8];
    size_t len;

    for (unsigned i = 0; i < sizeof(length); i++) {
        length[i] = (unsigned char)(bits >> (56 - 8 * i));
    }
    context = EVP_MAC_CTX_new(crypto_algorithms.hmac);
    if (context == NULL ||
        EVP_MAC_init(context, by->key, MAC_KEY_BYTES, params) != 1 ||
        !update(context, by->associated) ||
        !update(context, slice_make(by->iv, AES_CBC_HS512_IV_BYTES)) ||
        !update(context, ciphertext) ||
        !update(context, slice_make(length, sizeof(length))) ||
        EVP_MAC_final(context, out, &len, SHA512_BYTES) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return STATUS_OK;
}

/*
 * `out` has a block more than `in`, which encrypting may need. Only decrypting
 * can find the padding wrong, and then only the key's owner made it so.
 */
static enum status run_cipher(const struct aes_cbc_hs512 *by, struct slice in,
                              unsigned char *out, bool encrypting, size_t *len)
{
    CLEANUP(free_cipher) EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int head = 0;
    int tail = 0;

    if (context == NULL ||
        EVP_CipherInit_ex2(context, crypto_algorithms.aes_256_cbc,
                           by->key + MAC_KEY_BYTES, by->iv, encrypting,
                           NULL) != 1 ||
        EVP_CipherUpdate(context, out, &head,
                         (const unsigned char *)(in.len == 0 ? "" : in.ptr),
                         (int)in.len) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    if (EVP_CipherFinal_ex(context, out + head, &tail) != 1) {
        return crypto_failure(STATUS_UNREADABLE);
    }
    *len = (size_t)head + (size_t)tail;
    return STATUS_OK;
}

enum status aes_cbc_hs512_encrypt(const struct aes_cbc_hs512 *by,
                                  struct slice text, struct arena *arena,
                                  struct slice *out)
{
    unsigned char tag[SHA512_BYTES];
    unsigned char *bytes;
    size_t len = 0;

    if (text.len > AES_CBC_HS512_LIMIT ||
        by->associated.len > AES_CBC_HS512_LIMIT) {
        return STATUS_TOO_LARGE;
    }
    bytes = arena_alloc(arena, text.len + BLOCK_BYTES + sizeof(tag));
    TRY_ALLOC(bytes);
    TRY(run_cipher(by, text, bytes, true, &len));
    TRY(compute_tag(by, slice_make(bytes, len), tag));
    memcpy(bytes + len, tag, AES_CBC_HS512_TAG_BYTES);
    *out = slice_make(bytes, len + AES_CBC_HS512_TAG_BYTES);
    return STATUS_OK;
}

static enum status check_tag(const struct aes_cbc_hs512 *by,
                             struct slice ciphertext, struct slice tag)
{
    unsigned char expected[SHA512_BYTES];
    bool equal;

    TRY(compute_tag(by, ciphertext, expected));
    equal = equal_in_constant_time(
        slice_make(expected, AES_CBC_HS512_TAG_BYTES), tag);
    secret_wipe(expected, sizeof(expected));
    return equal ? STATUS_OK : STATUS_UNREADABLE;
}

enum status aes_cbc_hs512_decrypt(const struct aes_cbc_hs512 *by,
                                  struct slice sealed, struct arena *arena,
                                  struct slice *out)
{
    struct slice ciphertext;
    unsigned char *bytes;
    size_t len = 0;

    if (sealed.len < BLOCK_BYTES + AES_CBC_HS512_TAG_BYTES ||
        sealed.len % BLOCK_BYTES != 0 ||
        sealed.len >
            AES_CBC_HS512_LIMIT + BLOCK_BYTES + AES_CBC_HS512_TAG_BYTES ||
        by->associated.len > AES_CBC_HS512_LIMIT) {
        return STATUS_UNREADABLE;
    }
    ciphertext = slice_head(sealed, sealed.len - AES_CBC_HS512_TAG_BYTES);
    TRY(check_tag(by, ciphertext, slice_from(sealed, ciphertext.len)));
    bytes = arena_alloc(arena, ciphertext.len + BLOCK_BYTES);
    TRY_ALLOC(bytes);
    TRY(run_cipher(by, ciphertext, bytes, false, &len));
    *out = slice_make(bytes, len);
    return STATUS_OK;
}
