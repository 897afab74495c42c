/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the settings to the secrets and what is made of them, for the server and
 * the commands alike. On failure *why is one line that names the setting and
 * shows nothing of a secret.
 */
#ifndef APP_KEYS_OPEN_H
#define APP_KEYS_OPEN_H

#include "app/config.h"
#include "audit/pseudonym.h"
#include "auth/keys.h"
#include "auth/secrets.h"
#include "reader/vault.h"

/* The caller frees what it gets. */
MUST_USE enum status keys_open_secrets(const struct config *config,
                                       struct arena *arena, struct slice *why,
                                       struct secrets **out);

/* Of the audit's pseudonyms; the caller frees them. */
MUST_USE enum status keys_open_names(const struct config *config,
                                     struct arena *arena, struct slice *why,
                                     struct audit_names **out);

/* The keys that tokens are signed with; `issuer` and secrets outlive them. */
MUST_USE enum status keys_open_signing(const struct config *config,
                                       const struct secrets *secrets,
                                       struct slice issuer, struct keys **out);

/* As vault_new; the caller frees it. */
MUST_USE enum status keys_open_vault(const struct config *config,
                                     struct store *store, struct arena *arena,
                                     struct slice *why, struct vault **out);
/* Makes no first key: for who only looks. */
MUST_USE enum status keys_look_at_vault(const struct config *config,
                                        struct store *store,
                                        struct arena *arena, struct slice *why,
                                        struct vault **out);

#endif
