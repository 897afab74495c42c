/* SPDX-License-Identifier: Apache-2.0 */
#define LANES 1

#include "crypto/scrypt_kernel.h"

ALWAYS_INLINE row turn_by_one(row x)
{
    return __builtin_shufflevector(x, x, 1, 2, 3, 0);
}

ALWAYS_INLINE row turn_by_two(row x)
{
    return __builtin_shufflevector(x, x, 2, 3, 0, 1);
}

ALWAYS_INLINE row turn_by_three(row x)
{
    return __builtin_shufflevector(x, x, 3, 0, 1, 2);
}

ALWAYS_INLINE struct rows transpose(struct rows x)
{
    return x;
}

void scrypt_sse2_1(struct scrypt_work *work)
{
    ro_mix(work, 1);
}

void scrypt_sse2_2(struct scrypt_work *work)
{
    ro_mix(work, 2);
}

void scrypt_sse2_3(struct scrypt_work *work)
{
    ro_mix(work, 3);
}
