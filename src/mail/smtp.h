/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SMTP_URL: the mail server, and handing it a mail (net/client_mail.h).
 *
 * Never keeps the password in a URL, where a log could find it.
 */
#ifndef MAIL_SMTP_H
#define MAIL_SMTP_H

#include "base/arena.h"

struct client;

struct smtp_server {
    struct slice url;      /* scheme, host and port */
    struct slice user;     /* decoded; empty: no authentication */
    struct slice password; /* decoded */
};

/* What came of one mail. */
enum mail_outcome {
    MAIL_TAKEN,   /* the server has it now */
    MAIL_LATER,   /* trouble on the way: try again */
    MAIL_REFUSED, /* this mail, for good */
};

struct smtp_mail {
    struct slice from;
    struct slice recipient;
    struct slice message;
};

/*
 * "smtp://user:password@host:587", user and password percent-encoded; port
 * and both of them may be missing. It lives in the arena. On failure *problem
 * says what is wrong, without the password.
 */
MUST_USE enum status smtp_server_read(struct arena *arena, struct slice text,
                                      struct slice *problem,
                                      struct smtp_server *out);

/* Parks, a minute at most. Logged when it was not taken. STATUS_CANCELLED
 * when the fiber was; anything else is an outcome. */
MUST_USE enum status smtp_send(struct client *client,
                               const struct smtp_server *server,
                               const struct smtp_mail *mail,
                               enum mail_outcome *out);

#endif
