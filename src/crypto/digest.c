/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include "crypto/algorithms.h"

static enum status digest(const EVP_MD *algorithm, struct slice data,
                          unsigned char *out)
{
    if (EVP_Digest(data.ptr, data.len, out, NULL, algorithm, NULL) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return STATUS_OK;
}

enum status digest_sha256(struct slice data, unsigned char out[SHA256_BYTES])
{
    return digest(crypto_algorithms.sha256, data, out);
}

enum status digest_sha384(struct slice data, unsigned char out[SHA384_BYTES])
{
    return digest(crypto_algorithms.sha384, data, out);
}

enum status digest_sha512(struct slice data, unsigned char out[SHA512_BYTES])
{
    return digest(crypto_algorithms.sha512, data, out);
}
