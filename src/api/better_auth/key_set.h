/* SPDX-License-Identifier: Apache-2.0 */
/* The key set at its usual address, beside the one below /api/auth. */
#ifndef API_BETTER_AUTH_KEY_SET_H
#define API_BETTER_AUTH_KEY_SET_H

#include "base/status.h"

struct request;
struct response;

MUST_USE enum status well_known_jwks(struct request *request,
                                     struct response *response);

#endif
