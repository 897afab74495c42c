/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AUTH_MODE: what the settings mean where another Better Auth service keeps
 * the accounts. BETTER_AUTH_URL is then that service's address, and the first
 * of FRONTEND_URL is ours.
 */
#ifndef APP_EXTERNAL_H
#define APP_EXTERNAL_H

#include "app/config.h"
#include "http/origin.h"

struct auth;
struct client;

bool external_is_on(const struct config *config);

/* What we are called by; empty in development. */
struct slice external_public_url(const struct config *config);
/* AUTH_PLUGINS, which names the service's own; without it the usual ones. */
struct slice external_plugins(const struct config *config);
/* Whose pages may call: ours, the service's, and those of FRONTEND_URL. */
MUST_USE enum status external_origins(const struct config *config,
                                      uint16_t port, struct arena *arena,
                                      struct origin_settings *out);

/* Settings that do not go together: *why is one line for the operator. */
MUST_USE enum status external_suits(const struct config *config,
                                    struct slice *why);

/*
 * auth->remote, for as long as the arena; NULL when accounts are kept here. To
 * be closed when it failed, too. The client outlives it.
 */
MUST_USE enum status external_open(const struct config *config, bool has_tokens,
                                   struct client *client, struct arena *arena,
                                   struct auth *auth);
/* After the loops stopped and before they are freed. */
void external_close(struct auth *auth);

#endif
