/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The secrets of the settings and the keys made of them: what signs cookies
 * and mailed links, and what private keys are stored under.
 *
 * The newest secret signs; any of them verifies and opens, so that changing
 * the secret signs nobody out (the original forgets everybody). The raw text
 * of a secret is not kept.
 *
 * Immutable once made, so threads may share one; a copy for each loop is
 * faster (crypto/hmac.h).
 */
#ifndef AUTH_SECRETS_H
#define AUTH_SECRETS_H

#include "crypto/envelope.h"
#include "crypto/hmac.h"
#include "crypto/jwe.h"

/* A forged cookie costs one HMAC a secret. */
#define SECRETS_MAX 16
/* Of one secret; 190 bits when it is of letters and digits. */
#define SECRETS_VALUE_MIN ((size_t)32)
/* The largest integer JavaScript keeps exactly. */
#define SECRETS_VERSION_MAX (((uint64_t)1 << 53) - 1)

/* Either may be empty, not both. */
struct secrets_settings {
    struct slice list;   /* BETTER_AUTH_SECRETS: "2:newest,1:older" */
    struct slice single; /* BETTER_AUTH_SECRET: the oldest beside a list */
};

/* What is wrong with them, in words that show no part of a secret. */
struct secrets_problem {
    size_t entry; /* of the list, from 1; 0: the single one */
    struct slice text;
};

struct secrets_key {
    bool is_versioned; /* from the list */
    uint64_t version;
    struct hmac_key *hmac;
    struct envelope_key envelope;
    struct jwe_key session_cache; /* of the cookie in the form jwe */
};

struct secrets {
    size_t count; /* at least 1 */
    struct secrets_key keys[SECRETS_MAX];
};

/*
 * STATUS_INVALID_VALUE, and *problem filled, for a list that cannot be read, a
 * version given twice, a secret that is short or is the original's published
 * default, or none at all.
 */
MUST_USE enum status secrets_new(const struct secrets_settings *settings,
                                 struct secrets_problem *problem,
                                 struct secrets **out);
/* Wipes. NULL is allowed. */
void secrets_free(struct secrets *secrets);

/* HMAC-SHA-256 under the newest. */
MUST_USE enum status secrets_sign(const struct secrets *secrets,
                                  struct slice data,
                                  unsigned char out[HMAC_BYTES]);
/* STATUS_INVALID_TOKEN when `mac` is none of theirs. */
MUST_USE enum status secrets_verify(const struct secrets *secrets,
                                    struct slice data, struct slice mac);

/*
 * What is stored encrypted, in the original's form: with a list
 * "$ba$VERSION$HEX", without one only the hexadecimal digits.
 */
MUST_USE enum status secrets_seal(const struct secrets *secrets,
                                  struct slice text, struct arena *arena,
                                  struct slice *out);
/* STATUS_UNREADABLE when it was changed, or its secret is not here. */
MUST_USE enum status secrets_open(const struct secrets *secrets,
                                  struct slice sealed, struct arena *arena,
                                  struct slice *out);
/* Whether secrets_seal would write it under the same version today. */
bool secrets_seal_is_current(const struct secrets *secrets,
                             struct slice sealed);

#endif
