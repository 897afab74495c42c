/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What readers tell us, sealed before it is stored (crypto/seal.h): a copy of
 * the database, its log or a backup says nothing.
 *
 * The data keys are rows of bookplate_key, sealed in turn with the first of
 * DATA_KEYS (by default a key made of the secret); the first data key is made
 * when there is none. The newest seals, all of them open. A vault reads the
 * rows when it meets a key it does not know, and before it seals when it has
 * not looked for five seconds: a rotation needs no restart.
 *
 * A value opens only where it was sealed: table, column and row are bound.
 * Sealed values are base64url text, fit for any column.
 */
#ifndef READER_VAULT_H
#define READER_VAULT_H

#include "auth/auth.h"

struct vault;

/* The longest text; a profile's answers together are no longer. */
#define VAULT_TEXT_MAX ((size_t)262144)

/* Where a value stands: "bookplate_profile.answers", and the row's id. */
struct vault_place {
    struct slice column;
    struct slice row;
};

/* For settings see vault_settings below; *why is one line for the operator. */
struct vault_settings {
    struct store *store;
    struct slice data_keys; /* DATA_KEYS: "2:KEY,1:KEY", newest first */
    /* The secrets' own list and single one, for the default. */
    struct slice secrets;
    struct slice secret;
};

MUST_USE enum status vault_new(const struct vault_settings *settings,
                               struct arena *arena, struct slice *why,
                               struct vault **out);
/* Wipes. NULL is allowed. */
void vault_free(struct vault *vault);

/* *key_id goes into the row beside the value. */
MUST_USE enum status vault_seal(struct vault *vault,
                                const struct auth_call *call,
                                const struct vault_place *place,
                                struct slice text, struct slice *out,
                                int64_t *key_id);
/* STATUS_UNREADABLE when it was changed or moved, or its key is not here. */
MUST_USE enum status vault_open(struct vault *vault,
                                const struct auth_call *call,
                                const struct vault_place *place,
                                struct slice sealed, struct slice *out);

#endif
