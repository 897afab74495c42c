/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Web Encryption in the compact form (RFC 7516 section 7.1), of one kind:
 * a shared key used directly ("dir") with A256CBC-HS512, which is what the
 * original writes.
 *
 * The header chooses nothing but among our own keys: another "alg" or "enc", a
 * "zip", a "crit", a member given twice or a key that was sent along are
 * refused. Results live as long as the arena, and as the token's text.
 */
#ifndef CRYPTO_JWE_H
#define CRYPTO_JWE_H

#include "crypto/aes_cbc_hs512.h"

/* What fits into a request's header fields. */
#define JWE_LIMIT ((size_t)16384)
/* Of the header once decoded; ours have 90 bytes. */
#define JWE_HEADER_LIMIT ((size_t)1024)
#define JWE_KEY_ID_LEN   ((size_t)43)

struct jwe_key {
    unsigned char bytes[AES_CBC_HS512_KEY_BYTES];
    char id[JWE_KEY_ID_LEN]; /* the thumbprint (RFC 7638), in base64url */
};

struct jwe {
    struct slice key_id;      /* empty when there is none */
    struct slice header_text; /* still encoded: what is authenticated */
    struct slice iv;
    struct slice sealed; /* ciphertext and tag */
};

/* `key->bytes` are there already. */
MUST_USE enum status jwe_key_name(struct jwe_key *key);
/* Wipes; fits CLEANUP(). */
void jwe_key_release(struct jwe_key *key);

MUST_USE enum status jwe_make(const struct jwe_key *key, struct slice payload,
                              struct arena *arena, struct slice *out);

/* STATUS_INVALID_TOKEN for whatever is wrong, in jwe_open too. */
MUST_USE enum status jwe_parse(struct slice token, struct arena *arena,
                               struct jwe *out);
/* A token that names a key is refused by any other key. */
MUST_USE enum status jwe_open(const struct jwe *jwe, const struct jwe_key *key,
                              struct arena *arena, struct slice *payload);

#endif
