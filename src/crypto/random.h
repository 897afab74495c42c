/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unpredictable bytes and identifiers, straight from the kernel: nothing to
 * seed, nothing to share between threads, nothing a fork could repeat.
 */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include "base/arena.h"

/* Letters of both cases and digits: what the original's ids are made of. */
#define RANDOM_ID_ALPHABET                                                     \
    SLICE("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

/* The longest text random_text makes. */
#define RANDOM_TEXT_LIMIT ((size_t)4096)

MUST_USE enum status random_bytes(void *out, size_t len);

/* `len` characters of an alphabet of 2 to 256, each as likely as the others. */
MUST_USE enum status random_text(struct slice alphabet, size_t len,
                                 struct arena *arena, struct slice *out);
/* The same, of RANDOM_ID_ALPHABET: 32 of them are 190 bits. */
MUST_USE enum status random_id(size_t len, struct arena *arena,
                               struct slice *out);

#endif
