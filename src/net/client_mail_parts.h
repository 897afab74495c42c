/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a mail has that a request has not, on its way to libcurl. Only
 * client*.c includes this.
 */
#ifndef NET_CLIENT_MAIL_PARTS_H
#define NET_CLIENT_MAIL_PARTS_H

#include "net/client_mail.h"
#include "net/client_request.h"

struct client_setup;
struct client_stream;

/* Lives in the request's memory; the message is the request's body. */
struct client_mail_copy {
    const char *from; /* "<book@example.org>" */
    const char *recipient;
    const char *user;
    const char *password;
    bool has_login;
};

MUST_USE enum status client_mail_copy(struct arena *arena,
                                      const struct client_mail *mail,
                                      struct client_copy *out);

/* The options of a mail; those of every transfer are set elsewhere. */
MUST_USE enum status client_mail_setup(struct client_setup *setup,
                                       struct client_stream *stream);
/* Whether what the server said last is its verdict on this mail; `code` is
 * libcurl's CURLcode. */
void client_mail_judge(struct client_stream *stream, int code);

#endif
