/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_parts.h"

#include "crypto/algorithms.h"

#include <openssl/ec.h>

/* DER of r and s (FIPS 186-4 section 6): two numbers of at most 33 bytes. */
#define DER_LIMIT 80

static void free_context(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static void free_pair(ECDSA_SIG **pair)
{
    ECDSA_SIG_free(*pair);
}

static EVP_MD_CTX *duplicate(const EVP_MD_CTX *context)
{
    EVP_MD_CTX *copy = EVP_MD_CTX_new();

    if (copy != NULL && EVP_MD_CTX_copy_ex(copy, context) != 1) {
        EVP_MD_CTX_free(copy);
        return NULL;
    }
    return copy;
}

/* RFC 7518 section 3.4: r and s, of fixed length, one behind the other. */
static enum status der_to_pair(const unsigned char *der, size_t len,
                               unsigned char *out)
{
    CLEANUP(free_pair)
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);

    if (pair == NULL ||
        BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, EC_NUMBER_BYTES) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + EC_NUMBER_BYTES,
                     EC_NUMBER_BYTES) < 0) {
        return crypto_failure(STATUS_INTERNAL);
    }
    return STATUS_OK;
}

static enum status pair_to_der(struct slice signature,
                               unsigned char der[DER_LIMIT], size_t *len)
{
    const unsigned char *bytes = (const unsigned char *)signature.ptr;
    CLEANUP(free_pair) ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(bytes, EC_NUMBER_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(bytes + EC_NUMBER_BYTES, EC_NUMBER_BYTES, NULL);
    int written;

    if (pair == NULL || r == NULL || s == NULL ||
        ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return crypto_failure(STATUS_NO_MEMORY);
    }
    written = i2d_ECDSA_SIG(pair, &der);
    if (written <= 0) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    *len = (size_t)written;
    return STATUS_OK;
}

enum status key_sign(const struct key *key, struct slice data,
                     struct arena *arena, struct slice *out)
{
    CLEANUP(free_context) EVP_MD_CTX *context = NULL;
    size_t len = KEY_SIGNATURE_LIMIT;
    unsigned char *signature;

    if (!key->is_private) {
        return STATUS_INVALID_VALUE;
    }
    signature = arena_alloc(arena, len);
    TRY_ALLOC(signature);
    context = duplicate(key->signing);
    if (context == NULL ||
        EVP_DigestSign(context, signature, &len,
                       (const unsigned char *)data.ptr, data.len) != 1) {
        return crypto_failure(STATUS_INTERNAL);
    }
    if (key->algorithm == KEY_ES256) {
        unsigned char der[DER_LIMIT];

        if (len > sizeof(der)) {
            return STATUS_INTERNAL;
        }
        memcpy(der, signature, len);
        TRY(der_to_pair(der, len, signature));
        len = (size_t)2 * EC_NUMBER_BYTES;
    }
    *out = slice_make(signature, len);
    return STATUS_OK;
}

static size_t signature_len(const struct key *key)
{
    return key->algorithm == KEY_RS256 ? (size_t)EVP_PKEY_get_size(key->pkey)
                                       : (size_t)2 * EC_NUMBER_BYTES;
}

enum status key_verify(const struct key *key, struct slice data,
                       struct slice signature)
{
    CLEANUP(free_context) EVP_MD_CTX *context = NULL;
    const unsigned char *bytes = (const unsigned char *)signature.ptr;
    unsigned char der[DER_LIMIT];
    size_t len = signature.len;

    /* RFC 8017 section 8.2.2, RFC 7518 section 3.4: one length is right. */
    if (len != signature_len(key)) {
        return STATUS_INVALID_TOKEN;
    }
    if (key->algorithm == KEY_ES256) {
        TRY(pair_to_der(signature, der, &len));
        bytes = der;
    }
    context = duplicate(key->verifying);
    if (context == NULL) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    if (EVP_DigestVerify(context, bytes, len, (const unsigned char *)data.ptr,
                         data.len) != 1) {
        return crypto_failure(STATUS_INVALID_TOKEN);
    }
    return STATUS_OK;
}
