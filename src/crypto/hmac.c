/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hmac.h"

#include "base/mem.h"
#include "crypto/algorithms.h"
#include "crypto/equal.h"
#include "crypto/secret.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

struct hmac_key {
    EVP_MAC_CTX *keyed; /* never updated, only duplicated */
};

static enum status prepare(struct hmac_key *key, struct slice secret)
{
    char sha256[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256, 0),
        OSSL_PARAM_construct_end(),
    };
    const unsigned char *bytes = (const unsigned char *)secret.ptr;

    key->keyed = EVP_MAC_CTX_new(crypto_algorithms.hmac);
    if (key->keyed == NULL ||
        EVP_MAC_init(key->keyed,
                     secret.len == 0 ? (const unsigned char *)"" : bytes,
                     secret.len, params) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return STATUS_OK;
}

enum status hmac_key_new(struct slice secret, struct hmac_key **out)
{
    struct hmac_key *key = mem_alloc(sizeof(*key));
    enum status status;

    TRY_ALLOC(key);
    status = prepare(key, secret);
    if (status != STATUS_OK) {
        hmac_key_free(key);
        return status;
    }
    *out = key;
    return STATUS_OK;
}

void hmac_key_free(struct hmac_key *key)
{
    if (key != NULL) {
        EVP_MAC_CTX_free(key->keyed);
        mem_free(key);
    }
}

static void free_context(EVP_MAC_CTX **context)
{
    EVP_MAC_CTX_free(*context);
}

enum status hmac_sign(const struct hmac_key *key, struct slice data,
                      unsigned char out[HMAC_BYTES])
{
    CLEANUP(free_context) EVP_MAC_CTX *context = EVP_MAC_CTX_dup(key->keyed);
    size_t len = 0;

    if (context == NULL ||
        EVP_MAC_update(context, (const unsigned char *)data.ptr, data.len) !=
            1 ||
        EVP_MAC_final(context, out, &len, HMAC_BYTES) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return len == HMAC_BYTES ? STATUS_OK : STATUS_INTERNAL;
}

enum status hmac_verify(const struct hmac_key *key, struct slice data,
                        struct slice mac)
{
    unsigned char expected[HMAC_BYTES];
    bool equal;

    TRY(hmac_sign(key, data, expected));
    equal = equal_in_constant_time(slice_make(expected, HMAC_BYTES), mac);
    /* The right answer to a forged question is worth hiding. */
    secret_wipe(expected, sizeof(expected));
    return equal ? STATUS_OK : STATUS_INVALID_TOKEN;
}
