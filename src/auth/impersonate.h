/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An administrator acting as a reader: a short session of the reader's that
 * says by whom, beside the administrator's own, which goes on.
 *
 * Such a session never leads to a further one, is never extended, and ends
 * nobody's other sessions. Administrators cannot be acted as, but by those
 * whom the settings name.
 */
#ifndef AUTH_IMPERSONATE_H
#define AUTH_IMPERSONATE_H

#include "auth/session.h"

/*
 * MAY_NOT_IMPERSONATE from within such a session, ADMIN_USER_NOT_FOUND,
 * CANNOT_IMPERSONATE_ADMINS, BANNED_USER.
 */
MUST_USE enum status impersonate(const struct auth_call *call,
                                 const struct session *admin,
                                 struct slice user_id, struct session *out);

/*
 * Ends it and gives the administrator's session, whose token a cookie kept:
 * NOT_IMPERSONATING, or NO_ADMIN_SESSION unless it lives and is of the very
 * administrator who began.
 */
MUST_USE enum status impersonate_stop(const struct auth_call *call,
                                      const struct session *acting,
                                      struct slice admin_token,
                                      struct session *out);

#endif
