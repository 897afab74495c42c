/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Salsa20/8 (RFC 7914 section 3) on several blocks at once; half of the
 * template that crypto/scrypt_kernel.h describes.
 *
 * A block of 64 bytes is four rows of four words, in the order
 *
 *     a  0  5 10 15      so that the quarter-rounds of the four columns are
 *     b  4  9 14  3      additions, rotations and exclusive-ors of whole rows,
 *     c  8 13  2  7      and turning b, c and d by one, two and three places
 *     d 12  1  6 11      makes the rows of the matrix its columns.
 *
 * GCC's vector extension stands in place of intrinsics: it reads as
 * arithmetic, and both compilers make of each line the instruction meant.
 */
#ifndef CRYPTO_SCRYPT_SALSA_H
#define CRYPTO_SCRYPT_SALSA_H

#include <stddef.h>
#include <stdint.h>

/* `chains` must become a constant for the loops over it to vanish. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Clang gives up on GCC's pragma, and then keeps the state in memory. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 4")
#endif

#define MAX_CHAINS 3

/* Four words of each lane. */
typedef uint32_t row __attribute__((vector_size(16 * LANES)));

/* The rows a, b, c, d of one block, for LANES passwords. */
struct rows {
    row at[4];
};

/* For the includer to define. Every lane's words, so many places left: */
ALWAYS_INLINE row turn_by_one(row x);
ALWAYS_INLINE row turn_by_two(row x);
ALWAYS_INLINE row turn_by_three(row x);
/*
 * The matrix of lanes and rows, turned over: from a vector a row, with a place
 * a lane, to a lane's rows side by side. Its own inverse.
 */
ALWAYS_INLINE struct rows transpose(struct rows x);

/* The same block of every chain. */
struct state {
    row a[MAX_CHAINS];
    row b[MAX_CHAINS];
    row c[MAX_CHAINS];
    row d[MAX_CHAINS];
};

/* to ^= (x + y) <<< bits, in every chain. */
ALWAYS_INLINE void mix_rows(row *to, const row *x, const row *y, int bits,
                            size_t chains)
{
    UNROLL
    for (size_t z = 0; z < chains; z++) {
        row sum = x[z] + y[z];

        to[z] ^= (sum << bits) | (sum >> (32 - bits));
    }
}

ALWAYS_INLINE void double_round(struct state *s, size_t chains)
{
    mix_rows(s->b, s->a, s->d, 7, chains);
    mix_rows(s->c, s->b, s->a, 9, chains);
    mix_rows(s->d, s->c, s->b, 13, chains);
    mix_rows(s->a, s->d, s->c, 18, chains);
    UNROLL
    for (size_t z = 0; z < chains; z++) {
        s->b[z] = turn_by_three(s->b[z]);
        s->c[z] = turn_by_two(s->c[z]);
        s->d[z] = turn_by_one(s->d[z]);
    }
    mix_rows(s->d, s->a, s->b, 7, chains);
    mix_rows(s->c, s->d, s->a, 9, chains);
    mix_rows(s->b, s->c, s->d, 13, chains);
    mix_rows(s->a, s->b, s->c, 18, chains);
    UNROLL
    for (size_t z = 0; z < chains; z++) {
        s->b[z] = turn_by_one(s->b[z]);
        s->c[z] = turn_by_two(s->c[z]);
        s->d[z] = turn_by_three(s->d[z]);
    }
}

ALWAYS_INLINE void salsa20_8(struct state *s, size_t chains)
{
    const struct state before = *s;

    double_round(s, chains);
    double_round(s, chains);
    double_round(s, chains);
    double_round(s, chains);
    UNROLL
    for (size_t z = 0; z < chains; z++) {
        s->a[z] += before.a[z];
        s->b[z] += before.b[z];
        s->c[z] += before.c[z];
        s->d[z] += before.d[z];
    }
}

ALWAYS_INLINE void xor_into(struct state *s, size_t z, const struct rows *x)
{
    s->a[z] ^= x->at[0];
    s->b[z] ^= x->at[1];
    s->c[z] ^= x->at[2];
    s->d[z] ^= x->at[3];
}

#endif
