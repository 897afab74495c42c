/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_parts.h"

#include "base/mem.h"
#include "codec/base64.h"
#include "crypto/algorithms.h"
#include "crypto/digest.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>

enum key_algorithm key_algorithm(const struct key *key)
{
    return key->algorithm;
}

struct slice key_algorithm_name(const struct key *key)
{
    static const struct slice names[] = {
        [KEY_RS256] = SLICE_INIT("RS256"),
        [KEY_ES256] = SLICE_INIT("ES256"),
        [KEY_EDDSA] = SLICE_INIT("EdDSA"),
    };

    return names[key->algorithm];
}

struct slice key_id(const struct key *key)
{
    return slice_make(key->id, key->id_len);
}

bool key_is_private(const struct key *key)
{
    return key->is_private;
}

void key_free(struct key *key)
{
    if (key != NULL) {
        EVP_MD_CTX_free(key->signing);
        EVP_MD_CTX_free(key->verifying);
        EVP_PKEY_free(key->pkey);
        mem_free(key);
    }
}

static void free_number(BIGNUM **number)
{
    BN_free(*number);
}

static bool rsa_is_acceptable(const EVP_PKEY *pkey)
{
    CLEANUP(free_number) BIGNUM *e = NULL;
    int bits = EVP_PKEY_get_bits(pkey);

    if (bits < KEY_RSA_MIN_BITS || bits > KEY_RSA_MAX_BITS ||
        EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e) != 1) {
        return false;
    }
    /* FIPS 186-5 asks for more than 2^16; a long one only wastes time. */
    return BN_is_odd(e) && BN_num_bits(e) > 16 && BN_num_bits(e) <= 64 &&
           !key_rsa_is_weak(pkey);
}

static void free_pkey_context(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

static bool curve_is_acceptable(EVP_PKEY *pkey)
{
    CLEANUP(free_pkey_context) EVP_PKEY_CTX *context = NULL;
    char name[32];
    size_t len = 0;

    if (EVP_PKEY_get_group_name(pkey, name, sizeof(name), &len) != 1 ||
        strcmp(name, "prime256v1") != 0) {
        return false;
    }
    context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    return context != NULL && EVP_PKEY_public_check(context) == 1;
}

static bool find_algorithm(EVP_PKEY *pkey, enum key_algorithm *out)
{
    if (EVP_PKEY_is_a(pkey, "RSA")) {
        *out = KEY_RS256;
        return rsa_is_acceptable(pkey);
    }
    if (EVP_PKEY_is_a(pkey, "EC")) {
        *out = KEY_ES256;
        return curve_is_acceptable(pkey);
    }
    *out = KEY_EDDSA;
    return EVP_PKEY_is_a(pkey, "ED25519");
}

/* Ed25519 hashes by itself. */
static enum status prepare_contexts(struct key *key)
{
    const char *digest = key->algorithm == KEY_EDDSA ? NULL : "SHA2-256";

    key->verifying = EVP_MD_CTX_new();
    if (key->verifying == NULL ||
        EVP_DigestVerifyInit_ex(key->verifying, NULL, digest, NULL, NULL,
                                key->pkey, NULL) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    if (!key->is_private) {
        return STATUS_OK;
    }
    key->signing = EVP_MD_CTX_new();
    if (key->signing == NULL ||
        EVP_DigestSignInit_ex(key->signing, NULL, digest, NULL, NULL, key->pkey,
                              NULL) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    return STATUS_OK;
}

/* Signs and verifies: the halves fit, and cost no primality test. */
static enum status check_halves(const struct key *key, struct arena *arena)
{
    struct slice probe = SLICE("bookplate");
    struct slice signature;

    if (!key->is_private) {
        return STATUS_OK;
    }
    /* The arena's first piece, without which no key would seem to fit. */
    TRY_ALLOC(arena_alloc(arena, KEY_SIGNATURE_LIMIT));
    if (key_sign(key, probe, arena, &signature) != STATUS_OK ||
        key_verify(key, probe, signature) != STATUS_OK) {
        return crypto_failure(STATUS_INVALID_VALUE);
    }
    return STATUS_OK;
}

static enum status set_id(struct key *key, struct slice id, struct arena *arena)
{
    unsigned char digest[SHA256_BYTES];
    struct buf buf;
    struct slice jwk;

    if (id.len == 0) {
        /* The members are in the order RFC 7638 section 3 asks for. */
        TRY(key_public_jwk(key, arena, &jwk));
        TRY(digest_sha256(jwk, digest));
        buf_init(&buf, arena, KEY_ID_LIMIT);
        base64url_encode(&buf, slice_make(digest, sizeof(digest)));
        TRY(buf_finish(&buf, &id));
    }
    if (id.len > KEY_ID_LIMIT) {
        return STATUS_INVALID_VALUE;
    }
    memcpy(key->id, id.ptr, id.len);
    key->id_len = id.len;
    return STATUS_OK;
}

static enum status complete(struct key *key, struct slice id)
{
    CLEANUP(arena_release) struct arena arena;

    arena_init(&arena, 4 * KEY_TEXT_LIMIT);
    if (!find_algorithm(key->pkey, &key->algorithm)) {
        return crypto_failure(STATUS_INVALID_VALUE);
    }
    TRY(prepare_contexts(key));
    TRY(check_halves(key, &arena));
    return set_id(key, id, &arena);
}

enum status key_take(EVP_PKEY *pkey, bool is_private, struct slice id,
                     struct key **out)
{
    struct key *key;
    enum status status;

    if (pkey == NULL) {
        return crypto_failure(STATUS_INVALID_VALUE);
    }
    key = mem_alloc(sizeof(*key));
    if (key == NULL) {
        EVP_PKEY_free(pkey);
        return STATUS_NO_MEMORY;
    }
    key->pkey = pkey;
    key->is_private = is_private;
    status = complete(key, id);
    if (status != STATUS_OK) {
        key_free(key);
        return status;
    }
    *out = key;
    return STATUS_OK;
}

enum status key_generate_rsa(unsigned bits, struct slice id, struct key **out)
{
    if (bits < KEY_RSA_MIN_BITS || bits > KEY_RSA_MAX_BITS) {
        return STATUS_INVALID_VALUE;
    }
    return key_take(EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits), true,
                    id, out);
}

enum status key_generate(enum key_algorithm algorithm, struct slice id,
                         struct key **out)
{
    if (algorithm == KEY_RS256) {
        return key_generate_rsa(KEY_RSA_MIN_BITS, id, out);
    }
    if (algorithm == KEY_ES256) {
        return key_take(EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"), true, id,
                        out);
    }
    return key_take(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), true, id, out);
}
