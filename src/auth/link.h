/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links in mails that work once: a row of the table verification and the mail
 * that carries its token, in one write.
 */
#ifndef AUTH_LINK_H
#define AUTH_LINK_H

#include "auth/auth.h"
#include "mail/template.h"

/* Longer ones are none of ours. */
#define LINK_TOKEN_MAX ((size_t)128)

struct link {
    enum mail_kind kind;
    struct slice identifier; /* the row's: "reset-password:TOKEN" */
    struct slice address;    /* "/reset-password/TOKEN?callbackURL=" */
    struct slice callback;   /* what follows, not yet encoded */
    int64_t lives_ms;
};

/* To the user's own address; nothing for one who has been deleted since. */
MUST_USE enum status link_send(const struct auth_call *call,
                               const struct link *link,
                               const struct record *user);

#endif
