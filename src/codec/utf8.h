/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 (RFC 3629): checking, counting, cutting, and the NFKC form.
 *
 * Never repairs silently: what is not valid is refused, or, where a function
 * says so, read as U+FFFD, one for each maximal ill-formed part (as browsers
 * do). Surrogates, overlong forms and code points above U+10FFFF are invalid.
 *
 * Results point into the arena given, or into the argument where no arena is.
 */
#ifndef CODEC_UTF8_H
#define CODEC_UTF8_H

#include "base/buf.h"

/* What utf8_decode gives for bytes that are no character. */
#define UTF8_INVALID ((uint32_t)0xffffffff)

/* U+FFFD, what stands where text was not valid. */
#define UTF8_REPLACEMENT SLICE("\xef\xbf\xbd")

bool utf8_is_valid(struct slice text);

/*
 * Reads the first character of `text`, which is not empty, and gives the
 * number of its bytes; for a bad one *code is UTF8_INVALID and the number is
 * that of the ill-formed part, at least 1.
 */
size_t utf8_decode(struct slice text, uint32_t *code);

/* Appends the text with every ill-formed part replaced by U+FFFD. */
void utf8_add_valid(struct buf *buf, struct slice text);

/* What String.prototype.length counts; an ill-formed part counts one. */
size_t utf8_count_utf16(struct slice text);

/* The longest start of valid text that has at most `max` bytes. */
struct slice utf8_truncate(struct slice text, size_t max);

/*
 * Normalisation Form KC. Neither `in` nor the result may pass `limit` bytes
 * (STATUS_TOO_LARGE); invalid text is STATUS_INVALID_ENCODING. Trap: sorting
 * a run of combining marks takes quadratic time, 0.3 ms for 512 bytes of them
 * and 16 ms for 4 KiB; give text from outside a limit of 512.
 */
MUST_USE enum status utf8_nfkc(struct arena *arena, struct slice in,
                               size_t limit, struct slice *out);

#endif
