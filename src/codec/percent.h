/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding (RFC 3986 section 2.1).
 *
 * Never guesses: a "%" without two hexadecimal digits, a NUL and bytes that
 * are not UTF-8 after decoding are refused, as decodeURIComponent does (NUL
 * apart, which no database text can hold). "+" is only a plus here; in forms
 * and query strings it is a space: codec/form.h. Results live as long as the
 * arena.
 */
#ifndef CODEC_PERCENT_H
#define CODEC_PERCENT_H

#include "base/buf.h"

/* Byte for byte what encodeURIComponent makes of the same text. */
void percent_encode(struct buf *buf, struct slice text);

/*
 * As one segment of a path: leaves what RFC 3986 calls pchar. Trap: "." and
 * ".." have no encoded form that a browser would not fold.
 */
void percent_encode_segment(struct buf *buf, struct slice text);

MUST_USE enum status percent_decode(struct arena *arena, struct slice text,
                                    struct slice *out);

/*
 * The decoder beneath, for codec/form.c: "+" becomes a space when asked, a
 * NUL is let through when asked.
 */
struct percent_rules {
    bool plus_is_space;
    bool nul_allowed;
};

MUST_USE enum status percent_decode_with(struct arena *arena, struct slice text,
                                         struct percent_rules rules,
                                         struct slice *out);

/* Every byte but letters, digits and those in `kept` as %XX. */
void percent_encode_except(struct buf *buf, struct slice text,
                           struct slice kept);

#endif
