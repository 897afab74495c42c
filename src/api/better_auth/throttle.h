/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests counted by client and path, in memory or in the database.
 */
#ifndef API_BETTER_AUTH_THROTTLE_H
#define API_BETTER_AUTH_THROTTLE_H

#include "api/better_auth/visit.h"

/* TOO_MANY_REQUESTS, and visit->wait_ms. */
MUST_USE enum status throttle_check(struct visit *visit);

#endif
