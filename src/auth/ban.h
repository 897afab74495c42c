/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A user who may not sign in. The ban and the end of the user's sessions are
 * one write: there is no moment with the one and not the other.
 *
 * STATUS_NOT_FOUND when the user has gone.
 */
#ifndef AUTH_BAN_H
#define AUTH_BAN_H

#include "auth/user.h"

struct ban {
    struct slice reason;
    int64_t expires; /* 0: never */
};

MUST_USE enum status ban_user(const struct auth_call *call,
                              struct slice user_id, const struct ban *ban,
                              struct record *out);
MUST_USE enum status ban_lift(const struct auth_call *call,
                              struct slice user_id, struct record *out);

/*
 * Whether the user may have a session, asked wherever one begins: BANNED_USER,
 * or an old ban is lifted and *user is the new row.
 */
MUST_USE enum status ban_check(const struct auth_call *call,
                               struct record *user);

/* Any changes to a user, and the end of the sessions, in one write. */
MUST_USE enum status ban_update(const struct auth_call *call,
                                struct slice user_id,
                                const struct column_changes *changes,
                                struct record *out);

#endif
