/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text for a terminal: how many columns it takes, and without what would
 * drive the terminal instead of standing on it.
 *
 * Never asks for a locale. Widths are Unicode's: an ideograph or an emoji
 * takes two columns, a combining mark none; a terminal may know better.
 */
#ifndef CODEC_TEXT_WIDTH_H
#define CODEC_TEXT_WIDTH_H

#include "base/buf.h"

size_t text_width(struct slice text);

/* The longest start of it that takes at most `columns`. */
struct slice text_head(struct slice text, size_t columns);

/*
 * Appends the text with U+FFFD for what is not valid, and "?" for each control
 * character (ESC, line ends, C1) and each that turns the direction of writing
 * or cannot be seen. The joiner of emoji stays.
 */
void text_add_visible(struct buf *buf, struct slice text);

#endif
