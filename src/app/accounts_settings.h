/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings of accounts in the form their floors want them. Pure, but for
 * the table of limits that accounts_limits makes.
 */
#ifndef APP_ACCOUNTS_SETTINGS_H
#define APP_ACCOUNTS_SETTINGS_H

#include "api/better_auth/better_auth.h"
#include "app/config.h"

/* settings and base_url. */
MUST_USE enum status accounts_settings(const struct config *config,
                                       uint16_t port, struct arena *arena,
                                       struct auth *out);
/* Cookies, plugins, disabled paths, who is trusted. */
MUST_USE enum status accounts_kit(const struct config *config, uint16_t port,
                                  struct arena *arena, struct slice *why,
                                  struct better_auth *out);
/* limiter and limits. */
MUST_USE enum status accounts_limits(const struct config *config,
                                     struct arena *arena, struct slice *why,
                                     struct better_auth *out);
void accounts_limits_release(struct better_auth *kit);

#endif
