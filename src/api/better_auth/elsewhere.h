/* SPDX-License-Identifier: Apache-2.0 */
/* What /api/auth answers where another service keeps the accounts. */
#ifndef API_BETTER_AUTH_ELSEWHERE_H
#define API_BETTER_AUTH_ELSEWHERE_H

#include "base/status.h"

struct auth;
struct response;

/* 404 ACCOUNTS_ELSEWHERE, and where they are. */
MUST_USE enum status elsewhere_answer(const struct auth *auth,
                                      struct response *response);

#endif
