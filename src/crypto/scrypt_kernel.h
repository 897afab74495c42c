/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heart of scrypt (RFC 7914 section 5, ROMix with r = 16) for several
 * passwords at once. A template: each scrypt_<path>.c defines LANES, includes
 * this, defines the four functions that depend on the number of lanes, and is
 * compiled for its own instruction set.
 *
 * Salsa20/8 is one chain of dependent steps, so a lone hash leaves most of the
 * machine idle. Here every 128-bit lane of a vector belongs to a password of
 * its own, and up to three such vectors ("chains") run side by side to fill
 * the time each waits for itself. The arithmetic of each hash is untouched.
 *
 * The lanes' tables lie apart, because each lane reads its own at a place of
 * its own. They hold words in the order of crypto/scrypt_salsa.h.
 */
#ifndef CRYPTO_SCRYPT_KERNEL_H
#define CRYPTO_SCRYPT_KERNEL_H

#include "crypto/scrypt_path.h"
#include "crypto/scrypt_salsa.h"

#include <stdbool.h>
#include <string.h>

#define BLOCKS (SCRYPT_BLOCK_BYTES / 64)

/* SCRYPT_BLOCK_BYTES for LANES passwords. */
struct wide_block {
    struct rows blocks[BLOCKS];
};

/*
 * A lane's 64 bytes are 4 / LANES vectors. Transposed, vector i of the rows is
 * vector i / LANES of lane i % LANES.
 */
ALWAYS_INLINE struct rows load_rows(unsigned char *const *places, size_t at)
{
    struct rows x;

    UNROLL
    for (size_t i = 0; i < 4; i++) {
        memcpy(&x.at[i], places[i % LANES] + at + i / LANES * sizeof(row),
               sizeof(row));
    }
    return transpose(x);
}

ALWAYS_INLINE void store_rows(unsigned char *const *places, size_t at,
                              struct rows x)
{
    x = transpose(x);
    UNROLL
    for (size_t i = 0; i < 4; i++) {
        memcpy(places[i % LANES] + at + i / LANES * sizeof(row), &x.at[i],
               sizeof(row));
    }
}

/* One BlockMix of all chains, from `in` to `out`. */
struct mixing {
    const struct wide_block *in;
    struct wide_block *out;
    /* A step of each lane's table: takes `in` while filling, is mixed later. */
    unsigned char *const *places;
    bool filling;
};

/* Mixes block i of the input, and of the past once the table is full. */
ALWAYS_INLINE void take_block(struct state *s, const struct mixing *mixing,
                              size_t i, size_t chains)
{
    UNROLL
    for (size_t z = 0; z < chains; z++) {
        xor_into(s, z, &mixing->in[z].blocks[i]);
        if (!mixing->filling) {
            struct rows past = load_rows(mixing->places + z * LANES, 64 * i);

            xor_into(s, z, &past);
        }
    }
}

ALWAYS_INLINE void remember_block(const struct mixing *mixing, size_t i,
                                  size_t chains)
{
    UNROLL
    for (size_t z = 0; z < chains; z++) {
        store_rows(mixing->places + z * LANES, 64 * i, mixing->in[z].blocks[i]);
    }
}

ALWAYS_INLINE void block_mix(struct mixing mixing, size_t chains)
{
    struct state s = {0};

    take_block(&s, &mixing, BLOCKS - 1, chains);
    for (size_t i = 0; i < BLOCKS; i++) {
        if (mixing.filling) {
            remember_block(&mixing, i, chains);
        }
        take_block(&s, &mixing, i, chains);
        salsa20_8(&s, chains);
        /* The even blocks go to the first half, the odd to the second. */
        UNROLL
        for (size_t z = 0; z < chains; z++) {
            mixing.out[z].blocks[i / 2 + i % 2 * (BLOCKS / 2)] =
                (struct rows){{s.a[z], s.b[z], s.c[z], s.d[z]}};
        }
    }
}

/* Where each lane writes step i. */
ALWAYS_INLINE void step_places(const struct scrypt_work *work, size_t i,
                               unsigned char **places, size_t chains)
{
    for (size_t h = 0; h < chains * LANES; h++) {
        places[h] = work->lanes[h].table + i * SCRYPT_BLOCK_BYTES;
    }
}

/* Where each lane must read next: Integerify of RFC 7914, modulo N. */
ALWAYS_INLINE void choose_places(const struct scrypt_work *work,
                                 const struct wide_block *x,
                                 unsigned char **places, size_t chains)
{
    for (size_t h = 0; h < chains * LANES; h++) {
        uint32_t j = x[h / LANES].blocks[BLOCKS - 1].at[0][h % LANES * 4];

        places[h] =
            work->lanes[h].table + (j & (work->steps - 1)) * SCRYPT_BLOCK_BYTES;
        for (size_t at = 0; at < SCRYPT_BLOCK_BYTES; at += 64) {
            __builtin_prefetch(places[h] + at);
        }
    }
}

/* Between a lane's bytes in RFC 7914's order and its words in ours. */
ALWAYS_INLINE void pack(const struct scrypt_work *work, struct wide_block *x,
                        bool packing, size_t chains)
{
    for (size_t w = 0; w < BLOCKS * 16; w++) {
        size_t word = w % 16;

        for (size_t h = 0; h < chains * LANES; h++) {
            unsigned char *bytes =
                work->lanes[h].block + (w - word + word * 5 % 16) * 4;
            uint32_t *place = (uint32_t *)&x[h / LANES].blocks[w / 16] +
                              word / 4 * 4 * LANES + h % LANES * 4 + word % 4;

            memcpy(packing ? (unsigned char *)place : bytes,
                   packing ? bytes : (unsigned char *)place, 4);
        }
    }
}

/* N is even, so two mixings at a time bring the block back to x. */
ALWAYS_INLINE void ro_mix(struct scrypt_work *work, size_t chains)
{
    struct wide_block *x = work->scratch;
    struct wide_block *y = x + chains;
    unsigned char *places[MAX_CHAINS * LANES];

    pack(work, x, true, chains);
    for (size_t i = 0; i < work->steps; i += 2) {
        step_places(work, i, places, chains);
        block_mix((struct mixing){x, y, places, true}, chains);
        step_places(work, i + 1, places, chains);
        block_mix((struct mixing){y, x, places, true}, chains);
    }
    for (size_t i = 0; i < work->steps; i += 2) {
        choose_places(work, x, places, chains);
        block_mix((struct mixing){x, y, places, false}, chains);
        choose_places(work, y, places, chains);
        block_mix((struct mixing){y, x, places, false}, chains);
    }
    pack(work, x, false, chains);
}

#endif
