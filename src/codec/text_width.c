/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/text_width.h"

#include "codec/utf8.h"

#include <utf8proc.h>

/* ZERO WIDTH JOINER: what holds families of emoji together. */
#define JOINER 0x200du

static size_t width_of(uint32_t code)
{
    return code == UTF8_INVALID
               ? 1
               : (size_t)utf8proc_charwidth((utf8proc_int32_t)code);
}

size_t text_width(struct slice text)
{
    size_t width = 0;
    uint32_t code;

    while (text.len > 0) {
        text = slice_from(text, utf8_decode(text, &code));
        width += width_of(code);
    }
    return width;
}

struct slice text_head(struct slice text, size_t columns)
{
    struct slice rest = text;
    size_t width = 0;
    uint32_t code;

    while (rest.len > 0) {
        struct slice next = slice_from(rest, utf8_decode(rest, &code));

        width += width_of(code);
        if (width > columns) {
            break;
        }
        rest = next;
    }
    return slice_head(text, text.len - rest.len);
}

static bool is_visible(uint32_t code)
{
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    case UTF8PROC_CATEGORY_CF:
        return code == JOINER;
    default:
        return true;
    }
}

void text_add_visible(struct buf *buf, struct slice text)
{
    while (text.len > 0) {
        uint32_t code;
        size_t len = utf8_decode(text, &code);

        if (code == UTF8_INVALID) {
            buf_add(buf, UTF8_REPLACEMENT);
        } else if (is_visible(code)) {
            buf_add(buf, slice_head(text, len));
        } else {
            buf_add_byte(buf, '?');
        }
        text = slice_from(text, len);
    }
}
