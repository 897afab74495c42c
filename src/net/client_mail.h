/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mail handed to a mail server (RFC 5321), from a fiber, by the thread
 * and under the limits of net/client.h.
 *
 * Never sends a password, or a mail with one, over a line that is not
 * encrypted: smtps:// is from the start, smtp:// after STARTTLS, which is
 * used when it is offered and insisted on when there is a password. The
 * server's certificate is always verified. Never takes an address that is not
 * plain ASCII, or one that could end the command it stands in.
 *
 * Trap: when a transfer ends, libcurl waits for the answer to QUIT, up to a
 * second, and the thread with it. Give mail a client of its own.
 */
#ifndef NET_CLIENT_MAIL_H
#define NET_CLIENT_MAIL_H

#include "net/client.h"

/* RFC 5321 section 4.5.3.1: 64 + 1 + 255, less what a path leaves of it. */
#define CLIENT_MAIL_ADDRESS_MAX ((size_t)254)
#define CLIENT_MAIL_REPLY_MAX   ((size_t)200)

/* Copied; zero times mean the defaults of net/client.h. */
struct client_mail {
    struct slice url;  /* smtp:// or smtps://, host and port */
    struct slice user; /* empty: no authentication */
    struct slice password;
    struct slice from;
    struct slice recipient;
    struct slice message; /* its lines end with CRLF */
    int64_t connect_ms;
    int64_t total_ms;
    int64_t stall_ms;
};

/* What the server last said; code 0: nothing. */
struct client_mail_reply {
    int code;
    bool refused; /* this mail, for good: trying again is of no use */
    size_t len;
    char text[CLIENT_MAIL_REPLY_MAX];
};

/*
 * Parks until the server has taken the mail over. STATUS_INVALID_VALUE: a
 * field was not as it must be, nothing was sent. Statuses as in net/client.h;
 * *out is filled in any case.
 */
MUST_USE enum status client_mail_send(struct client *client,
                                      const struct client_mail *mail,
                                      struct client_mail_reply *out);

/* local@domain in printable ASCII, fit for SMTP without quoting. */
bool client_mail_is_address(struct slice text);

#endif
