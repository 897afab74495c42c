/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new account: user, credential and, unless the settings say otherwise, a
 * session, all in one write.
 */
#ifndef AUTH_SIGN_UP_H
#define AUTH_SIGN_UP_H

#include "auth/session.h"
#include "auth/user.h"

/* Room for what somebody else adds to the write. */
#define SIGN_UP_ADDED_MAX ((size_t)6)

/*
 * More rows for a new account, in the same write. The user's id may be a
 * VALUE_RESULT; add() is asked once, before anything is written.
 */
struct sign_up_more {
    enum status (*add)(const struct sign_up_more *more,
                       const struct auth_call *call, struct value user_id,
                       struct statement statements[SIGN_UP_ADDED_MAX],
                       size_t *count);
};

struct sign_up {
    struct slice name;
    struct slice email;
    struct slice password;
    struct slice image; /* ptr NULL: none */
    struct slice callback;
    bool brief;
    const struct column_changes *fields; /* the operator's further ones */
    const struct sign_up_more *more;     /* or NULL */
};

struct signed_up {
    struct record user;
    bool has_session;
    struct record session;
};

/*
 * USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL, unless that is to be hidden: then
 * the answer is a made-up user, at the same cost, and the owner gets a mail.
 */
MUST_USE enum status sign_up(const struct auth_call *call,
                             const struct sign_up *in, struct signed_up *out);

/*
 * What is asked before anything else: EMAIL_PASSWORD_SIGN_UP_DISABLED, and
 * the length of the password.
 */
MUST_USE enum status sign_up_open(const struct auth_call *call,
                                  struct slice password);

#endif
