/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/hex.h"

void hex_encode(struct buf *buf, struct slice bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *to;

    if (bytes.len == 0) {
        return;
    }
    /* Half of the address space is no length; the buffer then refuses. */
    to = buf_reserve(buf, bytes.len > SIZE_MAX / 2 ? SIZE_MAX : bytes.len * 2);
    if (to == NULL) {
        return;
    }
    for (size_t i = 0; i < bytes.len; i++) {
        to[2 * i] = digits[(uint8_t)bytes.ptr[i] >> 4];
        to[2 * i + 1] = digits[(uint8_t)bytes.ptr[i] & 15];
    }
    buf_commit(buf, bytes.len * 2);
}

int hex_digit(char c)
{
    if (ascii_is_digit(c)) {
        return c - '0';
    }
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum status hex_decode(struct arena *arena, struct slice text,
                       struct slice *out)
{
    char *bytes = arena_alloc_text(arena, text.len / 2 + 1);

    TRY_ALLOC(bytes);
    if (text.len % 2 != 0) {
        return STATUS_INVALID_ENCODING;
    }
    for (size_t i = 0; i < text.len / 2; i++) {
        int high = hex_digit(text.ptr[2 * i]);
        int low = hex_digit(text.ptr[2 * i + 1]);

        if (high < 0 || low < 0) {
            return STATUS_INVALID_ENCODING;
        }
        bytes[i] = (char)(high << 4 | low);
    }
    *out = slice_make(bytes, text.len / 2);
    return STATUS_OK;
}
