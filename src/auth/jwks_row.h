/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row of the table jwks and the key it holds, in the original's form: the
 * public half as a JWK in JSON, the private half as a JSON text that holds the
 * sealed JWK (auth/secrets.h), or as the bare JWK where an operator of the
 * original turned sealing off.
 *
 * What is wrong with a row is STATUS_UNREADABLE: it is damaged, its secret is
 * not here, or it is of an algorithm that is not ours. A key is only given out
 * when both halves of the row belong together.
 *
 * Texts live as long as the arena; a key is the caller's to free.
 */
#ifndef AUTH_JWKS_ROW_H
#define AUTH_JWKS_ROW_H

#include "crypto/key.h"

struct json_writer;
struct secrets;

/* Of either half; four times that of the largest key we take. */
#define JWKS_ROW_TEXT_LIMIT ((size_t)65536)

struct jwks_row {
    struct slice id; /* becomes the key's */
    struct slice public_key;
    struct slice private_key;
    struct slice algorithm; /* "RS256"; empty for NULL, in very old rows */
    struct slice curve;     /* "P-256", "Ed25519"; empty for NULL, with RSA */
};

/* A new key, without an id. RSA takes tens of milliseconds: not on a loop. */
MUST_USE enum status jwks_row_make(const struct secrets *secrets,
                                   enum key_algorithm algorithm,
                                   struct arena *arena, struct jwks_row *out);

/* With its private half. */
MUST_USE enum status jwks_row_open(const struct secrets *secrets,
                                   const struct jwks_row *row,
                                   struct arena *arena, struct key **out);
/* Needs no secret. */
MUST_USE enum status jwks_row_open_public(const struct jwks_row *row,
                                          struct arena *arena,
                                          struct key **out);

/*
 * One entry of the key set, its members in the original's order. Of any
 * algorithm, since the original may sign with what we cannot.
 */
MUST_USE enum status jwks_row_write(const struct jwks_row *row,
                                    struct arena *arena,
                                    struct json_writer *writer);

/*
 * The private half under the newest secret. *changed is false when it is
 * already, or was never sealed.
 */
MUST_USE enum status jwks_row_seal_anew(const struct secrets *secrets,
                                        const struct jwks_row *row,
                                        struct arena *arena, bool *changed,
                                        struct slice *private_key);

#endif
