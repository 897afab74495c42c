/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new account: user, credential and, unless the settings say otherwise, a
 * session, all in one write.
 */
#ifndef AUTH_SIGN_UP_H
#define AUTH_SIGN_UP_H

#include "auth/session.h"
#include "auth/user.h"

struct sign_up {
    struct slice name;
    struct slice email;
    struct slice password;
    struct slice image; /* ptr NULL: none */
    struct slice callback;
    bool brief;
    const struct column_changes *fields; /* the operator's further ones */
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
