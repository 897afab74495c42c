/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-2 (FIPS 180-4) of bytes that are all there. */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include "base/status.h"

#define SHA256_BYTES 32
#define SHA384_BYTES 48
#define SHA512_BYTES 64

/* They fail for want of memory only. */
MUST_USE enum status digest_sha256(struct slice data,
                                   unsigned char out[SHA256_BYTES]);
MUST_USE enum status digest_sha384(struct slice data,
                                   unsigned char out[SHA384_BYTES]);
MUST_USE enum status digest_sha512(struct slice data,
                                   unsigned char out[SHA512_BYTES]);

#endif
