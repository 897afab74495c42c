/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys for signatures: RS256, ES256 and EdDSA (Ed25519), parsed once. Parsing
 * costs a hundred times what verifying does.
 *
 * A key knows its one algorithm, so nothing a token says can choose another.
 * It is immutable and may be shared by all threads; its owner frees it when no
 * thread uses it any more. Refused: RSA under 2048 or over 8192 bits, with an
 * even or tiny exponent or of the weak family CVE-2017-15361; other curves;
 * points off the curve; private halves that do not fit the public ones.
 *
 * A key's id is what the caller says, else what the JWK says, else the SHA-256
 * thumbprint (RFC 7638).
 */
#ifndef CRYPTO_KEY_H
#define CRYPTO_KEY_H

#include "base/arena.h"

struct json;
struct json_writer;
struct key;
struct secret;

enum key_algorithm {
    KEY_RS256,
    KEY_ES256,
    KEY_EDDSA
};

#define KEY_RSA_MIN_BITS 2048
/* Verifying costs the square of it: here a quarter of a millisecond. */
#define KEY_RSA_MAX_BITS 8192
#define KEY_ID_LIMIT     ((size_t)128)
#define KEY_TEXT_LIMIT   ((size_t)16384)
/* The longest signature: RSA of KEY_RSA_MAX_BITS. */
#define KEY_SIGNATURE_LIMIT ((size_t)KEY_RSA_MAX_BITS / 8)

/* `id` empty: the thumbprint. An RSA key takes tens of milliseconds. */
MUST_USE enum status key_generate(enum key_algorithm algorithm, struct slice id,
                                  struct key **out);
MUST_USE enum status key_generate_rsa(unsigned bits, struct slice id,
                                      struct key **out);

/*
 * From "BEGIN PRIVATE KEY" (PKCS 8) or "BEGIN PUBLIC KEY"; from a JWK (RFC
 * 7517), private when it has "d". STATUS_INVALID_VALUE when refused.
 */
MUST_USE enum status key_from_pem(struct slice pem, struct slice id,
                                  struct key **out);
MUST_USE enum status key_from_jwk(const struct json *jwk, struct slice id,
                                  struct key **out);
/* NULL is allowed. */
void key_free(struct key *key);

enum key_algorithm key_algorithm(const struct key *key);
/* "RS256", "ES256" or "EdDSA". */
struct slice key_algorithm_name(const struct key *key);
/* Lives as long as the key. */
struct slice key_id(const struct key *key);
bool key_is_private(const struct key *key);

/* Of the public half. */
MUST_USE enum status key_public_pem(const struct key *key, struct arena *arena,
                                    struct slice *out);
/* {"kty":...} with the public members only, as the original stores it. */
MUST_USE enum status key_public_jwk(const struct key *key, struct arena *arena,
                                    struct slice *out);
/* STATUS_INVALID_VALUE when there is no private half. */
MUST_USE enum status key_private_pem(const struct key *key, struct secret *out);
MUST_USE enum status key_private_jwk(const struct key *key, struct secret *out);
/* One entry of a JWKS: "alg", the public members, "kid". */
MUST_USE enum status key_write_jwk(const struct key *key,
                                   struct json_writer *writer);

/*
 * Signatures as JWS has them (RFC 7518 section 3): ES256's is r and s, 32
 * bytes each. STATUS_INVALID_VALUE without a private half.
 */
MUST_USE enum status key_sign(const struct key *key, struct slice data,
                              struct arena *arena, struct slice *out);
/* STATUS_INVALID_TOKEN when the signature is not the data's. */
MUST_USE enum status key_verify(const struct key *key, struct slice data,
                                struct slice signature);

#endif
