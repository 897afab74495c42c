/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command "check": what the settings come to, and whether this server
 * could work with the database they name.
 *
 * Writes nothing: an SQLite file that is not there is not made.
 */
#ifndef APP_CHECK_H
#define APP_CHECK_H

#include "app/config.h"
#include "app/exit.h"

/* EXIT_CODE_FAILED when a line of the report says "problem". */
enum exit_code check(const struct config *config);

#endif
