/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The caller's session, from the database: one query.
 */
#ifndef API_BETTER_AUTH_CURRENT_H
#define API_BETTER_AUTH_CURRENT_H

#include "api/better_auth/visit.h"

/*
 * visit->has_session; extends what is due, sets and expires cookies. *due: it
 * was time, but the settings leave it to a POST.
 */
MUST_USE enum status current_session(struct visit *visit, bool *due);

#endif
