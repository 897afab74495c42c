/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes as hexadecimal digits: lower case out, both cases in.
 *
 * Never skips anything: an odd count or a foreign character is refused.
 * Results live as long as the arena.
 */
#ifndef CODEC_HEX_H
#define CODEC_HEX_H

#include "base/buf.h"

void hex_encode(struct buf *buf, struct slice bytes);

MUST_USE enum status hex_decode(struct arena *arena, struct slice text,
                                struct slice *out);

/* 0 to 15, or -1 when it is no hexadecimal digit. */
int hex_digit(char c);

#endif
