/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/scrypt_path.h"

#include "crypto/scrypt.h"

/* A lone hash is fastest in the narrowest registers. */
static const struct scrypt_kernel kernels[SCRYPT_PATHS][SCRYPT_MAX_KERNELS] = {
    [SCRYPT_SSE2] = {{1, scrypt_sse2_1},
                     {2, scrypt_sse2_2},
                     {3, scrypt_sse2_3}},
    [SCRYPT_AVX2] = {{1, scrypt_sse2_1},
                     {2, scrypt_avx2_2},
                     {4, scrypt_avx2_4},
                     {6, scrypt_avx2_6}},
    [SCRYPT_AVX512] = {{1, scrypt_sse2_1},
                       {2, scrypt_avx2_2},
                       {4, scrypt_avx512_4},
                       {8, scrypt_avx512_8},
                       {12, scrypt_avx512_12}},
};

const struct scrypt_kernel *scrypt_path_kernels(unsigned path)
{
    return kernels[path];
}

bool scrypt_path_is_supported(enum scrypt_path path)
{
    switch (path) {
    case SCRYPT_OPENSSL:
    case SCRYPT_SSE2: /* part of every x86-64 */
        return true;
    case SCRYPT_AVX2:
        return __builtin_cpu_supports("avx2");
    case SCRYPT_AVX512:
        return __builtin_cpu_supports("avx2") &&
               __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
    default:
        return false;
    }
}
