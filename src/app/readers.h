/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From settings to what the book knows of its readers: the questionnaire,
 * the vault, and the manual of the plain API. Made once, after the accounts and
 * before the loops run.
 */
#ifndef APP_READERS_H
#define APP_READERS_H

#include "api/api.h"
#include "app/config.h"

struct readers;

/*
 * api->reader and api->manual, which end with *out; api->better_auth is there.
 * On failure *why is one line for the operator, and lives until *out is
 * closed, as it must be then too.
 */
MUST_USE enum status readers_open(const struct config *config, struct api *api,
                                  struct slice *why, struct readers **out);
/* After the loops stopped, before the accounts are closed. NULL is allowed. */
void readers_close(struct readers *readers);

#endif
