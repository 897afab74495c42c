/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening an account with address and password.
 */
#ifndef AUTH_SIGN_IN_H
#define AUTH_SIGN_IN_H

#include "auth/session.h"
#include "auth/user.h"

struct sign_in {
    struct slice email; /* lower-case */
    struct slice password;
    struct slice callback;
    bool brief;
    bool known_device; /* it has signed in to this account before */
};

struct signed_in {
    struct session session;
    int64_t wait_ms; /* of TOO_MANY_REQUESTS */
};

/*
 * TOO_MANY_REQUESTS when passwords of this account were guessed too often;
 * INVALID_EMAIL_OR_PASSWORD for whatever does not fit, at the same cost;
 * EMAIL_NOT_VERIFIED and BANNED_USER only after the right password.
 */
MUST_USE enum status sign_in(const struct auth_call *call,
                             const struct sign_in *in, struct signed_in *out);

/* For struct guess_options; `arg` is the struct auth. */
void sign_in_warn_owner(void *arg, struct slice email);

#endif
