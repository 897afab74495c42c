/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What readers tell us, sealed before it is stored (crypto/seal.h): a copy of
 * the database, its log or a backup says nothing.
 *
 * The data keys are rows of bookplate_key, sealed in turn with the first of
 * DATA_KEYS (by default a key made of the secret, reader/master.h); the first
 * data key is made when there is none: exactly one, however many processes
 * start at once. The newest seals, all of them open. A vault reads the rows
 * when it meets a key it does not know, and before it seals when it has not
 * looked for five seconds: a rotation needs no restart.
 *
 * A value opens only where it was sealed: table, column and row are bound.
 * Sealed values are base64url text, fit for any column.
 *
 * Made at start, shared by all loops. Functions that take a call run in a
 * fiber and may park; what they give lives as long as the call's arena.
 */
#ifndef READER_VAULT_H
#define READER_VAULT_H

#include "auth/auth.h"
#include "reader/master.h"

struct vault;

/* The longest text; a profile's answers together are no longer. */
#define VAULT_TEXT_MAX ((size_t)262144)
/* How late a new data key is noticed by who seals. */
#define VAULT_FRESH_MS ((int64_t)5000)

/* Where a value stands: "bookplate_profile.answers", and the row's id. */
struct vault_place {
    struct slice column; /* a constant of ours */
    struct slice row;
};

struct vault_settings {
    struct store *store; /* outlives the vault */
    struct master_settings master;
    /* Only to see whether it could be opened: no first key is made. */
    bool look_only;
};

/*
 * Before loops run: it blocks. On failure *why is one line for the operator
 * that shows nothing of a key: STATUS_INVALID_VALUE for a wrong setting,
 * STATUS_UNREADABLE when there is a data key that no master key opens.
 */
MUST_USE enum status vault_new(const struct vault_settings *settings,
                               struct arena *arena, struct slice *why,
                               struct vault **out);
/* Wipes; after the loops stopped. NULL is allowed. */
void vault_free(struct vault *vault);

/*
 * Its key_id goes into the row beside the value. Write at once: a key that
 * seals nothing is taken away an hour after the next one was made.
 */
struct vault_sealed {
    struct slice text;
    int64_t key_id;
};
MUST_USE enum status vault_seal(struct vault *vault,
                                const struct auth_call *call,
                                const struct vault_place *place,
                                struct slice text, struct vault_sealed *out);
/* STATUS_UNREADABLE when it was changed or moved, or its key is not here. */
MUST_USE enum status vault_open(struct vault *vault,
                                const struct auth_call *call,
                                const struct vault_place *place,
                                struct slice sealed, struct slice *out);

/* For who lists and rotates keys; the second reads the rows now. */
const struct master *vault_master(const struct vault *vault);
MUST_USE enum status vault_refresh(struct vault *vault);

#endif
