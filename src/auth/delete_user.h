/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of an account, and of one way to sign in to it.
 */
#ifndef AUTH_DELETE_USER_H
#define AUTH_DELETE_USER_H

#include "auth/session.h"

struct delete_user {
    struct slice password; /* ptr NULL: not given */
    struct slice token;    /* ptr NULL: not given */
    struct slice callback;
};

/*
 * DELETE_DISABLED, CREDENTIAL_ACCOUNT_NOT_FOUND, INVALID_PASSWORD,
 * DELETE_LINK_INVALID, SESSION_EXPIRED. *mailed: it only happens when the link
 * in the mail is followed.
 */
MUST_USE enum status delete_user(const struct auth_call *call,
                                 const struct session *session,
                                 const struct delete_user *in, bool *mailed);
/* The link: only in the user's own browser, and once. */
MUST_USE enum status delete_user_by_token(const struct auth_call *call,
                                          struct slice user_id,
                                          struct slice token);
/*
 * Every row of the user, in one write: Better Auth's, ours (auth/holdings.h),
 * and letters that wait. There may be none any more.
 */
MUST_USE enum status delete_user_rows(const struct auth_call *call,
                                      struct slice user_id);

/* FAILED_TO_UNLINK_LAST_ACCOUNT, ACCOUNT_NOT_FOUND. */
MUST_USE enum status account_unlink(const struct auth_call *call,
                                    struct slice user_id,
                                    struct slice account_id);

#endif
