/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_parts.h"

#include "codec/base64.h"
#include "codec/json_read.h"
#include "crypto/algorithms.h"
#include "crypto/equal.h"
#include "crypto/secret.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

const struct key_rsa_member key_rsa_members[KEY_RSA_MEMBERS] = {
    {SLICE_INIT("e"), OSSL_PKEY_PARAM_RSA_E},
    {SLICE_INIT("n"), OSSL_PKEY_PARAM_RSA_N},
    {SLICE_INIT("d"), OSSL_PKEY_PARAM_RSA_D},
    {SLICE_INIT("p"), OSSL_PKEY_PARAM_RSA_FACTOR1},
    {SLICE_INIT("q"), OSSL_PKEY_PARAM_RSA_FACTOR2},
    {SLICE_INIT("dp"), OSSL_PKEY_PARAM_RSA_EXPONENT1},
    {SLICE_INIT("dq"), OSSL_PKEY_PARAM_RSA_EXPONENT2},
    {SLICE_INIT("qi"), OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};

/* SEC 1 section 2.3.3: both coordinates follow. */
#define UNCOMPRESSED 4

/* What a JWK is turned into on its way to OpenSSL. */
struct building {
    struct arena arena;
    OSSL_PARAM_BLD *builder;
    BIGNUM *numbers[KEY_RSA_MEMBERS]; /* the builder only borrows them */
    size_t count;
};

static void building_release(struct building *building)
{
    for (size_t i = 0; i < building->count; i++) {
        BN_clear_free(building->numbers[i]);
    }
    OSSL_PARAM_BLD_free(building->builder);
    arena_release(&building->arena);
}

static enum status building_init(struct building *building)
{
    *building = (struct building){.builder = OSSL_PARAM_BLD_new()};
    arena_init(&building->arena, KEY_TEXT_LIMIT);
    return building->builder == NULL ? crypto_failure(STATUS_NO_MEMORY)
                                     : STATUS_OK;
}

/* The bytes of a member, of exactly `len` unless that is 0. */
static enum status member_bytes(struct building *building,
                                const struct json *jwk, struct slice name,
                                size_t len, struct slice *out)
{
    struct slice text;
    enum status status;

    TRY(json_text(json_get(jwk, name), &text));
    /* Twice the bytes of the largest number, before anything is copied. */
    if (text.len > (size_t)2 * KEY_RSA_MAX_BITS / 8) {
        return STATUS_INVALID_VALUE;
    }
    status = base64url_decode(&building->arena, text, out);
    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_INVALID_VALUE;
    }
    return out->len == 0 || (len != 0 && out->len != len) ? STATUS_INVALID_VALUE
                                                          : STATUS_OK;
}

static enum status push_number(struct building *building, const char *parameter,
                               struct slice bytes)
{
    BIGNUM *number =
        BN_bin2bn((const unsigned char *)bytes.ptr, (int)bytes.len, NULL);

    secret_wipe((void *)bytes.ptr, bytes.len);
    if (number == NULL) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    building->numbers[building->count++] = number;
    if (OSSL_PARAM_BLD_push_BN(building->builder, parameter, number) != 1) {
        return crypto_failure(STATUS_INVALID_VALUE);
    }
    return STATUS_OK;
}

static void free_pkey_context(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

static enum status build(struct building *building, const char *type,
                         bool is_private, EVP_PKEY **out)
{
    int selection = is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    CLEANUP(free_pkey_context)
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(building->builder);
    EVP_PKEY *pkey = NULL;

    if (context == NULL || params == NULL ||
        EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &pkey, selection, params) != 1) {
        pkey = NULL;
    }
    OSSL_PARAM_free(params);
    if (pkey == NULL) {
        return crypto_failure(STATUS_INVALID_VALUE);
    }
    *out = pkey;
    return STATUS_OK;
}

/* RFC 7518 section 6.3; a private key must come with its factors. */
static enum status read_rsa(const struct json *jwk, bool is_private,
                            EVP_PKEY **out)
{
    CLEANUP(building_release) struct building building;
    size_t count = is_private ? KEY_RSA_MEMBERS : KEY_RSA_PUBLIC;

    TRY(building_init(&building));
    for (size_t i = 0; i < count; i++) {
        struct slice bytes;

        TRY(member_bytes(&building, jwk, key_rsa_members[i].name, 0, &bytes));
        if (bytes.len > KEY_RSA_MAX_BITS / 8) {
            return STATUS_INVALID_VALUE;
        }
        TRY(push_number(&building, key_rsa_members[i].parameter, bytes));
    }
    return build(&building, "RSA", is_private, out);
}

static bool curve_is(const struct json *jwk, struct slice name)
{
    struct slice curve;

    return json_text(json_get(jwk, SLICE("crv")), &curve) == STATUS_OK &&
           slice_equal(curve, name);
}

