/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may send what from where: the original's rules against forged requests,
 * and for the addresses we are asked to lead to.
 */
#ifndef API_BETTER_AUTH_GUARD_H
#define API_BETTER_AUTH_GUARD_H

#include "api/better_auth/visit.h"

/*
 * For everything but GET, HEAD and OPTIONS. MISSING_OR_NULL_ORIGIN,
 * INVALID_ORIGIN; then the body's and query's URLs: INVALID_CALLBACK_URL and
 * its like.
 */
MUST_USE enum status guard_check(struct visit *visit);

/* The first half of it, for calls that name no URLs. */
MUST_USE enum status guard_check_origin(struct visit *visit);

/* Of signing in and up as well: forms sent from other sites. */
MUST_USE enum status guard_check_form(struct visit *visit);

#endif
