/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HMAC-SHA-256 (RFC 2104) under a key prepared once: signing a cookie then
 * costs a duplication and one hash, less than half of starting from the key.
 *
 * An hmac_key is immutable and may be used by several threads. A copy for each
 * is faster: duplicating counts references in shared memory.
 */
#ifndef CRYPTO_HMAC_H
#define CRYPTO_HMAC_H

#include "base/status.h"

#define HMAC_BYTES 32

struct hmac_key;

MUST_USE enum status hmac_key_new(struct slice secret, struct hmac_key **out);
/* Wipes the key. NULL is allowed. */
void hmac_key_free(struct hmac_key *key);

MUST_USE enum status hmac_sign(const struct hmac_key *key, struct slice data,
                               unsigned char out[HMAC_BYTES]);
/*
 * STATUS_INVALID_TOKEN when `mac` is not the data's, compared in constant
 * time; whatever else when that could not be found out.
 */
MUST_USE enum status hmac_verify(const struct hmac_key *key, struct slice data,
                                 struct slice mac);

#endif
