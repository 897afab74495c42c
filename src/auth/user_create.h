/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A user made by an administrator: no mail, no session, and a password only
 * where one is given. Row and credential are one write.
 */
#ifndef AUTH_USER_CREATE_H
#define AUTH_USER_CREATE_H

#include "auth/user.h"

struct user_create {
    struct slice id; /* ptr NULL: a new one */
    struct slice name;
    struct slice email;                   /* lower-case */
    struct slice password;                /* empty: none */
    struct slice role;                    /* ptr NULL: the default */
    const struct column_changes *changes; /* further columns */
};

/*
 * PASSWORD_TOO_LONG; ADMIN_EMAIL_TAKEN, for an id as well;
 * FAILED_TO_CREATE_USER for what the database does not take.
 */
MUST_USE enum status user_create(const struct auth_call *call,
                                 const struct user_create *in,
                                 struct record *out);

#endif
