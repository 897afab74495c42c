/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hkdf.h"

#include "crypto/algorithms.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

static void free_context(EVP_KDF_CTX **context)
{
    EVP_KDF_CTX_free(*context);
}

static OSSL_PARAM octets(const char *name, struct slice s)
{
    return OSSL_PARAM_construct_octet_string(
        name, (void *)(s.len == 0 ? "" : s.ptr), s.len);
}

enum status hkdf_sha256(const struct hkdf_input *input, unsigned char *out,
                        size_t len)
{
    char sha256[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha256, 0),
        octets(OSSL_KDF_PARAM_KEY, input->secret),
        octets(OSSL_KDF_PARAM_SALT, input->salt),
        octets(OSSL_KDF_PARAM_INFO, input->info),
        OSSL_PARAM_construct_end(),
    };
    CLEANUP(free_context) EVP_KDF_CTX *context = NULL;

    if (len == 0 || len > HKDF_OUT_LIMIT || input->secret.len == 0 ||
        input->salt.len > HKDF_TEXT_LIMIT ||
        input->info.len > HKDF_TEXT_LIMIT) {
        return STATUS_INVALID_VALUE;
    }
    context = EVP_KDF_CTX_new(crypto_algorithms.hkdf);
    if (context == NULL || EVP_KDF_derive(context, out, len, params) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return STATUS_OK;
}
