/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The token that rides along with get-session. The original signs one for
 * every poll; here it takes "Prefer: auth-jwt", or a setting.
 */
#ifndef API_BETTER_AUTH_JWT_HEADER_H
#define API_BETTER_AUTH_JWT_HEADER_H

#include "api/better_auth/visit.h"

bool jwt_header_is_wanted(const struct visit *visit);
/*
 * For a visit with a session: set-auth-jwt, when it is wanted. An answer for
 * which there is no token goes out without one.
 */
MUST_USE enum status jwt_header_add(struct visit *visit);

#endif
