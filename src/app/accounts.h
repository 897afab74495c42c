/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From settings to everything /api/auth needs, the database included. Made
 * once, before the loops run; a reload does not change it.
 */
#ifndef APP_ACCOUNTS_H
#define APP_ACCOUNTS_H

#include "api/api.h"
#include "app/config.h"

struct accounts;
struct loop;

/*
 * `port` is the one listened on: links lead there while there is no public
 * URL. On failure *why is one line for the operator, and lives until *out is
 * closed, as it must be then too.
 */
MUST_USE enum status accounts_open(const struct config *config, uint16_t port,
                                   struct api *api, struct slice *why,
                                   struct accounts **out);
/* What runs by itself, on a loop that runs; any thread may say so. */
void accounts_start(struct accounts *accounts, struct loop *loop);
/* Once, before that loop is stopped. */
void accounts_stop(struct accounts *accounts);
/* After the loops stopped and before they are freed. NULL is allowed. */
void accounts_close(struct accounts *accounts);

#endif
