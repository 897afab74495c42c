/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users as an operator looks for them: by a part of the name or address, by a
 * role, by a ban; the newest first.
 *
 * Unlike a page for clients (user_list.h) "%" and "_" stand for themselves,
 * and small and capital letters of ASCII are the same on every database.
 */
#ifndef AUTH_USER_SEARCH_H
#define AUTH_USER_SEARCH_H

#include "auth/auth.h"

struct user_search {
    struct slice text; /* empty: any */
    struct slice role; /* empty: any; one of several a user may have */
    bool banned;       /* only those whose ban is not over */
    int64_t limit;     /* up to STORE_ROWS_MAX */
};

/*
 * Rows are "{user.*}". STATUS_INVALID_VALUE when roles or bans are asked for
 * and the schema has none.
 */
MUST_USE enum status user_search(const struct auth_call *call,
                                 const struct user_search *in,
                                 struct rows *out);

#endif
