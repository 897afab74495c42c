/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proving that an address is the user's own, and changing it. The links carry
 * a signed token and leave nothing in the database.
 */
#ifndef AUTH_EMAIL_H
#define AUTH_EMAIL_H

#include "auth/session.h"
#include "auth/user.h"

struct email_link {
    struct slice email;     /* the address the user has now */
    struct slice user_id;   /* empty: not known yet */
    struct slice update_to; /* empty: only to verify */
    struct slice request;   /* "change-email-confirmation" and the like */
    struct slice callback;  /* empty: "/" */
};

/* The link that goes into a mail. */
MUST_USE enum status email_link_make(const struct auth_call *call,
                                     const struct email_link *link,
                                     struct slice *url);

/*
 * Sends the mail that verifies `email`; without a session (NULL) it says
 * nothing about who has an account. VERIFICATION_EMAIL_NOT_ENABLED,
 * EMAIL_MISMATCH, EMAIL_ALREADY_VERIFIED.
 */
MUST_USE enum status email_send(const struct auth_call *call,
                                const struct session *session,
                                struct slice email, struct slice callback);

enum email_outcome {
    EMAIL_VERIFIED,
    EMAIL_WAS_VERIFIED,
    EMAIL_CONFIRMED, /* the new address has a mail now */
    EMAIL_CHANGED
};

struct email_verified {
    enum email_outcome outcome;
    struct record user;
    /* To set cookies by: the caller's, or a new one. */
    bool has_session;
    struct session session;
};

/*
 * What following a link does. `session` is the caller's, or NULL.
 * TOKEN_EXPIRED, LINK_INVALID, USER_NOT_FOUND, INVALID_USER.
 */
MUST_USE enum status email_verify(const struct auth_call *call,
                                  const struct session *session,
                                  struct slice token, struct slice callback,
                                  struct email_verified *out);

/*
 * Begins a change of address; *changed: it is done already and `session->user`
 * is the new row. SAME_EMAIL, CHANGE_EMAIL_DISABLED, VERIFICATION_NOT_ENABLED;
 * an address that is taken looks like one that is free.
 */
MUST_USE enum status email_change(const struct auth_call *call,
                                  struct session *session,
                                  struct slice new_email, struct slice callback,
                                  bool *changed);

#endif
