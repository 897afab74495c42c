/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command "serve": starts the workers, says so, and minds the signals.
 *
 * SIGTERM, SIGINT: drain, for at most DRAIN_TIMEOUT; a second one stops at
 * once. SIGHUP: settings and book are read again; where they are wrong the
 * old ones stay in force.
 */
#ifndef APP_SERVE_H
#define APP_SERVE_H

#include "app/config.h"
#include "app/exit.h"

/* `inputs`: where the settings came from, to read them again. */
enum exit_code serve(const struct config *config,
                     const struct config_inputs *inputs);

#endif
