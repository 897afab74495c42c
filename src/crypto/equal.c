/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/equal.h"

#include <openssl/crypto.h>

bool equal_in_constant_time(struct slice a, struct slice b)
{
    return a.len == b.len &&
           (a.len == 0 || CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0);
}
