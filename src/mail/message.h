/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mail as bytes for a mail server (RFC 5322, MIME): plain text and HTML as
 * alternatives, quoted-printable, ASCII throughout, lines of at most 76 bytes
 * in bodies and 78 in headers, each with CRLF.
 *
 * Nothing in a field can begin another one: addresses that are not plain
 * ASCII are refused, and of names and subjects only printable characters are
 * left, encoded where they are not ASCII (RFC 2047). Characters that turn the
 * direction of text or have no width are left out of both.
 */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "base/arena.h"

/* Longer ones are cut, in whole characters. */
#define MAIL_SUBJECT_MAX ((size_t)200)
#define MAIL_NAME_MAX    ((size_t)100)
/* Of each body, before it is encoded; past it STATUS_TOO_LARGE. */
#define MAIL_BODY_MAX ((size_t)262144)

struct mail_address {
    struct slice name; /* empty: none */
    struct slice address;
};

struct mail_message {
    struct mail_address from;
    struct mail_address to;
    struct slice subject;
    struct slice text; /* lines end with LF or CRLF */
    struct slice html; /* empty: plain text only */
};

/*
 * STATUS_INVALID_VALUE: an address that cannot be written to;
 * STATUS_INVALID_ENCODING: a body that is not UTF-8.
 */
MUST_USE enum status mail_message_write(struct arena *arena,
                                        const struct mail_message *message,
                                        struct slice *out);

/* "book@example.org" or "Name <book@example.org>": MAIL_FROM. */
MUST_USE enum status mail_address_read(struct slice text,
                                       struct mail_address *out);

#endif
