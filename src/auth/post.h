/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mails that accounts send: which words, to whom, with which link. A mail
 * is a row of the outbox, written together with what it is about, so that no
 * request waits for a mail server and none is lost.
 *
 * A struct post outlives the loops. Its sender is a fiber on one of them.
 */
#ifndef AUTH_POST_H
#define AUTH_POST_H

#include "auth/auth.h"
#include "mail/template.h"

struct client;
struct loop;

struct post_settings {
    struct store *store;
    struct client *client;  /* for SMTP */
    struct slice from;      /* MAIL_FROM; empty: an address at `site` */
    struct slice site;      /* the host of the public address */
    struct slice spool;     /* MAIL_SPOOL; empty: none */
    struct slice smtp_url;  /* SMTP_URL; empty: none */
    struct slice templates; /* MAIL_TEMPLATES; empty: none */
};

/* The texts live as long as the arena. On failure *problem is one line. */
MUST_USE enum status post_new(const struct post_settings *settings,
                              struct arena *arena, struct slice *problem,
                              struct post **out);
/* After the loop stopped. NULL is allowed. */
void post_free(struct post *post);

/* On the loop's own thread, all three. */
MUST_USE enum status post_start(struct post *post, struct loop *loop);
void post_stop(struct post *post);

struct post_letter {
    enum mail_kind kind;
    struct slice to;
    struct slice name;
    struct slice url;       /* may be empty, by kind */
    struct slice new_email; /* of a change of address */
};

#define POST_VALUES 7

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
/* After the write that held the statement; from any loop. */
void post_wake(const struct auth_call *call);

#endif
