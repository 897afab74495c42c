/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/html.h"

#include "codec/utf8.h"

/* NULL pointer: the character stands for itself. */
static struct slice entity_of(char c)
{
    switch (c) {
    case '&':
        return SLICE("&amp;");
    case '<':
        return SLICE("&lt;");
    case '>':
        return SLICE("&gt;");
    case '"':
        return SLICE("&quot;");
    case '\'':
        return SLICE("&#39;");
    case '\0':
        return UTF8_REPLACEMENT;
    default:
        return (struct slice){NULL, 0};
    }
}

/* None of the characters replaced can be part of another one in UTF-8. */
void html_escape(struct buf *buf, struct slice text)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        struct slice entity = entity_of(text.ptr[i]);

        if (entity.ptr != NULL) {
            utf8_add_valid(buf, slice_make(text.ptr + from, i - from));
            buf_add(buf, entity);
            from = i + 1;
        }
    }
    utf8_add_valid(buf, slice_from(text, from));
}
