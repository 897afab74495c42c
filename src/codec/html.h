/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text into HTML.
 *
 * Safe between tags and inside quoted attribute values; never inside script
 * or style elements, comments or attributes without quotes. The result is
 * always valid UTF-8: bad parts and NUL become U+FFFD.
 */
#ifndef CODEC_HTML_H
#define CODEC_HTML_H

#include "base/buf.h"

void html_escape(struct buf *buf, struct slice text);

#endif
