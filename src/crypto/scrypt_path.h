/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lies between scrypt.c, which knows passwords and memory, and the
 * kernels, which know neither: a kernel replaces every lane's block with its
 * ROMix (RFC 7914 section 5) for r = 16.
 *
 * A kernel allocates nothing, keeps nothing and calls nothing. It may be
 * called only on a CPU that has the instructions of its path. Two lanes may be
 * the same: the spare lanes of a run repeat its first.
 */
#ifndef CRYPTO_SCRYPT_PATH_H
#define CRYPTO_SCRYPT_PATH_H

#include <stddef.h>
#include <stdint.h>

/* 128 * r: the block ROMix works on, and one step of its table. */
#define SCRYPT_BLOCK_BYTES ((size_t)2048)
#define SCRYPT_MAX_WIDTH   12
#define SCRYPT_MAX_KERNELS 5

struct scrypt_lane {
    unsigned char *table; /* steps * SCRYPT_BLOCK_BYTES, on a 64-byte line */
    unsigned char *block; /* SCRYPT_BLOCK_BYTES */
};

/* Every lane's block twice over, on a 64-byte line. */
#define SCRYPT_SCRATCH_BYTES ((size_t)2 * SCRYPT_MAX_WIDTH * SCRYPT_BLOCK_BYTES)

struct scrypt_work {
    struct scrypt_lane lanes[SCRYPT_MAX_WIDTH];
    size_t steps; /* N, a power of two */
    void *scratch;
};

struct scrypt_kernel {
    size_t width; /* lanes it works on; 0: no such kernel */
    void (*run)(struct scrypt_work *work);
};

/* The kernels of an enum scrypt_path, narrowest first; none for OpenSSL. */
const struct scrypt_kernel *scrypt_path_kernels(unsigned path);

void scrypt_sse2_1(struct scrypt_work *work);
void scrypt_sse2_2(struct scrypt_work *work);
void scrypt_sse2_3(struct scrypt_work *work);
void scrypt_avx2_2(struct scrypt_work *work);
void scrypt_avx2_4(struct scrypt_work *work);
void scrypt_avx2_6(struct scrypt_work *work);
void scrypt_avx512_4(struct scrypt_work *work);
void scrypt_avx512_8(struct scrypt_work *work);
void scrypt_avx512_12(struct scrypt_work *work);

#endif
