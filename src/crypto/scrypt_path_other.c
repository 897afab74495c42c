/* SPDX-License-Identifier: Apache-2.0 */
/* Where no kernel has been written yet, OpenSSL does it all. */
#include "crypto/scrypt_path.h"

#include "crypto/scrypt.h"

const struct scrypt_kernel *scrypt_path_kernels(unsigned path)
{
    static const struct scrypt_kernel none[SCRYPT_MAX_KERNELS];

    (void)path;
    return none;
}

bool scrypt_path_is_supported(enum scrypt_path path)
{
    return path == SCRYPT_OPENSSL;
}
