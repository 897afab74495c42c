/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_parts.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>

/*
 * CVE-2017-15361: a widespread chip made primes that are powers of 65537
 * modulo many small primes, and so are their products, which can be factored.
 * A modulus of another origin passes all of these by chance once in 2^27.
 */
static const unsigned char small_primes[] = {
    11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157};

static bool is_power_of_65537(unsigned residue, unsigned prime)
{
    unsigned power = 1;

    for (unsigned i = 0; i < prime; i++) {
        if (power == residue) {
            return true;
        }
        power = power * (65537 % prime) % prime;
    }
    return false;
}

bool key_rsa_is_weak(const EVP_PKEY *pkey)
{
    BIGNUM *n = NULL;
    bool weak = true;

    if (EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) != 1) {
        return true;
    }
    for (size_t i = 0; i < sizeof(small_primes) && weak; i++) {
        unsigned prime = small_primes[i];

        weak = is_power_of_65537((unsigned)BN_mod_word(n, prime), prime);
    }
    BN_free(n);
    return weak;
}
