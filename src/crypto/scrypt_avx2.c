/* SPDX-License-Identifier: Apache-2.0 */
#define LANES 2

#include "crypto/scrypt_kernel.h"

ALWAYS_INLINE row turn_by_one(row x)
{
    return __builtin_shufflevector(x, x, 1, 2, 3, 0, 5, 6, 7, 4);
}

ALWAYS_INLINE row turn_by_two(row x)
{
    return __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5);
}

ALWAYS_INLINE row turn_by_three(row x)
{
    return __builtin_shufflevector(x, x, 3, 0, 1, 2, 7, 4, 5, 6);
}

ALWAYS_INLINE row low_lanes(row x, row y)
{
    return __builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11);
}

ALWAYS_INLINE row high_lanes(row x, row y)
{
    return __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15);
}

ALWAYS_INLINE struct rows transpose(struct rows x)
{
    return (struct rows){{
        low_lanes(x.at[0], x.at[1]),
        high_lanes(x.at[0], x.at[1]),
        low_lanes(x.at[2], x.at[3]),
        high_lanes(x.at[2], x.at[3]),
    }};
}

void scrypt_avx2_2(struct scrypt_work *work)
{
    ro_mix(work, 1);
}

void scrypt_avx2_4(struct scrypt_work *work)
{
    ro_mix(work, 2);
}

void scrypt_avx2_6(struct scrypt_work *work)
{
    ro_mix(work, 3);
}
