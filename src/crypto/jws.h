/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Web Signatures in the compact form (RFC 7515 section 7.1).
 *
 * The key decides: its algorithm must be the one the header names, and no
 * header can bring a key along. A header with "crit", "b64", "jwk", "jku",
 * "x5u" or "x5c" is refused, as is any member given twice.
 *
 * A parsed token gives out its header, to find the key by; its payload only
 * comes from jws_verify. Results point into the token's text or the arena, and
 * live as long as both.
 */
#ifndef CRYPTO_JWS_H
#define CRYPTO_JWS_H

#include "base/arena.h"
#include "crypto/key.h"

/* What fits into a request's header fields. */
#define JWS_LIMIT ((size_t)16384)
/* Of the header once decoded; ours have 60 bytes. */
#define JWS_HEADER_LIMIT ((size_t)2048)

struct jws {
    struct slice key_id; /* empty when there is none */
    struct slice type;   /* likewise */
    struct slice algorithm;
    struct slice signed_text; /* header and payload, still encoded */
    struct slice payload_text;
    struct slice signature;
};

/* `type` empty: no "typ", as the original. */
MUST_USE enum status jws_sign(const struct key *key, struct slice type,
                              struct slice payload, struct arena *arena,
                              struct slice *out);

/* STATUS_INVALID_TOKEN for whatever is wrong, in jws_verify too. */
MUST_USE enum status jws_parse(struct slice token, struct arena *arena,
                               struct jws *out);
/* A token that names a key is refused by any other key. */
MUST_USE enum status jws_verify(const struct jws *jws, const struct key *key,
                                struct arena *arena, struct slice *payload);

#endif
