/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"

#include "crypto/algorithms.h"
#include "crypto/secret.h"

static void free_context(EVP_CIPHER_CTX **context)
{
    EVP_CIPHER_CTX_free(*context);
}

static const unsigned char *bytes_of(struct slice s)
{
    return (const unsigned char *)(s.len == 0 ? "" : s.ptr);
}

/* One direction up to, not including, the tag. */
static bool run(EVP_CIPHER_CTX *context, const struct aead *aead,
                struct slice text, unsigned char *out, bool encrypting)
{
    int len = 0;

    if (EVP_CipherInit_ex2(context, aead->cipher, aead->key, aead->nonce,
                           encrypting, NULL) != 1) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        struct slice s = aead->associated[i];

        if (s.len > 0 && EVP_CipherUpdate(context, NULL, &len, bytes_of(s),
                                          (int)s.len) != 1) {
            return false;
        }
    }
    return EVP_CipherUpdate(context, out, &len, bytes_of(text),
                            (int)text.len) == 1;
}

static bool is_too_large(const struct aead *aead, struct slice text)
{
    return text.len > AEAD_LIMIT || aead->associated[0].len > AEAD_LIMIT ||
           aead->associated[1].len > AEAD_LIMIT;
}

enum status aead_encrypt(const struct aead *aead, struct slice text,
                         unsigned char *out)
{
    CLEANUP(free_context) EVP_CIPHER_CTX *context = NULL;
    int len = 0;

    if (is_too_large(aead, text)) {
        return STATUS_TOO_LARGE;
    }
    context = EVP_CIPHER_CTX_new();
    if (context == NULL || !run(context, aead, text, out, true) ||
        EVP_CipherFinal_ex(context, out + text.len, &len) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG_BYTES,
                            out + text.len) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return STATUS_OK;
}

enum status aead_decrypt(const struct aead *aead, struct slice sealed,
                         unsigned char *out)
{
    CLEANUP(free_context) EVP_CIPHER_CTX *context = NULL;
    unsigned char tag[AEAD_TAG_BYTES];
    struct slice text;
    int len = 0;

    if (sealed.len < AEAD_TAG_BYTES) {
        return STATUS_UNREADABLE;
    }
    text = slice_head(sealed, sealed.len - AEAD_TAG_BYTES);
    if (is_too_large(aead, text)) {
        return STATUS_TOO_LARGE;
    }
    memcpy(tag, sealed.ptr + text.len, AEAD_TAG_BYTES);
    context = EVP_CIPHER_CTX_new();
    if (context == NULL || !run(context, aead, text, out, false) ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG_BYTES,
                            tag) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    if (EVP_CipherFinal_ex(context, out + text.len, &len) != 1) {
        secret_wipe(out, text.len);
        return crypto_failure(STATUS_UNREADABLE);
    }
    return STATUS_OK;
}
