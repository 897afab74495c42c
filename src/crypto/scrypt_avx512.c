/* SPDX-License-Identifier: Apache-2.0 */
#define LANES 4

#include "crypto/scrypt_kernel.h"

ALWAYS_INLINE row turn_by_one(row x)
{
    return __builtin_shufflevector(x, x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8,
                                   13, 14, 15, 12);
}

ALWAYS_INLINE row turn_by_two(row x)
{
    return __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9,
                                   14, 15, 12, 13);
}

ALWAYS_INLINE row turn_by_three(row x)
{
    return __builtin_shufflevector(x, x, 3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10,
                                   15, 12, 13, 14);
}

/* The lanes 0 and 2 of x, then of y. */
ALWAYS_INLINE row even_lanes(row x, row y)
{
    return __builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18,
                                   19, 24, 25, 26, 27);
}

ALWAYS_INLINE row odd_lanes(row x, row y)
{
    return __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22,
                                   23, 28, 29, 30, 31);
}

ALWAYS_INLINE struct rows transpose(struct rows x)
{
    row ab_even = even_lanes(x.at[0], x.at[1]);
    row ab_odd = odd_lanes(x.at[0], x.at[1]);
    row cd_even = even_lanes(x.at[2], x.at[3]);
    row cd_odd = odd_lanes(x.at[2], x.at[3]);

    return (struct rows){{
        even_lanes(ab_even, cd_even),
        even_lanes(ab_odd, cd_odd),
        odd_lanes(ab_even, cd_even),
        odd_lanes(ab_odd, cd_odd),
    }};
}

void scrypt_avx512_4(struct scrypt_work *work)
{
    ro_mix(work, 1);
}

void scrypt_avx512_8(struct scrypt_work *work)
{
    ro_mix(work, 2);
}

void scrypt_avx512_12(struct scrypt_work *work)
{
    ro_mix(work, 3);
}
