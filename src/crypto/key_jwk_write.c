/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_parts.h"

#include "codec/base64.h"
#include "codec/json_write.h"
#include "crypto/algorithms.h"
#include "crypto/secret.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>

/* Fits the private JWK of an RSA key of KEY_RSA_MAX_BITS, with room. */
#define JWK_LIMIT 8192

/* One member's value, as bytes and as base64url. */
struct writing {
    struct json_writer *json;
    unsigned char bytes[KEY_RSA_MAX_BITS / 8];
    char text[2 * KEY_RSA_MAX_BITS / 8];
};

static void writing_release(struct writing *writing)
{
    secret_wipe(writing->bytes, sizeof(writing->bytes));
    secret_wipe(writing->text, sizeof(writing->text));
}

static enum status write_bytes(struct writing *writing, struct slice name,
                               size_t len)
{
    /* A buf over our own bytes never asks the arena. */
    struct buf buf = {.bytes = writing->text,
                      .capacity = sizeof(writing->text),
                      .limit = sizeof(writing->text)};
    struct slice text;

    base64url_encode(&buf, slice_make(writing->bytes, len));
    TRY(buf_finish(&buf, &text));
    json_write_name(writing->json, name);
    json_write_text(writing->json, text);
    return STATUS_OK;
}

/* A number in its fewest bytes, or in `width` of them when that is not 0. */
static enum status write_number(struct writing *writing, const struct key *key,
                                struct slice name, const char *parameter,
                                int width)
{
    BIGNUM *number = NULL;
    int len;

    if (EVP_PKEY_get_bn_param(key->pkey, parameter, &number) != 1) {
        return crypto_failure(STATUS_INTERNAL);
    }
    len = width == 0 ? BN_num_bytes(number) : width;
    if (len > (int)sizeof(writing->bytes) ||
        BN_bn2binpad(number, writing->bytes, len) != len) {
        BN_clear_free(number);
        return crypto_failure(STATUS_INTERNAL);
    }
    BN_clear_free(number);
    return write_bytes(writing, name, (size_t)len);
}

static void write_pair(struct writing *writing, struct slice name,
                       struct slice value)
{
    json_write_name(writing->json, name);
    json_write_text(writing->json, value);
}

/* Members stand in the order of their names, for the thumbprint's sake. */
static enum status write_rsa(struct writing *writing, const struct key *key,
                             bool with_private)
{
    size_t count = with_private ? KEY_RSA_MEMBERS : KEY_RSA_PUBLIC;

    for (size_t i = 0; i < count; i++) {
        const struct key_rsa_member *member = &key_rsa_members[i];

        TRY(write_number(writing, key, member->name, member->parameter, 0));
        if (i == 0) {
            write_pair(writing, SLICE("kty"), SLICE("RSA"));
        }
    }
    return STATUS_OK;
}

static enum status write_ec(struct writing *writing, const struct key *key,
                            bool with_private)
{
    write_pair(writing, SLICE("crv"), SLICE("P-256"));
    write_pair(writing, SLICE("kty"), SLICE("EC"));
    TRY(write_number(writing, key, SLICE("x"), OSSL_PKEY_PARAM_EC_PUB_X,
                     EC_NUMBER_BYTES));
    TRY(write_number(writing, key, SLICE("y"), OSSL_PKEY_PARAM_EC_PUB_Y,
                     EC_NUMBER_BYTES));
    if (!with_private) {
        return STATUS_OK;
    }
    return write_number(writing, key, SLICE("d"), OSSL_PKEY_PARAM_PRIV_KEY,
                        EC_NUMBER_BYTES);
}

static enum status write_okp(struct writing *writing, const struct key *key,
                             bool with_private)
{
    size_t len = sizeof(writing->bytes);

    write_pair(writing, SLICE("crv"), SLICE("Ed25519"));
    write_pair(writing, SLICE("kty"), SLICE("OKP"));
    if (EVP_PKEY_get_raw_public_key(key->pkey, writing->bytes, &len) != 1) {
        return crypto_failure(STATUS_INTERNAL);
    }
    TRY(write_bytes(writing, SLICE("x"), len));
    if (!with_private) {
        return STATUS_OK;
    }
    len = sizeof(writing->bytes);
    if (EVP_PKEY_get_raw_private_key(key->pkey, writing->bytes, &len) != 1) {
        return crypto_failure(STATUS_INTERNAL);
    }
    return write_bytes(writing, SLICE("d"), len);
}

static enum status write_members(const struct key *key, bool with_private,
                                 struct json_writer *json)
{
    CLEANUP(writing_release) struct writing writing;

    writing.json = json;
    if (key->algorithm == KEY_RS256) {
        return write_rsa(&writing, key, with_private);
    }
    if (key->algorithm == KEY_ES256) {
        return write_ec(&writing, key, with_private);
    }
    return write_okp(&writing, key, with_private);
}

static enum status write_object(const struct key *key, bool with_private,
                                struct buf *buf, struct slice *out)
{
    struct json_writer json;

    json_writer_init(&json, buf);
    json_write_object(&json);
    TRY(write_members(key, with_private, &json));
    json_write_end(&json);
    return json_write_finish(&json, out);
}

enum status key_public_jwk(const struct key *key, struct arena *arena,
                           struct slice *out)
{
    struct buf buf;

    buf_init(&buf, arena, JWK_LIMIT);
    return write_object(key, false, &buf, out);
}

enum status key_private_jwk(const struct key *key, struct secret *out)
{
    char bytes[JWK_LIMIT];
    struct buf buf = {
        .bytes = bytes, .capacity = sizeof(bytes), .limit = sizeof(bytes)};
    struct slice text = SLICE_EMPTY;
    enum status status;

    if (!key->is_private) {
        return STATUS_INVALID_VALUE;
    }
    status = write_object(key, true, &buf, &text);
    if (status == STATUS_OK) {
        status = secret_dup(text, out);
    }
    secret_wipe(bytes, sizeof(bytes));
    return status;
}

enum status key_write_jwk(const struct key *key, struct json_writer *writer)
{
    json_write_object(writer);
    json_write_name(writer, SLICE("alg"));
    json_write_text(writer, key_algorithm_name(key));
    TRY(write_members(key, false, writer));
    json_write_name(writer, SLICE("kid"));
    json_write_text(writer, key_id(key));
    json_write_end(writer);
    return STATUS_OK;
}
