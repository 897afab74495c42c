/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command "migrate": makes the tables and columns the database lacks, and
 * says what it did, a line each.
 *
 * Never drops or changes anything. With `dry_run` it writes nothing and says
 * what it would do.
 */
#ifndef APP_MIGRATE_H
#define APP_MIGRATE_H

#include "app/config.h"
#include "app/exit.h"

enum exit_code migrate(const struct config *config, bool dry_run);

#endif
