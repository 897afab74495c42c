/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base64 (RFC 4648): the standard alphabet with padding, and the alphabet for
 * URLs without.
 *
 * Never lenient: one text for one value. Wrong or missing padding, white
 * space, line breaks, characters of the other alphabet and bits behind the
 * last byte (section 3.5) are refused, so a token cannot be spelled twice.
 * Results live as long as the arena.
 */
#ifndef CODEC_BASE64_H
#define CODEC_BASE64_H

#include "base/buf.h"

void base64_encode(struct buf *buf, struct slice bytes);
void base64url_encode(struct buf *buf, struct slice bytes);

MUST_USE enum status base64_decode(struct arena *arena, struct slice text,
                                   struct slice *out);
MUST_USE enum status base64url_decode(struct arena *arena, struct slice text,
                                      struct slice *out);

#endif
