/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mails that accounts send: which words, to whom, with which link. A mail
 * is a row of the outbox, written together with what it is about, so that no
 * request waits for a mail server and none is lost.
 */
#ifndef AUTH_POST_H
#define AUTH_POST_H

#include "auth/auth.h"

enum post_kind {
    POST_VERIFY_EMAIL,
    POST_CHANGE_EMAIL_CONFIRMATION, /* to the old address */
    POST_CHANGE_EMAIL_VERIFICATION, /* to the new one */
    POST_RESET_PASSWORD,
    POST_DELETE_ACCOUNT,
    POST_EXISTING_ACCOUNT, /* somebody signed up with your address */
    POST_GUESSING          /* somebody tries passwords */
};

struct post_letter {
    enum post_kind kind;
    struct slice to;
    struct slice name;
    struct slice url;       /* may be empty, by kind */
    struct slice new_email; /* POST_CHANGE_EMAIL_CONFIRMATION */
};

#define POST_VALUES 10

/* `values` are the statement's own. */
struct post_insert {
    struct value values[POST_VALUES];
    struct statement statement;
};

MUST_USE enum status post_insert_make(const struct auth_call *call,
                                      const struct post_letter *letter,
                                      struct post_insert *out);
/* By itself. */
MUST_USE enum status post_send(const struct auth_call *call,
                               const struct post_letter *letter);
/* After the write that held the statement: the sender need not wait. */
void post_wake(const struct auth_call *call);

#endif