/* RFC 7518 section 6.2: coordinates have their full length. */
static enum status read_ec(const struct json *jwk, bool is_private,
                           EVP_PKEY **out)
{
    CLEANUP(building_release) struct building building;
    unsigned char point[1 + 2 * EC_NUMBER_BYTES] = {UNCOMPRESSED};
    struct slice x;
    struct slice y;
    struct slice d;

    TRY(building_init(&building));
    if (!curve_is(jwk, SLICE("P-256"))) {
        return STATUS_INVALID_VALUE;
    }
    TRY(member_bytes(&building, jwk, SLICE("x"), EC_NUMBER_BYTES, &x));
    TRY(member_bytes(&building, jwk, SLICE("y"), EC_NUMBER_BYTES, &y));
    memcpy(point + 1, x.ptr, EC_NUMBER_BYTES);
    memcpy(point + 1 + EC_NUMBER_BYTES, y.ptr, EC_NUMBER_BYTES);
    if (OSSL_PARAM_BLD_push_utf8_string(building.builder,
                                        OSSL_PKEY_PARAM_GROUP_NAME,
                                        "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(building.builder,
                                         OSSL_PKEY_PARAM_PUB_KEY, point,
                                         sizeof(point)) != 1) {
        return crypto_failure(STATUS_NO_MEMORY);
    }
    if (is_private) {
        TRY(member_bytes(&building, jwk, SLICE("d"), EC_NUMBER_BYTES, &d));
        TRY(push_number(&building, OSSL_PKEY_PARAM_PRIV_KEY, d));
    }
    return build(&building, "EC", is_private, out);
}

/* RFC 8037 section 2. OpenSSL derives the public half and never compares. */
static enum status read_okp(const struct json *jwk, bool is_private,
                            EVP_PKEY **out)
{
    CLEANUP(building_release) struct building building;
    unsigned char derived[ED25519_BYTES];
    size_t len = sizeof(derived);
    struct slice x;
    struct slice d;

    TRY(building_init(&building));
    if (!curve_is(jwk, SLICE("Ed25519"))) {
        return STATUS_INVALID_VALUE;
    }
    TRY(member_bytes(&building, jwk, SLICE("x"), ED25519_BYTES, &x));
    if (!is_private) {
        *out = EVP_PKEY_new_raw_public_key_ex(
            NULL, "ED25519", NULL, (const unsigned char *)x.ptr, x.len);
        return STATUS_OK;
    }
    TRY(member_bytes(&building, jwk, SLICE("d"), ED25519_BYTES, &d));
    *out = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL,
                                           (const unsigned char *)d.ptr, d.len);
    secret_wipe((void *)d.ptr, d.len);
    if (*out == NULL || EVP_PKEY_get_raw_public_key(*out, derived, &len) != 1 ||
        !equal_in_constant_time(slice_make(derived, len), x)) {
        EVP_PKEY_free(*out);
        return crypto_failure(STATUS_INVALID_VALUE);
    }
    return STATUS_OK;
}

/* A member that may be absent, but not be anything else. */
static bool is_absent_or(const struct json *jwk, struct slice name,
                         struct slice value)
{
    const struct json *member = json_get(jwk, name);
    struct slice text;

    return member == NULL ||
           (json_text(member, &text) == STATUS_OK && slice_equal(text, value));
}

/* RFC 7517 section 4.3: what the key may be used for, when it says so. */
static bool may_be_used(const struct json *jwk)
{
    const struct json *uses = json_get(jwk, SLICE("key_ops"));
    struct slice use;

    for (size_t i = 0; i < json_count(uses); i++) {
        if (json_text(json_at(uses, i), &use) == STATUS_OK &&
            (slice_equal(use, SLICE("verify")) ||
             slice_equal(use, SLICE("sign")))) {
            return true;
        }
    }
    return uses == NULL;
}

static enum status read_by_type(const struct json *jwk, bool is_private,
                                EVP_PKEY **out)
{
    struct slice type;

    TRY(json_text(json_get(jwk, SLICE("kty")), &type));
    if (slice_equal(type, SLICE("RSA")) &&
        is_absent_or(jwk, SLICE("alg"), SLICE("RS256"))) {
        return read_rsa(jwk, is_private, out);
    }
    if (slice_equal(type, SLICE("EC")) &&
        is_absent_or(jwk, SLICE("alg"), SLICE("ES256"))) {
        return read_ec(jwk, is_private, out);
    }
    if (slice_equal(type, SLICE("OKP")) &&
        is_absent_or(jwk, SLICE("alg"), SLICE("EdDSA"))) {
        return read_okp(jwk, is_private, out);
    }
    return STATUS_INVALID_VALUE;
}

enum status key_from_jwk(const struct json *jwk, struct slice id,
                         struct key **out)
{
    const struct json *kid = json_get(jwk, SLICE("kid"));
    bool is_private = json_get(jwk, SLICE("d")) != NULL;
    EVP_PKEY *pkey = NULL;

    if (!is_absent_or(jwk, SLICE("use"), SLICE("sig")) || !may_be_used(jwk)) {
        return STATUS_INVALID_VALUE;
    }
    if (id.len == 0 && kid != NULL) {
        TRY(json_text(kid, &id));
    }
    TRY(read_by_type(jwk, is_private, &pkey));
    return key_take(pkey, is_private, id, out);
}
