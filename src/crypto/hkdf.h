/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HKDF-SHA-256 (RFC 5869): from one secret as many independent keys as there
 * are purposes. The secret must be a strong one; passwords go to scrypt.
 */
#ifndef CRYPTO_HKDF_H
#define CRYPTO_HKDF_H

#include "base/status.h"

/* Of salt and info each; both are constants of ours. */
#define HKDF_TEXT_LIMIT ((size_t)1024)
/* RFC 5869 section 2.3: 255 hashes. */
#define HKDF_OUT_LIMIT ((size_t)255 * 32)

struct hkdf_input {
    struct slice secret;
    struct slice salt;
    struct slice info;
};

MUST_USE enum status hkdf_sha256(const struct hkdf_input *input,
                                 unsigned char *out, size_t len);

#endif
