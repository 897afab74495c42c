/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that wipe themselves: keys, passwords on their way to the hash.
 *
 * A secret is not a slice, so it cannot be logged, compared or written by
 * mistake: log_text("key", secret) does not compile. Whoever needs the bytes
 * says secret_reveal, which is easy to search for.
 *
 * Owns its memory: secret_release wipes and frees, and fits CLEANUP(). A
 * zeroed struct is an empty secret that needs no release.
 */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include "base/status.h"

/* No key, password or private PEM comes near it. */
#define SECRET_LIMIT ((size_t)65536)

struct secret {
    unsigned char *bytes;
    size_t len;
};

MUST_USE enum status secret_dup(struct slice bytes, struct secret *out);
MUST_USE enum status secret_random(size_t len, struct secret *out);
/* May be called twice. */
void secret_release(struct secret *secret);

static inline struct slice secret_reveal(const struct secret *secret)
{
    return secret->len == 0 ? SLICE_EMPTY
                            : slice_make(secret->bytes, secret->len);
}

/* For bytes that live on a stack or in an arena. The compiler keeps it. */
void secret_wipe(void *bytes, size_t len);

#endif
