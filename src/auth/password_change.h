/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new password for somebody who knows the old one, or reads their mail.
 */
#ifndef AUTH_PASSWORD_CHANGE_H
#define AUTH_PASSWORD_CHANGE_H

#include "auth/session.h"

/* CREDENTIAL_ACCOUNT_NOT_FOUND, INVALID_PASSWORD. */
MUST_USE enum status password_confirm(const struct auth_call *call,
                                      struct slice user_id,
                                      struct slice password);

struct password_change {
    struct slice current;
    struct slice new_password;
    bool revoke_others; /* all sessions end, and *session becomes a new one */
};
MUST_USE enum status password_change(const struct auth_call *call,
                                     const struct password_change *in,
                                     struct session *session);

/* Sends the link, if there is somebody to send it to; nobody can tell. */
MUST_USE enum status password_reset_request(const struct auth_call *call,
                                            struct slice email,
                                            struct slice redirect);
/* LINK_INVALID when the token is not, or not any more, good. */
MUST_USE enum status password_reset_check(const struct auth_call *call,
                                          struct slice token,
                                          struct slice *user_id);
/* Of several at once one succeeds; older links end too. */
MUST_USE enum status password_reset(const struct auth_call *call,
                                    struct slice token, struct slice password);

/* For administrators: replaces the password, or gives the first. */
MUST_USE enum status password_set(const struct auth_call *call,
                                  struct slice user_id, struct slice password);

#endif
