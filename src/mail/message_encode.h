/* SPDX-License-Identifier: Apache-2.0 */
/* The encodings of MIME (RFC 2045, 2047). Used by mail/message.c only. */
#ifndef MAIL_MESSAGE_ENCODE_H
#define MAIL_MESSAGE_ENCODE_H

#include "base/buf.h"

/* What is left of a subject or a name: printable, at most `max` bytes. */
MUST_USE enum status mail_text_clean(struct arena *arena, struct slice text,
                                     size_t max, struct slice *out);

/*
 * Clean text as it may stand in a header whose line is `column` long so far:
 * as it is, or as encoded words, folded. `quoted` for a display name.
 */
void mail_header_add(struct buf *buf, struct slice text, size_t column,
                     bool quoted);

/* A body; the last line ends with CRLF too. */
void mail_quoted_printable_add(struct buf *buf, struct slice text);

#endif
