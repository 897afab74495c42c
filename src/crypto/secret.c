/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"

#include "base/mem.h"
#include "crypto/random.h"

#include <openssl/crypto.h>

static enum status allocate(size_t len, struct secret *out)
{
    if (len > SECRET_LIMIT) {
        return STATUS_TOO_LARGE;
    }
    out->bytes = mem_alloc(len + 1);
    TRY_ALLOC(out->bytes);
    out->len = len;
    return STATUS_OK;
}

enum status secret_dup(struct slice bytes, struct secret *out)
{
    TRY(allocate(bytes.len, out));
    if (bytes.len > 0) {
        memcpy(out->bytes, bytes.ptr, bytes.len);
    }
    return STATUS_OK;
}

enum status secret_random(size_t len, struct secret *out)
{
    struct secret secret;

    TRY(allocate(len, &secret));
    if (random_bytes(secret.bytes, len) != STATUS_OK) {
        secret_release(&secret);
        return STATUS_INTERNAL;
    }
    *out = secret;
    return STATUS_OK;
}

void secret_release(struct secret *secret)
{
    if (secret->bytes != NULL) {
        secret_wipe(secret->bytes, secret->len);
        mem_free(secret->bytes);
    }
    *secret = (struct secret){NULL, 0};
}

void secret_wipe(void *bytes, size_t len)
{
    OPENSSL_cleanse(bytes, len);
}
