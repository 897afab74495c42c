/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files that make, read, write and use a struct key share. For this
 * folder's key_*.c only.
 */
#ifndef CRYPTO_KEY_PARTS_H
#define CRYPTO_KEY_PARTS_H

#include "crypto/key.h"

#include <openssl/evp.h>

#define EC_NUMBER_BYTES 32
#define ED25519_BYTES   32

struct key {
    enum key_algorithm algorithm;
    bool is_private;
    EVP_PKEY *pkey;
    /* Ready to go, and only ever duplicated; `signing` NULL in public keys. */
    EVP_MD_CTX *verifying;
    EVP_MD_CTX *signing;
    size_t id_len;
    char id[KEY_ID_LIMIT];
};

/* A member of an RSA JWK and OpenSSL's name for it. */
struct key_rsa_member {
    struct slice name;
    const char *parameter;
};

#define KEY_RSA_PUBLIC  2
#define KEY_RSA_MEMBERS 8
/* The public ones first. */
extern const struct key_rsa_member key_rsa_members[KEY_RSA_MEMBERS];

/*
 * The one door into being: checks everything key.h promises. Takes `pkey` in
 * any case; NULL is OpenSSL's refusal to make it.
 */
MUST_USE enum status key_take(EVP_PKEY *pkey, bool is_private, struct slice id,
                              struct key **out);

/* Whether the modulus has the mark of CVE-2017-15361. */
bool key_rsa_is_weak(const EVP_PKEY *pkey);

#endif
