/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the calls of /api/auth/admin share. Each asks for the caller's
 * permission before it looks at anybody.
 */
#ifndef API_BETTER_AUTH_ADMIN_ADMIN_H
#define API_BETTER_AUTH_ADMIN_ADMIN_H

#include "api/better_auth/visit.h"

/* `refusal` unless the caller may do `action` to a `resource`. */
MUST_USE enum status admin_check(const struct visit *visit,
                                 struct slice resource, struct slice action,
                                 enum status refusal);

/* The user the body names. */
MUST_USE enum status admin_user_id(const struct visit *visit,
                                   struct slice *out);
/* ADMIN_USER_NOT_FOUND. */
MUST_USE enum status admin_find_user(const struct visit *visit, struct slice id,
                                     struct record *out);
bool admin_is_caller(const struct visit *visit, struct slice id);

/*
 * A role, or a list of them, as the column keeps it: INVALID_ROLE_TYPE for
 * what is neither, VALIDATION_ERROR for too much of it.
 */
MUST_USE enum status admin_read_roles(struct visit *visit,
                                      const struct json *json,
                                      struct slice *out);

/* {"user":{...}} */
enum status admin_answer_user(struct visit *visit, const struct record *user);

#endif
